"""An office's texts beside its records: which are stale, which should be written."""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import attrs
from attrs import AttrsInstance, frozen

from econtador.errors import redact, redacted_repr
from econtador.formulas import guarded
from econtador.integration.adaptations import Collision, cnae_of, codigo_of, text_of
from econtador.integration.cutting import tidied
from econtador.integration.losses import Loss
from econtador.integration.overrides import COLUMNS, Override
from econtador.integration.sizes import FieldLimit
from econtador.overriding import override

__all__ = ["Stale", "Suggestion", "Suggestions"]


# --------------------------------------------------------------------------- stale


Grounds = Literal["codigo", "texto"]


@frozen
class Stale:
    """An override that was not used, since what it was written for is not there any more."""

    entry: Override
    reason: Grounds
    """The código is not among the records, or its text has changed."""

    @override
    def __str__(self) -> str:
        said = "o código não está nos registros" if self.reason == "codigo" else "o texto mudou"
        return f"{redact(self.entry.codigo or f'CNAE {self.entry.cnae}')}, {self.entry.campo}: {said}"


def stale_among(entries: Sequence[Override], rows: Sequence[AttrsInstance]) -> tuple[Stale, ...]:
    """Those that none of *rows* has a use for; nothing is said of fields that no row has."""
    if not entries:
        return ()
    known = {name for kind in {type(record) for record in rows} for name in attrs.fields_dict(kind)}
    by_codigo: dict[str, list[AttrsInstance]] = {}
    by_cnae: dict[str, list[AttrsInstance]] = {}
    for record in rows:
        by_codigo.setdefault(codigo_of(record), []).append(record)
        by_cnae.setdefault(cnae_of(record), []).append(record)
    found: list[Stale] = []
    for entry in entries:
        whose = by_codigo.get(entry.codigo, []) if entry.codigo else by_cnae.get(entry.cnae, [])
        # A table by CNAE may be for all there are; it is stale only where its text is not found.
        if entry.campo in known and (whose or entry.codigo) and not _is_used(entry, whose):
            found.append(Stale(entry, "texto" if whose else "codigo"))
    return tuple(found)


def _is_used(entry: Override, whose: Sequence[AttrsInstance]) -> bool:
    texts = (text_of(record, entry.campo) for record in whose)
    return any(text is not None and entry.is_for(text) for text in texts)


# --------------------------------------------------------------------------- to fill in


@frozen
class Suggestion:
    """A text that a person may want to write better than the adapter."""

    codigo: str = attrs.field(repr=redacted_repr)
    cnae: str
    campo: str
    de: str = attrs.field(repr=redacted_repr)
    ficaria: str = attrs.field(repr=False)
    """What the adapter makes of it."""
    limite: int
    motivo: str
    """Portuguese: what would be lost, or that it would be as another."""


@frozen
class Suggestions:
    """The table for a person to fill in: its column ``para`` is empty, and ``overrides=`` reads it."""

    rows: tuple[Suggestion, ...]

    def to_csv(self) -> str:
        """As text, ``;`` between the columns; what a spreadsheet would take for a formula has an apostrophe
        before it. **It holds the texts of the records.**"""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow((*COLUMNS, "ficaria", "limite", "motivo"))
        for row in self.rows:
            texts = (row.codigo, row.cnae, row.campo, row.de, "", row.ficaria, str(row.limite), row.motivo)
            writer.writerow(map(guarded, texts))
        return out.getvalue()

    def write(self, path: str | os.PathLike[str]) -> None:
        """Into a file that Excel opens as it is (UTF-8 with its mark)."""
        Path(path).write_text(self.to_csv(), encoding="utf-8-sig", newline="")


Found = tuple[AttrsInstance, FieldLimit, str, Loss | None]


def suggestions(found: Iterable[Found], collisions: Iterable[Collision]) -> Suggestions:
    """A row for every text of *found* that loses something or is in one of the *collisions*."""
    alike = {(collision.field, codigo) for collision in collisions for codigo in collision.codigos}
    wanted = [
        (record, limit, text, loss)
        for record, limit, text, loss in found
        if (loss and not loss.lossless) or (limit.field, codigo_of(record)) in alike
    ]
    texts: dict[tuple[str, str], set[str]] = {}
    for record, limit, text, _ in wanted:
        texts.setdefault((limit.field, cnae_of(record)), set()).add(tidied(text))
    rows = dict.fromkeys(
        _suggestion(record, limit, text, loss, texts) for record, limit, text, loss in wanted
    )
    return Suggestions(tuple(rows))


def _suggestion(
    record: AttrsInstance,
    limit: FieldLimit,
    text: str,
    loss: Loss | None,
    texts: Mapping[tuple[str, str], set[str]],
) -> Suggestion:
    cnae = cnae_of(record)
    # One row for all companies of a CNAE, where they have one text.
    common = limit.field == "atividade" and bool(cnae) and len(texts[limit.field, cnae]) == 1
    losing = loss is not None and not loss.lossless
    return Suggestion(
        codigo="" if common else codigo_of(record),
        cnae=cnae if common else "",
        campo=limit.field,
        de=tidied(text),
        ficaria=loss.after if loss else text,
        limite=limit.limit,
        motivo=", ".join(step.label for step in loss.steps if not step.lossless)
        if loss is not None and losing
        else "ficaria igual a outro",
    )
