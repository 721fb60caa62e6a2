"""Values as text: what stands first, what is folded, what is hidden, and that it fits a terminal."""

import datetime
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.integration.evidence import Anchor, Fault
from econtador.integration.plan import Alarm
from econtador.integration.reasons import Finding
from econtador.integration.report import Check, Report, Result, Verification, Verified
from econtador.sandbox import Sandbox
from econtador.showing.face import Shown, page_of
from econtador.showing.page import Change, Count, Page, Section, Table
from econtador.showing.text import to_text
from econtador.showing.texts import clean, columns_of

EXAMPLES = Path(__file__).parents[1] / "examples" / "data"
PADARIA = ec.EmpresaGap(
    "00001", "PROEMP00", "PADARIA MODELO LTDA", "11.222.333/0001-81", bairro="Jardim Nossa Senhora Aparecida"
)
INVALIDA = ec.EmpresaGap("00002", "PROEMP00", "BAR MODELO 52998224726", "11.222.333/0001-82")
ANA = ec.UsuarioGap("ANA", "PESSOA MODELO 01", "529.982.247-25", "ana@exemplo.com.br")

texts = st.text(st.characters(codec=None), max_size=80)
cells = st.one_of(texts, st.integers(0, 10**6), st.builds(Change, texts, texts, texts))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 5))
    headers = tuple(f"Coluna {place}" for place in range(width))
    return Table.of(headers, draw(st.lists(st.tuples(*[cells] * width), max_size=40)), lambda row: row)


sections = st.builds(
    Section, texts, st.lists(texts, max_size=3).map(tuple), st.none() | tables(), st.booleans()
)
pages = st.builds(
    Page,
    texts,
    st.lists(sections, max_size=4).map(tuple),
    st.lists(st.builds(Count, texts, st.integers(0, 9)), max_size=3).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
)


