"""The page as a pane of the reader: with its keys, and the way back to the tree."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.message import Message

from newsreader.commands import Scope
from newsreader.output import describe_length
from newsreader.text import Clean, cell_width, clean_line, truncate
from newsreader.ui.bindings import bindings_of
from newsreader.ui.page import Page

TITLE_GAP = 2
"""Cells between the title of what is read and how far it is read."""
LEAST_TITLE = 12
"""In fewer cells a title says nothing."""
SOON_READ = 100
"""Fewer words take less than half a minute, of which nothing needs to be said."""


class PagePane(Page, can_focus=True):
    """The page with the reader's keys."""

    BINDINGS: ClassVar = bindings_of(Scope.PAGE)

    class Left(Message):
        """The reader wants to go back to the tree."""

    def show_progress(self) -> None:
        """Tell in the last row what is read, how much of it has been and how much is left."""
        if self.release is None:
            self.border_subtitle = ""
            return
        told = f"{self.progress:.0%} · {describe_rest(self.words_left)}" if self.words_left else "end"
        self.border_subtitle = Content(f"{self._running_title(len(told))}{told}")

    def _running_title(self, used: int) -> str:
        """The title, once it has left the screen, from where the text begins to what stands at the end of the row."""
        width = self.scrollable_content_region.width
        room = width - (width - self.measure) // 2 - used - TITLE_GAP
        if self.release is None or self.is_on_header or room < LEAST_TITLE:
            return ""
        title = truncate(Clean(clean_line(self.release.headline.title).strip()), room)
        return title + " " * (room - cell_width(title) + TITLE_GAP)

    def action_leave_page(self) -> None:
        """Back to the tree."""
        self.post_message(self.Left())


def describe_rest(words: int) -> str:
    """How much is left to read."""
    if words >= SOON_READ:
        return f"{describe_length(words)} left"
    return f"{words} {'word' if words == 1 else 'words'} left"
