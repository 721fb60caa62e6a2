"""The sandbox's quirks: each is there when named, and not otherwise; in process and over a socket."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import IncompleteListing, NotFound
from econtador.sandbox import USUAL, Quirk, Sandbox
from econtador.sandbox.exchange import Answer

DP = "https://dp.pack.alterdata.com.br/api/v1/"
IDENTIFICACAO = "https://identificacao.pack.alterdata.com.br/api/v1/integracao/"
EMPRESAS = f"{DP}empresas"
USUARIOS = f"{IDENTIFICACAO}usuarios"
FUNCIONARIOS = f"{DP}funcionarios"
JSONAPI = "application/vnd.api+json"

ZEROS = "00000000000191"
LETTERS = "12ABC34501DE35"
WHOLE = "11222333000181"
CPF = "52998224725"
PAGE = Path(__file__).parent.parent / "docs" / "portal-quirks.md"

# Under these a listing is not what the portal holds, or is short of what was just written.
HARMFUL = {Quirk.REPEATED_PAGE, Quirk.EMPTY_PAGE, Quirk.ROWS_SHIFT, Quirk.READ_LAG}
subsets = st.frozensets(st.sampled_from(sorted(set(Quirk) - HARMFUL, key=lambda quirk: quirk.value)))


@frozen
class Sent:
    """A request as any client may make it."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = b""


Query: TypeAlias = dict[str, str | int]
"""Parameters of a listing."""

Way: TypeAlias = Callable[[Sandbox, Sent], Answer]


def in_process(sandbox: Sandbox, sent: Sent) -> Answer:
    return sandbox.transport().send(sent)


def asynchronously(sandbox: Sandbox, sent: Sent) -> Answer:
    return asyncio.run(sandbox.async_transport().send(sent))


def served(sandbox: Sandbox, sent: Sent) -> Answer:
    parts = urlsplit(sent.url)
    with sandbox.serve() as server:
        # All of the portal's hosts stand at the one address; the machine's proxy is not asked for it.
        url = f"{server.url}{parts.path}?{parts.query}"
        got = httpx.request(sent.method, url, headers=sent.headers, content=sent.content, trust_env=False)
    return Answer(got.status_code, got.headers, got.content)


@frozen
class Portal:
    """A sandbox spoken to with bare requests."""

    sandbox: Sandbox
    way: Way = in_process

    def send(self, method: str, url: str, content: bytes = b"") -> Answer:
        headers = {"Authorization": f"Bearer {self.sandbox.token}", "Content-Type": JSONAPI}
        return self.way(self.sandbox, Sent(method, url, headers, content))

    def ask(self, url: str, **query: str | int) -> Answer:
        return self.send("GET", f"{url}?{urlencode(query)}" if query else url)

    def get(self, url: str, **query: str | int) -> dict[str, object]:
        return cast("dict[str, object]", json.loads(self.ask(url, **query).content))

    def rows(self, url: str, **query: str | int) -> list[dict[str, dict[str, object]]]:
        return cast("list[dict[str, dict[str, object]]]", self.get(url, **query)["data"])

    def ids(self, url: str, **query: str | int) -> list[str]:
        return [str(row["id"]) for row in self.rows(url, **query)]

    def attributes(self, url: str, **query: str | int) -> list[dict[str, object]]:
        return [row["attributes"] for row in self.rows(url, **query)]

    def next(self, url: str, **query: str | int) -> str:
        return cast("dict[str, str]", self.get(url, **query)["links"])["next"]

    def post(self, url: str, kind: str, **attributes: object) -> Answer:
        return self.send("POST", url, json.dumps({"data": {"type": kind, "attributes": attributes}}).encode())

    def empresa(self, documento: str = WHOLE, **attributes: object) -> Answer:
        whole = {"nome": "EMPRESA MODELO", "cpfCnpjAlfanumerico": documento, "externoid": "00007"}
        return self.post(EMPRESAS, "empresas", **{**whole, **attributes})

    def usuario(self, login: str = CPF) -> Answer:
        attributes = {"nome": "PESSOA MODELO", "email": "modelo@exemplo.com.br", "cpfCnpjAlfanumerico": login}
        return self.post(USUARIOS, "integracao/usuarios", **attributes)


