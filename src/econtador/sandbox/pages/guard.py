"""Who may see and change anything here: this machine's own browser, on these very pages.

There is real data of an office behind them, perhaps, and any other page that is open in the same browser can send
requests here: none can read an answer, name the host by another name (DNS rebinding), or send a form.
"""

import hmac
from http import HTTPStatus

from econtador.sandbox.exchange import Call
from econtador.sandbox.html import HTML
from econtador.sandbox.jsonapi import Refused, refuse
from econtador.sandbox.pages.visit import Fields, one

__all__ = ["CSRF", "HEADERS", "check_form", "stranger"]

CSRF = "csrf"
"""Field of every form that changes something."""

_HOSTS = {"127.0.0.1", "localhost"}
_FORM = "application/x-www-form-urlencoded"
_LONGEST = 65_536  # bytes of a form

HEADERS = {
    "content-type": HTML,
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: a form would then come from the origin "null".
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""Of every answer."""


def stranger(call: Call) -> Refused | None:
    """What is said to a request that is not even read: from another name of this machine, or too long."""
    if call.host not in _HOSTS:
        return refuse(HTTPStatus.MISDIRECTED_REQUEST, "Este portal só atende em 127.0.0.1 e localhost.")
    if int(call.headers.get("content-length", "0")) > _LONGEST:
        return refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "O formulário é grande demais.")
    return None


def check_form(call: Call, form: Fields, csrf: str) -> None:
    """Raise ``Refused`` for a form that no page of this site sent."""
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Isto não é um formulário.")
    from_here = (
        call.headers.get("origin", call.origin) == call.origin
        and call.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and hmac.compare_digest(one(form, CSRF).encode(), csrf.encode())
    )
    if not from_here:
        detail = "O formulário não veio de uma página aberta neste portal. Abra-a de novo e repita."
        raise refuse(HTTPStatus.FORBIDDEN, detail)
