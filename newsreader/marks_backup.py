"""Dated backups of the marks, few and pruned, and the way back from them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from time import time

from newsreader.errors import MarksError
from newsreader.marks_file import (
    BACKUPS,
    DRAFT,
    NewerMarksError,
    SpoiledMarksError,
    advice_on,
    check_sound,
    connect,
    copy_file,
    file_uri,
    is_spoiled,
    make_file,
    note_sound,
    open_file,
    reason_of,
)
from newsreader.marks_journal import BESIDE, JOURNAL, has_foreign_journal, obstacles
from newsreader.marks_rows import Row, rescued_rows, stored_rows
from newsreader.record import Record

DAYS, MONTHS = 7, 6
"""How many backups are kept: the newest, and the last one of each of the newest months."""
_PREFIX, _ENDING = "marks-", ".db"
_STALE_SECONDS = 86400
_DAY_LENGTH = len("2024-10-10")


class Backup(Record):
    """A copy of the marks as they were before the first change of a day."""

    path: str
    """Its file."""
    day: str
    """The day, such as 2024-10-10."""

    def count(self) -> int | None:
        """How many marks it holds; None when it is damaged."""
        try:
            with closing(_open_copy(self.path)) as connection:
                return sum(row is not None and row[2] for row in stored_rows(connection))
        except (sqlite3.Error, OSError, MarksError):
            return None


def backups_of(path: str) -> list[Backup]:
    """The backups of the marks at `path`, the newest first."""
    folder = os.path.join(os.path.dirname(path), BACKUPS)
    found = []
    with suppress(OSError):
        for name in os.listdir(folder):
            day = name.removeprefix(_PREFIX).removesuffix(_ENDING)
            if name == f"{_PREFIX}{day}{_ENDING}" and len(day) == _DAY_LENGTH:
                found.append(Backup(os.path.join(folder, name), day))
    return sorted(found, key=lambda backup: backup.day, reverse=True)


def back_up(path: str, day: str) -> None:
    """Check the whole file and copy it, unless that was done on this day; then delete the backups that are too many.

    Raises `MarksError`, `OSError` or `sqlite3.Error` when it cannot be done.
    """
    copy = Backup(os.path.join(os.path.dirname(path), BACKUPS, f"{_PREFIX}{day}{_ENDING}"), day)
    if os.path.exists(copy.path):
        return
    with closing(connect(file_uri(path, "rw"))) as connection:
        check_sound(connection)
        if connection.execute("SELECT 1 FROM mark LIMIT 1").fetchone() is None:
            return
        copy_file(connection, copy.path)
    note_sound(path)
    for backup in _superfluous(backups_of(path)):
        os.unlink(backup.path)
    _sweep(os.path.dirname(path), f"{os.path.basename(path)}{DRAFT}")
    _sweep(os.path.dirname(copy.path), _PREFIX)


def _superfluous(backups: list[Backup]) -> Iterator[Backup]:
    """Those of backups, newest first, that need not be kept."""
    months: set[str] = set()
    for number, backup in enumerate(backups):
        month = backup.day[:7]
        is_last_of_month = month not in months and len(months) < MONTHS
        months.add(month)
        if number >= DAYS and not is_last_of_month:
            yield backup


def _sweep(folder: str, start: str) -> None:
    """Delete the drafts that processes which were killed have left behind."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            is_draft = entry.name.startswith(start) and DRAFT in entry.name
            if is_draft and entry.stat(follow_symlinks=False).st_mtime < time() - _STALE_SECONDS:
                os.unlink(entry.path)


def bring_back(path: str, known: Iterable[Row]) -> str:
    """Make marks that are not there, from the newest good backup and what is known; the backup's day, if there is one.

    Raises `OSError` or `sqlite3.Error` when they cannot be made.
    """
    backup = _choose(path, "")
    rows, settings = _read_copy(backup)
    make_file(path, [*rows, *known], settings)
    return "" if backup is None else backup.day


def restore(path: str, name: str, now: datetime) -> str:
    """Put a backup in the place of the marks, with all that can be read of these; a sentence on what was done.

    `name` is a backup's day or path; without one it is the newest good one, and marks that are sound are left alone.
    Of each mark the newest word counts. The present file keeps another, dated name.

    Raises `MarksError` when that cannot be done; then nothing is changed.
    """
    target = os.path.realpath(path) if os.path.isfile(path) else path
    try:
        with ExitStack() as opened:
            return _restore(target, path, name, now, opened)
    except (sqlite3.Error, OSError) as error:
        raise MarksError(
            f"{path}: nothing was restored, as {reason_of(error)}; {advice_on(error)}, then try again."
        ) from error


