"""Pictures of what people see: ``python docs/screenshots.py [NAME ...]`` makes all of them, or those that are named.

A real JupyterLab, the worklist's page, the sandbox's pages and a terminal, on the example office, in the system's Chromium.
What is started is ended and every file but the pictures is in one temporary folder. Needs POSIX, for the terminal.
"""

import errno
import io
import json
import os
import pty
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from attrs import frozen
from playwright.sync_api import Browser, Locator, Page, Route, sync_playwright
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

import econtador as ec
from econtador.demo import example_office
from econtador.sandbox import Sandbox

DOCS: Final = Path(__file__).parent
PICTURES: Final = DOCS / "screenshots"
NOTEBOOKS: Final = DOCS.parent / "examples" / "notebooks"

WIDTH: Final = 1200
A4: Final = (794, 1123)
"""In CSS pixels."""
COLUMNS: Final = 100
LONGEST: Final = 60.0
"""Seconds that anything may take."""

CHROMIUM: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

Scheme = Literal["light", "dark"]
Scene = Callable[[Browser, Path], AbstractContextManager[Page]]


@frozen
class Shot:
    """A picture: what is opened, how it is lit, and what is done to have in the window what matters."""

    scene: Scene
    show: Callable[[Page], None]
    scheme: Scheme = "light"


# ---------------------------------------------------------------------- any page


@contextmanager
def tab(browser: Browser, base_url: str | None = None) -> Iterator[Page]:
    """A new tab that reaches this machine and nothing else."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 800}, base_url=base_url, locale="pt-BR")
    context.set_default_timeout(LONGEST * 1000)
    context.route(lambda url: not url.startswith("http://127.0.0.1:"), _refuse)
    try:
        yield context.new_page()
    finally:
        context.close()


def _refuse(route: Route) -> None:
    route.abort()


def resize(page: Page, height: float, width: int = WIDTH) -> None:
    page.set_viewport_size({"width": width, "height": round(height)})


def whole(page: Page, most: int = 1000) -> None:
    """The page from its top to its end, or to *most* pixels."""
    resize(page, 200)
    resize(page, min(most, int(page.evaluate("document.documentElement.scrollHeight"))))


# ---------------------------------------------------------------------- JupyterLab

LAB_SETTINGS: Final[Mapping[str, Mapping[str, object]]] = {
    # The theme is the browser's, so that one run of a notebook is seen in both.
    "apputils-extension/themes": {"adaptive-theme": True},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # One document, without the file browser and the paths in it.
    "application-extension/shell": {"startMode": "single"},
    "statusbar-extension/plugin": {"visible": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
RUN: Final = """async () => {
    const app = window.jupyterapp
    await app.restored
    const notebook = app.shell.currentWidget
    await notebook.context.ready
    await notebook.sessionContext.ready
    await app.commands.execute("application:toggle-left-area")
    for (const side of ["left", "right"])
        await app.commands.execute("application:toggle-side-tabbar", {side})
    await app.commands.execute("notebook:run-all-cells")
}"""
"""In the page, when JupyterLab is there: away with what is at the sides, and run; over when the last cell is."""


@contextmanager
def notebook(name: str, browser: Browser, folder: Path) -> Iterator[Page]:
    """The notebook in JupyterLab, run from its first cell to its last."""
    home = folder / "lab"
    copy_notebooks(home / "cadernos")
    token = secrets.token_hex(16)
    with jupyterlab(home, token) as url, tab(browser, url) as page:
        page.goto(f"/lab/tree/{name}?token={token}")
        page.locator(".jp-CodeCell").first.wait_for()
        page.evaluate(RUN)
        failed = page.locator('[data-mime-type="application/vnd.jupyter.error"]')
        assert not failed.count(), failed.first.inner_text()
        yield page


def copy_notebooks(folder: Path) -> None:
    """The notebooks with the office's files beside them: where these are on this machine is nobody's business."""
    shutil.copytree(example_office(), folder)
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        text = notebook.read_text(encoding="utf-8").replace(r"example_office() / \"", r"\"")
        (folder / notebook.name).write_text(text, encoding="utf-8")


@contextmanager
def jupyterlab(home: Path, token: str) -> Iterator[str]:
    """A JupyterLab of its own, as new: its address. Its settings, and what notebooks write, are in *home*."""
    for setting, values in LAB_SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{setting}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += [
        "--allow-root",
        f"--ServerApp.root_dir={home / 'cadernos'}",
        "--LabApp.expose_app_in_browser=True",
    ]
    with (home / "log").open("wb") as log:
        lab = subprocess.Popen(command, env=_lab_environment(home, token), stdout=log, stderr=log)
    try:
        yield _address(lab, home)
    finally:
        end(lab)


def _lab_environment(home: Path, token: str) -> Mapping[str, str]:
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "TMPDIR": "temporary",
    }
    for place in places.values():
        (home / place).mkdir(exist_ok=True)
    # The token is no argument: other users of the machine could list those.
    return {
        **os.environ,
        **{name: str(home / place) for name, place in places.items()},
        "JUPYTER_TOKEN": token,
    }


def _address(lab: subprocess.Popen[bytes], home: Path) -> str:
    """Where *lab* listens, once it does. Raises SystemExit if it ends, or takes too long."""
    said = home / "runtime" / f"jpserver-{lab.pid}.json"
    until = time.monotonic() + LONGEST
    while not (said.exists() and said.stat().st_size):
        if lab.poll() is not None or time.monotonic() > until:
            raise SystemExit(
                f"JupyterLab did not start:\n{(home / 'log').read_text(errors='replace')[-2000:]}"
            )
        time.sleep(0.1)
    return str(json.loads(said.read_text(encoding="utf-8"))["url"])


def end(process: subprocess.Popen[bytes]) -> None:
    """End it, asking first: a JupyterLab that is asked ends its kernels too."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cell(source: str, page: Page, most: int = 1000) -> None:
    """The cell with *source* in it, at the top of the window, with what it gave."""
    chosen = page.locator(".jp-CodeCell").filter(has_text=source)
    box = chosen.bounding_box()
    assert box is not None, source
    resize(page, min(most, box["height"] + _above(chosen) + 8))
    chosen.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(500)


