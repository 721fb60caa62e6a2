"""Texts written shorter before anything of them is cut: no more than needed, and nothing that must stay."""

import pickle
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from csv import DictReader
from functools import cache
from importlib.resources import files
from itertools import combinations
from multiprocessing import get_context

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from econtador.gap.models import EmpresaGap
from econtador.integration.fields import LIMITS, FieldAdapter, FieldLimit, FitStep, Loss, Unit

ADAPTER = FieldAdapter(abbreviate=True)
PLAIN = FieldAdapter()
LISTS = {
    FitStep.FORMA_JURIDICA: "formas_juridicas.csv",
    FitStep.COMERCIO: "comercio.csv",
    FitStep.LOGRADOURO: "logradouros.csv",
    FitStep.TITULO: "titulos.csv",
    FitStep.BAIRRO: "bairros.csv",
    FitStep.ATIVIDADE: "atividades.csv",
}
OF_FIELD = {
    "razao_social": (FitStep.FORMA_JURIDICA, FitStep.COMERCIO, FitStep.TITULO),
    "endereco": (FitStep.LOGRADOURO, FitStep.TITULO),
    "bairro": (FitStep.TITULO, FitStep.BAIRRO),
    "atividade": (FitStep.COMERCIO, FitStep.ATIVIDADE),
}
# Common ones: none of them may be shortened in a name.
SURNAMES = tuple(
    """
    SILVA SANTOS OLIVEIRA SOUZA RODRIGUES FERREIRA ALVES PEREIRA LIMA GOMES COSTA RIBEIRO MARTINS CARVALHO ALMEIDA
    LOPES SOARES FERNANDES VIEIRA BARBOSA ROCHA DIAS NASCIMENTO ANDRADE MOREIRA NUNES MARQUES MACHADO MENDES FREITAS
    CARDOSO RAMOS GONCALVES SANTANA TEIXEIRA PINTO MOURA CAVALCANTE MONTEIRO MEDEIROS CORREIA BATISTA CAMPOS DUARTE
    REIS PIRES MADEIRA BRASILEIRO CRUZ PESSOA GUERRA LEAO PADILHA VIANA FONSECA MAIA BRITO XAVIER
    """.split()  # noqa: SIM905 - as a text they can be read
)


@cache
def rows(file: str) -> tuple[dict[str, str], ...]:
    text = files("econtador.integration").joinpath("words", file).read_text("utf-8")
    return tuple(DictReader(text.splitlines(), delimiter=";"))


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).upper()


def terms(*steps: FitStep) -> list[tuple[str, str]]:
    return [(row["termo"], row["abreviatura"]) for step in steps for row in rows(LISTS[step])]


# ------------------------------------------------------------------ texts

CONNECTIVES = [row["termo"] for row in rows("conectivos.csv")]
KNOWN = [term for term, _ in terms(*LISTS)]
OTHERS = [
    "MODELO",
    "Modelo",
    "flores",
    "São",
    "AÇO",
    "12",
    "345",
    "II",
    "A",
    "e",
    "R",
    "x" * 25,
    "Zé,",
    "(aço)",
    "🏢",
    "SA\u0303O",
    "한",
]

words = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(KNOWN).map(str.upper),
    st.sampled_from(KNOWN).map(bare),
    st.sampled_from(CONNECTIVES),
    st.sampled_from(OTHERS),
    st.text(st.characters(exclude_categories=["Cs", "Cn", "Z", "C"]), min_size=1, max_size=9),
)
texts = st.lists(words, min_size=1, max_size=14).map(" ".join).map(lambda text: " ".join(text.split()))
fields = st.sampled_from((*OF_FIELD, "complemento"))
units: st.SearchStrategy[Unit] = st.sampled_from(("code_points", "utf16", "utf8"))


@st.composite
def limits(draw: st.DrawFn) -> FieldLimit:
    return FieldLimit(draw(fields), draw(st.integers(1, 60)), unit=draw(units))


def fit(text: str, limit: FieldLimit) -> tuple[str, Loss | None]:
    return FieldAdapter(limits=(limit,), abbreviate=True).fit_text(limit.field, text)


# ------------------------------------------------------------------ what holds for any text


