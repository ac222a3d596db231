"""A mark as a row of the database and as a line of JSON; what is neither is told from it, wherever it came from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from newsreader.errors import MarksError
from newsreader.models import Mark

Row = tuple[str, str, bool, str]
"""A release's id, the mark, whether it is set or was taken away, and when, in UTC."""

MOST_ROWS = 5_000_000
"""More marks are no reader's; input may have no end."""
_MOST_ID_DIGITS = 64
_STEP = timedelta(microseconds=1)
_HOPELESS = frozenset([sqlite3.SQLITE_ERROR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOTADB])
"""There is no such table, nobody may read it now, or it is no database."""

_MERGE = """
INSERT INTO mark VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET is_set = excluded.is_set, time = excluded.time WHERE excluded.time > time
"""
"""Takes a row over; where both know a release's mark, the newer word counts."""
_NEWER = "time = iif(time < :time, :time, time_after(time))"
_IDS = "SELECT value FROM json_each(:ids)"
_SET = f"""
INSERT INTO mark SELECT value, :kind, TRUE, :time FROM ({_IDS} ORDER BY value) WHERE TRUE
ON CONFLICT DO UPDATE SET is_set = TRUE, {_NEWER} WHERE NOT is_set
RETURNING id, time
"""
_TAKE_AWAY = f"""
UPDATE mark SET is_set = FALSE, {_NEWER} WHERE id IN ({_IDS}) AND kind = :kind AND is_set RETURNING id, time
"""
_COLUMNS = "SELECT CAST(id AS BLOB), CAST(kind AS BLOB), is_set, CAST(time AS BLOB) FROM mark"


def format_time(moment: datetime) -> str:
    """A moment as rows have it: such texts sort as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def time_after(time: str) -> str:
    """The next moment, for a clock that was set back: what was said last must be the newest."""
    try:
        return format_time(datetime.fromisoformat(time) + _STEP)
    except (ValueError, OverflowError, OSError):
        return time


def describe_count(changes: int) -> str:
    """So many changes, in words."""
    return f"{changes:,} {'change of a mark' if changes == 1 else 'changes of marks'}"


def format_line(row: Row) -> str:
    """A row as a line of JSON."""
    import json

    id, kind, is_set, time = row
    return json.dumps({"id": id, "mark": kind, "set": is_set, "time": time})


def parse_line(line: str) -> Row:
    """The row that a line of JSON holds; `ValueError` when it holds none."""
    import json

    try:
        value = json.loads(line)
    except RecursionError as error:
        raise ValueError(line[:60]) from error
    match value:
        case {"id": str(id), "mark": str(kind), "set": bool(is_set), "time": str(time)}:
            return _checked(id, kind, is_set, time)
    raise ValueError(line[:60])


def parse_lines(lines: Iterable[str]) -> list[Row]:
    """The rows of exported marks, of each mark only the newest.

    Raises `MarksError` that names the first line that is none.
    """
    rows: dict[tuple[str, str], Row] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = parse_line(line)
        except ValueError as error:
            raise MarksError(
                f"Line {number} is not a mark as “newsreader marks export” writes it: {line.strip()[:60]!r}. "
                "Nothing was taken over."
            ) from error
        known = rows.get(row[:2])
        if known is None or known[3] < row[3]:
            rows[row[:2]] = row
        if len(rows) > MOST_ROWS:
            raise MarksError(f"There are more than {MOST_ROWS:,} marks, too many for a reader. Nothing was taken over.")
    return list(rows.values())


def change_rows(connection: sqlite3.Connection, ids: Iterable[str], mark: Mark, is_set: bool, time: str) -> list[Row]:
    """Set a mark of these releases, or take it away, in the transaction that is open; the rows that this changed.

    It is one statement: a hundred thousand of them would take three times as long.
    """
    import json

    ids = list(dict.fromkeys(ids))
    values = {"ids": json.dumps(ids), "kind": mark.value, "time": time}
    times = dict(connection.execute(_SET if is_set else _TAKE_AWAY, values))
    return [(id, mark.value, is_set, times[id]) for id in ids if id in times]


def merge_rows(connection: sqlite3.Connection, rows: Iterable[Row]) -> int:
    """Take rows over in the transaction that is open; how many were news."""
    before = connection.total_changes
    connection.executemany(_MERGE, rows)
    return connection.total_changes - before


def write_rows(connection: sqlite3.Connection, rows: Iterable[Row], settings: Mapping[str, str]) -> None:
    """Take rows and settings over in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        merge_rows(connection, rows)
        connection.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", settings.items())
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def stored_rows(connection: sqlite3.Connection) -> Iterator[Row | None]:
    """All rows of a sound database, in order; None for each that no newsreader wrote."""
    cursor = connection.cursor()
    cursor.row_factory = None
    for stored in cursor.execute(f"{_COLUMNS} ORDER BY id, kind"):
        yield _row_of(stored)


def rescued_rows(connection: sqlite3.Connection) -> list[Row]:
    """What can be read of a database, however damaged: each part is read from both ends up to where it cannot be."""
    rows: dict[tuple[str, str], Row] = {}
    bounds = ["", *(f"{number:02x}" for number in range(256)), "g"]
    for low, high in pairwise(bounds):
        for order in ("ASC", "DESC"):
            try:
                cursor = connection.cursor()
                cursor.row_factory = None
                statement = f"{_COLUMNS} WHERE id >= ? AND id < ? ORDER BY id {order}, kind {order}"
                for stored in cursor.execute(statement, (low, high)):
                    if (row := _row_of(stored)) is not None:
                        rows[row[:2]] = row
                break  # all of it could be read
            except (sqlite3.Error, ValueError, TypeError) as error:
                if getattr(error, "sqlite_errorcode", -1) & 0xFF in _HOPELESS:
                    return list(rows.values())
    return list(rows.values())


def _row_of(stored: tuple[object, ...]) -> Row | None:
    """The row that was stored; None when no newsreader wrote it."""
    match stored:
        case (bytes(id), bytes(kind), int(is_set), bytes(time)):
            try:
                return _checked(id.decode("ascii"), kind.decode("ascii"), bool(is_set), time.decode("ascii"))
            except ValueError:
                return None
    return None


def _checked(id: str, kind: str, is_set: bool, time: str) -> Row:
    if not 0 < len(id) <= _MOST_ID_DIGITS or id.strip("0123456789abcdef"):
        raise ValueError(id)
    try:
        return id, Mark(kind).value, is_set, format_time(datetime.fromisoformat(time))
    except (OverflowError, OSError) as error:
        raise ValueError(time) from error
