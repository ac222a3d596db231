"""The orders in which releases can stand in the tree, and the groups that each has. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsreader.places import age_of, day_of, month_of, source_of

_MONTH_MASK = -1 << 6  # an age without its day


class Level(StrEnum):
    """What a row of the tree stands for."""

    SOURCE = "source"
    MONTH = "month"
    DAY = "day"
    RELEASE = "release"


Value = int | tuple[int, ...]
"""What tells a group from its neighbours: a source's id, a year and month, or a year, month and day."""
VALUES: Mapping[Level, Callable[[int], Value]] = {Level.SOURCE: source_of, Level.MONTH: month_of, Level.DAY: day_of}
"""How each level tells from a place which group it is in."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order, and the groups in it.

    Within what the order says, releases stand as in `BY_SOURCE`: sources A to Z, each newest first. So all releases of
    a group stand together.
    """

    id: str
    """By this it is remembered."""
    title: str
    """What the status line calls it."""
    levels: tuple[Level, ...] = ()
    """Its groups, outermost first; none in a flat list."""
    age_mask: int = -1
    """What of a release's age counts before its source does."""
    is_ranked: bool = False
    """Whether only the archive can tell it, as it depends on how well a release answers the query."""

    def key(self, place: int, ranks: Mapping[int, int]) -> tuple[int, int, int]:
        """What sorts places into this order, where `ranks` says how the sources stand."""
        return age_of(place) & self.age_mask, ranks.get(source_of(place), len(ranks)), place

    def find(self, places: array[int], place: int, ranks: Mapping[int, int]) -> int:
        """Where a place stands among places in this order, or should; in a ranking, 0 for one that is not there."""
        if self.is_ranked:
            return places.index(place) if place in places else 0
        return bisect_left(places, self.key(place, ranks), key=lambda each: self.key(each, ranks))

    def arrange(self, places: Sequence[int]) -> array[int]:
        """Places that stand as in `BY_SOURCE`, in this order."""
        mask = self.age_mask
        return array("q", sorted(places, key=lambda place: age_of(place) & mask) if mask else places)


BY_SOURCE = Order("source", "by source", (Level.SOURCE, Level.MONTH), 0)
BY_MONTH = Order("month", "by month", (Level.MONTH, Level.SOURCE), _MONTH_MASK)
BY_DAY = Order("day", "by day", (Level.DAY,))
BY_DATE = Order("date", "by date")
BY_RELEVANCE = Order("relevance", "by relevance", is_ranked=True)
ORDERS = (BY_SOURCE, BY_MONTH, BY_DAY, BY_DATE, BY_RELEVANCE)
"""In the order in which one key turns them."""


def find_order(id: str | None) -> Order:
    """The order that was remembered, or the first."""
    return next((order for order in ORDERS if order.id == id), BY_SOURCE)


def next_order(order: Order, *, can_rank: bool) -> Order:
    """The order that the key turns to; what cannot be ranked is passed over."""
    offered = [each for each in ORDERS if can_rank or not each.is_ranked]
    return offered[(offered.index(order) + 1) % len(offered)] if order in offered else BY_SOURCE
