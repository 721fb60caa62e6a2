"""``{resources}``: what the clients offer, from the offers themselves: verbs, hosts, and what each listing takes."""

from collections.abc import Iterator
from inspect import Signature, cleandoc, signature

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.inspect import stringify_signature

from econtador.portal.resources import Offer, Resources

_VERBS = ("list", "get", "create", "update")


def offers() -> dict[str, Offer]:
    """Every resource of the clients, by its attribute."""
    return {name: offer for name, offer in vars(Resources).items() if isinstance(offer, Offer)}


def _verbs(offer: Offer) -> str:
    """Those that the resource has; what is this library's convention stands in italics."""
    known = [verb for verb in _VERBS if verb in offer.resource.verbs]
    return ", ".join(f"*{verb}*" if verb in offer.resource.assumed else f"``{verb}``" for verb in known)


def _table() -> Iterator[str]:
    yield from (".. list-table::", "   :header-rows: 1", "   :widths: auto", "")
    yield from ("   * - attribute", "     - host", "     - verbs")
    for name, offer in offers().items():
        yield from (f"   * - ``{name}``", f"     - {offer.resource.route.host}", f"     - {_verbs(offer)}")


def _listing(name: str, offer: Offer) -> Iterator[str]:
    taken = signature(offer.query).replace(return_annotation=Signature.empty)
    yield f".. py:method:: Client.{name}.list{stringify_signature(taken, unqualified_typehints=True)}"
    yield "   :module: econtador"
    yield ""
    yield from (f"   {line}" for line in cleandoc(offer.query.__doc__ or "").splitlines())
    yield ""


class ResourcesOfClients(SphinxDirective):
    """The table of all, then each listing with its parameters."""

    def run(self) -> list[nodes.Node]:
        lines = [*_table(), ""]
        for name, offer in offers().items():
            if "list" in offer.resource.verbs:
                lines += _listing(name, offer)
        told = nodes.container()
        self.state.nested_parse(StringList(lines, self.get_location()), self.content_offset, told)
        return told.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("resources", ResourcesOfClients)
    return {"parallel_read_safe": True}
