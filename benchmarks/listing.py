"""Listing ten thousand companies, two hundred a page: into models here, into dictionaries and models elsewhere.

Decoding alone is measured in this process, of a page's bytes and with no socket; a whole listing in a process of
its own for each contender, with its memory.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from types import GenericAlias

import httpx

import econtador as ec
from benchmarks.chart import Axis, Chart, Line
from benchmarks.measuring import (
    Figure,
    Reach,
    Row,
    Table,
    interleaved,
    left_out,
    present,
    report,
    reported,
    timed,
)
from benchmarks.server import page, portal
from econtador.portal.transport import Request, Response

LIMIT = 200


def pages(listed: int) -> tuple[bytes, ...]:
    """The bodies of a whole listing."""
    answers = (page(listed, LIMIT, offset) for offset in range(0, listed, LIMIT))
    return tuple(answer.partition(b"\r\n\r\n")[2] for answer in answers)


# --------------------------------------------------------------------------- decoding


class Canned:
    """A transport that has the pages already."""

    def __init__(self, bodies: tuple[bytes, ...]) -> None:
        self.bodies = iter(bodies)

    def send(self, request: Request) -> Response:
        return Page(next(self.bodies))

    def close(self) -> None: ...


class Page:
    status = 200
    headers: Mapping[str, str] = {}

    def __init__(self, content: bytes) -> None:
        self.content = content


def to_models(bodies: tuple[bytes, ...]) -> int:
    client = ec.Client("t", transport=Canned(bodies))
    return sum(1 for _ in client.empresas.list())


def to_dictionaries(bodies: tuple[bytes, ...]) -> int:
    return sum(len(json.loads(body)["data"]) for body in bodies)


def to_pydantic(bodies: tuple[bytes, ...]) -> int:
    decode = pydantic_document()
    return sum(len(decode(body)) for body in bodies)


def pydantic_document() -> Callable[[bytes], list[object]]:
    """Models of the same fields, the CNPJ as text; read from the bytes, as pydantic does it fastest."""
    pydantic = import_module("pydantic")
    make, field = pydantic.create_model, pydantic.Field
    attributes = make(
        "Attributes",
        nome=(str, ...),
        documento=(str | None, field(None, alias="cpfCnpjAlfanumerico")),
        codigo=(str | None, field(None, alias="externoid")),
        ativa=(bool | None, None),
        endereco=(str | None, None),
        tipo_movimento_permitido=(str | None, field(None, alias="tipoMovimentoPermitido")),
        controla_transferencia_tomadores=(bool | None, field(None, alias="controlaTransferenciaTomadores")),
    )
    empresa = make("Empresa", id=(str, ...), attributes=(attributes, ...))
    listing = make("Listing", data=(GenericAlias(list, (empresa,)), ...), meta=(dict[str, int], ...))
    return lambda body: listing.model_validate_json(body).data


DECODING: Mapping[str, tuple[str, Callable[[tuple[bytes, ...]], int]]] = {
    "json.loads": ("", to_dictionaries),
    "econtador": ("", to_models),
    "pydantic v2": ("pydantic", to_pydantic),
}

# --------------------------------------------------------------------------- whole listings

Listing = Callable[[], Iterator[object]]


def by_econtador(url: str) -> Listing:
    client = ec.Client("t", base_url=url)
    return client.empresas.list


def by_httpx(url: str) -> Listing:
    return fetching(url, lambda body: json.loads(body)["data"])


def by_pydantic(url: str) -> Listing:
    return fetching(url, pydantic_document())


def fetching(url: str, decode: Callable[[bytes], list[object]]) -> Listing:
    """Every page, as scripts fetch them: by its offset, until the total of the first is reached."""
    client = httpx.Client(headers={"authorization": "Bearer t"})

    def fetch() -> Iterator[object]:
        offset, total = 0, 1
        while offset < total:
            asked = {"page[limit]": str(LIMIT), "page[offset]": str(offset)}
            answer = client.get(f"{url}/empresas", params=asked)
            answer.raise_for_status()
            yield from decode(answer.content)
            total = total if offset else int(answer.json()["meta"]["totalResourceCount"])
            offset += LIMIT

    return fetch


LISTING: Mapping[str, tuple[str, Callable[[str], Listing]]] = {
    "httpx + dictionaries": ("", by_httpx),
    "econtador": ("", by_econtador),
    "httpx + pydantic v2": ("pydantic", by_pydantic),
}
KEEP = {"kept": list, "streamed": lambda items: [None for _ in items]}
"""Whether the caller keeps what comes, or looks at it and lets it go."""


def one(name: str, url: str, keep: str) -> None:
    """Reports the figure of one whole listing; the first has connected, imported and made the pages."""
    list_all = LISTING[name][1](url)
    for _ in list_all():
        pass
    report(timed(lambda: KEEP[keep](list_all())))


# --------------------------------------------------------------------------- the table


def measure(quick: bool) -> Table:
    sizes, repeats = ((400,), 1) if quick else ((1_000, 3_000, 10_000, 30_000), 5)
    whole = 400 if quick else 10_000
    bodies = pages(whole)
    decoders = {name: work for name, (peer, work) in DECODING.items() if not peer or present(peer)}
    for work in decoders.values():  # once beforehand: what is imported at its first use is no decoding
        assert work(bodies) == whole
    decoding = interleaved(
        {name: partial(timed, partial(work, bodies)) for name, work in decoders.items()}, repeats
    )
    listings = {size: listed(size, "streamed", repeats) for size in sizes}
    kept = listed(whole, "kept", repeats)
    return Table(
        name="listing",
        title=f"Listing {whole:,} companies, {LIMIT} a page: processor time a company",
        floor="json.loads, or httpx + dictionaries",
        rows=(
            *rows("decoding", decoding, decoding["json.loads"], whole),
            *rows("whole listing", listings[whole], listings[whole]["httpx + dictionaries"], whole),
            *rows("whole listing, kept", kept, kept["httpx + dictionaries"], whole),
            *(
                Row(f"peak memory, {name}", figure.megabytes, "MB")
                for name, figure in listings[whole].items()
            ),
        ),
        reaches=(
            reach("decoding, of json.loads", decoding, "json.loads", 1.3),
            reach("whole listing, of httpx + dictionaries", listings[whole], "httpx + dictionaries", 1.1),
        ),
        charts=(growth(listings),),
        notes=(NOTE.format(repeats=repeats), *left_out("pydantic")),
        peers=("httpx", "pydantic"),
    )


NOTE = (
    "Medians of {repeats} rounds; user and system time of the client's process. The models here are read with their "
    "CNPJ proved, checked for repeats and completeness, and keep what they do not know; pydantic's do none of that."
)


def listed(size: int, keep: str, repeats: int) -> dict[str, Figure]:
    here = [name for name, (peer, _) in LISTING.items() if not peer or present(peer)]
    with portal(listed=size) as url:
        return interleaved({name: partial(reported, "listing", name, url, keep) for name in here}, repeats)


def rows(what: str, found: Mapping[str, Figure], floor: Figure, count: int) -> tuple[Row, ...]:
    return tuple(
        Row(
            f"{what}: {name}",
            figure.processor / count * 1e6,
            "µs",
            figure.processor / floor.processor,
        )
        for name, figure in found.items()
    )


def reach(what: str, found: Mapping[str, Figure], floor: str, most: float) -> Reach:
    return Reach(what, found["econtador"].processor / found[floor].processor, most)


def growth(listings: Mapping[int, Mapping[str, Figure]]) -> Chart:
    names = list(next(iter(listings.values())))
    lines = (
        Line(name, tuple((size, found[name].processor / size * 1e6) for size, found in listings.items()))
        for name in names
    )
    return Chart(
        "listing",
        "Listing: processor time a company, over companies",
        Axis("companies listed", "log"),
        Axis("µs a company"),
        tuple(lines),
    )


if __name__ == "__main__":
    one(*sys.argv[1:])
