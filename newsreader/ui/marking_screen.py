"""The panes over the archive, and the commands that mark what they show."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, TypeVar

from textual.screen import Screen

from newsreader.archive import Archive
from newsreader.commands import COMMANDS, Scope, find_command, key_labels
from newsreader.errors import ArchiveError, NewsreaderError
from newsreader.marks import Change
from newsreader.marks_file import is_busy
from newsreader.models import Headline, Mark, Release
from newsreader.ui.bindings import MayActions, bindings_of
from newsreader.ui.desk import Desk
from newsreader.ui.marking import Marking, Targets, describe_change
from newsreader.ui.page_pane import PagePane
from newsreader.ui.panes import Panes
from newsreader.ui.selecting_tree import SelectingTree
from newsreader.ui.status_line import StatusLine
from newsreader.ui.tree_rows import Signs

SAMPLE_NOTICE = "Sample digests. newsreader DIR opens your own."
PICK_NOTICE = "Enter prints the release and leaves."
STILL_SEARCHING = "Not everything is found yet; try again in a moment."
CHANGED_LIBRARY = "The library has changed just now; look again."
PATIENCE_SECONDS = 0.3
"""How long the screen may wait for another program that keeps the marks locked."""
Answer = TypeVar("Answer")


class MarkingScreen(MayActions, Screen[None], inherit_bindings=False):
    """The first of seven: tree, page and status line, and marking; `ReadingScreen` adds reading what they show."""

    AUTO_FOCUS = "#tree"
    """Not the first line in which something can be typed: keys that come before the first frame are commands."""
    BINDINGS: ClassVar = bindings_of(Scope.APP)

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is read before the screen is mounted."""
        super().__init__()
        self.desk = desk
        self.shown: Release | None = None
        desk.archive.set_patience(PATIENCE_SECONDS)
        self.marking = Marking(desk.archive, desk.marks, self._take_marks, self.say)
        self.release_tree = SelectingTree(self._fetch_headlines, signs, id="tree")
        self.page = PagePane(id="page")
        notice = PICK_NOTICE if desk.is_picking else SAMPLE_NOTICE if desk.is_sample else ""
        self.panes = Panes(self.release_tree, self.page, notice, id="panes")
        self.status = StatusLine(find_command("turn-grouping", Scope.APP), id="status")

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys of the configuration, by command id."""
        return self.desk.config.keys

    def keys_of(self, id: str) -> list[str]:
        """The keys in force of the command with this id, in Textual's names."""
        keys = next(self.keys.get(id, command.keys) for command in COMMANDS if command.id == id)
        return [key.strip() for key in keys.split(",") if key.strip()]

    def key_of(self, id: str) -> str:
        """The key of the command with this id as it is written for people; how to type its name when it has none."""
        keys = self.keys_of(id)
        name = next(command.name for command in COMMANDS if command.id == id)
        return key_labels(keys[0])[0] if keys else f":{name}"

    def say(self, message: str, is_warning: bool = False) -> None:
        """Tell the reader something, in passing; an empty message takes the last one back."""
        self.status.show_message(message, is_warning=is_warning)

    def ask_archive(self, question: Callable[[Archive], Answer], otherwise: Answer) -> Answer:
        """What the archive answers; when it cannot, that is said, and it is brought up to date, which mends it.

        Marks that another program keeps locked are held in memory meanwhile, so that the screen need not wait.
        """
        try:
            try:
                return question(self.desk.archive)
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise
                self.desk.marks.hold(error)
                return question(self.desk.archive)
        except (ArchiveError, sqlite3.Error) as error:
            self.say(str(error), True)
            self.call_later(self.action_refresh_library)
            return otherwise

    def place_of(self, id: str) -> int | None:
        """Where the release with this id stands now; None when the archive does not have it."""
        return self.ask_archive(lambda archive: archive.place_of(id), None)

    def _fetch_headlines(self, places: Sequence[int]) -> Sequence[Headline]:
        return self.ask_archive(lambda archive: archive.headlines(places), [])

    def action_refresh_library(self) -> None:
        """Bring the archive up to date; `MainScreen` does."""

    # Marks

    def _take_marks(self) -> None:
        """Show them, unless they come while all is being closed."""
        if self.app.is_running:
            self.marks_changed()

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self.release_tree.show_marks(self.marking.read, self.marking.starred)
        self.status.show_notice(self.marking.notice)
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

    may_mark_unread = may_toggle_star = may_mark_read

    def action_mark_read(self) -> None:
        """Mark what is meant as read."""
        self._mark_targets(Mark.READ, True)

    def action_mark_unread(self) -> None:
        """Mark what is meant as unread."""
        self._mark_targets(Mark.READ, False)

    def action_toggle_star(self) -> None:
        """Star what is meant, or take the stars away when all have one."""
        self._mark_targets(Mark.STARRED, not self.marking.are_set(self.meant_places(), Mark.STARRED))

    def action_undo_mark(self) -> None:
        """Take back the last change of marks."""
        self.run_worker(self._turn(self.marking.undo), group="marks")

    def action_redo_mark(self) -> None:
        """Do again what was taken back last."""
        self.run_worker(self._turn(self.marking.redo), group="marks")

    async def _turn(self, turn: Callable[[], Awaitable[Change | None]]) -> Change | None:
        """Undo or redo; what this changed."""
        return await turn()

    @property
    def means_selection(self) -> bool:
        """Whether a command is for what is selected in the tree, not for the release at hand."""
        return bool(self.release_tree.selection) and not (self.panes.is_on_page and self.shown is not None)

    def meant_places(self) -> Sequence[int]:
        """The places of what a mark command means: the release on the page, the selection, or the tree's cursor."""
        if self.means_selection:
            return self.release_tree.selection.places()
        if self.panes.is_on_page and self.shown is not None:
            return [self.shown.headline.place]
        return self.release_tree.cursor_places

    def _mark_targets(self, mark: Mark, is_set: bool) -> None:
        """Mark what a mark command means; many only if their places are still those of the releases that are shown."""
        places = self.meant_places()
        headline = None if self.means_selection else self.release_tree.cursor_headline
        if self.panes.is_on_page and self.shown is not None:
            headline = self.shown.headline
        if headline is not None:
            self._change(Targets.of(headline), mark, is_set)
        elif reason := self.why_not_many():
            self.say(reason)
        elif places:
            self.run_worker(self._mark_group(places, mark, is_set), group="marks")

    def why_not_many(self) -> str:
        """Why nothing can be done with several releases at once just now, as a sentence; empty when it can."""
        outline = self.release_tree.outline
        if outline is not None and outline.is_partial:
            return STILL_SEARCHING
        return "" if self.is_up_to_date() else CHANGED_LIBRARY

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
        if self.release_tree.selection:
            self.release_tree.let_go()
        await self.marking.change(Targets(ids, places), mark, is_set)

    def _change(self, targets: Targets, mark: Mark, is_set: bool, *, is_automatic: bool = False) -> None:
        self.run_worker(self.marking.change(targets, mark, is_set, is_automatic=is_automatic), group="marks")

    async def leave(self) -> None:
        """Wait for the marks."""
        await self.marking.settle()
