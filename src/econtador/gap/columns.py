"""Which header of an office's table is which field: the words in use, as data.

No layout of a GAP export is published, so the words are those an accounting office would use
(*assumed*), save ``Logradouro`` for the type of street, which is GAP's own (article F23).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import frozen

__all__ = ["EMPRESAS", "USUARIOS", "Layout", "Match", "fold", "match"]


def fold(header: str) -> str:
    """Reduce a header to what tells it from others: no accents, case, punctuation or spaces.

    >>> fold("Razão  Social:"), fold("CNPJ/CPF"), fold("Nº")
    ('razaosocial', 'cnpjcpf', 'no')
    """
    plain = unicodedata.normalize("NFKD", header).casefold()
    return re.sub(r"[^0-9a-z]", "", plain)


@frozen
class Layout:
    """The fields of one kind of record, the words that head them, and which cannot be missing.

    Of two headers for one field the word that stands first in the field's list wins (of two equal
    ones, the left): "Razão Social" before "Nome", wherever they stand. No header serves two fields; the
    fields choose in the order of `words`. What is left is not used, and the reading says so.
    """

    words: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]


def _layout(words: Mapping[str, str], *required: str) -> Layout:
    return Layout(
        {name: tuple(fold(word) for word in line.split(",")) for name, line in words.items()}, required
    )


_DESLIGAMENTO: Final = (
    "data desligamento, data de desligamento, data do desligamento, dt desligamento, desligamento, "
    "desligada em, desligado em, data de saída, data saída"
)

EMPRESAS: Final = _layout(
    {
        "codigo": "código, cód, código da empresa, código empresa, cód empresa, cód emp, código GAP",
        "proemp": "PROEMP, pasta de trabalho, pasta",
        "razao_social": "razão social, nome empresarial, razão, nome da empresa, nome, empresa, cliente",
        "documento": "CNPJ, CNPJ/CPF, CPF/CNPJ, CNPJ/CEI/CPF, CEI/CPF/CNPJ, documento, inscrição federal, "
        "inscr federal, nº CNPJ, CGC, CPF",
        "inscricao_estadual": "inscrição estadual, IE, insc estadual, inscr estadual, insc est, inscr est",
        "inscricao_municipal": "inscrição municipal, IM, insc municipal, inscr municipal, insc mun, inscr mun, CCM",
        # Before the type: where both "Endereço" and "Logradouro" stand they are GAP's name and type,
        # while "Logradouro" alone is the address.
        "endereco": "endereço, logradouro, nome do logradouro, rua, end",
        "tipo_logradouro": "tipo logradouro, tipo do logradouro, tipo de logradouro, logradouro tipo, "
        "tp logradouro, tipo, logradouro",
        "numero": "número, nº, num, nro, número do endereço",
        "complemento": "complemento, compl",
        "bairro": "bairro",
        "municipio": "município, cidade",
        "uf": "UF, estado",
        "cep": "CEP",
        "atividade": "atividade, atividade principal, descrição da atividade, ramo de atividade, ramo",
        "cnae": "CNAE, CNAE principal, CNAE fiscal, código CNAE",
        "apelido": "apelido, nome reduzido, nome fantasia, fantasia",
        "data_desligamento": _DESLIGAMENTO,
    },
    "codigo",
    "razao_social",
    "documento",
)

USUARIOS: Final = _layout(
    {
        "codigo": "código, cód, código do usuário, código usuário, cód usuário, login, usuário",
        "nome": "nome, nome completo, nome do usuário, usuário",
        "cpf": "CPF, CPF/CNPJ, CNPJ/CPF, nº CPF, documento",
        "email": "e-mail, correio eletrônico, endereço de e-mail",
        "grupo": "grupo, grupo de usuários, grupos",
        "admin": "admin, administrador, é administrador",
        "data_desligamento": _DESLIGAMENTO,
    },
    "codigo",
    "nome",
)


@frozen
class Match:
    """What one row gives as a header."""

    index: Mapping[str, int]
    """Field to position."""
    lacking: tuple[str, ...]
    """The headers of ``columns=`` that the row does not have."""


def _key(header: str) -> str:
    return fold(header) or header.strip()


def match(cells: Sequence[str], layout: Layout, columns: Mapping[str, str]) -> Match:
    """Take *cells* for a header. *columns*, field to header, goes before the layout's words.

    >>> found = match(["Cód.", "Nome", "Razão Social", "CNPJ"], EMPRESAS, {})
    >>> found.index
    {'codigo': 0, 'razao_social': 2, 'documento': 3}
    >>> match(["Cód.", "Nome"], USUARIOS, {"email": "Contato"}).lacking
    ('Contato',)
    """
    keys = [_key(cell) for cell in cells]
    index = {name: keys.index(_key(header)) for name, header in columns.items() if _key(header) in keys}
    lacking = tuple(header for header in columns.values() if _key(header) not in keys)
    taken = set(index.values())
    positions: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        positions.setdefault(key, []).append(place)
    for name, words in layout.words.items():
        if name not in columns and (position := _first(words, positions, taken)) is not None:
            index[name] = position
            taken.add(position)
    return Match(index, lacking)


def _first(words: Iterable[str], positions: Mapping[str, Sequence[int]], taken: set[int]) -> int | None:
    free = (position for word in words for position in positions.get(word, ()) if position not in taken)
    return next(free, None)