def _restore(target: str, path: str, name: str, now: datetime, opened: ExitStack) -> str:
    aside = _free_name(f"{target}.aside-{now:%Y-%m-%dT%H%M%S}")
    moved = _clear(target, aside)
    present = _open_present(target, name, opened)
    if present is not None and not name:
        count = sum(row is not None and row[2] for row in stored_rows(present))
        return f"{path}: the {count:,} marks are sound, and nothing was restored.{moved}"
    backup = _choose(path, name)
    rows, settings = _read_copy(backup)
    rescued, kept = _rescue(target) if present is None else (rescued_rows(present), _settings(present))
    if backup is None and not rescued and os.path.lexists(target):
        raise MarksError(
            f"{path}: there is no backup, and no mark can be read of the file; move it away to begin anew."
        )
    make_file(target, [*rows, *rescued], settings | kept, make_room=lambda: _set_aside(target, aside))
    is_kept = os.path.lexists(aside)
    read = f"{sum(row[2] for row in rescued):,} that could be read of the file that was there"
    if backup is None:
        what = f"there was no backup; the marks are the {read}"
    else:
        what = f"the marks of {backup.day} are back"
        if rescued:
            what += f", with {read}"
        elif is_kept:
            what += ", but nothing could be read of the file that was there"
    return f"{path}: {what}{f'; that file is kept as {aside}' if is_kept else ''}.{moved}"


def _clear(target: str, aside: str) -> str:
    """Set aside what lies beside the marks and is not theirs; a sentence that says so, if there was anything."""
    found = dict.fromkeys(obstacles(target), "What was no file")
    if not found and os.path.isfile(target) and has_foreign_journal(target):
        found[target + JOURNAL] = "A journal that is not theirs"
    for path in found:
        os.rename(path, aside + path.removeprefix(target))
    return "".join(f" {what} was set aside as {aside}{path.removeprefix(target)}." for path, what in found.items())


def _open_present(target: str, name: str, opened: ExitStack) -> sqlite3.Connection | None:
    """The marks that are there, locked against all others; None when they are spoiled or not there."""
    try:
        connection = opened.enter_context(closing(open_file(target)))
        connection.execute("BEGIN IMMEDIATE")
        opened.callback(lambda: connection.in_transaction and connection.execute("ROLLBACK"))
        return connection
    except NewerMarksError as error:
        if not name:
            raise MarksError(
                f"{target}: {error}; please update this one, or name the backup that is to take their place."
            ) from error
    except (MarksError, sqlite3.Error, OSError) as error:
        if not is_spoiled(error) and not isinstance(error, FileNotFoundError):
            raise
    return None


def _choose(path: str, name: str) -> Backup | None:
    """The backup that is meant, which must be sound."""
    backups = backups_of(path)
    if not name:
        return next((backup for backup in backups if backup.count() is not None), None)
    backup = next((backup for backup in backups if backup.day == name), Backup(os.path.abspath(name), name))
    if not os.path.isfile(backup.path):
        known = ", ".join(backup.day for backup in backups) or "none"
        raise MarksError(f"{name}: there is no such backup; there are {known}.")
    if backup.count() is None:
        raise MarksError(f"{backup.path}: this backup cannot be used; choose another of “newsreader marks backups”.")
    return backup


def _open_copy(path: str) -> sqlite3.Connection:
    """A backup, or a file that was set aside, to be read only. Raises as `open_file` does."""
    if not os.path.isfile(path):
        raise SpoiledMarksError("it is no file")
    connection = connect(file_uri(path, "ro"))
    try:
        check_sound(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _read_copy(backup: Backup | None) -> tuple[list[Row], dict[str, str]]:
    if backup is None:
        return [], {}
    with closing(_open_copy(backup.path)) as connection:
        return [row for row in stored_rows(connection) if row is not None], _settings(connection)


def rescue(path: str) -> list[Row]:
    """The marks that can be read of a file, whatever is wrong with it and whoever holds it locked."""
    return _rescue(path)[0]


def _rescue(path: str) -> tuple[list[Row], dict[str, str]]:
    if not os.path.isfile(path):
        return [], {}
    try:
        with closing(connect(file_uri(path, "ro&immutable=1"))) as connection:
            return rescued_rows(connection), _settings(connection)
    except sqlite3.Error:
        return [], {}


def _settings(connection: sqlite3.Connection) -> dict[str, str]:
    """What the reader was to remember, as far as it can be read."""
    found: dict[str, str] = {}
    with suppress(sqlite3.Error):
        for row in connection.execute("SELECT key, value FROM setting"):
            found[str(row["key"])] = str(row["value"])
    return found


def _set_aside(path: str, aside: str) -> None:
    """Give a file another name, and its journal with it; a file keeps its own until another takes its place."""
    if not os.path.lexists(path):
        return
    for old, new in ((path, aside), *((path + ending, aside + ending) for ending in BESIDE)):
        if not os.path.lexists(old):
            continue
        if old == path and os.path.isfile(path) and not os.path.islink(path):
            with suppress(OSError):
                os.link(old, new)
                continue
        os.rename(old, new)


def _free_name(path: str) -> str:
    """The path, or with a number behind it when there is such a file."""
    number, name = 1, path
    while os.path.lexists(name):
        number += 1
        name = f"{path}-{number}"
    return name
