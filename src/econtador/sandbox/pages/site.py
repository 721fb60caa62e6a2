"""Which view answers at which address, and how what it says becomes an answer."""

import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from attrs import field, frozen

from econtador.sandbox.entrance import Entrance
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.faults import Fault
from econtador.sandbox.jsonapi import Refused, refuse
from econtador.sandbox.pages import views_empresas, views_inicio, views_logs, views_usuarios
from econtador.sandbox.pages.guard import HEADERS, check_form, stranger
from econtador.sandbox.pages.render import Render, open_templates
from econtador.sandbox.pages.visit import GoOn, Page, View, Visit, fields_of
from econtador.sandbox.store import Store

__all__ = ["Site"]

_API = "/api/"
_KEY = "([0-9]{1,18})"

_VIEWS: Mapping[str, Mapping[str, View]] = {
    "/": {"GET": views_inicio.show},
    "/empresas": {"GET": views_empresas.list_all},
    f"/empresas/{_KEY}": {"GET": views_empresas.show, "POST": views_empresas.change},
    "/usuarios": {"GET": views_usuarios.list_all},
    f"/usuarios/{_KEY}": {"GET": views_usuarios.show, "POST": views_usuarios.change},
    "/logs": {"GET": views_logs.show},
}
"""Pattern of a path, to what each verb does there."""

_MEDIA = {"style.css": "text/css;charset=UTF-8", "icon.svg": "image/svg+xml"}

_FILES = {
    f"/{name}": Answer(
        int(HTTPStatus.OK),
        {**HEADERS, "content-type": media},
        (Path(__file__).parent / "static" / name).read_bytes(),
    )
    for name, media in _MEDIA.items()
}
"""Every file that is served: no path leads to another."""


@frozen
class Site:
    """The pages over one store."""

    _store: Store = field(repr=False)
    _csrf: str = field(factory=lambda: secrets.token_urlsafe(32), repr=False, init=False)
    _render: Render = field(factory=open_templates, repr=False, init=False)

    def beside(self, api: Entrance) -> Entrance:
        """An entrance to the API where its addresses are, and to the pages everywhere else."""

        def meet(call: Call) -> Fault | None:
            return api.meet(call) if _is_api(call) else None

        def answer(call: Call, fault: Fault | None) -> Answer | None:
            return api.answer(call, fault) if _is_api(call) else self.answer(call)

        def turn_away(call: Call) -> Answer | None:
            refused = None if _is_api(call) else stranger(call)
            return None if refused is None else self._refusal(refused)

        return Entrance(meet, answer, turn_away)

    def answer(self, call: Call) -> Answer:
        """The page that *call* asks for, after the change that it asks for; a page too if there is none."""
        verb = "GET" if call.method == "HEAD" else call.method
        if verb == "GET" and call.path in _FILES:
            return _FILES[call.path]
        try:
            verbs, keys = _find(call.path)
            if verb not in verbs:
                problems = refuse(HTTPStatus.METHOD_NOT_ALLOWED, "Esta página não faz isso.").problems
                raise Refused(problems, {"allow": ", ".join(verbs)})
            return self._answer(call, verbs[verb], keys)
        except Refused as refused:
            return self._refusal(refused)

    def _answer(self, call: Call, view: View, keys: tuple[str, ...]) -> Answer:
        writes = call.method == "POST"
        try:
            query, form = fields_of(call.query), fields_of(call.body.decode(errors="replace"))
        except ValueError:
            raise refuse(HTTPStatus.BAD_REQUEST, "São campos demais.") from None
        if writes:
            check_form(call, form, self._csrf)
        with self._store.transaction(write=writes):
            shown = view(Visit(call.path, keys, query, form), self._store)
        if isinstance(shown, GoOn):
            return Answer(int(HTTPStatus.SEE_OTHER), {**HEADERS, "location": shown.to})
        return self._page(shown, {})

    def _refusal(self, refused: Refused) -> Answer:
        problem = refused.problems[0]
        status = HTTPStatus(problem.status)
        page = Page("recusa.html", {"numero": int(status), "detalhe": problem.detail}, status)
        return self._page(page, refused.headers)

    def _page(self, page: Page, headers: Mapping[str, str]) -> Answer:
        content = self._render(page.template, {"csrf": self._csrf, **page.values})
        return Answer(int(page.status), {**HEADERS, **headers}, content.encode())


def _is_api(call: Call) -> bool:
    return call.path.startswith(_API)


def _find(path: str) -> tuple[Mapping[str, View], tuple[str, ...]]:
    for pattern, verbs in _VIEWS.items():
        match = re.fullmatch(pattern, path)
        if match is not None:
            return verbs, match.groups()
    raise refuse(HTTPStatus.NOT_FOUND, "Esta página não existe.")
