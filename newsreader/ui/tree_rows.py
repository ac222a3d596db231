"""How a row of the tree looks: which text in which style, cut to the width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from newsreader.models import Date, Headline, Precision
from newsreader.text import Clean, cell_width, clean_line, truncate
from newsreader.ui.outline import WHOLE, Level, Month, Row

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
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


def month_name(month: Month, *, is_short: bool = False) -> str:
    """A month as the tree names it: `October 2024` (or `Oct 2024`), `2024`, `No date`."""
    year, number = month
    if not year:
        return "No date"
    name = MONTHS[number - 1] if number else ""
    return f"{name[:3] if is_short else name} {year}".lstrip()


def day_text(date: Date, signs: Signs) -> str:
    """The day in three cells with the sign of its basis: ` 26`, `≈02`, `~  `, `?  `."""
    sign = str(date)[:1]
    sign = signs.inferred if sign == "≈" else sign if sign in {"~", "?"} else " "
    day = f"{date.day.day:02}" if date.day is not None and date.precision is Precision.DAY else "  "
    return sign + day


class RowPainter:
    """Paints rows of one width in the styles of the tree."""

    def __init__(self, style_of: StyleOf, signs: Signs, width: int) -> None:
        """`style_of` gives the style of a part by its names, such as `"title", "cursor"`."""
        self._style_of = style_of
        self._signs = signs
        self._width = width

    def paint_group(
        self, row: Row, source: str, unread: int, states: tuple[str, ...], *, is_selected: bool = False
    ) -> Strip:
        """A source or a month, with the number of its unread releases at the right end."""
        arrow = self._signs.opened if row.is_open else self._signs.closed
        count = str(unread) if unread else ""
        sign = self._signs.selected if is_selected else " "
        if row.level is Level.MONTH:
            lead, name, tail = f"  {arrow} ", Clean(month_name(row.month)), ""
        else:
            tail = "" if row.month == WHOLE else f"  {month_name(row.month)}"
            lead, name = f"{arrow} ", clean_line(source) or Clean("No source")
        room = self._width - len(lead) - len(count) - 2
        if cell_width(name) + len(tail) > room and tail:
            tail = f"  {month_name(row.month, is_short=True)}"
        name = truncate(name, max(1, room - len(tail)))
        part = "month" if row.level is Level.MONTH else "source"
        gap = " " * max(1, self._width - len(lead) - cell_width(name) - len(tail) - len(count) - 1)
        return self._strip(
            [(lead, "quiet"), (name, part), (tail, "month"), (gap, "quiet"), (count, "count"), (sign, "shown")], states
        )

    def paint_release(
        self, headline: Headline, title: Clean, spans: Spans, state: ReleaseState, states: tuple[str, ...]
    ) -> Strip:
        """A release: its marks, its day, and as much of its title as fits, with the filter's words lit."""
        signs = self._signs
        part = "read" if state.is_read else "title"
        parts = [
            (" " if state.is_read else signs.unread, "unread"),
            (signs.starred if state.is_starred else " ", "star"),
            (day_text(headline.date, signs), "day"),
            (signs.selected if state.is_selected else signs.shown if state.is_shown else " ", "shown"),
        ]
        shown = truncate(title, max(1, self._width - 7))
        end = 0
        for start, stop in spans:
            if stop > len(shown):
                break
            parts += [(shown[end:start], part), (shown[start:stop], f"{part} match")]
            end = stop
        parts.append((shown[end:], part))
        return self._strip(parts, states)

    def _strip(self, parts: Sequence[tuple[str, str]], states: tuple[str, ...]) -> Strip:
        segments = [Segment(text, self._style_of(*names.split(), *states)) for text, names in parts if text]
        return Strip(segments).adjust_cell_length(self._width, self._style_of("quiet", *states))