@given(texts, limits())
@example("LTDA " * 12, FieldLimit("razao_social", 50))
@example("Tecelagem de fios de fibras têxteis naturais, exceto algodão", FieldLimit("atividade", 30))
def test_the_result_fits_is_tidy_and_stays_as_it_is(text: str, limit: FieldLimit) -> None:
    after, _ = fit(text, limit)
    assert limit.measure(after) <= limit.limit
    assert after == " ".join(after.split())
    assert fit(after, limit) == (after, None)
    assert fit(text, limit)[0] == after


@given(texts, limits())
def test_what_fits_is_let_be_and_what_changed_is_told(text: str, limit: FieldLimit) -> None:
    after, loss = fit(text, limit)
    if limit.measure(text) <= limit.limit:
        assert (after, loss) == (text, None)
    else:
        assert loss is not None
        assert (loss.before, loss.after, loss.limit) == (text, after, limit.limit)
        assert list(loss.steps) == [step for step in FitStep if step in loss.steps]
        assert loss.steps
        assert bool(loss.lost) is not loss.lossless


@given(texts, limits())
def test_no_character_is_split(text: str, limit: FieldLimit) -> None:
    after, _ = fit(text, limit)
    wholes = set(iter_graphemes(unicodedata.normalize("NFC", text)))
    wholes |= set(iter_graphemes(text)) | {c.upper() for c in wholes} | {bare(c) for c in wholes}
    assert set(iter_graphemes(after)) <= wholes | set(" S/A") | set("lL")  # INDL is of INDUSTRIAIS, too


@given(texts, limits())
@example("x" * 25, FieldLimit("complemento", 4))
def test_something_is_left_and_it_begins_as_the_text_does(text: str, limit: FieldLimit) -> None:
    after, _ = fit(text, limit)
    plain, _ = FieldAdapter(limits=(limit,)).fit_text(limit.field, text)
    if plain and plain[0].isalnum():
        assert after
        assert bare(after)[0] == bare(text)[0]


# ------------------------------------------------------------------ no abbreviation more than needed


def with_one_change_undone(text: str, after: str, field: str) -> list[tuple[str, bool]]:
    """Every text that is *after* with one word written out, or one put back, and which of the two it is."""
    given_words, short_words = text.split(" "), after.split(" ")
    found: list[tuple[str, bool]] = []
    # By aligning: each word of the result is a word of the text, or the short form of one or more.
    shorts = {bare(term): bare(short) for term, short in terms(*OF_FIELD.get(field, ()))}
    position = 0
    aligned: list[tuple[str, str]] = []
    for word in short_words:
        for end in range(position, len(given_words)):
            source = given_words[end]
            if source == word or shorts.get(bare(source.strip(",;.:()"))) == bare(word.strip(",;.:()")):
                aligned += [(skipped, "") for skipped in given_words[position:end]]
                aligned.append((source, word))
                position = end + 1
                break
        else:
            return []
    aligned += [(skipped, "") for skipped in given_words[position:]]
    for index, (source, word) in enumerate(aligned):
        if source != word:
            undone = [*(w for _, w in aligned[:index]), source, *(w for _, w in aligned[index + 1 :])]
            found.append((" ".join(w for w in undone if w), bool(word)))
    return found


single_words = st.lists(
    st.one_of(
        st.sampled_from([term for term in KNOWN if " " not in term]),
        st.sampled_from(CONNECTIVES),
        st.sampled_from(["Modelo", "Flores", "Aço"]),
    ),
    min_size=2,
    max_size=10,
).map(" ".join)


@given(single_words, st.sampled_from(tuple(OF_FIELD)), st.integers(10, 60), units)
def test_without_any_one_change_the_text_would_be_too_long(
    text: str, field: str, size: int, unit: Unit
) -> None:
    limit = FieldLimit(field, size, unit=unit)
    after, loss = fit(text, limit)
    if loss and FitStep.REDUCAO not in loss.steps:
        for undone, written_out in with_one_change_undone(text, after, field):
            # Of words that were cut there may be one for which there would be room; what stays is written out.
            if written_out or FitStep.CORTE not in loss.steps:
                assert limit.measure(undone) > limit.limit


