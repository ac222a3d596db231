"""The SQLite marks: what the reader did with releases. Precious: each change is one durable transaction."""

from __future__ import annotations

import os
import sqlite3
from _thread import RLock  # importing threading would take 1 ms
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from newsreader import marks_backup, marks_file, marks_held
from newsreader.errors import MarksError
from newsreader.marks_file import (
    advice_on,
    connect,
    copy_file,
    file_uri,
    identity,
    is_busy,
    is_spoiled,
    open_file,
    reason_of,
    signature,
)
from newsreader.marks_rows import (
    Row,
    change_rows,
    describe_count,
    format_line,
    format_time,
    merge_rows,
    parse_lines,
    rescued_rows,
    stored_rows,
    write_rows,
)
from newsreader.models import Mark
from newsreader.record import Record

RETRY_SECONDS = 0.3
"""How long to wait for another process when something else than the next line on the screen hangs on it."""
HOLDING_SECONDS = 1.0
"""How long to wait for another process before a change is held."""
HELD_NOTICE = "What you mark is held until it can be written."
"""What a reader is told while that is so."""

_KINDS = frozenset(Mark)


class Change(Record):
    """A change of marks that was written."""

    mark: Mark
    """The mark that was set or taken away."""
    is_set: bool
    """Whether it was set."""
    ids: tuple[str, ...]
    """The releases whose mark really changed."""