def filled(quirks: Iterable[Quirk | str], way: Way = in_process) -> Portal:
    """Three companies, employees of theirs, and *quirks*."""
    portal = Portal(Sandbox(quirks=()))
    for documento in (ZEROS, LETTERS, WHOLE):
        assert portal.empresa(documento).status == 201
    portal.sandbox.seed(empresas=2, funcionarios=4)
    portal.sandbox.quirks = quirks
    portal.sandbox.delay = 0.01
    return Portal(portal.sandbox, way)


# --------------------------------------------------------------------------- whether each is there


def total(portal: Portal, **query: str | int) -> int:
    return cast("dict[str, int]", portal.get(EMPRESAS, **query)["meta"])["totalResourceCount"]


def refused(portal: Portal) -> Answer:
    answer = portal.ask(f"{EMPRESAS}/999")
    assert answer.status == 404
    return answer


def status_of(portal: Portal, url: str, good: set[int], **query: str | int) -> int:
    status = portal.ask(url, **query).status
    assert status in good
    return status


def bad_type(portal: Portal) -> bool:
    status = portal.empresa(ativa="sim").status
    assert status in {400, 500}
    return status == 500


def no_linkage(portal: Portal) -> bool:
    shown = [
        "data" in cast("dict[str, object]", relationship)
        for row in portal.rows(FUNCIONARIOS)
        for relationship in row["relationships"].values()
    ]
    assert shown
    assert len(set(shown)) == 1
    return not shown[0]


def included_twice(portal: Portal) -> bool:
    included = cast("list[dict[str, str]]", portal.get(FUNCIONARIOS, include="empresa")["included"])
    assert included
    return len(included) > len({(one["type"], one["id"]) for one in included})


def ids_moved(portal: Portal) -> bool:
    kept = [int(row.id) for row in portal.sandbox.recursos("tipos-cnh")]
    shown = [int(key) for key in portal.ids(f"{DP}tipos-cnh", **{"page[limit]": 200})]
    assert shown in (kept, [key + 1 for key in kept])
    assert portal.ids(f"{DP}estados") == Portal(portal.sandbox).ids(f"{DP}estados")
    return shown != kept


def second_page(portal: Portal) -> list[str]:
    return portal.ids(EMPRESAS, **{"page[limit]": 1, "page[offset]": 1})


def is_late(portal: Portal) -> bool:
    made = json.loads(portal.empresa().content)["data"]["id"]
    return portal.ask(f"{EMPRESAS}/{made}").status == 404


def waits(portal: Portal) -> bool:
    waited: list[float] = []
    portal.sandbox.sleep = waited.append
    portal.ask(f"{EMPRESAS}/1")
    assert waited == []
    portal.ask(EMPRESAS)
    assert waited in ([], [portal.sandbox.delay])
    return bool(waited)