def _above(chosen: Locator) -> float:
    """Pixels of the window over the notebook: menu and tools."""
    return float(
        chosen.evaluate("cell => cell.closest('.jp-WindowedPanel-outer').getBoundingClientRect().top")
    )


# ---------------------------------------------------------------------- the worklist

CHOSEN: Final = ("00001", "00007", "00009", "00014", "00038")


@contextmanager
def worklist(ticked: bool, browser: Browser, folder: Path) -> Iterator[Page]:
    """The list of five companies and two users; *ticked*: after a person integrated three, and the portal was read."""
    office = example_office()
    empresas = ec.read_empresas(office / "empresas.csv", proemp="PROEMP00").records
    usuarios = ec.read_usuarios(office / "usuarios.csv").records
    with (
        Sandbox() as sandbox,
        integrator(sandbox) as here,
        integrator(sandbox) as elsewhere,
        tab(browser) as page,
    ):
        plans = (
            here.plan_empresas(empresas, selected=CHOSEN),
            here.plan_usuarios(usuarios, selected=["ADMIN", "CAIO"]),
        )
        todo = here.worklist(*plans)
        if ticked:
            elsewhere.apply(elsewhere.plan_empresas(empresas, selected=CHOSEN[:3]))
            todo = todo.ticked(here.verify(todo))
        page.set_content(todo.to_html(escritorio="Escritório Modelo"))
        yield page


def integrator(sandbox: Sandbox) -> ec.Integrator:
    policy = ec.Policy(proemp="PROEMP00")
    return ec.Integrator(sandbox.client(), policy=policy, journal=":memory:", operador="ADMIN")


