"""Writing releases into the archive: digests come and go, releases follow their digests, indexes follow releases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from newsreader.archive import Archive, read_date
from newsreader.digest import Draft
from newsreader.errors import ArchiveError
from newsreader.models import Basis, Date, Problem
from newsreader.places import OVERFLOW_BITS, ROW_BITS, first_row
from newsreader.search import SOURCE_OF_ROW, pack, unpack
from newsreader.walk import FoundFile
from newsreader.words import fold

_STRENGTH = {basis: rank for rank, basis in enumerate(Basis)}


@dataclass(frozen=True, slots=True)
class IndexedRelease:
    """A release of a digest, made ready to be written; all that costs time is done already."""

    id: str
    """See `Draft.id`."""
    title: str
    """As its digest gives it."""
    source: str
    """As its digest names it."""
    packed: bytes
    """Its body, compressed."""
    words: int
    """How many words its body has."""
    folded_title: str
    """Its title as it is indexed."""
    folded_text: str
    """Its title and body as they are indexed."""
    date: Date
    """Its date, as this digest speaks for it."""
    line: int
    """The line of its title in this digest."""
    offset: int
    """The byte of its title in this digest."""


@dataclass(frozen=True, slots=True)
class ReadDigest:
    """A digest that was read and is to be kept in the archive."""

    file: FoundFile
    """Its absolute path, its size, and when it was last changed, as they were when it was found."""
    releases: Sequence[IndexedRelease] = ()
    """Its releases in their order."""
    problems: Sequence[Problem] = ()
    """What was odd about it."""


@dataclass(slots=True)
class Tally:
    """How a batch changed the archive."""

    added: int = 0
    """Releases that were not there before."""
    removed: int = 0
    """Releases that no digest holds any more."""


def index_release(draft: Draft, date: Date) -> IndexedRelease:
    """Do for a release what needs no database: fold, compress, count."""
    title, body = fold(draft.title), fold(draft.body)
    return IndexedRelease(
        draft.id,
        draft.title,
        draft.source,
        pack(draft.body),
        len(draft.body.split()),
        title,
        f"{title}\n{body}",
        date,
        draft.line,
        draft.offset,
    )


def store(archive: Archive, digests: Iterable[ReadDigest], gone: Iterable[bytes] = ()) -> Tally:
    """Keep these digests, and forget those at the paths `gone`, in one transaction.

    Raises `sqlite3.OperationalError` when another process writes for longer than `BUSY_SECONDS`.
    """
    batch = _Batch(archive.connection)
    with _transaction(archive.connection):
        for path in gone:
            batch.forget(path)
        for digest in digests:
            batch.keep(digest)
        batch.write()
    return batch.tally


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class _Batch:
    """The changes of one transaction; new releases are written last, in the order of their rows, as FTS5 likes it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.tally = Tally()
        self._connection = connection
        self._new: dict[str, list[tuple[int, IndexedRelease]]] = {}
        self._source_ids: dict[str, int] = {}
        self._next_rows: dict[int, int] = {}

    def keep(self, digest: ReadDigest) -> None:
        """Replace what the archive knows of this digest."""
        path, size, mtime_ns = digest.file
        known = self._connection.execute("SELECT id FROM digest WHERE path = ?", (path,)).fetchone()
        touched = self._detach(known["id"]) if known else set()
        digest_id = self._connection.execute(
            "INSERT INTO digest (path, size, mtime_ns, releases) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET size = excluded.size, mtime_ns = excluded.mtime_ns, releases = excluded.releases RETURNING id",
            (path, size, mtime_ns, len(digest.releases)),
        ).fetchone()["id"]
        self._connection.executemany(
            "INSERT INTO problem VALUES (?, ?, ?)",
            [(digest_id, problem.line, problem.reason) for problem in digest.problems],
        )
        for release in digest.releases:
            found = self._connection.execute("SELECT row FROM release WHERE id = ?", (release.id,)).fetchone()
            if found:
                self._insert_origin(found["row"], digest_id, release)
                touched.add(found["row"])
            else:
                self._new.setdefault(release.id, []).append((digest_id, release))
        self._settle(touched)

    def forget(self, path: bytes) -> None:
        """Take out a digest that is no longer in the library, and the releases that only it held."""
        known = self._connection.execute("SELECT id FROM digest WHERE path = ?", (path,)).fetchone()
        if known:
            touched = self._detach(known["id"])
            self._connection.execute("DELETE FROM digest WHERE id = ?", (known["id"],))
            self._settle(touched)

    def _detach(self, digest_id: int) -> set[int]:
        """Forget that this digest holds any releases; the rows of those that it held."""
        origins = self._connection.execute("DELETE FROM origin WHERE digest_id = ? RETURNING row", (digest_id,))
        rows = {origin["row"] for origin in origins.fetchall()}
        self._connection.execute("DELETE FROM problem WHERE digest_id = ?", (digest_id,))
        return rows

    def _settle(self, rows: Iterable[int]) -> None:
        """Give each release the strongest date of its origins, and take out those that have no origin left."""
        for row in rows:
            origins = self._connection.execute("SELECT * FROM origin WHERE row = ? ORDER BY digest_id, offset", (row,))
            dates = [read_date(origin) for origin in origins]
            if not dates:
                self._remove(row)
                self.tally.removed += 1
                continue
            release = self._connection.execute("SELECT * FROM release WHERE row = ?", (row,)).fetchone()
            strongest = _strongest(dates)
            if read_date(release) != strongest:
                self._move(row, strongest)

    def _move(self, row: int, date: Date) -> None:
        """Take a release to a row of another date."""
        old = self._connection.execute(
            "SELECT title, name, packed FROM release JOIN body USING (row) "
            f"JOIN source s ON s.id = {SOURCE_OF_ROW} WHERE row = ?",
            (row,),
        ).fetchone()
        self._remove(row)
        new_row = self._claim_row(old["name"], date)
        self._insert_release(
            new_row, index_release(Draft(old["title"], old["name"], unpack(old["packed"]), 0, 0), date)
        )
        self._connection.execute("UPDATE origin SET row = ? WHERE row = ?", (new_row, row))

    def _remove(self, row: int) -> None:
        old = self._connection.execute(
            "SELECT title, packed FROM release JOIN body USING (row) WHERE row = ?", (row,)
        ).fetchone()
        title, body = fold(old["title"]), fold(unpack(old["packed"]))
        self._connection.execute(
            "INSERT INTO text_index (text_index, rowid, text) VALUES ('delete', ?, ?)", (row, f"{title}\n{body}")
        )
        self._connection.execute(
            "INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', ?, ?)", (row, title)
        )
        self._connection.execute("DELETE FROM release WHERE row = ?", (row,))
        self._connection.execute("DELETE FROM body WHERE row = ?", (row,))

    def write(self) -> None:
        """Write the new releases."""
        placed = []
        for found in self._new.values():
            date = _strongest([release.date for _, release in found])
            placed.append((self._claim_row(found[0][1].source, date), date, found))
        placed.sort(key=lambda item: item[0])
        for row, date, found in placed:
            self._insert_release(row, found[0][1], date)
            for digest_id, release in found:
                self._insert_origin(row, digest_id, release)
        self.tally.added += len(placed)

    def _insert_release(self, row: int, release: IndexedRelease, date: Date | None = None) -> None:
        self._connection.execute(
            "INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row, release.id, release.title, release.words, *_date_columns(date or release.date)),
        )
        self._connection.execute("INSERT INTO body VALUES (?, ?)", (row, release.packed))
        self._connection.execute("INSERT INTO text_index (rowid, text) VALUES (?, ?)", (row, release.folded_text))
        self._connection.execute("INSERT INTO title_index (rowid, title) VALUES (?, ?)", (row, release.folded_title))

    def _insert_origin(self, row: int, digest_id: int, release: IndexedRelease) -> None:
        self._connection.execute(
            "INSERT INTO origin VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row, digest_id, release.line, release.offset, *_date_columns(release.date)),
        )

    def _claim_row(self, source: str, date: Date) -> int:
        """The next free row for a release of this source and date."""
        base, room = first_row(self._source_id(source), date)
        row = self._next_rows.get(base)
        if row is None:
            row = self._free_row(base, room)
        is_last = (row + 1 - base) & ((1 << ROW_BITS) - 1) >= room
        self._next_rows[base] = ((row >> ROW_BITS) + 1 << ROW_BITS | base) if is_last else row + 1
        return row

    def _free_row(self, base: int, room: int) -> int:
        """The row after the last one taken, in the last overflow that is begun."""
        for overflow in range(1 << OVERFLOW_BITS):
            low = overflow << ROW_BITS | base
            taken = self._connection.execute(
                "SELECT max(row) AS last FROM release WHERE row BETWEEN ? AND ?", (low, low + room - 1)
            ).fetchone()
            if taken["last"] is None:
                return low
            if taken["last"] < low + room - 1:
                return int(taken["last"]) + 1
        raise ArchiveError("One source has a million releases of the same day; this archive has no room for them.")

    def _source_id(self, name: str) -> int:
        id = self._source_ids.get(name)
        if id is None:
            self._connection.execute("INSERT OR IGNORE INTO source (name) VALUES (?)", (name,))
            row = self._connection.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchone()
            id = self._source_ids[name] = row["id"]
        return id


def _strongest(dates: Sequence[Date]) -> Date:
    """The date with the strongest basis; the first of several."""
    return min(dates, key=lambda date: _STRENGTH[date.basis])


def _date_columns(date: Date) -> tuple[str | None, str, str, str]:
    day = None if date.day is None else date.day.isoformat()
    return day, date.precision.value, date.basis.value, date.evidence
