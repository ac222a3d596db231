"""The part of a body that shows why a query found it."""

from __future__ import annotations

from datetime import date as Day

from hypothesis import given
from hypothesis import strategies as st

from newsreader.query import parse
from newsreader.snippets import LENGTH, cut_snippet, snippet_finder


def found(query: str, body: str) -> tuple[str, list[str]]:
    find = snippet_finder(parse(query, today=Day(2024, 10, 10)))
    assert find is not None
    snippet = find(body)
    assert snippet is not None
    return snippet.text, [snippet.text[start:end] for start, end in snippet.spans]


def test_a_snippet_shows_the_first_match_between_whole_words() -> None:
    text, matches = found("chisinau", "before " * 30 + "in Chișinău\n\n  on Monday. " + "after " * 60)
    assert text.startswith("…before before")
    assert "in Chișinău on Monday. after" in text
    assert text.endswith(" after…")
    assert matches == ["Chișinău"]


def test_a_short_body_is_whole() -> None:
    assert found("cyber OR /h.b..d/", "A cyber and  hybrid text") == ("A cyber and hybrid text", ["cyber", "hybrid"])


def test_a_query_that_seeks_nothing_in_bodies_has_no_snippets() -> None:
    for query in ("", "title:cyber", "source:nato", "-cyber"):
        assert snippet_finder(parse(query, today=Day(2024, 10, 10))) is None


@given(st.text(max_size=400), st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300)), max_size=4))
def test_spans_lie_within_the_snippet_and_in_order(body: str, starts: list[tuple[int, int]]) -> None:
    spans: list[tuple[int, int]] = []
    for start, length in sorted(starts):
        begin = max(start, spans[-1][1] if spans else 0)
        if begin + length <= len(body):
            spans.append((begin, begin + length))
    snippet = cut_snippet(body, spans)
    if snippet is None:
        assert not spans
        return
    assert len(snippet.text) <= LENGTH + 2
    edges = [edge for span in snippet.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(snippet.text) for edge in edges)
    assert snippet.spans