def printed(page: Page) -> None:
    """The first sheet of paper, as far as a window shows it: the margins are given, what goes to the next sheet is hidden."""
    page.emulate_media(media="print")
    page.add_style_tag(content="html { background: #fff } body { padding: 14mm 12mm !important }")
    resize(page, A4[1], A4[0])
    page.evaluate(
        """end => { for (const part of document.querySelectorAll("dl, p, h2, h3, li, tr, table"))
            if ((part.matches("table") ? part.tHead : part).getBoundingClientRect().bottom > end)
                part.style.display = "none" }""",
        A4[1] - 53,
    )


# ---------------------------------------------------------------------- the sandbox's pages


@contextmanager
def portal(browser: Browser, folder: Path) -> Iterator[Page]:
    """The pages after the office was integrated, one user activated, and one activated too soon."""
    office = example_office()
    empresas = ec.read_empresas(office / "empresas.csv", proemp="PROEMP00").records
    usuarios = ec.read_usuarios(office / "usuarios.csv").records
    with Sandbox() as sandbox, sandbox.serve_pages() as server, integrator(sandbox) as here:
        chosen = [empresa.codigo for empresa in empresas if empresa.uf in {"DF", "SP"}]
        here.apply(here.plan_empresas(empresas, selected=chosen))
        here.apply(here.plan_usuarios(usuarios))
        here.activate_usuarios(["ADMIN"])
        with tab(browser, server.url) as page:
            too_soon(page)
            yield page


def too_soon(page: Page) -> None:
    page.goto("/usuarios/3")
    page.get_by_label("Ativo").check()
    save(page)


def address(path: str, page: Page) -> None:
    page.goto(path)
    whole(page)


def tabs(page: Page) -> None:
    """A user in the middle of being activated, who was saved too soon."""
    too_soon(page)
    for _ in range(2):
        page.get_by_role("button", name="Próxima aba").click()
    page.get_by_label("permissão para todos os departamentos").check()
    save(page)
    whole(page)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Salvar").click()


# ---------------------------------------------------------------------- a terminal

COMMAND: Final = "econtador plan empresas empresas.csv --proemp PROEMP00 --selected 00001,00007,00009,00047"
SHEET: Final = (
    '<body style="margin:0;background:#191919"><pre style="margin:0;width:max-content;padding:20px 24px;color:#dee2e6;'
    "font:14px/1.4 'DejaVu Sans Mono',Menlo,Consolas,monospace\">{code}</pre></body>"
)


@contextmanager
def terminal(browser: Browser, folder: Path) -> Iterator[Page]:
    """What the command line answers to a person."""
    shutil.copy(example_office() / "empresas.csv", folder)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    console.print(f"[bold green]$[/] {COMMAND}")
    console.print(Text.from_ansi(in_a_terminal(COMMAND, folder)))
    with tab(browser) as page:
        page.set_content(console.export_html(theme=DIMMED_MONOKAI, code_format=SHEET, inline_styles=True))
        yield page


def whole_screen(page: Page) -> None:
    width = page.locator("pre").evaluate("pre => pre.offsetWidth")
    resize(page, 900, width)


def in_a_terminal(command: str, folder: Path) -> str:
    """What *command* writes where it believes that a person is looking."""
    ours, its = pty.openpty()
    environment = {
        **os.environ,
        "COLUMNS": str(COLUMNS),
        "TERM": "xterm",
        "ECONTADOR_OPERADOR": "ADMIN",
        "ECONTADOR_SANDBOX": "portal.db",
    }
    arguments = [sys.executable, "-m", *command.split()]
    with open(ours, "rb", buffering=0) as screen:
        try:
            process = subprocess.Popen(
                arguments, cwd=folder, env=environment, stdin=its, stdout=its, stderr=its
            )
        finally:
            os.close(its)
        try:
            return b"".join(iter(partial(_read, screen.fileno()), b"")).decode().replace("\r\n", "\n")
        finally:
            end(process)


