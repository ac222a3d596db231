"""What is lit on the page, and which of it the reader went to last."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

Spans = Sequence[tuple[int, int]]
FindSpans = Callable[[str], Spans]
"""Finds what is to be lit in a text: sorted, not overlapping."""


class Matches:
    """The places of a text that something is found at; they are looked for when they are needed."""

    def __init__(self, find_spans: FindSpans = lambda text: ()) -> None:
        """Nothing is looked at before `seek_in` says in which text."""
        self._find_spans = find_spans
        self._text: str | None = None
        self._spans: Spans | None = ()
        self.current: int | None = None
        """The number of the match that the reader went to last."""

    def seek_in(self, text: str | None) -> None:
        """Look in another text; None has no matches."""
        self._text = text
        self._spans = self.current = None

    @property
    def spans(self) -> Spans:
        """Where they are, in characters of the text."""
        if self._spans is None:
            self._spans = self._find_spans(self._text) if self._text else ()
        return self._spans

    @property
    def current_span(self) -> Spans:
        """Where the one is that the reader went to last."""
        return () if self.current is None else self.spans[self.current : self.current + 1]

    def step(self, step: int, place: int) -> int | None:
        """Go to the next match, or the one before when `step` is -1, at first from a place; where it is, or None."""
        if self.current is None:
            first = bisect_left(self.spans, (max(place, 0), 0))
            number = first if step > 0 else first - 1
        else:
            number = self.current + step
        return self.go_to(number)

    def go_to(self, number: int) -> int | None:
        """Go to the match of a number, from 0; where it is, or None when there is none."""
        if not 0 <= number < len(self.spans):
            return None
        self.current = number
        return self.spans[number][0]

    def are_between(self, start: int, end: int) -> bool:
        """Whether one begins or ends between two characters."""
        after = bisect_right(self.spans, start, key=lambda span: span[1])
        return after < len(self.spans) and self.spans[after][0] < end

    @property
    def position(self) -> str:
        """Which one the reader is at, and how many there are."""
        return "" if self.current is None else f"{self.current + 1:,} of {len(self.spans):,}"

    def __str__(self) -> str:
        """Which one the reader is at, as a sentence."""
        return f"Match {self.position}." if self.position else ""
