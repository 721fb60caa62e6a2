"""What the quirks do to a call and to its answer, one pure function for each.

Some quirks the handler has by nature (``_INNATE``): the effect of such a one is its undoing, in force
while it is *not* named. The effect of any other is in force while it is named. ``SLOW_PAGE`` and
``READ_LAG`` take time or memory and stand in ``sandbox`` and ``lag``.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from http import HTTPStatus
from typing import TypeAlias, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from attrs import evolve

from econtador.sandbox.exchange import Answer, Call, Exchange
from econtador.sandbox.html import HTML, html
from econtador.sandbox.jsonapi import JSON
from econtador.sandbox.query import links, window, without_page
from econtador.sandbox.quirks import USUAL, Quirk
from econtador.sandbox.reply import Object, Reply, reply_of, with_reply

__all__ = ["disturbed"]

CallEffect: TypeAlias = Callable[[Call], Call]
"""What the handler is asked instead."""

ReplyEffect: TypeAlias = Callable[[Call, Reply], Reply]
"""What is said instead, given what was asked at first."""

AnswerEffect: TypeAlias = Callable[[Answer], Answer]
"""How the answer looks instead."""

E = TypeVar("E")


# --------------------------------------------------------------------------- the call


def _pages_by_number(call: Call) -> Call:
    """Undoes ``PAGE_NUMBER_IS_400``, which stays for a number that is none or stands beside an offset."""
    page = window(call.query)
    once = [name for name, _ in parse_qsl(call.query)].count("page[number]") == 1
    return call if page is None or not once else _with_offset(call, page.offset, instead_of="page[number]")


def _with_offset(call: Call, offset: int, instead_of: str = "page[offset]") -> Call:
    kept = [item for item in parse_qsl(call.query, keep_blank_values=True) if item[0] != instead_of]
    return evolve(call, query=urlencode([*kept, ("page[offset]", offset)]))


def _is_second(call: Call) -> bool:
    page = window(call.query)
    return page is not None and page.offset == page.limit


def _first_again(call: Call) -> Call:
    return _with_offset(call, 0) if _is_second(call) else call


def _one_further(call: Call) -> Call:
    page = window(call.query)
    return call if page is None or page.offset == 0 else _with_offset(call, page.offset + 1)


def _with_old_ids(call: Call) -> Call:
    """The same call, as it was before the ids changed."""
    path = _moved_path(call.path, -1)
    try:
        body = json.dumps(_moved(json.loads(call.body), -1), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return evolve(call, path=path)  # none, or none that can be read: the portal's to refuse
    return evolve(call, path=path, body=body)


# --------------------------------------------------------------------------- resources


def _edited(value: JSON, member: str, edit: Callable[[Object], Object]) -> JSON:
    """*value*, a resource or several, with another *member*."""
    if isinstance(value, list):
        return [_edited(item, member, edit) for item in value]
    if not isinstance(value, Mapping):
        return value
    found = value.get(member)
    return {**value, member: edit(found)} if isinstance(found, Mapping) else value


def _everywhere(reply: Reply, member: str, edit: Callable[[Object], Object]) -> Reply:
    """*reply* with another *member* of every resource, the included ones too."""
    places = reply.document.keys() & {"data", "included"}
    return reply.having(**{place: _edited(reply.document[place], member, edit) for place in places})


def _attributes(edit: Callable[[Object], Object]) -> ReplyEffect:
    return lambda _, reply: _everywhere(reply, "attributes", edit)


def _unlinked(call: Call, reply: Reply) -> Reply:
    included = dict(parse_qsl(call.query)).get("include", "").split(",")
    return _everywhere(reply, "relationships", partial(_with_data_of, included))


def _with_data_of(names: Collection[str], relationships: Object) -> Object:
    return {
        name: {said: value for said, value in found.items() if said != "data" or name in names}
        for name, found in relationships.items()
        if isinstance(found, Mapping)
    }


_NUMBER_OF = {"cpfCnpjAlfanumerico": "cpfcnpj", "cpfAlfanumerico": "cpf"}


def _without_number(where: Callable[[str], bool]) -> ReplyEffect:
    """Leaves out a document's number, *where* its text says so: JSON has no number with leading zeros."""

    def edit(attributes: Object) -> Object:
        dropped = {
            number
            for text, number in _NUMBER_OF.items()
            if isinstance(value := attributes.get(text), str) and value and where(value)
        }
        return {name: value for name, value in attributes.items() if name not in dropped}

    return _attributes(edit)


