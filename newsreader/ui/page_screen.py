"""How the page shows what is read: how wide, with what folded, and with what else on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from newsreader.commands import key_labels
from newsreader.errors import MarksError
from newsreader.links import Link
from newsreader.models import Release
from newsreader.text import Clean
from newsreader.typeset import MEASURE
from newsreader.ui.choice_screen import Choice, ChoiceScreen
from newsreader.ui.desk import Desk
from newsreader.ui.find_bar import FindBar
from newsreader.ui.memory import Memory
from newsreader.ui.opening import open_link
from newsreader.ui.page import Page
from newsreader.ui.page_places import PagePlaces
from newsreader.ui.page_text import TOP
from newsreader.ui.reading_screen import ReadingScreen
from newsreader.ui.tree_rows import Signs
from newsreader.words import Phrase, find_spans, words

NARROWEST, WIDEST = 50, 100
"""Between these, the reader chooses how wide the text is set, in cells."""
STEP = 5
"""By how many cells a key changes that."""
PLACES = "page-places"
"""The setting that tells where the page of each release was left."""
OUTLINE_HINT = "A letter or Enter goes there, Esc closes"
LINK_HINT = "A letter or Enter opens it, Esc closes"


class PageScreen(ReadingScreen):
    """The third of seven: commands about the page; `LayoutScreen` adds how it shares the screen."""

    _measure = MEASURE
    _is_folding = False
    _place_before = 0

    def __init__(self, desk: Desk, signs: Signs) -> None:
        """Nothing is sought on the page at first."""
        super().__init__(desk, signs)
        keys = [self.keys_of(id) for id in ("accept-filter", "go-back")]
        self.find_bar = FindBar(accept_keys=keys[0], back_keys=keys[1], id="find")
        self.find_bar.leave_to = self.panes.focus_page
        self._memory = Memory(desk.marks)
        self._places: PagePlaces | None = None

    def on_mount(self) -> None:
        """Set the page as it was set last."""
        measure = self.recall("measure")
        if measure.isdecimal():
            self._measure = max(NARROWEST, min(WIDEST, int(measure[:3])))
        self._is_folding = self.recall("folding") == "yes"
        self.page.set_measure(self._measure)
        self.page.set_folding(self._is_folding)

    def remember(self, key: str, value: str) -> None:
        """Keep a setting for the next start; that it could not be kept is said, and no more."""
        self._memory.remember(key, value)
        self.run_worker(self._write_settings(), group="settings")

    def recall(self, key: str) -> str:
        """The setting that was last kept, or nothing."""
        return self._memory.recall(key)

    async def _write_settings(self) -> None:
        try:
            await self._memory.write()
        except MarksError as error:
            self.say(str(error), True)

    # Where each release was left

    def open(self, place: int) -> None:
        """Show the release at a place, from where it was left."""
        left = self.shown
        if self._keep_place():
            self.run_worker(asyncio.to_thread(self._write_places), group="places")
        super().open(place)
        if self.shown is not left:
            self.find_bar.display = False

    def place_to_read(self, release: Release) -> int:
        """Where a release was left."""
        if self._places is None:
            self._places = PagePlaces()
            self._places.merge(self.recall(PLACES))
        place = self._places.of(release.headline.id)
        return TOP if place is None else place

    def _keep_place(self) -> bool:
        """Know where the release on the page is left; False when that is nothing new."""
        if self.shown is None or self._places is None or self.desk.is_picking:
            return False
        return self._places.keep(self.shown.headline.id, self.page.place)

    def _write_places(self) -> None:
        """Keep for the next start what another instance has kept meanwhile and what was kept here."""
        if self._places is not None:
            with suppress(MarksError):
                self._places.merge(self.desk.marks.recall(PLACES) or "")
                self.desk.marks.remember(PLACES, self._places.dump())

    async def leave(self) -> None:
        """Keep where the release on the page is left, and wait for the marks."""
        if self._keep_place():
            await asyncio.to_thread(self._write_places)
        await self._write_settings()
        await super().leave()

    # How it is set

    def may_toggle_folds(self) -> bool:
        """Whether a release is on the page."""
        return self.shown is not None

    may_open_link = may_show_outline = may_narrow_text = may_widen_text = may_toggle_page_only = may_toggle_folds

    def action_toggle_folds(self) -> None:
        """Fold captions and contacts away, or show them again."""
        self._is_folding = not self._is_folding
        self.page.set_folding(self._is_folding)
        self.remember("folding", "yes" if self._is_folding else "no")
        words = "Captions and contacts are folded." if self._is_folding else "Captions and contacts are shown."
        self.say(words if self.page.has_quiet else f"{words} This release has none.")

    def on_page_fold_clicked(self) -> None:
        """Show what is folded."""
        self.action_toggle_folds()

    def action_narrow_text(self) -> None:
        """Set the text in shorter lines."""
        self._change_measure(-STEP)

    def action_widen_text(self) -> None:
        """Set the text in longer lines."""
        self._change_measure(STEP)

    def _change_measure(self, step: int) -> None:
        """Set the text narrower or wider, from what it is on this page."""
        before = self.page.measure
        if step > 0 and before < self._measure:
            advice = "" if self.panes.is_page_only else f"; {self.key_of('toggle-page-only')} gives it the whole screen"
            self.say(f"The page has room for {before} columns only{advice}.")
            return
        steps = before // STEP + 1 if step > 0 else (before - 1) // STEP
        measure = max(NARROWEST, min(WIDEST, steps * STEP))
        if measure >= before if step < 0 else measure <= before:
            self.say(f"The text is at its {'narrowest' if step < 0 else 'widest'}: {before} columns.")
            return
        self._measure = measure
        self.page.set_measure(measure)
        self.remember("measure", str(measure))
        self.say(f"Lines of {self.page.measure} columns.")

    def action_toggle_page_only(self) -> None:
        """Show nothing but the page, or all again."""
        self.panes.show_page_only(not self.panes.is_page_only)

    # What is sought in the release

    def begin_finding(self) -> None:
        """Let the reader type words that are sought in the release on the page."""
        self._place_before = self.page.place
        self.page.end_finding()
        self.say("")
        self.find_bar.edit()

    def on_find_bar_changed(self) -> None:
        """Follow what is typed."""
        text = self.find_bar.text
        phrase = Phrase(tuple(words(text)), is_prefix=not text.endswith(" "))
        if phrase.words:
            self.page.find(lambda body: find_spans(body, [phrase]), max(self._place_before, 0))
        else:
            self.page.end_finding()
        self._tell_found()

    def on_page_found_more(self) -> None:
        """Say how much is found by now."""
        if self.page.is_seeking:
            self._tell_found()

    def on_find_bar_accepted(self) -> None:
        """Stay with what was found."""
        if self.find_bar.text:
            self._tell_found()

    def _tell_found(self) -> None:
        """Say what was found: in the line while words are typed in it, else in the last line of the screen."""
        position = self.page.found_position
        is_missing = not position and not self.page.is_finding
        if self.find_bar.is_editing:
            if is_missing:
                self.page.return_to(self._place_before)
            result = ("not found" if self.find_bar.text else "") if is_missing else position or "…"
            self.find_bar.show_result(result, is_wrong=is_missing)
        elif is_missing:
            self.say("This release does not have these words.")
        elif position:
            next_key, key_before = (key_labels(self.keys_of(id)[0]) for id in ("next-release", "previous-match"))
            self.say(f"Found {position}. {next_key[0]} and {key_before[0]} go on, Esc ends it.")
        else:
            self.say("Looking …")

    def on_find_bar_given_up(self) -> None:
        """Back to where the page was."""
        self.page.end_finding()
        self.page.return_to(self._place_before)

    def end_finding(self) -> bool:
        """End what is sought on the page; False when nothing is."""
        is_finding = self.panes.is_on_page and self.page.is_finding
        if is_finding:
            self.page.end_finding()
            self.say("")
        return is_finding

    def action_next_release(self) -> None:
        """Go on in what is sought on the page; else to the next match or release."""
        if self.panes.is_on_page and self.page.is_finding:
            self.say(self.page.move_to_found(1))
        else:
            super().action_next_release()

    def action_previous_match(self) -> None:
        """Go back in what is sought on the page; else to the match or release before."""
        if self.panes.is_on_page and self.page.is_finding:
            self.say(self.page.move_to_found(-1))
        else:
            super().action_previous_match()

    def action_show_outline(self) -> None:
        """Show the sub-headings of the release, and go to the one that is chosen."""
        headings = self.page.headings
        if not headings:
            self.say("This release has no sub-headings.")
            return

        def go_to_chosen(number: int | None) -> None:
            if number is not None:
                self.page.show_place(headings[number][0], is_top=True)

        before = [number for number, (place, _) in enumerate(headings) if place <= self.page.place + 1]
        choices = [(heading, Clean()) for _, heading in headings]
        screen = ChoiceScreen("Sub-headings", choices, before[-1] if before else 0, OUTLINE_HINT)
        self.app.push_screen(screen, go_to_chosen)

    # Links

    def action_open_link(self) -> None:
        """Show where the links of the release lead, and open the one that is chosen."""
        links = self.page.links
        if not links:
            self.say("This release has no links.")
            return
        below = [number for number, link in enumerate(links) if link.start >= self.page.place]
        self._offer(links, below[0] if below else 0)

    def on_page_link_clicked(self, message: Page.LinkClicked) -> None:
        """Show where a link leads before it is opened."""
        links = [link for link in self.page.links if link.url == message.url][:1]
        if links:
            self._offer(links, 0)

    def _offer(self, links: Sequence[Link], cursor: int) -> None:
        def open_chosen(number: int | None) -> None:
            if number is not None:
                self.say(f"Opening {links[number].host} …")
                self.run_worker(self._open(links[number].url), group="links")

        title = "Open a link" if len(links) == 1 else f"Open one of {len(links)} links"
        choices = [describe_link(link) for link in links]
        self.app.push_screen(ChoiceScreen(title, choices, cursor, LINK_HINT), open_chosen)

    async def _open(self, url: str) -> None:
        if problem := await open_link(self.desk.config.opener, url):
            self.say(problem, True)


def describe_link(link: Link) -> Choice:
    """Where a link leads: its host, and then the whole of it."""
    warning = "written in letters that look like others: " if link.is_disguised else ""
    return Clean(link.host), Clean(warning + link.url)
