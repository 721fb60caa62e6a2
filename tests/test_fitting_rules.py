"""What each rule of fitting answers, as whole values: the text, the steps that it took, and what is said no more."""

from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import cast

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from econtador.errors import InvalidOverride, MissingFile, WrongEncoding
from econtador.integration.fields import Collision, FieldAdapter, FieldLimit, FitStep, Loss, Nature, Unit
from econtador.integration.overrides import Override, Overrides

MAQUINAS = "Manutenção e reparação de máquinas e equipamentos para uso"
AGRICOLA, DOMESTICO = f"{MAQUINAS} agrícola", f"{MAQUINAS} doméstico"
ATIVIDADE = FieldLimit("atividade", 30)


@frozen
class Cliente:
    codigo: str
    atividade: str | None = None
    cnae: str | None = None


@frozen
class SemCodigo:
    atividade: str
    cnae: str | None = None


CLIENTES = (Cliente("00001"), Cliente("00002", AGRICOLA, "3314711"), Cliente("00003", DOMESTICO, "9521500"))


def short(field: str, size: int, text: str) -> tuple[str, str, str]:
    """What *text* is in *size*, by which steps, and what it says no more."""
    after, loss = FieldAdapter(limits=[FieldLimit(field, size)], abbreviate=True).fit_text(field, text)
    return after, " ".join(loss.steps) if loss else "", loss.lost if loss else ""


# ------------------------------------------------------------------ all records together


def test_a_text_that_was_told_apart_says_all_that_was_done_to_it() -> None:
    spaced = AGRICOLA.replace(" e ", "  e ", 1)
    records = (CLIENTES[0], Cliente("00002", spaced, "3314711"), CLIENTES[2])
    adapter = FieldAdapter(limits=[ATIVIDADE], distinguish="tail")
    for fitter in (adapter.among(records), adapter.among(records[::-1]), adapter.among([]).among(records)):
        fits = [fitter.fit(record) for record in records]
        steps = (FitStep.CORTE, FitStep.DISTINCAO)
        assert [fit.losses for fit in fits] == [
            (),
            (Loss("atividade", spaced, "Manutenção e reparação d..agrí", 30, (FitStep.ESPACOS, *steps),
                  lost=AGRICOLA[30:]),),
            (Loss("atividade", DOMESTICO, "Manutenção e reparação d..domé", 30, steps, lost=DOMESTICO[30:]),),
        ]  # fmt: skip


def test_an_adapter_that_saw_some_records_tells_only_their_texts_apart() -> None:
    among = FieldAdapter(limits=[ATIVIDADE], distinguish="tail").among(CLIENTES[:2])
    assert among.collisions(CLIENTES) == (Collision("atividade", AGRICOLA[:30].rstrip(), ("00002", "00003")),)


def test_what_is_suggested_is_what_the_records_together_would_be() -> None:
    rows = FieldAdapter(limits=[ATIVIDADE], distinguish="tail").suggest(CLIENTES).rows
    assert [(row.cnae, row.de, row.ficaria, row.limite, row.motivo) for row in rows] == [
        ("3314711", AGRICOLA, "Manutenção e reparação d..agrí", 30, "cortado, distinguido de outros"),
        ("9521500", DOMESTICO, "Manutenção e reparação d..domé", 30, "cortado, distinguido de outros"),
    ]


def test_the_offices_texts_count_where_records_are_compared_and_scored() -> None:
    adapter = FieldAdapter(limits=[ATIVIDADE], overrides={("00003", "atividade"): "Conserto em casa"})
    assert adapter.collisions(CLIENTES) == ()
    (score,) = adapter.score(CLIENTES).fields
    assert (score.plain.lossless, score.plain.ambiguous) == (0, 2)
    assert (score.adapted.lossless, score.adapted.ambiguous) == (1, 0)


