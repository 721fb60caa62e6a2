"""The command line: one command, one answer, one exit code. Everything over a sandbox in a file."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from attrs import evolve, frozen

import econtador as ec
from econtador.__main__ import main
from econtador.cli.exits import Exit
from econtador.cli.mistakes import SENTENCES
from econtador.demo import example_office
from econtador.sandbox import Sandbox

OFFICE = example_office()
EMPRESAS, USUARIOS = str(OFFICE / "empresas.csv"), str(OFFICE / "usuarios.csv")
CPF = re.compile(r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)")


@frozen
class Said:
    """What came of one command."""

    exit: int
    out: str
    err: str

    @property
    def document(self) -> Mapping[str, object]:
        document: Mapping[str, object] = json.loads(self.out)
        return document


@frozen
class Terminal:
    """A folder to work in."""

    capsys: pytest.CaptureFixture[str]

    def run(self, line: str) -> Said:
        self.capsys.readouterr()
        code = main(line.split())
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ECONTADOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ECONTADOR_SANDBOX", "portal.db")
    monkeypatch.setenv("ECONTADOR_OPERADOR", "ADMIN")
    monkeypatch.setenv("ECONTADOR_PROEMP", "PROEMP00")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return Terminal(capsys)


PLAN = f"plan empresas {EMPRESAS} --selected 00001,00002 --selected 00003 --save plano.json"


# ------------------------------------------------------------------ the day's work


def test_a_plan_is_made_saved_applied_once_and_proved(terminal: Terminal) -> None:
    made = terminal.run(PLAN)
    assert made.out.startswith("Plano de empresas (PROEMP00): integrar: 3")
    assert not Path("escritorio.journal").exists() or terminal.run("logs --json").document["rows"] == []
    done = terminal.run("apply plano.json --yes --json")
    assert (done.exit, done.document["ok"], done.document["sent"]) == (Exit.OK, True, 3)
    again = terminal.run("apply plano.json --yes --json")
    assert (again.exit, again.document["sent"]) == (Exit.OK, 0)
    seen = terminal.run("verify --json").document
    assert seen["counts"] == {"equal": 3, "differs": 0, "missing": 0, "extra": 0}
    assert "atividade" in str(seen["unverifiable"])
    logs = terminal.run("logs --outcome integrated --kind empresa --json").document["rows"]
    assert isinstance(logs, list) and [row["codigo"] for row in logs] == ["00001", "00002", "00003"]
    audited = terminal.run("audit --json")
    assert audited.exit == Exit.OK and audited.document["ok"] is True


def test_users_are_planned_integrated_and_activated(terminal: Terminal) -> None:
    planned = terminal.run(f"plan usuarios {USUARIOS} --save usuarios.json --json").document
    count = planned["counts"]["integrar"]  # type: ignore[index]
    assert count > 0
    assert terminal.run("apply usuarios.json --yes --workers 2").exit in {Exit.OK, Exit.ATTENTION}
    activated = terminal.run("activate --yes --json").document
    assert activated["counts"] == {"activated": count}
    with Sandbox("portal.db") as sandbox:
        assert all(usuario.ativo for usuario in sandbox.usuarios)


def test_a_worklist_is_made_and_what_a_person_did_is_noted(terminal: Terminal) -> None:
    terminal.run(PLAN)
    made = terminal.run("worklist plano.json --html lista.html --xlsx lista.xlsx --json")
    keys = [item["key"] for item in made.document["items"]]  # type: ignore[attr-defined]
    assert "marcar/empresa/00001" in keys and "<html" in Path("lista.html").read_text("utf-8")
    assert Path("lista.xlsx").read_bytes().startswith(b"PK")
    by_hand = ec.Plan.from_json(Path("plano.json").read_text("utf-8"))
    with Sandbox("portal.db") as sandbox, sandbox.client() as client:
        for action in by_hand.actions[:1]:
            client.empresas.create(action.draft)  # type: ignore[arg-type]
    looked = terminal.run("verify plano.json --json")
    assert looked.exit == Exit.ATTENTION  # two are missing
    assert looked.document["counts"]["missing"] == 2  # type: ignore[index]
    planned = terminal.run(PLAN + " --json").document["counts"]
    assert (planned["manter"], planned["integrar"]) == (1, 2)  # type: ignore[index]


def test_a_file_is_looked_at_without_portal_or_journal(terminal: Terminal) -> None:
    seen = terminal.run(f"profile {EMPRESAS} --json")
    assert seen.exit in {Exit.OK, Exit.ATTENTION}
    assert seen.document["kind"] == "empresas" and "codigo" in seen.document["columns"]  # type: ignore[operator]
    assert not list(Path().iterdir())


def test_what_is_interrupted_is_gone_on_with(terminal: Terminal) -> None:
    terminal.run(PLAN)
    plan = ec.Plan.from_json(Path("plano.json").read_text("utf-8"))
    with (
        Sandbox("portal.db") as sandbox,
        sandbox.client() as client,
        ec.Integrator(client, policy=plan.policy, journal="escritorio.journal", operador="ADMIN") as office,
    ):
        for _ in office.steps(plan):
            break
    assert terminal.run("resume").exit == Exit.USAGE
    resumed = terminal.run("resume --yes --json")
    assert (resumed.exit, resumed.document["sent"]) == (Exit.OK, 2)
    assert terminal.run("resume --json").document["sent"] == 0


def test_códigos_may_come_from_a_file(terminal: Terminal) -> None:
    Path("codigos.txt").write_text("00001\n00007\n", "utf-8")
    made = terminal.run(f"plan empresas {EMPRESAS} --selected @codigos.txt --json").document
    rows = made["rows"]
    assert isinstance(rows, list)
    chosen = {row["codigo"] for row in rows if row["motivo"] and "selecionado" not in row["motivo"]}
    assert {"00001", "00007"} <= chosen
    missing = terminal.run(f"plan empresas {EMPRESAS} --selected @nada.txt --json")
    assert (missing.exit, missing.document["error"]["code"]) == (Exit.REFUSED, "missing-file")  # type: ignore[index]


def test_logs_are_saved_for_others(terminal: Terminal) -> None:
    terminal.run(PLAN)
    terminal.run("apply plano.json --yes")
    assert terminal.run("logs --since 2026-01-01 --text lido --csv nada.csv").exit == Exit.OK
    assert terminal.run("logs --csv logs.csv").exit == Exit.OK
    lines = Path("logs.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) > 3 and "00001" in "".join(lines)


# ------------------------------------------------------------------ asking


class Person(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "sent"), [("s\n", 3), ("Sim\n", 3), ("n\n", 0), ("\n", 0), ("", 0)])
def test_nothing_is_sent_without_a_yes(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, answer: str, sent: int
) -> None:
    terminal.run(PLAN)
    monkeypatch.setattr(sys, "stdin", Person(answer))
    said = terminal.run("apply plano.json")
    assert "uma única vez?" in said.err
    assert said.exit == (Exit.OK if sent else Exit.USAGE)
    with Sandbox("portal.db") as sandbox:
        assert len(sandbox.empresas) == sent


@pytest.mark.parametrize("command", ["apply plano.json", "activate", "release 00001"])
def test_where_nobody_can_be_asked_the_answer_is_no(terminal: Terminal, command: str) -> None:
    terminal.run(PLAN)
    terminal.run("apply plano.json --yes") if command != "apply plano.json" else None
    said = terminal.run(f"{command} --json")
    assert said.exit == Exit.USAGE
    assert said.document["error"]["code"] == "unconfirmed"  # type: ignore[index]


# ------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize(
    ("line", "code", "exit"),
    [
        ("profile nada.csv", "missing-file", Exit.REFUSED),
        ("apply nada.json --yes", "missing-file", Exit.REFUSED),
        ("apply torto.json --yes", "invalid-plan", Exit.REFUSED),
        ("apply bytes.json --yes", "invalid-plan", Exit.REFUSED),
        ("logs", "journal-unreadable", Exit.REFUSED),
        ("verify", "journal-unreadable", Exit.REFUSED),
        (f"plan empresas {EMPRESAS}", "empty-selection", Exit.REFUSED),
        (f"plan empresas {EMPRESAS} --selected 99999", "unknown-codigo", Exit.REFUSED),
        (f"plan empresas {EMPRESAS} --todas --operador ANA", "operator-not-admin", Exit.REFUSED),
    ],
)
def test_an_error_has_a_code_a_sentence_and_an_exit(
    terminal: Terminal, line: str, code: str, exit: Exit
) -> None:
    Path("torto.json").write_text("{}", "utf-8")
    Path("bytes.json").write_bytes(b"\xff\xfe\x00")
    said = terminal.run(f"{line} --json")
    error = said.document["error"]
    assert (said.exit, error["code"], error["sentence"]) == (exit, code, SENTENCES[code])  # type: ignore[index]
    said = terminal.run(line)
    assert (said.exit, said.out) == (exit, "")
    assert f"{SENTENCES[code]} [{code}]" in said.err


def test_every_error_has_its_sentence() -> None:
    def codes(kind: type[ec.EcontadorError]) -> Iterator[str]:
        yield kind.code
        for narrower in kind.__subclasses__():
            yield from codes(narrower)

    assert set(codes(ec.EcontadorError)) == SENTENCES.keys()
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


@pytest.mark.parametrize("line", ["", "nada", "apply", "plan empresas x --todas --nada", "logs --kind x"])
def test_what_is_not_understood_does_nothing(terminal: Terminal, line: str) -> None:
    assert terminal.run(line).exit in ({Exit.OK} if not line else {Exit.USAGE})
    assert not list(Path().iterdir())


def test_an_alarm_wants_its_own_yes(terminal: Terminal) -> None:
    terminal.run(f"plan empresas {EMPRESAS} --todas --save plano.json")
    terminal.run("apply plano.json --yes")
    lidas = ec.read_empresas(EMPRESAS, proemp="PROEMP00")
    outras = [evolve(empresa, razao_social=f"OUTRA {empresa.codigo}") for empresa in lidas.records]
    ec.write_csv(outras, "outra.csv")
    planned = terminal.run("plan empresas outra.csv --todas --save plano.json --json")
    assert (planned.exit, planned.document["alarms"]) == (Exit.ATTENTION, ["renamed"])
    assert terminal.run("apply plano.json --yes").exit == Exit.REFUSED
    assert terminal.run("apply plano.json --yes --allow renamed").exit in {Exit.OK, Exit.ATTENTION}


def test_personal_data_is_on_no_screen(terminal: Terminal) -> None:
    lines = (
        f"profile {USUARIOS}",
        f"plan usuarios {USUARIOS} --save usuarios.json",
        "worklist usuarios.json",
        "apply usuarios.json --yes",
        "verify",
        "logs",
    )
    for line in lines:
        said = terminal.run(line)
        shown = said.out + said.err
        assert not CPF.search(shown) and "@" not in shown, line


# ------------------------------------------------------------------ a token


class Safe(keyring.backend.KeyringBackend):
    """A safe in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("none")


