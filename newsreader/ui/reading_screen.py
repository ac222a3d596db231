"""The release at hand: opening it, reading on, marking it, and handing its text to others."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, TypeVar

from textual.screen import Screen
from textual.timer import Timer

from newsreader.archive import Archive
from newsreader.commands import Scope
from newsreader.errors import ArchiveError, NewsreaderError
from newsreader.models import Headline, Mark, Release
from newsreader.output import Format, Layout, render_releases
from newsreader.ui.bindings import MayActions, bindings_of
from newsreader.ui.desk import Desk
from newsreader.ui.marking import Marking, Targets, describe_change
from newsreader.ui.page_pane import PagePane
from newsreader.ui.panes import Panes
from newsreader.ui.pipe_screen import PipeScreen
from newsreader.ui.release_tree import ReleaseTree
from newsreader.ui.status_line import StatusLine
from newsreader.ui.tree_rows import Signs

SAMPLE_NOTICE = "Sample digests. newsreader DIR opens your own."
PICK_NOTICE = "Enter prints the release and leaves."
Answer = TypeVar("Answer")

CHANGED_LIBRARY = "The library has changed just now; look again."


class ReadingScreen(MayActions, Screen[None], inherit_bindings=False):
    """Tree, page and status line, and the commands about the release at hand; `MainScreen` adds finding it."""

    BINDINGS: ClassVar = bindings_of(Scope.APP)

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is read before the screen is mounted."""
        super().__init__()
        self.desk = desk
        self.printed: list[str] = []
        self.shown: Release | None = None
        self.marking = Marking(desk.archive, desk.marks, self.marks_changed, self.say)
        self.release_tree = ReleaseTree(self._fetch_headlines, signs, id="tree")
        self.page = PagePane(id="page")
        notice = PICK_NOTICE if desk.is_picking else SAMPLE_NOTICE if desk.is_sample else ""
        self.panes = Panes(self.release_tree, self.page, notice, id="panes")
        self.status = StatusLine(id="status")
        self._read_timer: Timer | None = None
        self._command = ""
        self._stays_unread = False
        self._match_step = 0
        self._has_acted = False

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys of the configuration, by command id."""
        return self.desk.config.keys

    def say(self, message: str, is_warning: bool = False) -> None:
        """Tell the reader something, in passing; an empty message takes the last one back."""
        self.status.show_message(message, is_warning=is_warning)

    def ask_archive(self, question: Callable[[Archive], Answer], otherwise: Answer) -> Answer:
        """What the archive answers; when it cannot, that is said, and it is brought up to date, which mends it."""
        try:
            return question(self.desk.archive)
        except (ArchiveError, sqlite3.Error) as error:
            self.say(str(error), True)
            self.call_later(self.action_refresh_library)
            return otherwise

    def _fetch_headlines(self, places: Sequence[int]) -> Sequence[Headline]:
        return self.ask_archive(lambda archive: archive.headlines(places), [])

    def action_refresh_library(self) -> None:
        """Bring the archive up to date; `MainScreen` does."""

    # Reading

    def open(self, place: int) -> None:
        """Show the release at a place on the page; it becomes read when it stays there."""
        if self.shown is not None and self.shown.headline.place == place:
            return
        release = self.ask_archive(lambda archive: archive.release(place), None)
        if release is None:
            return
        self.shown = release
        self._stays_unread = False
        self.page.show(release)
        self._enter_match()
        self.release_tree.show_as_open(place)
        self._show_marks_on_page(release)
        self._start_reading()

    def acted(self) -> None:
        """Know that somebody is there: before the first key or click, nothing counts as read."""
        if not self._has_acted:
            self._has_acted = True
            self._start_reading()

    def _start_reading(self) -> None:
        """Have the release on the page become read if it stays there."""
        self._stop_reading()
        seconds = self.desk.config.read_after
        if self.shown is None or not self._has_acted or self.desk.is_picking or seconds < 0:
            return
        if seconds == 0:
            self._count_as_read()
        else:
            self._read_timer = self.set_timer(seconds, self._count_as_read)

    def _open_under_cursor(self) -> None:
        """Open the release that the cursor has gone to before the next key is looked at."""
        row = self.release_tree.cursor_row
        if row is not None and row.place is not None:
            self.open(row.place)

    def _enter_match(self) -> None:
        """Go to the first match of a release that was come to from match to match, or to its last."""
        if self._match_step < 0:
            self.page.go_to_last_match()
        if self._match_step and (said := self.page.move_to_match(self._match_step)):
            self.say(said)
        self._match_step = 0

    async def on_status_line_chosen(self, message: StatusLine.Chosen) -> None:
        """Do what was clicked on."""
        holder = self if message.command.scope is Scope.APP else self.focused
        await self.app.run_action(message.command.action, default_namespace=holder)

    async def on_release_tree_opened(self) -> None:
        """Go to the page, or print the release when one is to be picked."""
        if self.desk.is_picking:
            await self.action_print_release()
        else:
            self.panes.focus_page()

    def on_page_pane_left(self) -> None:
        """Back to the tree."""
        self.panes.focus_tree()

    def action_switch_pane(self) -> None:
        """From the tree to the page and back."""
        if self.panes.is_on_page:
            self.panes.focus_tree()
        else:
            self.panes.focus_page()

    def action_next_release(self) -> None:
        """Open the next release, the one that was open is read; on the page, go from match to match first."""
        if self.panes.is_on_page and (said := self.page.move_to_match(1)):
            self.say(said)
            return
        self._finish()
        if self.release_tree.move_by_release(1):
            self._match_step = int(self.panes.is_on_page)
            self._open_under_cursor()
        else:
            self.say("No more releases after this one.")

    def may_previous_match(self) -> bool:
        """Whether the filter seeks words that the page can show."""
        return self.shown is not None

    def action_previous_match(self) -> None:
        """Go to the match before; from the first, to the last of the release before."""
        if said := self.page.move_to_match(-1):
            self.say(said)
        elif self.release_tree.move_by_release(-1):
            self._match_step = -1
            self._open_under_cursor()
        else:
            self.say("No more releases before this one.")

    def action_previous_release(self) -> None:
        """Open the previous release."""
        if self.release_tree.move_by_release(-1):
            self._open_under_cursor()
        else:
            self.say("No more releases before this one.")

    def action_next_unread(self) -> None:
        """Open the next unread release, from the top again after the last; the one that was open is read."""
        self._finish()
        found = self.release_tree.move_to_unread()
        self._open_under_cursor()
        if found is None:
            self.say("Nothing else is unread here.")
        elif found < 0:
            self.say("From the top again.")

    def action_read_on(self) -> None:
        """Scroll the page; at its end, on to the next unread release."""
        if self.panes.is_narrow and not self.panes.is_on_page and self.shown is not None:
            self.panes.focus_page()
        elif self.shown is None or self.page.is_at_end:
            self.action_next_unread()
        else:
            self.page.scroll_pages(1)

    def _finish(self) -> None:
        """Mark the release on the page as read, as the reader goes on from it, unless it was just marked as unread."""
        self._stop_reading()
        if not self._stays_unread and not self.desk.is_picking:
            self._count_as_read()

    def _count_as_read(self) -> None:
        """Mark the release on the page as read without being asked to: that is not among what can be taken back."""
        if self.shown is not None:
            self._change(Targets.of(self.shown.headline), Mark.READ, True, is_automatic=True)

    def _stop_reading(self) -> None:
        if self._read_timer is not None:
            self._read_timer.stop()

    # Marks

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self.release_tree.show_marks(self.marking.read, self.marking.starred)
        if self.shown is not None:
            self._show_marks_on_page(self.shown)

    def _show_marks_on_page(self, release: Release) -> None:
        place = release.headline.place
        self.page.set_marks(place in self.marking.read, place in self.marking.starred)

    def is_up_to_date(self) -> bool:
        """Whether the tree shows the archive as it is now, so that its places are still those of its releases."""
        return True

    def may_mark_read(self) -> bool:
        """Whether there is something to mark."""
        return self.shown is not None or bool(self.release_tree.row_count)

    may_mark_unread = may_toggle_star = may_next_release = may_previous_release = may_next_unread = may_mark_read

    def action_mark_read(self) -> None:
        """Mark what is meant as read."""
        self._mark_targets(Mark.READ, True)

    def action_mark_unread(self) -> None:
        """Mark what is meant as unread; it stays so until it is opened anew."""
        self._stop_reading()
        self._stays_unread = self.shown is not None and self.shown.headline.place in self._targets()
        self._mark_targets(Mark.READ, False)

    def action_toggle_star(self) -> None:
        """Star what is meant, or take the stars away when all have one."""
        self._mark_targets(Mark.STARRED, not self.marking.are_set(self._targets(), Mark.STARRED))

    def may_undo_mark(self) -> bool:
        """Whether a mark was changed."""
        return self.marking.can_undo

    def action_undo_mark(self) -> None:
        """Take back the last change of marks."""
        self._stop_reading()
        self.run_worker(self.marking.undo(), group="marks")

    def _targets(self) -> Sequence[int]:
        """The places of what a mark command means: the release on the page, or all under the tree's cursor."""
        if self.panes.is_on_page and self.shown is not None:
            return [self.shown.headline.place]
        return self.release_tree.cursor_places

    def _mark_targets(self, mark: Mark, is_set: bool) -> None:
        """Mark what a mark command means; a group only if its places are still those of the releases it shows."""
        places = self._targets()
        headline = self.release_tree.cursor_headline
        if self.panes.is_on_page and self.shown is not None:
            headline = self.shown.headline
        if headline is not None:
            self._change(Targets.of(headline), mark, is_set)
        elif places and self.is_up_to_date():
            self.run_worker(self._mark_group(places, mark, is_set), group="marks")
        elif places:
            self.say(CHANGED_LIBRARY)

    async def _mark_group(self, places: Sequence[int], mark: Mark, is_set: bool) -> None:
        """Mark a whole group, if nothing has changed by the time that the ids of its releases are known."""
        outline = self.release_tree.outline
        try:
            ids = await self.marking.find_ids(places)
        except (NewsreaderError, sqlite3.Error) as error:
            self.say(str(error), is_warning=True)
            return
        if self.release_tree.outline is not outline or not self.is_up_to_date() or len(ids) != len(places):
            self.say(CHANGED_LIBRARY)
            return
        has_mark = self.marking.count(places, mark)
        changed = len(places) - has_mark if is_set else has_mark
        if len(places) > 1:
            self.say(describe_change(changed, len(places), mark, is_set))
        await self.marking.change(Targets(ids, places), mark, is_set)

    def _change(self, targets: Targets, mark: Mark, is_set: bool, *, is_automatic: bool = False) -> None:
        self.run_worker(self.marking.change(targets, mark, is_set, is_automatic=is_automatic), group="marks")

    # Its text

    def may_pipe_release(self) -> bool:
        """Whether a release is on the page."""
        return self.shown is not None

    may_copy_text = may_print_release = may_read_on = may_pipe_release

    @property
    def _text(self) -> str:
        """The release on the page as plain text."""
        return "" if self.shown is None else "".join(render_releases([self.shown], Format.TEXT, Layout()))

    def action_pipe_release(self) -> None:
        """Ask for a command and give it the release's text."""
        self.app.push_screen(PipeScreen(self._text, self._command), self._remember_command)

    def _remember_command(self, command: str | None) -> None:
        self._command = command or ""

    def action_copy_text(self) -> None:
        """Copy the selected text, else the release's."""
        selected = self.get_selected_text()
        self.app.copy_to_clipboard(selected or self._text)
        self.say("Copied what is selected." if selected else "Copied the release's text.")

    async def action_print_release(self) -> None:
        """Leave, and have the release printed."""
        if self.shown is not None:
            self.printed = [self.shown.headline.id]
            await self.action_quit_reader()

    async def action_quit_reader(self) -> None:
        """Leave, once every mark is on disk."""
        await self.leave()
        self.app.exit()

    def may_suspend_reader(self) -> bool:
        """Whether this system can stop a program for a while."""
        return hasattr(signal, "SIGTSTP")

    def action_suspend_reader(self) -> None:
        """Stop until the shell lets the reader go on."""
        self.app.action_suspend_process()

    async def leave(self) -> None:
        """Wait for the marks."""
        await self.marking.settle()
