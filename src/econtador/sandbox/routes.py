"""Every address of the portal, and what each verb does there."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from attrs import frozen

from econtador.sandbox import empresas, identificacao
from econtador.sandbox.creating import create
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.reading import get, get_related, list_all
from econtador.sandbox.resource_type import PREFIX, ResourceType, Service
from econtador.sandbox.resources import RESOURCES
from econtador.sandbox.store import Store
from econtador.sandbox.tarefas import TAREFAS, list_tarefas

__all__ = ["ROUTES", "Action", "Route"]

Action: TypeAlias = Callable[[Call, Sequence[str], Store], Answer]
"""What a verb does on a route; the texts are the variable parts of its path."""


@frozen
class Route:
    """A path of one of the portal's hosts, and its verbs."""

    service: Service
    path: re.Pattern[str]
    actions: Mapping[str, Action]


_KEY = "/([^/]+)"


def _route(service: Service, path: str, **actions: Action) -> Route:
    return Route(service, re.compile(PREFIX + path), actions)


def _routes(resource: ResourceType) -> Iterator[Route]:
    listing: dict[str, Action] = {}
    if "list" in resource.verbs:
        listing["GET"] = partial(list_all, resource)
    if "create" in resource.verbs:
        listing["POST"] = partial(create, resource)
    if listing:
        yield _route(resource.service, resource.name, **listing)
    if "get" in resource.verbs:
        yield _route(resource.service, resource.name + _KEY, GET=partial(get, resource))
    if "get" in resource.verbs and resource.relations:
        names = "|".join(resource.relations)
        yield _route(resource.service, f"{resource.name}{_KEY}/({names})", GET=partial(get_related, resource))


ROUTES = (
    _route("dp", "empresas", GET=empresas.list_empresas, POST=empresas.create_empresa),
    _route("dp", f"empresas{_KEY}", GET=empresas.get_empresa, PATCH=empresas.change_empresa),
    _route("identificacao", f"integracao/empresas{_KEY}", GET=identificacao.get_simplified),
    _route(
        "identificacao",
        "integracao/usuarios",
        GET=identificacao.list_usuarios,
        POST=identificacao.create_usuario,
    ),
    _route(
        "identificacao",
        f"integracao/usuarios{_KEY}",
        GET=identificacao.get_usuario,
        PATCH=identificacao.change_usuario,
    ),
    _route(
        "identificacao",
        f"integracao/usuarios{_KEY}/relationships/empresas",
        GET=identificacao.list_empresas_of_usuario,
    ),
    _route("identificacao", "integracao/user-connections/verificar-vertical", GET=identificacao.get_vertical),
    _route("ms-tarefas", TAREFAS, GET=list_tarefas),
    *(route for resource in RESOURCES.values() for route in _routes(resource)),
)
"""Everything there is at one address."""
