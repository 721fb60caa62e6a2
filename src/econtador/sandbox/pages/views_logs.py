"""The portal's log of what reached it, filtered. The office's own log knows more: what never left."""

from http import HTTPStatus

from econtador.sandbox.kinds import iso_date
from econtador.sandbox.log import RESULTADOS, TIPOS
from econtador.sandbox.pages.paging import slice_of
from econtador.sandbox.pages.texts import has
from econtador.sandbox.pages.visit import Page, Visit, one
from econtador.sandbox.rows import RegistroRow
from econtador.sandbox.store import Store

__all__ = ["show"]

_FIRST, _LAST = "0001-01-01", "9999-12-31"


def show(visit: Visit, store: Store) -> Page:
    """The lines that the filters leave, latest first; of a day that is none no line is shown."""
    names = ("tipo", "resultado", "texto", "de", "ate")
    asked = {name: one(visit.query, name) for name in names}
    wrong = [name for name in ("de", "ate") if asked[name] and not iso_date(asked[name])]
    found = [] if wrong else [row for row in reversed(store.registros()) if _wanted(row, asked)]
    return Page(
        "logs.html",
        {
            "pagina": slice_of(found, visit.query),
            "pedido": asked,
            "tipos": TIPOS,
            "resultados": RESULTADOS,
            "erros": wrong,
        },
        HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK,
    )


def _wanted(row: RegistroRow, asked: dict[str, str]) -> bool:
    day = row.momento[:10]
    texts = (row.nome, row.codigo, row.mensagem, row.caminho)
    return (
        asked["tipo"] in {"", row.tipo}
        and asked["resultado"] in {"", row.resultado}
        and (asked["de"] or _FIRST) <= day <= (asked["ate"] or _LAST)
        and (not asked["texto"] or has(asked["texto"], texts))
    )
