"""One record by its document: how it is asked for, and when what came is not taken for it."""

import pytest
from played import CONFIG, Played, refused, run
from scripted import Answer, company, ok

import econtador as ec
from econtador import errors
from econtador.portal import _listing
from econtador.portal._wire import empresas, pessoal
from econtador.portal._wire.query import Query

EMPRESA, USUARIO = empresas.EMPRESAS, empresas.USUARIOS
SIMPLE = empresas.EMPRESAS_SIMPLIFICADAS
CNPJ, LETRAS = ec.Cnpj("11222333000181"), ec.Cnpj("12ABC34501DE35")
CPF = ec.Cpf("00000000191")
URL = "http://portal.test/api/v1"
PAGE = "page%5Blimit%5D=200&page%5Boffset%5D=0"


def shown(*ids: int, documento: object = "11222333000181") -> Answer:
    rows = [company(id, cpfCnpjAlfanumerico=documento) for id in ids]
    return ok(rows, meta={"totalResourceCount": len(rows)})


def person(id: str) -> Answer:
    return ok({"id": id, "type": USUARIO.type, "attributes": {"nome": "PESSOA MODELO 01"}})


# ------------------------------------------------------------------ by a filter


def test_digits_are_looked_for_by_the_filter_and_letters_in_the_whole_listing() -> None:
    played = Played()
    found = played.run(_listing.by_document(CONFIG, EMPRESA, CNPJ), shown(7))
    assert found is not None and found.id == "7"
    assert played.asked == [f"GET {URL}/empresas?filter%5Bcpfcnpj%5D=11222333000181&{PAGE}"]
    played = Played()
    found = played.run(_listing.by_document(CONFIG, EMPRESA, LETRAS), shown(8, documento="12ABC34501DE35"))
    assert found is not None and found.id == "8"
    assert played.asked == [f"GET {URL}/empresas?{PAGE}"]


def test_nobody_is_none() -> None:
    assert run(_listing.by_document(CONFIG, EMPRESA, CNPJ), shown()) is None
    # In the whole listing there may be others, of no document that is known.
    assert run(_listing.by_document(CONFIG, EMPRESA, LETRAS), shown(1, 2, documento="")) is None


def test_several_are_told_by_their_ids() -> None:
    with pytest.raises(errors.AmbiguousDocument) as caught:
        run(_listing.by_document(CONFIG, EMPRESA, CNPJ), shown(7, 8))
    assert (caught.value.request, caught.value.ids) == ("GET empresas", ("7", "8"))
    # The filter compares numbers: whose document is not known may be the one.
    with pytest.raises(errors.AmbiguousDocument) as caught:
        run(_listing.by_document(CONFIG, EMPRESA, CNPJ), shown(9, documento=""))
    assert (caught.value.request, caught.value.ids) == ("GET empresas", ("9",))


# ------------------------------------------------------------------ by the id


@pytest.mark.parametrize("id", ["00000000191", "191", "000.000.001-91"])
def test_a_login_is_its_document_masked_or_without_its_zeros(id: str) -> None:
    played = Played()
    found = played.run(_listing.by_document(CONFIG, USUARIO, CPF), person(id))
    assert found is not None and found.id == id
    assert played.asked == [f"GET {URL}/integracao/usuarios/00000000191"]
    assert run(_listing.by_document(CONFIG, USUARIO, CPF), Answer(404)) is None


@pytest.mark.parametrize("id", ["52998224725", "192", "x"])
def test_another_than_was_asked_for_is_not_taken(id: str) -> None:
    error = refused(errors.UnexpectedAnswer, _listing.by_document(CONFIG, USUARIO, CPF), person(id))
    assert (error.request, error.status, error.attempts) == ("GET usuarios", 200, 1)
    assert error.reason == "another record than the one asked for came"


def test_a_record_that_shows_its_document_is_taken_whatever_its_id() -> None:
    row = {"id": "7", "type": SIMPLE.type, "attributes": {"cpfcnpj": "12ABC34501DE35"}}
    found = run(_listing.by_document(CONFIG, SIMPLE, LETRAS), ok(row))
    assert found is not None and found.documento == LETRAS


# ------------------------------------------------------------------ many at once


def test_letters_share_one_listing_and_the_others_ask_each() -> None:
    played = Played()
    flows = played.run(
        _listing.lookups(CONFIG, EMPRESA, [LETRAS, CNPJ, "12.ABC.345/01DE-35", "nothing"]),
        shown(8, documento="12ABC34501DE35"),
    )
    assert played.asked == [f"GET {URL}/empresas?{PAGE}"]
    first, second, third, fourth = flows
    for flow in (first, third):
        found = run(flow)
        assert found is not None and found.id == "8"
    found = run(second, shown(7))
    assert found is not None and found.id == "7"
    with pytest.raises(errors.InvalidDocument):
        run(fourth)


def test_no_listing_is_made_for_digits_or_for_ids() -> None:
    flows = run(_listing.lookups(CONFIG, EMPRESA, [CNPJ, "x"]))
    assert len(flows) == 2
    (only,) = run(_listing.lookups(CONFIG, SIMPLE, [LETRAS]))
    assert run(only, Answer(404)) is None


def test_a_listing_that_failed_fails_those_that_share_it_only() -> None:
    letters, digits = run(_listing.lookups(CONFIG, EMPRESA, [LETRAS, CNPJ]), Answer(500))
    with pytest.raises(errors.ServerError):
        run(letters)
    assert run(digits, shown()) is None


def test_what_cannot_be_found_by_a_document_is_told_by_name() -> None:
    resource = pessoal.DEPARTAMENTOS
    same = errors.NotOffered(resource.name, "by_document", tuple(sorted(resource.verbs)))
    for flow in (_listing.by_document(CONFIG, resource, CNPJ), _listing.lookups(CONFIG, resource, [CNPJ])):
        with pytest.raises(errors.NotOffered) as caught:
            run(flow)
        assert (str(caught.value), vars(caught.value)) == (str(same), vars(same))


# ------------------------------------------------------------------ listings that do not add up


def totalled(total: int, *ids: int) -> Answer:
    return ok([company(id) for id in ids], meta={"totalResourceCount": total})


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([totalled(4, 1, 2), totalled(4, 1, 2)], "the page at 2 was already seen"),
        ([totalled(4, 1, 2), totalled(3, 3, 4)], "records left while it was read, 4 to 3"),
        ([totalled(4, 1, 2), totalled(4)], "an empty page at 2, and more was announced"),
        ([totalled(3, 1, 2), totalled(3, 2, 2)], "the page at 2 was already seen"),
        ([totalled(3, 1, 1), totalled(3, 2)], "2 of 3 records came"),
    ],
)
def test_what_does_not_add_up_is_told_with_its_place(pages: list[Answer], reason: str) -> None:
    with pytest.raises(errors.IncompleteListing) as caught:
        run(_listing.everything(CONFIG, EMPRESA, Query({}, limit=2)), *pages)
    assert (caught.value.request, caught.value.reason) == ("GET empresas", reason)
