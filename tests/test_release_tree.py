from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newsreader.models import NO_DATE, Basis, Date
from newsreader.places import first_row, month_of, place_of_row, source_of
from newsreader.ui.desk import Anchor
from newsreader.ui.outline import ALL_OPEN_LIMIT, WHOLE, Folds, Group, Level, Outline, find_runs
from newsreader.ui.place_set import PlaceSet

FIRST_DAY = Day(2022, 11, 3)


def place(source: int, day: int | None, sequence: int) -> int:
    """The place of a release of a source on the so-manieth day, None for no date."""
    date = NO_DATE if day is None else Date(FIRST_DAY + timedelta(days=day), basis=Basis.STATED)
    return place_of_row(first_row(source, date)[0] + sequence)


releases = st.tuples(st.integers(1, 4), st.none() | st.integers(0, 200), st.integers(0, 3))


@dataclass
class Tree:
    """Places in tree order over sources in an order of their own."""

    places: array[int]
    ranks: dict[int, int]

    def outline(self, folds: Folds | None = None) -> Outline:
        return Outline(self.places, self.ranks, folds or Folds(), has_all=True)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    found = draw(st.sets(releases, max_size=30))
    order = draw(st.permutations(range(1, 5)))
    ranks = {source: rank for rank, source in enumerate(order)}
    places = sorted((place(*each) for each in found), key=lambda each: (ranks[source_of(each)], each))
    return Tree(array("q", places), ranks)


def naive_rows(tree: Tree, is_open: dict[Group, bool]) -> list[tuple[Level, int]]:
    """Level and first place of each row, by looking at every release."""
    rows: list[tuple[Level, int]] = []
    for source in tree.ranks:
        own = [each for each in tree.places if source_of(each) == source]
        if not own:
            continue
        rows.append((Level.SOURCE, own[0]))
        if not is_open.get(Group(source), True):
            continue
        months = list(dict.fromkeys(month_of(each) for each in own))
        for month in months:
            if len(months) > 1:
                first = next(each for each in own if month_of(each) == month)
                rows.append((Level.MONTH, first))
                if not is_open.get(Group(source, month), True):
                    continue
            rows += [(Level.RELEASE, each) for each in own if month_of(each) == month]
    return rows


def shown_rows(outline: Outline) -> list[tuple[Level, int]]:
    rows = [outline.row_at(number) for number in range(outline.row_count)]
    return [(row.level, outline.places[row.start]) for row in rows]


def groups_of(tree: Tree) -> list[Group]:
    return [Group(source_of(each)) for each in tree.places] + [
        Group(source_of(each), month_of(each)) for each in tree.places
    ]


@given(trees(), st.data())
def test_rows_are_those_of_a_tree_built_release_by_release(tree: Tree, data: st.DataObject) -> None:
    groups = groups_of(tree)
    is_open = data.draw(st.dictionaries(st.sampled_from(groups), st.booleans())) if groups else {}
    assert shown_rows(tree.outline(Folds(groups=is_open))) == naive_rows(tree, is_open)


@given(trees(), st.data())
def test_revealing_a_release_gives_it_a_row_of_its_own(tree: Tree, data: st.DataObject) -> None:
    if not tree.places:
        return
    outline = tree.outline(Folds(everything=False))
    index = data.draw(st.integers(0, len(tree.places) - 1))
    assert outline.row_at(outline.row_of(index)).place is None
    outline.reveal(index)
    assert outline.row_at(outline.row_of(index)).place == tree.places[index]


@given(trees())
def test_every_place_is_found_at_its_index(tree: Tree) -> None:
    outline = tree.outline()
    assert [outline.nearest(each) for each in tree.places] == list(range(len(tree.places)))


@given(trees(), releases)
def test_a_release_that_is_left_out_gives_way_to_the_next(tree: Tree, release: tuple[int, int | None, int]) -> None:
    gone = place(*release)
    order = [(tree.ranks[source_of(each)], each) for each in tree.places]
    after = [index for index, key in enumerate(order) if key >= (tree.ranks[source_of(gone)], gone)]
    expected = after[0] if after else len(order) - 1 if order else None
    assert tree.outline().nearest(gone) == expected


