"""What a type of the portal's resources is: data, from which routes, reads and creates are made."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from attrs import field, frozen

from econtador.sandbox.limits import Attribute
from econtador.sandbox.store import Accepted, Store

__all__ = ["PREFIX", "Filter", "Reading", "ResourceType", "Service", "Verb"]

PREFIX = "/api/v1/"
"""Of every path of every host."""

Service: TypeAlias = Literal["dp", "identificacao", "documentos", "cnd", "atendimentos", "ms-tarefas"]
"""First part of a host's name."""

Verb: TypeAlias = Literal["list", "get", "create"]
"""``GET`` of the path, ``GET`` of one and of what it is related to, ``POST`` to the path."""

Reading: TypeAlias = Callable[[str, str, Store], Accepted]
"""A filter's name and text to the values that pass; raises ``Refused``."""


@frozen
class Filter:
    """A filter that a listing takes."""

    spellings: tuple[str, ...]
    column: str
    reading: Reading = field(repr=False)
    mandatory: bool = False


@frozen
class ResourceType:
    """One type of resources of one host."""

    service: Service
    name: str
    """The type on the wire and the end of its path; on every host but dp with ``integracao/``."""
    verbs: tuple[Verb, ...]
    """Those that are attested; any other is refused."""
    attributes: tuple[str, ...]
    """Those that are shown."""
    relations: Mapping[str, str] = MappingProxyType({})
    """Name and type of each that is shown and may be included; what is kept besides serves the filters."""
    filters: tuple[Filter, ...] = ()
    accepts: tuple[Attribute, ...] = ()
    """What a ``POST`` may say."""
    needs: tuple[str, ...] = ()
    """Relationships without which a ``POST`` is a 400."""