@given(
    st.lists(st.sampled_from(terms(FitStep.ATIVIDADE)), min_size=1, max_size=6, unique=True),
    st.integers(8, 60),
)
def test_the_fewest_words_of_a_list_are_shortened(chosen: list[tuple[str, str]], size: int) -> None:
    chosen = [(term, short) for term, short in chosen if " " not in term]
    text = " ".join(term for term, _ in chosen)
    after, loss = fit(text, FieldLimit("atividade", size))
    if loss and loss.steps == (FitStep.ATIVIDADE,):
        savings = [len(term) - len(short) for term, short in chosen]
        changed = sum(word not in after.split() for word in text.split())
        need = len(text) - size
        assert changed == min(
            count
            for count in range(1, len(savings) + 1)
            for picked in combinations(savings, count)
            if sum(picked) >= need
        )


def test_the_lists_are_used_in_their_order_and_words_go_last() -> None:
    text = "Comércio de Máquinas Modelo do Doutor José Limitada"
    found: dict[str, list[str]] = {}
    for size in (50, 46, 40, 36, 31, 28):
        after, loss = fit(text, FieldLimit("razao_social", size))
        assert loss
        found[after] = [step.value for step in loss.steps]
    assert found == {
        "Comércio de Máquinas Modelo do Doutor José Ltda": ["forma-juridica"],
        "Comércio de Máq Modelo do Doutor José Limitada": ["comercio"],  # one change where one is enough
        "Com de Máq Modelo do Doutor José Ltda": ["forma-juridica", "comercio"],
        "Com de Máq Modelo do Dr José Ltda": ["forma-juridica", "comercio", "titulo"],
        "Com de Máq Modelo Dr José Ltda": ["forma-juridica", "comercio", "titulo", "conectivos"],
        "Com Máq Modelo Dr José Ltda": ["forma-juridica", "comercio", "titulo", "conectivos"],
    }


# ------------------------------------------------------------------ what must stay


@given(
    st.lists(
        st.sampled_from(["PADARIA", "MODELO", "COMERCIO", "DE", "SERVICOS", "FLORES"]),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["11.222.333/0001-81", "52998224725", "11222333000181"]),
    st.sampled_from(["LTDA", "LIMITADA", "S/A", "ME", ""]),
    st.booleans(),
)
def test_digits_of_a_name_and_its_legal_form_stay(
    before: list[str], digits: str, form: str, first: bool
) -> None:
    parts = [digits, *before, form] if first else [*before, digits, form]
    after, _ = ADAPTER.fit_text("razao_social", " ".join(part for part in parts if part))
    assert digits in after.split()
    assert not form or after.endswith(({"LIMITADA": "LTDA"}.get(form, form), form))


@given(
    st.lists(
        st.sampled_from(["MARIA", "JOSE", "APARECIDA", "DOS", "DA", *SURNAMES]), min_size=6, max_size=14
    ),
    st.sampled_from([*SURNAMES, "SANTO", "SANTA"]),
    st.sampled_from(["", "FILHO", "JUNIOR", "JÚNIOR", "NETO", "SOBRINHO"]),
    st.sampled_from(["", "52998224725", "ME"]),
    st.sampled_from([str.upper, str.title, str.lower]),
)
def test_a_sole_traders_last_surname_and_what_follows_it_stay(
    given_names: list[str], surname: str, kin: str, end: str, style: Callable[[str], str]
) -> None:
    ending = style(" ".join(part for part in (surname, kin, end) if part))
    after, _ = ADAPTER.fit_text("razao_social", f"{style(' '.join(given_names))} {ending}")
    assert after.endswith(f" {ending}")
    assert after.startswith(style(given_names[0]))


def test_a_surname_before_its_kin_stays_wherever_it_stands() -> None:
    text = "Pessoa Modelo Espírito Santo Filho Comércio de Alimentos e Bebidas Ltda"
    assert ADAPTER.fit_text("razao_social", text)[0] == "Pessoa Modelo Espírito Santo Filho Com Alim Ltda"


@pytest.mark.parametrize("surname", SURNAMES)
def test_no_common_surname_has_a_short_form_in_a_name(surname: str) -> None:
    assert surname not in {bare(term) for term, _ in terms(*OF_FIELD["razao_social"])}


