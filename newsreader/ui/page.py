"""The page: one release, with what is sought lit and what is quiet folded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import inf

from textual.events import Click
from textual.message import Message

from newsreader.links import Link, find_links
from newsreader.models import Release
from newsreader.passages import QUIET, Kind
from newsreader.text import Clean
from newsreader.typeset import SetBody, clip_spans, typeset
from newsreader.ui.page_matches import MOST_LOOKS, FindSpans, Matches
from newsreader.ui.page_text import SETTING_SECONDS, TOP, UPDATES_BETWEEN, PageText

LINK_REACH = 2000
"""A link that reaches a row begins and ends within so many characters of it."""
MOST_LINKS = 500
"""More links of one release are not offered."""
STILL_LOOKING = "This release is very long and still looked through; try again in a moment."


class Page(PageText):
    """Shows a release, or a message while there is none."""

    class FoldClicked(Message):
        """The mouse was on a row that stands for folded ones."""

    class FoundMore(Message):
        """More of the release was looked through for what the reader seeks."""

    class LinkClicked(Message):
        """The mouse was on a link."""

        def __init__(self, url: str) -> None:
            """`url` is where it leads."""
            super().__init__()
            self.url = url

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Nothing is lit or folded at first."""
        super().__init__(id=id, classes=classes)
        self._matches = Matches()
        self._found = Matches()
        self._sought_from: int | None = None
        self.is_seeking = False
        """Whether the reader seeks something in this release."""
        self._is_folding = False

    def show(self, release: Release | None, *, find_spans: FindSpans | None = None, place: int = TOP) -> None:
        """Show a release from a place in its cleaned body; None shows the last message.

        `find_spans` says what of the body is to be lit, as `set_find_spans` does.
        """
        self._matches = self._matches if find_spans is None else Matches(find_spans)
        super().show(release, place=place)

    def _know_text(self) -> None:
        self._matches.seek_in(self._text)
        self._found, self._sought_from, self.is_seeking = Matches(), None, False

    def set_find_spans(self, find_spans: FindSpans) -> None:
        """Light what `find_spans` finds in the cleaned body; it is asked when needed."""
        self._matches = Matches(find_spans)
        self._matches.seek_in(self._text)
        self._unfold_matches()
        self._go_on_later()

    def _do_more(self) -> bool:
        """Look through more of the release for what the reader seeks, set more of it, then light what is left."""
        if not self._found.is_whole:
            was_there = self._found.current
            self._found.go_on(SETTING_SECONDS)
            self._go_to_first_found(looks=0)
            self._steps += 1
            if self._found.is_whole or self._found.current is not was_there or not self._steps % UPDATES_BETWEEN:
                self.post_message(self.FoundMore())  # to tell of it takes longer than to find it
            return True
        if super()._do_more():
            return True
        self._matches.go_on(SETTING_SECONDS)
        return not self._matches.is_whole

    # Folding

    def set_folding(self, is_folding: bool) -> None:
        """Fold captions and contacts away, but never what is lit, or show them again."""
        if is_folding != self._is_folding:
            self._is_folding = is_folding
            self._set_anew()

    @property
    def has_quiet(self) -> bool:
        """Whether there is anything to fold, as far as the body is set."""
        return self._body is not None and any(block.kind in QUIET for block in self._body.blocks)

    def _is_folded(self, start: int, end: int) -> bool:
        return not self._matches.are_between(start, end) and not self._found.are_between(start, end)

    def _unfold_matches(self) -> None:
        """Draw anew, with what is lit now unfolded."""
        if self._is_folding:
            self._set_anew()
        self.refresh()

    def _typeset(self, width: int) -> SetBody:
        is_folded = self._is_folded if self._is_folding else None
        return typeset(self._text, width, measure=self._measure, is_folded=is_folded)

    # Matches

    def move_to_match(self, step: int, *, is_from_end: bool = False) -> str:
        """Go to the next match, or the one before when `step` is -1, and say which it is; empty when there is none."""
        is_there = self._matches.step(step, self.length if is_from_end else self._place)
        if not is_there or self._matches.current is None:
            return STILL_LOOKING if is_there is None else ""
        self.show_place(self._matches.current[0])
        return f"Match {self._matches.position}."

    def _lit(self, number: int) -> Iterator[tuple[str, int, int]]:
        """The characters of a row that are to be lit, and the name of the style for it."""
        if self._body is None or number < len(self._header):
            return
        line = self._body[number - len(self._header)]
        for name, own_name, matches in (
            ("match", "current", self._matches),
            ("found", "found-current", self._found),
        ):
            for spans in matches.near(line.start, line.end):
                for start, end in clip_spans(spans, line):
                    yield name, start + line.indent, end + line.indent
            for start, end in clip_spans([matches.current] if matches.current else [], line):
                yield own_name, start + line.indent, end + line.indent

    # What the reader seeks in this release

    @property
    def length(self) -> int:
        """How many characters the cleaned body has."""
        return len(self._text)

    @property
    def is_finding(self) -> bool:
        """Whether something is sought in this release besides what the filter seeks, and is there or may be."""
        return self._found.count > 0 or not self._found.is_whole

    @property
    def found_position(self) -> str:
        """Which of what was found the reader is at, and how many there are; empty when nothing is found yet."""
        return self._found.position

    def find(self, find_spans: FindSpans, place: int) -> None:
        """Light what `find_spans` finds, distinct from what the filter does, and go to the first from a place on.

        Of a very long release, the rest is looked through little by little, which `FoundMore` tells of.
        """
        self._found = Matches(find_spans)
        self._found.seek_in(self._text, place)
        self._sought_from, self.is_seeking = place, True
        self._unfold_matches()
        self._go_to_first_found()
        self._go_on_later()

    def _go_to_first_found(self, looks: int = MOST_LOOKS) -> None:
        """Go to the first of what is sought from its place on, else to the first of all, once that is known."""
        if self._sought_from is None:
            return
        is_there = self._found.step(1, self._sought_from, looks)
        if is_there is False:
            is_there = self._found.step(1, 0, looks)
        if is_there is not None:
            self._sought_from = None
        if self._found.current is not None:
            self.show_place(self._found.current[0])

    def move_to_found(self, step: int) -> str:
        """Go to the next of what was found, or the one before, round the ends of the release, and say which it is."""
        self._sought_from = None
        is_there, round_the_end = self._found.step(step, self._place), ""
        if is_there is False:
            self._found.current = None
            is_there = self._found.step(step, 0 if step > 0 else self.length)
            round_the_end = " From the top again." if step > 0 else " From the end again."
        if is_there is None or self._found.current is None:
            return STILL_LOOKING
        self.show_place(self._found.current[0])
        return f"Found {self._found.position}.{round_the_end}"

    def end_finding(self) -> None:
        """Light only what the filter seeks again."""
        self._found, self._sought_from, self.is_seeking = Matches(), None, False
        self._unfold_matches()

    @property
    def headings(self) -> list[tuple[int, Clean]]:
        """The sub-headings of the release, each with the place where it stands."""
        if self._body is None:
            return []
        self._body.go_on(inf)
        headings = [block for block in self._body.blocks if block.kind is Kind.HEADING]
        return [(block.start, Clean(self._text[block.start : block.end])) for block in headings]

    # Links

    @property
    def links(self) -> list[Link]:
        """The links of the release, in order."""
        return list(islice(find_links(self._text), MOST_LINKS))

    def _links_on(self, number: int) -> Iterator[tuple[str, int, int]]:
        if self._body is None or number < len(self._header):
            return
        line = self._body[number - len(self._header)]
        block = self._body.blocks[line.block]
        if line.is_fold or line.start == line.end:
            return
        first, last = max(block.start, line.start - LINK_REACH), min(block.end, line.end + LINK_REACH)
        for link in find_links(self._text[first:last]):
            for start, end in clip_spans([(first + link.start, first + link.end)], line):
                yield link.url, start + line.indent, end + line.indent

    def on_click(self, event: Click) -> None:
        """Tell of a click on a link or on a folded row, unless text was being selected."""
        row = event.style.meta.get("offset", (0, -1))[1] - len(self._header)
        if self._body is not None and self._body.reach(row) and row >= 0 and self._body[row].is_fold:
            self.post_message(self.FoldClicked())
        if event.style.link and not self.text_selection:
            self.post_message(self.LinkClicked(event.style.link))