@given(trees(), st.data())
def test_groups_follow_each_other_in_both_directions(tree: Tree, data: st.DataObject) -> None:
    if not tree.places:
        return
    is_open = data.draw(st.dictionaries(st.sampled_from(groups_of(tree)), st.booleans()))
    outline = tree.outline(Folds(groups=is_open))
    rows = range(outline.row_count)
    heads = [row for row in rows if outline.row_at(row).level is not Level.RELEASE]
    for row in rows:
        assert outline.next_group(row) == next((head for head in heads if head > row), None)
        assert outline.previous_group(row) == next((head for head in reversed(heads) if head < row), None)
    for head in heads:
        assert outline.row_of_group(outline.row_at(head).group) == head


@given(trees(), st.data())
def test_unread_is_counted_and_found_as_by_hand(tree: Tree, data: st.DataObject) -> None:
    read = data.draw(st.sets(st.sampled_from(tree.places))) if tree.places else set()
    others = {place(source, 5, 60) for source in range(1, 5)}
    for has_all, marked in ((True, PlaceSet(read)), (False, PlaceSet(read | others))):
        outline = Outline(tree.places, tree.ranks, Folds(), has_all=has_all)
        for number in range(outline.row_count):
            row = outline.row_at(number)
            assert outline.unread_count(row, marked) == len(set(tree.places[row.start : row.end]) - read)
        assert outline.unread_total(marked) == len(set(tree.places) - read)
        for index in range(len(tree.places)):
            unread = [at for at in range(index, len(tree.places)) if tree.places[at] not in read]
            assert outline.next_unread(index, marked) == (unread[0] if unread else None)


@given(st.sets(st.integers(0, 50)), st.lists(st.tuples(st.lists(st.integers(0, 50), max_size=20), st.booleans())))
def test_a_set_of_places_is_a_set(first: set[int], changes: list[tuple[list[int], bool]]) -> None:
    places = PlaceSet(first)
    expected = set(first)
    for chosen, is_set in changes:
        places.set(chosen, is_set)
        expected = expected | set(chosen) if is_set else expected - set(chosen)
    assert [each for each in range(51) if each in places] == sorted(expected)
    assert len(places) == len(expected)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 40)), max_size=6, unique_by=lambda run: run[0]))
def test_runs_are_found_whole(runs: list[tuple[int, int]]) -> None:
    values = array("q", [value for value, length in runs for _ in range(length)])
    found = list(find_runs(values, 0, len(values), lambda value: value))
    assert [value for value, start, end in found for _ in range(end - start)] == list(values)
    assert all(one[0] != other[0] and one[2] == other[1] for one, other in pairwise(found))


def test_a_large_tree_opens_with_its_first_source_and_month_only() -> None:
    places = array("q", [place(source, day, 0) for source in (1, 2, 3) for day in range(500, -1, -1)])
    assert len(places) > ALL_OPEN_LIMIT
    outline = Outline(places, {1: 0, 2: 1, 3: 2}, Folds(), has_all=True)
    rows = [outline.row_at(row) for row in range(outline.row_count)]
    assert [row.is_open for row in rows if row.level is Level.SOURCE] == [True, False, False]
    assert [row.is_open for row in rows if row.level is Level.MONTH] == [True] + [False] * 16
    assert {month_of(row.place) for row in rows if row.place is not None} == {month_of(places[0])}


def test_laying_out_a_million_releases_looks_at_few_of_them() -> None:
    class Watched(array):  # type: ignore[type-arg]
        looks = 0

        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            Watched.looks += 1
            return super().__getitem__(index)

    first = place(1, 0, 0)
    places = Watched("q", range(first, first + 1_000_000))
    outline = Outline(places, {source_of(first): 0}, Folds(), has_all=True)
    outline.row_at(outline.row_count - 1)
    assert Watched.looks < 2_000


def test_the_cursor_waits_for_what_a_partial_result_does_not_hold_yet() -> None:
    places = array("q", [place(1, 1, 0), place(1, 0, 0)])
    ranks = {1: 0, 2: 1}
    folds = Folds(everything=False)
    partial = Outline(places, ranks, folds, has_all=True, is_partial=True)
    assert Anchor(place(2, 0, 0)).row_in(partial) == 0
    assert not folds.groups
    assert Anchor(places[1]).row_in(partial) == 2


def test_a_source_of_one_month_has_no_row_for_it() -> None:
    places = array("q", [place(1, 1, 0), place(1, 0, 0)])
    outline = Outline(places, {1: 0}, Folds(), has_all=True)
    assert [row for row, _ in shown_rows(outline)] == [Level.SOURCE, Level.RELEASE, Level.RELEASE]
    assert outline.row_at(0).month == (2022, 11)
    assert outline.row_at(1).group == Group(1, WHOLE)
