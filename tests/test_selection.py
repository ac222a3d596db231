from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from newsreader.models import Mark
from newsreader.places import SOURCE_SHIFT
from newsreader.ui.outline import Folds, Outline
from newsreader.ui.selection import MOST_FOLLOWED, Selection
from tests.test_ui_reading import FIRST, SECOND
from tests.ui_kit import open_reader

READ, STARRED = Mark.READ, Mark.STARRED


def outline_of(*counts: int, is_partial: bool = False) -> Outline:
    """Sources with so many releases each."""
    places = [source << SOURCE_SHIFT | number for source, count in enumerate(counts) for number in range(count)]
    return Outline(array("q", places), dict(enumerate(range(len(counts)))), Folds(), is_partial=is_partial)


def shown(selection: Selection, outline: Outline) -> list[int]:
    """The places of the releases whose rows show them as selected."""
    rows = map(outline.row_at, range(outline.row_count))
    return [row.place for row in rows if row.place is not None and selection.has(row)]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_a_range_holds_the_releases_between_its_ends_whichever_way_it_goes(
    counts: list[int], data: st.DataObject
) -> None:
    outline = outline_of(*counts)
    rows = st.integers(0, outline.row_count - 1)
    one, two = data.draw(rows), data.draw(rows)
    selection = Selection()
    selection.show(outline, outline.row_at(one))
    selection.begin_or_end_range(outline.row_at(one))
    selection.stretch(outline.row_at(two))
    between = [outline.row_at(row).place for row in range(min(one, two), max(one, two) + 1)]
    assert selection.places() == shown(selection, outline) == [place for place in between if place is not None]
    assert len(selection) == len(selection.places())
    selection.begin_or_end_range(outline.row_at(two))
    assert not selection.has_range
    assert selection.places() == shown(selection, outline) == [place for place in between if place is not None]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.lists(st.tuples(st.booleans(), st.integers(0, 99))))
def test_what_is_counted_is_what_is_shown(counts: list[int], acts: list[tuple[bool, int]]) -> None:
    outline = outline_of(*counts)
    selection = Selection()
    selection.show(outline, outline.row_at(0))
    for is_range, number in acts:
        row = outline.row_at(number % outline.row_count)
        selection.stretch(row)
        selection.begin_or_end_range(row) if is_range else selection.toggle(row)
        assert len(selection) == len(selection.places()) == len(shown(selection, outline))
        assert selection.hidden_count == len(selection.chosen.difference(outline.places))
        for group in (row for row in map(outline.row_at, range(outline.row_count)) if row.place is None):
            own = set(outline.places[group.start : group.end])
            assert selection.has(group) == own.issubset(selection.places())


def test_a_folded_group_that_a_range_passes_over_is_in_it() -> None:
    outline = outline_of(3, 2)
    outline.set_all(False)
    selection = Selection()
    selection.show(outline, outline.row_at(0))
    selection.begin_or_end_range(outline.row_at(0))
    assert len(selection) == 3
    selection.stretch(outline.row_at(1))
    assert len(selection) == 5


def test_what_a_filter_hides_stays_selected_and_is_said() -> None:
    selection = Selection()
    selection.show(outline_of(3, 2), None)
    selection.toggle_all()
    assert selection.describe() == "5 selected"
    selection.show(outline_of(3), None)
    assert selection.describe() == "5 selected, 2 not shown"
    assert len(selection.places()) == 5
    selection.toggle_all()
    assert selection.describe() == "2 selected, 2 not shown"


def test_a_release_that_is_only_kept_open_is_not_among_all() -> None:
    whole = outline_of(3)
    selection = Selection()
    selection.show(Outline(whole.places, {0: 0}, Folds(), kept=whole.places[1]), None)
    selection.toggle_all()
    assert selection.places() == [whole.places[0], whole.places[2]]
    selection.toggle_all()
    assert not selection


@given(st.lists(st.tuples(st.sampled_from("xAvs"), st.integers(0, 99)), max_size=12))
def test_how_much_is_hidden_is_known_through_all_that_can_be_done(acts: list[tuple[str, int]]) -> None:
    outlines = [outline_of(3, 2), outline_of(3), outline_of(1), outline_of(3, 2, 1)]
    outline = outlines[0]
    selection = Selection()
    selection.show(outline, outline.row_at(0))
    for act, number in acts:
        row = outline.row_at(number % outline.row_count)
        if act == "x":
            selection.toggle(row)
        elif act == "A":
            selection.toggle_all()
        elif act == "v":
            selection.begin_or_end_range(row)
        else:
            outline = outlines[number % len(outlines)]
            selection.show(outline, outline.row_at(0))
        assert selection.hidden_count == len(selection.chosen.difference(outline.places))
        assert len(selection) == len(selection.places())


def test_all_means_all_also_when_not_all_is_found_yet() -> None:
    selection = Selection()
    selection.show(outline_of(1, is_partial=True), None)
    selection.toggle_all()
    assert selection.describe() == "selecting …"
    selection.show(outline_of(3, 2), None)
    assert selection.describe() == "5 selected"


def test_in_a_library_that_changes_the_selection_stays_with_its_releases() -> None:
    outline = outline_of(3)
    selection = Selection()
    selection.show(outline, None)
    selection.toggle(outline.row_at(1))
    selection.toggle(outline.row_at(2))
    selection.learn_ids(lambda places: [f"id{place}" for place in places])
    assert selection.follow({"id0": 7, "id1": None}.get)
    assert selection.chosen == {7}
    assert selection.follow({"id0": 8}.get)
    assert selection.chosen == {8}


