"""GAP's fields into the portal's shorter ones, with a report of every change.

The portal holds less than GAP in six fields (vendor's article EC1). What it does with a longer value is
not attested; here the value is made to fit before it is sent, and each change is told: what was lost,
and what only looks different.

For each field, in this order:

1. spaces are tidied, always: every run of white space becomes one space, the ends are stripped;
2. with ``encoding=``, characters that it has not are written with those it has, or left out, and told;
3. with ``overrides=``, the office's own text takes the place of all that follows;
4. the mask (``. - /`` and space) of an identifier is removed, only if it is still too long. A valid
   inscrição estadual loses nothing by it: the mask follows from UF and digits, and without it none is
   longer than 14 (SINTEGRA's formats; the NF-e schema);
5. with ``abbreviate=True``, a text that is still too long is written shorter, as far as needed
   (``integration/fitting.py``);
6. what remains is cut, only if it is still too long, and never inside a character as a reader sees it
   (``integration/graphemes.py``). An identifier that had to be cut is marked as one;
7. with ``distinguish=``, different texts that became one get an end of their own
   (``integration/tails.py``). Which they are only all the records together say:
   :meth:`FieldAdapter.among`.

All is pure: the same answer each time, in any thread or process. Where sizes alone decide, records of a class are
fitted by a way written once for it (``integration/fast_fit.py``), which answers the same.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

import attrs
from attrs import AttrsInstance, frozen

from econtador.integration.adaptations import (
    Adaptation,
    Collision,
    cnae_of,
    collisions_among,
    holds,
    refuse_unless_attrs,
    replaced,
    text_of,
)
from econtador.integration.cutting import tidied
from econtador.integration.encodings import known_encoding
from econtador.integration.fast_fit import FastFit
from econtador.integration.fitting import Writing, fitted
from econtador.integration.losses import FitStep, Loss
from econtador.integration.overrides import Overrides, as_overrides, refuse_misfits
from econtador.integration.sizes import LIMITS, FieldLimit, Nature, Unit
from econtador.integration.tails import Tail, TailKey, tell_apart

if TYPE_CHECKING:
    from econtador.integration.office_texts import Stale, Suggestions
    from econtador.integration.score import Score

__all__ = [
    "LIMITS",
    "Adaptation",
    "Collision",
    "Distinguish",
    "FieldAdapter",
    "FieldLimit",
    "FitStep",
    "Loss",
    "Nature",
    "Unit",
]

Distinguish = Literal["tail", "cnae"]
"""How texts that would become one are told apart: by an end of their own, or, for ``atividade`` where the
record's CNAE is known, by its seven digits before the text."""

R = TypeVar("R", bound=AttrsInstance)


def _as_tuple(limits: Iterable[FieldLimit]) -> tuple[FieldLimit, ...]:
    return tuple(limits)


