"""The fields of a model out of what came: for each model one function, written out from the table of its fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

from attrs import NOTHING, fields, frozen

from econtador.portal._wire.converting import Reading, reading
from econtador.portal._wire.jsonapi import Malformed
from econtador.portal.values import UNSET

__all__ = ["Field", "fields_of", "reader", "what_is_wrong"]

R = TypeVar("R")


@frozen
class Field:
    """One that is read: where it stands, and how."""

    ours: str
    member: str
    """The member of the resource that it stands in, ``attributes`` or ``relationships``."""
    theirs: str
    reading: Reading
    required: bool


def fields_of(model: type, spelled: Mapping[str, Mapping[str, str]]) -> tuple[Field, ...]:
    """Those that *spelled* names, for each member of a resource ours → theirs, in the order of *model*."""
    return tuple(
        Field(one.name, member, names[one.name], reading(one.type), one.default is NOTHING)
        for one in fields(model)
        for member, names in spelled.items()
        if one.name in names
    )


def reader(model: type[R], read: Sequence[Field], ready: Mapping[str, str]) -> Callable[..., R]:
    """A function (attributes, relationships, id, documento, extra) → *model*.

    *ready* has the fields that are an argument as it is. It raises KeyError, TypeError or ValueError for what it
    cannot read.
    """
    # Written out, as attrs writes the models themselves: a loop over the fields takes 0.6 µs more for a company.
    lines = ["def read(attributes, relationships, id, documento, extra):"]
    made = [f"{one.name}={ready[one.name]}" for one in fields(cast("type", model)) if one.name in ready]
    known: dict[str, object] = {"model": model, "new": object.__new__, "init": model.__init__, "UNSET": UNSET}
    for one in read:
        got = f"[{one.theirs!r}]" if one.required else f".get({one.theirs!r}, UNSET)"
        lines += [
            f"    _{one.ours} = {one.member}{got}",
            f"    if type(_{one.ours}) not in as_it_is_{one.ours}:",
            f"        _{one.ours} = read_{one.ours}(_{one.ours})",
        ]
        made.append(f"{one.ours}=_{one.ours}")
        known |= {f"as_it_is_{one.ours}": one.reading.as_it_is, f"read_{one.ours}": one.reading.read}
    # Not model(…), which would make a dictionary of them on the way.
    lines += ["    made = new(model)", f"    init(made, {', '.join(made)})", "    return made"]
    code = compile("\n".join(lines), f"<reading of {model.__name__}>", "exec")
    exec(code, known)  # noqa: S102  # of names from this package's own tables
    return cast("Callable[..., R]", known["read"])


def what_is_wrong(
    read: Sequence[Field], attributes: Mapping[str, object], relationships: Mapping[str, object]
) -> Iterator[str]:
    """A sentence for each field that cannot be read, by our name and without its value."""
    members = {"attributes": attributes, "relationships": relationships}
    for one in read:
        try:
            given = members[one.member]
            value = given[one.theirs] if one.required else given.get(one.theirs)
            if type(value) not in one.reading.as_it_is:
                one.reading.read(value)
        except TypeError as error:
            yield f"{error} @ $.{one.ours}"
        except (KeyError, ValueError, Malformed):
            yield f"missing @ $.{one.ours}"