def test_too_much_to_be_followed_is_let_go() -> None:
    selection = Selection()
    selection.show(outline_of(MOST_FOLLOWED + 1), None)
    selection.toggle_all()
    selection.learn_ids(lambda places: map(str, places))
    assert not selection.follow(int)
    assert not selection


def test_a_range_goes_on_in_a_newer_outline_and_keeps_what_that_does_not_show() -> None:
    selection = Selection()
    old = outline_of(4, 2)
    selection.show(old, old.row_at(2))
    selection.begin_or_end_range(old.row_at(1))
    selection.stretch(old.row_at(4))
    assert selection.places() == list(old.places[:4])
    fewer = Outline(array("q", [*old.places[:2], *old.places[3:]]), {0: 0, 1: 1}, Folds())
    selection.show(fewer, fewer.row_at(3))
    assert selection.has_range
    assert sorted(selection.places()) == list(old.places[:4])
    assert selection.describe() == "4 selected, 1 not shown"
    selection.stretch(fewer.row_at(2))
    assert sorted(selection.places()) == list(old.places[:3])
    none = outline_of(1)
    selection.show(Outline(none.places[1:], {0: 0}, Folds()), None)
    assert not selection.has_range
    assert sorted(selection.places()) == list(old.places[:3])


async def test_in_another_grouping_the_same_releases_are_selected() -> None:
    async with open_reader() as reader:
        await reader.press("v", "j", "j")
        selection = reader.screen.release_tree.selection
        before = sorted(selection.places())
        for _ in range(5):
            await reader.press("t")
            assert sorted(selection.places()) == before
            assert sum("✓" in line for line in reader.lines()) >= 1
        await reader.press("G")
        assert sorted(selection.places()) == before


async def test_enter_picks_all_that_is_selected() -> None:
    async with open_reader(is_picking=True) as reader:
        await reader.press("x", "x", "enter")
        assert len(reader.screen.printed) == 2


async def test_a_range_is_marked_whole_and_then_let_go() -> None:
    async with open_reader() as reader:
        await reader.press("v", "j", "j")
        assert reader.lines()[-1].startswith(" 2 selected ")
        assert sum("✓Eurojust" in line for line in reader.lines()) == 2
        assert sum(line[:32].rstrip().endswith("✓") for line in reader.lines()) == 1  # the month of the first
        await reader.press("s")
        assert reader.marks_of(FIRST) == reader.marks_of(SECOND) == {STARRED}
        assert reader.screen.status.message == "2 releases are starred now."
        assert not reader.screen.release_tree.selection
        assert not any("✓" in line for line in reader.lines())
        await reader.press("U")
        assert reader.screen.status.message == "Taken back: 2 releases starred."


async def test_single_releases_are_selected_and_let_go() -> None:
    async with open_reader() as reader:
        await reader.press("x", "x", "k", "x", "r")
        assert reader.marks_of(FIRST) == {READ}
        assert reader.marks_of(SECOND) == set()


async def test_all_above_or_below_is_a_range_to_an_end() -> None:
    async with open_reader() as reader:
        await reader.press("v", "G", "r")
        assert reader.filter_result == "0 unread of 49"
        await reader.press("U", "j", "j", "v", "g")
        assert len(reader.screen.release_tree.selection) == 49


async def test_all_that_the_filter_shows_is_selected_and_nothing_else() -> None:
    async with open_reader(filter="source:eurojust") as reader:
        await reader.press("A", "r", "escape")
        assert reader.filter_result == "46 unread of 49"
        await reader.press("A", "A")
        assert not reader.screen.release_tree.selection


async def test_escape_lets_the_selection_go_before_the_filter() -> None:
    async with open_reader(filter="source:eurojust") as reader:
        await reader.press("A", "escape")
        assert not reader.screen.release_tree.selection
        assert reader.screen.filter_bar.text == "source:eurojust"


async def test_a_selection_stays_through_filters() -> None:
    async with open_reader() as reader:
        await reader.press("x")
        await reader.filter("source:nato")
        await reader.press("enter", "x")
        assert reader.lines()[-1].startswith(" 2 selected, 1 not shown ")
        await reader.press("s")
        assert reader.marks_of(FIRST) == {STARRED}
        assert len(reader.screen.marking.starred) == 2


async def test_on_the_page_commands_are_for_the_release_that_is_read() -> None:
    async with open_reader() as reader:
        await reader.press("v", "G", "enter")
        assert "selected" not in reader.lines()[-1]
        title = reader.shown_title
        await reader.press("s")
        assert len(reader.screen.marking.starred) == 1
        assert reader.marks_of(title) == {STARRED}


async def test_the_selection_is_copied_as_show_prints_it() -> None:
    async with open_reader() as reader:
        await reader.press("x", "x", "y")
        assert reader.screen.status.message == "Copied the text of 2 releases."
        assert reader.app.clipboard.index(FIRST) < reader.app.clipboard.index(SECOND)


async def test_the_selection_is_piped_and_printed() -> None:
    async with open_reader() as reader:
        await reader.press("x", "x", "vertical_line")
        await reader.type("grep -c ^Eurojust")
        await reader.press("enter")
        assert any("Pipe 2 releases to a command" in line for line in reader.lines())
        await reader.press("escape", "P")
        assert len(reader.screen.printed) == 2
