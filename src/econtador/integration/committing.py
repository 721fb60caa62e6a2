"""Writes of many, brought together: a durable transaction costs the same for one entry and for thirty."""

from collections.abc import Sequence

from attrs import define, field

from econtador.integration.journal import Journal, Move

__all__ = ["Batch", "Share"]


@define
class Share:
    """What one thread or task wants written, and what came of it."""

    moves: Sequence[Move]
    done: Sequence[bool] | None = None
    error: BaseException | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has written it yet."""
        return self.done is None and self.error is None

    def told(self) -> Sequence[bool]:
        """As :meth:`.Journal.write` tells it; raises what the writing raised."""
        if self.error is not None:
            raise self.error
        return self.done or ()


@define
class Batch:
    """What waits to be written to *journal*. Knows neither threads nor tasks: whoever shares it keeps order."""

    journal: Journal
    _waiting: list[Share] = field(factory=list[Share], init=False)

    def add(self, moves: Sequence[Move]) -> Share:
        """Wait with *moves*."""
        share = Share(moves)
        self._waiting.append(share)
        return share

    def take(self) -> list[Share]:
        """All that waits; nothing waits then."""
        shares, self._waiting = self._waiting, []
        return shares

    def write(self, shares: Sequence[Share]) -> None:
        """Write *shares* in one transaction, and tell each what came of its own."""
        try:
            done = list(self.journal.write([move for share in shares for move in share.moves]))
        except BaseException as error:  # raised by whoever waits for it
            for share in shares:
                share.error = error
            return
        for share in shares:
            share.done, done = done[: len(share.moves)], done[len(share.moves) :]
