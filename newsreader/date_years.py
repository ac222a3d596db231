"""The year of a digest none of whose dates has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date as Day

from newsreader.date_context import Candidate, Role
from newsreader.date_times import Time

_HEADER_VOTES = 3
"""How many releases that merely name a year count as much as one that is dated, if in an unclear order, by it."""
_WEEKDAY_VOTES = 6
"""How many releases that name another year a weekday outvotes that fits only this one."""
_FOLLOWING_YEARS = 5
"""How long after the years that it names a digest may be: the weekdays of a date come again in the sixth."""
_LATE_MONTH, _EARLY_MONTH = 10, 3


def year_named(releases: Iterable[tuple[Sequence[Candidate], Sequence[int]]]) -> Time | None:
    """The year of a digest without complete dates: one that its releases name, or the next that its weekdays fit.

    Of each release are given its dates and the years that it names beside them.
    """
    releases_naming: Counter[int] = Counter()
    weekdays: list[Candidate] = []
    for candidates, years_beside in releases:
        releases_naming.update({*years_beside, *(candidate.last.year for candidate in candidates)} - {0})
        headers = {candidate.last.year for candidate in candidates if candidate.role is Role.HEADER} - {0}
        releases_naming.update(dict.fromkeys(headers, _HEADER_VOTES))
        weekdays += filter(_has_weekday_but_no_year, candidates)
    if not releases_naming:
        return None
    years = {*releases_naming}
    if len(weekdays) > 1:
        years.update(range(max(years) + 1, max(years) + _FOLLOWING_YEARS + 1))
    fits = {year: _fitting_weekdays(weekdays, year) for year in years}
    votes = {year: releases_naming[year] + _WEEKDAY_VOTES * fits[year] for year in years}
    year = max(votes, key=lambda year: (votes[year], year in releases_naming, year))
    is_weak = releases_naming[year] < 2 and fits[year] < 2  # noqa: PLR2004 - a lone witness
    return Time(Day(year, 1, 1), Day(year, 12, 31), is_close=False, is_guess=True, needs_weekday=is_weak)


def _has_weekday_but_no_year(candidate: Candidate) -> bool:
    is_day = candidate.weekday >= 0 and bool(candidate.last.day)
    return is_day and not candidate.last.year and candidate.role is not Role.OTHER


def _fitting_weekdays(candidates: Sequence[Candidate], year: int) -> int:
    """How many dates without a year have the right weekday in it; about New Year, January is that of the next."""
    crosses = any(candidate.last.month > _LATE_MONTH for candidate in candidates)
    days = [
        (candidate, candidate.day(year + (crosses and candidate.last.month < _EARLY_MONTH))) for candidate in candidates
    ]
    return sum(day is not None and candidate.fits_weekday(day) for candidate, day in days)
