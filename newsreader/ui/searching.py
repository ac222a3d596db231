"""The newest query, run beside the screen: older ones are stopped and their results dropped."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from textual.message import Message

from newsreader.archive import Archive
from newsreader.errors import NewsreaderError
from newsreader.query import Query
from newsreader.search import looks_into_texts
from newsreader.ui.order import BY_SOURCE, Order
from newsreader.ui.place_set import Snapshot
from newsreader.ui.tally import Tally

COUNT_SECONDS = 0.1
"""How often a count that grows is shown."""
FIRST_PLACES = 200
"""How many results are shown before all are known."""
FIRST_SECONDS = 0.02
"""How long so many are waited for; then fewer are shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be found, and how it is wanted."""

    number: int
    """The newest question has the highest."""
    query: Query
    """What is sought."""
    order: Order
    """How the places are to stand."""
    read: Snapshot
    """Which places are read, to be counted."""
    kept: int | None = None
    """A place to be shown with the others even if it does not match."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found."""

    question: Question
    """What it answers."""
    places: array[int]
    """The places of what matches, in the order that was asked for."""
    sources: Mapping[int, str]
    """The names of all sources by id, A to Z."""
    is_partial: bool = False
    """Whether more are still to come."""
    count: int | None = None
    """How many releases match, when that is known; a partial result that knows it brings no places."""
    is_counting: bool = False
    """Whether `count` is only how many were found so far."""
    kept: int | None = None
    """The place that is among them although it does not match; not in `count`."""
    tally: Tally | None = None
    """How many of the places are read."""
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
        return found.question.number == self._number

    def find_first(self, question: Question) -> Found:
        """The first results, at once and in the caller's thread."""
        return _find_first(self._archive, question)

    def search(self, question: Question, skips_first: bool = False) -> None:
        """Find and report the first results, then all; ends early and silently when it is no longer the newest."""
        with self._lock:
            if question.number != self._number:
                return
            if self._connection is None:
                self._connection = self._archive.connect()
            self._connection.stop_when(lambda: question.number != self._number, question.query)
            for found in self._steps(self._connection, question, skips_first):
                if not self.is_wanted(found):
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

    def _steps(self, connection: Archive, question: Question, skips_first: bool) -> Iterator[Found]:
        """The first results, then how many there are, which is known long before the last one is at hand, then all.

        Where texts have to be looked into, the count grows while all are found.
        """
        try:
            if not skips_first and not question.order.is_ranked:  # the first by rank are known as late as the last
                yield _find_first(connection, question, self._early_reporter(connection, question))
            is_slow = looks_into_texts(question.query)
            if not is_slow:
                yield Found(question, array("q"), {}, is_partial=True, count=connection.count(question.query))
            yield _find_all(connection, question, self._counter(question) if is_slow else None)
        except NewsreaderError as error:
            yield Found(question, array("q"), {}, problem=str(error))
        except sqlite3.Error as error:  # stopped: then it is dropped
            yield Found(question, array("q"), {}, problem=f"The archive could not be searched: {error}.")

    def _counter(self, question: Question) -> Callable[[array[int]], None]:
        """A function that reports now and then how many were found so far."""
        next_time = monotonic() + COUNT_SECONDS

        def report(places: array[int]) -> None:
            nonlocal next_time
            if (now := monotonic()) >= next_time and question.number == self._number:
                next_time = now + COUNT_SECONDS
                self._report(Found(question, array("q"), {}, is_partial=True, count=len(places), is_counting=True))

        return report

    def _early_reporter(self, connection: Archive, question: Question) -> Callable[[array[int]], None]:
        """A function that reports the very first results where it takes long to find `FIRST_PLACES`."""
        end = monotonic() + FIRST_SECONDS
        is_reported = False

        def report(places: array[int]) -> None:
            nonlocal is_reported
            if places and not is_reported and monotonic() >= end and question.number == self._number:
                is_reported = True
                first, tally = places[:], Tally(places[:], question.read)
                self._report(Found(question, first, connection.sources(), is_partial=True, tally=tally))

        return report


def _find_first(connection: Archive, question: Question, on_found: Callable[[array[int]], None] | None = None) -> Found:
    """As many as fill a screen: the first, or the newest where these come first."""
    sources = connection.sources()
    if question.order == BY_SOURCE:
        places = connection.places(question.query, limit=FIRST_PLACES, on_found=on_found)
    else:
        ranks = rank_sources(sources)
        newest = connection.newest_places(question.query, FIRST_PLACES)
        places = array("q", sorted(newest, key=lambda place: question.order.key(place, ranks)))
    if len(places) < FIRST_PLACES:
        return _answer(question, places, sources)
    return Found(question, places, sources, is_partial=True, tally=Tally(places, question.read))


def _find_all(connection: Archive, question: Question, on_found: Callable[[array[int]], object] | None) -> Found:
    if question.order.is_ranked:
        places = array("q", connection.ranked_places(question.query))
    else:
        places = question.order.arrange(connection.places(question.query, on_found=on_found))
    return _answer(question, places, connection.sources())


def _answer(question: Question, places: array[int], sources: Mapping[int, str]) -> Found:
    """All that was found, and what is kept among it."""
    count, kept = len(places), None
    if question.kept is not None:
        index = question.order.find(places, question.kept, rank_sources(sources))
        if places[index : index + 1] != array("q", [question.kept]):
            kept = question.kept
            places.insert(index, kept)
    return Found(question, places, sources, count=count, kept=kept, tally=Tally(places, question.read))


def rank_sources(sources: Iterable[int]) -> dict[int, int]:
    """Where each source stands among all."""
    return {source: rank for rank, source in enumerate(sources)}
