"""The tree as rows: sources, their months, their releases. Pure, and as cheap at a million releases as at fifty."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, TypeVar

from newsreader.places import month_of, source_of
from newsreader.ui.place_set import PlaceSet

Month = tuple[int, int]
"""Year and month; 0 for what is not known."""
Key = TypeVar("Key")

ALL_OPEN_LIMIT = 1000
"""With more releases than this, only the first source and its first month are open until the reader opens more."""
WHOLE: Month = (-1, -1)
"""The month of a group that is a whole source."""


class Level(IntEnum):
    """How deep a row stands."""

    SOURCE = 0
    MONTH = 1
    RELEASE = 2


class Group(NamedTuple):
    """What can be opened and closed: a source, or a month of it."""

    source: int
    month: Month = WHOLE


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the tree."""

    level: Level
    """Whether it is a source, a month or a release."""
    source: int
    """The source that it is or belongs to."""
    month: Month
    """Its month; `WHOLE` for a source with several months."""
    start: int
    """Index of its first release among the places shown."""
    end: int
    """Index after its last release."""
    place: int | None = None
    """The release's place; None for a group."""
    is_open: bool = False
    """Whether the rows of the group are shown."""

    @property
    def group(self) -> Group:
        """The group that it is, or that holds it."""
        return Group(self.source, WHOLE if self.level is Level.SOURCE else self.month)


@dataclass(slots=True)
class Folds:
    """Which groups the reader opened and closed; the rest follows the rule."""

    everything: bool | None = None
    """Set when the reader opened or closed all groups at once."""
    groups: dict[Group, bool] = field(default_factory=dict)
    """What the reader did since, one by one."""


@dataclass(slots=True)
class _Source:
    """A source's run of places."""

    id: int
    start: int
    end: int
    months: list[tuple[Month, int, int]] | None = None
    """Month, start and end of each month's run; found when first needed."""
    tops: list[int] = field(default_factory=list)
    """While open, the row of each month, counted from the source's own; empty when it has only one month."""


def find_runs(places: array[int], start: int, end: int, key: Callable[[int], Key]) -> Iterator[tuple[Key, int, int]]:
    """Each value of `key` with the start and end of its run, found by doubling steps, not by looking at every place."""
    while start < end:
        value = key(places[start])
        low, step = start, 1
        while low + step < end and key(places[low + step]) == value:
            low, step = low + step, step * 2
        stop = bisect_left(places, True, low + 1, min(low + step, end), key=lambda place: key(place) != value)
        yield value, start, stop
        start = stop


