"""The one create of every type that is posted.

Attested: nothing is unique, so the same body twice makes two; an attribute that is not known is taken
in silence and kept as null; what must be there and is not is a 400. That a relationship of another
type is a 400, and that nobody looks whether what it points at is there, is assumed.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from econtador.sandbox.bodies import sent
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import Linkage, Problem, Refused, document
from econtador.sandbox.limits import read
from econtador.sandbox.resource_type import ResourceType
from econtador.sandbox.showing import location, recurso
from econtador.sandbox.store import Store

__all__ = ["create"]


def create(resource: ResourceType, call: Call, keys: Sequence[str], store: Store) -> Answer:
    """Keep what was posted."""
    posted = sent(call, resource.name)
    values = read(posted.attributes, resource.accepts, partial=False)
    problems = [*_misdirected(posted.relationships, resource), *_unrelated(posted.relationships, resource)]
    if problems:
        raise Refused(problems)
    unknown = dict.fromkeys(posted.attributes.keys() - values.keys())
    related = {name: posted.relationships.get(name) for name in resource.relations}
    row = store.add_recurso(resource.name, {**values, **unknown}, related)
    made = {"location": location(row.type, row.id)}
    return document(HTTPStatus.CREATED, {"data": recurso(row, resource)}, made)


def _misdirected(sent: Mapping[str, Linkage], resource: ResourceType) -> list[Problem]:
    return [
        _problem(f"'{name}' deve ser do tipo {resource.relations[name]}", name)
        for name, linkage in sent.items()
        if linkage is not None and linkage[0] != resource.relations.get(name, linkage[0])
    ]


def _unrelated(sent: Mapping[str, Linkage], resource: ResourceType) -> list[Problem]:
    return [_problem(f"'{name}' é obrigatório", name) for name in resource.needs if sent.get(name) is None]


def _problem(detail: str, relationship: str) -> Problem:
    status = HTTPStatus.BAD_REQUEST
    return Problem(status, status.name, detail, f"/data/relationships/{relationship}")
