"""The page as a pane of the reader: with its keys, and the way back to the tree."""

from __future__ import annotations

from typing import ClassVar

from textual.message import Message

from newsreader.commands import Scope
from newsreader.output import describe_length
from newsreader.ui.bindings import bindings_of
from newsreader.ui.page import Page

SOON_READ = 100
"""Fewer words take less than half a minute, of which nothing needs to be said."""


class PagePane(Page, can_focus=True):
    """The page with the reader's keys."""

    BINDINGS: ClassVar = bindings_of(Scope.PAGE)

    class Left(Message):
        """The reader wants to go back to the tree."""

    def show_progress(self) -> None:
        """Tell how much has been read and how much is left, in the last row."""
        told = f"{self.progress:.0%} · {describe_rest(self.words_left)}" if self.words_left else "end"
        self.border_subtitle = told if self.release is not None else ""

    def action_leave_page(self) -> None:
        """Back to the tree."""
        self.post_message(self.Left())


def describe_rest(words: int) -> str:
    """How much is left to read."""
    if words >= SOON_READ:
        return f"{describe_length(words)} left"
    return f"{words} {'word' if words == 1 else 'words'} left"
