"""An office's own texts: they win, they are exact, and those that nobody uses any more are told."""

import csv
import io
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import EcontadorError, InvalidOverride, MissingFile
from econtador.integration.fields import LIMITS, FieldAdapter, FieldLimit, FitStep
from econtador.integration.office_texts import Stale
from econtador.integration.overrides import Override, Overrides
from econtador.sandbox import Sandbox

LONGA = "PADARIA E CONFEITARIA MODELO COMERCIO DE ALIMENTOS LIMITADA"
PAES = "Fabricação de produtos de panificação industrial e de produtos diversos"

EMPRESA = ec.EmpresaGap(
    "00007", "PROEMP00", LONGA, "11.222.333/0001-81", bairro="Centro", atividade=PAES, cnae="1091-1/01"
)
OUTRA = ec.EmpresaGap(
    "00008", "PROEMP00", "EMPRESA MODELO 02 LTDA", "11.444.777/0001-61", atividade=PAES, cnae="1091101"
)


def write(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = folder / "textos.csv"
    path.write_bytes("\r\n".join(("codigo;cnae;campo;de;para", *rows)).encode(encoding))
    return path


# ------------------------------------------------------------------ they win


def test_a_text_of_the_offices_takes_the_place_of_every_other_step() -> None:
    adapter = FieldAdapter(abbreviate=True, overrides={("00007", "razao_social"): "PADARIA MODELO LTDA"})
    fit = adapter.fit(EMPRESA)
    assert fit.record.razao_social == "PADARIA MODELO LTDA"
    loss = fit.losses[0]
    assert (loss.steps, loss.before, loss.lost, loss.lossless) == ((FitStep.SUBSTITUICAO,), LONGA, "", True)
    assert adapter.fit(OUTRA).record.razao_social == OUTRA.razao_social


def test_a_text_that_fits_is_replaced_too() -> None:
    assert (
        FieldAdapter(overrides={("00007", "bairro"): "CENTRO HISTORICO"}).fit(EMPRESA).record.bairro
        == "CENTRO HISTORICO"
    )


def test_one_text_is_for_all_companies_of_a_cnae_and_a_codigo_goes_before_it() -> None:
    adapter = FieldAdapter(
        overrides={("1091101", "atividade"): "Panificação", ("00007", "atividade"): "Padaria modelo"}
    )
    assert [fit.record.atividade for fit in adapter.fit_all([EMPRESA, OUTRA])] == [
        "Padaria modelo",
        "Panificação",
    ]
    by_mask = FieldAdapter(overrides={("1091-1/01", "atividade"): "Panificação"})
    assert by_mask.fit(OUTRA).record.atividade == "Panificação"
    assert by_mask == FieldAdapter(overrides={("1091101", "atividade"): "Panificação"})


@given(
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30),
)
def test_overrides_are_exact_stay_and_pickle(para: str, bairro: str) -> None:
    adapter = FieldAdapter(abbreviate=True, overrides={("00007", "bairro"): para})
    fit = adapter.fit(evolve(EMPRESA, bairro=bairro))
    assert fit.record.bairro == para
    assert adapter.fit(fit.record).losses == tuple(
        loss for loss in adapter.fit(fit.record).losses if loss.field != "bairro"
    )
    again = pickle.loads(pickle.dumps(adapter))
    assert (again, hash(again), again.fit(EMPRESA)) == (adapter, hash(adapter), adapter.fit(EMPRESA))


def test_a_row_for_another_text_does_nothing() -> None:
    table = Overrides((Override("bairro", "CENTRO VELHO", codigo="00007", de="  Centro "),))
    adapter = FieldAdapter(overrides=table)
    assert adapter.fit(EMPRESA).record.bairro == "CENTRO VELHO"
    assert adapter.fit(evolve(EMPRESA, bairro="Vila Nova")).record.bairro == "Vila Nova"


# ------------------------------------------------------------------ the table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str) -> None:
    path = write(
        tmp_path,
        "7;;razao_social;;PADARIA MODELO LTDA",
        ";1091101;atividade;;Panificação",
        "00009;;bairro;Jardim;",
        encoding=encoding,
    )
    table = Overrides.read(path)
    assert table == Overrides(
        (
            Override("razao_social", "PADARIA MODELO LTDA", codigo="00007"),
            Override("atividade", "Panificação", cnae="1091101"),
        )
    )
    assert FieldAdapter(overrides=path) == FieldAdapter(overrides=str(path)) == FieldAdapter(overrides=table)