SHOWS: Mapping[Quirk, Callable[[Portal], bool]] = {
    Quirk.NUMBERS_WITHOUT_ZEROS: lambda portal: portal.attributes(EMPRESAS)[0].get("cpfcnpj") == 191,
    Quirk.ALPHANUMERIC_AS_ZERO: lambda portal: portal.attributes(EMPRESAS)[1].get("cpfcnpj") == 0,
    Quirk.NO_LINKAGE_WITHOUT_INCLUDE: no_linkage,
    Quirk.RELATIVE_NEXT: lambda portal: portal.next(EMPRESAS, **{"page[limit]": 1}).startswith("/"),
    Quirk.NEXT_WITHOUT_FILTER: lambda portal: (
        "ativa" not in portal.next(f"{EMPRESAS}?filter[ativa]=true&page[limit]=1")
    ),
    Quirk.LIMIT_OVER_200_IS_500: lambda portal: (
        status_of(portal, EMPRESAS, {400, 500}, **{"page[limit]": 201}) == 500
    ),
    Quirk.PAGE_NUMBER_IS_400: lambda portal: (
        status_of(portal, EMPRESAS, {200, 400}, **{"page[number]": 1}) == 400
    ),
    Quirk.BAD_TYPE_IS_500: bad_type,
    Quirk.NUMBERS_FOR_TEXTS: lambda portal: (
        portal.get(f"{IDENTIFICACAO}empresas/{ZEROS}")["data"]["attributes"]["codigo"] == 7  # type: ignore[index]
    ),
    Quirk.LOOKUP_IDS_CHANGED: ids_moved,
    Quirk.UNKNOWN_ENUM: lambda portal: portal.attributes(FUNCIONARIOS)[0]["status"] == "Valor Novo",
    Quirk.UNKNOWN_ATTRIBUTE: lambda portal: "atributoNovo" in portal.attributes(EMPRESAS)[0],
    Quirk.REPEATED_INCLUDED: included_twice,
    Quirk.REPEATED_PAGE: lambda portal: second_page(portal) == ["1"],
    Quirk.EMPTY_PAGE: lambda portal: second_page(portal) == [],
    Quirk.ROWS_SHIFT: lambda portal: second_page(portal) == ["3"],
    Quirk.NO_TOTAL: lambda portal: "meta" not in portal.get(EMPRESAS),
    Quirk.HTML_BODY: lambda portal: (
        (refused(portal).content[:1], refused(portal).headers["content-type"][:9]) == (b"<", "text/html")
    ),
    Quirk.MENSAGEM_BODY: lambda portal: json.loads(refused(portal).content).keys() == {"mensagem"},
    Quirk.PLAIN_CONTENT_TYPE: lambda portal: portal.ask(EMPRESAS).headers["content-type"] != JSONAPI,
    Quirk.SLOW_PAGE: waits,
    Quirk.READ_LAG: is_late,
}


@pytest.mark.parametrize("way", [in_process, asynchronously, served])
@pytest.mark.parametrize("quirk", Quirk)
def test_a_quirk_is_there_when_it_is_named(quirk: Quirk, way: Way) -> None:
    portal = filled([quirk.value], way)
    assert portal.sandbox.quirks == {quirk}
    assert SHOWS[quirk](portal)
    portal.sandbox.close()


@pytest.mark.parametrize("quirk", Quirk)
def test_a_quirk_is_not_there_when_it_is_not_named(quirk: Quirk) -> None:
    for others in (frozenset[Quirk](), USUAL - {quirk}):
        portal = filled(others)
        assert not SHOWS[quirk](portal)
        portal.sandbox.close()


@pytest.mark.parametrize("quirk", Quirk)
def test_a_sandbox_has_the_usual_quirks_unless_told(quirk: Quirk) -> None:
    with Sandbox() as sandbox:
        assert sandbox.quirks == USUAL
        assert SHOWS[quirk](filled(sandbox.quirks)) == (quirk in USUAL)


def test_quirks_are_replaced_at_any_time() -> None:
    with Sandbox() as sandbox:
        portal = Portal(sandbox)
        sandbox.quirks = ["html-body", Quirk.NO_TOTAL, "no-total"]
        assert sandbox.quirks == {Quirk.HTML_BODY, Quirk.NO_TOTAL}
        assert SHOWS[Quirk.NO_TOTAL](portal)
        sandbox.quirks = ()
        assert not SHOWS[Quirk.NO_TOTAL](portal)


@pytest.mark.parametrize("names", [["read-lagg"], "read-lag", [""], ["READ_LAG"]])
def test_an_unknown_name_is_refused_with_those_that_there_are(names: Iterable[str]) -> None:
    with pytest.raises(ValueError, match="no quirk is called") as refusal:
        Sandbox(quirks=names)
    assert all(quirk.value in str(refusal.value) for quirk in Quirk)
    with Sandbox() as sandbox:
        with pytest.raises(ValueError, match="no quirk is called"):
            sandbox.quirks = names
        assert sandbox.quirks == USUAL


# --------------------------------------------------------------------------- a portal without any


def test_without_quirks_a_document_is_there_as_text_only() -> None:
    portal = filled(())
    shown = portal.attributes(EMPRESAS)
    assert [one["cpfCnpjAlfanumerico"] for one in shown[:3]] == [ZEROS, LETTERS, WHOLE]
    assert not any("cpfcnpj" in one for one in shown)
    assert not any("cpf" in one for one in portal.attributes(FUNCIONARIOS) if one["cpfAlfanumerico"])


