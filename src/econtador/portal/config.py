"""Where the portal is, who asks, and how patiently: data, no behaviour.

Environment variables that :meth:`Config.from_env` reads:

``ECONTADOR_TOKEN``
    the *Chave de Acesso* of ePlugin (required)
``ECONTADOR_BASE_URL``
    one address for all hosts, for a sandbox or a proxy of your own
``ECONTADOR_TIMEOUT``
    seconds to wait for an answer (default 60)
``ECONTADOR_ATTEMPTS``
    how often a request is tried in all, 1 or more (default 4)
``ECONTADOR_PER_SECOND``, ``ECONTADOR_AT_ONCE``
    requests begun in a second, and requests in flight (default: no limit)
``ECONTADOR_ACCOUNT``
    whose portal it is, where the token does not tell
``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY``
    the system's proxies, as other programs use them
"""

import base64
import binascii
import hashlib
import json
import math
import os
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn, cast
from urllib.parse import urlsplit

from attrs import evolve, field, frozen

from econtador.errors import ConfigError, MissingToken
from econtador.overriding import override
from econtador.portal.pace import Pace
from econtador.portal.retry import Retry
from econtador.portal.transport import Timeout

__all__ = ["CONVENTION", "HOSTS", "Config", "Host", "Route", "Secret"]


class Secret:
    """A token that shows itself nowhere: not in reprs, logs, tracebacks or pickles.

    >>> Secret("eyJ...")
    Secret('***')
    """

    __slots__ = ("_reveal",)

    _reveal: Callable[[], str]

    def __init__(self, value: str) -> None:
        # A closure: tools that print attributes find a function where the text would be.
        self._reveal = lambda: value

    def reveal(self) -> str:
        """The token itself, for the one header that needs it."""
        return self._reveal()

    @override
    def __repr__(self) -> str:
        return "Secret('***')"

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.reveal()

    @override
    def __hash__(self) -> int:
        return hash(self.reveal())

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a token is not pickled: make the Client in the other process, e.g. Client.from_env()"
        )


@frozen
class Host:
    """One of the portal's services: all are under ``/api/v1``, all but dp under ``/integracao``."""

    address: str
    prefix: str


def _pack(name: str, prefix: str) -> Host:
    return Host(f"https://{name}.pack.alterdata.com.br", prefix)


HOSTS: Mapping[str, Host] = MappingProxyType(
    {
        "dp": _pack("dp", "/api/v1"),
        "identificacao": _pack("identificacao", "/api/v1/integracao"),
        "documentos": _pack("documentos", "/api/v1/integracao"),
        "cnd": _pack("cnd", "/api/v1/integracao"),
        "atendimentos": _pack("atendimentos", "/api/v1/integracao"),
        "ms-tarefas": _pack("ms-tarefas", "/api/v1/integracao"),
    }
)
"""The six services that one token opens (attested by several integrators)."""


@frozen
class Route:
    """A host by name and a path beneath its prefix."""

    host: str
    path: str


CONVENTION: Mapping[str, Route] = MappingProxyType(
    {
        "empresas": Route("dp", "/empresas"),
        "usuarios": Route("identificacao", "/usuarios"),
    }
)
"""Where a portal that accepts writes takes companies and users: POST, and PATCH of the resource.

**Convention, not attested**: nobody is known to write either through the public API. The sandbox
follows it; a portal of your own arrangement can too.
"""


