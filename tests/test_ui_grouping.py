from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.places import month_of, source_of
from newsreader.text import cell_width, clean_line
from newsreader.ui.order import ORDERS
from newsreader.ui.tree_rows import short_source
from tests.ui_kit import Reader, digest, open_reader


def state(reader: Reader) -> str:
    """What the last line says at its right end."""
    return reader.lines()[-1].rpartition("  ")[2].removeprefix("t ")


async def test_one_key_turns_the_grouping_and_the_cursor_stays_on_its_release() -> None:
    async with open_reader(size=(120, 36)) as reader:
        await reader.press(*"nnnnnnnnnn")
        title, seen = reader.cursor_title, [state(reader)]
        for _ in range(4):
            await reader.press("t")
            assert reader.cursor_title == reader.shown_title == title
            assert len(reader.titles) == 49
            seen.append(state(reader))
        assert seen == ["by source", "by month", "by day", "by date", "by source"]


async def test_the_page_stays_on_its_line_when_the_grouping_turns() -> None:
    async with open_reader() as reader:
        await reader.press("n", "l", "j", "j", "j", "t")
        assert reader.screen.page.scroll_offset.y == 3
        assert reader.screen.page.has_focus


async def test_from_a_group_the_cursor_goes_to_the_open_release() -> None:
    async with open_reader() as reader:
        await reader.press("J", "J")
        assert reader.cursor_title == ""
        await reader.press("t")
        assert reader.cursor_title == reader.shown_title != ""


async def test_by_month_the_newest_month_comes_first_and_its_sources_go_from_a_to_z() -> None:
    async with open_reader() as reader:
        await reader.press("t")
        outline = reader.screen.release_tree.outline
        assert outline is not None
        months = [month_of(place) for place in outline.places]
        assert months == sorted(months, reverse=True)
        names = reader.archive.sources()
        first = [names[source_of(place)] for place in outline.places if month_of(place) == months[0]]
        assert first == sorted(first)
        assert len(set(first)) > 1


async def test_relevance_is_offered_only_while_a_filter_has_words() -> None:
    async with open_reader(filter="source:nato", size=(120, 36)) as reader:
        await reader.press("t", "t", "t", "t")
        assert state(reader) == "by source"
        await reader.filter("cyber")
        await reader.press("enter", "t", "t", "t", "t")
        assert state(reader) == "by relevance"
        best = reader.titles
        assert best == [found.title for found in reader.archive.find(reader.screen._query, sort="relevance")]  # type: ignore[arg-type]
        await reader.press("escape")
        assert state(reader) == "by date"
        assert len(reader.titles) == 49


async def test_under_a_filter_groups_tell_how_many_are_unread_and_how_many_match() -> None:
    async with open_reader(filter="source:eurojust") as reader:
        await reader.press("r")
        assert any("Eurojust" in line and " 2/3 " in line for line in reader.lines())
        await reader.press("r", "escape")
        assert any("Eurojust" in line and " 2 " in line for line in reader.lines())


async def test_next_and_previous_walk_across_the_groups_of_every_order() -> None:
    async with open_reader() as reader:
        for _ in ORDERS:
            await reader.press("g", "n")
            walked = [reader.shown_title]
            for _ in range(6):
                await reader.press("n")
                walked.append(reader.shown_title)
            start = reader.titles.index(walked[0])
            assert walked == reader.titles[start : start + 7]
            await reader.press("t")


async def test_a_group_is_marked_whole_in_every_order() -> None:
    async with open_reader() as reader:
        await reader.press("t", "g", "r")
        read = {month_of(place) for place in reader.screen.marking.read.snapshot().places}
        assert read == {(2024, 10)}
        assert "unread" in reader.screen.status.message or "read now" in reader.screen.status.message


@pytest.mark.parametrize(
    ("size", "row"),
    [
        ((40, 12), "2024-10-01 Eurojust and Co… Eurojust"),
        ((80, 24), "2024-10-01 Eurojust and Cou… ▏"),
        ((140, 40), "2024-10-01 Eurojust and Council of .*… +Eurojust "),
    ],
)
async def test_a_list_by_date_shows_whole_dates_and_each_source_where_titles_leave_room(
    size: tuple[int, int], row: str
) -> None:
    async with open_reader(size=size, filter="source:eurojust") as reader:
        await reader.press("t", "t", "t")
        assert any(re.search(row, line) for line in reader.lines()), reader.lines()


async def test_lists_by_day_and_by_relevance_show_each_source_too() -> None:
    async with open_reader(size=(100, 30), filter="cyber") as reader:
        await reader.press("t", "t")
        assert reader.screen.order.id == "day"
        assert any(re.search(" (Europol|Interpol|Eurojust|NATO) *[▁-█]? *▏", line) for line in reader.lines())
        await reader.press("t", "t")
        assert reader.screen.order.id == "relevance"
        assert any(re.search(" (Europol|Interpol|Eurojust|NATO) *[▁-█]? *▏", line) for line in reader.lines())


async def test_a_tree_too_narrow_for_it_shows_no_source() -> None:
    async with open_reader(filter="source:eurojust") as reader:
        reader.screen.panes.set_split(200)
        await reader.press("t", "t", "t")
        assert any("2024-10-01 Eur" in line for line in reader.lines())
        assert not any(re.search("  Euro[a-z]* *▏", line) for line in reader.lines())


@given(st.text("aé漢\u0301…( ", max_size=30), st.integers(5, 20))
def test_a_short_source_fills_no_more_than_its_cells_and_is_cut_only_where_it_must_be(name: str, cells: int) -> None:
    whole = clean_line(name).strip() or "No source"
    shown = short_source(name, cells)
    assert whole.startswith(shown)
    assert cell_width(shown) <= cells
    assert shown == whole or cell_width(whole) > cells


async def test_new_releases_take_their_place_in_the_order_in_force(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(digest(("Beta", "Zed", "It is 2 October 2024."), ("Gamma", "Zed", "No date.")))
    async with open_reader(tmp_path) as reader:
        await reader.press("t", "t", "t")
        (tmp_path / "b.txt").write_text(digest(("Alpha", "Any", "WARSAW, 3 October 2024 – It rained.")))
        await reader.press("f5")
        assert reader.titles[0] == "Alpha"
        assert reader.cursor_title == reader.shown_title
