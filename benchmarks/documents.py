"""CNPJs that are valid and nobody's in particular, as many as are needed."""

FIRST = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
SECOND = (6, *FIRST)


def cnpj(number: int) -> str:
    """The one valid CNPJ with the raiz *number* and the ordem 0001: fourteen digits."""
    text = f"{number:08}0001"
    for weights in (FIRST, SECOND):
        rest = sum(weight * int(digit) for weight, digit in zip(weights, text, strict=True)) % 11
        text += str(0 if rest < 2 else 11 - rest)
    return text
