"""Days as the portal writes them: midnight in São Paulo, in UTC (attested of 716 real rows)."""

from datetime import date

__all__ = ["midnight"]

_SUMMERS = range(1986, 2020)  # Januaries in which summer time was in force; it was abolished in 2019


def midnight(day: date) -> str:
    """*day* as the portal has it: the date as written is the day, whatever the hour.

    Of the months of summer time only those that were always wholly in it count as such here.

    >>> midnight(date(2024, 1, 31)), midnight(date(2015, 1, 12)), midnight(date(2018, 12, 3))
    ('2024-01-31T03:00:00Z', '2015-01-12T02:00:00Z', '2018-12-03T02:00:00Z')
    """
    summer = {1: day.year, 12: day.year + 1}.get(day.month) in _SUMMERS
    return f"{day.isoformat()}T0{2 if summer else 3}:00:00Z"
