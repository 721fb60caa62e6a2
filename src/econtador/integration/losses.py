"""What was done to a text to make it fit, step by step, and what that lost."""

from enum import StrEnum
from typing import Final

from attrs import frozen

from econtador.errors import redact, redacted_repr
from econtador.integration.sizes import Nature
from econtador.overriding import override

__all__ = ["FitStep", "Loss"]


class FitStep(StrEnum):
    """What was done to a text, in the order in which it is tried.

    >>> FitStep.CORTE.label, FitStep.CORTE.lossless
    ('cortado', False)
    """

    ESPACOS = "espacos"
    CARACTERES = "caracteres"
    """Characters that the portal's encoding has not, written with those it has: ``ş`` as ``s``."""
    CARACTERES_RETIRADOS = "caracteres-retirados"
    """Characters that the portal's encoding has not, left out: there is no other way to write them."""
    SUBSTITUICAO = "substituicao"
    """The office's own text (``overrides=``), exactly as it stands in its table."""
    MASCARA = "mascara"
    FORMA_JURIDICA = "forma-juridica"
    COMERCIO = "comercio"
    LOGRADOURO = "logradouro"
    TITULO = "titulo"
    BAIRRO = "bairro"
    ATIVIDADE = "atividade"
    CONECTIVOS = "conectivos"
    """``de``, ``e`` and their like, left out."""
    REDUCAO = "reducao"
    """Words of an atividade cut to their first letters, so that more of them can be seen."""
    CORTE = "corte"
    DISTINCAO = "distincao"
    """Something of its own put in, that tells the text from others (``distinguish=``)."""

    @property
    def label(self) -> str:
        """For a person, in Portuguese."""
        return _LABELS[self]

    @property
    def lossless(self) -> bool:
        """Whether the text says the same as before. Abbreviations do, and so does what the office itself wrote."""
        return self not in _LOSING


_LABELS: Final = {
    FitStep.ESPACOS: "espaços arrumados",
    FitStep.CARACTERES: "caracteres trocados",
    FitStep.CARACTERES_RETIRADOS: "caracteres retirados",
    FitStep.SUBSTITUICAO: "texto do escritório",
    FitStep.MASCARA: "máscara retirada",
    FitStep.FORMA_JURIDICA: "forma jurídica abreviada",
    FitStep.COMERCIO: "palavras do comércio abreviadas",
    FitStep.LOGRADOURO: "tipo de logradouro abreviado",
    FitStep.TITULO: "título abreviado",
    FitStep.BAIRRO: "palavras de bairro abreviadas",
    FitStep.ATIVIDADE: "palavras de atividade abreviadas",
    FitStep.CONECTIVOS: "conectivos retirados",
    FitStep.REDUCAO: "palavras reduzidas",
    FitStep.CORTE: "cortado",
    FitStep.DISTINCAO: "distinguido de outros",
}

_LOSING: Final = frozenset(
    {FitStep.CARACTERES_RETIRADOS, FitStep.CONECTIVOS, FitStep.REDUCAO, FitStep.CORTE, FitStep.DISTINCAO}
)


@frozen
class Loss:
    """One field that was changed; see *lossless* for whether it says less than before.

    ``repr`` shows no CPF, the attributes hold what they hold.

    >>> from econtador import FieldAdapter
    >>> _, loss = FieldAdapter().fit_text("bairro", "Jardim  Nossa Senhora Aparecida")
    >>> loss.after, loss.lost, [step.label for step in loss.steps]
    ('Jardim Nossa Senhora', ' Aparecida', ['espaços arrumados', 'cortado'])
    """

    field: str
    before: str
    """As GAP has it."""
    after: str
    """As the portal will have it."""
    limit: int
    """The portal's size, in the unit of the field's ``FieldLimit``."""
    steps: tuple[FitStep, ...]
    """At least one, in the order in which they were taken."""
    nature: Nature = "text"
    lost: str = ""
    """What is said no more: of a plain cut what fell off the end, so that ``after + lost`` is the text as it
    was before; with ``abbreviate=True`` the connectives, ends of words and words that were left out, with a
    space between them. Abbreviations lose nothing."""
    codigo: str | None = None
    """Whose it is, where the losses of many records stand together (``plan.losses``)."""

    @override
    def __repr__(self) -> str:
        # A CPF that was cut in two is not known by either half: then only what GAP has is shown, without it.
        halves = redact(self.before) != self.before
        after, lost = ("'***'", "'***'") if halves else (redacted_repr(self.after), redacted_repr(self.lost))
        return (
            f"Loss(field={self.field!r}, before={redacted_repr(self.before)}, after={after}, limit={self.limit}, "
            f"steps={self.steps!r}, nature={self.nature!r}, lost={lost}, codigo={redacted_repr(self.codigo)})"
        )

    @property
    def lossless(self) -> bool:
        """Whether the text only looks different."""
        return _LOSING.isdisjoint(self.steps)

    @property
    def identifier(self) -> bool:
        """Whether an identifier lost characters, so that it identifies nothing, or something else."""
        return self.nature == "identifier" and not self.lossless
