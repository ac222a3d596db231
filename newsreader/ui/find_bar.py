"""The line in which words are typed that are sought in the release on the page."""

from __future__ import annotations

from collections.abc import Callable, Collection

from textual.events import Key
from textual.message import Message

from newsreader.ui.line_bar import LineBar, LineInput


class FindInput(LineInput):
    """The line itself."""

    def __init__(self, leave: Callable[[Key], bool]) -> None:
        """`leave` gets every key, and says whether it led out of the line."""
        super().__init__(placeholder="find in this release")
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


class FindBar(LineBar):
    """Words being typed, with how often the release has them at the right end; not shown unless it is used."""

    class Changed(Message):
        """Other words are sought."""

    class Accepted(Message):
        """The reader is content with what was found."""

    class GivenUp(Message):
        """The reader wants to go back to where the page was."""

    def __init__(self, *, accept_keys: Collection[str], back_keys: Collection[str], id: str) -> None:
        """`accept_keys` go to what was found, `back_keys` go back."""
        super().__init__("/", FindInput(self._leave), id=id)
        self._accept_keys, self._back_keys = accept_keys, back_keys
        self.leave_to: Callable[[], None] = lambda: None
        self.display = False

    def edit(self) -> None:
        """Begin anew; keys go to the line at once."""
        self.set_text("")
        self.show_result("")
        super().edit()

    def text_typed(self) -> None:
        """Have other words sought."""
        self.post_message(self.Changed())

    def _leave(self, event: Key) -> bool:
        is_back = event.key in self._back_keys or (event.key == "backspace" and not self.text)
        if not is_back and event.key not in self._accept_keys:
            return False
        self.leave_to()
        self.display = False
        self.post_message(self.GivenUp() if is_back else self.Accepted())
        return True
