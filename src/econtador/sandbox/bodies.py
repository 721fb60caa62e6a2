"""What a write carries, once its envelope is right."""

from http import HTTPStatus

from econtador.sandbox.exchange import Call
from econtador.sandbox.jsonapi import MEDIA_TYPE, Resource, refuse, resource_of
from econtador.sandbox.query import no_parameters

__all__ = ["sent"]


def sent(call: Call, kind: str, key: str | None = None) -> Resource:
    """The resource of a body, once media type (415), type and, for a change, id (400) are right."""
    no_parameters(call.query)
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in {MEDIA_TYPE, "application/json"}:
        raise refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type deve ser {MEDIA_TYPE}")
    resource = resource_of(call.body)
    if resource.type != kind:
        raise refuse(HTTPStatus.BAD_REQUEST, f"'type' deve ser {kind}", pointer="/data/type")
    if key is not None and resource.id != key:
        raise refuse(HTTPStatus.BAD_REQUEST, "'id' deve ser o do endereço", pointer="/data/id")
    return resource
