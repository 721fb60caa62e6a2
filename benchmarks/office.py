"""An office of made-up companies: as many as asked for, the same each time, and with as many long texts as asked for.

Texts are Portuguese as it is written, with accents, upper and lower case; names, numbers and documents are synthetic.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from attrs import frozen

from benchmarks.documents import cnpj

REALISTIC = 0.07
"""The share of an office's limited fields that are too long."""

SIX = {
    "razao_social": 50,
    "inscricao_estadual": 16,
    "inscricao_municipal": 16,
    "endereco": 50,
    "bairro": 20,
    "atividade": 30,
}
"""The limited fields and the portal's sizes, for those who cut without the library."""

HEADERS = {
    "codigo": "Código",
    "proemp": "PROEMP",
    "razao_social": "Razão Social",
    "documento": "CNPJ",
    "inscricao_estadual": "Inscrição Estadual",
    "inscricao_municipal": "Inscrição Municipal",
    "endereco": "Endereço",
    "numero": "Número",
    "complemento": "Complemento",
    "bairro": "Bairro",
    "municipio": "Município",
    "uf": "UF",
    "cep": "CEP",
    "atividade": "Atividade",
    "cnae": "CNAE",
}


@frozen
class Texts:
    """What a field holds, and its part of all that is too long."""

    short: tuple[str, ...]
    long: tuple[str, ...]
    part: float


TEXTS = {
    "razao_social": Texts(
        ("ALIMENTOS LTDA", "TRANSPORTES ME", "METALÚRGICA S/A", "SERVIÇOS MÉDICOS LTDA", "PADARIA ME"),
        (
            "COMÉRCIO DE MÁQUINAS E FERRAMENTAS ME",
            "INDÚSTRIA DE CONFECÇÕES LIMITADA",
            "SERVIÇOS ADMINISTRATIVOS LIMITADA",
        ),
        0.07,
    ),
    "endereco": Texts(
        ("Rua das Flores", "Avenida Brasil", "Rua São João", "Travessa da Conceição", "Rodovia BR 101"),
        (
            "Avenida Presidente Juscelino Kubitschek de Oliveira",
            "Rua Desembargador Modelo de Almeida Prado e Souza Filho",
        ),
        0.07,
    ),
    "bairro": Texts(
        ("Centro", "Vila Nova", "Jardim América", "Santo Antônio", "Distrito Industrial", "São José"),
        ("Jardim Nossa Senhora Aparecida", "Conjunto Habitacional Modelo", "Parque Residencial São Paulo"),
        0.36,
    ),
    "atividade": Texts(
        ("Padaria e confeitaria", "Clínica odontológica", "Serviços de contabilidade", "Bar e lanchonete"),
        (
            "Comércio varejista de artigos do vestuário e acessórios",
            "Comércio atacadista de produtos alimentícios em geral",
            "Manutenção e reparação de máquinas e equipamentos para uso geral",
            "Transporte rodoviário de carga, exceto produtos perigosos e mudanças, municipal",
            "Fabricação de esquadrias de metal",
        ),
        0.48,
    ),
}
INSCRICOES = (("SP", "São Paulo", "110.042.490.114"), ("AC", "Rio Branco", "01.004.823/001-12"))
"""Both valid; the second is too long with its mask, and fits without."""
INSCRICOES_PART = 0.02


def rows(count: int, too_long: float = REALISTIC) -> Iterator[dict[str, str]]:
    """Companies as our names of fields to texts; *too_long* is the share of long ones among the :data:`SIX`.

    A PROEMP holds 100,000 códigos: those beyond are in the next one.
    """
    chance = Random(7)
    for number in range(count):
        drawn = {name: _drawn(chance, texts, too_long) for name, texts in TEXTS.items()}
        uf, municipio, inscricao = INSCRICOES[chance.random() < len(SIX) * too_long * INSCRICOES_PART]
        yield {
            "codigo": f"{number % 100_000:05}",
            "proemp": f"PROEMP{number // 100_000:02}",
            "razao_social": f"EMPRESA MODELO {number:07} {drawn['razao_social']}",
            "documento": cnpj(number + 1),
            "inscricao_estadual": inscricao,
            "inscricao_municipal": f"{number % 10_000_000:07}-0",
            "endereco": drawn["endereco"],
            "numero": str(number % 5000),
            "complemento": ("", "Sala 12", "Fundos")[number % 3],
            "bairro": drawn["bairro"],
            "municipio": municipio,
            "uf": uf,
            "cep": f"{number % 100_000:05}-000",
            "atividade": drawn["atividade"],
            "cnae": "4721-1/02",
        }


def _drawn(chance: Random, texts: Texts, too_long: float) -> str:
    return chance.choice(texts.long if chance.random() < len(SIX) * too_long * texts.part else texts.short)


def write_csv(path: Path, companies: Iterator[Mapping[str, str]]) -> None:
    """As an office's export: a header, semicolons."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(HEADERS.values())
        table.writerows([company[name] for name in HEADERS] for company in companies)
