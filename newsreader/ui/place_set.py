"""A set of places that takes little room and knows what changed in it last."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

FEW = 8
"""Up to so many places are put into the array one by one, more by making it anew."""


class PlaceSet:
    """Places with one mark: a sorted array, 8 bytes a place."""

    def __init__(self, places: Iterable[int] = ()) -> None:
        """`places` may be a sorted array, which is then used as it is."""
        self._places = places if isinstance(places, array) else array("q", sorted(places))
        self.changes: list[tuple[int, bool]] = []
        """Each place that got the mark or lost it, in time; another list is begun when many did at once."""

    def __contains__(self, place: int) -> bool:
        """Whether the place has the mark."""
        index = bisect_left(self._places, place)
        return index < len(self._places) and self._places[index] == place

    def __len__(self) -> int:
        """How many places have the mark."""
        return len(self._places)

    def count_of(self, places: Sequence[int]) -> int:
        """How many of `places`, in whatever order, have the mark."""
        if len(places) > FEW:
            return len(set(self._places).intersection(places))
        return sum(place in self for place in places)

    def set(self, places: Iterable[int], is_set: bool) -> None:
        """Give the mark to all of `places`, or take it from them."""
        chosen = list(places)
        if len(chosen) > FEW:
            old = set(self._places)
            self._places = array("q", sorted(old.union(chosen) if is_set else old.difference(chosen)))
            self.changes = []
            return
        for place in chosen:
            if (place in self) == is_set:
                continue
            if is_set:
                self._places.insert(bisect_left(self._places, place), place)
            else:
                self._places.pop(bisect_left(self._places, place))
            self.changes.append((place, is_set))

    def snapshot(self) -> Snapshot:
        """The set as it is now, for another thread."""
        return Snapshot(self._places[:], self.changes, len(self.changes))


class Snapshot(NamedTuple):
    """A set of places as it once was."""

    places: array[int]
    """The places."""
    changes: list[tuple[int, bool]]
    """The set's list of changes, which goes on growing."""
    seen: int
    """How many of these changes are in `places` already."""
