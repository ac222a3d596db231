"""The newest query, run beside the screen: older ones are stopped and their results dropped."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from textual.message import Message

from newsreader.archive import Archive
from newsreader.errors import NewsreaderError
from newsreader.query import Query
from newsreader.search import looks_into_texts

COUNT_SECONDS = 0.1
"""How often a count that grows is shown."""
FIRST_PLACES = 200
"""How many results are shown before all are known."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found."""

    number: int
    """Which search it answers."""
    places: array[int]
    """The places of what matches, in tree order."""
    sources: Mapping[int, str]
    """The names of all sources by id, A to Z."""
    is_partial: bool = False
    """Whether more are still to come."""
    count: int | None = None
    """How many releases match, when that is known; a partial result that knows it brings no places."""
    is_counting: bool = False
    """Whether `count` is only how many were found so far."""
    problem: str = ""
    """Why the search could not be carried out, as a sentence; empty when it could."""


class SearchFinished(Message):
    """A search found something."""

    def __init__(self, found: Found) -> None:
        """`found` may answer a search that is no longer wanted."""
        super().__init__()
        self.found = found


class Searcher:
    """Runs searches over a connection of its own, one at a time, the newest always first."""

    def __init__(self, archive: Archive, report: Callable[[Found], object]) -> None:
        """`report` is called from the thread of the search with each result that is still wanted."""
        self._archive = archive
        self._report = report
        self._connection: Archive | None = None
        self._lock = Lock()
        self._number = 0

    def renew(self) -> int:
        """The number of a new search; every older one ends soon."""
        self._number += 1
        return self._number

    def is_wanted(self, found: Found) -> bool:
        """Whether a result answers the newest search."""
        return found.number == self._number

    def find_first(self, query: Query, number: int) -> Found:
        """The first results, at once and in the caller's thread."""
        return _first_places(self._archive, query, number)

    def search(self, query: Query, number: int, skips_first: bool = False) -> None:
        """Find and report the first results, then all; ends early and silently when it is no longer the newest."""
        with self._lock:
            if number != self._number:
                return
            if self._connection is None:
                self._connection = self._archive.connect()
            self._connection.stop_when(lambda: number != self._number)
            for found in self._steps(self._connection, query, number, skips_first):
                if number != self._number:
                    return
                self._report(found)
                if not found.is_partial:
                    return

    def close(self) -> None:
        """Stop what is running and close the connection; nothing is reported any more."""
        self.renew()
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _steps(self, connection: Archive, query: Query, number: int, skips_first: bool) -> Iterator[Found]:
        """The first results, then how many there are, which is known long before the last one is at hand, then all.

        Where texts have to be looked into, the count grows while all are found.
        """
        try:
            if not skips_first:
                yield _first_places(connection, query, number)
            if looks_into_texts(query):
                places = connection.places(query, on_found=self._counter(number))
            else:
                yield Found(number, array("q"), {}, is_partial=True, count=connection.count(query))
                places = connection.places(query)
            yield Found(number, places, connection.sources(), count=len(places))
        except NewsreaderError as error:
            yield Found(number, array("q"), {}, problem=str(error))
        except sqlite3.Error as error:  # stopped: then it is dropped
            yield Found(number, array("q"), {}, problem=f"The archive could not be searched: {error}.")

    def _counter(self, number: int) -> Callable[[int], None]:
        """A function that reports now and then how many were found so far."""
        next_time = monotonic() + COUNT_SECONDS

        def report(count: int) -> None:
            nonlocal next_time
            if (now := monotonic()) >= next_time and number == self._number:
                next_time = now + COUNT_SECONDS
                self._report(Found(number, array("q"), {}, is_partial=True, count=count, is_counting=True))

        return report


def _first_places(connection: Archive, query: Query, number: int) -> Found:
    places = connection.places(query, limit=FIRST_PLACES)
    is_partial = len(places) == FIRST_PLACES
    return Found(number, places, connection.sources(), is_partial, None if is_partial else len(places))
