"""A sandbox spoken to with bare requests, for the tests of its resources."""

import json
from collections.abc import Callable, Mapping
from functools import reduce
from operator import getitem
from typing import TypeAlias, cast
from urllib.parse import urlencode

from attrs import field, frozen

from econtador.sandbox import USUAL, Quirk, Sandbox
from econtador.sandbox.jsonapi import JSON
from econtador.sandbox.rows import RecursoRow

JSONAPI = "application/vnd.api+json"
SERVICES = ("dp", "identificacao", "documentos", "cnd", "atendimentos", "ms-tarefas")
CLEAN = USUAL - {Quirk.NO_LINKAGE_WITHOUT_INCLUDE}
"""The everyday portal, but that every relationship has its linkage."""

Members: TypeAlias = Mapping[str, JSON]


def url(service: str, path: str) -> str:
    """Of a *path* without ``/api/v1``."""
    return f"https://{service}.pack.alterdata.com.br/api/v1/{path}"


@frozen
class Sent:
    """A request as any client may make it."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = b""


@frozen
class Got:
    """An answer, read."""

    status: int
    headers: Mapping[str, str]
    body: JSON

    def at(self, *path: str | int) -> JSON:
        """What is at *path* in the body."""
        return cast("JSON", reduce(getitem, path, cast("dict[str | int, object]", self.body)))  # type: ignore[arg-type]

    def listed(self, *path: str | int) -> list[dict[str, dict[str, JSON]]]:
        """The resources at *path*."""
        return cast("list[dict[str, dict[str, JSON]]]", self.at(*path))

    @property
    def ids(self) -> list[str]:
        """Of a page, in order."""
        return [str(resource["id"]) for resource in self.listed("data")]

    @property
    def problems(self) -> list[tuple[str, str | None]]:
        """Code and place of each error."""
        errors = cast("list[dict[str, str | dict[str, str]]]", self.at("errors"))
        assert {error["status"] for error in errors} == {str(self.status)}
        sources = [cast("dict[str, str]", error.get("source", {})) for error in errors]
        return [
            (str(error["code"]), source.get("pointer", source.get("parameter")))
            for error, source in zip(errors, sources, strict=True)
        ]


@frozen
class Portal:
    """A sandbox and what is asked of it."""

    sandbox: Sandbox = field(factory=lambda: Sandbox(quirks=CLEAN))

    def send(self, method: str, url: str, content: bytes = b"") -> Got:
        headers = {"Authorization": f"Bearer {self.sandbox.token}", "Content-Type": JSONAPI}
        answer = self.sandbox.transport().send(Sent(method, url, headers, content))
        return Got(answer.status, answer.headers, json.loads(answer.content))

    def get(self, url: str, query: Mapping[str, str | int] | None = None) -> Got:
        return self.send("GET", f"{url}?{urlencode(query)}" if query else url)

    def post(self, url: str, kind: str, attributes: Members, relationships: Members | None = None) -> Got:
        data: dict[str, JSON] = {"type": kind, "attributes": attributes}
        whole = data if relationships is None else {**data, "relationships": relationships}
        return self.send("POST", url, json.dumps({"data": whole}).encode())


@frozen
class Place:
    """A listing: where, of what type, and which rows it shows of those that are kept."""

    service: str
    type: str
    query: Mapping[str, str] = field(factory=dict[str, str])
    shows: Callable[[RecursoRow], bool] = lambda row: True

    @property
    def url(self) -> str:
        """Without a query."""
        return url(self.service, self.type)

    def rows(self, portal: Portal) -> list[RecursoRow]:
        """What *portal* keeps of it."""
        return [row for row in portal.sandbox.recursos(self.type) if self.shows(row)]
