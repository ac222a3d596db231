"""The SQLite file of the marks: making it, opening it, and telling in words why it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType

from newsreader.errors import MarksError
from newsreader.marks_journal import BESIDE, has_foreign_journal, obstacles
from newsreader.marks_rows import Row, time_after, write_rows
from newsreader.private import create_private_file, make_private_folder

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import Any

BUSY_SECONDS = 7.0
"""How long to wait for another process that is writing."""
BACKUPS = "backups"
"""The folder beside the marks that holds their backups."""
DRAFT = ".new-"
"""What is in the name of a file that is not whole yet."""

_APPLICATION_ID = 0x6E657773  # "news": tells our file from any other SQLite database
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
_KINDS_OF_FILE = (
    (stat.S_ISDIR, "a folder stands in its place"),
    (stat.S_ISFIFO, "a pipe stands in its place"),
    (stat.S_ISSOCK, "a socket stands in its place"),
    (stat.S_ISREG, ""),
)
_SMALL = 1 << 18
"""Bytes of a file that is checked so quickly that noting it is not worth the while."""
_SETTLED_NS = 2 * 10**9
"""A file that was written longer ago would look otherwise if it were written once more."""


class SpoiledMarksError(MarksError):
    """The file is there, but what is in it are no marks that can be used: time does not mend that."""


class NewerMarksError(SpoiledMarksError):
    """A newer newsreader wrote the file."""


class Connection(sqlite3.Connection):
    """A connection that tells all damage as such: SQLite may quote bytes of the file, which Python fails to decode."""

    def execute(self, statement: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """As everywhere; raises `UntellableError` for what SQLite has no words for."""
        try:
            return super().execute(statement, parameters)
        except UnicodeDecodeError as error:
            raise UntellableError("database disk image is malformed") from error


class UntellableError(sqlite3.DatabaseError):
    """Damage that SQLite tells in words which are no text."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def file_uri(path: str, mode: str) -> str:
    """A path as the URI that SQLite opens (https://sqlite.org/uri.html), whatever bytes it is made of."""
    safe = frozenset(b"/-._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    quoted = "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in os.fsencode(os.path.abspath(path)))
    return f"file:{quoted}?mode={mode}"


