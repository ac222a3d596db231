"""The line in which words are typed that are sought in the release on the page."""

from __future__ import annotations

from collections.abc import Callable, Collection

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key, Paste
from textual.message import Message
from textual.widgets import Input, Static

from newsreader.text import clean_line


class FindInput(Input):
    """The line itself."""

    def __init__(self, leave: Callable[[Key], bool], *, id: str) -> None:
        """`leave` gets every key, and says whether it led out of the line."""
        super().__init__(id=id, compact=True, select_on_focus=False, placeholder="find in this release")
        self._leave = leave

    def on_key(self, event: Key) -> None:
        """Go out of the line at once; a key that was typed behind one that led out is not for the line any more."""
        if self.screen.focused is not self:
            event.stop()
            event.prevent_default()
            self.app.post_message(Key(event.key, event.character))
        elif self._leave(event):
            event.stop()
            event.prevent_default()

    def on_paste(self, event: Paste) -> None:
        """Take all lines of a pasted text as one."""
        event.stop()
        event.prevent_default()
        self.replace(" ".join(clean_line(event.text).split()), *self.selection)


class FindBar(Horizontal):
    """Words being typed, with how often the release has them at the right end; not shown unless it is used."""

    class Changed(Message):
        """Other words are sought."""

    class Accepted(Message):
        """The reader is content with what was found."""

    class GivenUp(Message):
        """The reader wants to go back to where the page was."""

    def __init__(self, *, accept_keys: Collection[str], back_keys: Collection[str], id: str) -> None:
        """`accept_keys` go to what was found, `back_keys` go back."""
        super().__init__(id=id)
        self._accept_keys, self._back_keys = accept_keys, back_keys
        self.leave_to: Callable[[], None] = lambda: None
        self.display = False
        self.line = FindInput(self._leave, id="find-line")
        self.result = Static(id="find-result")

    def compose(self) -> ComposeResult:
        """A sign, the line, and what it found."""
        yield Static("/", id="find-sign")
        yield self.line
        yield self.result

    @property
    def text(self) -> str:
        """What is sought."""
        return self.line.value

    @property
    def is_editing(self) -> bool:
        """Whether keys go to the line."""
        return self.display and self.screen.focused is self.line

    def edit(self) -> None:
        """Begin anew; keys go to the line at once."""
        self.display = True
        with self.line.prevent(Input.Changed):
            self.line.value = ""
        self.show_result("")
        self.screen.set_focus(self.line)

    def show_result(self, text: str, *, is_wrong: bool = False) -> None:
        """Say what was found."""
        self.set_class(is_wrong, "-wrong")
        self.result.update(Content(text))

    def _leave(self, event: Key) -> bool:
        is_back = event.key in self._back_keys or (event.key == "backspace" and not self.text)
        if not is_back and event.key not in self._accept_keys:
            return False
        self.leave_to()
        self.display = False
        self.post_message(self.GivenUp() if is_back else self.Accepted())
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass the text on."""
        event.stop()
        self.post_message(self.Changed())
