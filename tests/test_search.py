"""Searching the archive: its SQL finds what a plain reading of the query finds, in the promised order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date as Day
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsreader.archive import Archive, Sort
from newsreader.archive_file import ArchiveDamagedError
from newsreader.digest import Draft
from newsreader.errors import QueryError
from newsreader.indexing import ReadDigest, index_release, store
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.models import Basis, Date, Mark, Precision, Release
from newsreader.places import place_of_row, source_of
from newsreader.query import (
    All,
    Dated,
    DateRange,
    Id,
    In,
    Is,
    Length,
    Part,
    Pattern,
    Phrase,
    Query,
    Source,
    Text,
    all_of,
    any_of,
    negate,
    parse,
)
from newsreader.search import Search
from newsreader.words import words
from tests.conftest import NOW, SEEDS
from tests.oracle import matches

TODAY = NOW.date()
VOCABULARY = (
    "cyber",
    "attack",
    "attacks",
    "NATO’s",
    "Chișinău",
    "Straße",
    "U.S.",
    "480 000",
    "漢字",
    "カ",
    "m³",
    "cy@x",
    "'; --",
)

texts = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)
days = st.dates(Day(2023, 11, 1), Day(2024, 3, 15))
dates = st.one_of(
    st.just(Date()),
    st.builds(Date, days, st.just(Precision.DAY), st.sampled_from([Basis.STATED, Basis.TEXT, Basis.INFERRED])),
    st.builds(lambda day: Date(day.replace(day=1), Precision.MONTH, Basis.NEIGHBOURS), days),
    st.builds(lambda day: Date(day.replace(day=1, month=1), Precision.YEAR, Basis.NEIGHBOURS), days),
)
sources = st.sampled_from(["NATO", "Europol", "Interpol (news and events)", ""])
drafts = st.builds(Draft, texts, sources, texts, st.just(1), st.just(0))

folded = st.sampled_from([word for text in VOCABULARY for word in words(text)])
phrases = st.builds(Phrase, st.lists(folded, min_size=1, max_size=3).map(tuple), st.booleans())
ranges = st.one_of(
    st.tuples(days, days).map(lambda pair: DateRange(min(pair), max(pair))),
    days.map(lambda day: DateRange(day, None)),
    days.map(lambda day: DateRange(None, day)),
)
leaves: st.SearchStrategy[Query] = st.one_of(
    st.builds(Text, phrases, st.sampled_from(Part)),
    st.builds(Text, folded.map(lambda word: Phrase((word,)))),
    st.builds(Text, st.sampled_from("cans").map(lambda letter: Phrase((letter,), True))),
    st.builds(Pattern, st.sampled_from(["cy.er", "s$", "^nato", "漢|ß", "@x", "'"]), st.sampled_from(Part)),
    st.builds(
        Source, st.sampled_from(["nato", "news and", "euro", "pol"]).map(lambda name: Phrase(tuple(name.split()), True))
    ),
    st.just(Source(Phrase(()))),
    ranges,
    st.builds(Is, st.sampled_from(Mark), st.booleans()),
    st.builds(Dated, st.sampled_from(Basis)),
    st.builds(Id, st.sampled_from("0123456789abcdef")),
    st.builds(In, st.sampled_from(["a", "b.txt", "x"])),
    st.builds(Length, st.integers(0, 3), st.integers(3, 9)),
)
queries = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: all_of(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: any_of(*parts)),
        inner.map(negate),
    ),
    max_leaves=6,
)


def releases_of(archive: Archive) -> list[Release]:
    return [release for place in archive.places(All()) if (release := archive.release(place))]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.lists(st.tuples(drafts, dates), max_size=6), min_size=1, max_size=3),
    st.lists(queries, min_size=1, max_size=8),
    st.integers(0, 2**32),
)
def test_the_archive_finds_exactly_what_the_query_says(
    digests: list[list[tuple[Draft, Date]]], asked: list[Query], marked: int
) -> None:
    marks = Marks(None, clock=lambda: NOW)
    with Archive(None, marks.uri) as archive:
        for index, pairs in enumerate(digests):
            releases = [index_release(draft, date) for draft, date in pairs]
            store(archive, [ReadDigest((f"/{'ab'[index % 2]}{index}.txt".encode(), 1, 1), releases, (), len(releases))])
        for index, release in enumerate(releases_of(archive)):
            for mark in Mark:
                marks.change([release.headline.id], mark, bool(marked >> index % 16 & 1) ^ (mark is Mark.STARRED))
        everything = releases_of(archive)
        for query in asked:
            expected = [release.headline for release in everything if matches(query, release)]
            found = archive.places(query)
            assert archive.headlines(found) == expected, str(query)
            assert archive.count(query) == len(expected)
            assert sorted(headline.id for headline in archive.find(query)) == sorted(each.id for each in expected)
            first = archive.places(query, limit=3)
            assert len(first) == min(3, len(expected))
            assert set(first) <= set(found)
            counts = list(archive.count_sources(query))
            assert sum(count.releases for count in counts) == len(expected)
            assert sum(count.unread for count in counts) == sum(not each.is_read for each in expected)
    marks.close()


@pytest.fixture(scope="module")
def seed_archive() -> Iterator[Archive]:
    marks = Marks(None, clock=lambda: NOW)
    with Archive(None, marks.uri) as archive:
        refresh(archive, Library((str(SEEDS),)))
        yield archive
    marks.close()


def titles(archive: Archive, query: str) -> set[str]:
    return {headline.title[:30] for headline in archive.find(parse(query, today=TODAY))}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("Chisinau", 2),
        ("chișinău", 2),
        ("cyber-attacks", 2),
        ('"secretary general"', 21),
        ("480 000 title:480", 1),
        ("m3", 1),
        ("source:nato (cyber OR hybrid) -exercise date:2024-09..", 4),
        ("source:interpol", 11),
        ("date:2023-12-14", 5),
        ("/operation (thunder|jackal)/", 2),
        ("dated:stated", 9),
        ("dated:none", 0),
        ("in:000_5c", 10),
        ("words:>800", 1),
        ("nothinglikethis", 0),
    ],
)
def test_seeds_are_found(seed_archive: Archive, query: str, count: int) -> None:
    assert seed_archive.count(parse(query, today=TODAY)) == count


def test_first_places_are_those_of_the_whole_result_in_tree_order(seed_archive: Archive) -> None:
    whole = seed_archive.places(All())
    assert seed_archive.places(All(), limit=10) == whole[:10]
    names = [seed_archive.sources()[source_of(place)] for place in whole]
    assert names == sorted(names, key=str.casefold)


def test_lists_run_from_new_to_old_and_the_other_way_round(seed_archive: Archive) -> None:
    dates = [headline.date.iso for headline in seed_archive.find(All())]
    days = [date for date in dates if len(date) == 10]
    assert days == sorted(days, reverse=True)
    assert [headline.date.iso for headline in seed_archive.find(All(), reverse=True)] == dates[::-1]
    assert [headline.date.iso for headline in seed_archive.find(All(), limit=5)] == dates[:5]
    by_source = [headline.source for headline in seed_archive.find(All(), sort=Sort.SOURCE)]
    assert by_source == sorted(by_source, key=str.casefold)


def test_a_regular_expression_that_takes_too_long_ends_with_a_sentence(
    seed_archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.search.PATTERN_SECONDS", 0.0)
    with pytest.raises(QueryError, match="narrow"):
        seed_archive.places(parse("/a.*b/", today=TODAY))


def test_ids_are_found_by_their_beginning(seed_archive: Archive) -> None:
    (headline,) = seed_archive.find(All(), limit=1)
    assert seed_archive.ids_from(headline.id[:10].upper()) == [headline.id]
    assert seed_archive.place_of(headline.id) == headline.place
    assert len(seed_archive.ids_from("")) == 3
    assert seed_archive.ids_from("zz") == []


@pytest.mark.parametrize("query", [Pattern("\udcff@"), Pattern("\ud800", Part.TITLE), In("\udcff"), Id("\udcff")])
def test_bytes_that_are_no_text_are_found_nowhere(seed_archive: Archive, query: Query) -> None:
    assert seed_archive.count(query) == 0
    assert seed_archive.ids_from("\udcff") == []


def test_names_of_sources_which_may_be_half_a_million_are_read_only_for_a_query_that_asks_for_one(
    seed_archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Archive] = []
    sources = Archive.sources

    def ask(self: Archive) -> dict[int, str]:
        asked.append(self)
        return sources(self)

    monkeypatch.setattr(Archive, "sources", ask)
    assert seed_archive.count(parse("nato", today=TODAY)) > 0
    assert len(list(seed_archive.find(All()))) == 49
    assert asked == []
    assert seed_archive.count(parse("source:nato", today=TODAY)) > 0
    assert asked == [seed_archive]


def test_sources_are_sorted_as_people_do_with_none_last(tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "archive.db", "file:marks?mode=memory")) as archive:
        names = ["b", "", "Éa", "A", "ß", "a", "SS", "B", "漢"]
        archive.connection.executemany("INSERT INTO source (name) VALUES (?)", [(name,) for name in names])
        assert list(archive.sources().values()) == ["A", "a", "B", "b", "SS", "ß", "Éa", "漢", ""]


def test_a_limit_may_be_of_any_size(seed_archive: Archive) -> None:
    assert len(list(seed_archive.find(All(), limit=10**20))) == 49
    assert len(seed_archive.places(All(), limit=10**20)) == 49


def test_a_search_ends_soon_after_its_result_is_no_longer_wanted(seed_archive: Archive) -> None:
    import sqlite3

    looks = iter([False, False, True])
    with seed_archive.connect() as other:
        other.stop_when(lambda: next(looks, True), All())
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            other.connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"
            ).fetchall()


def test_everything_is_found_by_origins_as_it_is_in_the_releases(seed_archive: Archive) -> None:
    rows = [row["row"] for row in seed_archive.connection.execute("SELECT row FROM release")]
    assert sorted(seed_archive.places(All())) == sorted(map(place_of_row, rows))
    assert seed_archive.count(All()) == len(rows)


def test_a_beginning_stands_for_the_words_that_begin_so() -> None:
    with Archive(None, Marks(None, clock=lambda: NOW).uri) as archive:
        refresh(archive, Library((str(SEEDS),)))
        made = archive.connection.execute("SELECT sql FROM sqlite_master WHERE name = 'text_words'").fetchone()["sql"]
        assert "instance" in made, "the other kinds count how many releases have a word, which takes long"
        found = releases_of(archive)
        known = {word for each in found for word in words(f"{each.headline.title} {each.body}")}
        for beginning in ("secr", "secretary", "inte", "2024", "zzzz"):
            search = Search(parse(f"{beginning}*", today=TODAY), archive.connection, archive.sources)
            assert list(search._words_from(beginning)) == sorted(word for word in known if word.startswith(beginning))


def many_of_one_day(count: int) -> list[tuple[Draft, Date]]:
    date = Date(Day(2024, 3, 1), Precision.DAY, Basis.STATED)
    return [(Draft(f"Title {number}", "NATO", "Human rights." * (number % 2), 1, 0), date) for number in range(count)]


@pytest.mark.parametrize("query", ["", "title", "-europol", '"human rights"', "/title [0-9]/", "is:unread"])
def test_a_source_that_issues_hundreds_on_a_day_is_found_whole_with_a_limit_or_without(query: str) -> None:
    marks = Marks(None, clock=lambda: NOW)
    with Archive(None, marks.uri) as archive:
        releases = [index_release(draft, date) for draft, date in many_of_one_day(150)]
        releases.append(index_release(Draft("Title", "Europol", "Human rights", 1, 0), Date()))
        store(archive, [ReadDigest((b"/a.txt", 1, 1), releases, (), len(releases))])
        parsed = parse(query, today=TODAY)
        found = archive.places(parsed)
        assert len(found) == archive.count(parsed) >= 75
        assert archive.places(parsed, limit=200) == found
        assert archive.places(parsed, limit=70) == found[:70]
        assert len(list(archive.find(parsed, sort=Sort.SOURCE, limit=140))) == min(140, len(found))
    marks.close()


def test_the_first_of_many_candidates_are_found_without_looking_into_all(seed_archive: Archive) -> None:
    looked: list[str] = []
    with seed_archive.connect() as other:
        query = parse('"secretary general"', today=TODAY)
        expected = [headline.id for headline in other.find(query)]
        holds = other._checks._holds

        def counting(needle: bytes, part: str, title: str, packed: bytes) -> bool:
            looked.append(title)
            return holds(needle, part, title, packed)

        other.connection.create_function("holds", 4, counting, deterministic=True)
        assert [headline.id for headline in other.find(query, limit=3)] == expected[:3]
        assert len(looked) < 10 < len(expected)
        found: list[int] = []
        other.places(query, on_found=lambda places: found.append(len(places)))
        assert found == [len(expected)]


def test_a_body_that_ends_too_early_is_damage(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db", Marks(None, clock=lambda: NOW).uri) as archive:
        refresh(archive, Library((str(SEEDS),)))
        archive.connection.execute("UPDATE body SET packed = substr(packed, 1, 40)")
        with pytest.raises(ArchiveDamagedError):
            archive.count(parse('"general secretary" OR "secretary general"', today=TODAY))