@frozen
class FieldAdapter:
    """Makes records fit the portal's fields.

    >>> adapter = FieldAdapter()
    >>> adapter.fit_text("inscricao_estadual", "01.004.823/001-12")[0]
    '0100482300112'
    >>> FieldAdapter(limits=(FieldLimit("bairro", 6),)).fit_text("bairro", "Vila Nova")[0]
    'Vila N'
    >>> FieldAdapter(abbreviate=True).fit_text("bairro", "Jardim Nossa Senhora Aparecida")[0]
    'Jd N Sra Aparecida'

    Equal adapters are equal, hash alike, pickle, and give equal answers. Limits of their own replace the
    article's: keep some of those with ``FieldAdapter(limits=(*LIMITS, FieldLimit("apelido", 15)))``.

    :raises ValueError: two limits for one field, an unknown encoding or way to distinguish.
    :raises InvalidOverride: a text of the office's that does not fit its field, or has none.
    """

    limits: tuple[FieldLimit, ...] = attrs.field(default=LIMITS, converter=_as_tuple)
    abbreviate: bool = attrs.field(default=False, kw_only=True)
    """Whether words are written shorter before anything is cut."""
    overrides: Overrides = attrs.field(default=None, kw_only=True, converter=as_overrides)
    """The office's own texts: a path, ``{(código or CNAE, field): text}``, or :class:`Overrides`."""
    distinguish: Distinguish | None = attrs.field(default=None, kw_only=True)
    """How different texts that would become one are told apart, in plans, :meth:`fit_all` and :meth:`among`."""
    encoding: str | None = attrs.field(default=None, kw_only=True, converter=known_encoding)
    """Of which characters a text may be, as ``cp1252``; None: of any."""
    tails: tuple[Tail, ...] | None = attrs.field(default=None, kw_only=True, repr=False)
    """What :meth:`among` found; None where it was not asked."""
    _writing: Writing = attrs.field(init=False, eq=False, repr=False)
    _fast: FastFit = attrs.field(init=False, eq=False, repr=False)
    _by_size_alone: bool = attrs.field(init=False, eq=False, repr=False)
    _forms: Mapping[TailKey, str] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        names = [limit.field for limit in self.limits]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"more than one limit for {', '.join(twice)}")
        if self.distinguish not in (None, *get_args(Distinguish)):
            raise ValueError(f"distinguish must be one of {get_args(Distinguish)}, not {self.distinguish!r}")
        refuse_misfits(self.overrides, self.limits, self.encoding)
        object.__setattr__(self, "_writing", Writing(self.abbreviate, self.encoding))
        object.__setattr__(self, "_fast", FastFit(self.limits, self._writing))
        alone = not (self.overrides.entries or self.tails or self.encoding)
        object.__setattr__(self, "_by_size_alone", alone)
        object.__setattr__(self, "_forms", {tail.key: tail.para for tail in self.tails or ()})

    def fit(self, record: R) -> Adaptation[R]:
        """Return *record* with every limited field fitted. A field that it has not, or None, is let be.

        >>> @frozen
        ... class Cliente:
        ...     bairro: str
        ...     atividade: str | None = None
        >>> cliente = Cliente("Centro")
        >>> FieldAdapter().fit(cliente).record is cliente
        True
        >>> FieldAdapter().fit(Cliente("Centro", "Comércio varejista de artigos de papelaria")).record
        Cliente(bairro='Centro', atividade='Comércio varejista de artigos')

        The copy is made by the record's own constructor, which may refuse or convert what it gets: a
        text of one single character as a reader sees it, longer than the limit, becomes empty, and
        ``EmpresaGap`` turns that into None, or for the razão social into an error.

        What ``distinguish=`` does needs all the records: ``adapter.among(records).fit(record)``.

        :raises TypeError: *record* is no attrs instance.
        :raises InvalidRecord: the razão social became empty.
        """
        if self._by_size_alone:
            quick = self._fast[type(record)](record)
            if quick is not None:
                return quick
        refuse_unless_attrs(type(record))
        losses = self._losses(record)
        return Adaptation(replaced(record, losses) if losses else record, losses)

    def _losses(self, record: AttrsInstance) -> tuple[Loss, ...]:
        """What is done to the texts of one record, in the order of the limits."""
        losses: list[Loss] = []
        for limit in self.limits:
            text: str | None = getattr(record, limit.field, None)
            # Mostly it is one text of a record that is not plain: printable has no white space but U+0020.
            if text is None or (
                self._by_size_alone
                and limit.measure(text) <= limit.limit
                and text.isprintable()
                and "  " not in text
                and text.strip() == text
            ):
                continue
            loss = self._loss(record, limit, text)
            if loss and holds(record, limit.field):
                losses.append(loss)
        return tuple(losses)

    def fit_all(self, records: Iterable[R]) -> tuple[Adaptation[R], ...]:
        """Return every record fitted, different texts told apart where ``distinguish=`` asks for it.

        :raises TypeError: a record is no attrs instance.
        :raises InvalidRecord: a razão social became empty.
        """
        rows = tuple(records)
        adapter = self.among(rows)
        return tuple(adapter.fit(record) for record in rows)

    def fit_text(self, field: str, text: str) -> tuple[str, Loss | None]:
        """Return *text* as it fits *field*, and what was done; None for nothing. Overrides are of records.

        >>> FieldAdapter().fit_text("bairro", "Centro")
        ('Centro', None)

        :raises ValueError: no limit for *field*.
        """
        for limit in self.limits:
            if limit.field == field:
                loss = self._of_all(limit, text, "")
                return (loss.after if loss else text), loss
        names = ", ".join(limit.field for limit in self.limits) or "no field"
        raise ValueError(f"no limit for {field!r}; there is one for {names}")

    # ----------------------------------------------------------------- all records together

    def among(self, records: Iterable[AttrsInstance]) -> "FieldAdapter":
        """Return the adapter that tells the texts of *records* apart; itself without ``distinguish=``.

        What it makes of a record is then the same wherever it is asked, one record at a time.

        :raises TypeError: a record is no attrs instance.
        """
        if self.distinguish is None:
            return self
        rows = _checked(records)
        found = (self._tails_of(rows, limit) for limit in self.limits if limit.nature == "text")
        return attrs.evolve(self, tails=tuple(tail for tails in found for tail in tails))

    def collisions(self, records: Iterable[AttrsInstance]) -> tuple[Collision, ...]:
        """Return the values that were different (spaces apart) in *records* and are one when fitted.

        *records* are as GAP has them, not fitted, each with a ``codigo``. By field in the order of the
        limits, then by value as it first comes. One number written with a mask and without is reported
        too: the texts differed. With ``distinguish=``, those that could not be told apart.

        :raises TypeError: a record is no attrs instance.
        """
        rows = _checked(records)
        adapter = self if self.tails is not None else self.among(rows)
        fields = (limit.field for limit in self.limits)
        return collisions_among(fields, rows, [adapter._losses(record) for record in rows])

    def stale(self, records: Iterable[AttrsInstance]) -> "tuple[Stale, ...]":
        """Return the overrides that *records* no longer have a use for: a código gone, a text changed.

        Fields that none of the records has are left out: nothing can be said of them.

        :raises TypeError: a record is no attrs instance.
        """
        from econtador.integration.office_texts import stale_among  # these three are for a look now and then

        return stale_among(self.overrides.entries, _checked(records))

    def suggest(self, records: Iterable[AttrsInstance]) -> "Suggestions":
        """Return a table for a person to fill in: every text that would lose something or be as another.

        :raises TypeError: a record is no attrs instance.
        """
        from econtador.integration.office_texts import suggestions

        rows = _checked(records)
        adapter = self.among(rows)
        found = (
            (record, limit, text, adapter._loss(record, limit, text))
            for limit in self.limits
            for record in rows
            if (text := text_of(record, limit.field)) is not None
        )
        return suggestions(found, adapter.collisions(rows))

    def score(self, records: Iterable[AttrsInstance]) -> "Score":
        """Return how well *records* fit, field by field, beside a plain cut; ``print`` it for a table.

        :raises TypeError: a record is no attrs instance.
        """
        from econtador.integration.score import Score, score_fields

        rows = _checked(records)
        adapter = self.among(rows)
        texts = {
            limit: [
                (text, adapter._loss(record, limit, text))
                for record in rows
                if (text := text_of(record, limit.field)) is not None
            ]
            for limit in self.limits
        }
        return Score(score_fields(texts, lambda text, limit: fitted(text, limit, Writing())))

    # ----------------------------------------------------------------- one text

    def _loss(self, record: AttrsInstance, limit: FieldLimit, text: str) -> Loss | None:
        """What is done to the text of one record."""
        if not self.overrides.entries and not self.tails:
            return self._fast.loss(limit, text)
        cnae = cnae_of(record)
        own = self.overrides.find(limit.field, getattr(record, "codigo", ""), cnae, text)
        if own is None:
            return self._of_all(limit, text, cnae)
        if own.para == text:
            return None
        return Loss(limit.field, text, own.para, limit.limit, (FitStep.SUBSTITUICAO,), limit.nature)

    def _of_all(self, limit: FieldLimit, text: str, cnae: str) -> Loss | None:
        """What is done to a text wherever it stands."""
        loss = self._fast.loss(limit, text)
        if not self._forms:
            return loss
        told = self._forms.get((limit.field, tidied(text), cnae)) or self._forms.get(
            (limit.field, tidied(text), "")
        )
        if told is None:
            return loss
        steps = (*(loss.steps if loss else ()), FitStep.DISTINCAO)
        return Loss(limit.field, text, told, limit.limit, steps, limit.nature, loss.lost if loss else "")

    # ----------------------------------------------------------------- one field of all records

    def _tails_of(self, rows: tuple[AttrsInstance, ...], limit: FieldLimit) -> tuple[Tail, ...]:
        whole: set[tuple[str, str]] = set()
        taken: set[str] = set()
        for record in rows:
            text, cnae = text_of(record, limit.field), cnae_of(record)
            if text is None:
                continue
            own = self.overrides.find(limit.field, getattr(record, "codigo", ""), cnae, text)
            if own is None:
                whole.add((tidied(text), cnae if self.distinguish == "cnae" else ""))
            else:
                taken.add(own.para)

        def fit(text: str, smaller: FieldLimit) -> str:
            loss = fitted(text, smaller, self._writing)
            return loss.after if loss else text

        return tell_apart(whole, taken, limit, fit)


def _checked(records: Iterable[AttrsInstance]) -> tuple[AttrsInstance, ...]:
    rows = tuple(records)
    for record in rows:
        refuse_unless_attrs(type(record))
    return rows
