"""The sandbox's pages over HTTP: what they show, what they take, and whom they refuse."""

import html
import json
import re
import socket
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

from econtador.sandbox import Faults, Sandbox, Server
from econtador.sandbox.limits import ABAS
from econtador.sandbox.store import Columns, Store

CPF = "52998224725"
SHOWN_CPF = "***.982.247-**"
BANNER = "portal de treino: nada aqui é do eContador"
PAGES = ("/", "/empresas", "/empresas/1", "/usuarios", "/usuarios/1", "/logs")
FIELDS = {
    "nome": ("nome", 50),
    "inscricaoEstadual": ("inscricao_estadual", 16),
    "inscricaoMunicipal": ("inscricao_municipal", 16),
    "endereco": ("endereco", 50),
    "bairro": ("bairro", 20),
    "atividade": ("atividade", 30),
}
"""The article's table."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    return sandbox.serve_pages()


@pytest.fixture
def browser(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as made:
        yield made


def add_empresa(sandbox: Sandbox, **attributes: object) -> int:
    """By the API: the status of its answer."""
    given = {"nome": "EMPRESA MODELO 01 LTDA", "cpfCnpjAlfanumerico": "12ABC34501DE35", "externoid": "00001"}
    return written(sandbox, "POST", "empresas", {"type": "empresas", "attributes": {**given, **attributes}})


def add_usuario(sandbox: Sandbox, nome: str = "PESSOA MODELO 01", login: str = CPF) -> int:
    given = {"nome": nome, "email": "pessoa@exemplo.com.br", "cpfCnpjAlfanumerico": login}
    data = {"type": "integracao/usuarios", "attributes": given}
    return written(sandbox, "POST", "integracao/usuarios", data)


def change_usuario(sandbox: Sandbox, **attributes: object) -> int:
    data = {"type": "integracao/usuarios", "id": CPF, "attributes": attributes}
    return written(sandbox, "PATCH", f"integracao/usuarios/{CPF}", data)


@frozen
class Sent:
    """A request of a program."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes


def written(sandbox: Sandbox, method: str, path: str, data: object, token: str | None = None) -> int:
    headers = {
        "Content-Type": "application/vnd.api+json",
        "Authorization": f"Bearer {token or sandbox.token}",
    }
    sent = Sent(method, f"http://portal/api/v1/{path}", headers, json.dumps({"data": data}).encode())
    return sandbox.transport().send(sent).status


