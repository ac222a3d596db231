"""The release at hand: opening it, reading on, and handing its text to others."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable, Sequence

from textual.timer import Timer

from newsreader.commands import Scope
from newsreader.marks import Change
from newsreader.models import Mark, Release
from newsreader.output import Format, Layout, render_releases
from newsreader.ui.desk import Anchor, Desk
from newsreader.ui.hints import say_nothing_unread
from newsreader.ui.marking import Targets, count_releases
from newsreader.ui.marking_screen import MarkingScreen
from newsreader.ui.page_text import TOP
from newsreader.ui.pipe_screen import PipeScreen
from newsreader.ui.status_line import StatusLine
from newsreader.ui.trail import Trail
from newsreader.ui.tree_rows import Signs

MOST_TEXTS = 1000
"""The text of so many releases is copied or piped at once."""
TOO_MANY_TEXTS = f"The text of more than {MOST_TEXTS:,} releases is too much for this; P leaves and prints any number."
NOTHING_SELECTED = "Nothing is selected yet: move on, or press Esc."


class ReadingScreen(MarkingScreen):
    """The second of seven: commands about the release at hand; `PageScreen` adds how it is shown."""

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is read before the screen is mounted."""
        super().__init__(desk, signs)
        self.printed: list[str] = []
        self.trail = Trail()
        self._read_timer: Timer | None = None
        self._command = ""
        self._stays_unread = False
        self._match_step = 0
        self._has_acted = False

    def open(self, place: int) -> None:
        """Show the release at a place on the page; it becomes read when it stays there."""
        if self.shown is not None and self.shown.headline.place == place:
            return
        release = self.ask_archive(lambda archive: archive.release(place), None)
        if release is None:
            return
        self.shown = release
        self._stays_unread = False
        self.page.show(release, place=self.place_to_read(release))
        self._enter_match()
        self.release_tree.show_as_open(place)
        self.panes.show_title(release.headline.title)
        self._show_marks_on_page(release)
        self._start_reading()

    def place_to_read(self, release: Release) -> int:
        """Where the page of a release begins; `PageScreen` knows where it was left."""
        return TOP

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
        if said := self._match_step and self.page.move_to_match(self._match_step, is_from_end=self._match_step < 0):
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

    def may_next_release(self) -> bool:
        """Whether there is something to go to."""
        return self.shown is not None or bool(self.release_tree.row_count)

    may_previous_release = may_next_unread = may_next_release

    def _say_that_it_is(self, end: str) -> None:
        """Say that there is no release beyond this one, the first or last that the tree shows, if it shows any."""
        outline = self.release_tree.outline
        if outline is None or not outline.match_total:
            self.say(f"The filter shows no release; {self.key_of('go-back')} goes back.")
        else:
            where = " that the filter shows" if self.release_tree.is_filtered else ""
            self.say(f"This is the {end} release{where}.")

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
            self._say_that_it_is("last")

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
            self._say_that_it_is("first")

    def action_previous_release(self) -> None:
        """Open the previous release."""
        if self.release_tree.move_by_release(-1):
            self._open_under_cursor()
        else:
            self._say_that_it_is("first")

    def action_next_unread(self) -> None:
        """Open the next unread release, from the top again after the last; the one that was open is read."""
        self._finish()
        found = self.release_tree.move_to_unread()
        self._open_under_cursor()
        if found is None:
            outline = self.release_tree.outline
            unread = outline.unread_total(self.marking.read) if outline is not None else 0
            self.say(say_nothing_unread(unread, self.key_of))
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

    # The way back

    def action_go_earlier(self) -> None:
        """Open what was read before."""
        self._walk_trail(-1)

    def action_go_later(self) -> None:
        """Open what was read after, once the reader has gone back."""
        self._walk_trail(1)

    def _walk_trail(self, step: int) -> None:
        if self.shown is not None:
            self.trail.visit(self.shown.headline.id)
        while id := self.trail.step(step):
            place = self.place_of(id)
            if place is not None:
                self._go_to(Anchor(place, id=id))
                return
        self.say("Nothing was read before this." if step < 0 else "Nothing was read after this.")

    def _go_to(self, anchor: Anchor) -> None:
        """Open a release wherever it stands; `FindingScreen` shows it in the tree as well."""
        self.open(anchor.place)

    # What counts as read

    def _finish(self) -> None:
        """Mark the release on the page as read, as the reader goes on from it, unless it was just marked as unread."""
        self._stop_reading()
        if not self._stays_unread and not self.desk.is_picking:
            self._count_as_read()

    def _count_as_read(self) -> None:
        """Mark the release on the page as read without being asked to: that is not among what can be taken back."""
        if self.shown is not None:
            self.trail.visit(self.shown.headline.id)
            self._change(Targets.of(self.shown.headline), Mark.READ, True, is_automatic=True)

    def _stop_reading(self) -> None:
        if self._read_timer is not None:
            self._read_timer.stop()

    def action_mark_unread(self) -> None:
        """Mark what is meant as unread; it stays so until it is opened anew."""
        self._stop_reading()
        self._stays_unread = self.shown is not None and self.shown.headline.place in self.meant_places()
        super().action_mark_unread()

    async def _turn(self, turn: Callable[[], Awaitable[Change | None]]) -> Change | None:
        """Undo or redo; a release on the page that became unread by it stays so until it is opened anew."""
        self._stop_reading()
        change = await super()._turn(turn)
        id = "" if self.shown is None else self.shown.headline.id
        if change is not None and change.mark is Mark.READ and id in change.ids:
            self._stays_unread = not change.is_set
        return change

    # Its text

    def may_pipe_release(self) -> bool:
        """Whether a release is on the page."""
        return self.shown is not None

    may_copy_text = may_print_release = may_read_on = may_pipe_release

    def _meant_releases(self) -> list[Release]:
        """The selected releases, else the one on the page; none, with a word, when that is not possible."""
        if not self.means_selection:
            return [] if self.shown is None else [self.shown]
        places = self.meant_places()
        reason = self.why_not_many() or ("" if len(places) <= MOST_TEXTS else TOO_MANY_TEXTS)
        if reason or not places:
            self.say(reason or NOTHING_SELECTED)
            return []
        nothing: list[Release | None] = []
        found = self.ask_archive(lambda archive: [archive.release(place) for place in places], nothing)
        return [release for release in found if release is not None]

    def action_pipe_release(self, command: str = "") -> None:
        """Give the releases' text to a shell command, or ask for one."""
        if releases := self._meant_releases():
            what = "the release" if len(releases) == 1 else count_releases(len(releases))
            text, command, is_known = _text_of(releases), command or self._command, bool(command)
            screen = PipeScreen(releases, text, command, what, runs_at_once=is_known)
            self.app.push_screen(screen, self._remember_command)

    def _remember_command(self, command: str | None) -> None:
        self._command = command or ""

    def action_copy_text(self) -> None:
        """Copy the selected words, else the releases' text."""
        if words := self.get_selected_text():
            self.app.copy_to_clipboard(words)
            self.say("Copied what is selected.")
        elif releases := self._meant_releases():
            self.app.copy_to_clipboard(_text_of(releases))
            what = "the release’s text" if len(releases) == 1 else f"the text of {count_releases(len(releases))}"
            self.say(f"Copied {what}.")

    async def action_print_release(self) -> None:
        """Leave, and have the releases printed."""
        if not self.means_selection:
            ids = [] if self.shown is None else [self.shown.headline.id]
        elif reason := self.why_not_many():
            self.say(reason)
            return
        else:
            ids = await self.marking.find_ids(self.meant_places())
        if ids:
            self.printed = ids
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


def _text_of(releases: Sequence[Release]) -> str:
    """Releases as plain text, as `newsreader show` joins them."""
    return "".join(render_releases(releases, Format.TEXT, Layout()))