def test_words_that_turn_the_meaning_are_no_connectives() -> None:
    assert not {"não", "sem", "exceto", "sob", "contra", "até"} & set(CONNECTIVES)


@given(texts, st.integers(8, 60))
def test_no_text_ends_with_a_connective_that_links_nothing(text: str, size: int) -> None:
    for field in OF_FIELD:
        after, loss = fit(text, FieldLimit(field, size))
        if loss and FitStep.REDUCAO in loss.steps:
            last = after.split(" ")[-1]
            assert last not in CONNECTIVES or text.split(" ")[-1].startswith(last) or len(last) < 3


# ------------------------------------------------------------------ styles


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("COMÉRCIO DE MÁQUINAS", "COM DE MÁQ"),
        ("Comércio de Máquinas", "Com de Máq"),
        ("comércio de máquinas", "com de máq"),
        ("COMERCIO DE MAQUINAS", "COM DE MAQ"),
        ("Come\u0301rcio de Ma\u0301quinas", "Com de Máq"),
        ("Comércio, de (Máquinas)", "Com, de (Máq)"),
        ("cOMÉRCIO DE mÁQUINAS", "cOMÉRCIO"),
    ],
)
def test_a_short_form_is_written_as_the_text_is(text: str, after: str) -> None:
    assert fit(text, FieldLimit("razao_social", len(after)))[0] == after


@pytest.mark.parametrize(
    ("field", "text", "after"),
    [
        ("razao_social", "MODELO 02 INDUSTRIA E COMERCIO DE MAQUINAS E EQUIPAMENTOS SOCIEDADE ANONIMA",
         "MODELO 02 INDUSTRIA E COMERCIO DE MAQ E EQUIP S/A"),
        ("razao_social", "COMPANHIA MODELO DE DISTRIBUICAO DE ENERGIA E PARTICIPACOES DO BRASIL S/A",
         "CIA MODELO DE DISTR DE ENERGIA PART DO BRASIL S/A"),
        ("razao_social", "PESSOA MODELO DOS SANTOS DA CONCEICAO PEREIRA FILHO 52998224725",
         "PESSOA MODELO DOS SANTOS PEREIRA FILHO 52998224725"),
        ("endereco", "AVENIDA PRESIDENTE JUSCELINO KUBITSCHEK DE OLIVEIRA MODELO", "AV PRES JUSCELINO KUBITSCHEK DE OLIVEIRA MODELO"),
        ("endereco", "Rua da Avenida Velha do Professor e da Professora Modelo 01", "Rua da Avenida Velha do Prof e da Profa Modelo 01"),
        ("bairro", "JARDIM NOSSA SENHORA APARECIDA", "JD N SRA APARECIDA"),
        ("bairro", "CONJUNTO HABITACIONAL MODELO 12", "CONJ HAB MODELO 12"),
        ("bairro", "Parque Residencial Vila Nova II", "Pq Res Vila Nova II"),
        ("bairro", "Vila Nova do Campo para os Modelos", "Vila Nova do Campo"),
        ("bairro", "Cidade Universitária Jardim", "Cidade Univ Jardim"),
        ("atividade", "Manutenção e reparação de máquinas e equipamentos para agricultura e pecuária",
         "Manut rep máq equip agric pec"),
        ("atividade", "Tecelagem de fios de fibras têxteis naturais, exceto algodão", "Tecel fios fibras têxteis nat"),
        ("atividade", "Outras atividades de serviços pessoais não especificadas anteriormente", "Out atividades de serv pess NE"),
    ],
)  # fmt: skip
def test_texts_as_an_office_has_them(field: str, text: str, after: str) -> None:
    assert ADAPTER.fit_text(field, text)[0] == after


def test_an_identifier_is_never_abbreviated() -> None:
    for text in ("ISENTO CONFORME COMERCIO DE", "1234567890.1234567-8"):
        assert ADAPTER.fit_text("inscricao_municipal", text) == PLAIN.fit_text("inscricao_municipal", text)