class Broken(Safe):
    """A safe that does not open."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("locked")

    def delete_password(self, service: str, username: str) -> None:
        raise keyring.errors.KeyringLocked("locked")


@pytest.fixture
def safe() -> Iterator[Safe]:
    former = keyring.get_keyring()
    keyring.set_keyring(made := Safe())
    yield made
    keyring.set_keyring(former)


def test_the_token_comes_from_the_environment_or_the_safe(
    terminal: Terminal, safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ECONTADOR_SANDBOX")
    with Sandbox("portal.db") as sandbox, sandbox.serve() as server:
        monkeypatch.setenv("ECONTADOR_BASE_URL", server.url)
        assert terminal.run("check --json").document["error"]["code"] == "missing-token"  # type: ignore[index]
        monkeypatch.setattr("getpass.getpass", lambda _: f" {sandbox.token} ")
        assert terminal.run("login").exit == Exit.OK
        checked = terminal.run("check --json")
        assert (checked.exit, checked.document["ok"]) == (Exit.OK, True)
        assert "Conta" in terminal.run("check").out
        monkeypatch.setenv("ECONTADOR_TOKEN", "errada")
        refused = terminal.run("check")
        assert refused.exit == Exit.PORTAL and "errada" not in refused.out + refused.err
        monkeypatch.delenv("ECONTADOR_TOKEN")
        assert "retirada" in terminal.run("logout").out
        assert "Não havia" in terminal.run("logout").out
        assert terminal.run("check").exit == Exit.REFUSED
        assert sandbox.token not in str(safe.kept)


def test_a_safe_that_does_not_open_is_told(
    terminal: Terminal, safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ECONTADOR_SANDBOX")
    monkeypatch.setattr("getpass.getpass", lambda _: "uma-chave")
    keyring.set_keyring(Broken())
    for line in ("check", "login", "logout"):
        said = terminal.run(line)
        assert said.exit == Exit.REFUSED and "[missing-token]" in said.err and "uma-chave" not in said.err


def test_a_portal_that_is_not_there_is_told(
    terminal: Terminal, safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ECONTADOR_SANDBOX")
    monkeypatch.setenv("ECONTADOR_TOKEN", "t")
    monkeypatch.setenv("ECONTADOR_ATTEMPTS", "1")
    monkeypatch.setenv("ECONTADOR_BASE_URL", "http://127.0.0.1:9")
    said = terminal.run(f"plan empresas {EMPRESAS} --todas --json")
    assert (said.exit, said.document["error"]["code"]) == (Exit.PORTAL, "not-sent")  # type: ignore[index]


def test_the_vendors_hosts_are_written_to_only_if_it_is_said(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    help = subprocess.run(
        [sys.executable, "-m", "econtador", "apply", "--help"],
        env={**os.environ, "ECONTADOR_LANG": "en"}, capture_output=True, text=True, check=True, encoding="utf-8",
    ).stdout  # fmt: skip
    assert "--writes" in help and "attested" in help


# ------------------------------------------------------------------ a terminal


def test_on_a_terminal_a_page_has_its_bar_and_its_marks(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    shown = terminal.run(f"plan empresas {EMPRESAS} --todas").out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "\x1b[" in shown and "00001" in plain
    assert re.search(r"integrar \d+", plain)
    assert terminal.run(f"profile {EMPRESAS}").out


def _run(*arguments: str, language: str = "pt") -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "ECONTADOR_LANG": language, "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"}
    command = [sys.executable, "-m", "econtador", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60
    )


def test_help_is_in_the_language_of_the_person() -> None:
    portuguese, english = (_run("--help", language=language).stdout for language in ("pt_BR.UTF-8", "en"))
    assert "Comandos" in portuguese and "veja antes de enviar" in portuguese
    assert "Commands" in english and "see before you send" in english
    words = ["profile", "plan", "apply", "resume", "verify", "logs", "worklist", "check", "sandbox", "demo"]
    assert all(re.search(rf"\b{word}\b", portuguese) for word in words)
    assert "Opções" in _run("apply", "--help").stdout


def test_a_practice_portal_is_served_until_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "econtador", "sandbox", str(tmp_path / "p.db"), "--port", "0"]
    # A shell's job in the background ignores Ctrl-C, and so would its children.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, encoding="utf-8", preexec_fn=heeding
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address, line
        with urllib.request.urlopen(address[0]) as answer:
            assert answer.status == 200 and b"portal de treino" in answer.read()
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(20) == Exit.OK
        finally:
            process.kill()


def test_without_the_extra_there_is_the_demonstration_alone(tmp_path: Path) -> None:
    code = "import sys; sys.modules['cyclopts'] = None; from econtador.__main__ import main; sys.exit(main())"
    helped, done = (
        subprocess.run(
            [sys.executable, "-c", code, *more], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        for more in ([], ["demo"])
    )
    assert (helped.returncode, helped.stdout) == (2, "") and "econtador[cli]" in helped.stderr
    assert done.returncode == 0 and list(tmp_path.glob("econtador-demo/*/plano.json"))
