"""What the portal takes: its attributes, their sizes and checks, as data.

The six sizes of a company are attested (the vendor's article); the shape of a 422 and its codes
for a size and a maximum, too. The rest (what is required, the other codes, strictness about types,
sizes counted in characters) is assumed. A user's field has no known size, so it has none here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import cast

from attrs import Factory, field, frozen

from econtador.sandbox.documents import is_cnpj, is_cpf
from econtador.sandbox.jsonapi import JSON, Problem, Refused
from econtador.sandbox.kinds import FLAG, TEXT, TEXTS, Kind

__all__ = [
    "ABAS",
    "EMPRESA",
    "USUARIO",
    "USUARIO_EDIT",
    "Attribute",
    "Rule",
    "document_problems",
    "maximum",
    "read",
    "size",
]

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
class Rule:
    """A check of the portal: what it is called, what it says, whether a value passes."""

    code: str
    detail: str
    holds: Callable[[JSON], bool]
    most: int | None = None
    """Characters that a text may have, if this is the rule that says it."""


def size(most: int) -> Rule:
    """At most *most* characters (code and wording attested)."""
    return Rule(
        "javax.validation.constraints.Size",
        f"tamanho deve estar entre 0 e {most}",
        lambda value: not isinstance(value, str) or len(value) <= most,
        most,
    )


def maximum(number: int) -> Rule:
    """At most *number* (code attested)."""
    return Rule(
        "javax.validation.constraints.Max",
        f"deve ser menor que ou igual à {number}",
        lambda value: not isinstance(value, int) or value <= number,
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
    """An attribute that can be written."""

    name: str
    kind: Kind = TEXT
    rules: tuple[Rule, ...] = ()
    default: JSON = None
    """When a new resource does not say."""
    required: bool = False
    """Whether its lack is a 400, not a rule of its own (attested of candidatos)."""
    column: str = field(default=Factory(lambda self: self.name, takes_self=True))
    """What keeps it, where that has another name."""

    @property
    def pointer(self) -> str:
        """As errors name it."""
        return f"/data/attributes/{self.name}"

    @property
    def most(self) -> int | None:
        """Characters that it may have; None if that is not known."""
        return next((rule.most for rule in self.rules if rule.most is not None), None)


EMPRESA = (
    Attribute("nome", rules=(NOT_BLANK, size(50))),
    Attribute("cpfCnpjAlfanumerico", rules=(NOT_BLANK,), column="documento"),
    Attribute("isCpf", FLAG, column="is_cpf"),
    Attribute("externoid"),
    Attribute("ativa", FLAG, (NOT_NULL,), default=True),
    Attribute("endereco", rules=(size(50),)),
    Attribute("inscricaoEstadual", rules=(size(16),), column="inscricao_estadual"),
    Attribute("inscricaoMunicipal", rules=(size(16),), column="inscricao_municipal"),
    Attribute("bairro", rules=(size(20),)),
    Attribute("atividade", rules=(size(30),)),
    Attribute("municipio"),
    Attribute("uf"),
    Attribute("cep"),
    Attribute("numero"),
    Attribute("complemento"),
)
"""A company as it can be posted and changed (convention)."""

USUARIO = (
    Attribute("nome", rules=(NOT_BLANK,)),
    Attribute("email", rules=(NOT_BLANK, EMAIL)),
    Attribute("isCpf", FLAG, column="is_cpf"),
    Attribute("cpfCnpjAlfanumerico", rules=(NOT_BLANK,), column="login"),
    Attribute("telefone"),
)
"""A user as it can be posted (convention)."""

USUARIO_EDIT = (
    Attribute("ativo", FLAG, (NOT_NULL,)),
    Attribute("abas", TEXTS, (NOT_NULL, KNOWN_ABAS)),
)
"""What can be changed of a user (convention)."""


def read(sent: Mapping[str, object], spec: Sequence[Attribute], *, partial: bool) -> dict[str, JSON]:
    """The columns that *sent* sets, checked; all of *spec* unless *partial*.

    An attribute that is not in *spec* is passed over in silence, as the portal does (attested).
    500 for a value of another type (attested for dates and numbers), else 400 for each that is
    required and missing, else 422 with every rule that does not hold.

    >>> read({"nome": "ACME", "cor": "azul"}, EMPRESA, partial=True)
    {'nome': 'ACME'}
    """
    wanted = [attribute for attribute in spec if attribute.name in sent or not partial]
    wrong = [attribute for attribute in wanted if not _fits(attribute, sent)]
    if wrong:
        raise Refused([_not_deserialized(attribute) for attribute in wrong])
    missing = [attribute for attribute in wanted if attribute.required and _is_missing(attribute, sent)]
    if missing:
        raise Refused([_missing(attribute) for attribute in missing])
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


def _is_missing(attribute: Attribute, sent: Mapping[str, object]) -> bool:
    value = sent.get(attribute.name)
    return value is None or (isinstance(value, str) and not value.strip())


def _missing(attribute: Attribute) -> Problem:
    status = HTTPStatus.BAD_REQUEST
    return Problem(status, status.name, f"'{attribute.name}' é obrigatório", attribute.pointer)


def _value(attribute: Attribute, sent: Mapping[str, object]) -> JSON:
    value = sent.get(attribute.name, attribute.default)
    return cast("JSON", tuple(cast("list[JSON]", value)) if isinstance(value, list) else value)


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
