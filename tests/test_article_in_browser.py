"""The vendor's article from its first line to its last, its second half in a real browser at the sandbox's pages."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

import econtador as ec
from econtador.demo import example_office
from econtador.integration.report import Verified
from econtador.sandbox import Sandbox

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
TABS = (
    *("Empresas", "Departamento – WPD", "Permissões", "Certidões", "Categorias"),
    *("Atendimentos", "Karoo", "Notificações"),
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome on this machine")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab of its own. No page opens a dialog or runs a script that fails."""
    context = chromium.new_context()
    opened = context.new_page()
    said: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    opened.on("dialog", dismiss)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []


def cell(page: Page, row: str, column: str) -> str:
    """What the row of a list with *row* in it has in *column*."""
    return page.get_by_role("row").filter(has_text=row).locator(f'[data-label="{column}"]').inner_text()


def checks_of(integrator: ec.Integrator) -> Mapping[str, tuple[Verified, tuple[str, ...]]]:
    return {check.codigo: (check.verified, check.differences) for check in integrator.verify().checks}


def test_the_article_from_the_first_line_to_the_last(tmp_path: Path, page: Page) -> None:
    with Sandbox(tmp_path / "portal.db") as sandbox, sandbox.serve_pages() as server:
        client = ec.Client(sandbox.token, base_url=server.url, writes=ec.CONVENTION)
        policy = ec.Policy(proemp="PROEMP00")
        with (
            client,
            ec.Integrator(client, policy=policy, journal=tmp_path / "j.journal", operador="ADMIN") as it,
        ):
            # "Integrando Empresas": by ADMIN, of one PROEMP, those that will really be worked on.
            lidas = ec.read_empresas(example_office() / "empresas.csv", proemp="PROEMP00")
            plan = it.plan_empresas(lidas.records, selected=["00001", "00007", "00009", "00044", "00045"])
            statuses = {
                action.codigo: action.status for action in plan.actions if action.verdict is ec.Verdict.SKIP
            }
            assert {statuses[codigo] for codigo in ("00044", "00045")} == {ec.Status.DESLIGADA}
            assert it.apply(plan).sent == 3
            see_and_edit_the_companies(page, server.url)

            # "Integrando Usuários": no PROEMP to select; they arrive inactive.
            pessoas = ec.read_usuarios(example_office() / "usuarios.csv")
            assert it.apply(it.plan_usuarios(pessoas.records, selected=["ADMIN", "CAIO"])).sent == 2
            activate_a_user(page)
            look_into_the_logs(page)

            # Read back: the edit of the name is seen, that of the atividade cannot be.
            assert checks_of(it) == {
                "00001": (Verified.EQUAL, ()),
                "00007": (Verified.EQUAL, ()),
                "00009": (Verified.DIFFERS, ("nome",)),
                "ADMIN": (Verified.EQUAL, ()),
                "CAIO": (Verified.EQUAL, ()),
            }
            integrated = it.journal.records(ec.Kind.EMPRESA)
            assert {
                codigo for codigo, record in integrated.items() if record.status is ec.Status.INTEGRADO
            } == {
                "00001",
                "00007",
                "00009",
            }
            # Once only: what a person mended in the portal is not sent over.
            assert it.apply(plan).sent == 0
        assert sandbox.empresas[2].nome == "BNDES - BANCO NACIONAL DE DESENVOLVIMENTO"
        assert [usuario.ativo for usuario in sandbox.usuarios] == [True, False]


def see_and_edit_the_companies(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text("portal de treino: nada aqui é do eContador")).to_be_visible()
    page.get_by_role("link", name="aqui: Empresas").click()
    expect(page.get_by_text("3 empresas")).to_be_visible()
    assert cell(page, "00009", "Razão Social") == "BANCO NACIONAL DE DESENVOLVIMENTO ECONÔMICO E SOCI 50/50"
    assert cell(page, "00009", "Atividade") == "Bancos de desenvolvimento 25/30"
    assert cell(page, "00001", "Endereço").endswith(" 50/50")

    page.get_by_label("Procurar").fill("desenvolvimento economico")
    page.get_by_role("button", name="Filtrar").click()
    expect(page.get_by_text("1 empresa", exact=True)).to_be_visible()
    page.get_by_role("link", name="Editar").click()
    name = page.get_by_label("Razão Social")
    name.fill("")
    # The field takes no more than 50, however much is typed.
    name.press_sequentially("N" * 60)
    expect(name).to_have_value("N" * 50)
    name.fill("BNDES - BANCO NACIONAL DE DESENVOLVIMENTO")
    page.get_by_label("Atividade").fill("Banco de fomento")
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_role("status")).to_have_text("Salvo.")
    expect(page.get_by_role("heading", level=1)).to_have_text("BNDES - BANCO NACIONAL DE DESENVOLVIMENTO")
    page.get_by_role("link", name="← Empresas").click()
    assert cell(page, "00009", "Atividade") == "Banco de fomento 16/30"


