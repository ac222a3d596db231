"""The reader's main screen: binds filter bar, tree and page together over the library."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from newsreader.pace import describe_progress
from newsreader.text import clean_line
from newsreader.ui.commanding_screen import CommandingScreen
from newsreader.ui.desk import Anchor, Desk
from newsreader.ui.outline import Folds
from newsreader.ui.refreshing import RefreshFinished, RefreshMoved, refresh_archive
from newsreader.ui.searching import Found
from newsreader.ui.tree_rows import Signs

POLL_SECONDS = 0.5
"""How often it is looked whether marks or archive have changed, also by what this process reads itself."""

LET_GO = "The library has changed, and so much was selected that it is let go; A selects all again."


class MainScreen(CommandingScreen):
    """The last of seven: the library, and all that is on the screen; `newsreader.ui` tells what each of them holds."""

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is read before the screen is mounted."""
        super().__init__(desk, signs)
        self._archive = desk.archive
        self._is_refreshing = self._was_empty = False
        self._is_asked = False
        self._has_told = False
        self._is_leaving = False
        self._is_urgent = False

    def compose(self) -> ComposeResult:
        """Filter bar, tree and page, status line; the command line takes the place of the last."""
        yield self.filter_bar
        yield self.panes
        yield self.tour
        yield self.find_bar
        yield self.command_line
        yield self.status

    def on_mount(self) -> None:
        """Show what the archive holds at once, then bring it up to date."""
        self.begin()
        self.call_after_refresh(self._start_refresh)
        self.set_interval(POLL_SECONDS, self._poll)

    def _show_found(self, found: Found) -> None:
        super()._show_found(found)
        self._is_urgent = True

    def on_idle(self) -> None:
        """Draw what was found as soon as all of it is told, not with the next tick of Textual's clock."""
        if self._is_urgent and (self._layout_required or self.release_tree in self._dirty_widgets):
            self._is_urgent = False
            self._on_timer_update()

    def _compositor_refresh(self) -> None:
        """Draw; below another screen only what has changed, while Textual would go on to draw all without end."""
        super()._compositor_refresh()
        if self.app.screen is not self:
            self._repaint_required = False

    # The library

    def _poll(self) -> None:
        """Take over what other instances have marked, and what any refresh, our own too, has changed."""
        self._poll_marks()
        if self._archive_version() != self._asked_version:
            self._reload()

    @work(group="marks")
    async def _poll_marks(self) -> None:
        await self.marking.poll()

    def _where_library(self) -> str:
        """The paths of the library."""
        return ", ".join(clean_line(path) for path in self.desk.library.paths)

    def action_refresh_library(self) -> None:
        """Read what is new or changed, and say so even if nothing is."""
        self._is_asked = True
        self._start_refresh()

    def _start_refresh(self) -> None:
        if not self._is_refreshing:
            self._is_refreshing, self._was_empty = True, not self._total
            self.run_worker(self._refresh, thread=True, group="refresh")

    def _refresh(self) -> None:
        """In a thread: refresh, and post how it goes."""
        worker = get_current_worker()
        refreshed = refresh_archive(
            self._archive, self.desk.library, self._post_progress, lambda: worker.is_cancelled or self._is_leaving
        )
        self.post_message(RefreshFinished(refreshed))

    def _post_progress(self, moved: RefreshMoved) -> None:
        self.post_message(moved)

    def on_refresh_moved(self, message: RefreshMoved) -> None:
        """Say how far it is and how long it will take."""
        if message.progress.of_digests:
            self._has_told = True
            self.say(describe_progress(message.progress, message.seconds))

    def on_refresh_finished(self, message: RefreshFinished) -> None:
        """Show what is new."""
        self._is_refreshing, self._has_refreshed = False, True
        refreshed = message.refreshed
        # reading, too, changes what `is:unread` finds
        if self._was_empty or self._is_asked or not self.is_up_to_date():
            self._reload()
        if refreshed.is_warning or self._is_asked or (refreshed.has_changed and not self._was_empty):
            self.say(refreshed.summary, refreshed.is_warning)
        elif self._has_told:
            self.say(self.marking.problem, bool(self.marking.problem))
        self._is_asked = self._has_told = False

    def _reload(self) -> None:
        """Show the archive as it is now; cursor and page stay with their releases, wherever these stand now."""
        self._total = self._count_all()
        if self._anchor is not None and self._anchor.id:
            place = self.place_of(self._anchor.id)
            self._anchor = self._anchor if place is None else Anchor(place, id=self._anchor.id)
        if self.shown is not None:
            place = self.place_of(self.shown.headline.id)
            if place is not None:
                self.shown = self.ask_archive(lambda archive: archive.release(place), None) or self.shown
            self.release_tree.show_as_open(place)
        self._return_to_left()
        if not self.release_tree.selection.follow(self.place_of):
            self.say(LET_GO)
        self.marking.load()
        self._search(is_typed=self.filter_bar.is_editing, is_first=True)

    @property
    def has_settled(self) -> bool:
        """Whether what was sought is shown, and a release of it."""
        return self.shown is not None and not self._is_searching

    @property
    def is_as_next_start(self) -> bool:
        """Whether the next start will show just the same; what is not remembered must be as it is at a start."""
        is_plain = not (self.filter_bar.text or self.release_tree.selection or self.panes.is_page_only)
        is_quiet = not (self.status.message or self._folds != Folds()) and self.is_up_to_date()
        headline = self.release_tree.cursor_headline
        is_on_it = self.shown is not None and headline is not None and headline.id == self.shown.headline.id
        return self.has_settled and is_plain and is_quiet and is_on_it and self.focused is self.release_tree

    async def leave(self) -> None:
        """Stop what runs beside the screen, remember the place, and wait for the marks."""
        self._is_leaving = True
        left = self.left.dump()
        if not self.desk.is_picking and self.is_mounted and left != self.recall(self.left_key):
            self.remember(self.left_key, left)
        await super().leave()
