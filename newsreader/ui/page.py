"""The page: one release, set in a measure that reads well; only the rows on screen are drawn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from newsreader.models import Release
from newsreader.passages import Kind
from newsreader.text import Clean, cell_width, clean_line, wrap
from newsreader.typeset import MEASURE, SetBody, clip_spans, typeset
from newsreader.ui.page_header import Row, header_rows

MARGIN = 2
"""The least space left and right of the text, where the page is wide enough for any."""

_TOP = -(10**9)
"""The place of the first row, however many rows the header has."""

Spans = Sequence[tuple[int, int]]


def _find_nothing(text: str) -> Spans:
    return ()


class Page(ScrollView, can_focus=True):
    """Shows a release, or a message while there is none."""

    DEFAULT_CSS = """
    Page {
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        .page--title { text-style: bold; }
        .page--source { color: $text-secondary; }
        .page--date { color: $text; }
        .page--facts { color: $text-muted; }
        .page--star { color: $text-warning; text-style: bold; }
        .page--rule { color: $text-disabled; }
        .page--text { color: $text; }
        .page--heading { text-style: bold; }
        .page--match { color: $text; background: $warning-muted; text-style: bold underline; }
        .page--current { color: $text; background: $warning-muted; text-style: bold reverse; }
        .page--message { color: $text-muted; }
        &:ansi {
            .page--facts, .page--rule, .page--message { text-style: dim; }
            .page--match { color: ansi_default; background: ansi_default; text-style: bold underline; }
            .page--current { color: ansi_default; background: ansi_default; text-style: bold reverse; }
        }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "page--title",
        "page--source",
        "page--date",
        "page--facts",
        "page--star",
        "page--rule",
        "page--text",
        "page--heading",
        "page--match",
        "page--current",
        "page--message",
    }
    ALLOW_SELECT = True

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Begin without a release and without a message."""
        super().__init__(id=id, classes=classes)
        self._release: Release | None = None
        self._message = Clean()
        self._is_read = self._is_starred = False
        self._find_spans: Callable[[str], Spans] = _find_nothing
        self._spans: Spans | None = None
        self._current: int | None = None
        self._header: list[Row] = []
        self._body: SetBody | None = None
        self._set_size = Size(0, 0)
        self._place = _TOP

    # What is shown

    @property
    def release(self) -> Release | None:
        """The release that is shown."""
        return self._release

    def show(self, release: Release | None, *, find_spans: Callable[[str], Spans] | None = None) -> None:
        """Show a release from its beginning; None shows the last message.

        `find_spans` says what of the body is to be lit, as `set_find_spans` does.
        """
        self._release = release
        self._body = None
        if release is not None:
            self._is_read, self._is_starred = release.headline.is_read, release.headline.is_starred
        self.set_find_spans(find_spans or self._find_spans)
        self._set(_TOP)

    def show_message(self, text: str) -> None:
        """Show words for a reader who has nothing to read yet."""
        self._message = Clean("\n".join(clean_line(line) for line in text.split("\n")))
        self.show(None)

    def set_marks(self, is_read: bool, is_starred: bool) -> None:
        """Show other marks than the release came with."""
        if (is_read, is_starred) != (self._is_read, self._is_starred):
            self._is_read, self._is_starred = is_read, is_starred
            self._set(self._place)

    def set_find_spans(self, find_spans: Callable[[str], Spans]) -> None:
        """Light what `find_spans` finds in the cleaned body, sorted, not overlapping; it is asked when needed."""
        self._find_spans = find_spans
        self._spans = self._current = None
        self.refresh()

    # Matches

    @property
    def matches(self) -> Spans:
        """Where the body holds what is lit, in characters of the set text."""
        if self._spans is None:
            self._spans = self._find_spans(self._body.text) if self._body is not None else ()
        return self._spans

    def move_to_match(self, step: int) -> str:
        """Go to the next match, or the one before when `step` is -1, and say which it is; empty when there is none."""
        if self._body is None or not self.matches:
            return ""
        if self._current is None:
            first = bisect_left(self.matches, (max(self._place, 0), 0))
            number = first if step > 0 else first - 1
        else:
            number = self._current + step
        if not 0 <= number < len(self.matches):
            return ""
        self._current = number
        row = len(self._header) + self._body.row_of(self.matches[number][0])
        if not self.scroll_offset.y <= row < self.scroll_offset.y + self.size.height:
            self.scroll_to(y=max(row - self.size.height // 3, 0), animate=False, force=True)
        self.refresh()
        return f"Match {number + 1:,} of {len(self.matches):,}."

    def go_to_last_match(self) -> None:
        """Let the next step back go to the last match."""
        self._current = len(self.matches) or None

    # Setting

    def _set(self, place: int) -> None:
        """Set header and body for the present width, with `place` in the top row.

        A place is a character of the set text, or a row of the header, counted below 0 from the body upwards.
        """
        size = self.scrollable_content_region.size
        if not size.width:
            return
        self._set_size = Size(0, 0)
        measure = self._measure(size.width)
        self._header = self._make_header(measure)
        if self._release is not None and (self._body is None or self._body.width != measure):
            self._body = typeset(self._release.body, measure)
            self._body.go_on(60)
        self.virtual_size = Size(size.width, self._height)
        below = place if place < 0 or self._body is None else self._body.row_of(place)
        self.scroll_to(0, max(len(self._header) + below, 0), animate=False, force=True)
        self._set_size = self.size
        self._place = place
        self.refresh()

    @staticmethod
    def _measure(width: int) -> int:
        """How wide the text is set on a page of `width` cells."""
        margin = min(MARGIN, width // 10)
        return max(1, min(MEASURE, width - 2 * margin))

    @property
    def _height(self) -> int:
        return len(self._header) + len(self._body) + 1 if self._body is not None else 0

    def _make_header(self, width: int) -> list[Row]:
        return [] if self._release is None else list(header_rows(self._release, width, is_starred=self._is_starred))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        if self._release is None:
            return self._draw_message(y, width)
        if number >= len(self._header) + len(self._body or ()):
            return Strip.blank(width, self.rich_style)
        margin = (width - self._measure(width)) // 2
        return self._draw(number, self._row(number), margin, width)

    def _row(self, number: int) -> Row:
        """What a row of the page says."""
        if number < len(self._header):
            return self._header[number]
        if self._body is None:
            return ()
        line = self._body[number - len(self._header)]
        return ((Clean(str(line)), "heading" if line.kind is Kind.HEADING else "text"),)

    def _draw(self, number: int, row: Row, margin: int, width: int) -> Strip:
        text = Text(end="")
        for part, name in row:
            text.append(part, self.get_component_rich_style(f"page--{name}"))
        for name, start, end in self._lit(number):
            text.stylize(self.get_component_rich_style(f"page--{name}"), start, end)
        if (selection := self.text_selection) and (selected := selection.get_span(number)):
            start, end = selected
            text.stylize(self.selection_style, start, end if end >= 0 else len(text))
        segments = [Segment(" " * margin, self.rich_style)]
        column = 0
        for segment in text.render(self.app.console):
            style = (segment.style or Style.null()) + Style.from_meta({"offset": (column, number)})
            segments.append(Segment(segment.text, style))
            column += len(segment.text)
        cells = margin + sum(cell_width(part) for part, _ in row)
        if cells < width:
            segments.append(Segment(" " * (width - cells), self.rich_style))
        strip = Strip(segments, max(cells, width))
        return strip if cells <= width else strip.crop(0, width)

    def _lit(self, number: int) -> Iterator[tuple[str, int, int]]:
        """The characters of a row that are to be lit, and the name of the style for it."""
        if self._body is None or number < len(self._header):
            return
        line = self._body[number - len(self._header)]
        for start, end in clip_spans(self.matches, line):
            yield "match", start + line.indent, end + line.indent
        if self._current is not None:
            for start, end in clip_spans(self.matches[self._current : self._current + 1], line):
                yield "current", start + line.indent, end + line.indent

    def _draw_message(self, y: int, width: int) -> Strip:
        lines = wrap(self._message, self._measure(width)) if self._message else []
        number = y - (self.size.height - len(lines)) // 2
        if len(lines) > self.size.height:
            number = y
        if not 0 <= number < len(lines):
            return Strip.blank(width, self.rich_style)
        text = lines[number]
        row: Row = ((text, "message"),)
        return self._draw(number, row, max(0, (width - cell_width(text)) // 2), width)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was selected with the mouse."""
        if self._release is None:
            return None
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else self._height - 1
        lines = []
        for number in range(first, min(last, self._height - 2) + 1):
            text = "".join(part for part, _ in self._row(number))
            start, end = selection.get_span(number) or (0, 0)
            lines.append(text[start : end if end >= 0 else None])
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Textual tells that other text is selected."""
        self.refresh()

    # Scrolling

    def on_resize(self, event: events.Resize) -> None:
        """Set the text anew, with the same words at the top."""
        if self.size != self._set_size:
            self._set(self._place)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember the place, unless a resize moved it."""
        super().watch_scroll_y(old_value, new_value)
        if self._set_size and self.size == self._set_size:
            self._place = self._place_of(round(new_value))

    def _place_of(self, number: int) -> int:
        row = number - len(self._header)
        if not number or not self._body:
            return _TOP
        return row if row < 0 else self._body[min(row, len(self._body) - 1)].start

    @property
    def is_at_end(self) -> bool:
        """Whether the last row is on screen."""
        return self.scroll_offset.y >= self.max_scroll_y

    @property
    def progress(self) -> float:
        """How much of the release has been on screen, from 0 to 1."""
        return min(1.0, (self.scroll_offset.y + self.size.height) / self._height) if self._height else 1.0

    def scroll_lines(self, count: int) -> None:
        """Scroll down by so many rows, or up when `count` is below 0."""
        self.scroll_to(y=self.scroll_offset.y + count, animate=False, force=True)

    def scroll_pages(self, count: int) -> None:
        """Scroll by so many screens, each keeping one row of the last."""
        self.scroll_lines(count * max(1, self.size.height - 1))

    def go_top(self) -> None:
        """Scroll to the beginning."""
        self.scroll_to(y=0, animate=False, force=True)

    def go_bottom(self) -> None:
        """Scroll to the end."""
        self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def action_scroll_down(self) -> None:
        """One line down."""
        self.scroll_lines(1)

    def action_scroll_up(self) -> None:
        """One line up."""
        self.scroll_lines(-1)

    def action_scroll_page_down(self) -> None:
        """A screen down."""
        self.scroll_pages(1)

    def action_scroll_page_up(self) -> None:
        """A screen up."""
        self.scroll_pages(-1)

    def action_scroll_top(self) -> None:
        """To the beginning."""
        self.go_top()

    def action_scroll_bottom(self) -> None:
        """To the end."""
        self.go_bottom()
