"""The worklist as a function of its plans: nothing left out, nothing twice, nothing claimed, nothing that a page would obey."""

import datetime
import html
import re
from collections import Counter
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

import econtador as ec
from econtador.documents import Cpf
from econtador.integration.corrections import corrections_of
from econtador.integration.report import Check, Verification, Verified
from econtador.integration.status import Kind, Status
from econtador.integration.worklist import Worklist, make_worklist
from econtador.integration.worklist_items import State, Step
from econtador.integration.worklist_steps import Source
from econtador.portal.models import ABAS, EmpresaNova
from econtador.sandbox import Sandbox

POLICY = ec.Policy(proemp="PROEMP00", guards=ec.Guards(losing=ec.Limit(1)))
MADE_AT = datetime.datetime(2026, 1, 5, 15, 0, tzinfo=datetime.UTC)
SANDBOX = Sandbox()  # read only: nothing here writes
CODIGOS = ("00001", "00002", "00003", "00004")
CNPJS = ("11222333000181", "00000000000191", "12ABC34501DE35", "33000167000101")
CPFS = ("52998224725", "11144477735")


def office(adapter: ec.FieldAdapter | None = None, policy: ec.Policy = POLICY) -> ec.Integrator:
    client = ec.Client(SANDBOX.token, transport=SANDBOX.transport())
    return ec.Integrator(
        client, policy=policy, journal=":memory:", operador="ADMIN", adapter=adapter, clock=lambda: MADE_AT
    )


WORDS = (
    "Comércio",
    "varejista",
    "de",
    "materiais",
    "Jardim",
    "Aparecida",
    "AVENIDA",
    "LTDA",
    "  ",
    "Ş",
    "🏢",
    "x" * 40,
)
HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def texts(size: int) -> st.SearchStrategy[str]:
    words = st.lists(st.sampled_from(WORDS) | HOSTILE, min_size=1, max_size=12).map(" ".join)
    return words.map(lambda text: text[:size]).filter(lambda text: bool(text.strip()))


empresas = st.builds(
    ec.EmpresaGap,
    st.sampled_from(CODIGOS),
    st.sampled_from(("PROEMP00", "PROEMP00", "PROEMP00", "PROEMP01")),
    texts(60),
    st.sampled_from((*CNPJS, *CPFS, "")),
    inscricao_estadual=st.none() | st.from_regex(r"[0-9./-]{1,20}", fullmatch=True),
    inscricao_municipal=st.none() | texts(20),
    endereco=st.none() | texts(70),
    bairro=st.none() | texts(30),
    atividade=st.none() | texts(100),
    data_desligamento=st.none() | st.none() | st.just(datetime.date(2024, 1, 31)),
)
usuarios = st.builds(
    ec.UsuarioGap,
    st.sampled_from(("ANA", "BIA", "CAIO")),
    texts(60),
    st.sampled_from((*CPFS, None, "")),
    st.sampled_from(("modelo@exemplo.com.br", None, "torto")),
)
adapters = st.sampled_from(
    (
        ec.FieldAdapter(),
        ec.FieldAdapter(abbreviate=True),
        ec.FieldAdapter(distinguish="tail", abbreviate=True),
        ec.FieldAdapter(encoding="cp1252"),
        ec.FieldAdapter(limits=[evolve(limit, unit="utf8") for limit in ec.LIMITS]),
    )
)


@frozen
class Case:
    """An office's records, and how they are fitted."""

    adapter: ec.FieldAdapter
    empresas: tuple[ec.EmpresaGap, ...]
    usuarios: tuple[ec.UsuarioGap, ...]
    chosen: frozenset[str]
    """Of companies; where none of them is there, all."""
    send_cut: bool

    def plans(self) -> tuple[ec.Plan, ...]:
        one = office(self.adapter, evolve(POLICY, send_cut_identifiers=self.send_cut))
        selected = self.chosen & {empresa.codigo for empresa in self.empresas}
        plan = one.plan_empresas(self.empresas, selected=selected or ec.TODAS)
        return (one.plan_usuarios(self.usuarios), plan) if self.usuarios else (plan,)


cases = st.builds(
    Case,
    adapters,
    st.lists(empresas, min_size=1, max_size=4).map(tuple),
    st.lists(usuarios, max_size=2).map(tuple),
    st.frozensets(st.sampled_from(CODIGOS)),
    st.booleans(),
)


def worklist_of(case: Case, plans: tuple[ec.Plan, ...]) -> Worklist:
    return make_worklist(plans, made_at=MADE_AT, limits=case.adapter.limits)


slow = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)

# ------------------------------------------------------------------ what is in it


