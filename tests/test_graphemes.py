"""Never split a character: the oracle is wcwidth's segmentation, which has tables of its own."""

import sys
import unicodedata
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from econtador.integration.graphemes import can_cut, last_cut

# Whole characters as a reader sees them, each of another rule.
CHARACTERS = (
    "A",
    "ç",
    "O\u0303",
    "Z\u0351\u036b\u0343\u033b\u0326",
    "\r\n",
    " ",
    "👩🏽\u200d🦱",
    "👨\u200d👩\u200d👧\u200d👦",
    "❤\ufe0f",
    "🇧🇷",
    "🇵🇹",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "\u1112\u1161\u11ab",
    "한",
    "\ud558\u11ab",
    "क्षि",
    "न्\u200dय",
    "กำ",
    "\u0600١",
    "ｶﾞ",
    "1\ufe0f\u20e3",
)

# Any known code points at all, lone surrogates too, often next to what joins.
PIECES = st.one_of(
    st.characters(exclude_categories=["Cn"]),
    st.sampled_from("".join(CHARACTERS)),
    st.characters(categories=["Mn", "Mc", "Me", "Cf"]),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def boundaries(text: str) -> set[int]:
    """Where the oracle would cut, both ends included."""
    return {0, *accumulate(len(character) for character in iter_graphemes(text))}


def cuts(text: str) -> set[int]:
    return {index for index in range(len(text) + 1) if can_cut(text, index)}


@given(TEXTS)
@example("🇧🇷🇵🇹🇧")
@example("क\u0308\u094d\u0308क")
@example("\u1cf5क")
@example("\u1cf5\u0308क")
@example("क\u094d\u200d\u0308ख")
def test_a_cut_never_splits_a_character(text: str) -> None:
    assert cuts(text) <= boundaries(text)


@given(st.lists(st.sampled_from(CHARACTERS), max_size=12).map("".join))
def test_ordinary_text_is_cut_wherever_the_standard_allows(text: str) -> None:
    assert cuts(text) == boundaries(text)


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_latin_text_is_cut_everywhere_but_within_cr_lf(text: str) -> None:
    assert cuts(text) == boundaries(text)


def test_every_code_point_agrees_with_the_oracle_in_the_contexts_that_join() -> None:
    known = [
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Co")
    ]
    contexts = ("a{}", "{}a", "\u1100{}", "{}\u1161", "क्{}", "🇧{}")
    wrong = [
        (context, hex(ord(character)))
        for context in contexts
        for character in known
        for text in (context.format(character),)
        if can_cut(text, len(text) - 1) and len(list(iter_graphemes(text))) == 1
    ]
    assert wrong == []


@pytest.mark.parametrize("text", CHARACTERS)
def test_a_character_is_not_cut_inside(text: str) -> None:
    assert cuts(text) == {0, len(text)}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\u200db", id="after any ZWJ"),
        pytest.param("a\u102b", id="before a spacing mark that the standard lets go"),
        pytest.param("ක්ෂ", id="after a virama of a script without conjunct rule"),
        pytest.param("\ud83c\udf39", id="between the halves of a surrogate pair"),
        pytest.param("a\U0001e4ec", id="before a mark of Unicode 15, unknown to Python 3.11"),
        pytest.param("\U00016d63\U00016d67", id="between Kirat Rai vowels of Unicode 16"),
    ],
)
def test_it_refuses_more_than_the_standard_or_this_python_asks(text: str) -> None:
    assert not can_cut(text, len(text) - 1)


@pytest.mark.parametrize("index", [-3, 0, 2, 99])
def test_an_end_or_beyond_splits_nothing(index: int) -> None:
    assert can_cut("O\u0303", index)


@given(TEXTS, st.integers(-2, 35))
def test_the_last_cut_is_the_greatest_within(text: str, at_most: int) -> None:
    assert last_cut(text, at_most) == max(index for index in cuts(text) if index <= max(0, at_most))


def test_a_flag_is_found_whole_in_a_run() -> None:
    assert [last_cut("🇧🇷🇵🇹🇦", size) for size in range(6)] == [0, 0, 2, 2, 4, 5]


@pytest.mark.parametrize(
    ("joined", "from_the_end"),
    [("a\u0301", 2), ("🇧🇷", 2), ("क्", 400_000), ("👩\u200d", 400_000)],
)
def test_a_long_text_is_walked_once(joined: str, from_the_end: int) -> None:
    # Quadratic work would take minutes here.
    text = "x" + joined * 200_000
    assert last_cut(text, len(text) - 1) == len(text) - from_the_end