def test_without_quirks_next_leads_through_the_whole_listing() -> None:
    portal = filled(())
    url = f"{FUNCIONARIOS}?{urlencode({'filter[empresaId]': '4', 'page[limit]': 1, 'fields': 'nome'})}"
    expected = portal.ids(f"{FUNCIONARIOS}?filter[empresaId]=4&page[limit]=200")
    found = []
    while True:
        page = portal.get(url)
        found += [row["id"] for row in cast("list[dict[str, str]]", page["data"])]
        links = cast("dict[str, str]", page["links"])
        assert all(link.startswith(FUNCIONARIOS) and "fields=nome" in link for link in links.values())
        if "next" not in links:
            break
        url = links["next"]
    assert found == expected
    assert expected


def test_without_quirks_pages_count_from_1() -> None:
    portal = filled(())
    numbered = [portal.ids(EMPRESAS, **{"page[limit]": 2, "page[number]": number}) for number in (1, 2, 3)]
    offset = [portal.ids(EMPRESAS, **{"page[limit]": 2, "page[offset]": number}) for number in (0, 2, 4)]
    assert numbered == offset
    for wrong in ("0", "um", ""):
        assert portal.ask(EMPRESAS, **{"page[number]": wrong}).status == 400
    assert portal.ask(EMPRESAS, **{"page[number]": 1, "page[offset]": 0}).status == 400
    assert portal.ask(f"{EMPRESAS}?page[number]=1&page[number]=1").status == 400


def test_a_served_portal_names_its_own_address_in_next() -> None:
    with Sandbox(quirks=()) as sandbox, sandbox.serve() as server:
        Portal(sandbox).empresa()
        Portal(sandbox).empresa()
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        with httpx.Client(headers=headers, trust_env=False) as client:
            first = client.get(f"{server.url}/api/v1/empresas?page[limit]=1").json()
            assert first["links"]["next"].startswith(server.url)
            assert [row["id"] for row in client.get(first["links"]["next"]).json()["data"]] == ["2"]


def test_refusals_without_quirks_say_400_in_every_place() -> None:
    answer = filled(()).empresa(ativa="sim")
    (error,) = json.loads(answer.content)["errors"]
    assert (answer.status, error["status"], error["code"]) == (400, "400", "BAD_REQUEST")
    assert error["source"] == {"pointer": "/data/attributes/ativa"}


# --------------------------------------------------------------------------- what no quirk may break


@pytest.fixture(scope="module")
def many() -> Iterator[Portal]:
    with Sandbox() as sandbox:
        sandbox.sleep = lambda seconds: None
        for number in range(30):
            Portal(sandbox).empresa((ZEROS, LETTERS, WHOLE)[number % 3], ativa=number % 4 > 0)
        yield Portal(sandbox)


@given(quirks=subsets, limit=st.integers(1, 40), active=st.sampled_from(["", "true", "false"]))
def test_a_listing_by_own_parameters_has_each_id_once(
    many: Portal, quirks: frozenset[Quirk], limit: int, active: str
) -> None:
    many.sandbox.quirks = quirks
    asked: Query = {"filter[ativa]": active} if active else {}
    found: list[str] = []
    for offset in range(0, 60, limit):
        found += many.ids(EMPRESAS, **asked, **{"page[limit]": limit, "page[offset]": offset})
    expected = [row.id for row in many.sandbox.empresas if not active or row.ativa == (active == "true")]
    assert found == expected


@given(quirks=st.frozensets(st.sampled_from(Quirk)))
def test_no_quirk_answers_without_the_token(many: Portal, quirks: frozenset[Quirk]) -> None:
    many.sandbox.quirks = quirks
    for url in (EMPRESAS, f"{EMPRESAS}?page[number]=2", f"{DP}nowhere"):
        answer = many.sandbox.transport().send(Sent("GET", url, {}))
        assert answer.status == 401


