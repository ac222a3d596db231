"""The marks as the reader sees them: shown at once, written beside the screen, taken back one by one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from newsreader.archive import Archive
from newsreader.errors import MarksError
from newsreader.marks import HELD_NOTICE, Change, Marks
from newsreader.models import Headline, Mark
from newsreader.text import Clean, clean_line, truncate
from newsreader.ui.place_set import PlaceSet

LONGEST_TITLE = 40
"""Cells of a title in a message."""
ALREADY_SO = "Another newsreader has done that already"
STATES = {
    (Mark.READ, True): "read",
    (Mark.READ, False): "unread",
    (Mark.STARRED, True): "starred",
    (Mark.STARRED, False): "unstarred",
}


@dataclass(frozen=True, slots=True)
class Targets:
    """The releases that a change of marks is for.

    A refresh may give a place to another release; what is marked goes by id.
    """

    ids: Sequence[str]
    """Their ids."""
    places: Sequence[int]
    """Where they stand now, in the same order, to draw their marks at once."""
    title: str = ""
    """The title, when it is only one."""

    @classmethod
    def of(cls, headline: Headline) -> Targets:
        """One release."""
        return cls((headline.id,), (headline.place,), headline.title)


@dataclass(frozen=True, slots=True)
class Step:
    """A change that the reader asked for, and may want to take back or to do again."""

    change: Change
    """What it really changed, less what others have changed back since."""
    title: str
    """The title, when it was only one release."""

    def describe(self, *, is_named: bool = True) -> str:
        """What was done, in words: `12 releases marked as read`; `is_named` gives the title of a single release."""
        what = f"“{truncate(Clean(clean_line(self.title).strip() or 'No title'), LONGEST_TITLE)}”"
        if len(self.change.ids) != 1 or not self.title or not is_named:
            what = count_releases(len(self.change.ids))
        state = STATES[self.change.mark, self.change.is_set]
        return f"{what} {'marked as ' if self.change.mark is Mark.READ else ''}{state}"


@dataclass(slots=True)
class Marking:
    """What is read and starred, changed at once here and then durably in the marks.

    `changed` is called whenever the sets changed, `say` with a word on what happened.
    """

    archive: Archive
    marks: Marks
    changed: Callable[[], None]
    say: Callable[[str, bool], None]
    """Takes a message, and whether it is a warning."""
    read: PlaceSet = field(default_factory=PlaceSet)
    starred: PlaceSet = field(default_factory=PlaceSet)
    written: int = 0
    """How often other marks have come to be on disk; `changed` is called then as well."""
    _done: list[Step] = field(default_factory=list)
    _undone: list[Step] = field(default_factory=list)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _connection: Archive | None = None
    _version: object = None
    _problem: str = ""

    def __post_init__(self) -> None:
        """Have the marks hold what cannot be written."""
        self.marks.hold_failures()

    @property
    def last_done(self) -> Step | None:
        """What would be taken back; None when there is nothing."""
        return self._done[-1] if self._done else None

    @property
    def last_undone(self) -> Step | None:
        """What would be done again; None when there is nothing."""
        return self._undone[-1] if self._undone else None

    def load(self) -> None:
        """Read all marks anew, in the caller's thread."""
        self._version = self.marks.version()
        self.read, self.starred = PlaceSet(self.archive.read_places()), PlaceSet(self.archive.starred_places())

    def are_set(self, places: Sequence[int], mark: Mark) -> bool:
        """Whether all of these releases have the mark."""
        return self.count(places, mark) == len(places)

    def count(self, places: Sequence[int], mark: Mark) -> int:
        """How many of these releases have the mark."""
        return self._set_of(mark).count_of(places)

    async def find_ids(self, places: Sequence[int]) -> list[str]:
        """The ids of the releases that stand at these places now, read beside the screen."""
        async with self._lock:
            return await asyncio.to_thread(lambda: self._own_connection().ids(places))

    async def change(self, targets: Targets, mark: Mark, is_set: bool, *, is_automatic: bool = False) -> None:
        """Set a mark, or take it away: in the sets at once, then on disk, and back if that fails.

        What is automatic was not asked for by the reader, who is then not offered to take it back.
        """
        marked = self._set_of(mark)
        chosen = [place for place in targets.places if (place in marked) != is_set]
        if chosen:
            marked.set(chosen, is_set)
            self.changed()
        async with self._lock:
            try:
                change = await asyncio.to_thread(self._write, targets.ids, mark, is_set)
            except (MarksError, sqlite3.Error) as error:
                if self._set_of(mark) is marked and chosen:
                    marked.set(chosen, not is_set)
                    self.changed()
                self.say(str(error), True)
                return
            if self._set_of(mark) is not marked:
                self._version = None  # the sets were read anew meanwhile, maybe before this was written
            if change.ids and not is_automatic:
                self._done.append(Step(change, targets.title))
                self._undone.clear()
        if change.ids:
            self._tell_written()
        self.tell()

    async def undo(self) -> Change | None:
        """Take back the last change, and say what it was; what this changed, if anything."""
        return await self._turn(self._done, self._undone, "Taken back", is_again=False)

    async def redo(self) -> Change | None:
        """Do again what was taken back last, and say what it is; what this changed, if anything."""
        return await self._turn(self._undone, self._done, "Done again", is_again=True)

    async def _turn(self, steps: list[Step], others: list[Step], word: str, *, is_again: bool) -> Change | None:
        """Turn the last of `steps` round and lay it upon `others`.

        What another process has turned round already is left alone, and no part of the step any more.
        """
        async with self._lock:
            if not steps:
                self.say(f"Nothing {'was taken back before' if is_again else 'to take back'}.", False)
                return None
            mark, is_set, ids = steps[-1].change.mark, steps[-1].change.is_set, steps[-1].change.ids
            try:
                turned = await asyncio.to_thread(self.marks.change, ids, mark, is_set == is_again)
            except (MarksError, sqlite3.Error) as error:
                self.say(str(error), True)
                return None
            step = Step(Change(mark, is_set, turned.ids), steps.pop().title)
            if turned.ids:
                others.append(step)
            self._version = None
            with suppress(MarksError, sqlite3.Error):  # busy: the next poll tries again
                await asyncio.to_thread(self._read_anew)
        self._tell_written()
        self.tell()
        self.say(f"{word}: {step.describe()}." if turned.ids else f"{ALREADY_SO}.", False)
        return turned

    async def poll(self) -> None:
        """Take over what another process has marked since, write what is held, and see to the daily backup."""
        has_changed = False
        async with self._lock:
            with suppress(MarksError, sqlite3.Error):  # busy: the next poll tries again
                has_changed = await asyncio.to_thread(self._look)
        self.tell()
        if has_changed:
            self._tell_written()

    @property
    def problem(self) -> str:
        """Why the marks' file cannot be used now, and what is done instead; nothing when it can."""
        return f"{self.marks.problem} {HELD_NOTICE}" if self.marks.problem else ""

    @property
    def notice(self) -> str:
        """The same in a few words."""
        if held := self.marks.held_count:
            return f"{held:,} not written"
        return "marks not usable" if self.marks.problem else ""

    def tell(self) -> None:
        """Say what became of the marks' file since the last word on it."""
        said, self.marks.notes = self.marks.notes, []
        problem = self.problem
        if problem != self._problem:
            self._problem = problem
            said.append(problem or "The marks can be used again; all are written.")
            self.changed()
        if said:
            self.say(" ".join(said), bool(problem))

    async def settle(self) -> None:
        """Wait until everything is on disk."""
        async with self._lock:
            pass

    def _tell_written(self) -> None:
        self.written += 1
        self.changed()

    def _set_of(self, mark: Mark) -> PlaceSet:
        return self.read if mark is Mark.READ else self.starred

    def _own_connection(self) -> Archive:
        if self._connection is None:
            self._connection = self.archive.connect()
        return self._connection

    def _write(self, ids: Sequence[str], mark: Mark, is_set: bool) -> Change:
        before = self.marks.version()
        change = self.marks.change(ids, mark, is_set)
        if before == self._version:
            self._version = self.marks.version()
        return change

    def _look(self) -> bool:
        """In a thread: tend the marks; whether they were read anew."""
        self.marks.tend()
        if self.marks.version() == self._version:
            return False
        self._read_anew()
        return True

    def _read_anew(self) -> None:
        self._version = self.marks.version()
        connection = self._own_connection()
        self.read, self.starred = PlaceSet(connection.read_places()), PlaceSet(connection.starred_places())


def describe_change(changed: int, count: int, mark: Mark, is_set: bool) -> str:
    """What a change made of several releases, of which only some were not so before, as a sentence."""
    state = STATES[mark, is_set]
    if not changed:
        return f"All {count:,} releases were {state} already."
    sentence = f"{count_releases(changed)} {'is' if changed == 1 else 'are'} {state} now"
    match count - changed:
        case 0:
            return f"{sentence}."
        case 1:
            return f"{sentence}; the other one already was."
        case others:
            return f"{sentence}; the other {others:,} already were."


def count_releases(count: int) -> str:
    """So many releases, in words."""
    return "1 release" if count == 1 else f"{count:,} releases"
