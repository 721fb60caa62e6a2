"""Listings: whole or not at all, whatever the portal does between two pages."""

import asyncio
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import pytest
import trio
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from scripted import DRAFT, TOKEN, Answer, Script, client, company, ok

import econtador as ec
from econtador import errors
from econtador.portal.models import Ativacao, EmpresaNova, UsuarioNovo
from econtador.portal.transport import Request
from econtador.sandbox import Sandbox


def page(ids: Sequence[int], total: int | None, following: str | None = None) -> Answer:
    meta = {} if total is None else {"totalResourceCount": total}
    return ok([company(n) for n in ids], meta=meta, links={"next": following} if following else {})


@given(st.integers(0, 23), st.integers(1, 9), st.booleans(), st.booleans())
def test_a_listing_has_every_company_once(count: int, limit: int, told: bool, linked: bool) -> None:
    starts = range(0, max(count, 1), limit)
    pages = [
        page(
            range(n, min(n + limit, count)),
            count if told else None,
            "?x" if linked and n + limit < count else None,
        )
        for n in starts
    ]
    spare = page([], count if told else None)
    portal, _ = client(*pages, spare)
    assert [empresa.id for empresa in portal.empresas.list(limit=limit)] == [str(n) for n in range(count)]


def test_a_short_page_that_says_nothing_of_others_may_have_the_portals_own_size() -> None:
    def bare(*ids: int) -> Answer:
        return ok([company(n) for n in ids])

    portal, script = client(bare(1, 2), bare(3), bare())
    assert [empresa.id for empresa in portal.empresas.list(limit=200)] == ["1", "2", "3"]
    assert len(script.requests) == 3
    portal, _ = client(bare(1, 2), bare(1, 2))  # a portal that knows no pages at all
    assert [empresa.id for empresa in portal.empresas.list(limit=200)] == ["1", "2"]
    portal, script = client(bare())
    assert list(portal.empresas.list()) == []


def test_a_number_that_does_for_a_cnpj_and_a_cpf_is_ambiguous_and_not_nobody() -> None:
    portal, _ = client(page([], 0), ok([company(1, cpfcnpj=191)], meta={"totalResourceCount": 1}))
    assert portal.empresas.by_document("00.000.000/0001-91") is None
    with pytest.raises(errors.AmbiguousDocument, match="ids 1"):
        portal.empresas.by_document("00.000.000/0001-91")


@pytest.mark.parametrize(
    "pages",
    [
        [page([1, 2], 4, "?x"), page([1, 2], 4)],
        [page([1, 2], 4, "?x"), page([3], 3)],
        [page([1, 2], 5, "?x"), page([], 5)],
        [page([1, 2], None, "?x"), page([], None, "?x")],
        [page([1, 1], 2)],
        [page([1, 2], None, "?x"), page([1, 2], None, "?x")],
    ],
    ids=[
        "repeated page",
        "records left",
        "empty page",
        "empty page, more announced",
        "one id twice",
        "repeated page, no total",
    ],
)
def test_a_listing_that_does_not_add_up_raises_and_never_ends_short(pages: list[Answer]) -> None:
    portal, _ = client(*pages)
    with pytest.raises(errors.IncompleteListing):
        list(portal.empresas.list(limit=2))


def test_a_filter_is_sent_with_every_page_and_an_unknown_one_refused() -> None:
    portal, script = client(page([1], 2, "/lost-its-filter"), page([2], 2))
    assert len(list(portal.empresas.list(limit=1, ativa=True))) == 2
    assert all("filter%5Bempresas%5D%5Bativa%5D%5BEQ%5D=true" in url for _, url, _ in script.requests)
    with pytest.raises(TypeError, match="cidade"):
        portal.empresas.list(cidade="Recife")  # type: ignore[call-arg]


def test_a_company_is_found_by_document_in_the_sandbox() -> None:
    sandbox = Sandbox()
    with sandbox.client() as portal:
        for codigo, documento in (("00001", "11.222.333/0001-81"), ("00002", "12.ABC.345/01DE-35")):
            portal.empresas.create(EmpresaNova(codigo=codigo, nome="ACME", documento=ec.Cnpj(documento)))
            found = portal.empresas.by_document(documento)
            assert found is not None
            assert (found.codigo, found.documento) == (codigo, ec.Cnpj(documento))
        assert portal.empresas.by_document("00.000.000/0001-91") is None
        assert portal.usuarios.by_document("529.982.247-25") is None
        portal.empresas.create(DRAFT)
        with pytest.raises(errors.AmbiguousDocument, match="ids 1, 3"):
            portal.empresas.by_document("11222333000181")
        with pytest.raises(errors.InvalidDocument):
            portal.empresas.by_document("11222333000182")
        assert portal.request("GET", "dp", "/empresas/1").status == 200