@pytest.mark.parametrize("quirk", [one for one in Quirk if one not in {Quirk.HTML_BODY, Quirk.MENSAGEM_BODY}])
def test_a_refused_page_stays_refused(quirk: Quirk) -> None:
    refusal = filled([quirk]).get(f"{EMPRESAS}/1?page[limit]=1&page[offset]=1")
    assert refusal.keys() == {"errors"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b"[1]", b'{"data": {"type": "empresas", "id": 1}}', b"\xff"]
)
def test_every_quirk_at_once_leaves_a_bad_body_to_the_portal(body: bytes) -> None:
    with Sandbox(quirks=Quirk) as sandbox:
        assert Portal(sandbox).send("POST", EMPRESAS, body).status == 400


# --------------------------------------------------------------------------- what the library makes of them


@pytest.fixture(scope="module")
def office() -> Iterator[Sandbox]:
    """More companies than one page of the client has."""
    with Sandbox() as sandbox:
        sandbox.seed(empresas=210)
        sandbox.sleep = lambda seconds: None
        yield sandbox


@settings(max_examples=20)
@given(quirks=subsets)
def test_the_client_lists_every_company_under_any_harmless_quirk(
    office: Sandbox, quirks: frozenset[Quirk]
) -> None:
    office.quirks = quirks
    found = list(office.client().empresas.list())
    assert [(one.id, str(one.documento)) for one in found] == [
        (row.id, str(ec.Cnpj(row.documento))) for row in office.empresas
    ]


@pytest.mark.parametrize("quirk", [Quirk.REPEATED_PAGE, Quirk.EMPTY_PAGE, Quirk.ROWS_SHIFT])
def test_the_client_refuses_a_listing_that_does_not_add_up(office: Sandbox, quirk: Quirk) -> None:
    office.quirks = [*USUAL, quirk]
    with pytest.raises(IncompleteListing):
        list(office.client().empresas.list())


@pytest.mark.parametrize("quirk", [Quirk.HTML_BODY, Quirk.MENSAGEM_BODY, Quirk.PLAIN_CONTENT_TYPE])
def test_the_client_tells_an_error_by_its_status(office: Sandbox, quirk: Quirk) -> None:
    office.quirks = [*USUAL, quirk]
    with pytest.raises(NotFound) as refusal:
        office.client().empresas.get("999")
    assert "<" not in str(refusal.value)


# --------------------------------------------------------------------------- single quirks


def test_only_what_is_included_has_linkage() -> None:
    portal = filled(USUAL)
    row = portal.rows(FUNCIONARIOS, include="empresa")[0]
    linked = {name for name, one in row["relationships"].items() if "data" in cast("dict[str, object]", one)}
    assert linked == {"empresa"}
    assert all("links" in cast("dict[str, object]", one) for one in row["relationships"].values())


def test_a_moved_lookup_is_read_by_its_new_id() -> None:
    portal = filled(["lookup-ids-changed"])
    shown = portal.rows(f"{DP}tipos-raca")
    for row in shown:
        url = f"{DP}tipos-raca/{row['id']}"
        assert portal.get(url)["data"] == row
        assert row["links"]["self"] == urlsplit(url).path
    assert portal.ask(f"{DP}tipos-raca/{min(int(str(row['id'])) for row in shown) - 1}").status == 404


def test_next_of_a_repeated_page_leads_to_the_same_page() -> None:
    portal = filled(["repeated-page"])
    first = portal.next(EMPRESAS, **{"page[limit]": 1})
    assert portal.next(first) == first


def test_rows_that_shift_leave_one_out() -> None:
    portal = filled(["rows-shift"])
    kept = [row.id for row in portal.sandbox.empresas]
    pages = [portal.ids(EMPRESAS, **{"page[limit]": 2, "page[offset]": offset}) for offset in (0, 2, 4)]
    assert [key for page in pages for key in page] == [*kept[:2], *kept[3:]]
    assert total(portal) == len(kept)
    assert total(portal, **{"page[limit]": 2, "page[offset]": 2}) == len(kept) - 1


# --------------------------------------------------------------------------- the lag


def lagging(reads: int) -> Portal:
    sandbox = Sandbox(quirks=[*USUAL, "read-lag"])
    sandbox.lag = reads
    return Portal(sandbox)