def connect(uri: str, patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection in autocommit, for any thread."""
    connection = sqlite3.connect(
        uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False, factory=Connection
    )
    connection.row_factory = sqlite3.Row
    connection.create_function("time_after", 1, time_after, deterministic=True)
    return connection


def open_file(path: str, patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open the marks at `path`, which must be there.

    Raises `MarksError`, `OSError` or `sqlite3.Error` when they cannot be used, for which `reason_of` has words.
    """
    _check_kind(path)
    real = os.path.realpath(path)  # beside which SQLite looks
    if found := obstacles(real):
        raise SpoiledMarksError(f"what is no file stands at {found[0]}, where SQLite needs one")
    if has_foreign_journal(real):
        raise SpoiledMarksError("a journal that is not its own lies beside it")
    connection = connect(file_uri(path, "rw"), patience)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        check_ours(connection)
        if os.stat(path).st_size % connection.execute("PRAGMA page_size").fetchone()[0]:
            raise SpoiledMarksError("it is cut short")
        if not is_known_sound(path):
            check_sound(connection)
            note_sound(path)
        migrate(connection, backup=path)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_kind(path: str) -> None:
    """Raise `SpoiledMarksError` for what only looks like a file, before SQLite waits for it or fills it."""
    try:
        state = os.stat(path)
    except OSError as error:
        if os.path.islink(path):
            raise SpoiledMarksError(f"it is a link to {os.readlink(path)}, which leads nowhere") from error
        raise
    what = next((what for is_kind, what in _KINDS_OF_FILE if is_kind(state.st_mode)), "a device stands in its place")
    if what:
        raise SpoiledMarksError(what)
    if not state.st_size:
        raise SpoiledMarksError("it is empty, which marks never are")


def check_ours(connection: sqlite3.Connection) -> None:
    """Look at the schema. Raises `SpoiledMarksError` when another program made it, or a newer newsreader."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        raise SpoiledMarksError("it is another program's database")
    if version > len(_MIGRATIONS):
        raise NewerMarksError("a newer newsreader wrote it")
    if version < 1 or _schema(connection) != _expected_schema(version):
        raise SpoiledMarksError("its tables are not as newsreader makes them")


def check_sound(connection: sqlite3.Connection) -> None:
    """Read the whole file. Raises `SpoiledMarksError` when it is damaged."""
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise SpoiledMarksError("it is damaged")


def is_known_sound(path: str) -> bool:
    """Whether the file is still exactly what it was when it was last read as a whole."""
    try:
        with open(_note_path(path), "rb") as stream:
            return stream.read(400) == signature(path).encode()
    except OSError:
        return False


def note_sound(path: str) -> None:
    """Note what the file looks like after it was read as a whole, unless a change could not be told from that."""
    from time import time_ns

    with suppress(OSError):
        state = os.stat(path)
        note = _note_path(path)
        is_settled = time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) > _SETTLED_NS
        if state.st_size > _SMALL and is_settled and os.path.isdir(os.path.dirname(note)):
            draft = f"{note}-{os.getpid()}"
            create_private_file(draft)
            with open(draft, "wb") as stream:
                stream.write(signature(path).encode())
            os.replace(draft, note)


def forget_sound(path: str) -> None:
    """Have the file read as a whole at the next opening."""
    with suppress(OSError):
        os.unlink(_note_path(path))


def _note_path(path: str) -> str:
    return os.path.join(os.path.dirname(path), BACKUPS, "sound")


def signature(path: str) -> str:
    """What changes whenever the file does, as far as its folder tells; empty when there is none."""
    parts = []
    real = os.path.realpath(path)
    for each in (real, *(real + ending for ending in BESIDE)):
        with suppress(OSError):
            state = os.lstat(each)
            parts.append(f"{state.st_dev} {state.st_ino} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}")
    return "\n".join(parts)


def identity(path: str) -> tuple[int, int] | None:
    """Which file stands at the path; None when there is none."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_dev, state.st_ino


def make_file(
    path: str,
    rows: Iterable[Row] = (),
    settings: Mapping[str, str] = MappingProxyType({}),
    *,
    make_room: Callable[[], None] | None = None,
) -> None:
    """Make a file of these marks under another name and then give it its own: nobody ever sees half of one.

    Another that is there by then stays, unless `make_room` sees to it that it may be replaced.
    """
    make_private_folder(os.path.dirname(path))
    draft = f"{path}{DRAFT}{os.urandom(6).hex()}"
    create_private_file(draft)
    try:
        connection = connect(file_uri(draft, "rw"))
        try:
            connection.execute("PRAGMA synchronous = FULL")
            migrate(connection)
            write_rows(connection, rows, settings)
        finally:
            connection.close()
        if make_room is not None:
            make_room()
        _give_name(draft, path, replaces=make_room is not None)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def copy_file(connection: sqlite3.Connection, path: str) -> None:
    """Copy an open database to a new file, whole or not at all; another that is there by then stays."""
    make_private_folder(os.path.dirname(path))
    draft = f"{path}{DRAFT}{os.urandom(6).hex()}"
    create_private_file(draft)
    try:
        connection.execute("VACUUM INTO ?", (file_uri(draft, "rw"),))
        _sync(draft)
        _give_name(draft, path, replaces=False)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def _give_name(draft: str, path: str, *, replaces: bool) -> None:
    if replaces:
        os.replace(draft, path)
    else:
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was faster
            return
        except OSError:  # a file system without links
            os.rename(draft, path)
    with suppress(OSError):  # a file system that does not know it for folders
        _sync(os.path.dirname(path))


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _schema(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    """All tables, and also triggers and views, which could take marks away behind our back."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    return set(map(tuple, rows))


def _expected_schema(version: int) -> set[tuple[str, ...]]:
    connection = connect(":memory:")
    try:
        migrate(connection, version)
        return _schema(connection)
    finally:
        connection.close()


def migrate(connection: sqlite3.Connection, last: int = len(_MIGRATIONS), backup: str = "") -> None:
    """Bring the schema up to a version, keeping a copy of marks of an older one."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == last:
        return
    if version and backup and not os.path.exists(copy := f"{backup}.version-{version}"):
        copy_file(connection, copy)
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


def code_of(error: BaseException) -> int:
    """SQLite's code of an error; 0 for another's."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_spoiled(error: BaseException) -> bool:
    """Whether what is in the file is at fault, which neither time nor room on the disk mends."""
    return isinstance(error, SpoiledMarksError) or code_of(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_busy(error: BaseException) -> bool:
    """Whether another program holds the file locked."""
    return code_of(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def reason_of(error: BaseException) -> str:
    """Why the marks cannot be used, as the end of a sentence."""
    match code_of(error):
        case 0:
            said = getattr(error, "strerror", None)
            return f"the system says “{said}”" if said else str(error).rstrip(".")
        case sqlite3.SQLITE_CORRUPT:
            return "it is damaged"
        case sqlite3.SQLITE_NOTADB:
            return "it is no database"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "another program holds it locked"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return "it may not be written"
        case sqlite3.SQLITE_FULL:
            return "there is no room on the disk"
        case sqlite3.SQLITE_CANTOPEN:
            return "it, its folder or its journal cannot be opened"
        case sqlite3.SQLITE_IOERR:
            return "the system failed to read or write it or its journal"
        case _:
            return str(error)


def advice_on(error: BaseException) -> str:
    """What to do when the marks cannot be read or written, as the end of a sentence."""
    if isinstance(error, NewerMarksError):
        return "please update this newsreader"
    if is_spoiled(error):
        return "“newsreader marks restore” sets it aside and brings the marks back"
    match code_of(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "try again when it is done"
        case sqlite3.SQLITE_FULL:
            return "free some space"
        case sqlite3.SQLITE_IOERR:
            return "see that the disk is sound, that nothing else has the journal’s name, and that files may grow"
        case _:
            return "see that you may write to it and to its folder"
