"""The line between tree and page, which the mouse drags."""

from __future__ import annotations

from rich.segment import Segment
from textual.events import MouseDown, MouseMove, MouseUp
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget


class Divider(Widget):
    """A line that stands where the page begins."""

    class Dragged(Message):
        """The mouse drags the line."""

        def __init__(self, x: int, y: int, *, is_over: bool) -> None:
            """`x` and `y` are where it is on the screen; `is_over` says that it was let go there."""
            super().__init__()
            self.x, self.y, self.is_over = x, y, is_over

    ALLOW_SELECT = False
    is_dragged = False

    def render_line(self, y: int) -> Strip:
        """One row of it."""
        sign = "─" if self.size.width > 1 else "▏"
        return Strip([Segment(sign * self.size.width, self.rich_style)], self.size.width)

    def on_mouse_down(self, event: MouseDown) -> None:
        """Hold the line."""
        event.stop()
        self.is_dragged = True
        self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Take the line along."""
        if self.is_dragged:
            self.post_message(self.Dragged(int(event.screen_x), int(event.screen_y), is_over=False))

    def on_mouse_up(self, event: MouseUp) -> None:
        """Leave the line here."""
        if self.is_dragged:
            self.is_dragged = False
            self.release_mouse()
            self.post_message(self.Dragged(int(event.screen_x), int(event.screen_y), is_over=True))
