"""How the screen is shared between tree and page."""

from __future__ import annotations

from newsreader.ui.arrangement import LIMITS, TITLES, WHOLE, describe_layout, next_choice, next_split
from newsreader.ui.divider import Divider
from newsreader.ui.page_screen import PageScreen


class LayoutScreen(PageScreen):
    """The fourth of seven: commands about the layout, which is remembered; `FindingScreen` adds the filter."""

    def on_mount(self) -> None:
        """Share the screen as it was shared last."""
        for arrangement in LIMITS:
            split = self.recall(f"split {arrangement}")
            if split.isdecimal() and len(split) < len(str(WHOLE)):
                self.panes.splits[arrangement] = int(split)
        choice = self.recall("layout")
        self.panes.set_choice(choice if choice in TITLES else "")

    def action_turn_layout(self) -> None:
        """Let the panes stand in the next way."""
        self.panes.set_choice(next_choice(self.panes.choice))
        self.remember("layout", self.panes.choice)
        self.say(describe_layout(self.panes.choice, self.panes.arrangement))

    def action_narrow_tree(self) -> None:
        """Give the tree less room."""
        self._change_split(-1)

    def action_widen_tree(self) -> None:
        """Give the tree more room."""
        self._change_split(1)

    def _change_split(self, step: int) -> None:
        if self.panes.split is None:
            self.say("Only one pane is on the screen; there is no line to move.")
        else:
            self._set_split(next_split(self.panes.split, step))

    def on_divider_dragged(self, message: Divider.Dragged) -> None:
        """Let the line between the panes follow the mouse."""
        self._set_split(self.panes.split_at(message.x, message.y), is_over=message.is_over)

    def _set_split(self, split: int, *, is_over: bool = True) -> None:
        self.panes.set_split(split)
        if is_over:
            self.remember(f"split {self.panes.arrangement}", str(split))
