"""The time at each place of a digest, as its dated releases tell it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date as Day
from datetime import timedelta
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from newsreader.date_words import Firmness

CLUSTER_DAYS = 21
"""Releases within so many days are of one time."""
MONTH_DAYS = 31
"""Releases so many days apart tell the month of those between them."""
EVENT_DAYS = 45
"""How far from the releases around an event may lie that is news."""
YEAR_DAYS = 366
_NEAREST = 4
"""How many dated releases on either side tell the time of a release."""


class Anchor(NamedTuple):
    """A release whose date can tell the time of its neighbours."""

    position: int
    """Its place in the digest."""
    day: Day
    """Its date."""
    weight: float
    """How sure that is."""
    firmness: Firmness
    """How well it stands without the support of others."""


class Time(NamedTuple):
    """When the releases around one were published."""

    low: Day
    """The earliest."""
    high: Day
    """The latest."""
    is_close: bool
    """Whether they are of one time, rather than spread."""
    is_guess: bool = False
    """Whether it is no more than a year that the digest names."""
    needs_weekday: bool = False
    """Whether only a weekday that fits makes the guess good enough."""


class Times:
    """The dated releases of a digest, and what they tell of the time around each place in it."""

    def __init__(self, anchors: list[Anchor]) -> None:
        """`anchors` are in the order of the digest."""
        self.anchors = anchors
        self._positions = [anchor.position for anchor in anchors]
        self._days = sorted(anchor.day for anchor in anchors)
        self.is_supported = any(anchor.firmness is Firmness.SURE for anchor in anchors) or any(
            (later - earlier).days <= MONTH_DAYS for earlier, later in pairwise(self._days)
        )
        """Whether they tell any time but their own."""
        self._clusters: dict[int, tuple[list[Anchor], bool]] = {}
        self._is_one_time = bool(anchors) and (self._days[-1] - self._days[0]).days <= CLUSTER_DAYS

    def near(self, position: int) -> list[Anchor]:
        """The nearest anchors before and after a place, its own included."""
        index = bisect_left(self._positions, position)
        return self.anchors[max(0, index - _NEAREST) : index + _NEAREST + 1]

    def beside(self, position: int) -> tuple[Anchor | None, Anchor | None]:
        """The last anchor before a place and the first after it."""
        index = bisect_left(self._positions, position)
        following = index + (index < len(self.anchors) and self._positions[index] == position)
        return (
            self.anchors[index - 1] if index else None,
            self.anchors[following] if following < len(self.anchors) else None,
        )

    def around(self, position: int) -> Time | None:
        """The time at a place: the densest cluster of its anchors, else its two neighbours, else all of their span."""
        if self._is_one_time:
            return self._without(position)
        near = self.near(position)
        if not near:
            return None
        cluster, has_majority = self._cluster(position, near)
        if has_majority:
            others = [anchor.day for anchor in cluster if anchor.position != position] or [cluster[0].day]
            return Time(others[0], others[-1], is_close=True)
        previous, following = self.beside(position)
        if previous and following and abs((previous.day - following.day).days) <= CLUSTER_DAYS:
            return Time(min(previous.day, following.day), max(previous.day, following.day), is_close=True)
        others = [anchor.day for anchor in near if anchor.position != position] or [near[0].day]
        return Time(min(others), max(others), is_close=False)

    def _cluster(self, position: int, near: list[Anchor]) -> tuple[list[Anchor], bool]:
        """The densest cluster of the anchors near a place, and whether it weighs more than the rest of them."""
        index = bisect_left(self._positions, position)
        if index not in self._clusters:
            cluster, weight = _densest(near)
            is_one_of_many = len(cluster) == 1 < len(near)
            self._clusters[index] = cluster, not is_one_of_many and weight * 3 > 2 * sum([each.weight for each in near])
        return self._clusters[index]

    def _without(self, position: int) -> Time:
        """The time of all anchors but that of one place, in a digest of one time."""
        days = self._days
        index = bisect_left(self._positions, position)
        own = self.anchors[index].day if self._positions[index : index + 1] == [position] else None
        skip_low, skip_high = (own == days[0], own == days[-1]) if len(days) > 1 else (False, False)
        return Time(days[skip_low], days[-1 - skip_high], is_close=True)


def without_history(anchors: list[Anchor]) -> list[Anchor]:
    """Those that are sure or that firmer ones, or others as weak, support by lying near enough."""
    days = {
        firmness: sorted(anchor.day for anchor in anchors if anchor.firmness >= firmness)
        for firmness in (Firmness.WEAK, Firmness.FAIR, Firmness.SURE)
    }
    return [anchor for anchor in anchors if _stands(anchor, days)]


def _stands(anchor: Anchor, days: dict[Firmness, list[Day]]) -> bool:
    """Whether an anchor may tell the time of others; `days` are those that are at least so firm."""
    if anchor.firmness is Firmness.SURE:
        return True
    if anchor.firmness is Firmness.FAIR:
        return not days[Firmness.SURE] or _lies_near(anchor.day, days[Firmness.SURE], YEAR_DAYS)
    if _lies_near(anchor.day, days[Firmness.FAIR], EVENT_DAYS):
        return True
    return anchor.firmness is Firmness.WEAK and _lies_near(anchor.day, days[Firmness.WEAK], CLUSTER_DAYS, least=2)


def _lies_near(day: Day, days: list[Day], reach: int, least: int = 1) -> bool:
    """Whether at least so many of some sorted days lie within so many days of one."""
    span = timedelta(days=reach)
    return bisect_right(days, day + span) - bisect_left(days, day - span) >= least


def _densest(anchors: list[Anchor]) -> tuple[list[Anchor], float]:
    """Those that weigh most within one cluster's length of each other, of equals the latest; and their weight."""
    by_day = sorted(anchors, key=attrgetter("day"))
    best: tuple[float, int, int] = (0.0, 0, 1)
    weight, low = 0.0, 0
    for high, anchor in enumerate(by_day):
        weight += anchor.weight
        while (anchor.day - by_day[low].day).days > CLUSTER_DAYS:
            weight -= by_day[low].weight
            low += 1
        if weight >= best[0] - 1e-9:
            best = (weight, low, high + 1)
    return by_day[best[1] : best[2]], best[0]
