"""When the faults happen: which of a sandbox's requests meets which."""

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Self, TypeAlias

from attrs import field, frozen

from econtador.sandbox.faults import Fault

__all__ = ["Count", "Faults", "Rule"]

_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

Rule: TypeAlias = Callable[[int, str, str], Fault | None]
"""The fault that a request meets, from its number, counted from 1, its method and its path."""


def _methods(names: Iterable[str]) -> frozenset[str]:
    methods = frozenset(names)
    if not methods <= _METHODS:
        unknown = ", ".join(sorted(methods - _METHODS))
        raise ValueError(f"no method is called {unknown}; there are {', '.join(sorted(_METHODS))}")
    return methods


@frozen
class Faults:
    """A schedule of faults: for each request the one that it meets, or none.

    *rule* is any function; the constructors make the usual ones. Only requests with one of *methods*
    are looked at **and counted**: with ``methods=("POST",)`` the third is the third POST, whatever is
    read in between. All raise ``ValueError`` for a fault or a method that there is not, naming those
    that exist.

    >>> faults = Faults.script([None, "429"], methods=("POST",))
    >>> [faults(number, "POST", "/api/v1/empresas") for number in (1, 2, 3)]
    [None, <Fault.STATUS_429: '429'>, None]
    """

    rule: Rule = field(repr=False)
    methods: Collection[str] = field(default=_METHODS, converter=_methods)

    def __call__(self, number: int, method: str, path: str) -> Fault | None:
        """The fault of the request *number* of those that are counted, from 1."""
        return self.rule(number, method, path) if method in self.methods else None

    @classmethod
    def at(cls, numbers: Mapping[int, Fault | str], *, methods: Iterable[str] = _METHODS) -> Self:
        """The requests with these *numbers*, counted from 1. Raises ``ValueError`` for one below."""
        if min(numbers, default=1) < 1:
            raise ValueError("requests are counted from 1")
        known = {number: Fault(fault) for number, fault in numbers.items()}
        return cls(lambda number, _method, _path: known.get(number), methods)

    @classmethod
    def always(cls, fault: Fault | str, *, methods: Iterable[str] = _METHODS) -> Self:
        """Every request."""
        return cls.every(1, fault, methods=methods)

    @classmethod
    def every(cls, nth: int, fault: Fault | str, *, methods: Iterable[str] = _METHODS) -> Self:
        """Each *nth* request. Raises ``ValueError`` if *nth* is below 1."""
        if nth < 1:
            raise ValueError("every 1st, 2nd, 3rd ... request: a number of 1 or more")
        known = Fault(fault)
        return cls(lambda number, _method, _path: None if number % nth else known, methods)

    @classmethod
    def script(cls, faults: Iterable[Fault | str | None], *, methods: Iterable[str] = _METHODS) -> Self:
        """One for each request in turn, None to let it through; after the last, none."""
        numbered = enumerate(faults, 1)
        return cls.at({number: fault for number, fault in numbered if fault is not None}, methods=methods)

    @classmethod
    def random(
        cls,
        seed: int,
        share: float,
        of: Iterable[Fault | str] = Fault,
        *,
        methods: Iterable[str] = _METHODS,
    ) -> Self:
        """A *share* of the requests, 0 to 1, each with one of the faults *of*.

        Which and when follows from *seed* and the request's number alone: the same on every machine,
        and however threads take turns. Raises ``ValueError`` for a share beyond 0 and 1, or no faults.
        """
        chosen = sorted({Fault(fault) for fault in of}, key=lambda fault: fault.value)
        if not 0 <= share <= 1 or not chosen:
            raise ValueError("a share from 0 to 1, of one fault or more")

        def rule(number: int, method: str, path: str) -> Fault | None:
            dice = hashlib.sha256(f"{seed} {number}".encode()).digest()
            happens, which = int.from_bytes(dice[:8], "big"), int.from_bytes(dice[8:16], "big")
            return chosen[which % len(chosen)] if happens < share * 2**64 else None

        return cls(rule, methods)


class Count:
    """Requests numbered for a schedule, from 1. Safe to use from several threads."""

    def __init__(self, faults: Faults | None) -> None:
        self.faults = faults
        self._number = 0
        self._lock = threading.Lock()

    def next(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, its number taken."""
        if self.faults is None or method not in self.faults.methods:
            return None
        with self._lock:
            self._number += 1
            number = self._number
        return self.faults(number, method, path)