class Marks:
    """The marks of all releases that the reader ever marked, by release id.

    One object serves all threads. When the file cannot be used, `problem` says why, nothing of it is touched, and
    marks are held: in memory, with what could be read of the file, and as lines in a file of their own. They are
    written as soon as that is possible: with the next change, with `tend`, or at the end with `close`; and when all
    that fails, the next newsreader takes the lines over.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        *,
        clock: Callable[[], datetime],
        shelters: Sequence[str] = (),
    ) -> None:
        """Open the marks at `path`, made if it is not there; None holds them in memory only.

        `shelters` are folders that may take what cannot be written beside the file.
        """
        self.problem = ""
        """Why the file cannot be used now, what was done about it and what to do, as a sentence; or nothing."""
        self.notes: list[str] = []
        """What was done that the user should know, as sentences; whoever tells it, clears it."""
        self._clock = clock
        self._lock = RLock()
        self._own_changes = self._generation = 0
        self._path = "" if path is None else os.path.abspath(os.fspath(path))
        self._shelters = tuple(shelters)
        self._held: dict[tuple[str, str], Row] = {}
        self._held_settings: dict[str, str] = {}
        self._held_file = marks_held.HeldFile(self._path, self._shelters, f"{clock():%Y-%m-%dT%H%M%S}")
        self._is_holding = self._holds_failures = self._is_closed = False
        self._hopeless = ""
        self._tended_day = ""
        self._identity: tuple[int, int] | None = None
        if path is None:
            self._use_memory(())
            return
        try:
            self._use_file(self._open(marks_file.BUSY_SECONDS))
        except (sqlite3.Error, OSError, MarksError) as error:
            self.hold(error)

    @property
    def held_count(self) -> int:
        """How many changes of marks are not in the file yet."""
        return len(self._held)

    def hold_failures(self) -> None:
        """From now on, hold what cannot be written, instead of raising an error, and do not wait long before that."""
        with self._lock:
            self._holds_failures = True
            self._connection.execute(f"PRAGMA busy_timeout = {int(HOLDING_SECONDS * 1000)}")

    def close(self) -> str:
        """Close the file; every confirmed change is on disk already.

        What is held is written now or never; a sentence says where it is kept if that cannot be done.
        """
        with self._lock:
            if self._is_closed:
                return ""
            self.write_held()
            said = self._part() if self._held else ""
            self._connection.close()
            self._is_closed = True
            return said

    def change(self, ids: Iterable[str], mark: Mark, is_set: bool) -> Change:
        """Set a mark of these releases, or take it away, durably; only those that it changes are written.

        Raises `MarksError` when it cannot be written; then nothing of it is.
        """
        with self._lock:
            self.write_held()
            ids = tuple(ids)
            try:
                rows = self._change(ids, mark, is_set)
            except MarksError as error:
                if self._is_holding or not self._holds_failures or not self._path:
                    raise
                self.hold(error.__cause__ or error)
                rows = self._change(ids, mark, is_set)
            if self._is_holding and rows:
                self._held.update((row[:2], row) for row in rows)
                self._held_file.keep(rows)
            return Change(mark, is_set, tuple(row[0] for row in rows))

    def _change(self, ids: Iterable[str], mark: Mark, is_set: bool) -> list[Row]:
        with self._writing():
            return change_rows(self._connection, ids, mark, is_set, format_time(self._clock()))

    def undo(self, change: Change) -> Change:
        """Take a change back, for exactly the releases that it changed."""
        return self.change(change.ids, change.mark, not change.is_set)

    def of(self, ids: Iterable[str]) -> dict[str, frozenset[Mark]]:
        """The marks that these releases have; one without any has an empty set."""
        ids = tuple(ids)
        with self._reading():
            try:
                return self._of(ids)
            except sqlite3.Error as error:
                if not self._holds_failures:
                    raise
                self.hold(error)
                return self._of(ids)

    def _of(self, ids: Iterable[str]) -> dict[str, frozenset[Mark]]:
        found = {}
        for id in ids:
            rows = self._connection.execute("SELECT kind FROM mark WHERE id = ? AND is_set", (id,))
            found[id] = frozenset(Mark(row["kind"]) for row in rows if row["kind"] in _KINDS)
        return found

    def version(self) -> tuple[int, int, int]:
        """Something that differs from before when this or any other process has changed a mark since."""
        with self._reading():
            self._follow()
            try:
                row = self._connection.execute("PRAGMA data_version").fetchone()
            except sqlite3.Error as error:
                if not self._holds_failures:
                    raise
                self.hold(error)
                row = (0,)
            return self._generation, int(row[0]), self._own_changes

    def remember(self, key: str, value: str) -> None:
        """Keep a small setting of the reader, such as the theme, for the next start; `version` stays as it is."""
        with self._writing(counts=False):
            self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))
        if self._is_holding:
            self._held_settings[key] = value

    def recall(self, key: str) -> str | None:
        """The setting that was last remembered under this key."""
        with self._reading():
            row = self._connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row["value"])

    def export(self) -> Iterator[str]:
        """Every mark, also those taken away, as a line of JSON; `merge` reads them back.

        A row that no newsreader wrote is left out, as `merge` would refuse it; `notes` says how many there were.
        """
        with self._reading():
            rows = list(stored_rows(self._connection))
        for row in rows:
            if row is not None:
                yield format_line(row)
        if odd := rows.count(None):
            were = "row that was no mark was" if odd == 1 else "rows that were no marks were"
            self.notes.append(
                f"{self._name}: {odd:,} {were} left out; a newer newsreader or another program wrote what it holds."
            )

    def merge(self, lines: Iterable[str]) -> int:
        """Take over exported marks; where both know a release's mark, the newer word counts. Returns how many changed.

        Raises `MarksError` naming the first line that is no exported mark; then nothing is taken over.
        """
        return self._merge(parse_lines(lines))

    def _merge(self, rows: Iterable[Row]) -> int:
        with self._writing():
            return merge_rows(self._connection, rows)

    # Care

    def tend(self) -> None:
        """Write what is held; once a day, check the whole file and make a backup. To be called off the screen's thread.

        A file that turns out to be damaged is used no more; that a backup failed is said in the notes.
        """
        day = self._clock().date().isoformat()
        if not self.write_held() or not self._path or self._tended_day == day:
            return
        self._tended_day = day
        try:
            marks_backup.back_up(self._path, day)
        except (sqlite3.Error, OSError, MarksError) as error:
            if is_spoiled(error):
                self.hold(error)
            else:
                self.notes.append(f"{self._name}: no backup of the marks was made, as {reason_of(error)}.")

    def hold(self, error: BaseException) -> None:
        """Use the file no more until that is possible again; what can be read of it is read now."""
        with self._lock:
            if self._is_holding or not self._path:
                return
            is_open = self._identity is not None
            rows = rescued_rows(self._connection) if is_open and not is_busy(error) else marks_backup.rescue(self._path)
            if is_open:
                self._connection.close()
            self._identity, self._is_holding = None, True
            self._hopeless = signature(self._path) if is_spoiled(error) else ""
            marks_file.forget_sound(self._path)
            self._use_memory(rows)
            self.problem = (
                f"{self._path}: the marks cannot be used, as {reason_of(error)}; the file is left as it is: "
                f"{advice_on(error)}."
            )

    def write_held(self) -> bool:
        """Write what is held into the file, if that can be used now; whether nothing is held any more."""
        with self._lock:
            if not self._is_holding:
                return True
            if self._hopeless and self._hopeless == signature(self._path):
                return False
            try:
                connection = self._open(RETRY_SECONDS)
                try:
                    if self._held or self._held_settings:
                        write_rows(connection, self._held.values(), self._held_settings)
                except BaseException:
                    connection.close()
                    raise
            except (sqlite3.Error, OSError, MarksError) as error:
                self._hopeless = signature(self._path) if is_spoiled(error) else ""
                return False
            self._held.clear()
            self._held_settings.clear()
            self._held_file.remove()
            self._connection.close()
            self._is_holding = False
            self.problem = ""
            self._use_file(connection)
            return True

    def _part(self) -> str:
        """Leave what is held in a file, and say where; with no file, the sentence holds it."""
        rows = list(self._held.values())
        count = describe_count(len(rows))
        if self._held_file.complete(rows):
            where = " and ".join(self._held_file.paths)
            return (
                f"{self.problem.removesuffix('.')}. {count} could not be written: kept in {where}, they are taken over "
                "as soon as the marks can be used (or by “newsreader marks import”)."
            )
        lines = "\n".join(map(format_line, rows))
        return f"{self.problem} {count} could be written nowhere; “newsreader marks import” takes these lines:\n{lines}"

    # The file

    @property
    def _name(self) -> str:
        return self._path or "memory"

    def _open(self, patience: float) -> sqlite3.Connection:
        """Open the file; one that is missing is made from the newest backup, if there is one, and what is known."""
        if not os.path.lexists(self._path):
            known = rescued_rows(self._connection) if self._is_holding else []
            if day := marks_backup.bring_back(self._path, known):
                self.notes.append(
                    f"{self._path}: the marks were gone, and are those of the backup of {day} now; "
                    f"to begin anew, delete the folder {marks_file.BACKUPS} beside them as well."
                )
        return open_file(self._path, patience)

    def _use_file(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._identity = identity(self._path)
        self._generation += 1
        self.uri = f"{file_uri(self._path, 'rw')}&generation={self._generation}"
        if self._holds_failures:
            self.hold_failures()
        self.notes += marks_held.take_over_all(self._path, self._shelters, self._merge)

    def _use_memory(self, rows: Iterable[Row]) -> None:
        self._generation += 1
        self.uri = f"file:newsreader-marks-{id(self)}-{self._generation}?mode=memory&cache=shared"
        self._connection = connect(self.uri)
        marks_file.migrate(self._connection)
        write_rows(self._connection, rows, {})

    def _follow(self) -> None:
        """Take up the file that stands at the path now, if it is another than was opened.

        One that is gone is made again from what is still open: nobody who wanted to forget had it open.
        """
        if self._identity is None or (found := identity(self._path)) == self._identity:
            return
        try:
            if found is None and not os.path.lexists(self._path):
                copy_file(self._connection, self._path)
                self.notes.append(f"{self._path}: the marks were gone; they are made again from what was open.")
            else:
                self.notes.append(f"{self._path}: the file was replaced by another; its marks are shown now.")
            connection = open_file(self._path)
        except (sqlite3.Error, OSError, MarksError) as error:
            if not self._holds_failures:
                raise MarksError(f"{self._path}: the marks cannot be used, as {reason_of(error)}.") from error
            self.hold(error)
            return
        self._connection.close()
        self._use_file(connection)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise MarksError(f"{self._name}: the marks cannot be read: {error}.") from error

    @contextmanager
    def _writing(self, *, counts: bool = True) -> Iterator[None]:
        """A transaction, which `counts` as a change of marks or not."""
        with self._lock:
            try:
                self._begin()
                try:
                    yield
                except BaseException:
                    if self._connection.in_transaction:  # after some errors SQLite has done it itself
                        self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise MarksError(
                    f"{self._name}: the mark was not kept, as {reason_of(error)}; nothing stored is changed: "
                    f"{advice_on(error)}."
                ) from error
            self._own_changes += counts

    def _begin(self) -> None:
        """Begin to write into the file that stands at the path: under the lock, nobody replaces it any more."""
        while True:
            self._follow()
            self._connection.execute("BEGIN IMMEDIATE")
            if self._identity in {None, identity(self._path)}:
                return
            self._connection.execute("ROLLBACK")