@pytest.mark.parametrize("reads", [0, 1, 3])
def test_a_new_record_is_not_shown_by_so_many_reads(reads: int) -> None:
    portal = lagging(reads)
    assert portal.empresa().status == 201
    assert [total(portal) for _ in range(reads + 2)] == [0] * reads + [1, 1]
    assert portal.usuario().status == 201
    shown = [portal.ask(f"{USUARIOS}/{CPF}").status for _ in range(reads + 2)]
    assert shown == [404] * reads + [200, 200]


def test_a_new_record_is_kept_and_can_be_changed_at_once() -> None:
    portal = lagging(1)
    portal.empresa()
    body = {"data": {"type": "empresas", "id": "1", "attributes": {"nome": "OUTRO NOME"}}}
    assert portal.send("PATCH", f"{EMPRESAS}/1", json.dumps(body).encode()).status == 200
    assert [row.nome for row in portal.sandbox.empresas] == ["OUTRO NOME"]
    assert portal.ids(EMPRESAS) == []


def test_reads_of_users_do_not_count_for_companies() -> None:
    portal = lagging(1)
    portal.empresa()
    portal.ask(USUARIOS)
    portal.ask(f"{EMPRESAS}?page[limit]=0")  # refused: it read nothing
    assert portal.ids(EMPRESAS) == []
    assert portal.ids(EMPRESAS) == ["1"]


def test_two_new_users_with_one_login_are_both_late() -> None:
    portal = lagging(2)
    portal.usuario()
    portal.usuario()
    assert [len(portal.ids(USUARIOS)) for _ in range(3)] == [0, 0, 2]


@given(
    old=st.lists(st.booleans(), max_size=6),
    new=st.lists(st.booleans(), max_size=6),
    limit=st.integers(1, 5),
    active=st.booleans(),
)
def test_pages_and_total_agree_while_records_are_late(
    old: list[bool], new: list[bool], limit: int, active: bool
) -> None:
    with Sandbox() as sandbox:
        portal = Portal(sandbox)
        for flag in old:
            portal.empresa(ativa=flag)
        expected = [row.id for row in sandbox.empresas if row.ativa == active]
        sandbox.quirks, sandbox.lag = [*USUAL, "read-lag"], 1000
        for flag in new:
            portal.empresa(ativa=flag)
        found: list[str] = []
        asked: Query = {"filter[ativa]": str(active).lower(), "page[limit]": limit}
        while True:
            page = portal.get(EMPRESAS, **asked, **{"page[offset]": len(found)})
            found += [row["id"] for row in cast("list[dict[str, str]]", page["data"])]
            assert page["meta"] == {"totalResourceCount": len(expected)}
            if "next" not in cast("dict[str, str]", page["links"]):
                break
        assert found == expected


def test_more_new_records_than_a_page_has_rows() -> None:
    portal = lagging(1)
    for _ in range(230):
        portal.empresa()
    assert total(portal) == 0
    assert total(portal) == 230


def test_threads_write_read_and_change_the_quirks_at_once() -> None:
    portal = lagging(1)
    failures: list[BaseException] = []

    def work(turn: int) -> None:
        try:
            for number in range(10):
                assert portal.empresa().status == 201
                assert portal.ask(EMPRESAS, **{"page[limit]": 200}).status == 200
                portal.sandbox.quirks = [*USUAL, "read-lag"] if (turn + number) % 2 else USUAL
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    portal.sandbox.quirks = USUAL
    assert portal.ids(EMPRESAS, **{"page[limit]": 200}) == [str(number) for number in range(1, 81)]


# --------------------------------------------------------------------------- the page


def test_every_quirk_has_its_row_in_the_page_and_no_other_has() -> None:
    rows = [
        line.split("|")[1].strip()
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert sorted(rows) == sorted(f"`{quirk.value}`" for quirk in Quirk)


def test_the_page_says_which_quirks_are_usual() -> None:
    usual = PAGE.read_text(encoding="utf-8").split("\n## ")[1]
    assert {quirk for quirk in Quirk if f"\n| `{quirk.value}` |" in usual} == USUAL