def test_an_end_keeps_clear_of_a_text_that_a_cnae_has_and_of_no_text_that_nobody_has() -> None:
    taken = Override("atividade", "Manutenção e reparação d..agrí", cnae="1091101", de="Padaria")
    adapter = FieldAdapter(limits=[ATIVIDADE], distinguish="tail", overrides=Overrides((taken,)))
    padaria = Cliente("00004", "Padaria", "1091101")
    for other, after in ((padaria, "Manutenção e reparação..agríc"), (CLIENTES[0], taken.para)):
        fits = adapter.fit_all([*CLIENTES, other])
        assert fits[1].record.atividade == after
        assert fits[2].record.atividade == "Manutenção e reparação d..domé"


def test_records_without_a_codigo_are_fitted_by_their_cnae_and_told_apart() -> None:
    records = [SemCodigo("Padaria", "1091101"), SemCodigo(AGRICOLA), SemCodigo(DOMESTICO)]
    adapter = FieldAdapter(distinguish="tail", overrides={("1091101", "atividade"): "Panificação"})
    assert [fit.record.atividade for fit in adapter.fit_all(records)] == [
        "Panificação",
        "Manutenção e reparação d..agrí",
        "Manutenção e reparação d..domé",
    ]


def test_an_identifier_of_the_offices_own_is_still_an_identifier() -> None:
    @frozen
    class Inscrito:
        codigo: str
        inscricao_estadual: str

    adapter = FieldAdapter(overrides={("00001", "inscricao_estadual"): "ISENTO"})
    assert adapter.fit(Inscrito("00001", "isenta")).losses == (
        Loss("inscricao_estadual", "isenta", "ISENTO", 16, (FitStep.SUBSTITUICAO,), "identifier"),
    )


def test_characters_left_out_and_the_end_that_fell_off_are_both_told() -> None:
    adapter = FieldAdapter(limits=[FieldLimit("campo", 6)], encoding="cp1252")
    assert adapter.fit_text("campo", "Pão 🥖 Modelo") == (
        "Pão Mo",
        Loss("campo", "Pão 🥖 Modelo", "Pão Mo", 6, (FitStep.CARACTERES_RETIRADOS, FitStep.CORTE), lost="🥖 delo"),
    )  # fmt: skip


# ------------------------------------------------------------------ words left out, words cut

# None of them is in a list, a connective or a number.
PLAIN_WORDS = st.lists(st.sampled_from(["Modelo", "Flores", "Aço", "Horizonte", "Pedra", "Sol", "Krypton"]), min_size=2, max_size=8)  # fmt: skip


@given(PLAIN_WORDS, st.integers(9, 50))
def test_of_words_that_nobody_abbreviates_as_many_stay_as_there_is_room_for(
    words: list[str], size: int
) -> None:
    whole = [" ".join(words[:count]) for count in range(1, len(words) + 1)]
    after = [text for text in whole if len(text) <= size][-1]
    left_out = whole[-1][len(after) :].strip()
    assert short("complemento", size, whole[-1]) == (after, "corte" if left_out else "", left_out)


@given(PLAIN_WORDS, st.integers(4, 60))
def test_of_an_activity_as_many_words_are_seen_as_can_be_and_nothing_goes_untold(
    words: list[str], size: int
) -> None:
    text = " ".join(words)
    after, steps, lost = short("atividade", size, text)
    shown = after.split()
    # Four letters each are the least.
    least = list(accumulate(min(len(word), 4) + 1 for word in words))
    assert len(shown) == sum(room <= size + 1 for room in least)
    for word, cut in zip(words, shown, strict=False):
        assert word.startswith(cut)
        assert cut == word or len(after) + len(word) - len(cut) > size
    assert Counter((after + lost).replace(" ", "")) == Counter(text.replace(" ", ""))
    cuts = {"reducao": shown != words[: len(shown)], "corte": len(shown) < len(words)}
    assert steps == " ".join(step for step, needed in cuts.items() if needed)


