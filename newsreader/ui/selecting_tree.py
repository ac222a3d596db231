"""The tree as a pane of the reader: with the keys that select releases in it."""

from __future__ import annotations

from textual.content import Content
from textual.events import MouseMove
from textual.message import Message

from newsreader.ui.outline import Row
from newsreader.ui.release_tree import ReleaseTree
from newsreader.ui.tree_rows import group_name


class SelectingTree(ReleaseTree):
    """The tree, where the cursor can stretch a range."""

    class Selected(Message):
        """Other releases are selected."""

    def on_mouse_move(self, event: MouseMove) -> None:
        """Show the whole of a name or title beside the mouse where the row has no room for it."""
        number = self.scroll_offset.y + event.y
        row = self.outline.row_at(number) if self.outline is not None and 0 <= number < self.row_count else None
        whole = "" if row is None else self._whole_text(row)
        tooltip = Content(whole) if whole and "…" in self.render_line(event.y).text else None
        if str(self.tooltip or "") != str(tooltip or ""):
            self.tooltip = tooltip

    def _whole_text(self, row: Row) -> str:
        """What a row would show if it had all the room."""
        if row.place is not None:
            return self._headlines[row.place][1] if row.place in self._headlines else ""
        return "  ".join(group_name(*each, self._sources) for each in (row.group[-1], row.only) if each)

    def action_select_range(self) -> None:
        """Begin a range at the cursor, or end it."""
        if row := self.cursor_row:
            self.selection.begin_or_end_range(row)
            self.selection_changed()

    def action_toggle_selected(self) -> None:
        """Select what is under the cursor, or let it go; from a release, go on to the next below."""
        row, outline = self.cursor_row, self.outline
        if row is None or outline is None:
            return
        self.selection.toggle(row)
        self.selection_changed()
        if row.place is not None:
            below = range(self.cursor + 1, outline.row_count)
            rows = ((number, outline.row_at(number)) for number in below)
            self.move_to(
                next((number for number, each in rows if each.place is not None or not each.is_open), self.cursor)
            )

    def action_select_all(self) -> None:
        """Select all that is shown, or let it go."""
        self.selection.toggle_all()
        self.selection_changed()

    def let_go(self) -> None:
        """Let go of all that is selected."""
        self.selection.clear()
        self.selection_changed()

    def selection_changed(self) -> None:
        """Show what is selected, and tell of it."""
        self.refresh()
        self.post_message(self.Selected())

    def _post_moved(self) -> None:
        if self.selection.has_range:
            self.selection.stretch(self.cursor_row)
            self.selection_changed()
        super()._post_moved()
