"""How fast to ask: the portal documents no limit, and nobody has measured one."""

from attrs import frozen

__all__ = ["WORKERS", "Pace", "reserve"]

WORKERS = 8
"""How many to ask for at once: what one integrator is known to do. The portal documents no limit."""


@frozen
class Pace:
    """Limits that a client keeps of its own accord, over all of its threads or tasks.

    Integrators are known to wait 0.05 to 1 s between pages, and to ask for 8 companies at a time.
    """

    per_second: float | None = None
    """Requests begun in a second, evenly spread. None: as fast as the portal answers."""
    at_once: int | None = None
    """Requests in flight. None: as many as there are workers."""

    def __attrs_post_init__(self) -> None:
        if self.per_second is not None and not 0.0 < self.per_second < float("inf"):
            raise ValueError(f"per_second must be above 0, not {self.per_second!r}")
        if self.at_once is not None and self.at_once < 1:
            raise ValueError(f"at_once must be 1 or more, not {self.at_once!r}")


def reserve(pace: Pace, now: float, free_at: float) -> tuple[float, float]:
    """Seconds to wait for a turn, and when the next turn is free.

    >>> reserve(Pace(per_second=4), now=10.0, free_at=10.1)
    (0.09999999999999964, 10.35)
    """
    if pace.per_second is None:
        return 0.0, free_at
    turn = max(now, free_at)
    return turn - now, turn + 1.0 / pace.per_second
