"""A text made to fit its field: the steps in their order, each told. Pure."""

from attrs import frozen

from econtador.integration.cutting import cut, tidied, unmasked
from econtador.integration.encodings import encodable
from econtador.integration.losses import FitStep, Loss
from econtador.integration.sizes import FieldLimit

__all__ = ["Writing", "fitted"]


@frozen
class Writing:
    """How the texts of an adapter may be written, besides how long."""

    abbreviate: bool = False
    encoding: str | None = None


def fitted(text: str, limit: FieldLimit, writing: Writing) -> Loss | None:
    """What has to be done to *text*; None for nothing."""
    steps: list[FitStep] = []
    lost = ""
    after = tidied(text)
    if after != text:
        steps.append(FitStep.ESPACOS)
    if writing.encoding is not None:
        written = encodable(after, writing.encoding)
        steps += written.steps
        after, lost = tidied(written.text), written.lost
    bare = unmasked(after, limit)
    if bare != after:
        steps.append(FitStep.MASCARA)
        after = bare
    if limit.measure(after) > limit.limit:
        if writing.abbreviate and limit.nature == "text":
            # Here, for who asks for it: the lists of words and their rules are made in 2 ms.
            from econtador.integration.shortening import ORDER, shortened

            after, done, gone = shortened(after, limit)
            steps += sorted(done, key=ORDER.__getitem__)
        else:
            whole, after = after, cut(after, limit)
            steps.append(FitStep.CORTE)
            gone = whole[len(after) :]
        lost = f"{lost} {gone}" if lost else gone
    if after == text:
        return None
    return Loss(limit.field, text, after, limit.limit, tuple(steps), limit.nature, lost)
