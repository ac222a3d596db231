from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from newsreader.models import NO_DATE, Basis, Date, Precision
from newsreader.places import day_of, first_row, month_of, place_of_row, source_of
from newsreader.text import Clean, cell_width
from newsreader.ui.desk import Anchor
from newsreader.ui.order import (
    BY_DATE,
    BY_DAY,
    BY_MONTH,
    BY_RELEVANCE,
    BY_SOURCE,
    ORDERS,
    VALUES,
    Level,
    Order,
    find_order,
    next_order,
)
from newsreader.ui.outline import ALL_OPEN_LIMIT, Folds, Group, Outline, Row, find_runs
from newsreader.ui.place_set import PlaceSet
from newsreader.ui.tally import Tally
from newsreader.ui.tree_rows import RowPainter, Signs

FIRST_DAY = Day(2022, 11, 3)
EXACT = [order for order in ORDERS if not order.is_ranked]


def place(source: int, day: int | None, sequence: int, precision: Precision = Precision.DAY) -> int:
    """The place of a release of a source on the so-manieth day, None for no date."""
    date = NO_DATE if day is None else Date(FIRST_DAY + timedelta(days=day), precision, Basis.STATED)
    return place_of_row(first_row(source, date)[0] + sequence)


releases = st.tuples(
    st.integers(1, 4),
    st.none() | st.integers(0, 200),
    st.integers(0, 3) | st.integers(0, 2000).map(lambda number: number * 64),
    st.sampled_from(Precision),
).map(lambda each: place(each[0], each[1], each[2] % (64 if each[3] is Precision.DAY and each[1] else 2048), each[3]))


@dataclass
class Tree:
    """Places in an order, over sources in an order of their own."""

    places: array[int]
    ranks: dict[int, int]
    order: Order

    def outline(self, folds: Folds | None = None, *, is_partial: bool = False) -> Outline:
        return Outline(self.places, self.ranks, folds or Folds(), order=self.order, is_partial=is_partial)

    def groups(self) -> list[Group]:
        """All groups that there could be."""
        depths = range(1, len(self.order.levels) + 1)
        return list(dict.fromkeys(self.group_of(each, depth) for each in self.places for depth in depths))

    def group_of(self, place: int, depth: int) -> Group:
        return tuple((level, VALUES[level](place)) for level in self.order.levels[:depth])


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    found = draw(st.sets(releases, max_size=30))
    ranks = {source: rank for rank, source in enumerate(draw(st.permutations(range(1, 5))))}
    order = draw(st.sampled_from(EXACT))
    by_source = sorted(found, key=lambda each: (ranks[source_of(each)], each))
    return Tree(order.arrange(by_source), ranks, order)


def naive_rows(tree: Tree, is_open: dict[Group, bool]) -> list[tuple[Level, int]]:
    """Level and first place of each row, by looking at every release."""

    def rows(places: list[int], depth: int) -> Iterator[tuple[Level, int]]:
        runs = [list(run) for _, run in groupby(places, lambda each: tree.group_of(each, depth + 1))]
        if depth == len(tree.order.levels) or (depth and len(runs) == 1):
            yield from ((Level.RELEASE, each) for each in places)
            return
        for run in runs:
            yield tree.order.levels[depth], run[0]
            if is_open.get(tree.group_of(run[0], depth + 1), True):
                yield from rows(run, depth + 1)

    return list(rows(list(tree.places), 0))


def shown_rows(outline: Outline) -> list[tuple[Level, int]]:
    rows = [outline.row_at(number) for number in range(outline.row_count)]
    return [(row.level, outline.places[row.start]) for row in rows]


def draw_open(data: st.DataObject, tree: Tree) -> dict[Group, bool]:
    groups = tree.groups()
    return data.draw(st.dictionaries(st.sampled_from(groups), st.booleans())) if groups else {}


@given(trees())
def test_what_belongs_to_a_group_stands_together(tree: Tree) -> None:
    for depth in range(1, len(tree.order.levels) + 1):
        runs = [group for group, _ in groupby(tree.places, lambda each: tree.group_of(each, depth))]  # noqa: B023
        assert len(runs) == len(set(runs))


@given(trees())
def test_an_order_is_that_of_its_keys(tree: Tree) -> None:
    keys = [tree.order.key(each, tree.ranks) for each in tree.places]
    assert keys == sorted(keys)