@pytest.mark.parametrize(
    ("field", "size", "text", "after", "steps", "lost"),
    [
        # A number at the end stays, a roman one too, whatever sign is at it; a word with a sign is no number.
        ("complemento", 10, "Bloco Azul 12", "Bloco 12", "corte", "Azul"),
        ("complemento", 9, "Bloco Azul II,", "Bloco II,", "corte", "Azul"),
        ("complemento", 15, "Bloco Azul Novo (sul)", "Bloco Azul Novo", "corte", "(sul)"),
        # One letter is no connective beside another single letter: it may be one of A E C LTDA.
        ("complemento", 15, "Bloco X e Y Norte", "Bloco X e Y", "corte", "Norte"),
        ("complemento", 17, "Bloco X e Sul Norte", "Bloco X e Sul", "corte", "Norte"),
        ("complemento", 17, "Bloco Sul e X Norte", "Bloco Sul e X", "corte", "Norte"),
        ("complemento", 17, "Bloco Pó e Pé Norte", "Bloco Pó Pé Norte", "conectivos", "e"),
        ("complemento", 15, "Bloco X de Y Norte", "Bloco X Y Norte", "conectivos", "de"),
        # A company's form is abbreviated, a person's last surname is not, nor is it left out for a trade.
        ("razao_social", 11, "Modelo Limitada", "Modelo Ltda", "forma-juridica", ""),
        ("razao_social", 9, "Pessoa Modelo", "Pessoa Mo", "corte", "delo"),
        # MICROEMPRESA is a form too, and after it stands what is the last surname.
        ("razao_social", 19, "Pessoa Nova Modelo Microempresa", "Pessoa Modelo ME", "forma-juridica corte", "Nova"),
        ("razao_social", 16, "PESSOA MODELO MICROEMPRESA", "PESSOA MODELO ME", "forma-juridica", ""),
        ("razao_social", 17, "Pessoa Modelo Padrão Comércio", "Pessoa Padrão", "corte", "Modelo Comércio"),
        # A type of street comes before a name, and a title too.
        ("endereco", 9, "Avenida Modelo", "Av Modelo", "logradouro", ""),
        ("endereco", 2, "Avenida", "Av", "corte", "enida"),
        ("endereco", 15, "Rua Doutor Modelo Norte", "R Doutor Modelo", "logradouro corte", "Norte"),
        ("bairro", 11, "Modelo Padre", "Modelo", "corte", "Padre"),
        ("bairro", 13, "Nossa Senhora, Modelo", "N Sra, Modelo", "titulo", ""),
        # In small letters: a word gets small ones, and so does its single letter; what is always capitals stays so.
        ("razao_social", 11, "modelo limitada", "modelo ltda", "forma-juridica", ""),
        ("atividade", 10, "modelos não especificados anteriormente", "modelos NE", "atividade", ""),
        ("endereco", 12, "rua das flores", "r das flores", "logradouro", ""),
        ("endereco", 13, "praca das flores", "pc das flores", "logradouro", ""),
        # Of an activity words are cut before a vowel, each in turn a little more; the signs at them cost no room.
        ("atividade", 9, "Modelo, azul", "Mode azul", "reducao", "lo,"),
        ("atividade", 8, "Modelo, azul", "Modelo", "reducao corte", ", azul"),
        ("atividade", 9, "(Modelo) azul", "Mode azul", "reducao", "lo()"),
        ("atividade", 12, "Padaria, doces", "Padar doces", "reducao", "ia,"),
        ("atividade", 6, "Recreativo modelo", "Recr", "atividade reducao corte", "eat modelo"),
        ("atividade", 12, "Química campo armazéns sul", "Química camp", "reducao corte", "o armazéns sul"),
        # A connective comes back where there is room; a word that points to what is left out goes with it.
        ("atividade", 11, "Museu e sal modelo", "Museu e sal", "corte", "modelo"),
        ("atividade", 10, "Padaria exceto doces", "Padaria", "corte", "exceto doces"),
        ("atividade", 11, "Padaria exceto, doces", "Padaria", "corte", "exceto, doces"),
        ("atividade", 6, "Exceto modelos", "Exceto", "corte", "modelos"),
        ("atividade", 15, "Modelo azul; sem", "Modelo azul sem", "reducao", ";"),
    ],
)  # fmt: skip
def test_what_stays_and_what_is_written_shorter(
    field: str, size: int, text: str, after: str, steps: str, lost: str
) -> None:
    assert short(field, size, text) == (after, steps, lost)