def _code_as_number(attributes: Object) -> Object:
    code = attributes.get("codigo")
    return (
        {**attributes, "codigo": int(code)}
        if isinstance(code, str) and _DIGITS.fullmatch(code)
        else attributes
    )


_ENUMS = ("status", "tipoConfiguracao", "tipoMovimentoPermitido")


def _unlisted(attributes: Object) -> Object:
    return {name: "Valor Novo" if name in _ENUMS else value for name, value in attributes.items()}


def _unnamed(attributes: Object) -> Object:
    return {**attributes, "atributoNovo": {"valor": 1}}


# --------------------------------------------------------------------------- lookups


_DIGITS = re.compile(r"[0-9]{1,18}")
_MOVED = ("tipos-raca", "tipos-identidade", "tipos-cnh")
_MOVED_PATH = re.compile(rf"(.*/(?:{'|'.join(_MOVED)})/)([0-9]{{1,18}})")


def _moved_path(path: str, by: int) -> str:
    found = _MOVED_PATH.fullmatch(path)
    return path if found is None else f"{found[1]}{int(found[2]) + by}"


def _moved(value: JSON, by: int) -> JSON:
    """*value* with the ids of moved lookups, and the paths with such an id, *by* more."""
    if isinstance(value, str):
        return _moved_path(value, by)
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    if not isinstance(value, Mapping):
        return value
    members = {name: _moved(member, by) for name, member in value.items()}
    key = members.get("id")
    if members.get("type") in _MOVED and isinstance(key, str) and _DIGITS.fullmatch(key):
        members["id"] = str(int(key) + by)
    return members


def _with_new_ids(_: Call, reply: Reply) -> Reply:
    return evolve(reply, document=cast("Object", _moved(reply.document, 1)))


# --------------------------------------------------------------------------- listings


def _linked(edit: Callable[[Call, str], str]) -> ReplyEffect:
    """*edit* for every link of a listing."""

    def everywhere(call: Call, reply: Reply) -> Reply:
        found = reply.document.get("links")
        if reply.rows is None or not isinstance(found, Mapping):
            return reply
        edited = {name: edit(call, link) if isinstance(link, str) else link for name, link in found.items()}
        return reply.having(links=edited)

    return everywhere


def _absolute(call: Call, link: str) -> str:
    return call.origin + link if link.startswith("/") else link


def _as_asked(call: Call, link: str) -> str:
    """*link* with all that *call* asks for but its page."""
    parts = urlsplit(link)
    asked = dict(without_page(call.query))
    return parts._replace(query=urlencode({**asked, **dict(parse_qsl(parts.query))})).geturl()


def _one_less(call: Call, reply: Reply) -> Reply:
    page, total = window(call.query), reply.total
    if page is None or page.offset == 0 or reply.rows is None or total is None:
        return reply
    left = max(0, total - 1)
    return reply.having(links=links(call.path, page, left), meta={"totalResourceCount": left})


def _nothing(call: Call, reply: Reply) -> Reply:
    return reply.having(data=[]) if reply.rows and _is_second(call) else reply


def _no_total(_: Call, reply: Reply) -> Reply:
    without = {name: member for name, member in reply.document.items() if name != "meta"}
    return reply if reply.rows is None else evolve(reply, document=without)


def _included_twice(_: Call, reply: Reply) -> Reply:
    included = reply.document.get("included")
    return reply.having(included=[*included, *included]) if isinstance(included, list) else reply


# --------------------------------------------------------------------------- refusals


def _errors(reply: Reply) -> list[dict[str, JSON]]:
    errors = reply.document.get("errors")
    return cast("list[dict[str, JSON]]", errors) if reply.status >= 400 and isinstance(errors, list) else []


def _names_limit(error: Object) -> bool:
    source = error.get("source")
    return isinstance(source, Mapping) and source.get("parameter") == "page[limit]"