@given(trees())
def test_newer_days_come_first_where_the_source_does_not(tree: Tree) -> None:
    if tree.order in (BY_DAY, BY_DATE):
        days = [day_of(each) for each in tree.places]
        exact = [day for day in days if day[2] or not day[0]]
        assert exact == sorted(exact, reverse=True)
    if tree.order == BY_MONTH:
        months = [month_of(each) for each in tree.places]
        assert [month for month in months if month[1]] == sorted((month for month in months if month[1]), reverse=True)
        for _, run in groupby(tree.places, month_of):
            ranks = [tree.ranks[source_of(each)] for each in run]
            assert ranks == sorted(ranks)


@given(trees(), st.data())
def test_rows_are_those_of_a_tree_built_release_by_release(tree: Tree, data: st.DataObject) -> None:
    is_open = draw_open(data, tree)
    assert shown_rows(tree.outline(Folds(groups=is_open))) == naive_rows(tree, is_open)


@given(trees(), st.data())
def test_revealing_a_release_gives_it_a_row_of_its_own(tree: Tree, data: st.DataObject) -> None:
    if not tree.places:
        return
    outline = tree.outline(Folds(everything=False))
    index = data.draw(st.integers(0, len(tree.places) - 1))
    if tree.order.levels:
        assert outline.row_at(outline.row_of(index)).place is None
    outline.reveal(index)
    assert outline.row_at(outline.row_of(index)).place == tree.places[index]


@given(trees())
def test_every_place_is_found_at_its_index(tree: Tree) -> None:
    outline = tree.outline()
    assert [outline.nearest(each) for each in tree.places] == list(range(len(tree.places)))


@given(trees(), releases)
def test_a_release_that_is_left_out_gives_way_to_the_next(tree: Tree, gone: int) -> None:
    keys = [tree.order.key(each, tree.ranks) for each in tree.places]
    after = [index for index, key in enumerate(keys) if key >= tree.order.key(gone, tree.ranks)]
    expected = after[0] if after else len(keys) - 1 if keys else None
    assert tree.outline().nearest(gone) == expected


@given(trees(), st.data())
def test_groups_follow_each_other_in_both_directions(tree: Tree, data: st.DataObject) -> None:
    outline = tree.outline(Folds(groups=draw_open(data, tree)))
    rows = range(outline.row_count)
    heads = [row for row in rows if outline.row_at(row).level is not Level.RELEASE]
    for row in rows:
        assert outline.next_group(row) == next((head for head in heads if head > row), None)
        assert outline.previous_group(row) == next((head for head in reversed(heads) if head < row), None)
        around = outline.row_around(row)
        here = outline.row_at(row)
        if around is None:
            assert len(here.group) == (1 if here.place is None else 0)
        else:
            holder = outline.row_at(around)
            assert holder.start <= here.start < here.end <= holder.end
            assert around < row
            assert holder.group == here.group[: len(holder.group)]
    for head in heads:
        assert outline.row_of_group(outline.row_at(head).group) == head


@given(trees(), st.data())
def test_unread_is_counted_and_found_as_by_hand(tree: Tree, data: st.DataObject) -> None:
    read = data.draw(st.sets(st.sampled_from(tree.places))) if tree.places else set()
    marked = PlaceSet(read | {place(source, 5, 60) for source in range(1, 5)})
    outline = Outline(
        tree.places, tree.ranks, Folds(), order=tree.order, tally=Tally(tree.places, PlaceSet().snapshot())
    )
    for number in range(outline.row_count):
        row = outline.row_at(number)
        assert outline.unread_count(row, marked) == len(set(tree.places[row.start : row.end]) - set(marked_of(marked)))
    unread = [at for at, each in enumerate(tree.places) if each not in marked]
    assert outline.unread_total(marked) == len(unread)
    for index in range(len(tree.places)):
        assert outline.next_unread(index, marked) == next((at for at in unread if at >= index), None)


def marked_of(marked: PlaceSet) -> array[int]:
    return marked.snapshot().places


@given(
    st.sets(st.integers(0, 99), max_size=60),
    st.lists(st.tuples(st.lists(st.integers(0, 99), max_size=12), st.booleans(), st.booleans()), max_size=30),
)
def test_a_tally_follows_every_change(places: set[int], changes: list[tuple[list[int], bool, bool]]) -> None:
    shown, marked = sorted(places), PlaceSet(range(0, 100, 3))
    tally = Tally(shown, marked.snapshot())
    for chosen, is_set, is_looked_at in changes:
        marked.set(chosen, is_set)
        if is_looked_at:
            tally.follow(marked, lambda each: shown.index(each) if each in places else None)
            for start in range(0, len(shown), 7):
                assert tally.count(start, len(shown)) == sum(each in marked for each in shown[start:])


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