# ------------------------------------------------------------------ ends that tell apart

PECAS = "Comércio de peças"


@pytest.mark.parametrize(
    ("size", "becomes"),
    [
        # What all others begin with has the plain cut to itself; an end has four letters, or more where they differ later.
        (16, {PECAS: "Comércio de peça", f"{PECAS} agrícolas": "Comércio d..agrí", f"{PECAS} domésticas": "Comércio d..domé"}),
        (14, {"Comércio modelo internacional": "Comérc..intern", "Comércio modelo interestadual": "Comérc..intere"}),
        (14, {"Comércio modelo agrícola": "Comé..agrícola", "Comércio modelo agrícolo": "Comé..agrícolo"}),
        # The nearest like counts, on either side.
        (14, {"Comércio modelo casa azul": "Comércio..azul", "Comércio modelo casa bege": "Comércio..bege",
              "Comércio modelo dado": "Comércio..dado"}),
        # A number where a text ends before it differs, and where there is no room for letters; nothing but an end is no text.
        (16, {f"{PECAS} a": "Comércio de p..2", f"{PECAS} a b": "Comércio de p..b", f"{PECAS} c": "Comércio de p..3",
              f"{PECAS} c d": "Comércio de p..d"}),
        (7, {"Modelo agrícola": "M..agrí", "Modelo de casa": "M..de c"}),
        (6, {"Modelo agrícola": "Mod..2", "Modelo de casa": "Mod..3"}),
        (7, {"(a) xyz agrícola": "(a)..2", "(a) xyz doméstico": "(a)..3"}),
        # Signs and spaces are at neither side of the dots, letters are.
        (14, {"Padaria - modelo agrícola": "Padaria..agrí", "Padaria - modelo doméstico": "Padaria..domé"}),
        (15, {"Padaria X modelo agrícola": "Padaria X..agrí", "Padaria X modelo doméstico": "Padaria X..domé"}),
        (14, {"Comércio modelo sul, norte": "Comércio..sul", "Comércio modelo mar; alto": "Comércio..mar"}),
        (14, {"Comércio modelo INOX": "Comércio..INOX", "Comércio modelo MADEIRA": "Comércio..MADE"}),
        # An end is of whole characters, and of more words where the first is short.
        (14, {"Comércio modelo sul norte": "Comérci..sul n", "Comércio modelo mar alto": "Comérci..mar a"}),
        (14, {"Comércio modelo e casa": "Comércio..e ca", "Comércio modelo, doméstico": "Comércio..domé",
              "Comércio modelo-sul": "Comé..modelo-s"}),
        (14, {"Comércio modelo cafe\u0301": "Comérci..cafe\u0301", "Comércio modelo cafu azul": "Comércio..cafu"}),
    ],
)  # fmt: skip
def test_texts_are_told_apart_by_the_word_that_differs(size: int, becomes: dict[str, str]) -> None:
    adapter = FieldAdapter(limits=[FieldLimit("atividade", size)], distinguish="tail")
    records = [Cliente(f"{number:05}", text) for number, text in enumerate(becomes, 1)]
    assert [fit.record.atividade for fit in adapter.fit_all(records)] == list(becomes.values())


def test_a_text_alone_is_told_from_the_offices_by_its_own_beginning() -> None:
    adapter = FieldAdapter(
        limits=[FieldLimit("atividade", 14)],
        distinguish="tail",
        overrides={("00009", "atividade"): "A Modelo compr"},
    )
    records = [Cliente("00001", "A Modelo comprido"), Cliente("00009", "Padaria")]
    assert adapter.fit_all(records)[0].record.atividade == "A Modelo..A Mo"


