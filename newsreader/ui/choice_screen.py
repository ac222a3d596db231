"""Lets the reader choose one of several lines, by a letter, the arrows or the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from newsreader.text import Clean, cell_width, truncate

HINTS = "asdfghlqwertyuipzxcvbnm"
"""The letters that choose the first lines; `j` and `k` move, `o` takes the line under the cursor."""

Choice = tuple[Clean, Clean]
"""What a line says first, and what it adds."""


class ChoiceList(ScrollView, can_focus=True):
    """The lines; only those on screen are drawn."""

    BINDINGS: ClassVar = [
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
        Binding("enter,o", "choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"choice-list--{name}" for name in ("hint", "first", "more", "cursor")}

    class Chosen(Message):
        """A line was chosen."""

        def __init__(self, number: int) -> None:
            """`number` counts from 0."""
            super().__init__()
            self.number = number

    def __init__(self, choices: Sequence[Choice], cursor: int) -> None:
        """The cursor begins on the line of the number `cursor`."""
        super().__init__()
        self._choices = choices
        self._column = max((cell_width(first) for first, _ in choices), default=0)
        self.cursor = cursor

    def on_mount(self) -> None:
        """Begin at the cursor."""
        self.virtual_size = Size(1, len(self._choices))
        self.call_after_refresh(self.action_move, 0)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + step, len(self._choices) - 1))
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if not top <= self.cursor < top + height:
            self.scroll_to(
                y=self.cursor - (height - 1 if self.cursor >= top + height else 0), animate=False, force=True
            )
        self.refresh()

    def action_page(self, step: int) -> None:
        """Move the cursor by a screen."""
        self.action_move(step * max(1, self.size.height - 1))

    def action_choose(self) -> None:
        """Take the line under the cursor."""
        self.post_message(self.Chosen(self.cursor))

    def on_key(self, event: Key) -> None:
        """Take the line of a letter."""
        number = HINTS.find(event.character or "\0")
        if 0 <= number < len(self._choices):
            event.stop()
            self.post_message(self.Chosen(number))

    def on_click(self, event: Click) -> None:
        """Take the line under the mouse."""
        number = self.scroll_offset.y + event.y
        if 0 <= number < len(self._choices):
            self.post_message(self.Chosen(number))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        if number >= len(self._choices):
            return Strip.blank(width, self.rich_style)
        first, more = self._choices[number]
        hint = HINTS[number] if number < len(HINTS) else " "
        first = truncate(first, width - 3)
        gap = " " * (min(self._column, width // 2) - cell_width(first) + 2) if more else ""
        more = truncate(more, width - 3 - cell_width(first) - len(gap))
        names = ("hint", "first", "more")
        styles = [self.get_component_rich_style(f"choice-list--{name}", partial=True) for name in names]
        strip = Strip(
            [
                Segment(f"{hint}  ", styles[0]),
                Segment(first, styles[1]),
                Segment(gap + more, styles[2]),
            ]
        ).adjust_cell_length(width)
        cursor = self.get_component_rich_style("choice-list--cursor")
        return strip.apply_style(cursor if number == self.cursor else self.rich_style)


class ChoiceScreen(ModalScreen[int | None]):
    """Lines in a box; gives back the number of the one that was chosen."""

    BINDINGS: ClassVar = [Binding("escape", "dismiss", "Close", show=False)]

    def __init__(self, title: str, choices: Sequence[Choice], cursor: int, hint: str) -> None:
        """`hint` tells what choosing does."""
        super().__init__()
        self._title, self._hint = title, hint
        self._list = ChoiceList(choices, cursor)
        self._height = len(choices)

    def compose(self) -> ComposeResult:
        """A box with the lines and a word on what to do."""
        with Vertical(id="choice-box") as box:
            box.border_title = self._title
            self._list.styles.height = self._height
            yield self._list
            yield Static(Content(self._hint), id="choice-hint")

    def on_mount(self) -> None:
        """Keys go to the lines."""
        self.set_focus(self._list)

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Give it back."""
        self.dismiss(message.number)
