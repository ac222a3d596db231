"""A release set in a measure that reads well, and scrolled through; only the rows on screen are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from math import inf
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer

from newsreader.models import Release
from newsreader.text import Clean, cell_width, clean, clean_line, wrap
from newsreader.typeset import MEASURE, SetBody, typeset
from newsreader.ui.page_header import Row, header_rows
from newsreader.ui.page_rows import PAGE_CSS, STYLE_NAMES, body_row, link_style

MARGIN = 2
"""The least space left and right of the text, where the page is wide enough for any."""

TOP = -(10**9)
"""The place of the first row, however many rows the header has."""

SETTING_SECONDS = 0.006
"""How long at a time the rest of a long body is set or looked through; keys are looked at in between."""

PAUSE_SECONDS = 0.006
"""How long is waited before more of that is done."""

UPDATES_BETWEEN = 16
"""After so many times it is told what is known by then: how high the text is, and how often it has what is sought."""


class PageText(ScrollView, can_focus=True):
    """Shows a release, or a message while there is none; `Page` lights and folds what is in it."""

    DEFAULT_CSS = PAGE_CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"page--{name}" for name in STYLE_NAMES}
    ALLOW_SELECT = True

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Begin without a release and without a message."""
        super().__init__(id=id, classes=classes)
        self._release: Release | None = None
        self._text = self._message = Clean()
        self._is_read = self._is_starred = False
        self._header: list[Row] = []
        self._body: SetBody | None = None
        self._measure = MEASURE
        self._set_size = Size(0, 0)
        self._place = TOP
        self._going_on: Timer | None = None
        self._steps = 0

    # What is shown

    @property
    def release(self) -> Release | None:
        """The release that is shown."""
        return self._release

    def show(self, release: Release | None, *, place: int = TOP) -> None:
        """Show a release from a place in its cleaned body; None shows the last message."""
        self._release = release
        self._text = Clean() if release is None else clean(release.body)
        self._know_text()
        self._body = None
        if release is not None:
            self._is_read, self._is_starred = release.headline.is_read, release.headline.is_starred
        self._set(place)

    def _know_text(self) -> None:
        """Take notice of another text; `Page` does."""

    def show_message(self, text: str) -> None:
        """Show words for a reader who has nothing to read yet."""
        self._message = Clean("\n".join(clean_line(line) for line in text.split("\n")))
        self.show(None)

    def set_marks(self, is_read: bool, is_starred: bool) -> None:
        """Show other marks than the release came with."""
        if (is_read, is_starred) != (self._is_read, self._is_starred):
            self._is_read, self._is_starred = is_read, is_starred
            self._set(self._place)

    @property
    def place(self) -> int:
        """The character of the cleaned body in the top row, or a number below 0 in the header."""
        return self._place

    @property
    def measure(self) -> int:
        """How wide the text is set on this page, in cells."""
        return self._measure_for(self.scrollable_content_region.width)

    def set_measure(self, measure: int) -> None:
        """Set the text at most so wide."""
        if measure != self._measure:
            self._measure = measure
            self._set(self._place)

    def show_place(self, place: int, *, is_top: bool = False) -> None:
        """Scroll to a character of the cleaned body, unless it is on the screen."""
        if self._body is None:
            return
        row = len(self._header) + self._body.row_of(place)
        height = self.text_height
        if is_top or not self.scroll_offset.y <= row < self.scroll_offset.y + height:
            self._scroll_to_row(max(row - (1 if is_top else height // 3), 0))
        self.refresh()

    # Setting

    def _set(self, place: int) -> None:
        """Set header and body for the present width, with `place` in the top row.

        A place is a character of the set text, or a row of the header, counted below 0 from the body upwards.
        """
        self._place = place
        size = self.scrollable_content_region.size
        if not size.width:
            return
        self._set_size = Size(0, 0)
        measure = self._measure_for(size.width)
        self._header = self._make_header(measure)
        if self._release is not None and (self._body is None or self._body.width != measure):
            self._body = self._typeset(measure)
        self.return_to(place)
        self._set_size = self.size
        self._place = place
        self._go_on_later()
        self.refresh()
        self.show_progress()

    def return_to(self, place: int) -> None:
        """Put a place, as `place` tells it, into the top row."""
        below = place if place < 0 or self._body is None else self._body.row_of(place)
        self._scroll_to_row(max(len(self._header) + below, 0))
        self._place = place

    def _typeset(self, width: int) -> SetBody:
        return typeset(self._text, width, measure=self._measure)

    def _set_anew(self) -> None:
        """Set the body again, as something but the width has changed."""
        self._body = None
        self._set(self._place)
        self.refresh()

    def _scroll_to_row(self, row: int) -> None:
        """Put a row at the top, once what is below it is set as well."""
        if self._body is not None:
            self._body.reach(row + 2 * self.text_height)
        self._tell_height()
        self.scroll_to(0, row, animate=False, force=True)
        self._place = self._place_of(self.scroll_offset.y)  # also when the size is about to change

    def _tell_height(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self._height)

    def _go_on_later(self) -> None:
        """Do what is left to do for this release while nothing else is to do."""
        if self._going_on is None:
            self._going_on = self.set_timer(PAUSE_SECONDS, self._go_on)

    def _go_on(self) -> None:
        self._going_on = None
        if self._do_more():
            self._go_on_later()

    def _do_more(self) -> bool:
        """Set more of a long body; False when there is nothing left to do."""
        if self._body is None or self._body.is_whole:
            return False
        self._body.go_on(SETTING_SECONDS)
        self._steps += 1
        if self._body.is_whole or self._steps % UPDATES_BETWEEN == 0:
            self._tell_height()
        return True

    def _measure_for(self, width: int) -> int:
        """How wide the text is set on a page of `width` cells."""
        margin = min(MARGIN, width // 10)
        return max(1, min(self._measure, width - 2 * margin))

    @property
    def text_height(self) -> int:
        """How many rows are on the screen."""
        return self.scrollable_content_region.height

    @property
    def _height(self) -> int:
        return len(self._header) + self._body.height if self._body is not None else 0

    def _make_header(self, width: int) -> list[Row]:
        return [] if self._release is None else list(header_rows(self._release, width, is_starred=self._is_starred))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        if self._release is None:
            return self._draw_message(y, width)
        if not self._has_row(number):
            return Strip.blank(width, self.rich_style)
        margin = (width - self._measure_for(width)) // 2
        return self._draw(number, self._row(number), margin, width)

    def _has_row(self, number: int) -> bool:
        below = number - len(self._header)
        return below < 0 or (self._body is not None and self._body.reach(below))

    def _row(self, number: int) -> Row:
        """What a row of the page says."""
        if number < len(self._header):
            return self._header[number]
        if self._body is None:
            return ()
        return body_row(self._body[number - len(self._header)])

    def _draw(self, number: int, row: Row, margin: int, width: int) -> Strip:
        text = Text(end="")
        for part, name in row:
            text.append(part, self.get_component_rich_style(f"page--{name}"))
        for name, start, end in self._lit(number):
            text.stylize(self.get_component_rich_style(f"page--{name}"), start, end)
        for url, start, end in self._links_on(number):
            text.stylize(self.get_component_rich_style("page--link", partial=True) + link_style(url), start, end)
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
        """The characters of a row that have another style than its own, and the name of that; `Page` knows them."""
        return iter(())

    def _links_on(self, number: int) -> Iterator[tuple[str, int, int]]:
        """Where the links of a row lead, and where they stand; `Page` knows them."""
        return iter(())

    def _draw_message(self, y: int, width: int) -> Strip:
        lines = wrap(self._message, self._measure_for(width)) if self._message else []
        number = y - (self.text_height - len(lines)) // 2
        if len(lines) > self.text_height:
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
        last = selection.end.y if selection.end else None
        lines = []
        for number in count(first):
            if (last is not None and number > last) or not self._has_row(number):
                break
            text = "".join(" " * len(part) if name == "bar" else part for part, name in self._row(number))
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
            self.show_progress()

    def _place_of(self, number: int) -> int:
        row = number - len(self._header)
        if not number or self._body is None or not self._body.reach(0):
            return TOP
        return row if row < 0 else self._body[row if self._body.reach(row) else len(self._body) - 1].start

    @property
    def is_at_end(self) -> bool:
        """Whether the last row is on screen."""
        self._set_below(self.scroll_offset.y)
        return self.scroll_offset.y >= self.max_scroll_y

    @property
    def is_on_header(self) -> bool:
        """Whether any of the header is on screen."""
        return self.scroll_offset.y < len(self._header)

    @property
    def progress(self) -> float:
        """How much of the release has been on screen, from 0 to 1."""
        return min(1.0, (self.scroll_offset.y + self.text_height) / self._height) if self._height else 1.0

    @property
    def words_left(self) -> int:
        """About how many words are below the screen, as if all were of the same length."""
        if self._release is None or self._body is None:
            return 0
        row = self.scroll_offset.y + self.text_height - 1 - len(self._header)
        if row >= 0 and not self._body.reach(row):
            return 0
        left = len(self._text) - (self._body[row].end if row >= 0 else 0)
        return round(self._release.headline.words * left / max(len(self._text), 1))

    def show_progress(self) -> None:
        """Tell how far the reader is; the pane of the reader does."""

    def _set_below(self, row: int) -> None:
        """Know the height before a screen from this row on is shown, as far as it matters."""
        if self._body is not None and not self._body.is_whole:
            self._body.reach(row + 2 * self.text_height)
            if self._body.is_whole or self._height > self.virtual_size.height:
                self._tell_height()

    def scroll_lines(self, rows: int) -> None:
        """Scroll down by so many rows, or up when `rows` is below 0."""
        row = self.scroll_offset.y + rows
        self._set_below(row)
        self.scroll_to(y=row, animate=False, force=True)

    def scroll_pages(self, count: int) -> None:
        """Scroll by so many screens, each keeping one row of the last."""
        self.scroll_lines(count * max(1, self.text_height - 1))

    def go_top(self) -> None:
        """Scroll to the beginning."""
        self.scroll_to(y=0, animate=False, force=True)

    def go_bottom(self) -> None:
        """Scroll to the end."""
        if self._body is not None:
            self._body.go_on(inf)
            self._tell_height()
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
