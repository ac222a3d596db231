"""Lines of text to scroll through, for help and for what a command printed; only the lines on screen are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from newsreader.commands import Scope
from newsreader.text import cell_width
from newsreader.ui.bindings import bindings_of

Part = tuple[str, str]
"""Clean text and the name of its style: `plain`, `strong`, `key` or `quiet`."""


class TextView(ScrollView, can_focus=True):
    """Lines made of styled parts, with the page's keys."""

    BINDINGS: ClassVar = [
        *bindings_of(Scope.PAGE),
        *[binding for binding in bindings_of(Scope.APP) if getattr(binding, "id", "") == "read-on"],
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"text-view--{name}" for name in ("plain", "strong", "key", "quiet", "cursor")
    }

    def __init__(self, lines: Sequence[Sequence[Part]] = (), *, id: str) -> None:
        """`lines` are shown from the first."""
        super().__init__(id=id)
        self.lines = lines

    def show(self, lines: Sequence[Sequence[Part]]) -> None:
        """Show other lines."""
        self.lines = lines
        self._measure()
        self.scroll_to(0, 0, animate=False, force=True)
        self.refresh()

    def on_show(self) -> None:
        """Know how much there is to scroll."""
        self._measure()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        scroll_x, scroll_y = self.scroll_offset
        width = self.scrollable_content_region.width
        if scroll_y + y >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        line = self.lines[scroll_y + y]
        segments = [Segment(text, self.get_component_rich_style(f"text-view--{name}")) for text, name in line]
        return Strip(segments).crop_extend(scroll_x, scroll_x + width, self.rich_style)

    def action_scroll_down(self) -> None:
        """One line down."""
        self.scroll_relative(y=1, animate=False)

    def action_scroll_up(self) -> None:
        """One line up."""
        self.scroll_relative(y=-1, animate=False)

    def action_scroll_page_down(self) -> None:
        """A screen down."""
        self.scroll_relative(y=max(1, self.size.height - 1), animate=False)

    def action_scroll_page_up(self) -> None:
        """A screen up."""
        self.scroll_relative(y=-max(1, self.size.height - 1), animate=False)

    def action_read_on(self) -> None:
        """A screen down."""
        self.action_scroll_page_down()

    def action_scroll_top(self) -> None:
        """To the beginning."""
        self.scroll_to(y=0, animate=False)

    def action_scroll_bottom(self) -> None:
        """To the end."""
        self.scroll_to(y=len(self.lines), animate=False)

    def action_leave_page(self) -> None:
        """To the left."""
        self.scroll_to(x=0, animate=False)

    def _measure(self) -> None:
        width = max((sum(cell_width(text) for text, _ in line) for line in self.lines), default=0)
        self.virtual_size = Size(width, len(self.lines))
