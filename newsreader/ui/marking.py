"""The marks as the reader sees them: shown at once, written beside the screen, taken back one by one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newsreader.archive import Archive
from newsreader.errors import MarksError
from newsreader.marks import Change, Marks
from newsreader.models import Mark
from newsreader.ui.place_set import PlaceSet

WORDS = {
    (Mark.READ, True): "read",
    (Mark.READ, False): "unread",
    (Mark.STARRED, True): "starred",
    (Mark.STARRED, False): "without a star",
}


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
    _done: list[Change] = field(default_factory=list)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _connection: Archive | None = None
    _version: object = None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    def load(self) -> None:
        """Read all marks anew, in the caller's thread."""
        self._version = self.marks.version()
        self.read, self.starred = PlaceSet(self.archive.read_places()), PlaceSet(self.archive.starred_places())

    def are_set(self, places: Sequence[int], mark: Mark) -> bool:
        """Whether all of these releases have the mark."""
        marked = self._set_of(mark)
        return all(place in marked for place in places)

    @staticmethod
    def describe(count: int, mark: Mark, is_set: bool) -> str:
        """What a change made of how many releases, as a sentence."""
        return f"{f'{count:,} releases are' if count != 1 else 'The release is'} {WORDS[mark, is_set]} now."

    async def change(self, places: Sequence[int], mark: Mark, is_set: bool) -> None:
        """Set a mark of these releases, or take it away: in the sets at once, then on disk, and back if that fails."""
        marked = self._set_of(mark)
        chosen = [place for place in places if (place in marked) != is_set]
        if not chosen:
            return
        marked.set(chosen, is_set)
        self.changed()
        async with self._lock:
            try:
                change = await asyncio.to_thread(self._write, chosen, mark, is_set)
                if change.ids:
                    self._done.append(change)
            except (MarksError, sqlite3.Error) as error:
                self._set_of(mark).set(chosen, not is_set)
                self.changed()
                self.say(str(error), True)

    async def undo(self) -> None:
        """Take back the last change, and say what it was."""
        async with self._lock:
            if not self._done:
                self.say("Nothing to undo.", False)
                return
            change = self._done.pop()
            try:
                await asyncio.to_thread(self.marks.undo, change)
                await asyncio.to_thread(self._read_anew)
            except (MarksError, sqlite3.Error) as error:
                self._done.append(change)
                self.say(str(error), True)
                return
        self.changed()
        self.say(f"Undone. {self.describe(len(change.ids), change.mark, not change.is_set)}", False)

    async def poll(self) -> None:
        """Take over what another process has marked since."""
        async with self._lock:
            try:
                if await asyncio.to_thread(self.marks.version) == self._version:
                    return
                await asyncio.to_thread(self._read_anew)
            except (MarksError, sqlite3.Error):
                return  # busy: the next poll tries again
        self.changed()

    async def settle(self) -> None:
        """Wait until everything is on disk."""
        async with self._lock:
            pass

    def _set_of(self, mark: Mark) -> PlaceSet:
        return self.read if mark is Mark.READ else self.starred

    def _own_connection(self) -> Archive:
        if self._connection is None:
            self._connection = self.archive.connect()
        return self._connection

    def _write(self, places: Sequence[int], mark: Mark, is_set: bool) -> Change:
        before = self.marks.version()
        change = self.marks.change(self._own_connection().ids(places), mark, is_set)
        if before == self._version:
            self._version = self.marks.version()
        return change

    def _read_anew(self) -> None:
        self._version = self.marks.version()
        connection = self._own_connection()
        self.read, self.starred = PlaceSet(connection.read_places()), PlaceSet(connection.starred_places())
