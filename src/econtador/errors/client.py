"""What the client refuses by itself: nothing was sent."""

from typing import ClassVar

from attrs import define

from econtador.errors.root import EcontadorError
from econtador.overriding import override

__all__ = [
    "ConfigError",
    "InvalidDraft",
    "InvalidQuery",
    "MissingToken",
    "NotOffered",
    "WritesNotConfigured",
]


@define(slots=False, repr=False)
class ConfigError(EcontadorError):
    """The client cannot be made from what was given."""

    code: ClassVar[str] = "config"
    reason: str

    @override
    def __str__(self) -> str:
        return self.reason


@define(slots=False, repr=False)
class MissingToken(ConfigError):
    """No token was given, or the environment has none."""

    code: ClassVar[str] = "missing-token"
    reason: str = "no token"

    @override
    def __str__(self) -> str:
        return (
            f"{self.reason}: pass token=..., or set ECONTADOR_TOKEN; it is made in the portal under "
            "Configurações, group ePlugin, Chave de Acesso, Gerar"
        )


@define(slots=False, repr=False)
class WritesNotConfigured(ConfigError):
    """The vendor's own portal has no attested write for this, and none was configured."""

    code: ClassVar[str] = "writes-not-configured"

    @override
    def __str__(self) -> str:
        return (
            f"no write is configured for {self.reason}: the portal's public API has none that is attested. "
            "Integrate in GAP's own window from the plan, or, where a portal does accept the convention, "
            "say Client(..., writes=econtador.CONVENTION)"
        )


@define(slots=False, repr=False)
class NotOffered(ConfigError):
    """Nobody is known to do this with that resource, so the client does not offer it as if it worked."""

    code: ClassVar[str] = "not-offered"
    verb: str = ""
    known: tuple[str, ...] = ()

    @override
    def __str__(self) -> str:
        known = ", ".join(self.known) or "nothing"
        return (
            f"{self.reason} has no attested {self.verb} (attested: {known}); "
            "client.request() sends whatever you like, at your own risk"
        )


@define(slots=False, repr=False)
class InvalidQuery(EcontadorError, ValueError):
    """A listing was asked for in a way that the portal is not attested to take. Nothing was sent."""

    code: ClassVar[str] = "invalid-query"
    resource: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.resource}: {self.reason}"


@define(slots=False, repr=False)
class InvalidDraft(EcontadorError, ValueError):
    """Something to be sent that the portal could not take as it is meant. Nothing was sent."""

    code: ClassVar[str] = "invalid-draft"
    resource: str
    field: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.resource}, {self.field}: {self.reason}"