@pytest.fixture(autouse=True)
def hundred_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever terminal the tests run in."""
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def journal() -> ec.SqliteJournal:
    return ec.SqliteJournal(":memory:")


@pytest.fixture
def office(journal: ec.SqliteJournal) -> ec.Integrator:
    return ec.Integrator(
        Sandbox().client(), policy=ec.Policy(proemp="PROEMP00"), journal=journal, operador="ADMIN"
    )


def every_value(office: ec.Integrator) -> list[Shown]:
    plan = office.plan_empresas([PADARIA, INVALIDA], selected=ec.TODAS)
    people = office.plan_usuarios([ANA])
    return [
        ec.read_empresas(EXAMPLES / "empresas.csv", proemp="PROEMP00"),
        ec.read_usuarios(EXAMPLES / "usuarios.csv"),
        ec.profile(EXAMPLES / "empresas.csv"),
        ec.FieldAdapter().fit(PADARIA),
        plan,
        people,
        office.explain("00001"),
        office.explain("ANA", ec.Kind.USUARIO),
        office.apply(plan),
        office.apply(people),
        office.verify(),
        office.logs(),
        ec.Audit(entries=1, head=Anchor(1, "0" * 64)),
    ]


def headings(text: str) -> list[str]:
    return [line for before, line in pairwise(text.split("\n")) if not before]


def test_every_value_has_its_summary_first_and_alone_in_its_repr(office: ec.Integrator) -> None:
    for value in every_value(office):
        assert str(value).split("\n")[0] == value.summary == page_of(value).title
        assert repr(value) == f"<{type(value).__name__} {value.summary}>"


def test_no_value_shows_a_cpf_or_an_e_mail(office: ec.Integrator) -> None:
    for value in every_value(office):
        assert not re.search(r"529\.?982|@", f"{value}{value!r}")


def test_what_needs_attention_comes_first_and_is_marked(office: ec.Integrator) -> None:
    plan = office.plan_empresas([INVALIDA, PADARIA], selected=ec.TODAS)
    assert headings(str(plan)) == [
        "! Recusados (1)",
        "! Perdas de texto (1), entre « » o que se perde",
        "Avisos",
        "Integrar (1)",
    ]
    alarmed = evolve(plan, alarms=(Alarm(guard="losing", count=1, total=1),))
    assert headings(str(alarmed))[0] == "! Antes de aplicar"


def test_a_plan_tells_what_a_person_has_to_look_at(office: ec.Integrator) -> None:
    plan = office.plan_empresas([PADARIA], selected=ec.TODAS)
    (action,) = plan.actions
    doubtful = evolve(action, status=ec.Status.EM_DUVIDA)
    renamed = evolve(action, verdict=ec.Verdict.KEEP, findings=(Finding(ec.Reason.RENOMEADA),))
    notice = Finding(ec.Reason.INSCRICAO_DUVIDOSA, "00001: SP")
    said = headings(str(evolve(plan, actions=(doubtful, renamed), notices=(notice,))))
    assert said[:2] == ["! Em dúvida (1)", "! A conferir (1)"]
    assert f"! {ec.Reason.INSCRICAO_DUVIDOSA.sentence} (1)" in said


def test_records_that_would_be_alike_are_told_together(office: ec.Integrator) -> None:
    other = evolve(
        PADARIA, codigo="00003", documento="12.ABC.345/01DE-35", bairro="Jardim Nossa Senhora Lourdes"
    )
    told = str(office.plan_empresas([PADARIA, other], selected=ec.TODAS))
    assert re.search(r"Bairro +Jardim Nossa Senhora +00001, 00003", told)


def test_an_explanation_tells_what_the_portal_has(office: ec.Integrator) -> None:
    office.apply(office.plan_empresas([PADARIA], selected=ec.TODAS))
    office.plan_empresas([PADARIA, evolve(PADARIA, codigo="00009")], selected=["00009"])
    told = str(office.explain("00009"))
    assert re.search(r"No portal \(1\)\n  Id +Código +Documento\n  1 +00001 +11\.222", told)
    assert "(00001)" in told


def test_a_reason_that_all_have_is_said_once(office: ec.Integrator) -> None:
    other = evolve(PADARIA, codigo="00003", documento="12.ABC.345/01DE-35")
    plan = office.plan_empresas([PADARIA, other], selected=ec.TODAS)
    assert str(plan).count(ec.Reason.NOVA.sentence) == 1


def test_a_cut_is_shown_in_one_line_with_its_lost_end_in_marks() -> None:
    assert "Jardim Nossa Senhora« Aparecida»" in str(ec.FieldAdapter().fit(PADARIA))


def test_an_abbreviation_is_shown_before_and_after() -> None:
    (loss,) = (fit := ec.FieldAdapter(abbreviate=True).fit(PADARIA)).losses
    lines = [line.strip() for line in str(fit).split("\n")]
    assert any(f"antes:  {loss.before}" in line for line in lines)
    assert any(f"depois: {loss.after}" in line for line in lines)


def test_half_of_a_cpf_is_never_shown() -> None:
    dono = evolve(PADARIA, bairro="PESSOA MODELO 52998224725")
    fit = ec.FieldAdapter().fit(dono)
    assert fit.losses[0].after == "PESSOA MODELO 529982"
    assert "529" not in f"{fit}{fit!r}{fit._repr_html_()}"


def test_results_are_grouped_by_what_they_ask_for() -> None:
    def result(codigo: str, outcome: ec.Outcome, kind: ec.Kind = ec.Kind.EMPRESA) -> Result:
        return Result(kind=kind, codigo=codigo, nome="X", outcome=outcome, status=ec.Status.NAO_INTEGRADO)

    results = [result(f"{place:05}", outcome) for place, outcome in enumerate(ec.Outcome)]
    said = headings(str(Report(results=tuple(results))))
    assert said[:-1] == [
        "! Em dúvida (1)",
        "! Não aceitos pelo portal (1)",
        "! Não ativados (1)",
        "! Recusados (1)",
    ]
    assert said[-1] == f"Demais ({len(ec.Outcome) - 4})"
    assert "Tipo" not in str(Report(results=tuple(results)))
    assert "usuário" in str(Report(results=(*results, result("ANA", ec.Outcome.KEPT, ec.Kind.USUARIO))))
    assert str(Report(results=())) == "nada a fazer (envios feitos: 0)"


def test_what_the_portal_shows_is_told_by_how_it_compares() -> None:
    checks = tuple(
        Check(kind=ec.Kind.EMPRESA, codigo="00001", nome="X", verified=way, differences=differences)
        for way, differences in ((Verified.EQUAL, ()), (Verified.MISSING, ()), (Verified.DIFFERS, ("nome",)))
    )
    verification = Verification(checks=checks, unverifiable=("bairro",))
    assert verification.summary == "Conferência: iguais: 1, diferentes: 1, faltando: 1, a mais: 0"
    assert headings(str(verification)) == [
        "! Diferentes (1)",
        "! Faltando (1)",
        "Iguais (1)",
        "Sem conferência",
    ]
    assert "Bairro" in str(verification)
    assert headings(str(evolve(verification, checks=(), unverifiable=()))) == []


def test_logs_are_a_tuple_like_any_other(office: ec.Integrator) -> None:
    office.apply(office.plan_empresas([PADARIA, INVALIDA], selected=ec.TODAS))
    logs = office.logs()
    assert isinstance(logs, ec.Logs) and isinstance(logs, tuple)
    assert logs == tuple(logs) and hash(logs) == hash(tuple(logs))
    assert logs.summary == "3 lançamentos: envio iniciado: 1, integrado: 1, recusado: 1"
    assert headings(str(logs)) == ["! Recusados (1)", "Lançamentos (3)"]
    assert str(office.logs(text="nothing of this")) == "0 lançamentos"
    assert office.logs(codigo="00002").summary == "1 lançamento: recusado: 1"


def test_an_audit_tells_its_faults_and_where_the_log_ends(journal: ec.SqliteJournal) -> None:
    audit = journal.audit()
    fault = ec.Audit(entries=1, head=audit.head, forgotten=3, faults=(Fault(0, "aqui"), Fault(7, "e ali")))
    assert str(audit.head) in str(audit) and headings(str(audit)) == ["Fim do registro"]
    assert headings(str(fault)) == ["! Problemas (2)", "Fim do registro"]
    assert "mais antigos: 3" in str(fault)


def test_an_explanation_tells_why_before_anything_else(office: ec.Integrator) -> None:
    office.plan_empresas([PADARIA, INVALIDA], selected=["00001", "00002"])
    told = str(office.explain("00001"))
    assert told.split("\n")[1] == f"  {ec.Reason.NOVA.sentence}"
    assert "Não valem: outra-proemp" in told and "11.222.333/0001-81" in told
    refused = str(office.explain("00002"))
    assert "Valem: documento-invalido" in refused and "Seria enviado" not in refused


def test_readings_of_rows_and_of_others_things_are_shown_too() -> None:
    left = evolve(PADARIA, data_desligamento=datetime.date(2024, 1, 31), documento="529.982.247-25")
    reading = ec.Reading("linhas", (left,), (), (), "", "", {"codigo": "Cód."}, ("Fax",))
    assert "31/01/2024" in str(reading) and "***" in str(reading) and "Sem uso: Fax" in str(reading)
    noted = evolve(
        reading,
        notes=(ec.Note("linhas", 9, "totais"),),
        repairs=(
            ec.Repair("linhas", 2, "codigo", "7", "00007", "zeros"),
            ec.Repair("linhas", 2, "cpf", "1", "01", "zeros"),
        ),
    )
    assert "linha 9: totais" in str(noted) and "antes:  7" in str(noted) and "depois: 00007" in str(noted)


def test_a_long_table_is_folded_and_counted_and_a_short_one_is_whole() -> None:
    def shown(rows: int, attention: bool, most: int | None = None) -> list[str]:
        table = Table.of(("Linha",), range(rows), lambda row: (str(row),))
        return to_text(Page("", (Section("T", table=table, attention=attention),)), rows=most).split("\n")[4:]

    assert len(shown(20, False)) == 20 and "mais" not in shown(20, False)[-1]
    assert len(shown(21, False)) == 11 and shown(21, False)[-1] == "  … e mais 11"
    assert shown(100_000, True)[-1] == "  … e mais 99985" and len(shown(100_000, True)) == 16
    assert shown(100_000, True, 5_000)[-1] == "  … e mais 99000"


def test_rows_are_made_for_what_can_be_shown_only() -> None:
    made: list[int] = []

    def row(number: int) -> tuple[int]:
        made.append(number)
        return (number,)

    table = Table.of(("N",), range(10**6), row)
    assert len(made) == len(table.rows) == 1_000 and table.total == 10**6


def test_the_guide_shows_what_is_printed(office: ec.Integrator) -> None:
    bar = ec.EmpresaGap("00002", "PROEMP00", "BAR MODELO LTDA", "11.222.333/0001-82")
    plan = office.plan_empresas([PADARIA, bar], selected=["00001", "00002"])
    guide = (EXAMPLES.parents[1] / "docs" / "notebook.md").read_text("utf-8")
    assert f"```text\n{plan}\n```" in guide


def test_a_column_that_says_nothing_is_left_out() -> None:
    table = Table.of(("A", "B"), ["x", "y"], lambda text: (text, ""))
    assert table.headers == ("A",) and table.rows == (("x",), ("y",))
    assert Table.of(("A", "B"), [], lambda _: ()).headers == ("A", "B")


@given(pages, st.integers(40, 200))
def test_a_page_fits_its_width_in_one_line_a_row_part_and_can_be_written(page: Page, width: int) -> None:
    text = to_text(page, width)
    title, *lines = text.split("\n")
    assert title == clean(page.title, None)
    told = [clean(section.heading) for section in page.shown()]
    for line in lines:
        # Five columns that keep their longest words may be wider than a narrow terminal.
        assert columns_of(line) <= max(width, 2 + 5 * 18 + 4 * 2) or any(head in line for head in told)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    text.encode()


@given(pages)
def test_attention_comes_before_the_rest_and_nothing_is_lost(page: Page) -> None:
    shown = list(page.shown())
    assert [section.attention for section in shown] == sorted(
        (section.attention for section in shown), reverse=True
    )
    assert all((section in shown) is not section.empty for section in page.sections)


@given(texts)
def test_a_clean_text_is_one_line_and_stays_so(text: str) -> None:
    assert clean(clean(text, None), None) == clean(text, None)
    assert len(clean(text, None).splitlines()) <= 1


def test_a_long_text_is_cut_after_what_is_personal_was_taken_out() -> None:
    assert clean("x" * 398 + " 529.982.247-25") == "x" * 398 + " *…"


def test_wide_characters_and_signs_without_width_are_counted_as_a_terminal_does() -> None:
    assert [columns_of(text) for text in ("abc", "ção", "日本", "e\u0301")] == [3, 3, 4, 1]


def test_the_words_of_a_page_are_in_the_code_page_of_a_windows_console(office: ec.Integrator) -> None:
    for value in every_value(office):
        str(value).encode("cp1252")


def test_reading_companies_does_not_import_what_renders() -> None:
    code = (
        "import sys, econtador as ec; ec.EmpresaGap; "
        "print(sorted(name for name in sys.modules if name.startswith('econtador.showing')))"
        "; ec.Plan, ec.Reading; print('econtador.showing.html' in sys.modules, 'econtador.integration.pages' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\nFalse False\n"
