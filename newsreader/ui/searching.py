"""The newest query, run beside the screen: older ones are interrupted and their results dropped."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from textual.message import Message

from newsreader.archive import Archive
from newsreader.errors import NewsreaderError
from newsreader.query import Query

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
        """The number of a new search; every older one is interrupted."""
        self._number += 1
        if self._connection is not None:
            self._connection.interrupt()
        return self._number

    def is_wanted(self, found: Found) -> bool:
        """Whether a result answers the newest search."""
        return found.number == self._number

    def find_first(self, query: Query, number: int) -> Found:
        """The first results, at once and in the caller's thread."""
        places = self._archive.places(query, limit=FIRST_PLACES)
        return Found(number, places, self._archive.sources(), is_partial=len(places) == FIRST_PLACES)

    def search(self, query: Query, number: int, skips_first: bool = False) -> None:
        """Find and report the first results, then all; ends early and silently when it is no longer the newest."""
        with self._lock:
            if number != self._number:
                return
            if self._connection is None:
                self._connection = self._archive.connect()
            for limit in (None,) if skips_first else (FIRST_PLACES, None):
                found = self._find(self._connection, query, number, limit)
                if number != self._number:
                    return
                self._report(found)
                if not found.is_partial:
                    return

    def close(self) -> None:
        """Interrupt what is running and close the connection; nothing is reported any more."""
        self.renew()
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @staticmethod
    def _find(connection: Archive, query: Query, number: int, limit: int | None) -> Found:
        try:
            places = connection.places(query, limit=limit)
            return Found(number, places, connection.sources(), is_partial=len(places) == limit)
        except NewsreaderError as error:
            return Found(number, array("q"), {}, problem=str(error))
        except sqlite3.Error as error:  # interrupted: then it is dropped
            return Found(number, array("q"), {}, problem=f"The archive could not be searched: {error}.")