@slow
@given(cases)
def test_every_action_is_to_be_ticked_or_left_and_never_both(
    case: Case,
) -> None:
    plans = case.plans()
    worklist = worklist_of(case, plans)
    actions = Counter((plan.kind, action.codigo) for plan in plans for action in plan.actions)
    listed = Counter((tick.kind, tick.codigo) for tick in worklist.ticks)
    listed.update((leave.kind, leave.codigo) for leave in worklist.leaves)
    assert listed == actions
    goes = {(p.kind, a.codigo) for p in plans for a in p.actions if a.verdict is ec.Verdict.CREATE}
    assert {(tick.kind, tick.codigo) for tick in worklist.ticks} == goes
    assert all(leave.reason for leave in worklist.leaves)


@slow
@given(cases)
def test_every_item_has_a_key_of_its_own_and_keeps_it(
    case: Case,
) -> None:
    plans = case.plans()
    worklist = worklist_of(case, plans)
    keys = [item.key for item in worklist.items]
    assert len(set(keys)) == len(keys)
    again = worklist_of(case, tuple(ec.Plan.from_json(plan.to_json()) for plan in reversed(plans)))
    assert [item.key for item in again.items] == keys
    assert again.to_html() == worklist.to_html()


@slow
@given(cases)
def test_every_field_that_the_portal_cuts_has_a_correction_that_fits(
    case: Case,
) -> None:
    plans = case.plans()
    worklist = worklist_of(case, plans)
    limits = {limit.field: limit for limit in case.adapter.limits}
    corrected = {(m.correction.codigo, m.correction.field): m.correction for m in worklist.mends}
    ticked = {tick.codigo for tick in worklist.ticks if tick.kind is Kind.EMPRESA}
    for plan in plans:
        for loss in plan.losses if plan.kind is Kind.EMPRESA else ():
            if limits[loss.field].measure(loss.before) > loss.limit:
                assert (loss.codigo, loss.field) in corrected
    for (codigo, field), correction in corrected.items():
        assert codigo in ticked
        measure = limits[field].measure
        assert measure(correction.wanted) <= limits[field].limit
        assert correction.in_gap.startswith(correction.expected)
        assert correction.paste != correction.expected
        assert bool(correction.paste) == bool(correction.steps)
        assert correction.size == measure(correction.paste or "")


@slow
@given(cases, st.data())
def test_nothing_that_the_api_cannot_show_is_ever_ticked(case: Case, data: st.DataObject) -> None:
    plans = case.plans()
    worklist = worklist_of(case, plans)
    names = ("nome", "documento", "codigo", "endereco", "ativa", "email")
    checks = [
        Check(
            kind=kind,
            codigo=codigo,
            nome="",
            verified=data.draw(st.sampled_from(Verified)),
            differences=data.draw(st.lists(st.sampled_from(names)).map(tuple)),
        )
        for kind in Kind
        for codigo in worklist.wanted(kind)
    ]
    ticked = worklist.ticked(Verification(checks=tuple(checks), unverifiable=()))
    shown = {"razao_social", "endereco"}
    assert {m.state for m in ticked.mends if m.correction.field not in shown} <= {State.BY_PERSON}
    steps = [item for item in ticked.items if isinstance(item, Step) and item.key != "depois/verify"]
    assert {step.state for step in steps} == {State.BY_PERSON}
    told = {(c.kind, c.codigo) for c in checks if c.verified is not Verified.EXTRA}
    missing = {(c.kind, c.codigo) for c in checks if c.verified is Verified.MISSING}
    for tick in ticked.ticks:
        assert (tick.state is State.TODO) == ((tick.kind, tick.codigo) not in told)
        assert (tick.state is State.MISSING) == ((tick.kind, tick.codigo) in missing)
    assert sum(ticked.counts.values()) == len(list(ticked.items))


# ------------------------------------------------------------------ what is said

LONGA = ec.EmpresaGap(
    "00001",
    "PROEMP00",
    "COMERCIO DE MATERIAIS DE CONSTRUCAO EMPRESA MODELO LIMITADA",
    "11.222.333/0001-81",
    inscricao_estadual="01.004.823/001-12",
    endereco="Avenida Doutor Presidente Modelo da Silva Sobrinho Quadra 1",
    bairro="Jardim Nossa Senhora Aparecida",
    atividade="Comércio varejista de materiais de construção em geral",
)
CURTA = ec.EmpresaGap("00002", "PROEMP00", "EMPRESA MODELO 02 LTDA", "00.000.000/0001-91")
PESSOA = ec.EmpresaGap("00003", "PROEMP00", "PESSOA MODELO 03 529.982.247-25", "529.982.247-25")
ANA = ec.UsuarioGap("ANA", "PESSOA MODELO 01", "529.982.247-25", "ana@exemplo.com.br")
SEM_CPF = ec.UsuarioGap("BIA", "PESSOA MODELO 02", None, "bia@exemplo.com.br")


