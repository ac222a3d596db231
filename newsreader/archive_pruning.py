"""Deletes archives that nobody will miss: of libraries that have vanished, or that were not opened for long."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, suppress

from newsreader.marks_file import connect, file_uri

DAY = 86400
VANISHED_SECONDS = 7 * DAY
"""How long an archive is kept whose library is not there: it may be on a disk that comes back."""
UNOPENED_SECONDS = 180 * DAY
"""How long any archive is kept that nobody opens."""
MOST_AT_ONCE = 50
"""How many archives are looked into at a time."""
_PREFIX, _ENDING = "archive-", ".db"
_OWN = ("-wal", "-shm", "-journal")  # which SQLite deletes when the last connection is closed
_MOST_PATHS = 100  # digests that are looked for, where it is not noted which library an archive is of


def note_opening(path: str, status: os.stat_result, now: float) -> None:
    """Have an archive's time tell the day on which it was opened last."""
    if now - status.st_mtime > DAY:
        with suppress(OSError):
            os.utime(path, (now, now))


def prune(folder: str, now: float) -> list[str]:
    """Delete the archives in the cache folder that are of no use any more, and that nobody has open; their paths."""
    return [path for path in _stale(folder, now) if _delete_stale(path, now)]


def _stale(folder: str, now: float) -> Iterator[str]:
    """The archives that were not opened for a while, those of the longest first."""
    found = []
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_ENDING):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and now - status.st_mtime > VANISHED_SECONDS:
                    found.append((status.st_mtime, entry.path))
    yield from (path for _, path in sorted(found)[:MOST_AT_ONCE])


def _delete_stale(path: str, now: float) -> bool:
    """Delete an archive unless somebody has it open, or may want it; whether it was deleted.

    Leaving WAL needs that no other connection has the file open, and the lock is held until it has no name any more.
    """
    try:
        with closing(connect(file_uri(path, "rw"), 0)) as connection:
            is_new = now - os.stat(path).st_mtime <= UNOPENED_SECONDS
            try:
                if is_new and not _is_vanished(connection):
                    return False
                connection.execute("PRAGMA journal_mode = DELETE")
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return False
            except sqlite3.DatabaseError:  # it is no archive, or damaged
                pass
            _unlink(path)
        return True
    except (sqlite3.Error, OSError):
        return False


def _unlink(path: str) -> None:
    """Delete an archive and all that lies beside it."""
    folder, name = os.path.split(path)
    os.unlink(path)
    for other in os.listdir(folder):
        if other.startswith(f"{name}.") or other in {name + ending for ending in _OWN}:
            with suppress(OSError):
                os.unlink(os.path.join(folder, other))


def _is_vanished(connection: sqlite3.Connection) -> bool:
    """Whether nothing of the library that an archive is of is there any more."""
    paths: set[bytes] = set()
    for row in connection.execute("SELECT DISTINCT library FROM listing"):
        paths.update(path for path in bytes(row["library"]).split(b"\n") if path.startswith(b"/"))
    if not paths:
        rows = connection.execute("SELECT path FROM digest WHERE path <> x'2d' LIMIT ?", (_MOST_PATHS,))  # but input
        paths.update(bytes(row["path"]) for row in rows)
    return not any(map(os.path.lexists, paths))
