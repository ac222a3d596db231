"""The SQLite marks: what the reader did with releases. Precious: each change is one durable transaction."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from newsreader.errors import MarksError
from newsreader.models import Mark
from newsreader.private import create_private_file, make_private_folder
from newsreader.record import Record

BUSY_SECONDS = 5.0
"""How long to wait for another process that is writing."""

_APPLICATION_ID = 0x6E657773  # "news": tells our file from any other SQLite database
_MOST_ID_DIGITS = 64
_MIGRATIONS = (
    """
    CREATE TABLE mark (
        id TEXT NOT NULL, kind TEXT NOT NULL, is_set INTEGER NOT NULL, time TEXT NOT NULL,
        PRIMARY KEY (id, kind)
    ) WITHOUT ROWID;
    CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
)
"""The steps from each version of the schema to the next; a mark taken away stays as a row that says so, for merging."""

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
    marks are held in memory for as long as the program runs.
    """

    def __init__(self, path: str | os.PathLike[str] | None, *, clock: Callable[[], datetime]) -> None:
        """Open the marks at `path`, made if it is not there; None holds them in memory only."""
        self.problem = ""
        self._clock = clock
        self._lock = threading.RLock()
        self._own_changes = 0
        self._name = "memory" if path is None else os.fspath(path)
        self.uri = f"file:newsreader-marks-{id(self)}?mode=memory&cache=shared"
        if path is not None:
            try:
                self._connection = _open_file(self._name)
            except (sqlite3.Error, OSError, MarksError) as error:
                self.problem = (
                    f"{self._name}: the marks cannot be used ({error}). The file is left as it is; "
                    "what you mark now is forgotten when you leave."
                )
            else:
                self.uri = file_uri(self._name, "rw")
                return
        self._connection = _connect(self.uri)
        _migrate(self._connection)

    def close(self) -> None:
        """Close the file; every confirmed change is on disk already."""
        with self._lock:
            self._connection.close()

    def change(self, ids: Iterable[str], mark: Mark, is_set: bool) -> Change:
        """Set a mark of these releases, or take it away, durably; only those that it changes are written.

        Raises `MarksError` when it cannot be written; then nothing of it is.
        """
        time = self._now()
        changed: list[str] = []
        with self._writing():
            for id in ids:
                row = self._connection.execute(
                    "INSERT INTO mark SELECT :id, :kind, :is_set, :time "
                    "WHERE :is_set OR EXISTS (SELECT 1 FROM mark WHERE id = :id AND kind = :kind) "
                    "ON CONFLICT DO UPDATE SET is_set = :is_set, time = :time WHERE is_set <> :is_set RETURNING is_set",
                    {"id": id, "kind": mark, "is_set": is_set, "time": time},
                ).fetchone()
                if row is not None:
                    changed.append(id)
        return Change(mark, is_set, tuple(changed))

    def undo(self, change: Change) -> Change:
        """Take a change back, for exactly the releases that it changed."""
        return self.change(change.ids, change.mark, not change.is_set)

    def of(self, ids: Iterable[str]) -> dict[str, frozenset[Mark]]:
        """The marks that these releases have; one without any has an empty set."""
        with self._reading():
            found = {}
            for id in ids:
                rows = self._connection.execute("SELECT kind FROM mark WHERE id = ? AND is_set", (id,))
                found[id] = frozenset(Mark(row["kind"]) for row in rows if row["kind"] in _KINDS)
            return found

    def version(self) -> tuple[int, int]:
        """Something that differs from before when this or any other process has changed a mark since."""
        with self._reading():
            row = self._connection.execute("PRAGMA data_version").fetchone()
        return int(row[0]), self._own_changes

    def remember(self, key: str, value: str) -> None:
        """Keep a small setting of the reader, such as the theme, for the next start."""
        with self._writing():
            self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    def recall(self, key: str) -> str | None:
        """The setting that was last remembered under this key."""
        with self._reading():
            row = self._connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row["value"])

    def export(self) -> Iterator[str]:
        """Every mark, also those taken away, as a line of JSON; `merge` reads them back.

        A row that no newsreader wrote is left out, as `merge` would refuse it.
        """
        import json

        statement = (
            "SELECT CAST(id AS BLOB), CAST(kind AS BLOB), is_set, CAST(time AS BLOB) FROM mark ORDER BY id, kind"
        )
        with self._reading():
            rows = self._connection.execute(statement).fetchall()
        for *texts, is_set in ((row[0], row[1], row[3], row[2]) for row in rows):
            id, kind, time = (text.decode("utf-8", "replace") for text in texts)
            row = {"id": id, "mark": kind, "set": bool(is_set), "time": time}
            with suppress(ValueError):
                _read_exported(row)
                yield json.dumps(row)

    def merge(self, lines: Iterable[str]) -> int:
        """Take over exported marks; where both know a release's mark, the newer word counts. Returns how many changed.

        Raises `MarksError` naming the first line that is no exported mark; then nothing is taken over.
        """
        rows = [_parse_exported(line, number) for number, line in enumerate(lines, 1) if line.strip()]
        before = self._connection.total_changes
        with self._writing():
            self._connection.executemany(
                "INSERT INTO mark VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET is_set = excluded.is_set, time = excluded.time WHERE excluded.time > time",
                rows,
            )
            return self._connection.total_changes - before

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="microseconds")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise MarksError(f"{self._name}: the marks cannot be read: {error}.") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise MarksError(
                    f"{self._name}: the mark was not kept ({error}). Nothing stored is changed. {_advice(error)}"
                ) from error
            self._own_changes += 1


def file_uri(path: str, mode: str) -> str:
    """A path as the URI that SQLite opens (https://sqlite.org/uri.html), whatever bytes it is made of."""
    safe = frozenset(b"/-._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    quoted = "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in os.fsencode(os.path.abspath(path)))
    return f"file:{quoted}?mode={mode}"


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _advice(error: sqlite3.Error) -> str:
    """What to do when marks cannot be written."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "Another program is writing to it; try again."
        case sqlite3.SQLITE_FULL:
            return "Free some space, then try again."
        case _:
            return "See that you may write to the file and its folder, then try again."


def _open_file(path: str) -> sqlite3.Connection:
    """Open the file, or make it for its owner alone."""
    make_private_folder(os.path.dirname(os.path.abspath(path)))
    if not os.path.lexists(path):
        _make_file(path)
    if os.path.isfile(path) and not os.path.getsize(path):
        raise MarksError("it is empty, which marks never are; delete it if you have no copy to put in its place")
    connection = _connect(file_uri(path, "rw"))
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        _check_ours(connection)
        _migrate(connection, backup=path)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_file(path: str) -> None:
    """Make a file without marks under another name and then give it its own: nobody ever sees half of one."""
    draft = f"{path}.new-{os.urandom(6).hex()}"
    create_private_file(draft)
    try:
        connection = _connect(file_uri(draft, "rw"))
        try:
            connection.execute("PRAGMA synchronous = FULL")
            _migrate(connection)
        finally:
            connection.close()
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was faster
            return
        except OSError:  # a file system without links
            os.rename(draft, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def _check_ours(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        raise MarksError("it is another program's database")
    if version > len(_MIGRATIONS):
        raise MarksError("a newer newsreader wrote it; please update this one")
    if _schema(connection) != _expected_schema(version):
        raise MarksError("its tables are not as newsreader makes them")
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise MarksError("it is damaged")


def _schema(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    """All tables, and also triggers and views, which could take marks away behind our back."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    return set(map(tuple, rows))


def _expected_schema(version: int) -> set[tuple[str, ...]]:
    connection = _connect(":memory:")
    try:
        _migrate(connection, version)
        return _schema(connection)
    finally:
        connection.close()


def _migrate(connection: sqlite3.Connection, last: int = len(_MIGRATIONS), backup: str = "") -> None:
    """Bring the schema up to a version, keeping a copy of marks of an older one."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == last:
        return
    if version and backup:
        copy = f"{backup}.version-{version}"
        if not os.path.exists(copy):
            connection.execute("VACUUM INTO ?", (copy,))
            os.chmod(copy, 0o600)
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]  # another process may have been faster
        for step in _MIGRATIONS[version:last]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {last}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _parse_exported(line: str, number: int) -> tuple[str, str, bool, str]:
    import json

    try:
        return _read_exported(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise MarksError(
            f"Line {number} is not a mark as “newsreader marks export” writes it: {line.strip()[:60]!r}. "
            "Nothing was taken over."
        ) from error


def _read_exported(row: object) -> tuple[str, str, bool, str]:
    """The row of a mark; `ValueError` when it is none."""
    match row:
        case {"id": str(id), "mark": str(kind), "set": bool(is_set), "time": str(time)}:
            pass
        case _:
            raise ValueError(row)
    if not 0 < len(id) <= _MOST_ID_DIGITS or id.strip("0123456789abcdef"):
        raise ValueError(id)
    try:
        moment = datetime.fromisoformat(time).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(time) from error
    return id, Mark(kind).value, is_set, moment.isoformat(timespec="microseconds")
