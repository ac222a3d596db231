"""A bar in which something is typed: a sign, the line, and at the right end a word on what is typed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Paste
from textual.widgets import Input, Static

from newsreader.text import clean_line


class LineInput(Input):
    """The line of a bar, which has one line whatever is put into it."""

    def on_paste(self, event: Paste) -> None:
        """Take all lines of a pasted text as one."""
        event.stop()
        event.prevent_default()
        self.replace(" ".join(clean_line(event.text).split()), *self.selection)


class LineBar(Horizontal):
    """The bar; of one with the id `find`, the parts are `find-sign`, `find-line` and `find-result`."""

    def __init__(self, sign: str, line: LineInput, *, id: str) -> None:
        """The line is empty at first."""
        super().__init__(id=id)
        line.id, line.compact, line.select_on_focus = f"{id}-line", True, False
        self.line = line
        self.result = Static(id=f"{id}-result")  # may be told something while the screen closes
        self._sign = Static(sign, id=f"{id}-sign")

    def compose(self) -> ComposeResult:
        """The sign, the line, and the word on it."""
        yield self._sign
        yield self.line
        yield self.result

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self.line.value

    @property
    def is_editing(self) -> bool:
        """Whether keys go to the line."""
        return self.display and self.screen.focused is self.line  # has_focus is told later

    def set_text(self, text: str) -> None:
        """Put a text into the line, of which `text_typed` is not told."""
        with self.line.prevent(Input.Changed):
            self.line.value = text
        self.line.cursor_position = len(text)

    def edit(self) -> None:
        """Let keys go to the line at once, also the very next."""
        self.display = True
        self.screen.set_focus(self.line)

    def show_result(self, text: str, *, is_wrong: bool = False) -> None:
        """Say a word on what is typed."""
        self.set_class(is_wrong, "-wrong")
        self.result.update(Content(text))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it within the bar."""
        event.stop()
        self.text_typed()

    def text_typed(self) -> None:
        """Know that another text was typed; each bar does with it what it is for."""