BAD: tuple[tuple[str, str], ...] = (
    ("00007;;razao_social;;" + "X" * 51, "para takes 51 and razao_social holds 50"),
    ("00007;;apelido;;PADARIA", "no limit for 'apelido'; there is one for razao_social, .*, atividade"),
    ("00007;;;;PADARIA", "the column campo is empty"),
    (";;bairro;;PADARIA", "neither codigo nor cnae is filled in"),
    (";1091101;bairro;;PADARIA", "a cnae has 7 digits and stands for the campo atividade only"),
    (";CNAE;atividade;;PADARIA", "a cnae has 7 digits"),
    ("00007;;bairro;; PADARIA", "para has spaces at its ends"),
    ('00007;;bairro;;"PADARIA', "not a row of a table"),
)


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_row_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    path = write(tmp_path, "00001;;bairro;;Centro", row)
    with pytest.raises(InvalidOverride, match=rf"textos\.csv, line 3: {reason}") as caught:
        FieldAdapter(overrides=path)
    assert isinstance(caught.value, EcontadorError)
    assert isinstance(caught.value, ValueError)
    assert pickle.loads(pickle.dumps(caught.value)).line == 3


def test_a_cell_that_spans_lines_does_not_shift_the_count(tmp_path: Path) -> None:
    path = write(tmp_path, '00001;;bairro;"a\r\nb";Centro', "00002;;bairro;;" + "X" * 21)
    with pytest.raises(InvalidOverride, match="line 4: para takes 21"):
        FieldAdapter(overrides=path)


def test_two_texts_for_one_field_of_one_record_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOverride, match="line 3: a second text for bairro of the same key"):
        FieldAdapter(overrides=write(tmp_path, "00001;;bairro;;Centro", "1;;bairro;;Vila"))


def test_a_table_without_its_columns_or_without_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "textos.csv"
    for text in ("", "a;b;c\n1;2;3\n", "campo;para\nbairro;Centro\n"):
        path.write_text(text)
        with pytest.raises(
            InvalidOverride, match="line 1: the first row must name the columns codigo, cnae, campo"
        ):
            FieldAdapter(overrides=path)
    with pytest.raises(MissingFile):
        FieldAdapter(overrides=tmp_path / "none.csv")


def test_a_mapping_names_which_of_its_entries_is_wrong() -> None:
    with pytest.raises(InvalidOverride, match="overrides, line 2: para takes 21 and bairro holds 20"):
        FieldAdapter(overrides={("00001", "bairro"): "Centro", ("00002", "bairro"): "X" * 21})


def test_a_text_must_be_of_the_encoding_and_of_the_limits_unit() -> None:
    with pytest.raises(InvalidOverride, match="line 1: para has characters that cp1252 has not"):
        FieldAdapter(overrides={("00001", "bairro"): "Şirin"}, encoding="cp1252")
    with pytest.raises(InvalidOverride, match="para takes 4 and bairro holds 3"):
        FieldAdapter(limits=[FieldLimit("bairro", 3, unit="utf8")], overrides={("00001", "bairro"): "éé"})


# ------------------------------------------------------------------ stale


def test_overrides_without_their_codigo_or_their_text_are_stale() -> None:
    gone = Override("bairro", "Vila", codigo="00099")
    changed = Override("bairro", "Vila", codigo="00007", de="Jardim")
    cnae = Override("atividade", "Panificação", cnae="1091101", de="outro texto")
    used = Override("razao_social", "PADARIA", codigo="00007", de=LONGA)
    unused_cnae = Override("atividade", "Cultivo", cnae="0111301")
    adapter = FieldAdapter(overrides=Overrides((gone, changed, cnae, used, unused_cnae)))
    stale = adapter.stale([EMPRESA, OUTRA])
    assert stale == (Stale(gone, "codigo"), Stale(changed, "texto"), Stale(cnae, "texto"))
    assert [str(one) for one in stale] == [
        "00099, bairro: o código não está nos registros",
        "00007, bairro: o texto mudou",
        "CNAE 1091101, atividade: o texto mudou",
    ]
    assert adapter.stale([adapter.fit(EMPRESA).record])[-1:] != (Stale(used, "texto"),)


def test_nothing_is_stale_for_records_without_the_field() -> None:
    @frozen
    class Outro:
        codigo: str

    assert FieldAdapter(overrides={("00007", "bairro"): "Vila"}).stale([Outro("00001")]) == ()


# ------------------------------------------------------------------ in a plan


@pytest.fixture
def integrator(tmp_path: Path) -> Iterator[ec.Integrator]:
    table = Overrides(
        (
            Override("razao_social", "PADARIA MODELO LTDA", codigo="00007"),
            Override("bairro", "Vila", codigo="00099"),
        )
    )
    with Sandbox() as sandbox, sandbox.client() as client:
        yield ec.Integrator(
            client,
            policy=ec.Policy(proemp="PROEMP00"),
            journal=tmp_path / "journal.db",
            operador="ADMIN",
            adapter=FieldAdapter(abbreviate=True, distinguish="tail", overrides=table),
        )


