"""The tree of groups and releases: a view over an outline that draws and asks for only the rows on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from newsreader.commands import Scope
from newsreader.models import Headline
from newsreader.text import Clean, clean_line, wrap
from newsreader.ui.bindings import MayActions, bindings_of
from newsreader.ui.order import Level
from newsreader.ui.outline import Outline, Row
from newsreader.ui.place_set import PlaceSet
from newsreader.ui.selection import Selection
from newsreader.ui.tree_rows import ReleaseState, RowPainter, Signs, Spans

STATES = ("cursor", "current", "selected")
MUTED = {"read", "day", "inner", "quiet"}
"""Parts of a row that stand back."""
CONTEXT = 2
"""Rows that are seen above and below the cursor, as a group's own rows above its first release."""
CACHED_HEADLINES = 2000
"""How many headlines are kept before they are all asked for anew."""


class ReleaseTree(MayActions, ScrollView, can_focus=True):
    """Groups and their releases as rows with one cursor.

    Attributes down: an outline, the marks, what is on the page and what to light. Messages up: where the cursor went.
    """

    BINDINGS: ClassVar = bindings_of(Scope.TREE)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"release-tree--{part}"
        for part in (
            *("quiet", "outer", "inner", "count", "unread", "star", "day", "shown", "title", "read", "kept", "match"),
            *("cursor", "current", "selected"),
        )
    }

    class Moved(Message):
        """The cursor went to another row, or what its row holds changed."""

        def __init__(self, row: Row, place: int) -> None:
            """`row` is where the cursor is now, `place` the release in it or the first of its group."""
            super().__init__()
            self.row, self.place = row, place

    class Selected(Message):
        """Other releases are selected."""

    class Opened(Message):
        """The reader asked to read the release under the cursor."""

    def __init__(self, fetch: Callable[[Sequence[int]], Iterable[Headline]], signs: Signs, *, id: str) -> None:
        """`fetch` gives the headlines of places, for the rows on screen."""
        super().__init__(id=id)
        self.cursor = 0
        self.empty_text = ""
        self.shown_place: int | None = None
        self.read = PlaceSet()
        self.starred = PlaceSet()
        self.selection = Selection()
        self._fetch = fetch
        self._signs = signs
        self._outline: Outline | None = None
        self.is_filtered = False
        self._sources: Mapping[int, str] = {}
        self._find_spans: Callable[[str], Spans] = lambda _: ()
        self._headlines: dict[int, tuple[Headline, Clean, Spans]] = {}

    @property
    def outline(self) -> Outline | None:
        """What is shown."""
        return self._outline

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._outline.row_count if self._outline is not None else 0

    @property
    def cursor_row(self) -> Row | None:
        """What is under the cursor; None when nothing is shown."""
        return self._outline.row_at(self.cursor) if self._outline is not None and self.cursor < self.row_count else None

    def show(
        self,
        outline: Outline,
        cursor: int,
        sources: Mapping[int, str],
        find_spans: Callable[[str], Spans],
        *,
        is_filtered: bool,
    ) -> None:
        """Show an outline with the cursor in a row, the names of its sources, and what finds the words to light.

        `is_filtered` says that not all releases are in it, so that it is worth telling how many are.
        """
        self._outline = outline
        self.is_filtered = is_filtered
        self._sources = sources
        self._find_spans = find_spans
        self._headlines.clear()
        self._rows_changed(cursor, is_said=False)
        self.selection.show(outline, self.cursor_row)

    def show_marks(self, read: PlaceSet, starred: PlaceSet) -> None:
        """Show other marks."""
        self.read, self.starred = read, starred
        self.refresh()

    def show_as_open(self, place: int | None) -> None:
        """Show which release is on the page."""
        for each in {self.shown_place, place} - {None}:
            index = self._outline.index_of(each) if self._outline is not None and each is not None else None
            if self._outline is not None and index is not None:
                self.refresh_line(self._outline.row_of(index))
        self.shown_place = place

    @property
    def cursor_places(self) -> Sequence[int]:
        """The releases under the cursor: one, or all of a group."""
        row = self.cursor_row
        return self._outline.places[row.start : row.end] if row is not None and self._outline is not None else ()

    @property
    def cursor_headline(self) -> Headline | None:
        """The headline under the cursor, as the tree shows it; None on a group, or when it is not yet known."""
        row = self.cursor_row
        shown = None if row is None or row.place is None else self._headlines.get(row.place)
        return None if shown is None else shown[0]

    def move_to(self, row: int, *, is_said: bool = False, context: int = CONTEXT) -> None:
        """Put the cursor into a row, or the nearest that there is; `is_said` tells also when it was there already."""
        old = self.cursor
        self.cursor = max(0, min(row, self.row_count - 1))
        self._scroll_to_cursor(context)
        self.refresh_line(old)
        self.refresh_line(self.cursor)
        if self.cursor != old or is_said:
            self._post_moved()

    def move_to_place(self, place: int) -> bool:
        """Put the cursor on the release at a place; False when it is not shown."""
        index = None if self._outline is None else self._outline.index_of(place)
        if self._outline is None or index is None:
            return False
        self._move_to_index(self._outline, index)
        return True

    def move_by_release(self, step: int) -> bool:
        """Put the cursor on the next (1) or previous (-1) release; False when there is none."""
        if self._outline is None or not self.row_count:
            return False
        before, after = self._neighbours(self._outline)
        index = after if step > 0 else before
        if not 0 <= index < len(self._outline.places):
            return False
        self._move_to_index(self._outline, index)
        return True

    def move_to_unread(self) -> int | None:
        """Put the cursor on the next unread release: 1; from the top again: -1; None when all others are read."""
        if self._outline is None or not self.row_count:
            return None
        _, after = self._neighbours(self._outline)
        index, turn = self._outline.next_unread(after, self.read), 1
        if index is None:
            index, turn = self._outline.next_unread(0, self.read), -1
        if index is None or self._outline.places[index] == self.shown_place:
            return None
        self._move_to_index(self._outline, index)
        return turn

    def _neighbours(self, outline: Outline) -> tuple[int, int]:
        """The indices of the releases before and after the one on the page, if it is under the cursor.

        If it is not, the cursor's own release, or the first of its group, counts as the next.
        """
        row = outline.row_at(self.cursor)
        index = None if self.shown_place is None else outline.index_of(self.shown_place)
        if index is None or not row.start <= index < row.end:
            return row.start - 1, row.start
        return index - 1, index + 1

    def _move_to_index(self, outline: Outline, index: int) -> None:
        """Put the cursor on the release at an index of the outline's places, opening its groups."""
        height = outline.row_count
        outline.reveal(index)
        row = outline.row_of(index)
        if outline.row_count != height:
            self._rows_changed(row)
        else:
            self.move_to(row, is_said=True)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        row_number = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if self._outline is None or row_number >= self._outline.row_count:
            return self._empty_line(row_number - self.row_count, width)
        row = self._outline.row_at(row_number)
        states = ("cursor",) if row_number == self.cursor else ()
        painter = RowPainter(self._style_of, self._signs, width)
        if row.place is None:
            unread = self._outline.unread_count(row, self.read)
            found = self._outline.match_count(row) if self.is_filtered else None
            is_selected = self.selection.has(row)
            states = ("selected",) if is_selected and not states else states
            return painter.paint_group(row, self._sources, unread, found, states, is_selected=is_selected)
        if row.place not in self._headlines:
            self._provide(self._places_on_screen())
        if row.place not in self._headlines:
            return Strip.blank(width, self._style_of("quiet", *states))
        headline, title, spans = self._headlines[row.place]
        is_shown = row.place == self.shown_place and not states
        if is_shown:
            states = ("current",)
        is_selected = self.selection.has(row)
        if is_selected and not states:
            states = ("selected",)
        is_kept = row.place == self._outline.kept
        state = ReleaseState(row.place in self.read, row.place in self.starred, is_shown, is_selected, is_kept)
        return painter.paint_release(headline, title, spans, state, states, self._outline.order)

    def _empty_line(self, y: int, width: int) -> Strip:
        """A line below the last row; where nothing is found, it may tell the next step."""
        style = self._style_of("quiet")
        has_match = self._outline is not None and self._outline.match_total
        lines = [] if has_match else wrap(Clean(self.empty_text), max(1, width - 2))
        text = f" {lines[y - 1]}" if 0 < y <= len(lines) else ""
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view and rows as wide as the tree."""
        self._set_virtual_size()
        self._scroll_to_cursor()

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse is; a group opens or closes, a release opens at the second click."""
        row_number = self.scroll_offset.y + event.y
        if self._outline is None or not 0 <= row_number < self.row_count:
            return
        is_again = row_number == self.cursor
        self.move_to(row_number, context=0)  # so that what is under the mouse stays there
        if self._outline.row_at(row_number).level is not Level.RELEASE:
            self._toggle(context=0)
        elif is_again:
            self.post_message(self.Opened())

    def action_move_down(self) -> None:
        """One row down."""
        self.move_to(self.cursor + 1)

    def action_move_up(self) -> None:
        """One row up."""
        self.move_to(self.cursor - 1)

    def action_page_down(self) -> None:
        """A screen down."""
        self.move_to(self.cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """A screen up."""
        self.move_to(self.cursor - max(1, self.size.height - 1))

    def action_go_top(self) -> None:
        """To the first row."""
        self.move_to(0)

    def action_go_bottom(self) -> None:
        """To the last row."""
        self.move_to(self.row_count - 1)

    def action_next_group(self) -> None:
        """To the next group."""
        if self._outline is not None and self.row_count:
            row = self._outline.next_group(self.cursor)
            self.move_to(self.cursor if row is None else row)

    def action_previous_group(self) -> None:
        """To the group before."""
        if self._outline is not None and self.row_count:
            row = self._outline.previous_group(self.cursor)
            self.move_to(0 if row is None else row)

    def action_open_node(self) -> None:
        """Read the release, or open or close the group."""
        row = self.cursor_row
        if row is not None and row.place is not None:
            self.post_message(self.Opened())
        else:
            self._toggle()

    def action_expand_node(self) -> None:
        """Open the group or step into it; on a release, go to its page."""
        row = self.cursor_row
        if row is None:
            return
        if row.place is not None:
            self.post_message(self.Opened())
        elif row.is_open:
            self.move_to(self.cursor + 1)
        else:
            self._toggle()

    def action_collapse_node(self) -> None:
        """Close the group, or go up to the one that holds the row."""
        row = self.cursor_row
        if row is None or self._outline is None:
            return
        if row.place is None and row.is_open:
            self._toggle()
        elif (around := self._outline.row_around(self.cursor)) is not None:
            self.move_to(around)

    def action_toggle_all(self) -> None:
        """Open all groups, or close them all when none is closed."""
        row = self.cursor_row
        if row is None or self._outline is None:
            return
        rows = self._outline.row_count
        self._outline.set_all(True)
        if self._outline.row_count == rows:
            self._outline.set_all(False)
        self._rows_changed(self._outline.row_of(row.start))

    def _toggle(self, *, context: int = CONTEXT) -> None:
        row = self.cursor_row
        if row is None or self._outline is None:
            return
        self._outline.set_open(row.group, not row.is_open)
        self._rows_changed(self.cursor, context=context)

    def _rows_changed(self, cursor: int, *, is_said: bool = True, context: int = CONTEXT) -> None:
        """Take the outline's new number of rows, with the cursor in a row of it."""
        self.cursor = max(0, min(cursor, self.row_count - 1))
        self._set_virtual_size()
        self._scroll_to_cursor(context)
        self.refresh()
        if is_said:
            self._post_moved()

    def _post_moved(self) -> None:
        row = self.cursor_row
        if row is not None and self._outline is not None:
            self.post_message(self.Moved(row, self._outline.places[row.start]))

    def _set_virtual_size(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.row_count)

    def _scroll_to_cursor(self, context: int = CONTEXT) -> None:
        """Bring the cursor into view, with so many rows above and below it where there is room for them."""
        if height := self.scrollable_content_region.height:
            context = min(context, (height - 1) // 2)
            first, last = max(0, self.cursor - context), min(self.cursor + context, self.row_count - 1)
            region = Region(0, first, 1, max(1, last - first + 1))
            self.scroll_to_region(region, animate=False, force=True, immediate=True, x_axis=False)

    def _places_on_screen(self) -> list[int]:
        """The places of the releases among the rows on screen."""
        if self._outline is None:
            return []
        top = self.scroll_offset.y
        rows = range(top, min(top + self.size.height + 1, self._outline.row_count))
        return [place for row in rows if (place := self._outline.row_at(row).place) is not None]

    def _provide(self, places: Iterable[int]) -> None:
        """Ask for the headlines of those places that are not at hand."""
        if len(self._headlines) > CACHED_HEADLINES:
            self._headlines.clear()
        missing = [place for place in places if place not in self._headlines]
        for headline in self._fetch(missing) if missing else ():
            title = clean_line(headline.title)
            self._headlines[headline.place] = (headline, title, self._find_spans(title))

    def _style_of(self, *parts: str) -> Style:
        """The style of a part of a row: its own letters on the ground of the row's state.

        Nothing is muted under the focused cursor, whose ground takes enough from the letters.
        """
        if parts[-1] == "cursor" and self.has_focus:
            parts = tuple("title" if part in MUTED else part for part in parts)
        styles = [self.get_component_rich_style(f"release-tree--{part}") for part in parts]
        style = Style.combine(styles[:-1]) if parts[-1] in STATES else styles[-1]
        if parts[-1] in STATES:
            style += Style(bgcolor=styles[-1].bgcolor, reverse=styles[-1].reverse, underline=styles[-1].underline)
        return style
