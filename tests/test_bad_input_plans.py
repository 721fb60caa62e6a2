"""Broken plans: refused, or applied by the integrator's own rules. Each fingerprint is made anew: it proves nothing here."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, Final, TypeAlias, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import EcontadorError, InvalidPlan
from econtador.integration.plan import FORMAT
from econtador.sandbox import Sandbox

POLICY = ec.Policy(proemp="PROEMP00")
EMPRESAS = (
    ec.EmpresaGap("00001", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11.222.333/0001-81", bairro="B" * 30),
    ec.EmpresaGap("00002", "PROEMP00", "EMPRESA MODELO 02 LTDA", "00.000.000/0001-91"),
    ec.EmpresaGap("00003", "PROEMP00", "EMPRESA MODELO 03 LTDA", ""),
)
USUARIOS = (ec.UsuarioGap("MODELO", "PESSOA MODELO 01", "529.982.247-25", "modelo@exemplo.com.br"),)

Place: TypeAlias = tuple[str | int, ...]

drawn = settings(
    max_examples=150, deadline=timedelta(seconds=5), suppress_health_check=[HealthCheck.too_slow]
)


def office(portal: Sandbox) -> ec.Integrator:
    client = ec.Client(portal.token, transport=portal.transport(), writes=ec.CONVENTION, account="conta")
    return ec.Integrator(client, policy=POLICY, journal=":memory:", operador="ADMIN")


@cache
def contents() -> tuple[str, ...]:
    """A plan of companies and one of users, as they are saved, without what is around them."""
    with Sandbox() as portal, office(portal) as one:
        plans = (one.plan_empresas(EMPRESAS, selected=ec.TODAS), one.plan_usuarios(USUARIOS))
    return tuple(json.dumps(json.loads(plan.to_json())["plan"]) for plan in plans)


def saved(content: object) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    fingerprint = hashlib.sha256(canonical.encode()).hexdigest()
    return json.dumps({"format": FORMAT, "fingerprint": fingerprint, "plan": content})


def places(value: object, at: Place = ()) -> Iterator[Place]:
    yield at
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in items:
        yield from places(inner, (*at, key))


DROPPED: Final = object()


def changed(content: str, place: Place, value: object) -> dict[str, object]:
    whole = json.loads(content)
    at: Any = whole
    for key in place[:-1]:
        at = at[key]
    if value is DROPPED:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return cast("dict[str, object]", whole)


def use(text: str) -> None:
    """Load, look at and apply; InvalidPlan is the only error of loading, and no record is sent twice."""
    try:
        plan = ec.Plan.from_json(text)
    except InvalidPlan:
        return
    assert all(map(str, (plan, repr(plan), plan.counts, *plan.losses, *plan.alarms, *plan.notices)))
    assert ec.Plan.from_json(plan.to_json()).fingerprint == plan.fingerprint
    with Sandbox() as portal, office(portal) as one:
        try:
            report = one.apply(plan)
        except EcontadorError:
            assert posts(portal) == 0
            return
        assert str(report) and repr(report)
        assert posts(portal) <= len(plan.actions)
        one.verify()
        assert {entry.codigo for entry in one.logs()} <= {action.codigo for action in plan.actions}


def posts(portal: Sandbox) -> int:
    return sum(seen.method != "GET" for seen in portal.requests)


# --------------------------------------------------------------------------- anything

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**18, 2**63 - 1, 2**63, -(2**63), 10**400])
    | st.floats()
    | st.text(st.characters(), max_size=6)
    | st.sampled_from(
        ["\ud800", "\0", "", "empresa", "usuario", "integrar", "deixar", "manter", "reconhecer"]
    )
    | st.sampled_from(["Desligada", "Em dúvida", "Integrado", "nova", "leaving", "9999-12-31T23:59:59"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@drawn
@given(st.text() | anything.map(json.dumps))
def test_any_text_is_a_plan_or_an_invalid_one(text: str) -> None:
    use(text)
    use(f'{{"format": {FORMAT}, "fingerprint": "", "plan": {text}}}')


@drawn
@given(st.dictionaries(st.text(max_size=6), anything))
def test_anything_with_a_right_fingerprint_is_no_plan(content: Mapping[str, object]) -> None:
    with pytest.raises(InvalidPlan):
        ec.Plan.from_json(saved(content))


@settings(drawn, max_examples=400)
@given(st.data())
def test_a_plan_with_any_place_of_it_changed_is_refused_or_applied_by_the_rules(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(contents()), "plan")
    for _ in range(data.draw(st.integers(1, 2), "changes")):
        place = data.draw(st.sampled_from([*places(json.loads(content))][1:]), "place")
        content = json.dumps(changed(content, place, data.draw(anything | st.just(DROPPED), "value")))
    use(saved(json.loads(content)))


@pytest.mark.parametrize("value", [None, True, -1, 1.5, "", "x", [], {}, DROPPED], ids=range(9))
def test_each_place_of_a_plan_takes_no_value_of_another_kind(value: object) -> None:
    for content in contents():
        for place in [*places(json.loads(content))][1:]:
            use(saved(changed(content, place, value)))


# --------------------------------------------------------------------------- what was found

CREATE, REFUSED = ("actions", 0), ("actions", 2)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*CREATE, "draft"), None),
        ((*CREATE, "draft"), DROPPED),
        ((*CREATE, "findings"), []),
        ((*CREATE, "draft", "codigo"), "00009"),
        ((*CREATE, "draft"), {"nome": "X", "email": "x@exemplo.com.br", "cpf": "52998224725"}),
        ((*REFUSED, "verdict"), "integrar"),
        ((*REFUSED, "verdict"), "reconhecer"),
        (("kind",), "usuario"),
        (("revision",), 2**63),
        (("alarms",), [{"guard": "x", "count": 1, "total": 1}]),
        ((*CREATE, "nome"), "PADARIA \ud800"),
        ((*CREATE, "codigo"), "\udfff"),
        (("operador",), "\ud800"),
        (("account",), "\ud800"),
    ],
)
def test_a_plan_whose_parts_do_not_fit_together_is_refused(place: Place, value: object) -> None:
    with pytest.raises(InvalidPlan):
        ec.Plan.from_json(saved(changed(contents()[0], place, value)))


def test_the_plans_that_are_changed_here_are_applied_as_they_are() -> None:
    for content in contents():
        plan = ec.Plan.from_json(saved(json.loads(content)))
        with Sandbox() as portal, office(portal) as one:
            one.apply(plan)
            assert posts(portal) == plan.counts[ec.Verdict.CREATE] > 0


@pytest.mark.parametrize("inner", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [10, 300, 480, 900, 990, 1000, 10_000, 1_000_000])
def test_a_plan_nested_however_deep_is_invalid(inner: str, depth: int) -> None:
    deep = inner * depth + "1" + {"[": "]"}.get(inner, "}") * depth
    for text in (deep, f'{{"format": {FORMAT}, "fingerprint": "", "plan": {{"a": {deep}}}}}'):
        with pytest.raises(InvalidPlan):
            ec.Plan.from_json(text)


@pytest.mark.parametrize("number", ["1" + "0" * 5000, "1e999999", "-1e999999", "NaN", "Infinity", "1E400"])
@pytest.mark.parametrize("place", ["revision", "doubt_seconds", "share", "window_days", "count", "limit"])
def test_a_number_that_is_too_large_is_invalid_or_another_policy(number: str, place: str) -> None:
    content = json.loads(contents()[0])
    content["alarms"] = [{"guard": "losing", "count": 1, "total": 1}]
    text = json.dumps(content)
    begin = text.index(f'"{place}": ') + len(place) + 4
    end = min(found for found in (text.find(",", begin), text.find("}", begin)) if found > 0)
    spoilt = text[:begin] + number + text[end:]
    try:
        use(saved(json.loads(spoilt)))
    except ValueError:  # the number of 5001 digits: Python's own json does not read it
        use(f'{{"format": {FORMAT}, "fingerprint": "", "plan": {spoilt}}}')


def test_of_a_key_that_stands_twice_the_last_counts_and_has_the_fingerprint() -> None:
    good, other = contents()[0], json.dumps(changed(contents()[0], (*CREATE, "nome"), "OUTRA"))
    fingerprint = json.loads(saved(json.loads(good)))["fingerprint"]
    twice = f'{{"format": {FORMAT}, "fingerprint": "{fingerprint}", "plan": %s, "plan": %s}}'
    assert ec.Plan.from_json(twice % (other, good)).actions[0].nome == EMPRESAS[0].razao_social
    with pytest.raises(InvalidPlan):
        ec.Plan.from_json(twice % (good, other))
