"""When releases were published, and on what that rests: candidates of each release, settled together for a digest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date as Day
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from newsreader.date_context import Candidate, Role, judge
from newsreader.date_expressions import Order, find_dates
from newsreader.date_headers import header_score
from newsreader.date_times import EVENT_DAYS, MONTH_DAYS, YEAR_DAYS, Anchor, Time, Times, without_history
from newsreader.date_words import Firmness
from newsreader.date_years import year_named
from newsreader.models import NO_DATE, Basis, Date, Precision
from newsreader.record import Record

_HEAD = 30_000
"""Characters of a body that are looked at from its beginning."""
_LONGEST_TITLE = 400
"""Characters of a title that are looked at."""
_TAIL = 400
"""Characters that are looked at from the end of a longer one."""
_MOST_CANDIDATES = 24
_MOST_YEARS = 12
_MARGIN = timedelta(days=31)
"""How far from its digest's cluster a release may lie and still tell the month of the one beside it."""
_CERTAIN = 5.5
"""The score from which a date is that of the news itself: its weekday or `today` stands beside it."""
_MOST_PENALTY = 6.0
"""What a date loses at most by its distance from the releases around."""
_YEARLESS_DAYS = 35
"""How long before the releases around an event may lie that is told without its year and weekday."""
_WIDE_DAYS = 120
"""How long the time around must be for a date without year and weekday to say nothing in it."""
_UNANIMOUS_DAYS = 60
_MAJORITY_DAYS = 15
"""How much nearer to the releases around a reading of `03/05/2024` must lie that is not the digest's habit."""
_CHRONICLE_DAYS = 60
"""How long after another date of a release an event further down makes the two a chronicle."""
_AFTER_EVENT = timedelta(days=3)
"""How long after the releases around it an event may lie to count as one of their time."""
_BARE_YEAR = re.compile(r"2(?<![\w.,/-].)0[0-9]{2}(?![\w/-])")


class Evidence(Record):
    """What a release says about dates; small, and without its body."""

    candidates: tuple[Candidate, ...] = ()
    """The dates that it names, in order, the first few."""
    years: tuple[int, ...] = ()
    """Years that it names, where no date of it has one."""


NO_EVIDENCE = Evidence()


def scan(title: str, body: str) -> Evidence:
    """The dates that a release names, each judged by the words around it."""
    candidates = [judge(title, found, is_title=True) for found in find_dates(title[:_LONGEST_TITLE])]
    candidates += _scan_body(body[:_HEAD])
    if len(body) > _HEAD:
        candidates += _scan_body("\n" + body[-_TAIL:])
    if not candidates:
        return NO_EVIDENCE
    years: tuple[int, ...] = ()
    if not any(candidate.last.year for candidate in candidates):
        years = tuple(int(year[0]) for year in islice(_BARE_YEAR.finditer(body, 0, _HEAD), _MOST_YEARS))
    return Evidence(tuple(_without_chronicle(candidates)), years)


def _without_chronicle(candidates: list[Candidate]) -> list[Candidate]:
    """The same, but where dates long apart follow each other as in a chronicle, none of them stands alone."""
    if len(candidates) == 1 or not any(candidate.firmness is Firmness.FAIR for candidate in candidates):
        return candidates
    earliest, is_chronicle = Day.max, False
    for candidate in candidates:
        day = candidate.day() or Day.max
        is_chronicle |= candidate.role is Role.EVENT and day != Day.max and (day - earliest).days > _CHRONICLE_DAYS
        earliest = min(earliest, day)
    if not is_chronicle:
        return candidates
    return [
        candidate._replace(firmness=Firmness.WEAK) if candidate.firmness is Firmness.FAIR else candidate
        for candidate in candidates
    ]


def _scan_body(text: str) -> list[Candidate]:
    """The first dates of a text, and any that closes it."""
    candidates: list[Candidate] = []
    for found in find_dates(text):
        if len(candidates) < _MOST_CANDIDATES or len(text) - found.end < _TAIL:
            candidates.append(judge(text, found, header=header_score(text, found)))
    return candidates