class Outline:
    """Rows over an array of places; nothing is made for a row until it is asked for."""

    def __init__(
        self, places: array[int], ranks: Mapping[int, int], folds: Folds, *, has_all: bool, is_partial: bool = False
    ) -> None:
        """`places` in tree order, `ranks` the order of all sources, `has_all` whether no filter leaves any out.

        `is_partial` says that more of them are still to come.
        """
        self.places = places
        self.has_all = has_all
        self.is_partial = is_partial
        self.folds = folds
        self._ranks = ranks
        self._opens_all = len(places) <= ALL_OPEN_LIMIT and not is_partial
        self._sources = [_Source(*run) for run in find_runs(places, 0, len(places), source_of)]
        self._starts = [source.start for source in self._sources]
        self._tops: list[int] = []
        self._lay_out()

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._tops[-1]

    def row_at(self, row: int) -> Row:
        """What stands in a row from 0 to `row_count` - 1."""
        index = bisect_right(self._tops, row) - 1
        source = self._sources[index]
        offset = row - self._tops[index]
        if offset == 0:
            months = self._months(source)
            month = months[0][0] if len(months) == 1 else WHOLE
            return Row(
                Level.SOURCE, source.id, month, source.start, source.end, None, self._is_open(index, Group(source.id))
            )
        if not source.tops:
            return self._release_row(source, source.start + offset - 1)
        position = bisect_right(source.tops, offset) - 1
        month, start, end = self._months(source)[position]
        if offset == source.tops[position]:
            is_open = self._is_open(index, Group(source.id, month))
            return Row(Level.MONTH, source.id, month, start, end, None, is_open)
        return self._release_row(source, start + offset - source.tops[position] - 1)

    def row_of(self, index: int) -> int:
        """The row of the release at an index of `places`, or of the closed group that hides it."""
        position = bisect_right(self._starts, index) - 1
        source, top = self._sources[position], self._tops[position]
        if not self._is_open(position, Group(source.id)):
            return top
        if not source.tops:
            return top + 1 + index - source.start
        which, (month, start, _) = self._month_at(source, index)
        is_open = self._is_open(position, Group(source.id, month))
        return top + source.tops[which] + (1 + index - start if is_open else 0)

    def row_of_group(self, group: Group) -> int | None:
        """The row of a group, if it has one."""
        for position, source in enumerate(self._sources):
            if source.id == group.source:
                months = [month for month, _, _ in self._months(source)]
                if not source.tops or group.month not in months:
                    return self._tops[position]
                return self._tops[position] + source.tops[months.index(group.month)]
        return None

    def index_of(self, place: int) -> int | None:
        """The index of a place among those shown; None when it is not."""
        index = self.nearest(place)
        return index if index is not None and self.places[index] == place else None

    def nearest(self, place: int) -> int | None:
        """The index of a place, else of the next one, else of the last; None when nothing is shown."""
        if not self.places:
            return None
        rank = self._rank(source_of(place))
        position = bisect_left(self._sources, rank, key=lambda source: self._rank(source.id))
        if position == len(self._sources):
            return len(self.places) - 1
        source = self._sources[position]
        if source.id != source_of(place):
            return source.start
        return min(bisect_left(self.places, place, source.start, source.end), len(self.places) - 1)

    def reveal(self, index: int) -> None:
        """Open the groups that hide the release at an index of `places`."""
        position = bisect_right(self._starts, index) - 1
        source = self._sources[position]
        groups = [Group(source.id)]
        if len(self._months(source)) > 1:
            groups.append(Group(source.id, self._month_at(source, index)[1][0]))
        closed = [group for group in groups if not self._is_open(position, group)]
        if closed:
            self.folds.groups.update(dict.fromkeys(closed, True))
            self._lay_out()

    def set_open(self, group: Group, is_open: bool) -> None:
        """Open or close one group."""
        self.folds.groups[group] = is_open
        self._lay_out()

    def set_all(self, is_open: bool) -> None:
        """Open or close all groups."""
        self.folds.groups.clear()
        self.folds.everything = is_open
        self._lay_out()

    def next_group(self, row: int) -> int | None:
        """The first row of a source or month below `row`."""
        index = bisect_right(self._tops, row) - 1
        tops = self._sources[index].tops
        position = bisect_right(tops, row - self._tops[index])
        if position < len(tops):
            return self._tops[index] + tops[position]
        return self._tops[index + 1] if index + 1 < len(self._sources) else None

    def previous_group(self, row: int) -> int | None:
        """The last row of a source or month above `row`."""
        index = bisect_right(self._tops, row) - 1
        offset = row - self._tops[index]
        if offset == 0:
            if index == 0:
                return None
            index, offset = index - 1, row
        tops = self._sources[index].tops
        position = bisect_left(tops, offset) - 1
        return self._tops[index] + (tops[position] if position >= 0 else 0)

    def unread_count(self, row: Row, read: PlaceSet) -> int:
        """How many of the releases that a row holds are unread."""
        return row.end - row.start - read.count(self.places, row.start, row.end, has_all=self.has_all)

    def unread_total(self, read: PlaceSet) -> int:
        """How many of all releases shown are unread."""
        return len(self.places) - sum(
            read.count(self.places, source.start, source.end, has_all=self.has_all) for source in self._sources
        )

    def next_unread(self, index: int, read: PlaceSet) -> int | None:
        """The index of the first unread release at or after `index`; groups without any are stepped over whole."""
        for source in self._sources[max(0, bisect_right(self._starts, index) - 1) :]:
            if read.count(self.places, source.start, source.end, has_all=self.has_all) == source.end - source.start:
                continue
            for _, start, end in self._months(source):
                start = max(start, index)  # noqa: PLW2901
                if read.count(self.places, start, end, has_all=self.has_all) < end - start:
                    return next(at for at in range(start, end) if self.places[at] not in read)
        return None

    def _rank(self, source: int) -> int:
        """Where a source stands among all; one that is not known yet, last."""
        return self._ranks.get(source, len(self._ranks))

    def _months(self, source: _Source) -> list[tuple[Month, int, int]]:
        """The months of a source, found once."""
        if source.months is None:
            source.months = list(find_runs(self.places, source.start, source.end, month_of))
        return source.months

    def _month_at(self, source: _Source, index: int) -> tuple[int, tuple[Month, int, int]]:
        """Which month of a source holds an index of `places`."""
        months = self._months(source)
        position = bisect_right(months, index, key=lambda month: month[1]) - 1
        return position, months[position]

    def _is_open(self, position: int, group: Group) -> bool:
        """Whether a group of the source at `position` is open."""
        if group in self.folds.groups:
            return self.folds.groups[group]
        if self.folds.everything is not None:
            return self.folds.everything
        if self._opens_all or position > 0:
            return self._opens_all
        return group.month in {WHOLE, self._months(self._sources[0])[0][0]}

    def _lay_out(self) -> None:
        """Work out the row of every source, and of the months of those that are open."""
        self._tops = [0]
        for position, source in enumerate(self._sources):
            self._tops.append(self._tops[-1] + self._height(position, source))

    def _height(self, position: int, source: _Source) -> int:
        """How many rows a source takes; notes the rows of its months."""
        source.tops = []
        if not self._is_open(position, Group(source.id)):
            return 1
        months = self._months(source)
        if len(months) == 1:
            return 1 + source.end - source.start
        height = 1
        for month, start, end in months:
            source.tops.append(height)
            height += 1 + (end - start if self._is_open(position, Group(source.id, month)) else 0)
        return height

    def _release_row(self, source: _Source, index: int) -> Row:
        """The row of the release at an index of `places`."""
        place = self.places[index]
        month = month_of(place) if source.tops else WHOLE
        return Row(Level.RELEASE, source.id, month, index, index + 1, place)
