"""A set of places kept sorted, so that what lies in a range is counted without looking at it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

FEW = 8
"""Up to so many places are put into the array one by one, more by making it anew."""


class PlaceSet:
    """Places with one mark: a sorted array, 8 bytes a place."""

    def __init__(self, places: Iterable[int] = ()) -> None:
        """`places` may be a sorted array, which is then used as it is."""
        self._places = places if isinstance(places, array) else array("q", sorted(places))

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
            return
        for place in chosen:
            if is_set and place not in self:
                self._places.insert(bisect_left(self._places, place), place)
            elif not is_set and place in self:
                self._places.pop(bisect_left(self._places, place))

    def count(self, places: array[int], start: int, end: int, *, has_all: bool) -> int:
        """How many of `places[start:end]`, which lie in one source, have the mark.

        `has_all` says that nothing is left out between the first and the last of them; then two look-ups do.
        """
        if start >= end:
            return 0
        first = bisect_left(self._places, places[start])
        last = bisect_right(self._places, places[end - 1])
        if has_all or first == last:
            return last - first
        return len(set(self._places[first:last]).intersection(places[start:end]))
