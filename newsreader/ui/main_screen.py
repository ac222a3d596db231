"""The reader's main screen: binds filter bar, tree and page together over the library."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.worker import get_current_worker

from newsreader.commands import COMMANDS, Command
from newsreader.errors import MarksError
from newsreader.loader import Progress
from newsreader.text import clean_line
from newsreader.ui.desk import Anchor, Desk
from newsreader.ui.finding_screen import EDITING_COMMANDS, FindingScreen
from newsreader.ui.help_screen import HelpScreen, command_labels
from newsreader.ui.refreshing import RefreshFinished, RefreshMoved, refresh_archive
from newsreader.ui.tree_rows import Signs

POLL_SECONDS = 1.0
"""How often it is looked whether marks or archive have changed, also by what this process reads itself."""

SELECTING_COMMANDS = ("toggle-star", "mark-read", "mark-unread", "copy-text", "pipe-release", "go-back")
"""What the status line shows while something is selected."""
LET_GO = "The library has changed, and so much was selected that it is let go; A selects all again."


class MainScreen(FindingScreen):
    """The library, and what the reader can be told to do.

    Each concern has a class of its own, on top of the one before: `MarkingScreen`, `ReadingScreen`, `FindingScreen`.
    """

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is read before the screen is mounted."""
        super().__init__(desk, signs)
        self._archive = desk.archive
        self._is_refreshing = False
        self._is_asked = False
        self._is_leaving = False

    def compose(self) -> ComposeResult:
        """Filter bar, tree and page, status line."""
        yield self.filter_bar
        yield self.panes
        yield self.status

    def on_mount(self) -> None:
        """Show what the archive holds at once, then bring it up to date."""
        self.begin()
        self.call_after_refresh(self._start_refresh)
        self.set_interval(POLL_SECONDS, self._poll)

    # The library

    def _poll(self) -> None:
        """Take over what other instances have marked, and what any refresh, our own too, has changed."""
        self.run_worker(self.marking.poll(), group="marks")
        if self._archive_version() != self._asked_version:
            self._reload()

    def _empty_words(self) -> str:
        """What stands in the tree when the library has become empty under the reader."""
        paths = ", ".join(clean_line(path) for path in self.desk.library.paths)
        return f"No releases in {paths} any more. newsreader check tells why."

    def action_refresh_library(self) -> None:
        """Read what is new or changed, and say so even if nothing is."""
        self._is_asked = True
        self._start_refresh()

    def _start_refresh(self) -> None:
        if not self._is_refreshing:
            self._is_refreshing = True
            self.run_worker(self._refresh, thread=True, group="refresh")

    def _refresh(self) -> None:
        """In a thread: refresh, and post how it goes."""
        worker = get_current_worker()
        refreshed = refresh_archive(
            self._archive, self.desk.library, self._post_progress, lambda: worker.is_cancelled or self._is_leaving
        )
        self.post_message(RefreshFinished(refreshed))

    def _post_progress(self, progress: Progress) -> None:
        self.post_message(RefreshMoved(progress))

    def on_refresh_moved(self, message: RefreshMoved) -> None:
        """Say how far it is, and show what is there already every now and then."""
        progress = message.progress
        if progress.of_digests:
            digests = f"{progress.digests:,} of {progress.of_digests:,} digests"
            self.say(f"Reading {digests}, {progress.releases:,} releases …")

    def on_refresh_finished(self, message: RefreshFinished) -> None:
        """Show what is new."""
        self._is_refreshing, self._has_refreshed = False, True
        refreshed = message.refreshed
        was_empty = not self._total
        if was_empty or not self.is_up_to_date():
            self._reload()
        if refreshed.is_warning or self._is_asked or (refreshed.has_changed and not was_empty):
            self.say(refreshed.summary, refreshed.is_warning)
        else:
            self.say("")
        self._is_asked = False

    def _reload(self) -> None:
        """Show the archive as it is now; cursor and page stay with their releases, wherever these stand now."""
        self._total = self._count_all()
        if self._anchor is not None and self._anchor.id:
            place = self._place_of(self._anchor.id)
            self._anchor = self._anchor if place is None else Anchor(place, id=self._anchor.id)
        if self.shown is not None:
            place = self._place_of(self.shown.headline.id)
            if place is not None:
                self.shown = self.ask_archive(lambda archive: archive.release(place), None) or self.shown
            self.release_tree.show_as_open(place)
        if not self.release_tree.selection.follow(self._place_of):
            self.say(LET_GO)
        self.marking.load()
        self._search(is_typed=self.filter_bar.is_editing, is_first=True)

    # What can be done

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the keys that matter where the reader is now; Textual calls the handler that this one hides as well."""
        self._show_commands()

    def marks_changed(self) -> None:
        """Show the marks as they are now, and the commands that they allow."""
        super().marks_changed()
        self._show_commands()

    def on_selecting_tree_selected(self) -> None:
        """Say how much is selected, and be able to find it again in a library that has changed."""
        if self.is_up_to_date():
            self.release_tree.selection.learn_ids(
                lambda places: self.ask_archive(lambda archive: archive.ids(places), [])
            )
        self._show_commands()

    def may(self, command: Command) -> bool:
        """Whether a command that works everywhere can be used now."""
        return self.check_action(command.action, ()) is True

    def run(self, command: Command) -> None:
        """Do what a command says."""
        self.call_later(self.run_action, command.action)

    def _show_commands(self) -> None:
        """Show the few keys that matter now."""
        ids = EDITING_COMMANDS if self.filter_bar.is_editing else SELECTING_COMMANDS if self.means_selection else ()
        if ids:
            shown = [command for id in ids for command in COMMANDS if command.id == id]
        else:
            shown = [command for command in COMMANDS if command.is_in_footer and self.may(command)]
        labelled = [(command, labels[0]) for command in shown if (labels := command_labels(command, self.keys))]
        self.status.show_note(self.release_tree.selection.describe() if self.means_selection else "")
        self.status.show_commands(labelled)

    def action_choose_theme(self) -> None:
        """Let the reader choose among Textual's themes."""
        self.app.search_themes()

    def action_show_palette(self) -> None:
        """Open the palette."""
        self.app.action_command_palette()

    def action_show_help(self) -> None:
        """Open the help."""
        self.app.push_screen(HelpScreen(self.keys))

    def remember(self, key: str, value: str) -> None:
        """Keep a setting for the next start; that it could not be kept is said, and no more."""
        try:
            self.desk.marks.remember(key, value)
        except MarksError as error:
            self.say(str(error), True)

    async def leave(self) -> None:
        """Stop what runs beside the screen, remember the place, and wait for the marks."""
        self._is_leaving = True
        if self.shown is not None and not self.desk.is_picking:
            self.remember("place", self.shown.headline.id)
        await super().leave()