def settle(evidence: Sequence[Evidence]) -> list[Date]:
    """The dates of the releases of one digest, in their order.

    Each release chooses among its candidates by the time of the releases around it, first by those whose dates are
    complete, then once more by what all have chosen.
    """
    evidence = _settle_order(evidence)
    choices = _Choices(evidence)
    anchors = _first_anchors(evidence)
    chosen: list[_Choice | None] = []
    for _ in range(2):
        times = Times(anchors)
        fallback = None if times.anchors else year_named((release.candidates, release.years) for release in evidence)
        chosen = [choices.at(times, position, fallback) for position in range(len(evidence))]
        days = [anchor[:2] for anchor in anchors]
        found = [choice.anchor(position) for position, choice in enumerate(chosen) if choice]
        anchors = [anchor for anchor in found if anchor]
        if [anchor[:2] for anchor in anchors] == days:
            break
    times = Times(anchors)
    return [choice.date() if choice else _by_neighbours(times, position) for position, choice in enumerate(chosen)]


class _Choice(NamedTuple):
    """A candidate that was chosen as the date of its release."""

    day: Day
    precision: Precision
    basis: Basis
    candidate: Candidate

    @property
    def is_firm(self) -> bool:
        """Whether it is an event that stands without much support."""
        return self.candidate.role is Role.EVENT and self.candidate.firmness > Firmness.WEAK

    def anchor(self, position: int) -> Anchor | None:
        """What it tells of the time around; None if it is no more than a month."""
        if self.precision is not Precision.DAY:
            return None
        return Anchor(position, self.day, _WEIGHTS[self.basis], self.candidate.firmness_at(self.day))

    def date(self) -> Date:
        return Date(self.day, self.precision, self.basis, self.candidate.quote())


_WEIGHTS = {Basis.STATED: 6.0, Basis.TEXT: 3.0, Basis.INFERRED: 2.0}


def _first_anchors(evidence: Sequence[Evidence]) -> list[Anchor]:
    """What the releases tell of their time before anything is known of the others, but not by their history."""
    found = [_anchor(position, release) for position, release in enumerate(evidence)]
    return without_history([anchor for anchor in found if anchor])


def _anchor(position: int, release: Evidence) -> Anchor | None:
    """The best complete date of a release, before anything is known of the others."""
    best: Anchor | None = None
    for candidate in release.candidates:
        if candidate.role is Role.OTHER or not candidate.last.day or candidate.order is Order.EITHER:
            continue
        day = candidate.day()
        if day is None:
            continue
        weight = 8.0 if candidate.role is Role.HEADER else max(0.3, candidate.score / 2)
        weight *= 0.6 if candidate.role is Role.ANNOUNCED else 1
        if best is None or weight > best.weight:
            best = Anchor(position, day, weight, candidate.firmness_at(day))
    return best


