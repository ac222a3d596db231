"""Writing releases into the archive: digests come and go, releases follow their digests, indexes follow releases."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from newsreader.archive import Archive
from newsreader.archive_rows import read_date
from newsreader.digest import Draft
from newsreader.errors import ArchiveError
from newsreader.models import NO_DATE, Basis, Date, Problem
from newsreader.places import DATE_BITS, OVERFLOW_BITS, ROW_BITS, SOURCE_BITS, first_row
from newsreader.record import Record
from newsreader.search import SOURCE_OF_ROW, pack, unpack
from newsreader.walk import FoundFile, Walk
from newsreader.words import fold

BATCH_RELEASES = 5000
"""Releases written at a time: enough to be fast, few enough that stopping loses little."""

FIRST_RELEASES = 200
"""The same for the first batch: a reader waits for something to read."""

BATCH_BYTES = 1 << 24
"""Where bodies are long, so many bytes are enough."""

_MOST_KNOWN = 20_000  # sources and rows that are remembered, so that a million sources take no more memory
_MOST_VARIABLES = 900  # of one statement; older SQLite takes no more
_STRENGTH: dict[str, int] = {basis: rank for rank, basis in enumerate(Basis)}


class IndexedRelease(NamedTuple):
    """A release of a digest, made ready to be written; all that costs time is done already.

    A tuple of plain values, as these are quickest to hand from one process to another.
    """

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
    line: int
    """The line of its title in this digest."""
    offset: int
    """The byte of its title in this digest."""
    first_row: int
    """The lowest row for its date, without its source (see `places.first_row`)."""
    room: int
    """How many rows there are for its date."""
    date: tuple[str | None, str, str, str]
    """Its date as this digest speaks for it: the day, the precision, the basis and the evidence."""


class ReadDigest(Record):
    """A digest that was read and is to be kept in the archive."""

    file: FoundFile
    """Its absolute path, its size, and when it was last changed, as they were when it was found."""
    releases: Iterable[IndexedRelease] = ()
    """Its releases in their order; of a long digest they are made ready one by one, and only once."""
    problems: Sequence[Problem] = ()
    """What was odd about it; complete when its releases were taken."""
    count: int = 0
    """How many releases it has; 0 for a long digest."""
    size: int = 0
    """How many characters of text its releases have, where they are held."""
    is_long: bool = False
    """Whether it is written on its own, so that its releases need not all be held."""
    members: Sequence[FoundFile] = ()
    """Of a zip file, which holds no releases itself: the digests in it, each to be read as one of its own."""


class Tally:
    """How a batch changed the archive."""

    def __init__(self) -> None:
        self.added = 0
        """Releases that were not there before."""
        self.removed = 0
        """Releases that no digest holds any more."""


def index_release(draft: Draft, date: Date) -> IndexedRelease:
    """Do for a release what needs no database: fold, compress, count."""
    id, words = draft.identify()
    title = fold(draft.title)
    day = None if date.day is None else date.day.isoformat()
    return IndexedRelease(
        id,
        draft.title,
        draft.source,
        pack(draft.body),
        words,
        title,
        f"{title}\n{fold(draft.body)}",
        draft.line,
        draft.offset,
        *first_row(0, date),
        (day, date.precision.value, date.basis.value, date.evidence),
    )


def store(archive: Archive, digests: Iterable[ReadDigest], gone: Iterable[bytes] = ()) -> Tally:
    """Keep these digests, and forget those at the paths `gone`, in one transaction.

    Raises `sqlite3.OperationalError` when another process writes for longer than `BUSY_SECONDS`, and
    `ArchiveDamagedError` when the archive turns out to be damaged.
    """
    with archive.noticing_damage():
        batch = _Batch(archive.connection)
        with _transaction(archive.connection):
            _forget_listings(archive.connection)
            for path in gone:
                batch.forget(path)
            for digest in digests:
                batch.keep(digest)
            batch.finish()
    return batch.tally


def remember(archive: Archive, library: str, walk: Walk) -> None:
    """Keep how a library looked, if the archive holds just its files as they were; until more is stored.

    Raises as `store` does.
    """
    with archive.noticing_damage(), _transaction(archive.connection):
        if archive.known_files() == walk.files:
            _forget_listings(archive.connection)
            listings = [(os.fsencode(library), *listing) for listing in walk.listings]
            skipped = [(os.fsencode(problem.digest), problem.reason) for problem in walk.problems]
            archive.connection.executemany("INSERT INTO listing VALUES (?, ?, ?, ?, ?)", listings)
            archive.connection.executemany("INSERT INTO skipped VALUES (?, ?)", skipped)


def _forget_listings(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM listing")
    connection.execute("DELETE FROM skipped")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:  # BEGIN IMMEDIATE would lock the marks, too, for as long as a long digest takes
        connection.execute("DELETE FROM digest WHERE id IS NULL")
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class _Batch:
    """The changes of one transaction; new releases are written in the order of their rows, as FTS5 likes it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.tally = Tally()
        self._connection = connection
        self._pending: dict[str, list[tuple[int, IndexedRelease]]] = {}
        self._pending_bytes = 0
        self._touched: set[int] = set()
        self._source_ids: dict[str, int] = {}
        self._next_rows: dict[int, int] = {}
        self._sourceless = 0
        self._first_sourceless: dict[int, int] = {}

    def keep(self, digest: ReadDigest) -> None:
        """Replace what the archive knows of this digest."""
        digest_id = self._digest_id(digest.file)
        self._forget_members(digest)
        count = 0
        for release in digest.releases:
            self._pending.setdefault(release.id, []).append((digest_id, release))
            self._pending_bytes += len(release.folded_text)
            count += 1
            if len(self._pending) >= BATCH_RELEASES or self._pending_bytes >= BATCH_BYTES:
                self._write()
        self._connection.execute("UPDATE digest SET releases = ? WHERE id = ?", (count, digest_id))
        self._connection.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?)",
            [(digest_id, problem.line, problem.reason, problem.is_failure) for problem in digest.problems],
        )

    def _digest_id(self, file: FoundFile) -> int:
        path, size, mtime_ns = file
        known = self._connection.execute("SELECT id FROM digest WHERE path = ?", (path,)).fetchone()
        if known is None:
            statement = "INSERT INTO digest (path, size, mtime_ns, releases) VALUES (?, ?, ?, 0)"
            return self._connection.execute(statement, file).lastrowid or 0
        id: int = known["id"]
        self._detach(id)
        self._connection.execute("UPDATE digest SET size = ?, mtime_ns = ? WHERE id = ?", (size, mtime_ns, id))
        return id

    def _forget_members(self, digest: ReadDigest) -> None:
        """Forget the digests that this file held when it was another zip file."""
        path = digest.file[0]
        known = self._connection.execute(
            "SELECT path FROM digest WHERE path > ? AND path < ?", (path + b"/", path + b"0")
        ).fetchall()
        for gone in {row["path"] for row in known} - {member for member, *_ in digest.members}:
            self.forget(gone)

    def forget(self, path: bytes) -> None:
        """Take out a digest that is no longer in the library, and the releases that only it held."""
        known = self._connection.execute("SELECT id FROM digest WHERE path = ?", (path,)).fetchone()
        if known:
            self._detach(known["id"])
            self._connection.execute("DELETE FROM digest WHERE id = ?", (known["id"],))

    def finish(self) -> None:
        """Write what is left, and settle the releases whose digests have changed."""
        self._write()
        self._tell_sourceless()
        for row in self._touched:
            self._settle(row)

    def _detach(self, digest_id: int) -> None:
        """Forget that this digest holds any releases."""
        origins = self._connection.execute("DELETE FROM origin WHERE digest_id = ? RETURNING row", (digest_id,))
        self._touched.update(origin["row"] for origin in origins.fetchall())
        self._connection.execute("DELETE FROM problem WHERE digest_id = ?", (digest_id,))

    def _settle(self, row: int) -> None:
        """Give a release the strongest date of its origins, or take it out when it has none left."""
        origins = self._connection.execute("SELECT * FROM origin WHERE row = ? ORDER BY digest_id, offset", (row,))
        dates = [read_date(origin) for origin in origins]
        if not dates:
            self._remove(row)
            self.tally.removed += 1
            return
        release = self._connection.execute("SELECT * FROM release WHERE row = ?", (row,)).fetchone()
        strongest = min(dates, key=lambda date: _STRENGTH[date.basis])
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
        release = index_release(Draft(old["title"], old["name"], unpack(old["packed"]), 0, 0), date)
        new_row = self._claim_row(release)
        self._insert_releases([(new_row, release)])
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

    def _write(self) -> None:
        """Write the releases that are pending: the origins of all, and those that are new."""
        rows = self._known_rows(list(self._pending))
        self._touched.update(rows.values())
        new = []
        for id, found in self._pending.items():
            if id not in rows:
                strongest = min((release for _, release in found), key=lambda release: _STRENGTH[release.date[2]])
                sourceless = self._sourceless
                rows[id] = self._claim_row(strongest)
                if self._sourceless > sourceless:
                    self._first_sourceless.setdefault(found[0][0], found[0][1].line)
                new.append((rows[id], strongest))
        new.sort(key=lambda item: item[0])
        self._insert_releases(new)
        self._connection.executemany(
            "INSERT INTO origin VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (rows[id], digest_id, release.line, release.offset, *release.date)
                for id, found in self._pending.items()
                for digest_id, release in found
            ),
        )
        self.tally.added += len(new)
        self._pending.clear()
        self._pending_bytes = 0
        for known in (self._source_ids, self._next_rows):
            if len(known) > _MOST_KNOWN:
                known.clear()

    def _known_rows(self, ids: Sequence[str]) -> dict[str, int]:
        """The rows of those releases that the archive holds already."""
        rows: dict[str, int] = {}
        for start in range(0, len(ids), _MOST_VARIABLES):
            some = ids[start : start + _MOST_VARIABLES]
            statement = f"SELECT id, row FROM release WHERE id IN ({','.join('?' * len(some))})"
            rows.update(map(tuple, self._connection.execute(statement, some)))
        return rows

    def _insert_releases(self, placed: Sequence[tuple[int, IndexedRelease]]) -> None:
        self._connection.executemany(
            "INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((row, release.id, release.title, release.words, *release.date) for row, release in placed),
        )
        self._connection.executemany(
            "INSERT INTO body VALUES (?, ?)", ((row, release.packed) for row, release in placed)
        )
        self._connection.executemany(
            "INSERT INTO text_index (rowid, text) VALUES (?, ?)",
            ((row, release.folded_text) for row, release in placed),
        )
        self._connection.executemany(
            "INSERT INTO title_index (rowid, title) VALUES (?, ?)",
            ((row, release.folded_title) for row, release in placed),
        )

    def _claim_row(self, release: IndexedRelease) -> int:
        """The next free row for a release of this source and date."""
        source = self._source_id(release.source) << DATE_BITS
        row = self._next_row(source | release.first_row, release.room)
        if row is None:  # a million of one source on one day: the rest stand among those without a date
            first, room = first_row(0, NO_DATE)
            row = self._next_row(source | first, room)
        if row is None:
            raise ArchiveError("One source has more releases without a date than this archive has room for.")
        return row

    def _next_row(self, base: int, room: int) -> int | None:
        """The next free one of the rows from `base` on; None when there is none."""
        row = self._next_rows.get(base)
        if row is None:
            row = self._free_row(base, room)
        if row >> ROW_BITS >= 1 << OVERFLOW_BITS:
            return None
        is_last = (row + 1 - base) & ((1 << ROW_BITS) - 1) >= room
        self._next_rows[base] = ((row >> ROW_BITS) + 1 << ROW_BITS | base) if is_last else row + 1
        return row

    def _free_row(self, base: int, room: int) -> int:
        """The row after the last one taken, in the last overflow that is begun; or one beyond all overflows."""
        for overflow in range(1 << OVERFLOW_BITS):
            low = overflow << ROW_BITS | base
            taken = self._connection.execute(
                "SELECT max(row) AS last FROM release WHERE row BETWEEN ? AND ?", (low, low + room - 1)
            ).fetchone()
            if taken["last"] is None:
                return low
            if taken["last"] < low + room - 1:
                return int(taken["last"]) + 1
        return 1 << OVERFLOW_BITS + ROW_BITS

    def _source_id(self, name: str) -> int:
        """The id of a source; that of releases without one, when there are more sources than places can tell apart."""
        id = self._source_ids.get(name)
        if id is None:
            self._connection.execute("INSERT OR IGNORE INTO source (name) VALUES (?)", (name,))
            id = int(self._connection.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchone()["id"])
            if id >= 1 << SOURCE_BITS:
                self._connection.execute("DELETE FROM source WHERE id = ?", (id,))
                self._connection.execute("INSERT OR IGNORE INTO source (id, name) VALUES (0, '')")
                self._sourceless += 1
                return int(self._connection.execute("SELECT id FROM source WHERE name = ''").fetchone()["id"])
            self._source_ids[name] = id
        return id

    def _tell_sourceless(self) -> None:
        reason = f"There are more than {(1 << SOURCE_BITS) - 1:,} sources; from here on, new ones are left out."
        self._connection.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?)",
            [(digest_id, line, reason, False) for digest_id, line in self._first_sourceless.items()],
        )
