"""A portal that answers what it was told to, in order: for what the sandbox would never do."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from attrs import field, frozen

import econtador as ec
from econtador import errors
from econtador.portal.models import EmpresaNova
from econtador.portal.transport import Request

TOKEN = "eyJhbGciOiJIUzUxMiJ9.c2VjcmV0.signature"
QUICK = ec.Retry(attempts=3, first=0.0, longest=0.0)


@frozen
class Answer:
    status: int
    content: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(factory=dict[str, str])


Fate: TypeAlias = Answer | errors.PortalError


class Script:
    """A transport that does what it was told to, in order, for both kinds of client."""

    def __init__(self, fates: Sequence[Fate]) -> None:
        self.fates = list(fates)
        self.requests: list[tuple[str, str, bytes]] = []

    def _next(self, request: Request) -> Answer:
        self.requests.append((request.method, request.url, request.content))
        fate = self.fates.pop(0)
        if isinstance(fate, Answer):
            return fate
        raise type(fate)(request.place, reason="scripted")  # type: ignore[call-arg]

    def send(self, request: Request) -> Answer:
        return self._next(request)

    def close(self) -> None: ...


class AsyncScript(Script):
    async def send(self, request: Request) -> Answer:  # type: ignore[override]
        return self._next(request)

    async def aclose(self) -> None: ...


def client(*fates: Fate, retry: ec.Retry = QUICK) -> tuple[ec.Client, Script]:
    script = Script(fates)
    return ec.Client(TOKEN, base_url="http://portal.test", retry=retry, transport=script), script


def company(identifier: int = 1, /, **attributes: object) -> dict[str, object]:
    return {"id": str(identifier), "type": "empresas", "attributes": {"nome": "ACME LTDA", **attributes}}


def ok(data: object, **rest: object) -> Answer:
    return Answer(200, json.dumps({"data": data, **rest}).encode())


DRAFT = EmpresaNova(codigo="00001", nome="ACME LTDA", documento=ec.Cnpj("11.222.333/0001-81"))