@pytest.mark.parametrize("order", [BY_SOURCE, BY_MONTH])
def test_a_large_tree_opens_with_its_first_group_and_the_first_in_it_only(order: Order) -> None:
    by_source = [place(source, day, 0) for source in (1, 2, 3) for day in range(500, -1, -1)]
    assert len(by_source) > ALL_OPEN_LIMIT
    outline = Outline(order.arrange(by_source), {1: 0, 2: 1, 3: 2}, Folds(), order=order)
    rows = [outline.row_at(row) for row in range(outline.row_count)]
    for level in order.levels:
        is_open = [row.is_open for row in rows if row.level is level]
        assert is_open == [True] + [False] * (len(is_open) - 1)
        assert len({VALUES[level](row.place) for row in rows if row.place is not None}) == 1


@pytest.mark.parametrize("order", EXACT)
def test_laying_out_a_million_releases_looks_at_few_of_them(order: Order) -> None:
    class Watched(array):  # type: ignore[type-arg]
        looks = 0

        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            Watched.looks += 1
            return super().__getitem__(index)

    first = place(1, 0, 0)
    places = Watched("q", range(first, first + 1_000_000))
    outline = Outline(places, {source_of(first): 0}, Folds(), order=order)
    outline.row_at(outline.row_count - 1)
    assert Watched.looks < 2_000


def test_the_cursor_waits_for_what_a_partial_result_does_not_hold_yet() -> None:
    places = array("q", [place(1, 1, 0), place(1, 0, 0)])
    folds = Folds(everything=False)
    partial = Tree(places, {1: 0, 2: 1}, BY_SOURCE).outline(folds, is_partial=True)
    assert Anchor(place(2, 0, 0)).row_in(partial) == 0
    assert not folds.groups
    assert Anchor(places[1]).row_in(partial) == 2


def test_a_source_of_one_month_has_no_row_for_it() -> None:
    places = array("q", [place(1, 1, 0), place(1, 0, 0)])
    outline = Tree(places, {1: 0}, BY_SOURCE).outline()
    assert [row for row, _ in shown_rows(outline)] == [Level.SOURCE, Level.RELEASE, Level.RELEASE]
    assert outline.row_at(0).only == (Level.MONTH, (2022, 11))
    assert outline.row_at(1).group == ((Level.SOURCE, 1),)


@pytest.mark.parametrize("width", range(16, 90))
def test_a_month_of_one_source_is_named_in_every_width_and_its_source_as_far_as_there_is_room(width: int) -> None:
    row = Row(((Level.MONTH, (2024, 10)),), 0, 1, is_open=True, only=(Level.SOURCE, 1))
    painter = RowPainter(lambda *names: Style(), Signs(), width)
    text = painter.paint_group(row, {1: "Interpol (news and events)"}, 1, 11, ()).text
    assert cell_width(Clean(text)) == width
    assert "Oct 2024" in text or "October 2024" in text
    assert ("Interpol" in text) == (width >= 26)
    assert text.rstrip().endswith("1/11")


def test_a_ranked_list_keeps_the_order_of_the_ranking() -> None:
    places = array("q", [place(2, 1, 0), place(1, 9, 0), place(1, 1, 0)])
    outline = Tree(places, {1: 0, 2: 1}, BY_RELEVANCE).outline()
    assert [each for _, each in shown_rows(outline)] == list(places)
    assert [outline.index_of(each) for each in places] == [0, 1, 2]
    assert outline.index_of(place(3, 1, 0)) is None
    assert outline.nearest(place(3, 1, 0)) == 0


def test_one_key_turns_through_all_orders_and_offers_a_ranking_only_where_there_is_one() -> None:
    for can_rank in (True, False):
        order, seen = BY_SOURCE, [BY_SOURCE]
        while (order := next_order(order, can_rank=can_rank)) != BY_SOURCE:
            seen.append(order)
        assert seen == (list(ORDERS) if can_rank else EXACT)
    assert [find_order(order.id) for order in ORDERS] == list(ORDERS)
    assert find_order("no such order") == find_order(None) == BY_SOURCE
