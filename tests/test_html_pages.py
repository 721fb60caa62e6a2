"""Values as HTML in a notebook: every text escaped, nothing that runs or is fetched, folded and bounded."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.integration.evidence import Anchor
from econtador.sandbox import Sandbox
from econtador.showing.html import to_html
from econtador.showing.page import MOST_ROWS, Change, Count, Page, Section, Table, Tone
from econtador.showing.texts import clean

HOSTILE = '<script>alert("1")</script>&\'\u202e\x1b[31m'
VOID = {"col", "br"}
TAGS = {
    "div", "style", "p", "ul", "li", "i", "b", "section", "h4", "span", "table", "colgroup", "col", "thead", "tbody",
    "tr", "th", "td", "details", "summary", "del", "small", "bdi",
}  # fmt: skip


class Seen(HTMLParser):
    """What a browser would see: the tags, each closed where it was opened, and the texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.cells: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)
            if "td" in self.open:
                self.cells[-1] += data


texts = st.text(st.characters(codec=None), max_size=40)
rows = st.lists(st.tuples(texts, st.integers(0, 9), st.builds(Change, texts, texts, texts)), max_size=30)


@given(texts, rows, texts, st.booleans())
def test_whatever_stands_in_a_page_it_stays_text(
    title: str, every: object, line: str, attention: bool
) -> None:
    table = Table.of((title, "B", "C"), every, lambda row: row)  # type: ignore[arg-type]
    page = Page(title, (Section(line, (line,), table, attention),), (Count(title, 3, Tone.BAD),), (line,))
    seen = Seen(to_html(page))
    assert {tag for tag, _ in seen.tags} <= TAGS
    assert all(set(attrs) <= {"class", "style", "role", "aria-label", "scope"} for _, attrs in seen.tags)
    assert clean(title, None) in "".join(seen.texts)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", to_html(page)
    )


def test_hostile_names_are_shown_as_they_are_spelt() -> None:
    html = to_html(Page(HOSTILE, (Section("T", (HOSTILE,), Table((HOSTILE,), ((HOSTILE,),), 1)),)))
    assert "<script" not in html and "\u202e" not in html and "\x1b" not in html
    seen = Seen(html)
    assert seen.cells == ['<script>alert("1")</script>&\'<U+202E><U+001B>[31m']


def test_personal_data_is_in_no_page() -> None:
    html = to_html(Page("52998224726", (Section("T", table=Table(("N",), (("ana@exemplo.com.br",),), 1)),)))
    assert "529" not in html and "exemplo" not in html


def test_a_cut_shows_before_and_after_with_the_lost_end_struck_out() -> None:
    change = Change("Jardim  Nossa Senhora Aparecida", "Jardim Nossa Senhora", " Aparecida")
    html = to_html(Page("", (Section("T", table=Table(("N",), ((change,),), 1)),)))
    assert "<bdi>Jardim Nossa Senhora<del> Aparecida</del></bdi>" in html
    assert "<small>depois</small><bdi>Jardim Nossa Senhora</bdi>" in html
    other = Change("Comércio de Pães", "Com Pães", "de")
    html = to_html(Page("", (Section("T", table=Table(("N",), ((other,),), 1)),)))
    assert "<bdi>Comércio de Pães</bdi>" in html and "<bdi><del>de</del></bdi>" in html
    assert "<del>" not in to_html(
        Page("", (Section("T", table=Table(("N",), ((Change("A  B", "A B"),),), 1)),))
    )


def test_a_long_table_is_folded_and_beyond_a_thousand_rows_counted() -> None:
    def page(*sizes: int) -> Seen:
        tables = [Table.of(("N",), range(size), lambda row: (row,)) for size in sizes]
        return Seen(to_html(Page("", tuple(Section("T", table=table) for table in tables))))

    short = page(20)
    assert len(short.cells) == 20 and "details" not in dict(short.tags)
    long = page(322)
    assert "mais 312" in long.texts and len(long.cells) == 322
    huge = page(700, 700, 10**6)
    assert len(huge.cells) == MOST_ROWS
    said = [text for text in huge.texts if ".to_pandas()" in text]
    assert [re.findall(r"\d+", text)[0] for text in said] == ["400", "1000000"]
    assert [text for text in huge.texts if text.startswith("T (")] == ["T (700)", "T (700)", "T (1000000)"]


def test_the_folded_part_stands_under_the_first_one() -> None:
    table = Table.of(("N", "Nome"), range(50), lambda row: (row, "PESSOA MODELO" * (row + 1)))
    html = to_html(Page("", (Section("T", table=table),)))
    first, folded = re.findall(r"<table.*?</colgroup>", html)
    assert first == folded


def test_counts_are_told_in_words_and_not_by_colour_alone() -> None:
    seen = Seen(to_html(Page("", (), (Count("integrar", 3, Tone.GOOD), Count("recusar", 0, Tone.BAD)))))
    assert ("div", {"class": "bar", "role": "img", "aria-label": "integrar: 3"}) in seen.tags
    assert "".join(seen.texts) == "integrar 3"
    assert 'class="bar"' not in to_html(Page("", (), (Count("integrar", 0),)))


def test_the_style_is_of_one_class_and_fetches_nothing() -> None:
    html = to_html(Page("", ()))
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    for selectors in re.findall(r"(?:^|[{}])([^{}]+)\{", style):
        if not selectors.startswith("@media"):
            assert all("div.econtador.econtador" in selector for selector in selectors.split(","))
    assert "url(" not in style and "@import" not in style and "http" not in style
    assert "prefers-color-scheme:dark" in style and "[data-jp-theme-light=false]" in style


@pytest.fixture
def office() -> ec.Integrator:
    return ec.Integrator(
        Sandbox().client(), policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
    )


def test_every_value_shows_itself_in_a_notebook(office: ec.Integrator) -> None:
    bar = ec.EmpresaGap(
        "00001",
        "PROEMP00",
        "<script>&'\u202e 52998224726",
        "11.222.333/0001-81",
        bairro="Nossa Senhora <b>Aparecida",
    )
    ana = ec.UsuarioGap("ANA", "PESSOA <b> MODELO", "529.982.247-25", "ana@exemplo.com.br")
    reading = ec.Reading("<b>.csv", (bar,), (), (), "", "", {}, ("<i>",))
    others = ec.Reading("<b>.csv", (ana,), (), (), "", "", {}, ("<i>",))
    plan, people = office.plan_empresas([bar], selected=ec.TODAS), office.plan_usuarios([ana])
    values = [
        reading, others, ec.FieldAdapter().fit(bar), plan, people,
        office.explain("00001"), office.explain("ANA", ec.Kind.USUARIO), office.apply(plan), office.apply(people),
        office.verify(), office.logs(), ec.Audit(entries=1, head=Anchor(1, "0" * 64)),
    ]  # fmt: skip
    for value in values:
        seen = Seen(value._repr_html_())
        assert {tag for tag, _ in seen.tags} <= TAGS and seen.tags[0] == ("div", {"class": "econtador"})
        assert clean(value.summary, None) in seen.texts
        assert not re.search(r"529\.?982|@exemplo|\u202e", value._repr_html_())


def test_in_an_ipython_terminal_a_value_shows_its_text_and_within_another_one_line() -> None:
    pretty = pytest.importorskip("IPython.lib.pretty").pretty
    reading = ec.Reading[ec.EmpresaGap]("e.csv", (), (), (), "", "", {"codigo": "Cód."}, ())
    assert pretty(reading) == str(reading) and "\n" in str(reading)
    assert pretty([reading]) == f"[{reading!r}]"