def test_a_plan_says_where_an_override_was_used_and_which_are_stale(integrator: ec.Integrator) -> None:
    plan = integrator.plan_empresas([EMPRESA, OUTRA], selected=ec.TODAS)
    used = [(loss.codigo, loss.field) for loss in plan.losses if FitStep.SUBSTITUICAO in loss.steps]
    assert used == [("00007", "razao_social")]
    notices = [str(notice) for notice in plan.notices if notice.reason is ec.Reason.TEXTO_VENCIDO]
    assert notices == [
        (
            "Um texto da tabela do escritório não foi usado: confira a tabela. "
            "(00099, bairro: o código não está nos registros)"
        )
    ]
    assert ec.Plan.from_json(plan.to_json()) == plan


def test_a_plan_tells_texts_apart_the_same_whatever_is_selected(integrator: ec.Integrator) -> None:
    other = evolve(OUTRA, atividade=PAES + ", exceto doces")
    some = integrator.plan_empresas([EMPRESA, other], selected=["00008"])
    whole = integrator.plan_empresas([EMPRESA, other], selected=ec.TODAS)
    drafts = {action.codigo: action.draft for action in whole.actions}
    assert drafts["00007"] != drafts["00008"]
    assert some.actions[1].draft == drafts["00008"]
    assert whole.collisions == ()
    assert FitStep.DISTINCAO in {step for loss in whole.losses for step in loss.steps}


# ------------------------------------------------------------------ a table to fill in


def test_a_table_is_suggested_for_what_would_be_lost_or_be_as_another(tmp_path: Path) -> None:
    alike = evolve(OUTRA, codigo="00009", bairro="Jardim Nossa Senhora", cnae=None, atividade=None)
    longer = evolve(alike, codigo="00010", bairro="Jardim Nossa Senhora do Carmo")
    suggested = FieldAdapter().suggest([EMPRESA, OUTRA, alike, longer])
    assert [(row.codigo, row.cnae, row.campo, row.motivo) for row in suggested.rows] == [
        ("00007", "", "razao_social", "cortado"),
        ("00009", "", "bairro", "ficaria igual a outro"),
        ("00010", "", "bairro", "cortado"),
        ("", "1091101", "atividade", "cortado"),
    ]
    assert FieldAdapter(abbreviate=True).suggest([alike, longer]).rows == ()
    path = tmp_path / "textos.csv"
    suggested.write(path)
    assert FieldAdapter(overrides=path) == FieldAdapter()


def test_a_suggested_table_that_was_filled_in_is_used(tmp_path: Path) -> None:
    suggested = FieldAdapter().suggest([EMPRESA, OUTRA])
    rows = list(csv.DictReader(io.StringIO(suggested.to_csv()), delimiter=";"))
    assert next((row["de"], row["ficaria"], row["limite"]) for row in rows) == (
        LONGA,
        LONGA[:50].rstrip(),
        "50",
    )
    for row in rows:
        row["para"] = "Texto modelo"
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "textos.csv"
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    adapter = FieldAdapter(overrides=path)
    assert [fit.record.atividade for fit in adapter.fit_all([EMPRESA, OUTRA])] == ["Texto modelo"] * 2
    assert adapter.stale([EMPRESA, OUTRA]) == ()
    assert adapter.suggest([EMPRESA, OUTRA]).rows == ()


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless_and_comes_back_as_it_was(
    tmp_path: Path,
) -> None:
    formula = evolve(EMPRESA, bairro="=HYPERLINK(A1) Jardim Modelo", razao_social="PADARIA", atividade=None)
    suggested = FieldAdapter().suggest([formula])
    assert "'=HYPERLINK(A1) Jardim Modelo" in suggested.to_csv()
    path = tmp_path / "textos.csv"
    path.write_text(suggested.to_csv().replace("Jardim Modelo;;", "Jardim Modelo;Jardim;"), newline="")
    assert FieldAdapter(overrides=path).fit(formula).record.bairro == "Jardim"


def test_two_texts_of_one_cnae_are_suggested_by_codigo() -> None:
    other = evolve(OUTRA, atividade=PAES + ", exceto doces")
    rows = (
        FieldAdapter(limits=[limit for limit in LIMITS if limit.field == "atividade"])
        .suggest([EMPRESA, other])
        .rows
    )
    assert [(row.codigo, row.cnae) for row in rows] == [("00007", ""), ("00008", "")]


def test_no_cpf_is_shown() -> None:
    mei = evolve(EMPRESA, razao_social="PESSOA MODELO 01 COMERCIO DE DOCES E SALGADOS 529.982.247-25")
    adapter = FieldAdapter(overrides={("00007", "razao_social"): "PESSOA MODELO 529.982.247-25"})
    shown = repr((adapter, adapter.fit(mei).losses, FieldAdapter().suggest([mei])))
    assert "529" not in shown
