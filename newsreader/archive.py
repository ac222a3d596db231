"""The SQLite archive of a library: every release with its index, derived from the digests and free to be deleted."""

from __future__ import annotations

import os
import sqlite3
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from itertools import chain

from newsreader.archive_file import ArchiveDamagedError, ArchiveFile, is_damage
from newsreader.archive_rows import HEADLINE, SourceCount, headline_of
from newsreader.errors import MarksDamagedError, QueryError
from newsreader.listing import Listing
from newsreader.models import Headline, Origin, Problem, Release
from newsreader.places import ROW_BITS, arrange_by_source, place_of_row, row_of_place, source_of, unpack_places
from newsreader.query_tree import Query, Text, query_terms
from newsreader.search import PATTERN_SECONDS, Search, TextChecks, looks_into_texts, unpack

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import Concatenate, ParamSpec, TypeVar

    from newsreader.marks import Marks

    Parameters = ParamSpec("Parameters")
    Result = TypeVar("Result")

MOST_RANKED = 5000
"""How many releases are ranked by relevance: as many as half a second allows."""

_STEPS_BETWEEN_LOOKS = 100_000  # of SQLite's machine: some milliseconds, as Python may have to be waited for
_STEPS_BETWEEN_LOOKS_INTO_TEXTS = 5000
_MOST_AT_ONCE = 1000  # rows that are fetched before a search tells how many it has found
_WRITING_CACHE_KIB = 16384
_WRITING_LOG_PAGES = 4000


class Sort(StrEnum):
    """The order of a list."""

    DATE = "date"
    RELEVANCE = "relevance"
    SOURCE = "source"


def _noticing_damage(
    method: Callable[Concatenate[Archive, Parameters], Result],
) -> Callable[Concatenate[Archive, Parameters], Result]:
    """Have a method raise `ArchiveDamagedError` where it meets damage."""

    @wraps(method)
    def noticing(self: Archive, /, *arguments: Parameters.args, **options: Parameters.kwargs) -> Result:
        try:
            with self.noticing_damage():
                return method(self, *arguments, **options)
        except MarksDamagedError:  # they are held in memory now
            with self.noticing_damage():
                return method(self, *arguments, **options)

    return noticing


