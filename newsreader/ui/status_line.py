"""The last line: the few keys that matter now, or a passing word on what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from newsreader.commands import Command
from newsreader.text import clean_line, truncate

MESSAGE_SECONDS = 5.0


class StatusLine(Widget):
    """One line of keys; a message takes their place for a few seconds."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status-line--key", "status-line--message", "status-line--warning"}

    def __init__(self, *, id: str) -> None:
        """Nothing is shown at first."""
        super().__init__(id=id)
        self.message = ""
        self._is_warning = False
        self._keys: tuple[tuple[str, str], ...] = ()
        self._timer: Timer | None = None

    def show_commands(self, commands: Sequence[tuple[Command, str]]) -> None:
        """Show commands with the key of each."""
        keys = tuple((key, command.title) for command, key in commands)
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def show_message(self, message: str, *, is_warning: bool = False) -> None:
        """Say something for a few seconds; an empty message brings the keys back."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(MESSAGE_SECONDS, self._clear) if message else None
        self.message, self._is_warning = message, is_warning
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        base = self.rich_style
        if self.message:
            name = "warning" if self._is_warning else "message"
            text = truncate(clean_line(self.message), max(1, width - 2))
            segments = [Segment(" ", base), Segment(text, self.get_component_rich_style(f"status-line--{name}"))]
        else:
            segments = self._key_segments(width)
        return Strip(segments).adjust_cell_length(width, base)

    def _key_segments(self, width: int) -> list[Segment]:
        """As many whole keys as fit."""
        segments: list[Segment] = []
        used = 0
        for key, title in self._keys:
            used += len(key) + len(title) + 3
            if used > width + 1:
                break
            segments += [
                Segment(" ", self.rich_style),
                Segment(key, self.get_component_rich_style("status-line--key")),
                Segment(f" {title} ", self.rich_style),
            ]
        return segments

    def _clear(self) -> None:
        self.show_message("")
