"""What the portal takes: its attributes, their sizes and checks, as data.

The six sizes of a company are attested (the vendor's article); the shape of a 422 and its code
for a size, too. The rest (what is required, the other codes, strictness about types, sizes
counted in characters) is assumed. A user's field has no known size, so it has none here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeAlias, cast

from attrs import field, frozen

from econtador.sandbox.documents import is_cnpj, is_cpf
from econtador.sandbox.jsonapi import Problem, Refused

__all__ = [
    "ABAS",
    "EMPRESA",
    "USUARIO",
    "USUARIO_EDIT",
    "Attribute",
    "Rule",
    "Value",
    "document_problems",
    "read",
]

Value: TypeAlias = str | bool | tuple[str, ...] | None
"""What a column holds."""

ABAS = (
    "informacoes",
    "empresas",
    "departamento-wpd",
    "permissoes",
    "certidoes",
    "categorias",
    "atendimento",
    "karoo",
    "notificacoes",
)
"""The tabs of a user in the portal, in their order (the vendor's help; the spelling is ours)."""

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_CNPJ_DETAIL = "número do registro de contribuinte corporativo brasileiro (CNPJ) inválido"
_CPF_DETAIL = "número do registro de contribuinte individual brasileiro (CPF) inválido"


@frozen
class Kind:
    """A type of the portal and whether a JSON value is one."""

    java: str
    takes: Callable[[object], bool]


TEXT = Kind("java.lang.String", lambda value: isinstance(value, str))
FLAG = Kind("java.lang.Boolean", lambda value: isinstance(value, bool))
TEXTS = Kind(
    "java.util.List<java.lang.String>",
    lambda value: (
        isinstance(value, list) and all(isinstance(item, str) for item in cast("list[object]", value))
    ),
)


@frozen
class Rule:
    """A check of the portal: what it is called, what it says, whether a value passes."""

    code: str
    detail: str
    holds: Callable[[Value], bool]


def size(most: int) -> Rule:
    """At most *most* characters (code and wording attested)."""
    return Rule(
        "javax.validation.constraints.Size",
        f"tamanho deve estar entre 0 e {most}",
        lambda value: not isinstance(value, str) or len(value) <= most,
    )


NOT_BLANK = Rule(
    "javax.validation.constraints.NotBlank",
    "não pode estar em branco",
    lambda value: isinstance(value, str) and bool(value.strip()),
)
NOT_NULL = Rule("javax.validation.constraints.NotNull", "não pode ser nulo", lambda value: value is not None)
EMAIL = Rule(
    "javax.validation.constraints.Email",
    "não é um endereço de e-mail",
    # Nothing and blank are NOT_BLANK's.
    lambda value: not isinstance(value, str) or not value.strip() or _EMAIL.fullmatch(value) is not None,
)
KNOWN_ABAS = Rule(
    "javax.validation.constraints.Pattern",
    f"abas: {', '.join(ABAS)}",
    lambda value: not isinstance(value, tuple) or set(value) <= set(ABAS),
)


@frozen
class Attribute:
    """An attribute that can be written, and the column that keeps it."""

    name: str
    column: str
    kind: Kind = TEXT
    rules: tuple[Rule, ...] = field(default=())
    default: Value = None
    """When a new resource does not say."""

    @property
    def pointer(self) -> str:
        """As errors name it."""
        return f"/data/attributes/{self.name}"


EMPRESA = (
    Attribute("nome", "nome", rules=(NOT_BLANK, size(50))),
    Attribute("cpfCnpjAlfanumerico", "documento", rules=(NOT_BLANK,)),
    Attribute("isCpf", "is_cpf", FLAG),
    Attribute("externoid", "externoid"),
    Attribute("ativa", "ativa", FLAG, (NOT_NULL,), default=True),
    Attribute("endereco", "endereco", rules=(size(50),)),
    Attribute("inscricaoEstadual", "inscricao_estadual", rules=(size(16),)),
    Attribute("inscricaoMunicipal", "inscricao_municipal", rules=(size(16),)),
    Attribute("bairro", "bairro", rules=(size(20),)),
    Attribute("atividade", "atividade", rules=(size(30),)),
    Attribute("municipio", "municipio"),
    Attribute("uf", "uf"),
    Attribute("cep", "cep"),
    Attribute("numero", "numero"),
    Attribute("complemento", "complemento"),
)
"""A company as it can be posted and changed (convention)."""

USUARIO = (
    Attribute("nome", "nome", rules=(NOT_BLANK,)),
    Attribute("email", "email", rules=(NOT_BLANK, EMAIL)),
    Attribute("isCpf", "is_cpf", FLAG),
    Attribute("cpfCnpjAlfanumerico", "login", rules=(NOT_BLANK,)),
    Attribute("telefone", "telefone"),
)
"""A user as it can be posted (convention)."""

USUARIO_EDIT = (
    Attribute("ativo", "ativo", FLAG, (NOT_NULL,)),
    Attribute("abas", "abas", TEXTS, (NOT_NULL, KNOWN_ABAS)),
)
"""What can be changed of a user (convention)."""


def read(sent: Mapping[str, object], spec: Sequence[Attribute], *, partial: bool) -> dict[str, Value]:
    """The columns that *sent* sets, checked; all of *spec* unless *partial*.

    An attribute that is not in *spec* is passed over in silence, as the portal does (attested).
    500 for a value of another type (attested for dates and numbers), else 422 with every rule
    that does not hold.

    >>> read({"nome": "ACME", "cor": "azul"}, EMPRESA, partial=True)
    {'nome': 'ACME'}
    """
    wanted = [attribute for attribute in spec if attribute.name in sent or not partial]
    wrong = [attribute for attribute in wanted if not _fits(attribute, sent)]
    if wrong:
        raise Refused([_not_deserialized(attribute) for attribute in wrong])
    values = {attribute.column: _value(attribute, sent) for attribute in wanted}
    broken = [
        Problem(HTTPStatus.UNPROCESSABLE_ENTITY, rule.code, rule.detail, attribute.pointer)
        for attribute in wanted
        for rule in attribute.rules
        if not rule.holds(values[attribute.column])
    ]
    if broken:
        raise Refused(broken)
    return values


def _fits(attribute: Attribute, sent: Mapping[str, object]) -> bool:
    value = sent.get(attribute.name)
    return value is None or attribute.kind.takes(value)


def _value(attribute: Attribute, sent: Mapping[str, object]) -> Value:
    value = sent.get(attribute.name, attribute.default)
    return cast("Value", tuple(cast("list[str]", value)) if isinstance(value, list) else value)


def _not_deserialized(attribute: Attribute) -> Problem:
    # In English and a 500, as the portal answers where a type is wrong (attested).
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = f"Cannot deserialize value of type `{attribute.kind.java}`"
    return Problem(status, status.name, detail, attribute.pointer)


def document_problems(document: str, cpf: bool | None) -> list[Problem]:
    """What is wrong with a CNPJ (*cpf* false), a CPF (true), or one of the two (``None``).

    >>> document_problems("00000000000191", None)
    []
    >>> document_problems("00000000000191", True)[0].code
    'org.hibernate.validator.constraints.br.CPF'
    """
    as_cpf = cpf if cpf is not None else len(document) == 11
    name, detail, holds = ("CPF", _CPF_DETAIL, is_cpf) if as_cpf else ("CNPJ", _CNPJ_DETAIL, is_cnpj)
    if holds(document):
        return []
    code = f"org.hibernate.validator.constraints.br.{name}"
    return [Problem(HTTPStatus.UNPROCESSABLE_ENTITY, code, detail, "/data/attributes/cpfCnpjAlfanumerico")]
