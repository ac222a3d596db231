"""The releases that the reader has selected: a range that the cursor stretches, and what was selected before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from newsreader.ui.outline import Outline, Row

MOST_FOLLOWED = 1000
"""So many selected releases are followed by their ids when the library changes; more are let go."""


@dataclass(slots=True)
class Selection:
    """Which releases are selected, by place; a range is two indices, however long it is."""

    chosen: set[int] = field(default_factory=set)
    """What was selected one by one, as a group, whole, or by a range that has ended."""
    has_range: bool = False
    """Whether the cursor stretches a range."""
    is_all: bool = False
    """Whether everything that is shown is selected, as a range from end to end."""
    waits_for_all: bool = False
    """Whether everything is to be selected as soon as it is found."""
    hidden_count: int = 0
    """How many of them the filter does not show; only another outline changes it, as keys reach only what is shown."""
    _outline: Outline | None = None
    _start: tuple[int, int, bool] = (0, 0, False)
    """The first and last place where the range began, and whether that was nothing but a line between releases."""
    _span: tuple[int, int] = (0, 0)
    """From which to before which index of the outline's places the range goes."""
    _passed: set[int] = field(default_factory=set)
    """What was in the range of an older outline: it stays selected when the newer one does not show it any more."""
    _ids: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether the reader is selecting, or something is selected."""
        return self.has_range or self.is_all or self.waits_for_all or bool(self.chosen)

    def __len__(self) -> int:
        """How many releases are selected."""
        ranged = self._ranged()
        return len(self.chosen) + len(ranged) - (len(self.chosen.intersection(ranged)) if self.chosen else 0)

    def places(self) -> list[int]:
        """The places of all of them in the order in which they are shown, those that the filter hides last."""
        shown = self._outline.places if self._outline is not None else ()
        start, end = self._bounds or (0, 0)
        if not self.chosen:
            return list(shown[start:end])
        if len(self.chosen) == len(shown) and not self.hidden_count:
            return list(shown)
        places = [place for index, place in enumerate(shown) if start <= index < end or place in self.chosen]
        return places + sorted(self.chosen.difference(shown))

    def has(self, row: Row) -> bool:
        """Whether the release in a row, or every one of the group in it, is selected."""
        if self._outline is None or not self:
            return False
        start, end = self._bounds or (row.start, row.start)
        if start <= row.start and row.end <= end:
            return True
        if row.place is not None:
            return row.place in self.chosen
        if len(self.chosen) + max(0, min(end, row.end) - max(start, row.start)) < row.end - row.start:
            return False
        shown = self._outline.places
        before, after = shown[row.start : min(start, row.end)], shown[max(end, row.start) : row.end]
        return self.chosen.issuperset(before) and self.chosen.issuperset(after)

    def begin_or_end_range(self, row: Row) -> None:
        """Begin a range at the cursor's row; when there is one, keep it selected and end it."""
        if self.has_range:
            self.keep_range()
        elif self._outline is not None:
            self.keep_range()
            self.waits_for_all = False
            start, end = _indices(row)
            places = self._outline.places
            self._start = (places[start], places[max(start, end - 1)], start == end)
            self.has_range = True
            self.stretch(row)

    def stretch(self, row: Row | None) -> None:
        """Let the range go to the row where the cursor is now; what was passed over, folded groups too, is in it."""
        if not self.has_range or row is None or self._outline is None:
            return
        first, last, is_line = self._start
        low, high = self._outline.index_of(first), self._outline.index_of(last)
        if low is None or high is None:
            self._span = (0, 0)  # it may still come
            return
        start, end = _indices(row)
        self._span = min(low, start), max(high + (not is_line), end)

    def keep_range(self) -> None:
        """End the range, and keep selected what is in it."""
        self.chosen.update(self._ranged())
        self.has_range, self.is_all, self._span = False, False, (0, 0)

    def toggle(self, row: Row) -> None:
        """Select the release or the whole group in a row, or let it go when it is selected."""
        if self._outline is None:
            return
        is_selected = self.has(row)
        self.keep_range()
        self.waits_for_all = False
        places = self._outline.places[row.start : row.end]
        if is_selected:
            self.chosen.difference_update(places)
        else:
            self.chosen.update(places)

    def toggle_all(self) -> None:
        """Select everything that is shown; let it go when all of it is selected."""
        if self._outline is None:
            return
        was_all = self.is_all
        self.is_all = False
        self.keep_range()
        if was_all:
            self.chosen.difference_update(self._outline.places)
        elif self._outline.is_partial:
            self.waits_for_all = True
        elif len(self.chosen) - self.hidden_count >= len(self._outline.places) - (self._outline.kept is not None):
            self.chosen.difference_update(self._outline.places)
        else:
            self._choose_all()

    def clear(self) -> None:
        """Let everything go."""
        self.chosen.clear()
        self._ids.clear()
        self._passed.clear()
        self.hidden_count = 0
        self.has_range = self.is_all = self.waits_for_all = False
        self._span = (0, 0)

    def show(self, outline: Outline, row: Row | None) -> None:
        """Go over to another outline, with the cursor in `row`: what is selected stays so, shown or not."""
        if outline is self._outline:
            return
        if self.has_range and self._outline is not None:
            ends = (outline.index_of(place) for place in self._start[:2])
            if outline.order != self._outline.order or (not outline.is_partial and None in ends):
                self.keep_range()
            self._passed.update(self._ranged())
        if self.is_all:
            self.keep_range()
        self._outline = outline
        self.stretch(row)
        if not outline.is_partial:
            self.chosen.update(self._passed.difference(outline.places))
            self._passed.clear()
        self._count_hidden()
        if self.waits_for_all and not outline.is_partial:
            self.waits_for_all = False
            self._choose_all()

    def learn_ids(self, find_ids: Callable[[Sequence[int]], Iterable[str]]) -> None:
        """Note the ids of what is selected, if it is not too much, to find it again when the library changes."""
        places = self.chosen.union(self._ranged()) if len(self) <= MOST_FOLLOWED else set()
        missing = list(places.difference(self._ids))
        ids = list(find_ids(missing)) if missing else []
        known = dict(zip(missing, ids, strict=True)) if len(ids) == len(missing) else {}
        self._ids = {place: id for place, id in (self._ids | known).items() if place in places}

    def follow(self, find_place: Callable[[str], int | None]) -> bool:
        """Find what is selected in a library that has changed; False when it had to be let go."""
        self.keep_range()
        if self.waits_for_all or not self.chosen:
            return True
        if not self.chosen <= self._ids.keys():
            self.clear()
            return False
        ids = [self._ids[place] for place in self.chosen]
        found = {place: id for id in ids if (place := find_place(id)) is not None}
        self.chosen, self._ids = set(found), found
        self._count_hidden()
        return True

    def describe(self) -> str:
        """How much is selected, in a few words; empty when nothing is."""
        if self.waits_for_all:
            return "selecting …"
        if not self:
            return ""
        hidden = f", {self.hidden_count:,} not shown" if self.hidden_count else ""
        return f"{len(self):,} selected{hidden}"

    def _choose_all(self) -> None:
        """Select all that the filter shows, without the release that is only kept there because it is open."""
        if self._outline is None:
            return
        if self._outline.kept is None:
            self.is_all = True
        else:
            self.chosen.update(set(self._outline.places) - ({self._outline.kept} - self.chosen))

    def _count_hidden(self) -> None:
        shown = self._outline.places if self._outline is not None else ()
        self.hidden_count = len(self.chosen.difference(shown)) if self.chosen else 0

    def _ranged(self) -> Sequence[int]:
        """The places in the range."""
        bounds = self._bounds
        return () if bounds is None or self._outline is None else self._outline.places[slice(*bounds)]

    @property
    def _bounds(self) -> tuple[int, int] | None:
        """From which to before which index the range goes; None when there is none."""
        if self.is_all and self._outline is not None:
            return 0, len(self._outline.places)
        return self._span if self.has_range else None


def _indices(row: Row) -> tuple[int, int]:
    """From which to before which index a row goes; an open group's own row is but a line above its releases."""
    return (row.start, row.start) if row.place is None and row.is_open else (row.start, row.end)