class Archive:
    """One connection to the archive of a library, with the marks attached; each thread needs its own (`connect`).

    Raises `ArchiveError` when it can neither be opened nor built anew. Whatever meets damage later raises
    `ArchiveDamagedError`; the archive is empty then, until it is refreshed.
    """

    def __init__(self, path: str | os.PathLike[str] | None, marks: str | Marks) -> None:
        """Open the archive at `path`, made if need be; None keeps it in memory. Marks given by URI never move."""
        self._file = ArchiveFile(path, marks)
        try:
            self._open()
        except (ArchiveDamagedError, MarksDamagedError):
            self._open()

    def _open(self) -> None:
        self._generation = self._file.generation
        self._marks_uri = self._file.marks_uri
        self._connection = self._file.open()
        self._checks = TextChecks(self._connection)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection; a new one when damage has made the archive begin anew."""
        if self._generation != self._file.generation:
            self._connection.close()
            self._open()
        elif self._marks_uri != (uri := self._file.marks_uri) and self._file.move_marks(self._connection, uri):
            self._marks_uri = uri
        return self._connection

    def connect(self) -> Archive:
        """The same archive through a connection of its own, for another thread."""
        other = Archive.__new__(Archive)
        other._file = self._file
        other._open()
        return other

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close this connection."""
        self._connection.close()

    def discard(self) -> None:
        """Delete the file, once all connections to it are closed."""
        self._file.discard()

    def version(self) -> tuple[int, int]:
        """Something that differs from before when another connection has changed the archive since."""
        generation = self._file.generation
        return generation, int(self.connection.execute("PRAGMA main.data_version").fetchone()[0])

    @contextmanager
    def noticing_damage(self) -> Iterator[None]:
        """Raise `ArchiveDamagedError` for what speaks of damage, and delete the damaged archive."""
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError, zlib.error) as error:
            if is_damage(error):
                raise self._file.damaged(error, self._generation) from error
            raise

    def stop_when(self, is_enough: Callable[[], bool], query: Query) -> None:
        """Make every search for `query` through this connection end with `sqlite3.OperationalError` when it says so."""
        steps = _STEPS_BETWEEN_LOOKS_INTO_TEXTS if looks_into_texts(query) else _STEPS_BETWEEN_LOOKS
        self.connection.set_progress_handler(is_enough, steps)

    def set_patience(self, seconds: float) -> None:
        """Wait no longer than this for another process that keeps archive or marks locked."""
        self._connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    @_noticing_damage
    def sources(self) -> dict[int, str]:
        """The names of all sources by id, A to Z; no source last."""
        cursor = self.connection.cursor()
        cursor.row_factory = None  # there may be half a million; this takes a third of the memory of sorting rows
        names: dict[int, str] = dict(cursor.execute("SELECT id, name FROM source ORDER BY name"))
        for id in sorted(sorted(names, key=lambda id: names[id].casefold()), key=lambda id: names[id] == ""):
            names[id] = names.pop(id)  # which puts it behind the others
        return names

    @_noticing_damage
    def places(
        self, query: Query, *, limit: int | None = None, on_found: Callable[[array[int]], object] | None = None
    ) -> array[int]:
        """The places of all releases that match, sources A to Z, each newest first; the first `limit` of them.

        Where that takes long, `on_found` is told now and then which are found so far.
        """
        search, sources = self._search(query), self.sources()
        if limit is None and search.looks_into_texts:
            return arrange_by_source(self._run(search.places(), on_found), sources)
        if limit is None:
            packed = self.connection.execute(search.packed_places()).fetchone()[0]
            return arrange_by_source(unpack_places(packed or ""), sources)
        has_overflow = self._has_overflow()
        found = array("q")
        for id in sources:
            if len(found) < limit:
                found.extend(self._source_places(search, id, limit - len(found), has_overflow))
                if on_found is not None:
                    on_found(found)
        return found

    @_noticing_damage
    def newest_places(self, query: Query, limit: int) -> array[int]:
        """The places of the newest releases that match, newest first."""
        return self._run(self._search(query).places_by_date(limit=limit))

    def _source_places(self, search: Search, id: int, limit: int, has_overflow: bool) -> array[int]:
        places = self._run(search.source_places(id, limit))
        if has_overflow:
            places.extend(self._run(search.source_places(id, limit, in_overflow=True)))
            return array("q", sorted(places)[:limit])
        return places

    def _has_overflow(self) -> bool:
        """Whether a source has issued more releases on one day than there is room for in the order of rows."""
        last = self.connection.execute("SELECT max(row) AS row FROM release").fetchone()
        return (last["row"] or 0) >> ROW_BITS > 0

    def _run(self, statement: str, on_found: Callable[[array[int]], object] | None = None) -> array[int]:
        """The integers of a search's statement.

        Raises `QueryError` when its regular expression takes longer than `PATTERN_SECONDS`.
        """
        cursor = self.connection.cursor()
        self._checks.start()
        cursor.row_factory = None  # plain tuples take half the time of rows with names
        found = array("q")
        try:
            cursor.execute(statement)
            while rows := cursor.fetchmany(_MOST_AT_ONCE):
                found.extend(chain.from_iterable(rows))
                if on_found is not None:
                    on_found(found)
        except sqlite3.OperationalError as error:
            if self._checks.damage is not None:
                raise self._checks.damage from error
            if self._checks.is_late:
                raise QueryError(
                    f"The regular expression took more than {PATTERN_SECONDS} seconds; add words to narrow the search.",
                    0,
                ) from None
            raise
        return found

    def _search(self, query: Query) -> Search:
        return Search(query, self.connection, self.sources)

    @_noticing_damage
    def read_places(self) -> array[int]:
        """The places of all read releases, ascending."""
        return self._marked_places("read")

    @_noticing_damage
    def starred_places(self) -> array[int]:
        """The places of all starred releases, ascending."""
        return self._marked_places("starred")

    def _marked_places(self, kind: str) -> array[int]:
        rows = self.connection.execute(
            "SELECT r.row FROM marks.mark m CROSS JOIN release r ON r.id = m.id WHERE m.kind = ? AND m.is_set", (kind,)
        )
        return array("q", sorted(place_of_row(row["row"]) for row in rows))

    @_noticing_damage
    def find(
        self, query: Query, *, sort: Sort = Sort.DATE, reverse: bool = False, limit: int | None = None
    ) -> Iterator[Headline]:
        """Releases that match: newest first, best first, or by source and then newest first; or the other way round.

        Of more than `MOST_RANKED` only the newest are ranked; the others follow.
        """
        if sort is Sort.DATE:
            found = self._run(self._search(query).places_by_date(reverse=reverse, limit=limit))
            return self._read_headlines(found)
        if sort is Sort.SOURCE:
            places = list(self.places(query, limit=None if reverse else limit))
        else:
            places = self.ranked_places(query)
        if reverse:
            places.reverse()
        return self._read_headlines(places[:limit])

    @_noticing_damage
    def ranked_places(self, query: Query) -> list[int]:
        """The places of what matches, the best first, of equals the newest first; after `MOST_RANKED`, the newest."""
        from newsreader.ranking import Ranking

        places = list(self._run(self._search(query).places_by_date()))
        terms = [term for term in query_terms(query) if isinstance(term, Text)]
        if not terms:
            return places
        releases, average = self.connection.execute("SELECT count(*), avg(words) FROM release").fetchone()
        ranking = Ranking(
            [term.phrase for term in terms], [self.count(term) for term in terms], releases, max(average or 0, 1)
        )
        statement = "SELECT title, packed, words FROM release JOIN body USING (row) WHERE row = ?"
        scores = {}
        for place in places[:MOST_RANKED]:
            row = self.connection.execute(statement, (row_of_place(place),)).fetchone()
            scores[place] = ranking.score(row["title"], unpack(row["packed"]), row["words"])
        return sorted(places[:MOST_RANKED], key=scores.__getitem__, reverse=True) + places[MOST_RANKED:]

    @_noticing_damage
    def headlines(self, places: Iterable[int]) -> list[Headline]:
        """The headlines at these places, in their order; places that are no more are left out."""
        return list(self._read_headlines(places))

    def _read_headlines(self, places: Iterable[int]) -> Iterator[Headline]:
        with self.noticing_damage():
            for place in places:
                row = self.connection.execute(HEADLINE + "WHERE r.row = ?", (row_of_place(place),)).fetchone()
                if row is not None:
                    yield headline_of(row)

    @_noticing_damage
    def release(self, place: int) -> Release | None:
        """The whole release at a place, or None when it is no more."""
        row = self.connection.execute(
            HEADLINE.replace("r.*", "r.*, b.packed") + "JOIN body b USING (row) WHERE r.row = ?",
            (row_of_place(place),),
        ).fetchone()
        if row is None:
            return None
        origins = self.connection.execute(
            "SELECT d.path, o.line, o.offset FROM origin o JOIN digest d ON d.id = o.digest_id "
            "WHERE o.row = ? ORDER BY d.path, o.offset",
            (row["row"],),
        )
        return Release(
            headline_of(row),
            unpack(row["packed"]),
            tuple(Origin(os.fsdecode(origin["path"]), origin["line"], origin["offset"]) for origin in origins),
        )

    @_noticing_damage
    def place_of(self, id: str) -> int | None:
        """Where the release with this id stands now."""
        row = self.connection.execute("SELECT row FROM release WHERE id = ?", (id,)).fetchone()
        return None if row is None else place_of_row(row["row"])

    @_noticing_damage
    def ids_from(self, prefix: str, limit: int = 3) -> list[str]:
        """The first ids that begin with `prefix`: none, the one that is meant, or several when it is not unique."""
        if not prefix.isascii():
            return []
        rows = self.connection.execute(
            "SELECT id FROM release WHERE id >= :low AND id < :low || 'g' ORDER BY id LIMIT :limit",
            {"low": prefix.lower(), "limit": limit},
        )
        return [row["id"] for row in rows]

    @_noticing_damage
    def count(self, query: Query) -> int:
        """How many releases match."""
        return self._run(self._search(query).count())[0]

    def count_sources(self, query: Query) -> Iterator[SourceCount]:
        """How many releases of each source match, are unread and starred; only sources that have some, A to Z."""
        found = self.places(query)
        read, starred = set(self.read_places()), set(self.starred_places())
        position = 0
        for id, name in self.sources().items():
            start = position
            while position < len(found) and source_of(found[position]) == id:
                position += 1
            own = found[start:position]
            if own:
                read_here = sum(place in read for place in own)
                starred_here = sum(place in starred for place in own)
                yield SourceCount(name, len(own), len(own) - read_here, starred_here)

    @_noticing_damage
    def ids(self, places: Iterable[int]) -> list[str]:
        """The ids of the releases at these places, in their order; places that are no more are left out."""
        statement = "SELECT id FROM release WHERE row = ?"
        rows = (self.connection.execute(statement, (row_of_place(place),)).fetchone() for place in places)
        return [row["id"] for row in rows if row is not None]

    @_noticing_damage
    def known_files(self) -> set[tuple[bytes, int, int]]:
        """The path, size and time of each digest as it was when it was read."""
        return set(map(tuple, self.connection.execute("SELECT path, size, mtime_ns FROM digest")))

    @_noticing_damage
    def listings(self, library: str) -> list[Listing]:
        """How the library with this key was listed when all of it was read; nothing when more was written since."""
        statement = "SELECT folder, names, sizes, times FROM listing WHERE library = ?"
        return list(map(tuple, self.connection.execute(statement, (os.fsencode(library),))))

    @_noticing_damage
    def skipped(self) -> list[Problem]:
        """What was skipped when the library was listed."""
        rows = self.connection.execute("SELECT path, reason FROM skipped")
        return [Problem(os.fsdecode(row["path"]), 0, row["reason"]) for row in rows]

    @_noticing_damage
    def count_digests(self) -> int:
        """How many digests were read."""
        return int(self.connection.execute("SELECT count(*) FROM digest").fetchone()[0])

    def prepare_writing(self) -> None:
        """Give this connection room for a refresh."""
        self.connection.execute(f"PRAGMA cache_size = -{_WRITING_CACHE_KIB}")
        self.connection.execute(f"PRAGMA wal_autocheckpoint = {_WRITING_LOG_PAGES}")

    @_noticing_damage
    def digests(self) -> list[tuple[str, int]]:
        """The path of each digest that was read and how many releases it holds; zip files are left out."""
        rows = self.connection.execute(
            "SELECT path, releases FROM digest d WHERE NOT EXISTS (SELECT 1 FROM digest m"
            " WHERE m.path > CAST(d.path || x'2f' AS BLOB) AND m.path < CAST(d.path || x'30' AS BLOB)) ORDER BY path"
        )
        return [(os.fsdecode(row["path"]), row["releases"]) for row in rows]

    @_noticing_damage
    def problems(self) -> list[Problem]:
        """What was odd about the digests when they were read, by path and line."""
        rows = self.connection.execute(
            "SELECT d.path, p.* FROM problem p JOIN digest d ON d.id = p.digest_id ORDER BY d.path, p.line"
        )
        return [Problem(os.fsdecode(row["path"]), row["line"], row["reason"], bool(row["is_failure"])) for row in rows]