def test_what_was_left_out_is_told() -> None:
    _, loss = ADAPTER.fit_text("bairro", "Vila Jardim das Flores do Campo")
    assert loss
    assert (loss.after, loss.lost, loss.lossless) == ("Vila Jd Flores Campo", "das do", False)
    _, loss = ADAPTER.fit_text("bairro", "Jardim Nossa Senhora Aparecida")
    assert loss
    assert (loss.lost, loss.lossless) == ("", True)


# ------------------------------------------------------------------ the words


@pytest.mark.parametrize("file", sorted({*LISTS.values(), "conectivos.csv"}))
def test_every_entry_is_once_and_has_its_source(file: str) -> None:
    found = rows(file)
    keys = [row["termo"] for row in found]
    assert len(keys) == len(set(keys))
    for row in found:
        assert row["fonte"].strip()
        assert len(row.get("abreviatura", "")) < len(row["termo"])
        assert row["termo"] == " ".join(row["termo"].split())


def test_every_short_form_saves_something_in_any_unit_and_spelling() -> None:
    for term, short in terms(*LISTS):
        for spelt, brief in ((term, short), (term.upper(), short.upper()), (bare(term), bare(short))):
            for encoding, size in (("utf-32-le", 4), ("utf-16-le", 2), ("utf-8", 1)):
                assert len(spelt.encode(encoding)) - len(brief.encode(encoding)) >= 2 * size, (spelt, brief)


@pytest.mark.parametrize("field", OF_FIELD)
def test_one_short_form_stands_for_one_word_and_its_kin(field: str) -> None:
    by_short: dict[str, list[str]] = {}
    for term, short in terms(*OF_FIELD[field]):
        by_short.setdefault(bare(short), []).append(bare(term))
    for short, found in by_short.items():
        stems = {re.sub(r"^(.{4}|.+).*", r"\1", term) for term in found}
        assert len(stems) == 1 or (field, short) in KIN, (field, short, found)
        assert short not in {bare(term) for term, _ in terms(*OF_FIELD[field])}


# Kin that part before the fourth letter.
KIN = {
    ("bairro", "N SRA"),
    ("endereco", "N SRA"),
    ("razao_social", "ME"),
    ("endereco", "IR"),
    ("bairro", "IR"),
    ("razao_social", "IR"),
    ("razao_social", "S/A"),
}


# ------------------------------------------------------------------ a pure function


def test_threads_and_processes_give_the_same() -> None:
    longs = [text * 2 for text in KNOWN[:200]]
    alone = [ADAPTER.fit_text("atividade", text) for text in longs]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ADAPTER.fit_text, ["atividade"] * len(longs), longs)) == alone
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        assert (
            list(processes.map(ADAPTER.fit_text, ["atividade"] * len(longs), longs, chunksize=200)) == alone
        )


def test_adapters_in_every_mode_are_values() -> None:
    given_modes = {"abbreviate": True, "encoding": "cp1252", "distinguish": "tail"}
    modes = [FieldAdapter(**{name: given_modes[name]}) for name in given_modes]  # type: ignore[arg-type]
    assert len({*modes, PLAIN}) == 4
    for mode in modes:
        again = pickle.loads(pickle.dumps(mode))
        assert (again, hash(again)) == (mode, hash(mode))
        assert again.fit_text("bairro", "Jardim Nossa Senhora Aparecida 🏢") == mode.fit_text(
            "bairro", "Jardim Nossa Senhora Aparecida 🏢"
        )


def test_a_record_is_abbreviated_field_by_field() -> None:
    empresa = EmpresaGap(
        "00007", "PROEMP00", "PADARIA E CONFEITARIA MODELO COMERCIO DE ALIMENTOS LIMITADA", "11.222.333/0001-81",
        bairro="Jardim Nossa Senhora Aparecida",
    )  # fmt: skip
    fitted = ADAPTER.fit(empresa)
    assert fitted.record == evolve(
        empresa,
        razao_social="PADARIA E CONFEITARIA MODELO COMERCIO DE ALIM LTDA",
        bairro="Jd N Sra Aparecida",
    )
    assert fitted.lossless
    assert [limit.field for limit in LIMITS if limit.field in {loss.field for loss in fitted.losses}] == [
        loss.field for loss in fitted.losses
    ]
