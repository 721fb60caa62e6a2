"""Any text as a saved plan, and any plan whose fingerprint is right: refused, or applied by its own rules."""

import contextlib
import json

import econtador as ec
from econtador.errors import EcontadorError, InvalidPlan
from econtador.integration.plan import FORMAT, _digest
from econtador.sandbox import Sandbox

POLICY = ec.Policy(proemp="PROEMP00")
EMPRESAS = (
    ec.EmpresaGap("00001", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11.222.333/0001-81", bairro="B" * 30),
    ec.EmpresaGap("00002", "PROEMP00", "EMPRESA MODELO 02 LTDA", ""),
)
USUARIOS = (ec.UsuarioGap("MODELO", "PESSOA MODELO 01", "529.982.247-25", "modelo@exemplo.com.br"),)


def _office(portal: Sandbox) -> ec.Integrator:
    client = ec.Client(portal.token, transport=portal.transport(), writes=ec.CONVENTION, account="conta")
    return ec.Integrator(client, policy=POLICY, journal=":memory:", operador="ADMIN")


def seeds() -> list[bytes]:
    """The contents of two plans, which is what is fuzzed: the fingerprint is made anew."""
    with Sandbox() as portal, _office(portal) as office:
        made = (office.plan_empresas(EMPRESAS, selected=ec.TODAS), office.plan_usuarios(USUARIOS))
    return [json.dumps(json.loads(plan.to_json())["plan"], separators=(",", ":")).encode() for plan in made]


def _as_saved(text: str) -> str:
    try:
        content = json.loads(text)
        return json.dumps({"format": FORMAT, "fingerprint": _digest(content), "plan": content})
    except (ValueError, RecursionError):
        return text


def once(data: bytes) -> None:
    """Load *data* as it is and as the content of a plan; apply what loads."""
    text = data.decode("utf-8", "replace")
    for told in (text, _as_saved(text)):
        try:
            plan = ec.Plan.from_json(told)
        except InvalidPlan:
            continue
        assert str(plan) and repr(plan) and plan.losses is not None and plan.counts
        assert ec.Plan.from_json(plan.to_json()) == plan
        _applied(plan)


def _applied(plan: ec.Plan) -> None:
    with Sandbox() as portal, _office(portal) as office:
        with contextlib.suppress(EcontadorError):
            office.apply(plan)
        sent = sum(seen.method != "GET" for seen in portal.requests)
        assert sent <= len(plan.actions), "sent more than once"
        with contextlib.suppress(EcontadorError):
            office.apply(plan)
