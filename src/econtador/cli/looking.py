"""``check``, ``verify``, ``logs``, ``audit``, ``worklist``: what is there, and what is to be done by hand."""

import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from econtador.cli.exits import Exit
from econtador.cli.opening import client, integrator, journal, policy_of, saved_plan
from econtador.cli.options import HERE, Csv, Json, Plans, Where
from econtador.cli.output import Output
from econtador.cli.words import said
from econtador.exports.text import write_csv
from econtador.exports.xlsx import write_xlsx
from econtador.integration.journal import LogFilter
from econtador.integration.logs import Logs
from econtador.integration.status import Kind, Outcome
from econtador.integration.worklist import make_worklist

__all__ = ["audit", "check", "logs", "verify", "worklist"]

_Day: TypeAlias = Annotated[
    datetime.datetime | None,
    Parameter(
        help=said(
            "Desde/até: 2026-11-24 ou 2026-11-24T08:00.", "Since/until: 2026-11-24 or 2026-11-24T08:00."
        ),
    ),
]
_Text: TypeAlias = Annotated[
    str | None,
    Parameter(help=said("Em nome, código ou mensagem.", "In name, code or message.")),
]


def check(*, where: Where = HERE, json: Json = False) -> Exit:
    """What the token may see."""
    out = Output(json)
    with client(where) as portal:
        access = portal.check()
    out.show(access)
    return Exit.OK if access.ok else Exit.PORTAL


def verify(plans: Plans = (), /, *, where: Where = HERE, json: Json = False) -> Exit:
    """Read the portal back and compare it. With plans: what a person integrated at GAP is noted in the journal."""
    out = Output(json)
    saved = [saved_plan(plan) for plan in plans]
    with integrator(where, saved[0].policy if saved else policy_of(where)) as office:
        verification = office.verify(office.worklist(*saved)) if saved else office.verify()
    out.show(verification)
    return Exit.OK if verification.ok else Exit.ATTENTION


def logs(
    *,
    kind: Kind | None = None,
    outcome: Outcome | None = None,
    since: _Day = None,
    until: _Day = None,
    codigo: str | None = None,
    text: _Text = None,
    csv: Csv = None,
    where: Where = HERE,
    json: Json = False,
) -> Exit:
    """The LOGs de Integração: integrations and attempts, oldest first. Needs no portal."""
    out = Output(json)
    wanted = LogFilter(
        kind=kind,
        outcome=outcome,
        since=since.astimezone() if since else None,
        until=until.astimezone() if until else None,
        codigo=codigo,
        text=text,
    )
    with journal(where) as kept:
        found = Logs(kept.entries(wanted))
    out.show(found)
    if csv is not None:
        write_csv(found, csv)
    return Exit.OK


def audit(*, where: Where = HERE, json: Json = False) -> Exit:
    """Whether the log is whole: each entry stands as it was written."""
    out = Output(json)
    with journal(where) as kept:
        found = kept.audit()
    out.show(found)
    return Exit.OK if found.ok else Exit.ATTENTION


def worklist(
    plans: Plans, /, *, html: Path | None = None, xlsx: Path | None = None, json: Json = False
) -> Exit:
    """What a person does at GAP and in the portal, as a page to print or a workbook."""
    out = Output(json)
    now = datetime.datetime.now(datetime.UTC)
    made = make_worklist(map(saved_plan, plans), made_at=now)
    out.show(made)
    if html is not None:
        html.write_text(made.to_html(), encoding="utf-8")
    if xlsx is not None:
        write_xlsx(made, xlsx)
    return Exit.OK