def listed(companies: Iterable[ec.EmpresaGap] = (), people: Iterable[ec.UsuarioGap] = ()) -> Worklist:
    one = office()
    made: list[ec.Plan] = []
    if companies:
        made.append(one.plan_empresas(tuple(companies), selected=ec.TODAS))
    if people:
        made.append(one.plan_usuarios(tuple(people)))
    return one.worklist(*made)


def test_a_correction_says_what_gap_has_what_the_portal_should_show_and_what_to_paste() -> None:
    assert [
        (c.field, c.expected, c.paste, c.size, c.limit.limit)
        for c in (mend.correction for mend in listed([LONGA]).mends)
    ] == [
        (
            "razao_social",
            "COMERCIO DE MATERIAIS DE CONSTRUCAO EMPRESA MODELO",
            "COM DE MATERIAIS DE CONSTRUCAO EMPRESA MODELO LTDA",
            50,
            50,
        ),
        ("inscricao_estadual", "01.004.823/001-1", "0100482300112", 13, 16),
        (
            "endereco",
            "Avenida Doutor Presidente Modelo da Silva Sobrinho",
            "Av Dr Presidente Modelo da Silva Sobrinho Quadra 1",
            50,
            50,
        ),
        ("bairro", "Jardim Nossa Senhora", "Jd N Sra Aparecida", 18, 20),
        ("atividade", "Comércio varejista de materiai", "Com var de mat de constr geral", 30, 30),
    ]


def test_an_inscricao_that_does_not_fit_even_bare_has_nothing_to_paste() -> None:
    one = office(policy=evolve(POLICY, send_cut_identifiers=True))
    empresa = evolve(CURTA, inscricao_municipal="12345678901234567890")
    (mend,) = one.worklist(one.plan_empresas([empresa], selected=ec.TODAS)).mends
    assert (mend.correction.expected, mend.correction.paste) == ("1234567890123456", None)


def test_a_text_without_a_better_one_says_so() -> None:
    worklist = listed([evolve(CURTA, bairro="Ubirajaracatuperemirimguacu")])
    (mend,) = worklist.mends
    assert (mend.correction.expected, mend.correction.paste) == ("Ubirajaracatuperemir", None)
    assert "não há texto melhor (até 20)" in worklist.to_html()
    assert "<code>" not in worklist.to_html()


def test_the_offices_own_text_is_what_is_pasted_even_where_the_whole_would_fit() -> None:
    one = office(ec.FieldAdapter(overrides={("00002", "razao_social"): "MODELO DOIS"}))
    worklist = one.worklist(one.plan_empresas([CURTA], selected=ec.TODAS))
    (mend,) = worklist.mends
    assert (mend.correction.expected, mend.correction.paste) == (CURTA.razao_social, "MODELO DOIS")
    draft = worklist.wanted(Kind.EMPRESA)["00002"].draft
    assert isinstance(draft, EmpresaNova)
    assert draft.nome == "MODELO DOIS"


def test_a_plan_made_with_other_limits_keeps_its_own() -> None:
    limits = [
        ec.FieldLimit(field, size) for field, size in (("bairro", 10), ("complemento", 5), ("apelido", 3))
    ]
    one = office(ec.FieldAdapter(limits=limits))
    empresa = evolve(CURTA, bairro="Jardim Modelo", complemento="Sala 12", apelido="MODELO")
    plan = one.plan_empresas([empresa], selected=ec.TODAS)
    corrections = corrections_of(plan.actions[0], ec.LIMITS)
    assert [(c.limit.label, c.limit.limit, c.expected) for c in corrections] == [
        ("Bairro", 10, "Jardim Mod"),
        ("complemento", 5, "Sala"),
        ("apelido", 3, "MOD"),
    ]
    wanted = one.worklist(plan).wanted(Kind.EMPRESA)["00002"].draft
    assert isinstance(wanted, EmpresaNova)
    assert wanted.complemento == "Sala"
    assert not hasattr(wanted, "apelido")  # the portal has none


