"""The portal's quirks by name, each with what happens and how it is known.

*One*, *two*, *several integrators*: it was met in production by so many independent users of the public
API. *Assumed*: nobody reports it; it follows from something that is reported.
"""

from collections.abc import Iterable
from enum import Enum

from econtador.overriding import override

__all__ = ["USUAL", "Quirk", "quirks_of"]


class Quirk(Enum):
    """What the portal does and JSON:API, or its own documentation, would not have it do.

    >>> Quirk("read-lag")
    <Quirk.READ_LAG: 'read-lag'>
    """

    NUMBERS_WITHOUT_ZEROS = "numbers-without-zeros"
    """``cpfcnpj`` and ``cpf`` are numbers, hence short of their zeros (several integrators).
    Without it they are left out where the document is there as text."""

    ALPHANUMERIC_AS_ZERO = "alphanumeric-as-zero"
    """``cpfcnpj`` is 0 for a CNPJ with letters (the vendor's documentation as transcribed by one
    integrator). Without it the attribute is left out."""

    NO_LINKAGE_WITHOUT_INCLUDE = "no-linkage-without-include"
    """A relationship that ``include`` does not name has links and no ``data`` (two integrators).
    Without it every relationship has its ``data``."""

    RELATIVE_NEXT = "relative-next"
    """The links of a listing have no host (one integrator, who met both). Without it they are absolute."""

    NEXT_WITHOUT_FILTER = "next-without-filter"
    """The links of a listing have lost filters, ``include``, ``fields`` and ``sort`` (one integrator, who
    also had a listing whose ``next`` kept its filter). Without it they carry what was asked."""

    LIMIT_OVER_200_IS_500 = "limit-over-200-is-500"
    """``page[limit]`` over 200 is a 500 (one integrator). Without it, a 400."""

    PAGE_NUMBER_IS_400 = "page-number-is-400"
    """``page[number]`` is refused (one integrator). Without it, pages of ``page[limit]`` rows count from 1."""

    BAD_TYPE_IS_500 = "bad-type-is-500"
    """A date that is none, or text for a number, is a 500 (one integrator). Without it, a 400."""

    NUMBERS_FOR_TEXTS = "numbers-for-texts"
    """``codigo`` is a number where it is text (one integrator, once, of employees; elsewhere assumed)."""

    LOOKUP_IDS_CHANGED = "lookup-ids-changed"
    """The ids of ``tipos-raca``, ``tipos-identidade`` and ``tipos-cnh`` are one more than they were: the last
    two moved so in one night (one integrator). The portal takes and gives the new ids."""

    UNKNOWN_ENUM = "unknown-enum"
    """An attribute of a fixed list has a value that no list names. Assumed: the documentation lists one
    value of ``status``, and three are met (one integrator)."""

    UNKNOWN_ATTRIBUTE = "unknown-attribute"
    """A resource has an attribute that no documentation names (two integrators read such; its name is ours)."""

    REPEATED_INCLUDED = "repeated-included"
    """Every resource of ``included`` is there twice (one integrator)."""

    REPEATED_PAGE = "repeated-page"
    """The second page of a listing is the first again, its ``next`` too. Assumed: one integrator guards against it."""

    EMPTY_PAGE = "empty-page"
    """The second page of a listing is empty, though more is announced. Assumed: one integrator guards against it."""

    ROWS_SHIFT = "rows-shift"
    """After the first page one of its records has left: the total is one less, the rest has moved up,
    and one record is on no page. Assumed: the listing has no snapshot."""

    NO_TOTAL = "no-total"
    """A listing has no ``meta.totalResourceCount``. Assumed: it is attested on ``dp`` and not on the other hosts."""

    HTML_BODY = "html-body"
    """The body of an error is a page of HTML (two integrators: "not JSON")."""

    MENSAGEM_BODY = "mensagem-body"
    """The body of an error is ``{"mensagem": ...}`` and not JSON:API (two integrators)."""

    PLAIN_CONTENT_TYPE = "plain-content-type"
    """JSON is labelled ``text/plain`` (one integrator: "not recognised as JSON")."""

    SLOW_PAGE = "slow-page"
    """A page waits ``Sandbox.delay`` seconds (one integrator: about 10 s for 200 rows)."""

    READ_LAG = "read-lag"
    """A new company or user is not shown by the next ``Sandbox.lag`` reads of its kind. Assumed: attested is
    a lag between portal and desktop product (two integrators), not one within the API."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> "Quirk":
        known = ", ".join(sorted(quirk.value for quirk in cls))
        raise ValueError(f"no quirk is called {value!r}; there are {known}")


USUAL = frozenset(
    {
        Quirk.NUMBERS_WITHOUT_ZEROS,
        Quirk.ALPHANUMERIC_AS_ZERO,
        Quirk.NO_LINKAGE_WITHOUT_INCLUDE,
        Quirk.RELATIVE_NEXT,
        Quirk.NEXT_WITHOUT_FILTER,
        Quirk.LIMIT_OVER_200_IS_500,
        Quirk.PAGE_NUMBER_IS_400,
        Quirk.BAD_TYPE_IS_500,
    }
)
"""What whoever uses the portal meets every day; all of it attested. A sandbox has these unless told."""


def quirks_of(names: Iterable[Quirk | str]) -> frozenset[Quirk]:
    """The quirks that *names* mean. Raises ``ValueError``, naming those that exist, for any other.

    >>> quirks_of(["slow-page", Quirk.SLOW_PAGE])
    frozenset({<Quirk.SLOW_PAGE: 'slow-page'>})
    """
    return frozenset(Quirk(name) for name in names)
