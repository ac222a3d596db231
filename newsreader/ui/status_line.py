"""The last line: the few keys that matter now, or a passing word on what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from newsreader.commands import Command
from newsreader.text import Clean, cell_width, clean_line, truncate, wrap

MESSAGE_SECONDS = 5.0
"""How long a message of one row stays; each further row gives it as much time again."""
LEAST_WIDTH_FOR_STATE = 60
"""Where the line is shorter, all of it is for keys."""
MOST_ROWS = 4
"""How many rows a message may take."""


class StatusLine(Widget):
    """One line of keys; a message takes their place for a few seconds, with as many rows as it needs."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status-line--key", "status-line--message", "status-line--warning"}

    class Chosen(Message):
        """A command was clicked on."""

        def __init__(self, command: Command) -> None:
            """`command` is that under the mouse."""
            super().__init__()
            self.command = command

    def __init__(self, state_command: Command | None = None, *, id: str) -> None:
        """Nothing is shown at first; `state_command` is what a click on the state does."""
        super().__init__(id=id)
        self._state_command = state_command
        self.message = ""
        self._note = self._notice = ""
        self._rows: list[Clean] = []
        self._is_warning = False
        self._commands: tuple[tuple[Command, str], ...] = ()
        self._state = self._state_key = ""
        self._timer: Timer | None = None

    def show_commands(self, commands: Sequence[tuple[Command, str]]) -> None:
        """Show commands with the key of each."""
        if tuple(commands) != self._commands:
            self._commands = tuple(commands)
            self.refresh()

    def show_note(self, note: str) -> None:
        """Show a few words before the keys for as long as they hold."""
        if note != self._note:
            self._note = note
            self.refresh()

    def show_notice(self, notice: str) -> None:
        """Show a warning of a few words before all else, for as long as it holds."""
        if notice != self._notice:
            self._notice = notice
            self.refresh()

    def show_state(self, state: str, key: str = "") -> None:
        """Show at the right end how things stand, in a word or two of ours, and the key that changes it."""
        if (state, key) != (self._state, self._state_key):
            self._state, self._state_key = state, key
            self.refresh()

    def show_message(self, message: str, *, is_warning: bool = False) -> None:
        """Say something for a few seconds; an empty message brings the keys back."""
        if self._timer is not None:
            self._timer.stop()
        self.message, self._is_warning = message, is_warning
        self.set_class(bool(message), "-speaking")
        self._set_rows()
        self._timer = self.set_timer(MESSAGE_SECONDS * len(self._rows), self._clear) if message else None
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Break the message anew."""
        self._set_rows()

    def _set_rows(self) -> None:
        width = max(1, self.app.size.width - 2)
        rows = wrap(clean_line(self.message), width) if self.message else []
        if len(rows) > MOST_ROWS:
            rows[MOST_ROWS - 1 :] = [truncate(Clean(" ".join(rows[MOST_ROWS - 1 :])), width)]
        self._rows = rows
        height = max(1, len(self._rows))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height

    def on_click(self, event: Click) -> None:
        """Choose the command under the mouse; a message goes."""
        if self.message:
            self._clear()
            return
        start = self._note_width
        for command, key in self._shown(self.size.width):
            start += _width(command, key)
            if event.x < start:
                self.post_message(self.Chosen(command))
                return
        is_state = self._has_state(self.size.width) and event.x >= self.size.width - self._state_width - 1
        if is_state and self._state_command is not None:
            self.post_message(self.Chosen(self._state_command))

    def render_line(self, y: int) -> Strip:
        """One row."""
        width = self.size.width
        base = self.rich_style
        if self.message:
            name = "warning" if self._is_warning else "message"
            text = self._rows[y] if y < len(self._rows) else ""
            segments = [Segment(" ", base), Segment(text, self.get_component_rich_style(f"status-line--{name}"))]
        else:
            segments = self._key_segments(width) if y == 0 else []
        return Strip(segments).adjust_cell_length(width, base)

    def _key_segments(self, width: int) -> list[Segment]:
        segments: list[Segment] = []
        for text, name in ((self._notice, "warning"), (self._note, "message")):
            if text:
                style = self.get_component_rich_style(f"status-line--{name}")
                segments += [Segment(" ", self.rich_style), Segment(f"{text} ", style)]
        used = self._note_width
        for command, key in self._shown(width):
            segments += [
                Segment(" ", self.rich_style),
                Segment(key, self.get_component_rich_style("status-line--key")),
                Segment(f" {command.title} ", self.rich_style),
            ]
            used += _width(command, key)
        if self._has_state(width):
            gap = " " * max(1, width - used - self._state_width - 1)
            segments += [
                Segment(gap, self.rich_style),
                Segment(self._state_key, self.get_component_rich_style("status-line--key")),
                Segment(f" {self._state} " if self._state_key else f"{self._state} ", self.rich_style),
            ]
        return segments

    @property
    def _note_width(self) -> int:
        return sum(cell_width(text) + 2 for text in (self._notice, self._note) if text)

    @property
    def _state_width(self) -> int:
        return cell_width(f"{self._state_key} {self._state}" if self._state_key else self._state)

    def _has_state(self, width: int) -> bool:
        return bool(self._state) and width >= LEAST_WIDTH_FOR_STATE

    def _shown(self, width: int) -> list[tuple[Command, str]]:
        """The commands that fit, in their order: those needed most."""
        room = width - self._note_width - (self._state_width + 2 if self._has_state(width) else 0)
        chosen: set[str] = set()
        used = 0
        for command, key in sorted(self._commands, key=lambda each: -each[0].footer_need):
            used += _width(command, key)
            if used > room + 1:
                break
            chosen.add(command.id)
        return [each for each in self._commands if each[0].id in chosen]

    def _clear(self) -> None:
        self.show_message("")


def _width(command: Command, key: str) -> int:
    """The cells of a command with its key, and a space on either side."""
    return cell_width(key) + len(command.title) + 3
