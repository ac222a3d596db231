"""The SQLite file of an archive: opening it, making it, telling damage from trouble, and deleting it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
import zlib
from _thread import allocate_lock  # importing threading would take 1 ms

from newsreader.archive_pruning import note_opening
from newsreader.errors import ArchiveError, MarksDamagedError, MarksError
from newsreader.marks_file import Connection, check_ours, check_sound, connect, file_uri, is_spoiled
from newsreader.private import create_private_file, make_private_folder
from newsreader.search import BY_DATE

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from newsreader.marks import Marks

BUSY_SECONDS = 10.0
"""How long to wait for another process that is writing."""

_PAGE_SIZE = 16384  # holds a dozen bodies; with 4096 bytes a third of each page stays empty

_SCHEMA = """
CREATE TABLE IF NOT EXISTS source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS digest (
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    releases INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS listing (
    library BLOB NOT NULL, folder BLOB NOT NULL, names BLOB NOT NULL, sizes BLOB NOT NULL, times BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS skipped (path BLOB NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS problem (
    digest_id INTEGER NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL, is_failure INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS release (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, words INTEGER NOT NULL,
    day TEXT, precision TEXT NOT NULL, basis TEXT NOT NULL, evidence TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS body (row INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS origin (
    row INTEGER NOT NULL, digest_id INTEGER NOT NULL, line INTEGER NOT NULL, offset INTEGER NOT NULL,
    day TEXT, precision TEXT NOT NULL, basis TEXT NOT NULL, evidence TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS release_by_date ON release ({by_date});
CREATE INDEX IF NOT EXISTS origin_by_row ON origin (row);
CREATE INDEX IF NOT EXISTS origin_by_digest ON origin (digest_id);
CREATE VIRTUAL TABLE IF NOT EXISTS text_index USING fts5 (
    text, content='', detail=none, columnsize=0, prefix='1 2 3', tokenize='ascii'
);
CREATE VIRTUAL TABLE IF NOT EXISTS text_words USING fts5vocab (text_index, instance);
CREATE VIRTUAL TABLE IF NOT EXISTS title_index USING fts5 (
    title, content='', detail=none, columnsize=0, prefix='1 2 3', tokenize='ascii'
);
INSERT INTO text_index (text_index, rank) VALUES ('hashsize', 8388608);
""".replace("{by_date}", BY_DATE)
"""Bodies lie apart from releases, so that no list reads past them. Both indexes hold folded text (see words.py).

With room for eight megabytes, instead of one, FTS5 has less to merge: a first indexing takes a fifth less of it.
"""

_IS_SOUND = """
SELECT (SELECT max(row) FROM release) IS (SELECT max(row) FROM body)
    AND (SELECT min(row) FROM release) IS (SELECT min(row) FROM body)
    AND (EXISTS (SELECT 1 FROM source) OR NOT EXISTS (SELECT 1 FROM release))
"""
_DAMAGE_CODES = frozenset(
    [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH]
)
_DAMAGE_MESSAGES = ("Could not decode to UTF-8", "vtable constructor failed", "no such table", "no such column")


TEMPORARY = ""
"""The path of an archive in a file without a name, which is gone when it is closed; for one connection only."""


class ArchiveDamagedError(ArchiveError):
    """The archive was damaged, and was deleted; the next refresh builds it anew."""


class ArchiveFile:
    """Where an archive is held; what all its connections share."""

    def __init__(self, path: str | os.PathLike[str] | None, marks: str | Marks) -> None:
        """Nothing is opened yet; None is for an archive in memory."""
        self.generation = 0
        """How often it was deleted: a connection of an earlier generation reads a file that is no more."""
        self._marks = marks
        self._lock = allocate_lock()
        self._path = os.path.abspath(os.fspath(path)) if path else ""
        self._uri = file_uri(self._path, "rwc") if path else TEMPORARY
        if path is None:
            self._uri = f"file:newsreader-archive-{id(self)}?mode=memory&cache=shared"

    @property
    def marks_uri(self) -> str:
        """Where the marks are now."""
        return self._marks if isinstance(self._marks, str) else self._marks.uri

    def move_marks(self, connection: sqlite3.Connection, uri: str) -> bool:
        """Have a connection read the marks where they are now; not possible while it reads them where they were."""
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("DETACH marks")
        try:
            connection.execute("ATTACH ? AS marks", (uri,))
        except sqlite3.OperationalError:
            return False
        return True

    def open(self) -> sqlite3.Connection:
        """Connect to the archive, made if need be.

        Raises `ArchiveDamagedError` when it was damaged (opening it again makes it anew), and `ArchiveError` when it
        can neither be opened nor made.
        """
        generation = self.generation
        try:
            if self._path:
                self._make_file()
            return self._connect()
        except (sqlite3.Error, OSError) as error:
            if is_damage(error):
                raise self.damaged(error, generation) from error
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> ArchiveError:
        return ArchiveError(
            f"{self._path}: the archive cannot be used ({error}). It only holds what the digests hold: "
            "delete it, free some space, or use --no-cache."
        )

    def _make_file(self) -> None:
        make_private_folder(os.path.dirname(self._path))
        with contextlib.suppress(FileExistsError):
            create_private_file(self._path)
        status = os.stat(self._path)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is not a file")
        note_opening(self._path, status, time.time())

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._uri,
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA read_uncommitted = ON")  # only shared memory knows it: readers need not wait
            _ensure_schema(connection)
            connection.execute("ATTACH ? AS marks", (self.marks_uri,))
        except BaseException:
            connection.close()
            raise
        return connection

    def damaged(self, error: Exception, generation: int) -> ArchiveDamagedError | MarksDamagedError:
        """Delete an archive that turned out to be damaged, unless that was done since; the error to raise.

        When the marks are what is damaged, the archive stays, and these are held in memory.
        """
        if (fault := self._fault_of_marks()) is not None:
            if not isinstance(self._marks, str):
                self._marks.hold(fault)
            return MarksDamagedError(f"The marks are damaged ({error}).")
        with self._lock:
            if generation == self.generation:
                self.discard()
        return ArchiveDamagedError(
            f"{self._path}: the archive was damaged ({error}) and is deleted; nothing is lost, "
            "as it only holds what the digests hold. Give the command again to have it built anew."
        )

    def _fault_of_marks(self) -> Exception | None:
        """What is wrong with the marks, if that is damage; also when they were emptied while we had them open."""
        try:
            with contextlib.closing(connect(self.marks_uri)) as connection:
                check_sound(connection)
                check_ours(connection)
        except (sqlite3.Error, MarksError) as error:
            return error if is_spoiled(error) else None
        return None

    def discard(self) -> None:
        """Delete the archive's files; what they hold can be read again from the digests.

        Raises `ArchiveError` when they cannot be deleted.
        """
        try:
            for ending in ("", "-wal", "-shm") if self._path else ():
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._path + ending)
        except OSError as error:
            raise self._unusable(error) from error
        self.generation += 1


def is_damage(error: Exception) -> bool:
    """Whether an error speaks for damage, which building anew mends; not for a full disk or another who is writing."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in _DAMAGE_CODES or str(error).startswith(_DAMAGE_MESSAGES)
    return isinstance(error, (ValueError, TypeError, zlib.error))


def _ensure_schema(connection: sqlite3.Connection) -> None:
    """Make the tables of a new archive, or see that those of an old one are as they were made, as far as that is quick.

    Raises `sqlite3.DatabaseError` when they are not.
    """
    found = _schema_sum(connection)
    if not found:
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
        found = _schema_sum(connection)
        connection.execute(f"PRAGMA user_version = {found}")
        connection.execute("COMMIT")
    if connection.execute("PRAGMA user_version").fetchone()[0] != found:
        raise _NotAsMadeError("its tables are not as they were made")
    if not connection.execute(_IS_SOUND).fetchone()[0]:
        raise _NotAsMadeError("its tables do not agree with each other")


class _NotAsMadeError(sqlite3.DatabaseError):
    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _schema_sum(connection: sqlite3.Connection) -> int:
    """A sum of what tables there are and how they are defined, of 31 bits; 0 for none."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return zlib.crc32(repr(list(map(tuple, rows))).encode("utf-8", "surrogatepass")) >> 1 if rows else 0
