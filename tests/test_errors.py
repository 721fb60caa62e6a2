"""Every error: public, with a code of its own, and whole after a pickle."""

import pickle
from typing import cast

import pytest
from attrs import fields, has

from econtador import errors


def error_classes(root: type[errors.EcontadorError]) -> list[type[errors.EcontadorError]]:
    return [root, *(below for child in root.__subclasses__() for below in error_classes(child))]


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
