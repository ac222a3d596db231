"""Help over the reader: it can be searched, and what it tells can be done from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.events import Click, Key, Resize
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, Static

from newsreader.commands import Command
from newsreader.ui.help_entries import Entry, find_entries, help_entries, lay_out
from newsreader.ui.text_view import TextView

HINT = "/ searches, Enter runs a command or tries a query, Esc closes"
SEARCH_HINT = "Enter takes the first, ↓ goes to the list, Esc shows all"


class HelpList(TextView):
    """The entries, with a cursor on one of them."""

    BINDINGS: ClassVar = [Binding("enter", "choose", "Do it", show=False)]

    class Chosen(Message):
        """An entry was chosen."""

        def __init__(self, choice: Command | str) -> None:
            """`choice` is a command to run, or a query to try."""
            super().__init__()
            self.choice = choice

    def __init__(self, *, id: str) -> None:
        """Nothing is shown at first."""
        super().__init__(id=id)
        self.entries: Sequence[Entry] = ()
        self.cursor = 0
        self._owners: list[int | None] = []

    def show_entries(self, entries: Sequence[Entry], cursor: int = 0) -> None:
        """Show these entries, as wide as there is room."""
        self.entries = entries
        rows = list(lay_out(entries, max(20, self.scrollable_content_region.width)))
        self._owners = [owner for _, owner in rows]
        self.show([line for line, _ in rows])
        self.move_to(cursor)

    def move_to(self, entry: int) -> None:
        """Put the cursor on an entry, or the nearest that there is, and show all of it."""
        self.cursor = max(0, min(entry, len(self.entries) - 1))
        rows = [row for row, owner in enumerate(self._owners) if owner == self.cursor]
        if rows:
            top = 0 if self.cursor == 0 else rows[0]
            height = max(1, self.size.height)
            if top < self.scroll_offset.y:
                self.scroll_to(y=top, animate=False, force=True)
            elif rows[-1] >= self.scroll_offset.y + height:
                self.scroll_to(y=rows[-1] - height + 1, animate=False, force=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen; that of the cursor has a sign, too."""
        strip = super().render_line(y)
        row = self.scroll_offset.y + y
        if row >= len(self._owners) or self._owners[row] != self.cursor or not self.entries:
            return strip
        style = self.get_component_rich_style("text-view--cursor")
        is_first = row == 0 or self._owners[row - 1] != self.cursor
        if is_first:
            strip = Strip.join([Strip([Segment("▸ ", self.rich_style)]), strip.crop(2)])
        return strip.apply_style(style)

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse is; do what is there at the second click."""
        row = self.scroll_offset.y + event.y
        owner = self._owners[row] if 0 <= row < len(self._owners) else None
        if owner is None:
            return
        if owner == self.cursor:
            self.action_choose()
        self.move_to(owner)

    def action_choose(self) -> None:
        """Do what the entry tells."""
        choice = self.entries[self.cursor].choice if self.entries else None
        if choice is not None:
            self.post_message(self.Chosen(choice))

    def action_scroll_down(self) -> None:
        """To the next entry."""
        self.move_to(self.cursor + 1)

    def action_scroll_up(self) -> None:
        """To the entry before."""
        self.move_to(self.cursor - 1)

    def action_scroll_page_down(self) -> None:
        """A screen down."""
        self._move_rows(self.size.height - 1)

    def action_scroll_page_up(self) -> None:
        """A screen up."""
        self._move_rows(1 - self.size.height)

    def action_scroll_top(self) -> None:
        """To the first entry."""
        self.move_to(0)

    def action_scroll_bottom(self) -> None:
        """To the last entry."""
        self.move_to(len(self.entries) - 1)

    def _move_rows(self, rows: int) -> None:
        """Put the cursor on the entry so many rows away."""
        if self.cursor not in self._owners:
            return
        row = max(0, min(self._owners.index(self.cursor) + rows, len(self._owners) - 1))
        owners: Iterable[int | None] = self._owners[row:] if rows > 0 else reversed(self._owners[: row + 1])
        end = len(self.entries) - 1 if rows > 0 else 0
        self.move_to(next((owner for owner in owners if owner is not None), end))


class HelpScreen(ModalScreen["Command | str | None"]):
    """Help; gives back the command to run or the query to try that was chosen in it."""

    AUTO_FOCUS = "#help-lines"
    BINDINGS: ClassVar = [
        Binding("slash", "search", "Search", show=False, id="edit-filter"),
        Binding("escape", "back", "Back", show=False),
        Binding("q", "dismiss", "Close", show=False),
        Binding("question_mark,f1", "dismiss", "Close", show=False, id="show-help"),
    ]

    def __init__(self, keys: Mapping[str, str]) -> None:
        """`keys` are those of the configuration, by command id."""
        super().__init__()
        self._entries = list(help_entries(keys))

    def compose(self) -> ComposeResult:
        """A box with a line to search, the entries and a word on what to do."""
        with Vertical(id="help-box") as box:
            box.border_title = "Help"
            with Horizontal(id="help-top"):
                yield Static("/", id="help-sign")
                yield Input(placeholder="search the help", id="help-search", compact=True)
            yield HelpList(id="help-lines")
            yield Static(HINT, id="help-hint")

    def on_resize(self, event: Resize) -> None:
        """Set the text anew for the width."""
        self.call_after_refresh(self._set_entries, keeps_cursor=True)

    def on_descendant_focus(self) -> None:
        """Say what keys do now."""
        self.query_one("#help-hint", Static).update(SEARCH_HINT if self._is_searching else HINT)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only what fits."""
        event.stop()
        self._set_entries()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what was found first."""
        self.query_one(HelpList).action_choose()

    def on_key(self, event: Key) -> None:
        """Go down from the line to what was found."""
        if self._is_searching and event.key in {"down", "pagedown"}:
            entries = self.query_one(HelpList)
            entries.focus()
            if event.key == "pagedown":
                entries.action_scroll_page_down()
            event.stop()

    def on_help_list_chosen(self, message: HelpList.Chosen) -> None:
        """Close, and have it done."""
        self.dismiss(message.choice)

    def action_search(self) -> None:
        """Go to the line that is searched for."""
        self.query_one(Input).focus()

    def action_back(self) -> None:
        """Show all again; close when all is shown."""
        line = self.query_one(Input)
        if line.value or self._is_searching:
            line.value = ""
            self.query_one(HelpList).focus()
        else:
            self.dismiss(None)

    @property
    def _is_searching(self) -> bool:
        return self.focused is self.query_one(Input)

    def _set_entries(self, *, keeps_cursor: bool = False) -> None:
        view = self.query_one(HelpList)
        view.show_entries(find_entries(self._entries, self.query_one(Input).value), view.cursor if keeps_cursor else 0)
