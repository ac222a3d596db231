from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.events import Resize
from textual.geometry import Region

from newsreader.marks import Marks
from newsreader.ui.arrangement import LIMITS, SPLITS, TITLES, Arrangement, arrange, next_choice, next_split
from newsreader.ui.panes import Panes
from tests.conftest import NOW
from tests.ui_kit import Reader, digest, open_reader


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((80, 24), Arrangement.BESIDE),
        ((120, 36), Arrangement.BESIDE),
        ((140, 40), Arrangement.BESIDE),
        ((100, 60), Arrangement.BESIDE),
        ((80, 44), Arrangement.ABOVE),
        ((62, 40), Arrangement.ABOVE),
        ((62, 12), Arrangement.BESIDE),
        ((59, 40), Arrangement.SINGLE),
        ((50, 40), Arrangement.SINGLE),
        ((20, 5), Arrangement.SINGLE),
    ],
)
def test_by_itself_the_layout_suits_the_terminal(size: tuple[int, int], expected: Arrangement) -> None:
    assert arrange("", *size) is expected


def test_a_choice_gives_way_only_where_there_is_no_room() -> None:
    for choice in Arrangement:
        assert arrange(choice, 120, 40) is choice
        assert arrange(choice, 80, 24) is choice
        assert arrange(choice, 59, 40) is Arrangement.SINGLE
    assert arrange(Arrangement.ABOVE, 80, 10) is Arrangement.BESIDE
    choices = [""]
    while after := next_choice(choices[-1]):
        choices.append(after)
    assert choices == list(TITLES)


@given(st.sampled_from(list(LIMITS)), st.integers(2, 400), st.none() | st.integers(1, 999))
@example(Arrangement.BESIDE, 55, 455)
def test_both_panes_have_room_whatever_the_split(arrangement: Arrangement, room: int, split: int | None) -> None:
    limits = LIMITS[arrangement]
    cells = limits.cells(room, split)
    assert 0 < cells < room
    if room > limits.least + limits.least_page:
        assert cells >= limits.least
        assert room - 1 - cells >= limits.least_page


@given(st.integers(1, 999))
def test_a_key_moves_the_split_by_steps_to_its_ends(split: int) -> None:
    for step, end in ((1, SPLITS[-1]), (-1, SPLITS[0])):
        seen = split
        for _ in range(20):
            after = next_split(seen, step)
            assert (after - seen) * step > 0 or after == end
            seen = after
        assert seen == end


def columns(reader: Reader) -> tuple[int, int]:
    """How wide tree and page are."""
    return reader.screen.release_tree.region.width, reader.screen.page.region.width


async def test_one_key_turns_the_layout_and_page_and_cursor_stay() -> None:
    marks = Marks(None, clock=lambda: NOW)
    async with open_reader(marks=marks, size=(120, 36)) as reader:
        await reader.press("n", "n")
        title = reader.shown_title
        tree, page = reader.screen.release_tree, reader.screen.page
        await reader.press("L")
        assert tree.region.x < page.region.x
        await reader.press("L")
        assert tree.region.y < page.region.y
        assert tree.region.width == 120
        assert reader.screen.status.message == "The tree stands above the page."
        assert reader.shown_title == reader.cursor_title == title
    async with open_reader(marks=marks, size=(120, 36)) as reader:
        assert reader.screen.release_tree.region.y < reader.screen.page.region.y
        await reader.press("L")
        assert columns(reader) == (120, 0)
        await reader.press("w")
        assert columns(reader) == (0, 120)
        await reader.press("L")
        assert min(columns(reader)) > 0


