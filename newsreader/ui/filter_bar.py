"""The filter bar: the line where a query is typed, what it found, and what is wrong with it."""

from __future__ import annotations

from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.events import Resize
from textual.message import Message

from newsreader.commands import Scope
from newsreader.text import cell_width
from newsreader.ui.bindings import bindings_of
from newsreader.ui.line_bar import LineBar, LineInput

PLACEHOLDERS = (
    "filter by words, source:nato, date:2024-09 …",
    "filter by words, source:nato …",
    "filter by words …",
    "filter",
)
"""What the empty bar says, the longest that fits."""

MOST_FOR_ERRORS = 0.75
"""The part of the bar's width that an error may take, as app.tcss has it."""


class FilterInput(LineInput):
    """The line itself."""

    BINDINGS: ClassVar = bindings_of(Scope.FILTER)

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


class ErrorMark(Highlighter):
    """Marks the character at which a query cannot be understood."""

    position: int | None = None

    def highlight(self, text: Text) -> None:
        """Mark it, or the last character when it lies behind the end."""
        if self.position is not None and len(text):
            at = min(self.position, len(text) - 1)
            text.stylize("reverse", at, at + 1)


class FilterBar(LineBar):
    """A query being typed, with its result or its error at the right end."""

    class Changed(Message):
        """The query's text changed."""

    class Accepted(Message):
        """The reader is content with the filter."""

    def __init__(self, *, id: str) -> None:
        """The bar is empty at first."""
        self._error_mark = ErrorMark()
        super().__init__("/", FilterInput(highlighter=self._error_mark), id=id)

    def set_text(self, text: str) -> None:
        """Put a text into the bar without telling anyone."""
        super().set_text(text)
        self._style_sign()

    def show_result(self, text: str, *, is_wrong: bool = False) -> None:
        """Say what the query found."""
        self._error_mark.position = None
        super().show_result(text, is_wrong=is_wrong)

    def show_count(self, count: int | None, total: int, *, is_counting: bool) -> None:
        """Say how many releases it found, which may not be known yet, or only how many so far."""
        self.show_result(f"{'…' if count is None else f'{count:,}'}{'+' if is_counting else ''} of {total:,}")

    def show_error(self, message: str, position: int | None) -> bool:
        """Say what is wrong with the query, and mark the character where; False when there is no room to say it all."""
        self.show_result(message, is_wrong=True)
        self._error_mark.position = position
        return len(message) + 2 <= self.size.width * MOST_FOR_ERRORS

    def text_typed(self) -> None:
        """Have another query searched for."""
        self._style_sign()
        self.post_message(self.Changed())

    def _style_sign(self) -> None:
        self.set_class(bool(self.text), "-filtering")