def csrf_of(browser: httpx.Client, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def save(browser: httpx.Client, path: str, fields: dict[str, str | Sequence[str]]) -> httpx.Response:
    """Send the form of *path*, as a person would who had it open."""
    return browser.post(path, data={"csrf": csrf_of(browser, path), **fields})


def raw(server: Server, sent: bytes) -> bytes:
    """All that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))


# --------------------------------------------------------------------------- what is there


def test_every_page_says_what_it_is_and_leads_to_the_others(sandbox: Sandbox, browser: httpx.Client) -> None:
    sandbox.seed()
    for path in PAGES:
        page = browser.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html;charset=UTF-8"
        assert BANNER in page.text
        assert all(f'href="{other}"' in page.text for other in ("/", "/empresas", "/usuarios", "/logs"))
        assert not re.search(r"<script|\bon\w+=|(src|href)=\"https?:", page.text)


def test_the_first_page_tells_the_articles_steps_and_what_there_is(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    sandbox.seed(empresas=4)
    add_usuario(sandbox)
    page = browser.get("/").text
    for told in (
        "ADMIN",
        "PROEMP",
        "<b>4</b> empresas",
        "<b>5</b> usuários",
        "4 ativos, 1 por ativar",
        "<b>1</b> registros",
    ):
        assert told in page
    assert (
        page.index("Visualizar as empresas") < page.index("Ativar os usuários") < page.index("Consultar os")
    )


def test_the_api_is_at_the_same_address_and_asks_for_its_token_as_ever(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    sandbox.seed()
    assert browser.get("/api/v1/empresas").status_code == 401
    listed = browser.get("/api/v1/empresas", headers={"Authorization": f"Bearer {sandbox.token}"})
    assert listed.json()["meta"] == {"totalResourceCount": 3}


def test_faults_are_for_the_api_and_pages_are_no_requests_of_it(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    sandbox.faults = Faults.always("503-before-commit")
    assert browser.get("/empresas").status_code == 200
    assert sandbox.requests == ()
    assert browser.get("/api/v1/empresas").status_code == 503
    assert len(sandbox.requests) == 1


def test_serving_the_api_alone_serves_no_page(sandbox: Sandbox) -> None:
    with sandbox.serve() as server:
        assert httpx.get(server.url, trust_env=False).status_code == 401


def test_pages_need_an_extra_and_say_which(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ModuleNotFoundError, match=re.escape("pip install 'econtador[sandbox]'")):
        sandbox.serve_pages()


# --------------------------------------------------------------------------- companies


def rows_of(page: httpx.Response) -> list[str]:
    """The rows of a page's table, as their text."""
    body = re.search(r"<tbody>(.*)</tbody>", page.text, re.DOTALL)
    rows = [] if body is None else body[1].split("</tr>")[:-1]
    return [html.unescape(" ".join(re.sub(r"<[^>]*>", " ", row).split())) for row in rows]


def test_companies_come_25_to_a_page_and_the_links_keep_the_filter(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    sandbox.seed(empresas=60, funcionarios=0)
    first = browser.get("/empresas?texto=modelo&ativa=sim")
    assert len(rows_of(first)) == 25
    assert "60 empresas" in first.text
    assert "página 1 de 3" in first.text
    onward = re.search(r'href="(/empresas[^"]+)" rel="next"', first.text)
    assert onward is not None
    second = browser.get(html.unescape(onward[1]))
    assert rows_of(second)[0].startswith("00026 ")
    assert 'rel="prev"' in second.text
    last = browser.get("/empresas?texto=modelo&ativa=sim&pagina=999")
    assert "página 3 de 3" in last.text
    assert 'rel="next"' not in last.text
    assert rows_of(browser.get("/empresas?pagina=x")) == rows_of(browser.get("/empresas"))


@pytest.mark.parametrize(
    "asked", ["padaria são joão", "SAO JOAO", "00007", "12.ABC.345/01DE-35", "12abc345"], ids=str
)
def test_a_company_is_found_by_name_code_and_cnpj_however_written(
    sandbox: Sandbox, browser: httpx.Client, asked: str
) -> None:
    sandbox.seed(empresas=3, funcionarios=0)
    add_empresa(sandbox, nome="PADARIA SÃO JOÃO LTDA", externoid="00007")
    (row,) = rows_of(browser.get("/empresas", params={"texto": asked}))
    assert "PADARIA SÃO JOÃO LTDA" in row
    assert "12.ABC.345/01DE-35" in row


def test_a_search_for_marks_alone_finds_no_company(sandbox: Sandbox, browser: httpx.Client) -> None:
    sandbox.seed(funcionarios=0)
    page = browser.get("/empresas", params={"texto": "/-/"})
    assert rows_of(page) == []
    assert "Nenhuma empresa com este filtro" in page.text


def test_companies_are_filtered_by_whether_they_are_active(sandbox: Sandbox, browser: httpx.Client) -> None:
    assert "Nenhuma empresa chegou ao portal ainda" in browser.get("/empresas").text
    add_empresa(sandbox, nome="ATIVA LTDA")
    add_empresa(sandbox, nome="INATIVA LTDA", ativa=False, externoid=None)
    found = {
        ativa: [row.split(" 12.ABC")[0] for row in rows_of(browser.get("/empresas", params={"ativa": ativa}))]
        for ativa in ("sim", "nao", "", "talvez")
    }
    assert found == {"sim": ["00001"], "nao": ["–"], "": ["00001", "–"], "talvez": ["00001", "–"]}


def test_each_short_field_shows_how_full_it_is(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox, nome="N" * 50, bairro="B" * 7, inscricaoEstadual="07763162001-96")
    (row,) = rows_of(browser.get("/empresas"))
    assert f"{'N' * 50} 50/50" in row
    assert f"{'B' * 7} 7/20" in row
    # Of the length of a CPF, and none.
    assert "07763162001-96 14/16" in row
    assert browser.get("/empresas").text.count('class="conta cheio"') == 1


def test_a_persons_number_is_masked_in_lists_and_in_the_names_that_end_in_it(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    add_empresa(sandbox, nome=f"PESSOA MODELO 01 {CPF}", cpfCnpjAlfanumerico=CPF, isCpf=True)
    add_usuario(sandbox, nome=f"PESSOA MODELO 01 {CPF}")
    change_usuario(sandbox, ativo=True)
    for path in ("/", "/empresas", "/usuarios", "/usuarios/1", "/usuarios/1?aba=empresas", "/logs"):
        assert CPF not in browser.get(path).text
    assert SHOWN_CPF in browser.get("/empresas").text
    assert SHOWN_CPF in browser.get("/usuarios").text


@pytest.mark.parametrize("name", FIELDS)
def test_a_short_field_takes_what_the_article_says_and_not_one_character_more(
    sandbox: Sandbox, browser: httpx.Client, name: str
) -> None:
    column, most = FIELDS[name]
    add_empresa(sandbox, bairro="CENTRO")
    assert re.search(rf'id="{name}"[^>]* maxlength="{most}"', browser.get("/empresas/1").text)
    fits = save(browser, "/empresas/1", {name: "Ç" * most})
    assert (fits.status_code, fits.url.path, "Salvo." in fits.text) == (200, "/empresas/1", True)
    assert getattr(sandbox.empresas[0], column) == "Ç" * most
    before = sandbox.empresas
    refused = save(browser, "/empresas/1", {name: "Z" * (most + 1)})
    assert refused.status_code == 422
    assert f"tamanho deve estar entre 0 e {most}." in refused.text
    # What was typed is still there, to be mended.
    assert f'value="{"Z" * (most + 1)}"' in refused.text
    assert sandbox.empresas == before


def test_an_edit_changes_the_six_fields_and_no_other(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox, bairro="CENTRO", atividade="Padaria", municipio="SÃO PAULO", uf="SP")
    save(
        browser,
        "/empresas/1",
        {
            "nome": "  OUTRA LTDA ",
            "bairro": "",
            "cpfCnpjAlfanumerico": "00000000000191",
            "ativa": "",
            "uf": "RJ",
        },
    )
    (row,) = sandbox.empresas
    assert (row.nome, row.bairro, row.atividade) == ("OUTRA LTDA", None, "Padaria")
    assert (row.documento, row.ativa, row.uf) == ("12ABC34501DE35", True, "SP")


def test_a_company_without_a_name_is_refused(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox)
    refused = save(browser, "/empresas/1", {"nome": "   "})
    assert (refused.status_code, "não pode estar em branco." in refused.text) == (422, True)
    assert sandbox.empresas[0].nome == "EMPRESA MODELO 01 LTDA"


# --------------------------------------------------------------------------- users


def test_users_are_listed_with_whether_they_are_active(sandbox: Sandbox, browser: httpx.Client) -> None:
    assert "Nenhum usuário chegou ao portal ainda" in browser.get("/usuarios").text
    add_usuario(sandbox)
    add_usuario(sandbox, "PESSOA MODELO 02", "11144477735")
    change_usuario(sandbox, ativo=True, abas=list(ABAS))
    assert rows_of(browser.get("/usuarios")) == [
        f"PESSOA MODELO 01 {SHOWN_CPF} 9 de 9 Sim Editar",
        "PESSOA MODELO 02 ***.444.777-** 0 de 9 Não Editar",
    ]
    assert [row[:16] for row in rows_of(browser.get("/usuarios?ativo=nao"))] == ["PESSOA MODELO 02"]
    assert [row[:16] for row in rows_of(browser.get("/usuarios?texto=modelo+01"))] == ["PESSOA MODELO 01"]
    assert "Nenhum usuário com este filtro" in browser.get("/usuarios?texto=modelo+03").text


def test_passing_through_tabs_changes_nothing_before_it_is_saved(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    add_usuario(sandbox)
    before = sandbox.usuarios
    for aba in ABAS:
        page = browser.get("/usuarios/1", params={"aba": aba, "passou": list(ABAS), "ativo": "s", "wpd": "s"})
        assert "9 de 9 abas passadas. Está inativo" in page.text
    assert sandbox.usuarios == before


def test_the_tabs_are_those_of_the_portal_each_leading_to_the_next(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    add_usuario(sandbox)
    page = browser.get("/usuarios/1").text
    assert re.findall(r'name="aba" value="([^"]+)"[^>]*>(?!Próxima)', page) == list(ABAS)
    seen = ["informacoes"]
    while onward := re.search(r'value="([^"]+)">Próxima aba', page):
        seen.append(onward[1])
        page = browser.get("/usuarios/1", params={"aba": onward[1]}).text
    assert seen == list(ABAS)
    assert "<h2>Informações</h2>" in browser.get("/usuarios/1?aba=outra").text


def test_a_user_is_saved_with_the_box_of_wpd_and_as_active_after_every_tab_only(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    @given(passed=st.sets(st.sampled_from(ABAS)), ativo=st.booleans(), wpd=st.booleans())
    @example(passed=set(ABAS), ativo=True, wpd=True)
    @example(passed=set(ABAS), ativo=True, wpd=False)
    @example(passed=set(ABAS) - {"karoo"}, ativo=True, wpd=True)
    def rule(passed: set[str], ativo: bool, wpd: bool) -> None:
        add_usuario(sandbox)
        path = f"/usuarios/{len(sandbox.usuarios)}"
        ticked = {name: "sim" for name, is_so in {"ativo": ativo, "wpd": wpd}.items() if is_so}
        # The tab from which it is saved was passed too: it is the one that is shown.
        answer = save(browser, f"{path}?aba=informacoes", {"passou": sorted(passed), **ticked})
        passed = passed | {"informacoes"}
        saved = wpd and (passed == set(ABAS) or not ativo)
        assert answer.status_code == (200 if saved else 422)
        row = sandbox.usuarios[-1]
        assert row.ativo == (saved and ativo)
        assert set(row.abas) == (passed if saved else set())

    rule()


def test_a_refused_save_says_what_is_missing_and_keeps_what_was_done(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    add_usuario(sandbox)
    done = {"passou": ["empresas", "departamento-wpd"], "ativo": "sim"}
    page = save(browser, "/usuarios/1?aba=permissoes", done).text
    assert "Não foi salvo." in page
    assert "passe por todas as abas. Falta: Informações, Certidões, Categorias, Atendimentos, Karoo" in page
    assert "Marque a opção da aba Departamento – WPD" in page
    assert "<h2>Permissões</h2>" in page
    assert 'name="ativo" value="sim"' in page
    assert "3 de 9 abas passadas" in page


def test_tabs_passed_by_the_api_count_and_those_passed_here_count_there(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    add_usuario(sandbox)
    change_usuario(sandbox, abas=["empresas", "departamento-wpd"])
    page = browser.get("/usuarios/1")
    passed = re.findall(r'name="passou" value="([^"]+)"', page.text)
    assert passed == ["informacoes", "empresas", "departamento-wpd"]
    assert 'name="wpd" value="sim"' in page.text
    save(browser, "/usuarios/1", {"passou": [*passed, *ABAS[3:-1]], "wpd": "sim"})
    assert sandbox.usuarios[0].abas == ABAS[:-1]
    assert change_usuario(sandbox, ativo=True) == 422
    assert change_usuario(sandbox, ativo=True, abas=ABAS[-1:]) == 200


def test_an_active_user_is_told_of_and_can_be_made_inactive(sandbox: Sandbox, browser: httpx.Client) -> None:
    sandbox.seed(empresas=1)
    assert "Está ativo" in browser.get("/usuarios/1").text
    page = save(browser, "/usuarios/1", {"passou": list(ABAS), "wpd": "sim"})
    assert page.url.path == "/usuarios"
    assert "foi salvo e está inativo" in page.text
    assert not sandbox.usuarios[0].ativo
    # The notice is of this once, and not kept by the links.
    assert "foi salvo" not in browser.get("/usuarios?salvo=77").text


def test_the_tab_of_companies_shows_fifty_and_counts_the_rest(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    sandbox.seed(empresas=52, funcionarios=0)
    page = browser.get("/usuarios/1?aba=empresas").text
    assert "EMPRESA MODELO 50 LTDA" in page
    assert "EMPRESA MODELO 51 LTDA" not in page
    assert "e mais 2" in page
    assert "e mais" not in browser.get("/usuarios/2?aba=empresas").text
    add_usuario(sandbox)
    assert "Nenhuma empresa está ligada" in browser.get("/usuarios/53?aba=empresas").text


# --------------------------------------------------------------------------- the log


def told(sandbox: Sandbox) -> list[tuple[str, str | None, str | None, str, int, str]]:
    return [
        (row.tipo, row.codigo, row.nome, row.resultado, row.status, row.caminho) for row in sandbox.registros
    ]


def test_the_log_has_every_write_of_a_company_or_user_by_api_or_page(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    add_empresa(sandbox)
    add_empresa(sandbox, nome="N" * 51, externoid="00002")
    add_usuario(sandbox)
    change_usuario(sandbox, ativo=True)
    change_usuario(sandbox, ativo=True, abas=list(ABAS))
    save(browser, "/empresas/1", {"nome": "OUTRA LTDA"})
    save(browser, "/empresas/1", {"nome": ""})
    save(browser, "/usuarios/1", {"ativo": "sim"})
    save(browser, "/usuarios/1", {"passou": list(ABAS), "wpd": "sim"})
    empresas, usuarios = "/api/v1/empresas", "/api/v1/integracao/usuarios"
    pessoa = ("usuario", None, "PESSOA MODELO 01")
    assert told(sandbox) == [
        ("empresa", "00001", "EMPRESA MODELO 01 LTDA", "criado", 201, empresas),
        ("empresa", "00002", "N" * 51, "recusado", 422, empresas),
        (*pessoa, "criado", 201, usuarios),
        (*pessoa, "recusado", 422, f"{usuarios}/***"),
        (*pessoa, "alterado", 200, f"{usuarios}/***"),
        ("empresa", "00001", "OUTRA LTDA", "alterado", 200, "/empresas/1"),
        ("empresa", "00001", "OUTRA LTDA", "recusado", 422, "/empresas/1"),
        (*pessoa, "recusado", 422, "/usuarios/1"),
        (*pessoa, "alterado", 200, "/usuarios/1"),
    ]
    assert CPF not in repr(sandbox.registros)
    assert sandbox.registros[1].mensagem == "nome: tamanho deve estar entre 0 e 50"


def test_the_log_tells_of_writes_that_cannot_be_read_or_are_of_nobody(sandbox: Sandbox) -> None:
    written(sandbox, "POST", "empresas", ["no resource"])
    written(sandbox, "POST", "empresas", {"type": "empresas", "attributes": {"nome": 5, "externoid": 6}})
    written(sandbox, "PATCH", "empresas/7", {"type": "empresas", "id": "7", "attributes": {}})
    change_usuario(sandbox, ativo=True)
    # Two digits of a CPF are missing: nobody's, and still not to be told.
    short = {"type": "integracao/usuarios", "id": CPF[:9], "attributes": {}}
    written(sandbox, "PATCH", f"integracao/usuarios/{CPF[:9]}", short)
    assert CPF[:9] not in repr([row.caminho for row in sandbox.registros])
    assert [(row.tipo, row.status, row.nome, row.codigo) for row in sandbox.registros] == [
        ("empresa", 400, None, None),
        ("empresa", 500, None, None),
        ("empresa", 404, None, None),
        ("usuario", 404, None, None),
        ("usuario", 404, None, None),
    ]
    assert sandbox.registros[-1].mensagem == "usuário não encontrado"


def test_the_log_has_no_reads_no_other_types_and_nobody_without_the_token(sandbox: Sandbox) -> None:
    sandbox.seed()
    written(sandbox, "GET", "empresas", None)
    written(sandbox, "POST", "movimentos", {"type": "movimentos", "attributes": {}})
    written(sandbox, "POST", "empresas", {"type": "empresas", "attributes": {"nome": "A"}}, token="another")
    related = {"empresa": {"data": {"type": "empresas", "id": "1"}}}
    posted = {
        "type": "integracao/atendimentos",
        "attributes": {"descricao": "x"},
        "relationships": related,
    }
    assert written(sandbox, "POST", "integracao/atendimentos", posted) == 201
    assert sandbox.registros == ()


def test_the_logs_page_is_filtered_by_kind_outcome_text_and_period(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    assert "Nenhum registro ainda" in browser.get("/logs").text
    add_empresa(sandbox, nome="PADARIA SÃO JOÃO LTDA")
    add_empresa(sandbox, atividade="A" * 31, externoid="00002")
    add_usuario(sandbox)
    today = sandbox.registros[0].momento[:10]

    def found(**asked: str) -> int:
        return len(rows_of(browser.get("/logs", params=asked)))

    assert found() == 3
    assert (found(tipo="empresa"), found(tipo="usuario"), found(tipo="outro")) == (2, 1, 0)
    assert (found(resultado="criado"), found(resultado="recusado"), found(resultado="alterado")) == (2, 1, 0)
    assert (found(texto="sao joao"), found(texto="00002"), found(texto="tamanho deve")) == (1, 1, 1)
    assert (found(de=today), found(ate=today), found(de=today, ate=today)) == (3, 3, 3)
    assert (found(ate="2020-01-01"), found(de="2999-01-01")) == (0, 0)
    assert found(tipo="empresa", resultado="criado", texto="padaria", de=today) == 1
    assert "Nenhum registro com este filtro" in browser.get("/logs?texto=nada").text
    # Latest first.
    assert "PESSOA MODELO 01" in rows_of(browser.get("/logs"))[0]


def test_a_period_that_is_none_is_said_to_be_none(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox)
    page = browser.get("/logs?de=31/12/2026")
    assert (page.status_code, rows_of(page)) == (400, [])
    assert "O período não é válido." in page.text


def test_the_log_is_kept_in_the_file_and_a_file_from_before_it_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "portal.db"
    with Sandbox(path) as sandbox:
        add_empresa(sandbox)
        kept = sandbox.registros
    with Sandbox(path) as sandbox:
        assert sandbox.registros == kept
    file = sqlite3.connect(path)
    file.execute("DROP TABLE registros")
    file.close()
    with Sandbox(path) as sandbox:
        assert sandbox.registros == ()
        add_empresa(sandbox)
        assert len(sandbox.registros) == 1


def test_the_log_keeps_the_latest_ten_thousand_lines() -> None:
    store = Store()
    line: Columns = {"tipo": "empresa", "resultado": "criado", "status": 201, "caminho": "/api/v1/empresas"}
    with store.transaction(write=True):
        for _ in range(10_005):
            store.add_registro(line)
        kept = store.registros()
    store.close()
    assert (len(kept), kept[0].id, kept[-1].id) == (10_000, "6", "10005")


def test_what_a_client_says_stands_shortened_in_the_log(sandbox: Sandbox) -> None:
    add_empresa(sandbox, nome="N" * 5_000)
    assert sandbox.registros[0].nome == "N" * 300


# --------------------------------------------------------------------------- whom they refuse


SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def test_every_answer_tells_the_browser_to_trust_nothing(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox)
    answers = [browser.get(path) for path in ("/", "/logs", "/style.css", "/icon.svg", "/nada")]
    answers.append(browser.get("/", headers={"Host": "portal.example"}))
    saved = save(browser, "/empresas/1", {"nome": "OUTRA LTDA"})
    for answer in [*answers, saved, *saved.history]:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        assert "form-action 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert [answer.headers["content-type"].partition(";")[0] for answer in answers[:4]] == [
        "text/html",
        "text/html",
        "text/css",
        "image/svg+xml",
    ]


@pytest.mark.parametrize("host", ["portal.example", "127.0.0.1.portal.example", "10.0.0.1:80", "", "[::1]"])
def test_another_name_of_this_machine_is_refused(sandbox: Sandbox, server: Server, host: str) -> None:
    add_empresa(sandbox)
    answer = raw(server, f"GET /empresas HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 421 ")
    assert b"EMPRESA MODELO" not in answer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:8765", "127.0.0.1:9999"])
def test_this_machine_is_let_in_by_its_own_names(server: Server, host: str) -> None:
    answer = raw(server, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_host_that_is_none_is_a_bad_request(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert raw(server, b"GET / HTTP/1.1\r\nHost: [\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://portal.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_a_form_from_elsewhere_is_refused_even_with_the_right_token(
    sandbox: Sandbox, browser: httpx.Client, headers: dict[str, str]
) -> None:
    add_empresa(sandbox)
    form = {"csrf": csrf_of(browser, "/empresas/1"), "nome": "TOMADA LTDA"}
    assert browser.post("/empresas/1", data=form, headers=headers).status_code == 403
    own = {"Origin": str(browser.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert sandbox.empresas[0].nome == "EMPRESA MODELO 01 LTDA"
    assert browser.post("/empresas/1", data=form, headers=own).status_code == 200
    assert sandbox.empresas[0].nome == "TOMADA LTDA"


@pytest.mark.parametrize("csrf", [None, "", "x", "é"])
@pytest.mark.parametrize("path", ["/empresas/1", "/usuarios/1"])
def test_a_form_without_its_token_is_refused(
    sandbox: Sandbox, browser: httpx.Client, path: str, csrf: str | None
) -> None:
    sandbox.seed(empresas=1)
    before = (sandbox.empresas, sandbox.usuarios, sandbox.registros)
    form = {"nome": "TOMADA LTDA", "wpd": "sim", **({} if csrf is None else {"csrf": csrf})}
    refused = browser.post(path, data=form)
    assert (refused.status_code, "Abra-a de novo" in refused.text) == (403, True)
    assert (sandbox.empresas, sandbox.usuarios, sandbox.registros) == before


def test_the_token_of_one_server_is_none_of_anothers(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox)
    with sandbox.serve_pages() as other, httpx.Client(base_url=other.url, trust_env=False) as second:
        assert csrf_of(second, "/empresas/1") != csrf_of(browser, "/empresas/1")


def test_what_is_no_form_is_refused(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox)
    form = urlencode({"csrf": csrf_of(browser, "/empresas/1"), "nome": "TOMADA LTDA"})
    for kind in ("text/plain", "multipart/form-data", "application/json"):
        assert browser.post("/empresas/1", content=form, headers={"Content-Type": kind}).status_code == 415
    assert browser.post("/empresas/1", content=form).status_code == 415
    assert sandbox.empresas[0].nome == "EMPRESA MODELO 01 LTDA"


def test_a_form_has_bounds(sandbox: Sandbox, server: Server, browser: httpx.Client) -> None:
    add_empresa(sandbox)
    many = {f"campo{number}": "x" for number in range(200)}
    assert save(browser, "/empresas/1", {**many}).status_code == 400
    # Refused by its announced length: nothing of it is waited for.
    head = "POST /empresas/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n"
    assert raw(server, head.encode()).startswith(b"HTTP/1.1 413 ")
    assert save(browser, "/empresas/1", {"nome": "N" * 60_000}).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/nada",
        "/api",
        "/empresas/",
        "/empresas/99",
        "/empresas/01",
        "/empresas/x",
        "/empresas/1/x",
        "/usuarios/99",
        f"/empresas/{'9' * 40}",
        "/style.css/",
        "/static/style.css",
        "/templates/base.html",
        "/../pages/site.py",
        "/%2e%2e/site.py",
        "/..%2fsite.py",
        "//etc/passwd",
        "/style.css%00",
        "/icon.svg/../../site.py",
    ],
)
def test_an_address_that_is_none_is_a_page_that_says_so(sandbox: Sandbox, server: Server, path: str) -> None:
    add_empresa(sandbox)
    answer = raw(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert BANNER.encode() in answer


def test_a_page_is_read_or_sent_to_and_nothing_else(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox)
    refused = browser.post("/empresas", data={"csrf": csrf_of(browser, "/empresas/1")})
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    for verb in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = browser.request(verb, "/empresas/1")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
        assert "access-control-allow-origin" not in answer.headers
    assert browser.post("/style.css").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, "/style.css", "/nada"])
def test_a_head_is_a_page_without_its_body(sandbox: Sandbox, browser: httpx.Client, path: str) -> None:
    sandbox.seed()
    head, page = browser.head(path), browser.get(path)
    assert (head.status_code, head.headers, head.content) == (page.status_code, page.headers, b"")
    assert int(page.headers["content-length"]) == len(page.content)


def test_no_page_shows_the_token_or_a_whole_cpf(sandbox: Sandbox, browser: httpx.Client) -> None:
    sandbox.seed()
    add_usuario(sandbox)
    logins = [usuario.login for usuario in sandbox.usuarios]
    waiting, seen = ["/"], set[str]()
    while waiting:
        path = waiting.pop()
        page = browser.get(path)
        seen.add(path)
        assert page.status_code == 200
        assert not any(secret in page.text + str(page.url) for secret in (sandbox.token, *logins))
        links = (html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', page.text))
        waiting += [link for link in links if link not in seen]
    assert {"/empresas/3", "/usuarios/4", "/logs", "/style.css"} <= seen


HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}"


def test_names_and_searches_are_shown_and_never_run(sandbox: Sandbox, browser: httpx.Client) -> None:
    add_empresa(sandbox, nome=HOSTILE, bairro='"><img src=x>', externoid="</td>")
    add_usuario(sandbox, nome=HOSTILE)
    pages = [
        browser.get(path, params=params)
        for path, params in (
            ("/empresas", {"texto": "script"}),
            ("/empresas", {"texto": HOSTILE}),
            ("/empresas/1", {"salvo": HOSTILE}),
            ("/usuarios", {"texto": HOSTILE, "ativo": HOSTILE, "salvo": "1"}),
            ("/usuarios/1", {"aba": HOSTILE, "passou": HOSTILE}),
            ("/logs", {"texto": HOSTILE, "de": HOSTILE, "tipo": HOSTILE}),
            (f"/{HOSTILE}", {}),
        )
    ]
    pages.append(save(browser, "/empresas/1", {"nome": HOSTILE * 9}))
    for page in pages:
        assert not re.search(r"<script|<img|</td>\s*</td>", page.text)
    assert html.escape("<script>alert(1)</script>") in pages[0].text
    assert "{{ 7*7 }}" in pages[0].text