@pytest.mark.parametrize(("size", "axis"), [((120, 36), "width"), ((80, 44), "height")])
async def test_keys_move_the_split_which_is_remembered(size: tuple[int, int], axis: str) -> None:
    marks = Marks(None, clock=lambda: NOW)
    async with open_reader(marks=marks, size=size) as reader:
        before = getattr(reader.screen.release_tree.region, axis)
        await reader.press("right_curly_bracket", "right_curly_bracket")
        after = getattr(reader.screen.release_tree.region, axis)
        assert after > before
    async with open_reader(marks=marks, size=size) as reader:
        assert getattr(reader.screen.release_tree.region, axis) == after
        for _ in range(20):
            await reader.press("left_curly_bracket")
        assert 0 < getattr(reader.screen.release_tree.region, axis) < before


@pytest.mark.parametrize("size", [(120, 36), (80, 44)])
async def test_the_mouse_drags_the_split_which_is_remembered(size: tuple[int, int]) -> None:
    marks = Marks(None, clock=lambda: NOW)
    async with open_reader(marks=marks, size=size) as reader:
        divider = reader.screen.query_one("#divider")
        x, y = divider.region.x, divider.region.y
        to = (x, y + 7) if divider.region.width > 1 else (x + 11, y + 3)
        await reader.pilot.mouse_down("#divider")
        await reader.pilot.hover(offset=to)
        await reader.pilot.mouse_up(offset=to)
        await reader.settle()
        region = divider.region
        assert (region.y if region.width > 1 else region.x) == (to[1] if region.width > 1 else to[0])
    async with open_reader(marks=marks, size=size) as reader:
        assert reader.screen.query_one("#divider").region == region


@pytest.mark.parametrize("size", [(50, 40), (80, 24), (80, 44)])
async def test_the_first_frame_has_the_layout_of_all_that_follow(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    first: list[list[Region]] = []
    lay_out = Panes.on_resize

    def note(panes: Panes, event: Resize) -> None:
        if event.size and not first:
            first.append([child.region for child in panes.children])
        lay_out(panes, event)

    monkeypatch.setattr(Panes, "on_resize", note)
    async with open_reader(size=size) as reader:
        assert first == [[child.region for child in reader.screen.panes.children]]


async def test_a_layout_without_room_and_a_line_that_is_not_there_are_told() -> None:
    async with open_reader(size=(50, 30)) as reader:
        await reader.press("L")
        later = "The tree stands left of the page, as soon as the terminal has room for that."
        assert reader.screen.status.message == later
        await reader.press("right_curly_bracket")
        assert reader.screen.status.message == "Only one pane is on the screen; there is no line to move."


async def test_where_the_page_is_not_to_be_seen_the_whole_title_stands_below_the_tree() -> None:
    async with open_reader(size=(50, 40)) as reader:
        await reader.press("J", "J", "n", "n")
        title = reader.shown_title
        text = " ".join(" ".join(reader.lines()[-4:-1]).split())
        assert title in text
        assert len(title) > 43
        await reader.press("enter")
        assert not reader.screen.query_one("#whole-title").region.height


async def test_through_any_change_of_size_cursor_and_page_stay() -> None:
    async with open_reader(size=(120, 36)) as reader:
        await reader.press("n", "n", "l", "j", "j", "j", "j", "j", "j", "j", "j")
        title = reader.shown_title
        words = reader.lines()[3].rpartition("▏")[2].split()[:3]
        for size in ((50, 40), (80, 44), (20, 10), (140, 40), (120, 36)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            assert reader.shown_title == reader.cursor_title == title
        assert reader.lines()[3].rpartition("▏")[2].split()[:3] == words


async def test_the_mouse_shows_the_whole_of_what_has_no_room_in_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    title = "A title [b] that is much too long for the width of the tree [/]"
    path.write_text(digest((title, "Zed", "It is 2 October 2024."), ("Short", "Zed", "It is 1 October 2024.")))
    async with open_reader(path) as reader:
        tree = reader.screen.release_tree
        shown = []
        for row in range(tree.row_count + 1):
            await reader.pilot.hover("#tree", offset=(5, row))
            shown.append(str(tree.tooltip or ""))
        assert shown == ["", title, "", ""]