def _account(token: str) -> str:
    """The portal account that a token opens.

    The claims ``iss`` and ``uc`` (customer number) of the token, as met in one token; for a token
    without them a digest of it, so that another token then counts as another account.
    """
    try:
        payload = token.split(".")[1]
        claims: object = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, binascii.Error, ValueError):
        claims = None
    named: Mapping[str, object] = cast("Mapping[str, object]", claims) if isinstance(claims, dict) else {}
    customer, issuer = named.get("uc"), named.get("iss")
    if isinstance(customer, str | int) and isinstance(issuer, str):
        return f"{issuer}:{customer}"
    return "token:" + hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _checked_base_url(base_url: str | None) -> str | None:
    if base_url is None:
        return None
    try:
        parts = urlsplit(base_url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise ConfigError("base_url is an address alone: no user, password, query or fragment")
    except ValueError:  # brackets that do not close, a port that is no number
        whole = False
    # urlsplit leaves out line ends, which then would still be in every address.
    if not whole or not base_url.isprintable() or " " in base_url:
        raise ConfigError(f"base_url must begin with http:// or https:// and name a host, not {base_url!r}")
    return base_url.rstrip("/")


def _checked_token(token: str | Secret) -> Secret:
    value = token.reveal() if isinstance(token, Secret) else token
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # os.environ.get() has None
        raise MissingToken(f"the token is a text, not {type(value).__name__}")
    value = value.strip()
    if not value:
        raise MissingToken("the token is empty")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigError("the token has characters that no token has; was it pasted whole, and alone?")
    return Secret(value)


# A library beneath may take ".." away, and with it another part: "/empresas/.." would be the host's root.
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[^/?#\s\x00-\x1f\x7f]+)+")
_NO_PATH = (
    "a path begins with / and has no empty part, none that is . or .., no ?, # or blank; "
    "was an id empty, or a query written into the path?"
)


def _number(env: Mapping[str, str], name: str) -> float | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.0 < number < math.inf:
        raise ConfigError(f"{name} must be a number above 0, not {text!r}")
    return number


def _count(env: Mapping[str, str], name: str) -> int | None:
    number = _number(env, name)
    if number is not None and number != int(number):
        raise ConfigError(f"{name} must be a whole number, not {env[name]!r}")
    return None if number is None else int(number)


@frozen(kw_only=True)
class Config:
    """Everything that a client is made from.

    Errors: :class:`~econtador.errors.MissingToken`, :class:`~econtador.errors.ConfigError`.
    """

    token: Secret = field(converter=_checked_token)
    base_url: str | None = field(default=None, converter=_checked_base_url)
    """One address in the place of all hosts, e.g. ``http://127.0.0.1:8000``."""
    timeout: Timeout = Timeout()
    retry: Retry = Retry()
    pace: Pace = Pace()
    writes: Mapping[str, Route] | None = None
    """Which resources can be written, and where. None: :data:`CONVENTION` where ``base_url`` is given
    (an address of your own), nothing on the vendor's hosts."""
    account: str = ""
    """Whose portal this is: a journal belongs to one account. Taken from the token unless said."""

    def __attrs_post_init__(self) -> None:
        if not self.account:
            object.__setattr__(self, "account", _account(self.token.reveal()))

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """From the environment variables that this module's docstring lists."""
        env = os.environ if environ is None else environ
        token = env.get("ECONTADOR_TOKEN", "")
        if not token.strip():
            raise MissingToken("ECONTADOR_TOKEN is not set")
        return cls(
            token=token,
            base_url=env.get("ECONTADOR_BASE_URL", "").strip() or None,
            timeout=Timeout(read=_number(env, "ECONTADOR_TIMEOUT") or Timeout().read),
            retry=Retry(attempts=_count(env, "ECONTADOR_ATTEMPTS") or Retry().attempts),
            pace=Pace(_number(env, "ECONTADOR_PER_SECOND"), _count(env, "ECONTADOR_AT_ONCE")),
            account=env.get("ECONTADOR_ACCOUNT", "").strip(),
        )

    def with_options(self, timeout: Timeout | None, retry: Retry | None, pace: Pace | None) -> "Config":
        """The same with other patience; None leaves what is."""
        return evolve(
            self,
            timeout=timeout or self.timeout,
            retry=retry or self.retry,
            pace=pace or self.pace,
        )

    def route_for_writing(self, resource: str) -> Route | None:
        """Where *resource* can be written, or None."""
        if self.writes is not None:
            return self.writes.get(resource)
        return CONVENTION.get(resource) if self.base_url else None

    def url(self, route: Route) -> str:
        """The absolute address of *route*. Raises :class:`~econtador.errors.ConfigError`."""
        host = HOSTS.get(route.host)
        if host is None:
            raise ConfigError(f"no host {route.host!r}; there are {', '.join(HOSTS)}")
        if not _PATH.fullmatch(route.path):  # it is not shown: an id may be a CPF
            raise ConfigError(_NO_PATH)
        return f"{self.base_url or host.address}{host.prefix}{route.path}"
