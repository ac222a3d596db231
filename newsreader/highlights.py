"""Where a text holds what a query asks for. Pure."""

from __future__ import annotations

from collections.abc import Callable

from newsreader.query import Part, Query, Text, query_terms
from newsreader.words import find_spans, merge_spans

PATTERN_SECONDS = 0.05
"""How long a regular expression of the query may look for what to light in one text."""

Spans = list[tuple[int, int]]


def span_finder(query: Query, part: Part) -> Callable[[str], Spans]:
    """A function that finds what of the query stands in a text that is a title, or a body."""
    terms = query_terms(query, part)
    if not terms:
        return lambda text: []
    phrases = [term.phrase for term in terms if isinstance(term, Text)]
    patterns = [term for term in terms if not isinstance(term, Text)]
    if not patterns:
        return lambda text: find_spans(text, phrases)
    from newsreader.pattern import compile_pattern

    compiled = [compile_pattern(pattern) for pattern in patterns]

    def find(text: str) -> Spans:
        found = [span for pattern in compiled for span in pattern.spans(text, PATTERN_SECONDS)]
        return merge_spans([*find_spans(text, phrases), *found])

    return find