def _bad_request(where: Callable[[Object], bool]) -> ReplyEffect:
    """Says 400 for a 500, *where* its errors are so."""
    status = HTTPStatus.BAD_REQUEST

    def edit(_: Call, reply: Reply) -> Reply:
        errors = _errors(reply)
        if reply.status != HTTPStatus.INTERNAL_SERVER_ERROR or not (errors and all(map(where, errors))):
            return reply
        said: Object = {"status": str(int(status)), "code": status.name, "title": status.phrase}
        return evolve(reply.having(errors=[{**error, **said} for error in errors]), status=int(status))

    return edit


def _mensagem(_: Call, reply: Reply) -> Reply:
    details = [str(error["detail"]) for error in _errors(reply)]
    return evolve(reply, document={"mensagem": "; ".join(details)}) if details else reply


def _html(answer: Answer) -> Answer:
    if answer.status < 400:
        return answer
    return _labelled(evolve(answer, content=html(answer.status)), HTML)


def _plain(answer: Answer) -> Answer:
    json_came = answer.headers.get("content-type", "").endswith("json")
    return _labelled(answer, "text/plain;charset=UTF-8") if json_came else answer


def _labelled(answer: Answer, kind: str) -> Answer:
    return evolve(answer, headers={**answer.headers, "content-type": kind})


# --------------------------------------------------------------------------- the tables

_INNATE = USUAL - {Quirk.NO_LINKAGE_WITHOUT_INCLUDE}

# Each is applied from top to bottom.

_CALLS: Mapping[Quirk, CallEffect] = {
    Quirk.PAGE_NUMBER_IS_400: _pages_by_number,
    Quirk.REPEATED_PAGE: _first_again,
    Quirk.ROWS_SHIFT: _one_further,
    Quirk.LOOKUP_IDS_CHANGED: _with_old_ids,
}

_REPLIES: Mapping[Quirk, ReplyEffect] = {
    Quirk.NO_LINKAGE_WITHOUT_INCLUDE: _unlinked,
    Quirk.ROWS_SHIFT: _one_less,
    Quirk.EMPTY_PAGE: _nothing,
    Quirk.NO_TOTAL: _no_total,
    Quirk.NEXT_WITHOUT_FILTER: _linked(_as_asked),
    Quirk.RELATIVE_NEXT: _linked(_absolute),
    Quirk.NUMBERS_WITHOUT_ZEROS: _without_number(str.isdigit),
    Quirk.ALPHANUMERIC_AS_ZERO: _without_number(lambda text: not text.isdigit()),
    Quirk.NUMBERS_FOR_TEXTS: _attributes(_code_as_number),
    Quirk.UNKNOWN_ENUM: _attributes(_unlisted),
    Quirk.UNKNOWN_ATTRIBUTE: _attributes(_unnamed),
    Quirk.LOOKUP_IDS_CHANGED: _with_new_ids,
    Quirk.REPEATED_INCLUDED: _included_twice,
    Quirk.LIMIT_OVER_200_IS_500: _bad_request(_names_limit),
    Quirk.BAD_TYPE_IS_500: _bad_request(lambda error: not _names_limit(error)),
    Quirk.MENSAGEM_BODY: _mensagem,
}

_ANSWERS: Mapping[Quirk, AnswerEffect] = {Quirk.HTML_BODY: _html, Quirk.PLAIN_CONTENT_TYPE: _plain}


def disturbed(call: Call, ask: Exchange, quirks: frozenset[Quirk]) -> Answer:
    """What *ask*, the handler, answers to *call* if it has those *quirks* and no other."""
    in_force = _INNATE ^ quirks
    asked = call
    for edit_call in _chosen(_CALLS, in_force):
        asked = edit_call(asked)
    answer = ask(asked)
    edits = _chosen(_REPLIES, in_force)
    reply = reply_of(answer) if edits else None
    if reply is not None:
        for edit_reply in edits:
            reply = edit_reply(call, reply)
        answer = with_reply(answer, reply)
    for edit_answer in _chosen(_ANSWERS, in_force):
        answer = edit_answer(answer)
    return answer


def _chosen(table: Mapping[Quirk, E], in_force: frozenset[Quirk]) -> list[E]:
    return [effect for quirk, effect in table.items() if quirk in in_force]
