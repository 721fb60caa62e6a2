"""The portal read back: which of its records is which of ours."""

import datetime
from collections.abc import Iterator

import pytest

import econtador as ec
from econtador.integration.report import Verification, Verified
from econtador.integration.status import Kind
from econtador.portal.models import EmpresaNova, UsuarioNovo
from econtador.sandbox import Sandbox

PADARIA = ec.EmpresaGap("00001", "PROEMP00", "PADARIA MODELO LTDA", "11.222.333/0001-81")
OFICINA = ec.EmpresaGap("00002", "PROEMP00", "OFICINA MODELO LTDA", "00.000.000/0001-91")
ANA = ec.UsuarioGap("ANA", "PESSOA MODELO 01", "529.982.247-25", "pessoa01@exemplo.com.br")
TOKEN = "one-account"
NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)


@pytest.fixture
def journal() -> Iterator[ec.SqliteJournal]:
    kept = ec.SqliteJournal(":memory:")
    yield kept
    kept.close()


def office(
    sandbox: Sandbox, journal: ec.SqliteJournal, adapter: ec.FieldAdapter | None = None
) -> ec.Integrator:
    return ec.Integrator(
        sandbox.client(),
        policy=ec.Policy(proemp="PROEMP00"),
        journal=journal,
        operador="ADMIN",
        adapter=adapter,
        clock=lambda: NOON,
    )


def seen(verification: Verification) -> dict[str, Verified]:
    return {check.codigo: check.verified for check in verification.checks}


def draft(empresa: ec.EmpresaGap, journal: ec.SqliteJournal) -> EmpresaNova:
    with Sandbox(token=TOKEN) as sandbox:
        (action,) = office(sandbox, journal).plan_empresas([empresa], selected=ec.TODAS).actions
    assert isinstance(action.draft, EmpresaNova)
    return action.draft


def test_an_id_that_a_restored_portal_gave_to_another_company_is_not_ours(journal: ec.SqliteJournal) -> None:
    drafts = [draft(empresa, journal) for empresa in (PADARIA, OFICINA)]
    with Sandbox(token=TOKEN) as sandbox:
        first = office(sandbox, journal)
        first.apply(first.plan_empresas([PADARIA], selected=ec.TODAS))
    with Sandbox(token=TOKEN) as restored:
        again = office(restored, journal)
        again.client.empresas.create(drafts[1])
        assert seen(again.verify()) == {"00001": Verified.MISSING, "00002": Verified.EXTRA}
        again.client.empresas.create(drafts[0])
        assert seen(again.verify()) == {"00001": Verified.EQUAL, "00002": Verified.EXTRA}


def test_a_worklist_of_users_binds_the_journal_to_no_proemp(journal: ec.SqliteJournal) -> None:
    with Sandbox() as sandbox:
        assisted = office(sandbox, journal)
        plan = assisted.plan_usuarios([ANA])
        (action,) = plan.actions
        assert isinstance(action.draft, UsuarioNovo)
        assisted.client.usuarios.create(action.draft)
        verification = assisted.verify(assisted.worklist(plan))
    assert seen(verification) == {"ANA": Verified.EQUAL}
    assert (journal.proemp, journal.records(Kind.USUARIO)["ANA"].status) == (None, ec.Status.INTEGRADO)


def test_a_worklist_says_when_it_was_made_and_mends_by_the_adapters_sizes(journal: ec.SqliteJournal) -> None:
    short = ec.FieldAdapter(limits=[ec.FieldLimit("razao_social", 10)])
    with Sandbox() as sandbox:
        assisted = office(sandbox, journal, short)
        worklist = assisted.worklist(assisted.plan_empresas([PADARIA], selected=ec.TODAS))
    assert worklist.made_at == NOON
    (mend,) = worklist.mends
    assert (mend.correction.field, mend.correction.limit.limit) == ("razao_social", 10)