def test_steps_say_who_says_so_and_every_tab_is_there() -> None:
    worklist = listed([CURTA], [ANA])
    (activation,) = worklist.activations
    names = [step.key.removeprefix("ativar/ANA/") for step in activation.steps]
    assert names == ["editar", "ativo", *(aba.value for aba in ABAS), "salvar"]
    article = [step for step in activation.steps if step.source is Source.ARTIGO]
    assert [step.key for step in article] == ["ativar/ANA/editar", "ativar/ANA/ativo", "ativar/ANA/salvar"]
    assert {s.condition for s in activation.steps} == {"", "só com o produto CND", "só em alguns escritórios"}
    assert {str(step.source) for step in activation.steps} == {"artigo EC1", "outra página do fabricante"}
    assert sum("PROEMP00" in step.text for step in (*worklist.before, *worklist.sending)) == 2


def test_what_a_plan_warns_of_comes_before_anything_else() -> None:
    told = [step.text for step in listed([LONGA]).before]
    assert any("somente as que realmente serão utilizadas" in text for text in told)
    assert any("1 de 1 seriam enviados com texto cortado" in text for text in told)
    direct = ec.Integrator(SANDBOX.client(), policy=POLICY, journal=":memory:", operador="ADMIN")
    plan = direct.plan_empresas([CURTA], selected=["00002"])
    assert plan.notices
    assert "convenção" not in str(direct.worklist(plan).before)  # nobody writes through the API here


def test_users_alone_need_no_proemp_and_companies_alone_no_tabs() -> None:
    people = listed(people=[ANA, SEM_CPF])
    assert people.proemp is None
    assert (people.mends, people.sending) == ((), ())
    assert "PROEMP" not in people.summary
    assert "Empresas a marcar" not in str(people)
    companies = listed([CURTA])
    assert (companies.activations, companies.sending_usuarios) == ((), ())
    assert "Usuários" not in str(companies)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda one: (), "one plan or more"),
        (lambda one: (one.plan_usuarios([ANA]), one.plan_usuarios([SEM_CPF])), "each kind"),
        (
            lambda one: (
                one.plan_usuarios([ANA]),
                evolve(one.plan_empresas([CURTA], selected=ec.TODAS), account="x"),
            ),
            "different portal accounts",
        ),
    ],
)
def test_plans_that_make_no_list_are_refused(
    made: Callable[[ec.Integrator], tuple[ec.Plan, ...]], words: str
) -> None:
    one = office()
    with pytest.raises(ValueError, match=words):
        one.worklist(*made(one))


def test_a_user_that_is_integrado_is_to_be_activated_and_one_that_left_is_not() -> None:
    plan = office().plan_usuarios([ANA])
    (action,) = plan.actions

    def activations(reason: ec.Reason, status: Status) -> list[bool]:
        finding = evolve(action.findings[0], reason=reason)
        kept = evolve(action, verdict=ec.Verdict.KEEP, status=status, findings=(finding,), draft=None)
        worklist = make_worklist([evolve(plan, actions=(kept,))], made_at=MADE_AT)
        return [activation.known for activation in worklist.activations]

    assert activations(ec.Reason.JA_INTEGRADA, Status.INTEGRADO) == [True]
    assert activations(ec.Reason.JA_INTEGRADA, Status.ATIVO) == []
    assert activations(ec.Reason.INTEGRADA_E_DESLIGADA, Status.INTEGRADO) == []


# ------------------------------------------------------------------ the page


