"""How a row of the tree looks: which text in which style, cut to the width."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from newsreader.models import Date, Headline, Precision
from newsreader.text import Clean, cell_width, clean_line, truncate
from newsreader.ui.date_style import write_date, write_group
from newsreader.ui.order import Level, Order, Value
from newsreader.ui.outline import Row

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_DAY = len("Wednesday 30 September 2024")
"""Where there is less room for a day, all of them are short."""
SHORT_NAME = 3
"""Letters of a name that has to be short."""
SOURCE_COLUMN = 20
"""The most cells for the source in lists that are not grouped by it; of narrow rows, it gets a third of the title."""
LEAST_SOURCE = 7
"""With fewer cells there is none: too little would be left of the title to tell what a release is about."""
Spans = Sequence[tuple[int, int]]
StyleOf = Callable[..., Style]


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters that stand for states; a terminal without UTF-8 gets plain ones."""

    unread: str = "●"
    """Before an unread release."""
    starred: str = "★"
    """Before a starred release."""
    shown: str = "›"
    """Before the title of the release on the page, when the cursor is elsewhere."""
    selected: str = "✓"
    """Before the title of a selected release, and behind a group that is selected whole."""
    opened: str = "▾"
    """Before a group whose rows are shown."""
    closed: str = "▸"
    """Before a group whose rows are not shown."""
    inferred: str = "≈"
    """Before an inferred day."""


ASCII_SIGNS = Signs("*", "+", ">", "x", "-", "+", "=")


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """What a release's row shows besides its headline."""

    is_read: bool
    """Whether it is read."""
    is_starred: bool
    """Whether it is starred."""
    is_shown: bool
    """Whether it is the one on the page."""
    is_selected: bool = False
    """Whether it is selected."""
    is_kept: bool = False
    """Whether it is only shown because it is still open."""


def group_name(level: Level, value: Value, sources: Mapping[int, str], *, is_short: bool = False) -> Clean:
    """A group as the tree names it: `Interpol`, `October 2024`, `2024`, `Wednesday 2 October 2024`, `No date`."""
    if not isinstance(value, tuple):
        return clean_line(sources.get(value, "")) or Clean("No source")
    year, month, day = (*value, 0)[:3]
    if not year:
        return Clean("No date")
    if written := write_group(year, month, day, is_short=is_short):
        return Clean(written)
    names = [WEEKDAYS[Day(year, month, day).weekday()] if day else "", MONTHS[month - 1] if month else ""]
    weekday, month_name = (name[:SHORT_NAME] for name in names) if is_short else names
    return Clean(" ".join(part for part in (weekday, str(day or ""), month_name, str(year)) if part))


def date_text(date: Date, signs: Signs, order: Order) -> str:
    """What of a date the groups of an order leave open, with the sign of its basis: ` 26`, `≈02`, `~  `, `?  `."""
    sign = str(date)[:1]
    sign = signs.inferred if sign == "≈" else sign if sign in {"~", "?"} else " "
    if Level.DAY in order.levels:
        return sign
    if Level.MONTH not in order.levels:
        return f"{sign}{write_date(date):10}"
    return sign + (f"{date.day.day:02}" if date.day is not None and date.precision is Precision.DAY else "  ")


def short_source(name: str, cells: int) -> Clean:
    """A source in so many cells: of a long one, what is in brackets goes first, then the end, without a sign for it."""
    short = clean_line(name).strip() or "No source"
    if cell_width(short) > cells:
        short = short.partition(" (")[0]
    return Clean(truncate(Clean(f"{short}…"), cells + 1)[:-1])


class RowPainter:
    """Paints rows of one width in the styles of the tree."""

    def __init__(self, style_of: StyleOf, signs: Signs, width: int) -> None:
        """`style_of` gives the style of a part by its names, such as `"title", "cursor"`."""
        self._style_of = style_of
        self._signs = signs
        self._width = width

    def paint_group(
        self,
        row: Row,
        sources: Mapping[int, str],
        unread: int,
        found: int | None,
        states: tuple[str, ...],
        *,
        is_selected: bool = False,
    ) -> Strip:
        """A group, with the number of its unread releases at the right end; under a filter, also of all found."""
        arrow = self._signs.opened if row.is_open else self._signs.closed
        count = str(unread) if unread or found is not None else ""
        of = f"/{found}" if found is not None else ""
        lead = "  " * (len(row.group) - 1) + f"{arrow} "
        room = self._width - len(lead) - len(count) - len(of) - 2
        for is_short in (row.level is Level.DAY and room < LONGEST_DAY, True):
            name = group_name(*row.group[-1], sources, is_short=is_short)
            tail = f"  {group_name(*row.only, sources, is_short=is_short)}" if row.only else ""
            if cell_width(name) + cell_width(tail) <= room:
                break
        else:
            if row.only and row.only[0] is Level.SOURCE:  # which is cut before the date that tells row from row
                source_room = room - cell_width(name) - 2
                tail = f"  {short_source(tail.strip(), source_room)}" if source_room >= LEAST_SOURCE else ""
        name = truncate(name, max(1, room - cell_width(tail)))
        part = "inner" if len(row.group) > 1 else "outer"
        used = len(lead) + cell_width(name) + cell_width(tail) + len(count) + len(of)
        gap = " " * max(1, self._width - used - 1)
        return self._strip(
            [
                *((lead, "quiet"), (name, part), (tail, "inner"), (gap, "quiet")),
                *((count, "count"), (of, "quiet"), (self._signs.selected if is_selected else " ", "shown")),
            ],
            states,
        )

    def paint_release(
        self,
        headline: Headline,
        title: Clean,
        spans: Spans,
        state: ReleaseState,
        states: tuple[str, ...],
        order: Order,
    ) -> Strip:
        """A release: its marks, its date, and as much of its title as fits, with the filter's words lit."""
        signs = self._signs
        part = "kept" if state.is_kept else "read" if state.is_read else "title"
        shown_sign = signs.selected if state.is_selected else signs.shown if state.is_shown else " "
        parts = [
            (" ", "day") if state.is_read else (signs.unread, "unread"),
            (signs.starred, "star") if state.is_starred else (" ", "day"),
            (date_text(headline.date, signs, order), "day"),
            (shown_sign, "shown" if shown_sign.strip() else "day"),
        ]
        room = self._width - sum(len(text) for text, _ in parts) - 1
        source_room = 0 if Level.SOURCE in order.levels else min(SOURCE_COLUMN, room // 3)
        has_source = source_room >= LEAST_SOURCE
        room -= source_room + 1 if has_source else 0
        shown = truncate(title, max(1, room))
        end = 0
        for start, stop in spans:
            if stop > len(shown):
                break
            parts += [(shown[end:start], part), (shown[start:stop], f"{part} match")]
            end = stop
        parts.append((shown[end:], part))
        if has_source:
            parts.append((" " * (room - cell_width(shown) + 1) + short_source(headline.source, source_room), "day"))
        return self._strip(parts, states)

    def _strip(self, parts: Sequence[tuple[str, str]], states: tuple[str, ...]) -> Strip:
        segments = [Segment(text, self._style_of(*names.split(), *states)) for text, names in parts if text]
        return Strip(segments).adjust_cell_length(self._width, self._style_of("quiet", *states))
