from __future__ import annotations

from pathlib import Path

import pytest

from newsreader.archive import Archive
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.query import parse
from newsreader.ui.order import BY_SOURCE
from newsreader.ui.place_set import PlaceSet
from newsreader.ui.searching import Found, Question, Searcher
from tests.conftest import NOW, SEEDS


def question(query: str, number: int) -> Question:
    return Question(number, parse(query, today=NOW.date()), BY_SOURCE, PlaceSet().snapshot())


def search(folder: Path, query: str) -> list[Found]:
    with Archive(folder / "archive.db", Marks(None, clock=lambda: NOW).uri) as archive:
        refresh(archive, Library((str(SEEDS),)))
        reported: list[Found] = []
        searcher = Searcher(archive, reported.append)
        searcher.search(question(query, searcher.renew()))
        searcher.close()
    return reported


def test_a_count_that_needs_a_look_into_many_texts_grows_until_all_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.ui.searching.FIRST_PLACES", 5)
    monkeypatch.setattr("newsreader.ui.searching.FIRST_SECONDS", 1000.0)
    monkeypatch.setattr("newsreader.ui.searching.COUNT_SECONDS", -1.0)
    monkeypatch.setattr("newsreader.archive._MOST_AT_ONCE", 10)
    found = search(tmp_path, '"secretary general"')
    assert [(each.count, each.is_counting, each.is_partial) for each in found] == [
        (None, False, True),
        (10, True, True),
        (20, True, True),
        (21, True, True),
        (21, False, False),
    ]
    assert len(found[0].places) == 5
    assert len(found[-1].places) == 21


def test_a_count_that_the_index_knows_comes_before_all_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.ui.searching.FIRST_PLACES", 5)
    monkeypatch.setattr("newsreader.ui.searching.FIRST_SECONDS", 1000.0)
    found = search(tmp_path, "secretary")
    assert [(each.count, each.is_counting, len(each.places)) for each in found] == [
        (None, False, 5),
        (found[-1].count, False, 0),
        (found[-1].count, False, found[-1].count),
    ]


def test_a_search_that_is_no_longer_the_newest_reports_nothing(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db", Marks(None, clock=lambda: NOW).uri) as archive:
        refresh(archive, Library((str(SEEDS),)))
        reported: list[Found] = []

        def report(found: Found) -> None:
            reported.append(found)
            searcher.renew()

        searcher = Searcher(archive, report)
        searcher.search(question('"secretary general"', searcher.renew()))
        number = searcher.renew()
        searcher.renew()
        searcher.search(question("nato", number))
        searcher.close()
    assert len(reported) == 1


def test_the_very_first_results_are_reported_where_more_take_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.ui.searching.FIRST_SECONDS", -1.0)
    found = search(tmp_path, '"secretary general"')
    assert [(len(each.places), each.is_partial, each.count) for each in found] == [
        (len(found[0].places), True, None),
        (21, False, 21),
    ]
    assert 0 < len(found[0].places) < 21
    assert found[1].places[: len(found[0].places)] == found[0].places
