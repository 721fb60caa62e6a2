"""Every error: public, with a code of its own, and whole after a pickle."""

import pickle
import subprocess
import sys
from typing import cast

import pytest
from attrs import fields, has

from econtador import errors


def error_classes(root: type[errors.EcontadorError]) -> list[type[errors.EcontadorError]]:
    return [root, *(below for child in root.__subclasses__() for below in error_classes(child))]


PUBLIC: dict[str, object] = {
    name: getattr(errors, name) for name in errors.__all__
}  # so that all rooms are made


def sample(kind: type[errors.EcontadorError]) -> errors.EcontadorError:
    """One with something in every field, by the field's type."""
    values: dict[object, object] = {
        str: "texto", int: 7, float: 1.5, errors.Raw: errors.Raw(), str | None: "id", float | None: 2.5,
        tuple[str, ...]: ("a", "b"),
        tuple[errors.Fault, ...]: (errors.Fault("nome", "size", "longo"),),
        tuple[errors.PortalFault, ...]: (errors.PortalFault(detail="longo", field="nome"),),
    }  # fmt: skip
    if not has(kind):
        return kind()
    given = {attribute.name: values[attribute.type] for attribute in fields(kind)}
    return cast("type[errors.EcontadorError]", kind)(**given)


ERRORS = [kind for kind in error_classes(errors.EcontadorError) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_is_pickled_whole(kind: type[errors.EcontadorError]) -> None:
    error = sample(kind)
    if isinstance(error, errors.PortalError):
        error.attempts = 3  # told after it was made
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(error, protocol))
        assert type(again) is kind
        assert (str(again), repr(again), vars(again)) == (str(error), repr(error), vars(error))
    assert not isinstance(error, errors.PortalError) or error.attempts == 3
    assert repr(error) == f"{kind.__name__}({str(error)!r})"


def test_every_error_is_public_and_has_a_code_of_its_own() -> None:
    assert {kind.__name__ for kind in ERRORS} == set(errors.__all__) - {
        "Fault", "PortalFault", "Raw", "redact", "redacted_repr",
    }  # fmt: skip
    assert len({kind.code for kind in ERRORS}) == len(ERRORS)


@pytest.mark.parametrize("name", sorted(name for name, value in PUBLIC.items() if isinstance(value, type)))
def test_a_class_is_pickled_as_users_import_it(name: str) -> None:
    assert pickle.dumps(PUBLIC[name], 0).split(b"\n")[:2] == [b"cecontador.errors", name.encode()]


def test_only_the_rooms_that_are_asked_for_are_made() -> None:
    asked = "import sys; from econtador.errors import MissingFile; print(*sorted(sys.modules))"
    made = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in made if name.startswith("econtador.errors.")] == [
        "econtador.errors.reading",
        "econtador.errors.root",
    ]
