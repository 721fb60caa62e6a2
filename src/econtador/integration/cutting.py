"""The plain cut: the end falls off, never inside a character as a reader sees it. Pure."""

from bisect import bisect_right

from econtador.integration.graphemes import last_cut
from econtador.integration.sizes import FieldLimit

__all__ = ["cut", "tidied", "unmasked"]

_MASK = str.maketrans("", "", ".-/ ")


def tidied(text: str) -> str:
    """Every run of white space one space, none at the ends."""
    return " ".join(text.split())


def unmasked(text: str, limit: FieldLimit) -> str:
    """An identifier without its mask, where it is too long with it."""
    if limit.nature != "identifier" or limit.measure(text) <= limit.limit:
        return text
    return text.translate(_MASK)


def _room(text: str, limit: FieldLimit) -> int:
    """Return how many code points of *text*, which is too long, are within the limit."""
    # A code point takes one unit or more, so `limit` of them are the most; mostly they do fit.
    if limit.unit == "code_points" or limit.measure(text[: limit.limit]) <= limit.limit:
        return limit.limit
    return bisect_right(range(limit.limit), limit.limit, key=lambda size: limit.measure(text[:size])) - 1


def cut(text: str, limit: FieldLimit) -> str:
    """As much of *text* as fits, from its beginning, without a space at the end."""
    if limit.measure(text) <= limit.limit:
        return text
    end = last_cut(text, _room(text, limit))
    # Step by step, since a space may itself be part of a character: a sign that joins to what follows.
    while end and text[end - 1] == " ":
        end = last_cut(text, end - 1)
    return text[:end]
