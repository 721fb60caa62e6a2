"""How well texts fit, in numbers: each is what a count by hand gives."""

import pickle

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from econtador.integration.fields import FieldAdapter, FieldLimit

BAIRRO = FieldLimit("bairro", 12, label="Bairro")


@frozen
class Cliente:
    codigo: str
    bairro: str | None = None


def clientes(*bairros: str | None) -> list[Cliente]:
    return [Cliente(f"{number:05}", bairro) for number, bairro in enumerate(bairros, 1)]


def test_a_score_counts_what_is_lost_and_what_is_alike() -> None:
    records = clientes(
        "Centro",
        None,
        " Centro ",
        "Jardim América",
        "Vila Nova Esperança",
        "Vila Nova Espera Feliz",
        "Vila Nova Es",
    )
    (score,) = FieldAdapter(limits=[BAIRRO], abbreviate=True).score(records).fields
    assert (score.texts, score.fitting) == (6, 3)
    # Plain: "Jardim Améri", and three that are "Vila Nova Es".
    assert (score.plain.lossless, score.plain.ambiguous) == (3, 3)
    assert (score.plain.characters_lost, score.plain.words_lost) == (2 + 7 + 9, 1 + 1 + 2)
    # Abbreviated: "Jd América" loses nothing; of the two others the words at the end go.
    assert (score.adapted.lossless, score.adapted.ambiguous) == (4, 2)
    assert (score.adapted.characters_lost, score.adapted.words_lost) == (9 + 11, 1 + 2)


def test_told_apart_nothing_is_alike() -> None:
    records = clientes("Vila Nova Esperança", "Vila Nova Espera Feliz", "Vila Nova Es")
    (score,) = FieldAdapter(limits=[BAIRRO], distinguish="tail").score(records).fields
    assert (score.plain.ambiguous, score.adapted.ambiguous) == (3, 0)


def test_a_score_reads_as_a_table() -> None:
    score = FieldAdapter(limits=[BAIRRO, FieldLimit("atividade", 30)], abbreviate=True).score(
        clientes("Centro", "Jardim América", "Vila Nova Esperança")
    )
    assert str(score).splitlines() == [
        "campo   até  textos   cabem  como    sem perda  letras perdidas  palavras perdidas  ambíguos",
        "Bairro   12       3  33.3 %  corte      33.3 %                9                  2         0",
        "                             ajuste     66.7 %                9                  1         0",
    ]
    assert pickle.loads(pickle.dumps(score)) == score


def test_without_texts_there_is_nothing_to_score() -> None:
    assert FieldAdapter().score([]).fields == ()
    assert FieldAdapter().score(clientes(None)).fields == ()


@given(st.lists(st.text("ab ", min_size=1, max_size=16), min_size=1, max_size=12))
def test_a_plain_adapter_scores_as_a_plain_cut(bairros: list[str]) -> None:
    adapter = FieldAdapter(limits=[BAIRRO])
    records = clientes(*bairros)
    (score,) = adapter.score(records).fields
    assert score.plain == score.adapted
    assert (score.plain.ambiguous == 0) is (adapter.collisions(records) == ())
    assert score.plain.lossless == score.fitting
    tidied = [" ".join(bairro.split()) for bairro in bairros]
    assert score.plain.characters_lost == sum(len(text[12:].replace(" ", "")) for text in tidied)
