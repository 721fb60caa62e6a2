"""The first page: what is here, and where each step of the article is done."""

from econtador.sandbox.pages.visit import Page, Visit
from econtador.sandbox.store import Store

__all__ = ["show"]


def show(visit: Visit, store: Store) -> Page:
    """How much there is of everything, and the article's steps."""
    return Page(
        "inicio.html",
        {
            "empresas": store.count("empresas"),
            "empresas_ativas": store.count("empresas", [("ativa", 1)]),
            "usuarios": store.count("usuarios"),
            "usuarios_ativos": store.count("usuarios", [("ativo", 1)]),
            "registros": store.count("registros"),
        },
    )
