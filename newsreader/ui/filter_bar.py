"""The filter bar: the line where a query is typed, what it found, and what is wrong with it."""

from __future__ import annotations

from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Paste, Resize
from textual.message import Message
from textual.widgets import Input, Static

from newsreader.commands import Scope
from newsreader.text import cell_width, clean_line
from newsreader.ui.bindings import bindings_of

PLACEHOLDERS = (
    "filter by words, source:nato, date:2024-09 …",
    "filter by words, source:nato …",
    "filter by words …",
    "filter",
)
"""What the empty bar says, the longest that fits."""

MOST_FOR_ERRORS = 0.75
"""The part of the bar's width that an error may take, as app.tcss has it."""


class FilterInput(Input):
    """The line itself."""

    BINDINGS: ClassVar = bindings_of(Scope.FILTER)

    def __init__(self, *, highlighter: Highlighter, id: str) -> None:
        """The line is empty at first."""
        super().__init__(highlighter=highlighter, id=id, compact=True, select_on_focus=False)

    def action_accept_filter(self) -> None:
        """Go to the results."""
        self.post_message(FilterBar.Accepted())

    def action_copy(self) -> None:
        """Copy what is selected in the bar; when nothing is, nothing happens."""
        if self.selected_text:
            self.app.copy_to_clipboard(self.selected_text)

    def on_resize(self, event: Resize) -> None:
        """Say as much in the empty bar as there is room for."""
        fitting = [text for text in PLACEHOLDERS if cell_width(text) <= self.size.width]
        self.placeholder = fitting[0] if fitting else ""

    def on_paste(self, event: Paste) -> None:
        """Take all lines of a pasted text as one."""
        event.stop()
        event.prevent_default()
        self.replace(" ".join(clean_line(event.text).split()), *self.selection)


class ErrorMark(Highlighter):
    """Marks the character at which a query cannot be understood."""

    position: int | None = None

    def highlight(self, text: Text) -> None:
        """Mark it, or the last character when it lies behind the end."""
        if self.position is not None and len(text):
            at = min(self.position, len(text) - 1)
            text.stylize("reverse", at, at + 1)


class FilterBar(Horizontal):
    """A query being typed, with its result or its error at the right end."""

    class Changed(Message):
        """The query's text changed."""

    class Accepted(Message):
        """The reader is content with the filter."""

    def __init__(self, *, id: str) -> None:
        """The bar is empty at first."""
        super().__init__(id=id)
        self._error_mark = ErrorMark()
        self.line = FilterInput(highlighter=self._error_mark, id="filter-line")
        self.result = Static(id="filter-result")  # may be told something while the screen closes

    def compose(self) -> ComposeResult:
        """A sign, the line, and what it found."""
        yield Static("/", id="filter-sign")
        yield self.line
        yield self.result

    @property
    def text(self) -> str:
        """The query's text."""
        return self.line.value

    @property
    def is_editing(self) -> bool:
        """Whether keys go to the bar."""
        return self.screen.focused is self.line  # has_focus is told later

    def set_text(self, text: str) -> None:
        """Put a text into the bar without telling anyone."""
        with self.line.prevent(Input.Changed):
            self.line.value = text
        self.line.cursor_position = len(text)
        self._style_sign()

    def edit(self) -> None:
        """Let keys go to the bar."""
        self.screen.set_focus(self.line)  # at once: the next key is for it

    def show_result(self, text: str) -> None:
        """Say what the query found."""
        self.remove_class("-wrong")
        self._error_mark.position = None
        self.result.update(Content(text))

    def show_error(self, message: str, position: int | None) -> bool:
        """Say what is wrong with the query, and mark the character where; False when there is no room to say it all."""
        self.add_class("-wrong")
        self._error_mark.position = position
        self.result.update(Content(message))
        return len(message) + 2 <= self.size.width * MOST_FOR_ERRORS

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass the text on."""
        event.stop()
        self._style_sign()
        self.post_message(self.Changed())

    def _style_sign(self) -> None:
        self.set_class(bool(self.text), "-filtering")