class Page(HTMLParser):
    """The tags, the texts between them, and what is in the fields to be copied."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags = Counter[str]()
        self.attributes = set[str]()
        self.codes: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)
        if tag == "code":
            self.codes.append("")

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "code":
            self.codes[-1] += data


KNOWN_TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "section",
    "h1",
    "h2",
    "h3",
    "p",
    "strong",
} | {
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "bdi",
    "ul",
    "li",
    "small",
    "span",
}
KNOWN_ATTRIBUTES = {"lang", "charset", "name", "content", "class", "scope", "role", "aria-label"}


@slow
@given(cases, texts(40))
def test_a_page_is_whole_and_obeys_no_name(case: Case, escritorio: str) -> None:
    plans = case.plans()
    worklist = worklist_of(case, plans)
    text = worklist.to_html(escritorio=escritorio)
    page = Page(text)
    assert page.open == []
    assert set(page.tags) <= KNOWN_TAGS
    assert page.attributes <= KNOWN_ATTRIBUTES
    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\x1b]", re.sub("<code>.*?</code>", "", text, flags=re.DOTALL)
    )
    pasted = [m.correction.paste for m in worklist.mends if m.correction.paste]
    assert Counter(map(_as_parsed, page.codes)) == Counter(map(_as_parsed, pasted))


def _as_parsed(text: str) -> str:
    """What a parser may do to a character that HTML has not."""
    return re.sub("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]", "", html.unescape(html.escape(text)))


def test_a_hostile_name_is_text() -> None:
    empresa = evolve(CURTA, razao_social='<script>alert("1")</script>\u202eADTL')
    text = listed([empresa]).to_html(escritorio="<b>&")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;&amp;" in text
    assert "&lt;U+202E&gt;" in text


def test_a_page_needs_nothing_from_elsewhere() -> None:
    text = listed([LONGA], [ANA]).to_html()
    assert not re.search(r"https?:|src=|href=|url\(|@import|<script", text)
    assert "@media print" in text
    assert "prefers-color-scheme: dark" in text


def test_personal_data_is_on_the_page_only_where_it_has_to_be_pasted() -> None:
    worklist = listed([PESSOA, CURTA], [ANA])
    for text in (
        worklist.to_html(),
        str(worklist),
        repr(worklist),
        worklist._repr_html_(),
        repr(list(worklist.items)),
    ):
        assert "529.982.247-25" not in text
        assert "52998224725" not in text
        assert "ana@" not in text
    assert "***.***.***-25" in worklist.to_html()
    named = evolve(
        PESSOA, razao_social="PESSOA MODELO DE NOME MUITO COMPRIDO LIMITADA 529.982.247-25", codigo="00009"
    )
    long = listed([named])
    assert "529.982.247-25" in (long.mends[0].correction.paste or "")
    assert "529.982.247-25" in long.to_html()
    for shown in (str(long), repr(long), repr(list(long.items)), long._repr_html_()):
        assert "529.982.247" not in shown


def _boxes(text: str) -> Counter[str]:
    return Counter(re.findall("[☐☑]", text))


def test_boxes_are_ticked_where_it_was_seen() -> None:
    worklist = listed([CURTA], [ANA])
    assert _boxes(worklist.to_html())["☑"] == 0
    check = Check(kind=Kind.EMPRESA, codigo="00002", nome="", verified=Verified.EQUAL)
    wrong = Check(kind=Kind.USUARIO, codigo="ANA", nome="", verified=Verified.DIFFERS, differences=("email",))
    ticked = worklist.ticked(Verification(checks=(check, wrong), unverifiable=()))
    assert _boxes(ticked.to_html())["☑"] == 2  # the company, and that the portal was looked at
    assert "difere: email" in ticked.to_html()
    assert [str(tick.state) for tick in ticked.ticks] == ["visto", "difere"]
    assert ticked.to_html().count("a conferir por pessoa") == ticked.counts[State.BY_PERSON]
    shown = str(ticked)
    assert "! O portal não mostra como deveria (1)" in shown
    assert shown.index("difere: email") < shown.index("1. Antes de começar")


def test_text_is_in_the_order_of_doing() -> None:
    lines = [line for line in str(listed([LONGA, CURTA], [ANA, SEM_CPF])).splitlines() if line[:1].isdigit()]
    assert [re.sub(r" \(\d+\)$", "", line) for line in lines] == [
        "1. Antes de começar",
        "2. Empresas a marcar",
        "3. Empresas a NÃO marcar",
        "4. Integrar as empresas",
        "5. Campos a corrigir no portal",
        "6. Usuários a marcar",
        "7. Usuários a NÃO marcar",
        "8. Integrar os usuários",
        "9. Usuários a ativar no portal",
        "10. Depois",
    ]


def test_repr_is_one_line() -> None:
    worklist = listed([LONGA], [ANA])
    assert repr(worklist) == (
        "<Worklist Lista de trabalho (PROEMP00): marcar empresas: 1, corrigir campos: 5, "
        "marcar usuários: 1, ativar usuários: 1>"
    )


# ------------------------------------------------------------------ the workbook


@settings(slow, max_examples=15)
@given(case=cases)
def test_a_workbook_has_a_sheet_for_each_part_and_texts_only(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    plans = case.plans()
    worklist = worklist_of(case, plans)
    path: Path = tmp_path_factory.mktemp("lista") / "lista.xlsx"
    written = ec.write_xlsx(worklist, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == list(worklist.sheets())
    assert sum(sheet.max_row - 1 for sheet in book) == written.rows
    items = [*worklist.items]
    assert written.rows == len(items)
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    pasted = {m.correction.paste for m in worklist.mends if m.correction.paste}
    if all(text.isprintable() for text in pasted):
        assert pasted <= {cell.value for cell in cells}


def test_the_cpf_of_a_draft_is_not_in_the_workbook() -> None:
    rows = [row for table in listed([PESSOA], [ANA]).sheets().values() for row in table.rows]
    assert not any(Cpf("52998224725").format() in str(cell) for row in rows for cell in row)