@pytest.mark.parametrize("taken", [None, "3314711 Comércio modelo"])
def test_the_digits_of_a_cnae_stand_before_a_text_that_is_cut_and_as_another_only(taken: str | None) -> None:
    adapter = FieldAdapter(
        limits=[FieldLimit("atividade", 23)],
        distinguish="cnae",
        overrides={("00009", "atividade"): taken} if taken else None,
    )
    records = [
        Cliente("00001", "Comércio modelo de peças agrícolas", "3314711"),
        Cliente("00002", "Comércio modelo de peças domésticas", "9521500"),
        Cliente("00003", "Padaria", "1091102"),
        Cliente("00004", "Cultivo modelo de cereais e trigo", "0111301"),
        Cliente("00009", "Outra"),
    ]
    assert [fit.record.atividade for fit in adapter.fit_all(records)] == [
        "Comércio modelo de peça" if taken else "3314711 Comércio modelo",
        "9521500 Comércio modelo",
        "Padaria",
        "Cultivo modelo de cerea",
        taken or "Outra",
    ]


@pytest.mark.parametrize(("size", "after"), [(8, "Mo..agrí"), (9, "3314711 M")])
def test_the_digits_of_a_cnae_need_room_for_a_letter_after_them(size: int, after: str) -> None:
    adapter = FieldAdapter(limits=[FieldLimit("atividade", size)], distinguish="cnae")
    records = [
        Cliente("00001", "Modelo novo agrícola", "3314711"),
        Cliente("00002", "Modelo novo", "9521500"),
    ]
    assert adapter.fit_all(records)[0].record.atividade == after


def test_a_text_that_is_cut_to_one_of_the_offices_gets_the_digits_of_its_cnae() -> None:
    adapter = FieldAdapter(
        limits=[FieldLimit("atividade", 23)],
        distinguish="cnae",
        overrides={("00009", "atividade"): "Cultivo modelo de cerea"},
    )
    records = [Cliente("00004", "Cultivo modelo de cereais", "0111301"), Cliente("00009", "Outra")]
    assert adapter.fit_all(records)[0].record.atividade == "0111301 Cultivo modelo"


def test_a_text_that_all_others_begin_with_gives_way_to_the_offices() -> None:
    adapter = FieldAdapter(
        limits=[FieldLimit("atividade", 16)],
        distinguish="tail",
        overrides={("00009", "atividade"): "Comércio de peça"},
    )
    records = [Cliente("00001", PECAS), Cliente("00002", f"{PECAS} agrícolas"), Cliente("00009", "Padaria")]
    assert [fit.record.atividade for fit in adapter.fit_all(records)] == [
        "Comércio de p..2",
        "Comércio d..agrí",
        "Comércio de peça",
    ]


# ------------------------------------------------------------------ the office's table

HEAD = "codigo;cnae;campo;de;para"


def table(folder: Path, *lines: str) -> Path:
    path = folder / "textos.csv"
    path.write_bytes("\r\n".join(lines).encode())
    return path


def test_a_table_is_read_row_by_row_as_it_stands(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        HEAD,
        '7;1091101;bairro;"Vila\r\nNova";Vila',
        ";111301;atividade;;Cultivo",
        "00008;;bairro",
        "00009;;bairro;;Centro;e mais",
    )
    assert Overrides.read(path).entries == (
        Override("bairro", "Vila", codigo="00007", de="Vila\r\nNova"),
        Override("atividade", "Cultivo", cnae="0111301"),
        Override("bairro", "Centro", codigo="00009"),
    )


@pytest.mark.parametrize("columns", ["codigo;campo;para", "cnae;campo;para"])
def test_a_table_names_its_companies_by_one_column_or_the_other(tmp_path: Path, columns: str) -> None:
    (entry,) = Overrides.read(table(tmp_path, columns, "1091101;atividade;Panificação")).entries
    assert (entry.codigo or entry.cnae, entry.para) == ("1091101", "Panificação")


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (("codigo;campo", "00007;bairro"), 1),
        (("codigo;para", "00007;Centro"), 1),
        ((HEAD, ";X109110;atividade;;Panificação"), 2),
        ((HEAD, ";109110101;atividade;;Panificação"), 2),
        ((HEAD, "7;;bairro;;Centro", "00007;;bairro;;Vila"), 3),
        ((HEAD, "7;;bairro;;Şirin"), 2),
        ((HEAD, "7;;apelido;;Vila"), 2),
        ((HEAD, "7;;bairro;; Vila"), 2),
    ],
)
def test_what_is_wrong_in_a_table_is_told_with_its_file_and_line(
    tmp_path: Path, lines: tuple[str, ...], line: int
) -> None:
    path = table(tmp_path, *lines)
    with pytest.raises(InvalidOverride) as caught:
        FieldAdapter(overrides=path, encoding="cp1252")
    assert (caught.value.file, caught.value.line) == (str(path), line)