def _read(screen: int) -> bytes:
    try:
        return os.read(screen, 65536)
    except OSError as error:
        if error.errno != errno.EIO:  # Linux says so when nobody writes any more
            raise
        return b""


# ---------------------------------------------------------------------- all of them

FIRST_LOOK: Final[Scene] = partial(notebook, "primeiro_olhar.ipynb")
INTEGRATE: Final[Scene] = partial(notebook, "escolher_e_integrar.ipynb")
VERIFY: Final[Scene] = partial(notebook, "conferir.ipynb")
TODO: Final[Scene] = partial(worklist, False)
TICKED: Final[Scene] = partial(worklist, True)
PLAN: Final = partial(cell, "plano = integrador.plan_empresas")
REPORT: Final = partial(cell, "with ec.Progress")
VERIFICATION: Final = partial(cell, "conferencia = integrador.verify()")
LOGS: Final = partial(cell, "integrador.logs(kind=")

SHOTS: Final[Mapping[str, Shot]] = {
    "notebook-reading": Shot(FIRST_LOOK, partial(cell, "lidas = ec.read_empresas")),
    "notebook-light": Shot(INTEGRATE, PLAN),
    "notebook-dark": Shot(INTEGRATE, PLAN, "dark"),
    "notebook-report-light": Shot(INTEGRATE, REPORT),
    "notebook-report-dark": Shot(INTEGRATE, REPORT, "dark"),
    "notebook-logs-light": Shot(VERIFY, LOGS),
    "notebook-logs-dark": Shot(VERIFY, LOGS, "dark"),
    "notebook-verification-light": Shot(VERIFY, VERIFICATION),
    "notebook-verification-dark": Shot(VERIFY, VERIFICATION, "dark"),
    "worklist": Shot(TODO, whole),
    "worklist-dark": Shot(TODO, whole, "dark"),
    "worklist-print": Shot(TODO, printed),
    "worklist-ticked": Shot(TICKED, whole),
    "portal-empresas": Shot(portal, partial(address, "/empresas")),
    "portal-empresas-dark": Shot(portal, partial(address, "/empresas"), "dark"),
    "portal-empresa": Shot(portal, partial(address, "/empresas/1")),
    "portal-empresa-dark": Shot(portal, partial(address, "/empresas/1"), "dark"),
    "portal-usuarios": Shot(portal, partial(address, "/usuarios")),
    "portal-usuarios-dark": Shot(portal, partial(address, "/usuarios"), "dark"),
    "portal-logs": Shot(portal, partial(address, "/logs")),
    "portal-logs-dark": Shot(portal, partial(address, "/logs"), "dark"),
    # Last, since it adds to the log.
    "portal-usuario": Shot(portal, tabs),
    "portal-usuario-dark": Shot(portal, tabs, "dark"),
    "terminal": Shot(terminal, whole_screen),
}
"""Name of the file, to what is in it. Those of one scene stand together: it is opened once."""


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SHOTS]
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if unknown or chromium is None:
        print(
            f"not known: {', '.join(unknown)}. There are: {', '.join(SHOTS)}"
            if unknown
            else "no Chromium or Chrome on this machine",
            file=sys.stderr,
        )
        return 2
    wanted = [(name, shot) for name, shot in SHOTS.items() if name in names or not names]
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="econtador-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        for scene, shots in groupby(wanted, key=lambda named: named[1].scene):
            with scene(browser, Path(tempfile.mkdtemp(dir=folder))) as page:
                for name, shot in shots:
                    take(page, shot, PICTURES / f"{name}.png")
        browser.close()
    return 0


def take(page: Page, shot: Shot, file: Path) -> None:
    page.emulate_media(color_scheme=shot.scheme)
    shot.show(page)
    file.write_bytes(page.screenshot(animations="disabled"))
    print(f"{file.name}: {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