Hostility = Literal["repeat", "drop", "lose"]


class Hostile:
    """The sandbox's transport, but from request *at* on it breaks a listing in one way."""

    def __init__(self, sandbox: Sandbox, kind: Hostility, at: int, rows: int) -> None:
        self.inner = sandbox.transport()
        self.kind, self.at, self.rows = kind, at, rows
        self.answers: list[bytes] = []
        self.harmed = False

    def send(self, request: Request) -> Answer:
        if self.kind == "lose" and len(self.answers) >= self.at:
            # What was first is gone: all that follows moves up, past what was read.
            offset = "page%5Boffset%5D="
            before, _, asked = request.url.partition(offset)
            request = evolve(request, url=f"{before}{offset}{int(asked) + self.rows}")
        content = self.inner.send(request).content
        document = json.loads(content)
        if self.kind == "lose" and len(self.answers) >= self.at:
            document["meta"]["totalResourceCount"] -= self.rows
            self.harmed = True
        if self.kind == "drop" and len(self.answers) == self.at and document["data"]:
            del document["data"][-self.rows :]
            self.harmed = True
        content = json.dumps(document).encode()
        if self.kind == "repeat" and len(self.answers) == self.at > 0:
            content = self.answers[-1]
            self.harmed = True
        self.answers.append(content)
        return Answer(200, content)

    def close(self) -> None: ...


class AsyncHostile:
    def __init__(self, inner: Hostile) -> None:
        self.inner = inner

    async def send(self, request: Request) -> Answer:
        return self.inner.send(request)

    async def aclose(self) -> None: ...


@lru_cache
def filled(count: int) -> Sandbox:
    """A portal with so many companies, every third of them inactive. Not to be written to."""
    sandbox = Sandbox()
    attributes = {"nome": "ACME LTDA", "cpfCnpjAlfanumerico": "11222333000181"}
    for number in range(count):
        body = {"data": {"type": "empresas", "attributes": {**attributes, "ativa": number % 3 != 0}}}
        headers = {"authorization": f"Bearer {sandbox.token}", "content-type": "application/vnd.api+json"}
        url = "http://portal.test/api/v1/empresas"
        made = sandbox.transport().send(Request("POST", url, headers, json.dumps(body).encode()))
        assert made.status == 201
    return sandbox


@given(st.integers(0, 20), st.integers(1, 200) | st.integers(1, 7), st.none() | st.booleans())
def test_any_page_size_gives_every_company_of_the_sandbox_once(
    count: int, limit: int, ativa: bool | None
) -> None:
    # The sandbox's next links lose the filter, as the portal's were met doing.
    sandbox = filled(count)
    wanted = [row.id for row in sandbox.empresas if ativa is None or row.ativa == ativa]
    assert [empresa.id for empresa in sandbox.client().empresas.list(limit=limit, ativa=ativa)] == wanted

    async def listed() -> list[str]:
        listing = sandbox.async_client().empresas.list(limit=limit, ativa=ativa)
        return [empresa.id async for empresa in listing]

    assert asyncio.run(listed()) == wanted


@given(
    st.integers(1, 20),
    st.integers(1, 7),
    st.sampled_from(["repeat", "drop", "lose"]),
    st.integers(0, 4),
    st.integers(1, 3),
)
def test_a_broken_listing_is_whole_or_raises_in_every_client(
    count: int, limit: int, kind: Hostility, at: int, rows: int
) -> None:
    sandbox = filled(count)
    whole = [row.id for row in sandbox.empresas]
    # Rows that are gone before the first page are no loss that anyone could see.
    at = max(at, 1) if kind == "lose" else at

    def outcome(found: list[str], error: errors.IncompleteListing | None) -> str:
        assert len(set(found)) == len(found)
        return repr(error) if error else f"whole: {found}"

    def sync() -> tuple[str, bool]:
        transport = Hostile(sandbox, kind, at, rows)
        portal = ec.Client(sandbox.token, base_url="http://portal.test", transport=transport)
        found: list[str] = []
        try:
            for empresa in portal.empresas.list(limit=limit):
                found.append(empresa.id)
        except errors.IncompleteListing as error:
            return outcome(found, error), transport.harmed
        return outcome(found, None), transport.harmed

    async def asynchronous() -> tuple[str, bool]:
        transport = Hostile(sandbox, kind, at, rows)
        portal = ec.AsyncClient(
            sandbox.token, base_url="http://portal.test", transport=AsyncHostile(transport)
        )
        found: list[str] = []
        try:
            async for empresa in portal.empresas.list(limit=limit):
                found.append(empresa.id)
        except errors.IncompleteListing as error:
            return outcome(found, error), transport.harmed
        return outcome(found, None), transport.harmed

    result, harmed = sync()
    if not harmed:
        assert result == f"whole: {whole}"
    elif kind == "drop":
        # The next page is asked for where the rows that came end, so rows that were left out may yet come.
        assert result == f"whole: {whole}" or result.startswith("IncompleteListing(")
    else:
        assert result.startswith("IncompleteListing(")
    assert asyncio.run(asynchronous()) == trio.run(asynchronous) == (result, harmed)