def test_what_is_wrong_in_a_mapping_or_with_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidOverride) as wrong:
        FieldAdapter(overrides={("00007", "bairro"): "Centro", ("00008", "bairro"): " "})
    assert (wrong.value.file, wrong.value.line) == ("overrides", 2)
    with pytest.raises(MissingFile) as missing:
        FieldAdapter(overrides="no such table.csv")
    assert (missing.value.file, missing.value.reason) == ("no such table.csv", "No such file or directory")
    path = tmp_path / "textos.csv"
    path.write_bytes(b"\x81")
    with pytest.raises(WrongEncoding) as undecoded:
        FieldAdapter(overrides=path)
    assert undecoded.value.file == str(path)


def test_a_text_of_nobodys_or_for_another_text_is_not_used() -> None:
    entries = (Override("atividade", "Nada"), Override("atividade", "Pães", cnae="1091101", de="Padaria"))
    adapter = FieldAdapter(overrides=Overrides(entries))
    for record in (SemCodigo("Cultivo"), SemCodigo("Cultivo", "1091101")):
        assert adapter.fit(record).record is record


def test_a_suggested_table_opens_in_a_spreadsheet_and_says_why(tmp_path: Path) -> None:
    cut = PECAS[:16]
    spaced = Cliente("00002", cut.replace(" ", "  "))
    adapter = FieldAdapter(limits=[FieldLimit("atividade", 16)])
    suggested = adapter.suggest([Cliente("00001", PECAS), spaced])
    assert adapter.suggest([Cliente("00001", PECAS)]).rows == suggested.rows[:1]
    path = tmp_path / "textos.csv"
    suggested.write(path)
    assert path.read_bytes().decode("utf-8-sig") == suggested.to_csv()
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert suggested.to_csv().split("\r\n") == [
        f"{HEAD};ficaria;limite;motivo",
        f"00001;;atividade;{PECAS};;{cut};16;cortado",
        f"00002;;atividade;{cut};;{cut};16;ficaria igual a outro",
        "",
    ]


# ------------------------------------------------------------------ characters and sizes


@pytest.mark.parametrize(
    ("encoding", "text", "after", "steps"),
    [
        ("cp1252", " Centro", "Centro", "espacos"),
        ("cp1252", "Tela 5″", 'Tela 5"', "caracteres"),
        ("ascii", "Strandgǿ", "Strandgo", "caracteres"),
    ],
)
def test_a_character_is_written_in_its_usual_way(encoding: str, text: str, after: str, steps: str) -> None:
    fitted, loss = FieldAdapter(encoding=encoding).fit_text("bairro", text)
    assert loss
    assert (fitted, " ".join(loss.steps), loss.lost) == (after, steps, "")


def test_a_size_is_a_whole_number_and_what_a_limit_may_be_is_told() -> None:
    units: tuple[Unit, ...] = ("code_points", "utf16", "utf8")
    assert [repr(FieldLimit("nome", 9, unit=unit).measure("Zé 🏢")) for unit in units] == ["4", "5", "8"]
    with pytest.raises(ValueError, match="'text', 'identifier'"):
        FieldLimit("nome", 9, nature=cast("Nature", "number"))
    with pytest.raises(ValueError, match="'code_points', 'utf16', 'utf8'"):
        FieldLimit("nome", 9, unit=cast("Unit", "bytes"))