def activate_a_user(page: Page) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Usuários").click()
    assert cell(page, "ADMINISTRADOR", "Ativo") == cell(page, "CAIO", "Ativo") == "Não"
    page.get_by_role("link", name="Editar ADMINISTRADOR DO SISTEMA").click()
    page.get_by_label("Ativo").check()
    save, refused = page.get_by_role("button", name="Salvar"), page.get_by_role("alert")
    save.click()
    expect(refused).to_contain_text("passe por todas as abas. Falta: Empresas, Departamento – WPD")
    expect(page.get_by_label("Ativo")).to_be_checked()

    tabs = page.get_by_role("group", name="Abas")
    for tab in TABS:
        tabs.get_by_role("button", name=re.compile(f"^{tab}")).click()
        expect(page.get_by_role("heading", level=2)).to_have_text(tab)
    expect(page.get_by_text("9 de 9 abas passadas")).to_be_visible()
    save.click()
    expect(refused).to_contain_text("Marque a opção da aba Departamento – WPD")
    expect(refused).not_to_contain_text("Falta")
    tabs.get_by_role("button", name=re.compile("^Departamento – WPD")).click()
    page.get_by_label("permissão para todos os departamentos").check()
    page.get_by_role("button", name="Próxima aba").click()
    save.click()
    expect(page.get_by_role("status")).to_have_text("ADMINISTRADOR DO SISTEMA foi salvo e está ativo.")
    assert (cell(page, "ADMINISTRADOR", "Ativo"), cell(page, "CAIO", "Ativo")) == ("Sim", "Não")


def look_into_the_logs(page: Page) -> None:
    page.get_by_role("link", name="LOGs de Integração").click()
    # 3 companies, 2 users, 2 edits and 2 refused saves.
    expect(page.get_by_text("9 registros")).to_be_visible()
    page.get_by_label("Tipo").select_option("Usuários")
    page.get_by_label("Resultado").select_option("recusado")
    page.get_by_role("button", name="Filtrar").click()
    expect(page.get_by_text("2 registros")).to_be_visible()
    expect(page.get_by_role("row").nth(2)).to_contain_text("passe por todas as abas")
    expect(page.get_by_label("Resultado")).to_have_value("recusado")


def test_a_company_that_is_named_like_a_script_is_text(page: Page) -> None:
    hostile = "<script>alert(1)</script>"
    empresa = ec.EmpresaGap(
        "00001", "PROEMP00", hostile, "11.222.333/0001-81", bairro='"><img src=x onerror=alert(2)>'[:20]
    )
    with (
        Sandbox() as sandbox,
        sandbox.serve_pages() as server,
        ec.Client(sandbox.token, base_url=server.url, writes=ec.CONVENTION) as client,
        ec.Integrator(
            client, policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
        ) as it,
    ):
        it.apply(it.plan_empresas([empresa], selected=ec.TODAS))
        for path in ("/empresas", "/logs"):
            page.goto(server.url + path)
            expect(page.get_by_text(hostile)).to_be_visible()
            expect(page.locator("script, img")).to_have_count(0)
        page.goto(f"{server.url}/empresas/1")
        expect(page.get_by_label("Razão Social")).to_have_value(hostile)
        expect(page.get_by_role("heading", level=1)).to_have_text(hostile)


def test_a_form_on_another_page_changes_nothing(tmp_path: Path, page: Page) -> None:
    with Sandbox() as sandbox, sandbox.serve_pages() as server, sandbox.serve() as elsewhere:
        sandbox.seed(empresas=1)
        before = sandbox.empresas
        page.goto(f"{server.url}/empresas/1")
        token = page.locator("[name=csrf]").get_attribute("value")
        # Another port of this machine is another site's page, here one that has even got hold of the token.
        page.goto(elsewhere.url)
        page.set_content(
            f'<form method="post" action="{server.url}/empresas/1"><input name="csrf" value="{token}">'
            '<input name="nome" value="TOMADA LTDA"><button>Ganhe um prêmio</button></form>'
        )
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("O formulário não veio de uma página")
        assert sandbox.empresas == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 800, 1280])
def test_no_page_is_wider_than_its_window(chromium: Browser, width: int, scheme: str) -> None:
    with Sandbox() as sandbox, sandbox.serve_pages() as server:
        sandbox.seed(empresas=30, funcionarios=0)
        wide = {"width": width, "height": 800}
        context = chromium.new_context(viewport=wide, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for path in ("/", "/empresas", "/empresas/1", "/usuarios", "/usuarios/1", "/logs", "/nada"):
            page.goto(server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert (
                page.evaluate("getComputedStyle(document.body).backgroundColor")
                == {
                    "light": "rgb(236, 239, 240)",
                    "dark": "rgb(16, 20, 22)",
                }[scheme]
            )
        context.close()