@given(st.integers(1, 12), st.integers(1, 5), st.data())
def test_rows_left_out_for_good_are_noticed(count: int, limit: int, data: st.DataObject) -> None:
    missing = data.draw(st.sets(st.integers(0, count - 1), min_size=1))

    class Lossy(Script):
        def send(self, request: Request) -> Answer:
            offset = int(request.url.rpartition("=")[2])
            rows = [n for n in range(offset, min(offset + limit, count)) if n not in missing]
            return page(rows, count)

    portal = ec.Client(TOKEN, base_url="http://portal.test", transport=Lossy([]))
    with pytest.raises(errors.IncompleteListing):
        list(portal.empresas.list(limit=limit))


def test_more_records_than_were_told_do_not_add_up_either() -> None:
    # A total that is too small would otherwise end the listing before the other pages.
    portal, _ = client(page([1, 2, 3], 2), page([4, 5], 2))
    with pytest.raises(errors.IncompleteListing, match="3 of 2 records came"):
        list(portal.empresas.list(limit=3))


def test_records_that_arrive_while_it_is_read_are_listed() -> None:
    portal, _ = client(page([1, 2], 3), page([3, 4], 4))
    assert [empresa.id for empresa in portal.empresas.list(limit=2)] == ["1", "2", "3", "4"]


DOCUMENTS: list[ec.Cnpj | ec.Cpf] = [
    ec.Cnpj("11.222.333/0001-81"),
    ec.Cnpj("00.000.000/0001-91"),
    ec.Cpf("000.000.001-91"),  # the same number as the one above
    ec.Cpf("529.982.247-25"),
    ec.Cnpj("12.ABC.345/01DE-35"),
    ec.Cnpj("A1.B2C.3D4/E5F6-68"),
]


@given(st.lists(st.sampled_from(DOCUMENTS), max_size=6), st.sampled_from(DOCUMENTS))
def test_by_document_finds_the_one_or_none_or_says_that_there_are_several(
    there: list[ec.Cnpj | ec.Cpf], wanted: ec.Cnpj | ec.Cpf
) -> None:
    with Sandbox() as sandbox, sandbox.client() as portal:
        for number, documento in enumerate(there):
            portal.empresas.create(EmpresaNova(codigo=f"{number:05}", nome="ACME", documento=documento))
        ids = tuple(str(n) for n, documento in enumerate(there, 1) if documento == wanted)

        def sync() -> object:
            try:
                found = portal.empresas.by_document(wanted.format())
            except errors.AmbiguousDocument as error:
                return error.ids
            return None if found is None else (found.id, found.documento)

        async def asynchronous() -> object:
            try:
                found = await sandbox.async_client().empresas.by_document(wanted)
            except errors.AmbiguousDocument as error:
                return error.ids
            return None if found is None else (found.id, found.documento)

        expected = ids if len(ids) > 1 else (ids[0], wanted) if ids else None
        assert sync() == asyncio.run(asynchronous()) == trio.run(asynchronous) == expected


def test_by_document_finds_a_user_by_its_login_and_hides_it_in_errors() -> None:
    with Sandbox() as sandbox, sandbox.client() as portal:
        portal.usuarios.create(UsuarioNovo(nome="ANA", email="ana@exemplo.com.br", cpf=ec.Cpf("52998224725")))
        found = portal.usuarios.by_document("529.982.247-25")
        assert found is not None
        assert (found.id, found.nome, found.email, found.is_cpf) == (
            "52998224725", "ANA", "ana@exemplo.com.br", True,
        )  # fmt: skip
        assert "52998224725" not in repr(found) and "ana@" not in repr(found)
        with pytest.raises(errors.NotFound) as caught:
            portal.usuarios.get("00000000191")
        assert "00000000191" not in f"{caught.value} {caught.value.request}"
        portal.usuarios.update("52998224725", Ativacao())
        assert [row.ativo for row in sandbox.usuarios] == [True]
