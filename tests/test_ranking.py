"""Ranking by relevance: what a reader would call the better answer comes first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.archive import Archive, Sort
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.query import parse
from newsreader.ranking import Ranking
from newsreader.words import Phrase
from tests.conftest import NOW

CYBER, NATO = Phrase(("cyber",)), Phrase(("nato",))
RELEASES = """Cyber defence

Source: A

Allies met.

Other news

Source: A

A cyber attack, and another cyber attack.

More news

Source: A

A cyber attack. {filler}

Exercise

Source: B

Nato allies met. {filler}
""".format(filler="Many more words stand here. " * 40)


@pytest.fixture
def archive() -> Iterator[Archive]:
    marks = Marks(None, clock=lambda: NOW)
    with Archive(None, marks.uri) as archive:
        refresh(archive, Library(("-",), RELEASES.encode()))
        yield archive
    marks.close()


def titles(archive: Archive, query: str, *, reverse: bool = False, limit: int | None = None) -> list[str]:
    found = archive.find(parse(query, today=NOW.date()), sort=Sort.RELEVANCE, reverse=reverse, limit=limit)
    return [headline.title for headline in found]


def test_the_title_counts_before_the_body_and_more_before_less(archive: Archive) -> None:
    assert titles(archive, "cyber") == ["Cyber defence", "Other news", "More news"]
    assert titles(archive, "cyber", reverse=True) == ["More news", "Other news", "Cyber defence"]
    assert titles(archive, "cyber", limit=1) == ["Cyber defence"]


def test_a_query_without_words_runs_by_date(archive: Archive) -> None:
    assert titles(archive, "source:a") == ["Cyber defence", "Other news", "More news"]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 500))
def test_more_of_what_is_sought_never_scores_less(few: int, more: int, words: int) -> None:
    ranking = Ranking([CYBER, NATO], [3, 9], 20, 100.0)
    low, high = sorted((few, more))
    assert ranking.score("", "cyber, " * low, words) <= ranking.score("", "cyber, " * high, words)
    assert ranking.score("", "cyber", words) <= ranking.score("cyber", "cyber", words)
    assert ranking.score("", "nato", words) < ranking.score("", "cyber", words)
