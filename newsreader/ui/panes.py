"""Tree and page side by side; where that is too narrow, one at a time."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from newsreader.ui.page_pane import PagePane
from newsreader.ui.release_tree import ReleaseTree

ONE_PANE_WIDTH = 60
"""Narrower screens show the tree or the page, not both."""


class Panes(Horizontal):
    """The two panes, and which of them has the reader's attention."""

    def __init__(self, tree: ReleaseTree, page: PagePane, notice: str, *, id: str) -> None:
        """`notice` stands below the tree; it may be empty."""
        super().__init__(id=id)
        self.release_tree = tree
        self.page = page
        self._notice = notice
        self._left = Vertical(id="left")
        self.is_page_only = False

    def compose(self) -> ComposeResult:
        """Left the tree, right the page."""
        with self._left:
            yield self.release_tree
            if self._notice:
                yield Static(Content(self._notice), id="notice")
        yield self.page

    @property
    def is_narrow(self) -> bool:
        """Whether only one pane is shown."""
        return self.app.size.width < ONE_PANE_WIDTH

    @property
    def is_on_page(self) -> bool:
        """Whether keys go to the page."""
        return self.screen.focused is self.page  # has_focus is told later

    def show_page_only(self, is_page_only: bool) -> None:
        """Show the page and nothing else on the screen, or all again."""
        self.is_page_only = is_page_only
        self.focus_page()

    def show_tree(self) -> None:
        """Show the tree, whoever gets the keys."""
        self._show(shows_page=False)

    def focus_tree(self) -> None:
        """Let keys go to the tree."""
        self._show(shows_page=False)
        self.screen.set_focus(self.release_tree)

    def focus_page(self) -> None:
        """Let keys go to the page."""
        self._show(shows_page=True)
        self.screen.set_focus(self.page)

    def on_resize(self, event: Resize) -> None:
        """Show one pane or both."""
        self._show(shows_page=self.is_on_page)

    def _show(self, *, shows_page: bool) -> None:
        self.is_page_only = self.is_page_only and shows_page
        self.screen.set_class(self.is_page_only, "-page-only")
        self.set_class(self.is_narrow, "-narrow")
        self._left.display = not ((self.is_narrow or self.is_page_only) and shows_page)
        self.page.display = not self.is_narrow or shows_page
