"""The part of a body that shows why a query found it. Pure."""

from __future__ import annotations

from collections.abc import Callable

from newsreader.highlights import span_finder
from newsreader.query import Part, Query, query_terms
from newsreader.record import Record

LENGTH = 160
"""Characters of a snippet, at most."""
LEAD = 40
"""Characters before the first match, at most."""


class Snippet(Record):
    """A line of a body around its first match."""

    text: str
    """The line, with … where more text stands; not cleaned for a terminal."""
    spans: tuple[tuple[int, int], ...]
    """Where the matches begin and end in it."""


def snippet_finder(query: Query) -> Callable[[str], Snippet | None] | None:
    """A function that finds the snippet of a body, or None in it; None for a query that seeks nothing in bodies."""
    if not query_terms(query, Part.BODY):
        return None
    find_spans = span_finder(query, Part.BODY)
    return lambda body: cut_snippet(body, find_spans(body))


def cut_snippet(body: str, spans: list[tuple[int, int]]) -> Snippet | None:
    """The line around the first of the spans, from word to word."""
    if not spans:
        return None
    first = spans[0][0]
    start = max(0, first - LEAD)
    if start:
        start = _after_space(body, start, first)
    end = min(len(body), max(start + LENGTH, min(spans[0][1], first + LENGTH)))
    if end < len(body):
        end = max(body.rfind(" ", start, end), min(spans[0][1], end)) if " " in body[spans[0][1] : end] else end
    lead, tail = "…" if start else "", "…" if end < len(body) else ""
    text, places = _joined(body[start:end])
    inside = ((places[begin - start], places[min(stop, end) - start]) for begin, stop in spans if begin < end)
    return Snippet(lead + text + tail, tuple((begin + len(lead), stop + len(lead)) for begin, stop in inside))


def _joined(text: str) -> tuple[str, list[int]]:
    """The text with each run of white space as one space, and for each of its characters the place in that."""
    characters: list[str] = []
    places = []
    for character in text:
        places.append(len(characters))
        if not character.isspace():
            characters.append(character)
        elif characters and characters[-1] != " ":
            characters.append(" ")
    return "".join(characters), [*places, len(characters)]


def _after_space(body: str, start: int, first: int) -> int:
    """The place after the next white space from `start` on, but not behind `first`."""
    for place in range(start, first):
        if body[place].isspace():
            return place + 1
    return start
