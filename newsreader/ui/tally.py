"""How many of a list of places have a mark, in any range of it, without looking at them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from itertools import compress

from newsreader.ui.place_set import PlaceSet, Snapshot

FEW = 64
"""After more changes than this, everything is counted anew."""
AT_ONCE = 20_000
"""So many places are looked at before other threads get their turn: some milliseconds."""


class Tally:
    """Where in a list of places the marked ones stand, kept up to date as marks change."""

    def __init__(self, places: Sequence[int], marked: Snapshot) -> None:
        """Look at every place once, if any is marked at all."""
        self._places = places
        self._count_anew(marked)

    def _count_anew(self, marked: Snapshot) -> None:
        self._changes, self._seen = marked.changes, marked.seen
        self._marked = array("l")
        is_marked = set(marked.places).__contains__
        for start in range(0, len(self._places) if marked.places else 0, AT_ONCE):
            some = self._places[start : start + AT_ONCE]
            self._marked.extend(compress(range(start, start + len(some)), map(is_marked, some)))
        self._added: list[int] = []
        self._removed: list[int] = []

    def follow(self, marked: PlaceSet, index_of: Callable[[int], int | None]) -> None:
        """Take over what has changed since; `index_of` tells where in the list a place stands, if it does."""
        if marked.changes is not self._changes or len(self._changes) - self._seen > FEW:
            self._count_anew(marked.snapshot())
        for place, is_set in self._changes[self._seen :]:
            index = index_of(place)
            if index is not None:
                insort(self._added if is_set else self._removed, index)
        self._seen = len(self._changes)

    def count(self, start: int, end: int) -> int:
        """How many of `places[start:end]` have the mark."""
        marked, added, removed = (
            bisect_left(indices, end) - bisect_left(indices, start)
            for indices in (self._marked, self._added, self._removed)
        )
        return marked + added - removed

    def next_without(self, index: int) -> int | None:
        """The first index from `index` on whose place does not have the mark."""
        total = len(self._places)
        lacks = bisect_left(range(index, total), True, key=lambda at: self.count(index, at + 1) < at + 1 - index)
        return index + lacks if index + lacks < total else None