def _settle_order(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The same with `03/05/2024` read as its release writes dates, or by the time around and the digest's habit."""
    orders = [candidate.order for release in evidence for candidate in release.candidates if candidate.order]
    if Order.EITHER not in orders:
        return evidence
    months_first, days_first = orders.count(Order.MONTH_FIRST), orders.count(Order.DAY_FIRST)
    habit = _UNANIMOUS_DAYS if 0 in (months_first, days_first) else _MAJORITY_DAYS
    habit *= (days_first > months_first) - (months_first > days_first)
    times = Times(_first_anchors(evidence))
    return [_in_order(release, times.around(position), habit) for position, release in enumerate(evidence)]


def _in_order(release: Evidence, time: Time | None, habit: int) -> Evidence:
    """A release with its ambiguous dates read in one order; `habit` are days in favour of the day first."""
    orders = {candidate.order for candidate in release.candidates}
    if Order.EITHER not in orders:
        return release
    own = orders - {None, Order.EITHER}
    if len(own) == 1:
        order = own.pop()
    else:
        unclear = [candidate for candidate in release.candidates if candidate.order is Order.EITHER]
        first = max(unclear, key=lambda candidate: (candidate.role is Role.HEADER, candidate.score))
        lead = habit + _distance(first.read_as(Order.MONTH_FIRST), time) - _distance(first, time)
        order = Order.DAY_FIRST if lead > 0 else Order.MONTH_FIRST if lead < 0 else None
    if order is None:
        return release
    return Evidence(tuple(candidate.read_as(order) for candidate in release.candidates), release.years)


def _distance(candidate: Candidate, time: Time | None) -> int:
    """How many days a complete date lies from the releases around."""
    day = candidate.day()
    return max(0, (time.low - day).days, (day - time.high).days) if day and time else 0


class _Choices:
    """The choices of a digest's releases among their own dates, each made once for each time."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._evidence = evidence
        self._made: dict[tuple[int, Time | None], _Choice | None] = {}

    def at(self, times: Times, position: int, fallback: Time | None) -> _Choice | None:
        """The choice of one release at the time around it, else at that of a neighbour.

        The latter is for digests of several times, where those before a release may be of another time than those
        after.
        """
        if not self._evidence[position].candidates:
            return None
        time = times.around(position)
        choice = self._choose(position, time or fallback)
        if choice or time is None:
            return choice
        if not times.is_supported:
            return self._choose(position, None)
        for anchor in times.beside(position):
            if anchor and not (time.is_close and time.low <= anchor.day <= time.high):
                choice = self._choose(position, Time(anchor.day, anchor.day, is_close=True))
                if choice and (anchor.firmness > Firmness.WEAK or choice.is_firm):
                    return choice
        return None

    def _choose(self, position: int, time: Time | None) -> _Choice | None:
        key = position, time
        if key not in self._made:
            self._made[key] = _choose(self._evidence[position], time)
        return self._made[key]


def _choose(release: Evidence, time: Time | None) -> _Choice | None:
    """The date of one release by its own words, at the time of those around it; None when none of them will do."""
    readings = [
        (score, day, index, candidate)
        for index, candidate in enumerate(release.candidates)
        if candidate.role is not Role.OTHER and candidate.last.day
        for day, score in _readings(candidate, time)
    ]
    if not readings:
        return _choose_month(release, time)
    best = max(readings)
    if best[3].role is Role.EVENT and best[0] < _CERTAIN and time:
        # Published after all that it tells of: a later event of the digest's time is nearer to the day.
        latest = time.high + _AFTER_EVENT
        best = max(
            (reading for reading in readings if reading[3].is_told and best[1] < reading[1] <= latest), default=best
        )
    _, day, _, candidate = best
    basis = Basis.INFERRED
    if candidate.last.year:
        basis = Basis.STATED if candidate.role is Role.HEADER else Basis.TEXT
    return _Choice(day, Precision.DAY, basis, candidate)


def _choose_month(release: Evidence, time: Time | None) -> _Choice | None:
    """The month that a release names, if that is the time around it."""
    for candidate in release.candidates:
        day = candidate.last.resolve()
        if candidate.last.day or day is None or candidate.role is not Role.EVENT:
            continue
        if time and time.is_close and day <= time.high and _month_end(day) >= time.low:
            return _Choice(day, Precision.MONTH, Basis.TEXT, candidate)
    return None


def _month_end(day: Day) -> Day:
    from dateutil.relativedelta import relativedelta

    return day + relativedelta(day=31)


def _readings(candidate: Candidate, time: Time | None) -> Iterator[tuple[Day, float]]:
    """The days that a candidate can mean, each with its score, best where it fits the time around."""
    if candidate.order is Order.EITHER:
        return
    if candidate.last.year:
        options = [candidate.day()]
    elif time is None:
        return
    else:
        options = _in_fitting_years(candidate, time)
    for day in options:
        if day is None:
            continue
        penalty = _penalty(candidate, day, time)
        if penalty is not None:
            yield day, candidate.score - penalty


def _in_fitting_years(candidate: Candidate, time: Time) -> list[Day | None]:
    """The day in the years around, only where its weekday fits if there are such."""
    years = range(max(1900, time.low.year - 1), min(2100, time.high.year + 1) + 1)
    days = [day for year in years if (day := candidate.day(year))]
    if candidate.weekday >= 0:
        days = [day for day in days if candidate.fits_weekday(day)] or days
    return list(days)


def _penalty(candidate: Candidate, day: Day, time: Time | None) -> float | None:
    """How little a day fits the time around and its own weekday; None where it cannot be the day of publication."""
    penalty = 0.0
    if candidate.weekday >= 0 and not candidate.fits_weekday(day):
        penalty += 4
    if candidate.last.year and candidate.firmness < Firmness.FAIR and (time is None or time.is_guess):
        return None
    if time is None:
        return penalty
    before, after = (time.low - day).days, (day - time.high).days
    if candidate.role is Role.HEADER and candidate.last.year:
        return penalty + max(before, after, 0) / 1000
    if time.needs_weekday and (candidate.weekday < 0 or penalty):
        return None
    if time.is_guess:
        return penalty + max(before, after, 0) / 100
    if not (candidate.last.year or time.is_close or candidate.fits_weekday(day)) and before + after < -_WIDE_DAYS:
        return None
    if before > 0 and before > _most_before(candidate, time):
        return None
    if after > 0 and after > _most_after(candidate, time):
        return None
    return penalty + min(max(before, after, 0) / 10, _MOST_PENALTY)


def _most_before(candidate: Candidate, time: Time) -> int:
    """How many days before the releases around the event may lie that a release tells of."""
    if candidate.is_long or candidate.role is Role.ANNOUNCED or not candidate.is_lead:
        return 14
    if not candidate.last.year:
        return EVENT_DAYS if candidate.weekday >= 0 else _YEARLESS_DAYS
    return _event_days(candidate, time)


def _most_after(candidate: Candidate, time: Time) -> int:
    """How many days after the releases around a date may lie."""
    is_open = candidate.role is not Role.ANNOUNCED and candidate.is_lead
    return _event_days(candidate, time) if is_open and (candidate.is_told or not time.is_close) else 10


def _event_days(candidate: Candidate, time: Time) -> int:
    """How far an event may lie from the releases around: further where these are far apart themselves."""
    if time.is_close or not candidate.last.year or candidate.firmness < Firmness.FAIR:
        return EVENT_DAYS
    return min(max(EVENT_DAYS, (time.high - time.low).days), YEAR_DAYS)


def _by_neighbours(times: Times, position: int) -> Date:
    """The month or year of the releases around one that has no date of its own."""
    time = times.around(position)
    if time is None or not times.is_supported:
        return NO_DATE
    previous, following = times.beside(position)
    beside = [anchor for anchor in (previous, following) if anchor]
    near = times.near(position)
    is_bracketed = previous and following and abs((previous.day - following.day).days) <= MONTH_DAYS
    if time.is_close or is_bracketed or (time.high - time.low).days <= MONTH_DAYS:
        return Date(_nearest_month(near, position, time), Precision.MONTH, Basis.NEIGHBOURS)
    years = {anchor.day.year for anchor in (beside or near)}
    return Date(Day(years.pop(), 1, 1), Precision.YEAR, Basis.NEIGHBOURS) if len(years) == 1 else NO_DATE


def _nearest_month(near: list[Anchor], position: int, time: Time) -> Day:
    """The month of most of the releases around, the nearest counting most; of equals the later."""
    weights: dict[tuple[int, int], float] = {}
    earliest, latest = time.low - _MARGIN, time.high + _MARGIN
    for anchor in near:
        if earliest <= anchor.day <= latest and anchor.position != position:
            month = anchor.day.year, anchor.day.month
            weights[month] = weights.get(month, 0.0) + 1 / (anchor.position - position) ** 2
    year, number = max(weights, key=lambda month: (weights[month], month), default=(time.high.year, time.high.month))
    return Day(year, number, 1)
