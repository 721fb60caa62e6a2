"""sync ≡ asyncio ≡ trio: the same flow makes the same requests and comes to the same end, whatever goes wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import anyio
from hypothesis import given
from hypothesis import strategies as st
from scripted import Answer

import econtador as ec
from econtador import errors
from econtador.portal import Ativacao, EmpresaNova, MovimentoNovo
from econtador.portal.transport import Request, Response
from econtador.sandbox import Sandbox

QUICK = ec.Retry(attempts=3, first=0.0, longest=0.0)


Fate: TypeAlias = errors.PortalError | Answer | None
"""What becomes of a request: an error before or after the portal, an answer in the place of its own, or nothing odd."""

FATES = st.sampled_from(
    [
        None,
        None,
        errors.NotSent(),
        errors.AnswerLost(),
        Answer(200, b"<html>"),
        Answer(200, b'{"data": [{"id": "1"'),
        Answer(302),
        Answer(401),
        Answer(404),
        Answer(422, b'{"errors": [{"detail": "longo", "source": {"pointer": "/data/attributes/nome"}}]}'),
        Answer(429, headers={"retry-after": "0"}),
        Answer(500),
        Answer(503),
    ]
)


@lru_cache
def office() -> Sandbox:
    sandbox = Sandbox()
    sandbox.seed(empresas=5)
    return sandbox


class Faulty:
    """A portal to read from, with a fate for each of the first requests. Writes never reach it, and are answered."""

    def __init__(self, fates: list[Fate]) -> None:
        self.fates = iter(fates)
        self.portal = office().transport()
        self.seen: list[tuple[str, str, bytes]] = []

    def send(self, request: Request) -> Response:
        self.seen.append((request.method, request.url, request.content))
        fate = next(self.fates, None)
        if isinstance(fate, errors.PortalError):
            raise type(fate)(request.place)
        if fate is not None:
            return fate
        if request.writes:
            return Answer(201, b'{"data": {"id": "7", "type": "any", "attributes": {"nome": "ACME"}}}')
        return self.portal.send(request)

    def close(self) -> None: ...


class AsyncFaulty(Faulty):
    async def send(self, request: Request) -> Response:  # type: ignore[override]
        await anyio.sleep(0)
        return super().send(request)

    async def aclose(self) -> None: ...


Operation: TypeAlias = tuple[Callable[[ec.Client], object], Callable[[ec.AsyncClient], Awaitable[object]]]

EMPRESA = EmpresaNova(codigo="00001", nome="ACME LTDA", documento=ec.Cnpj("11.222.333/0001-81"))
MOVIMENTO = MovimentoNovo(
    valor=3, inicio=date(2026, 1, 1), fim=date(2026, 1, 31), funcionario="1", empresa="1", tipo_movimento="1", evento="1",
    criado=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip


async def every(items: AsyncIterator[object]) -> list[object]:
    return [item async for item in items]


def saved(client: ec.Client) -> object:
    with TemporaryDirectory() as folder:
        return client.save_arquivo("1", Path(folder) / "file"), (Path(folder) / "file").read_bytes()


async def async_saved(client: ec.AsyncClient) -> object:
    with TemporaryDirectory() as folder:
        return await client.save_arquivo("1", Path(folder) / "file"), (Path(folder) / "file").read_bytes()


def operation(name: str) -> Operation:
    """The same call on either client, by name."""
    documents = [*(row.documento for row in office().empresas), "wrong", "12ABC34501DE35"]
    lettered = next(document for document in documents if not document.isdigit())
    operations: dict[str, Operation] = {
        "list": (
            lambda c: list(c.empresas.list(limit=2, ativa=True)),
            lambda c: every(c.empresas.list(limit=2, ativa=True)),
        ),
        "pages": (
            lambda c: list(c.funcionarios.pages(limit=5, include=["departamento", "empresa"])),
            lambda c: every(c.funcionarios.pages(limit=5, include=["departamento", "empresa"])),
        ),
        "rows": (
            lambda c: list(c.historico_tarefas.list(inicio=date(2025, 1, 1), fim=date(2025, 12, 31))),
            lambda c: every(c.historico_tarefas.list(inicio=date(2025, 1, 1), fim=date(2025, 12, 31))),
        ),
        "get": (lambda c: c.funcionarios.get("1"), lambda c: c.funcionarios.get("1")),
        "get_many": (
            lambda c: c.empresas.get_many(["1", "x", "2"], workers=1),
            lambda c: c.empresas.get_many(["1", "x", "2"], workers=1),
        ),
        "by_document": (
            lambda c: c.empresas.by_document(lettered),
            lambda c: c.empresas.by_document(lettered),
        ),
        "by_documents": (
            lambda c: c.empresas.by_documents(documents, workers=1),
            lambda c: c.empresas.by_documents(documents, workers=1),
        ),
        "create": (lambda c: c.empresas.create(EMPRESA), lambda c: c.empresas.create(EMPRESA)),
        "post": (lambda c: c.movimentos.create(MOVIMENTO), lambda c: c.movimentos.create(MOVIMENTO)),
        "update": (
            lambda c: c.usuarios.update("52998224725", Ativacao()),
            lambda c: c.usuarios.update("52998224725", Ativacao()),
        ),
        "check": (lambda c: c.check(), lambda c: c.check()),
        "lookup": (
            lambda c: list(c.lookup("tipos-sexo").list(limit=1)),
            lambda c: every(c.lookup("tipos-sexo").list(limit=1)),
        ),
        "arquivo": (lambda c: c.arquivo("1"), lambda c: c.arquivo("1")),
        "save_arquivo": (saved, async_saved),
        "vertical": (lambda c: c.vertical(), lambda c: c.vertical()),
        "request": (
            lambda c: c.request("GET", "dp", "/funcoes").content,
            lambda c: _content(c),
        ),
        "options": (
            lambda c: c.with_options(retry=ec.Retry(attempts=1)).empresas.get("1"),
            lambda c: c.with_options(retry=ec.Retry(attempts=1)).empresas.get("1"),
        ),
    }
    return operations[name]


async def _content(client: ec.AsyncClient) -> bytes:
    return (await client.request("GET", "dp", "/funcoes")).content


OPERATIONS = (
    "list", "pages", "rows", "get", "get_many", "by_document", "by_documents", "create", "post", "update", "check",
    "lookup", "arquivo", "save_arquivo", "request", "options", "vertical",
)  # fmt: skip

Ending: TypeAlias = tuple[str, list[tuple[str, str, bytes]]]


def told(end: object) -> str:
    details = {**vars(end), "raw": len(getattr(end, "raw", b""))} if isinstance(end, Exception) else {}
    return f"{end!r} {details}"


@given(st.sampled_from(OPERATIONS), st.lists(FATES, max_size=9))
def test_the_same_requests_and_the_same_end_in_every_client(name: str, fates: list[Fate]) -> None:
    here, there = operation(name)
    config = ec.Config(token=office().token, base_url="http://portal.test", retry=QUICK)

    def sync() -> Ending:
        transport = Faulty(fates)
        client = ec.Client.from_config(config, transport)
        try:
            return told(here(client)), transport.seen
        except errors.EcontadorError as error:
            return told(error), transport.seen

    async def asynchronous() -> Ending:
        transport = AsyncFaulty(fates)
        client = ec.AsyncClient.from_config(config, transport)
        try:
            return told(await there(client)), transport.seen
        except errors.EcontadorError as error:
            return told(error), transport.seen

    ending = sync()
    assert ending[1], "it asked for nothing"
    for backend in ("asyncio", "trio"):
        assert anyio.run(asynchronous, backend=backend) == ending


def test_every_operation_succeeds_where_nothing_goes_wrong() -> None:
    client = ec.Client(office().token, base_url="http://portal.test", transport=Faulty([]))
    for name in OPERATIONS:
        assert operation(name)[0](client), name
