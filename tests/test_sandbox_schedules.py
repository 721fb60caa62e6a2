"""Schedules of faults: pure functions of a request's number, method and path. And a portal with unique documents."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador import errors
from econtador.portal import EmpresaNova, UsuarioNovo
from econtador.sandbox import Fault, Faults, Sandbox

PATH = "/api/v1/empresas"
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

faults = st.sampled_from(Fault)
numbers = st.integers(1, 500)
methods = st.sampled_from(METHODS)
subsets = st.frozensets(methods)
seeds = st.integers(0, 2**32)
shares = st.floats(0, 1)


def first(schedule: Faults, many: int, method: str = "POST") -> list[Fault | None]:
    return [schedule(number, method, PATH) for number in range(1, many + 1)]


@given(st.dictionaries(numbers, faults), numbers, methods)
def test_at_is_a_table_of_numbers(table: dict[int, Fault], number: int, method: str) -> None:
    assert Faults.at(table)(number, method, PATH) == table.get(number)


@given(faults, numbers, methods)
def test_always_is_always(fault: Fault, number: int, method: str) -> None:
    assert Faults.always(fault)(number, method, PATH) is fault


@given(st.integers(1, 50), faults, numbers)
def test_every_nth_is_each_multiple(nth: int, fault: Fault, number: int) -> None:
    assert Faults.every(nth, fault)(number, "GET", PATH) == (fault if number % nth == 0 else None)


@given(st.lists(st.none() | faults, max_size=20))
def test_a_script_is_played_once(script: list[Fault | None]) -> None:
    assert first(Faults.script(script), len(script) + 3) == [*script, None, None, None]


@given(seeds, shares, st.sets(faults, min_size=1), numbers)
def test_random_follows_from_seed_and_number(seed: int, share: float, of: set[Fault], number: int) -> None:
    met = Faults.random(seed, share, of)(number, "GET", PATH)
    assert met is None or met in of
    names = sorted((fault.value for fault in of), reverse=True)
    assert Faults.random(seed, share, names)(number, "POST", "/another") is met


@given(seeds, shares, shares, numbers)
def test_a_greater_share_has_the_faults_of_a_smaller(
    seed: int, one: float, other: float, number: int
) -> None:
    less, more = (Faults.random(seed, share)(number, "GET", PATH) for share in sorted((one, other)))
    assert less in {None, more}


@given(seeds)
def test_a_share_is_that_of_the_requests(seed: int) -> None:
    assert set(first(Faults.random(seed, 0), 50)) == {None}
    assert None not in first(Faults.random(seed, 1), 50)
    # Of 400, a half is 200; 10 is the standard deviation.
    assert 130 < first(Faults.random(seed, 0.5), 400).count(None) < 270


def test_random_is_the_same_on_every_machine() -> None:
    met = first(Faults.random(2024, 0.5, ["refused", "429", "late-answer"]), 8)
    assert [fault and fault.value for fault in met] == [
        *(None, None, None, "late-answer"),
        *(None, "refused", "429", None),
    ]


@given(subsets, methods, faults)
def test_only_requests_of_the_named_methods_meet_faults(
    named: frozenset[str], method: str, fault: Fault
) -> None:
    for schedule in (
        Faults.always(fault, methods=named),
        Faults.every(1, fault, methods=named),
        Faults.at({1: fault}, methods=named),
        Faults.script([fault], methods=named),
        Faults.random(1, 1, [fault], methods=named),
        Faults(lambda number, method, path: fault, named),
    ):
        assert schedule(1, method, PATH) == (fault if method in named else None)


@given(st.lists(st.sampled_from(("GET", "POST")), max_size=12), st.integers(1, 4))
def test_only_requests_of_the_named_methods_are_counted(sent: list[str], nth: int) -> None:
    with Sandbox(faults=Faults.every(nth, "429", methods=("POST",))) as sandbox:
        client = ec.Client(sandbox.token, retry=ec.Retry(attempts=1), transport=sandbox.transport())
        for method in sent:
            with suppress(errors.StatusError):
                client.request(method, "dp", "/empresas")
        posts = [seen.fault for seen in sandbox.requests if seen.method == "POST"]
        assert posts == [None if n % nth else Fault.STATUS_429 for n in range(1, len(posts) + 1)]
        assert all(seen.fault is None for seen in sandbox.requests if seen.method == "GET")


def test_a_rule_of_ones_own_may_look_at_the_path() -> None:
    faults = Faults(lambda number, method, path: Fault.REFUSED if path.endswith("usuarios") else None)
    with Sandbox(faults=faults) as sandbox:
        client = ec.Client(sandbox.token, retry=ec.Retry(attempts=1), transport=sandbox.transport())
        assert list(client.empresas.list()) == []
        with pytest.raises(errors.NotSent):
            list(client.usuarios.list())


def test_a_new_schedule_counts_anew() -> None:
    with Sandbox() as sandbox:
        client = ec.Client(sandbox.token, retry=ec.Retry(attempts=1), transport=sandbox.transport())
        assert sandbox.faults is None
        for _ in range(2):
            assert list(client.empresas.list()) == []
            sandbox.faults = Faults.at({1: "409"})
            with pytest.raises(errors.Rejected):
                list(client.empresas.list())
        sandbox.faults = None
        assert list(client.empresas.list()) == []


# --------------------------------------------------------------------------- what is no schedule


@pytest.mark.parametrize(
    "make",
    [
        lambda: Faults.at({1: "refussed"}),
        lambda: Faults.always("REFUSED"),
        lambda: Faults.every(2, ""),
        lambda: Faults.script([None, "reset"]),
        lambda: Faults.script("429"),
        lambda: Faults.random(1, 0.5, ["429", "430"]),
    ],
)
def test_an_unknown_fault_is_refused_with_those_that_there_are(make: Callable[[], Faults]) -> None:
    with pytest.raises(ValueError, match="no fault is called") as refusal:
        make()
    assert all(fault.value in str(refusal.value) for fault in Fault)


@pytest.mark.parametrize("named", [("post",), "POST", ("GET", "BREW")])
def test_an_unknown_method_is_refused_with_those_that_there_are(named: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="no method is called") as refusal:
        Faults.always("409", methods=named)
    assert all(method in str(refusal.value) for method in METHODS)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Faults.at({0: "409"}),
        lambda: Faults.every(0, "409"),
        lambda: Faults.random(1, 1.1),
        lambda: Faults.random(1, -0.1),
        lambda: Faults.random(1, float("nan")),
        lambda: Faults.random(1, 0.5, []),
    ],
)
def test_numbers_that_make_no_sense_are_refused(make: Callable[[], Faults]) -> None:
    with pytest.raises(ValueError):
        make()


# --------------------------------------------------------------------------- unique documents

ONE, OTHER = "11222333000181", "33000167000101"


def empresa(documento: str, codigo: str = "00001") -> EmpresaNova:
    return EmpresaNova(codigo=codigo, nome="EMPRESA MODELO 01 LTDA", documento=ec.Cnpj(documento))


def test_nothing_is_unique_unless_told() -> None:
    with Sandbox() as sandbox, sandbox.client() as client:
        client.empresas.create(empresa(ONE))
        client.empresas.create(empresa(ONE))
        assert [row.id for row in sandbox.empresas] == ["1", "2"]


def test_a_unique_portal_refuses_a_document_that_it_has() -> None:
    usuario = UsuarioNovo(nome="PESSOA MODELO 01", cpf=ec.Cpf("52998224725"), email="p@exemplo.com.br")
    with Sandbox(unique=True) as sandbox, sandbox.client() as client:
        client.empresas.create(empresa(ONE))
        client.empresas.create(empresa(OTHER))
        client.usuarios.create(usuario)
        for again in (
            lambda: client.empresas.create(empresa(ONE, "00002")),
            lambda: client.usuarios.create(usuario),
            lambda: client.request("PATCH", "dp", "/empresas/2", content=PATCHED),
        ):
            with pytest.raises(errors.Rejected) as raised:
                again()
            assert raised.value.status == 409
            assert raised.value.faults[0].pointer == "/data/attributes/cpfCnpjAlfanumerico"
        assert [row.documento for row in sandbox.empresas] == [ONE, OTHER]
        assert len(sandbox.usuarios) == 1


PATCHED = b'{"data":{"type":"empresas","id":"2","attributes":{"cpfCnpjAlfanumerico":"11222333000181"}}}'


def test_a_lost_answer_and_a_second_post_are_a_conflict_in_a_unique_portal() -> None:
    faults = Faults.script(["reset-after-commit"], methods=("POST",))
    with Sandbox(unique=True, faults=faults) as sandbox, sandbox.client() as client:
        with pytest.raises(errors.AnswerLost):
            client.empresas.create(empresa(ONE))
        with pytest.raises(errors.Rejected):
            client.empresas.create(empresa(ONE))
        assert len(sandbox.empresas) == 1
