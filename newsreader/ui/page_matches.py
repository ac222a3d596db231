"""What is lit on the page, and which of it the reader went to last: found slice by slice, so that no key waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

Span = tuple[int, int]
Spans = Sequence[Span]
FindSpans = Callable[[str], Spans]
"""Finds what is to be lit in a text: sorted, not overlapping."""

SLICE = 16_384
"""So many characters are looked through at once."""
LEAD = 32
"""So many before a slice are looked at as well: cleaned text has fewer marks on a letter, so words are seen whole."""
REACH = 2_000
"""A match that goes further than this beyond its slice is not found."""
MOST_LOOKS = 4
"""How many slices a key may have looked through."""


class Matches:
    """The places of a text that something is found at; only slices that are asked for are looked through at once."""

    def __init__(self, find_spans: FindSpans = lambda text: ()) -> None:
        """Nothing is looked at before `seek_in` says in which text."""
        self._find_spans = find_spans
        self.seek_in("")

    def seek_in(self, text: str, place: int = 0) -> None:
        """Look in another text, beginning at a place and going on from its start."""
        self._text = text
        self._slices: list[Spans | None] = [None] * -(-len(text) // SLICE)
        self._first = max(place, 0) // SLICE
        self._looks = 0
        self.count = 0
        """How many were found so far."""
        self.current: Span | None = None
        """The one that the reader went to last."""

    @property
    def is_whole(self) -> bool:
        """Whether all slices are looked through, so that all matches are known."""
        return self._looks == len(self._slices)

    def go_on(self, seconds: float) -> None:
        """Look through more slices for so long."""
        end = perf_counter() + seconds
        size = len(self._slices)
        for offset in range(size):
            number = (self._first + offset) % size
            if self._slices[number] is None:
                self._slice(number)
                if perf_counter() >= end:
                    return

    def near(self, start: int, end: int) -> Iterator[Spans]:
        """The matches of each slice in which one can begin that reaches into these characters."""
        for number in range(max(start - REACH, 0) // SLICE, min(-(-end // SLICE), len(self._slices))):
            yield self._slice(number)

    def are_between(self, start: int, end: int) -> bool:
        """Whether one begins or ends between two characters."""
        return any(span[1] > start and span[0] < end for spans in self.near(start, end) for span in spans)

    def step(self, step: int, place: int, looks: int = MOST_LOOKS) -> bool | None:
        """Go to the next match, or the one before when `step` is -1, at first from a place.

        False when there is none; None when too much of the text is not looked through yet to tell.
        """
        if self.current is not None:
            place = self.current[0] + (step > 0)
        place = max(place, 0)
        if not self._slices:
            return False
        first = min(place // SLICE, len(self._slices) - 1)
        for number in range(first, len(self._slices)) if step > 0 else range(first, -1, -1):
            if self._slices[number] is None:
                looks -= 1
                if looks < 0:
                    return None
            spans = self._slice(number)
            ahead = [span for span in spans if span[0] >= place] if step > 0 else [s for s in spans if s[0] < place]
            if ahead:
                self.current = ahead[0 if step > 0 else -1]
                return True
        return False

    @property
    def position(self) -> str:
        """Which one the reader is at, and how many there are: `3 of 17`; what is not known yet is left open."""
        if self.current is None:
            return ""
        own = self.current[0] // SLICE
        before = self._slices[:own]
        number = "…"
        if None not in before:
            number = f"{sum(map(len, filter(None, before))) + self._slice(own).index(self.current) + 1:,}"
        return f"{number} of {self.count:,}{'' if self.is_whole else '+'}"

    def _slice(self, number: int) -> Spans:
        """The matches that begin in a slice."""
        known = self._slices[number]
        if known is not None:
            return known
        start, end = number * SLICE, (number + 1) * SLICE
        first, last = max(start - LEAD, 0), end + REACH
        is_rest = last >= len(self._text)
        found = ((first + begin, first + stop) for begin, stop in self._find_spans(self._text[first:last]))
        spans = [span for span in found if start <= span[0] < end and (is_rest or span[1] < last)]
        self._slices[number] = spans
        self._looks += 1
        self.count += len(spans)
        return spans
