"""Tree and page on one screen: side by side, one above the other, or in turn."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import Static

from newsreader.text import clean_line, wrap
from newsreader.ui.arrangement import LIMITS, WHOLE, Arrangement, arrange
from newsreader.ui.divider import Divider
from newsreader.ui.page_pane import PagePane
from newsreader.ui.release_tree import ReleaseTree

TITLE_ROWS = 3
"""How many rows of a title are shown below the tree while the page is not."""

BAR_ROWS = 2
"""The rows above and below the panes: of the filter bar and the status line."""


class Panes(Container):
    """The two panes, and which of them has the reader's attention."""

    def __init__(self, tree: ReleaseTree, page: PagePane, notice: str, *, id: str) -> None:
        """`notice` stands below the tree; it may be empty."""
        super().__init__(id=id)
        self.release_tree = tree
        self.page = page
        self.choice = ""
        self.splits: dict[Arrangement, int] = {}
        self.is_page_only = False
        self._notice = notice
        self._title = ""
        self._left = Vertical(id="left")
        self._whole_title = Static(id="whole-title")
        self._divider = Divider(id="divider")

    def compose(self) -> ComposeResult:
        """The tree, then the page."""
        with self._left:
            yield self.release_tree
            yield self._whole_title
            if self._notice:
                yield Static(Content(self._notice), id="notice")
        yield self._divider
        yield self.page

    @property
    def arrangement(self) -> Arrangement:
        """How the panes stand now."""
        return arrange(self.choice, self.app.size.width, self.app.size.height)

    @property
    def is_narrow(self) -> bool:
        """Whether only one pane is shown."""
        return self.arrangement is Arrangement.SINGLE

    @property
    def is_on_page(self) -> bool:
        """Whether keys go to the page."""
        return self.screen.focused is self.page  # has_focus is told later

    @property
    def split(self) -> int | None:
        """How much of the room the tree has, in thousandths; None where there is no split."""
        room = self._room(self.arrangement)
        return None if self.is_narrow or self.is_page_only or not room else round(WHOLE * self._cells(room) / room)

    def set_choice(self, choice: str) -> None:
        """Let the panes stand so, or as the size suggests when `choice` is empty."""
        self.choice = choice
        self._show(shows_page=self.is_on_page)

    def set_split(self, split: int) -> None:
        """Give the tree so many thousandths of the room."""
        self.splits[self.arrangement] = split
        self._show(shows_page=self.is_on_page)

    def split_at(self, x: int, y: int) -> int:
        """The split at which the line between the panes would be at a point of the screen."""
        is_above = self.arrangement is Arrangement.ABOVE
        cells = y - self.region.y if is_above else x - self.region.x
        return max(1, min(WHOLE - 1, -(-WHOLE * cells // max(1, self._room(self.arrangement)))))

    def show_title(self, title: str) -> None:
        """Have the whole title below the tree while the page, which begins with it, is not to be seen."""
        if title != self._title:
            self._title = title
            self._show_title()

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

    def on_descendant_focus(self) -> None:
        """Let the line tell which pane gets the keys."""
        self.set_class(self.is_on_page, "-on-page")

    on_descendant_blur = on_descendant_focus

    def on_resize(self, event: Resize) -> None:
        """Find room for one pane or both; a page that stands alone stays while keys go to a line below it."""
        self._show(shows_page=self.is_on_page or not self._left.display)

    def _room(self, arrangement: Arrangement) -> int:
        """The cells in which both panes and the line between them have to fit."""
        return self._full_size.height if arrangement is Arrangement.ABOVE else self._full_size.width

    @property
    def _full_size(self) -> Size:
        """The size, also before the first frame, so that this one is like all that follow."""
        return self.size or Size(self.app.size.width, max(0, self.app.size.height - BAR_ROWS))

    def _cells(self, room: int) -> int:
        arrangement = self.arrangement
        return LIMITS[arrangement].cells(room, self.splits.get(arrangement))

    def _show(self, *, shows_page: bool) -> None:
        arrangement = self.arrangement
        self.is_page_only = self.is_page_only and shows_page
        self.screen.set_class(self.is_page_only, "-page-only")
        for each in Arrangement:
            self.set_class(each is arrangement, f"-{each}")
        is_single = arrangement is Arrangement.SINGLE or self.is_page_only
        self._left.display = not (is_single and shows_page)
        self._divider.display = not is_single
        self.page.display = arrangement is not Arrangement.SINGLE or shows_page
        self._left.styles.width = self._left.styles.height = "1fr"
        if not is_single and arrangement is Arrangement.ABOVE:
            self._left.styles.height = self._cells(self._room(arrangement))
        elif not is_single:
            self._left.styles.width = self._cells(self._room(arrangement))
        self._show_title()

    def _show_title(self) -> None:
        whole = self._whole_title
        whole.display = self.is_narrow and self._full_size.height > 3 * TITLE_ROWS
        if whole.display:
            rows = wrap(clean_line(self._title), max(1, self._full_size.width - 2))
            whole.update(Content("\n".join(rows[:TITLE_ROWS])))
