"""How the portal writes things down: JSON:API documents to models and back.

The portal's own spellings stand in this package and nowhere else, a room for each family of resources
(:mod:`.empresas`, :mod:`.pessoal`, :mod:`.documentos`, :mod:`.envios`): which attribute is which of our
fields, as data. The rest is the machinery that reads that data: :mod:`.jsonapi` takes documents apart,
:mod:`.converting` reads and writes single values, :mod:`.fields` those of a model, :mod:`.resource` puts models
together, :mod:`.query` spells what a listing asks for.
"""

# Type checkers take the name for typing's.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from econtador.portal._wire import documentos as documentos
    from econtador.portal._wire import empresas as empresas
    from econtador.portal._wire import envios as envios
    from econtador.portal._wire import pessoal as pessoal
    from econtador.portal._wire import query as query
else:

    def __getattr__(name: str) -> object:
        """A room, made when something in it is first asked for."""
        from importlib import import_module

        if name in {"documentos", "empresas", "envios", "pessoal", "query"}:
            return import_module(f"econtador.portal._wire.{name}")
        raise AttributeError(f"module 'econtador.portal._wire' has no attribute {name!r}")
