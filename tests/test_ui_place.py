from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.marks import Marks
from newsreader.models import Mark
from newsreader.query import All
from newsreader.ui.memory import Left, parse_left
from newsreader.ui.trail import LONGEST, Trail
from tests.conftest import NOW
from tests.ui_kit import Reader, digest, open_reader, wait_until


@pytest.fixture
def marks() -> Marks:
    return Marks(None, clock=lambda: NOW)


def write_some(folder: Path) -> Path:
    path = folder / "a.txt"
    path.write_text(digest(*((f"Title {number}", "Zed", f"It is {number} October 2024.") for number in range(1, 6))))
    return path


async def test_the_next_start_opens_where_the_reader_left(marks: Marks) -> None:
    async with open_reader(marks=marks) as reader:
        await reader.filter("nato")
        await reader.press("enter", "n", "n", "t", "t")
        title, titles = reader.shown_title, reader.titles
    async with open_reader(marks=marks) as reader:
        assert reader.shown_title == reader.cursor_title == title
        assert reader.titles == titles
        assert "by day" in reader.lines()[-1] or "Esc takes it off" in reader.screen.status.message
        await reader.press("t")
        assert "by date" in reader.lines()[-1] or reader.screen.order.id == "date"


async def test_the_release_is_found_again_though_the_archive_is_made_anew(tmp_path: Path, marks: Marks) -> None:
    (tmp_path / "b.txt").write_text(digest(("Other", "Any", "It is 3 October 2024.")))
    path = write_some(tmp_path).parent
    async with open_reader(path, marks=marks) as reader:
        await reader.press("G", "k")
        assert reader.shown_title == "Title 2"
    for other in ("c.txt", "0.txt"):
        (tmp_path / other).write_text(digest(("More", "Aaa", "It is 5 October 2024."), (f"New {other}", "Zed", "New.")))
    async with open_reader(path, marks=marks, is_read_before=False) as reader:
        await wait_until(lambda: reader.shown_title == reader.cursor_title == "Title 2")
        assert len(reader.titles) == 9


async def test_leaving_before_the_archive_is_made_anew_does_not_lose_the_place(tmp_path: Path, marks: Marks) -> None:
    path = write_some(tmp_path)
    async with open_reader(path, marks=marks) as reader:
        await reader.press("j", "j")
        assert reader.shown_title == "Title 3"
    text = path.read_text()
    path.write_text("")
    async with open_reader(path, marks=marks):
        pass
    path.write_text(text)
    async with open_reader(path, marks=marks) as reader:
        assert reader.shown_title == reader.cursor_title == "Title 3"


async def test_who_reads_on_while_the_archive_is_made_anew_is_left_alone(tmp_path: Path, marks: Marks) -> None:
    path = write_some(tmp_path)
    async with open_reader(path, marks=marks) as reader:
        await reader.press("j", "j")
    text = path.read_text()
    path.write_text(text.replace("Title 3", "Title x"))
    async with open_reader(path, marks=marks) as reader:
        assert reader.shown_title == "Title 5"
        await reader.press("j")
        path.write_text(text)
        await reader.press("f5")
        assert reader.shown_title == reader.cursor_title == "Title 4"


async def test_a_filter_that_was_left_on_is_seen_and_escape_takes_it_off(marks: Marks) -> None:
    async with open_reader(marks=marks) as reader:
        await reader.filter("nato")
        await reader.press("enter")
    async with open_reader(marks=marks) as reader:
        assert "Esc takes it off" in reader.screen.status.message
        assert reader.screen.filter_bar.text == "nato*"
        assert reader.filter_result.endswith("of 49")
        title = reader.cursor_title
        await reader.press("escape")
        assert len(reader.titles) == 49
        assert reader.cursor_title == title


async def test_a_filter_that_was_given_up_is_not_remembered(marks: Marks) -> None:
    async with open_reader(marks=marks) as reader:
        await reader.filter("nato")
    assert parse_left(marks.recall(reader.screen.left_key) or "").filter == ""


async def test_a_filter_that_is_asked_for_wins_over_the_one_that_was_left_on(marks: Marks) -> None:
    async with open_reader(marks=marks, filter="source:nato") as reader:
        await reader.press("n", "n")
    async with open_reader(marks=marks, filter="source:europol") as reader:
        assert len(reader.titles) == 9
        assert reader.shown_title in reader.titles
        assert reader.screen.status.message == ""


async def test_each_library_is_found_as_it_was_left(tmp_path: Path, marks: Marks) -> None:
    write_some(tmp_path)
    async with open_reader(marks=marks) as reader:
        await reader.press("n", "n")
        title = reader.shown_title
    async with open_reader(tmp_path, marks=marks) as reader:
        assert reader.shown_title == "Title 5"
        await reader.press("n", "t")
    async with open_reader(marks=marks) as reader:
        assert reader.shown_title == title
        assert reader.screen.order.id == "source"
    async with open_reader(tmp_path, marks=marks) as reader:
        assert reader.shown_title == "Title 4"
        assert reader.screen.order.id == "month"


@pytest.mark.parametrize("kept", ["", "{", "[1]", "7", '{"release": 7, "filter": ["x"]}', '{"x": "y"}', "[" * 100_000])
def test_what_is_not_understood_of_the_last_time_is_passed_over(kept: str) -> None:
    assert parse_left(kept) == Left()
    assert parse_left(Left("1", "x", "day").dump()) == Left("1", "x", "day")


async def test_a_filter_that_is_wrong_by_now_is_left_off(marks: Marks) -> None:
    async with open_reader(marks=marks) as reader:
        key = reader.screen.left_key
    marks.remember(key, Left("", "sorce:x", "source").dump())
    async with open_reader(marks=marks) as reader:
        assert reader.screen.filter_bar.text == ""
        assert len(reader.titles) == 49


async def mark_outside(reader: Reader, title: str, is_set: bool = True) -> None:
    """Mark a release as read as another newsreader would."""
    headlines = reader.archive.headlines(reader.archive.places(All()))
    reader.marks.change([each.id for each in headlines if each.title == title], Mark.READ, is_set)
    await reader.screen.marking.poll()
    await reader.settle()


async def test_a_release_that_stops_matching_stays_until_the_cursor_leaves_it(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path), filter="is:unread") as reader:
        await reader.press("j")
        assert reader.cursor_title == "Title 4"
        await reader.press("r")
        assert reader.cursor_title == reader.shown_title == "Title 4"
        assert reader.titles == [f"Title {number}" for number in (5, 4, 3, 2, 1)]
        assert reader.filter_result == "4 of 5"
        assert any("4/4" in line for line in reader.lines())
        await reader.press("j")
        assert reader.cursor_title == reader.shown_title == "Title 3"
        assert reader.titles == [f"Title {number}" for number in (5, 3, 2, 1)]


async def test_what_is_taken_back_comes_back_to_its_place(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path), filter="is:unread") as reader:
        await reader.press("j", "r", "j", "U")
        assert reader.titles == [f"Title {number}" for number in (5, 4, 3, 2, 1)]
        assert reader.cursor_title == reader.shown_title == "Title 3"


async def test_what_others_read_leaves_the_unread_but_for_the_open_release(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path), filter="is:unread") as reader:
        await reader.press("j")
        await mark_outside(reader, "Title 4")
        await mark_outside(reader, "Title 2")
        assert reader.titles == ["Title 5", "Title 4", "Title 3", "Title 1"]
        assert reader.cursor_title == "Title 4"
        await reader.press("t", "t", "t")
        assert reader.titles == ["Title 5", "Title 4", "Title 3", "Title 1"]
        await mark_outside(reader, "Title 4", is_set=False)
        assert reader.filter_result == "4 of 5"


async def test_the_release_that_was_open_is_there_at_the_next_start_though_it_no_longer_matches(
    tmp_path: Path, marks: Marks
) -> None:
    path = write_some(tmp_path)
    async with open_reader(path, marks=marks) as reader:
        await reader.filter("is:unread")
        await reader.press("enter", "j", "r")
    async with open_reader(path, marks=marks) as reader:
        assert reader.cursor_title == reader.shown_title == "Title 4"
        await reader.press("n")
        assert reader.titles == ["Title 5", "Title 3", "Title 2", "Title 1"]


async def test_the_cursor_sticks_to_its_release_while_a_filter_is_typed_that_leaves_it_out(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path)) as reader:
        await reader.press("j")
        await reader.filter("2 October")
        assert reader.titles == ["Title 4", "Title 2"]
        assert reader.shown_title == reader.cursor_title == "Title 4"
        assert reader.filter_result == "1 of 5"
        await reader.type("3 October")
        assert reader.titles == ["Title 4", "Title 3"]
        assert reader.cursor_title == "Title 4"
        await reader.press("escape")
        assert reader.cursor_title == "Title 4"
        assert reader.titles == [f"Title {number}" for number in (5, 4, 3, 2, 1)]


@pytest.mark.parametrize(("query", "nearest"), [("2 October", "Title 2"), ("5 October", "Title 5")])
async def test_enter_leads_from_a_release_that_the_filter_leaves_out_to_the_nearest_that_it_finds(
    tmp_path: Path, query: str, nearest: str
) -> None:
    async with open_reader(write_some(tmp_path)) as reader:
        await reader.press("j")
        await reader.filter(query)
        await reader.press("enter")
        assert reader.shown_title == reader.cursor_title == nearest
        assert reader.titles == [nearest]


async def test_where_nothing_is_found_the_open_release_stays_above_the_next_step(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path)) as reader:
        await reader.press("j")
        await reader.filter("is:starred")
        assert reader.titles == ["Title 4"]
        assert any("Nothing is starred yet" in line for line in reader.lines())
        assert reader.filter_result == "0 of 5"
        await reader.press("enter")
        assert reader.shown_title == reader.cursor_title == "Title 4"


async def test_from_a_group_a_filter_keeps_nothing_that_it_leaves_out(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path)) as reader:
        await reader.press("g")
        assert reader.cursor_title == ""
        await reader.filter("2 October")
        assert reader.titles == ["Title 2"]


async def test_back_and_forward_go_over_what_was_read(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path)) as reader:
        await reader.press("n", "n", "j")
        assert reader.shown_title == "Title 2"
        back, forward = [], []
        for _ in range(3):
            await reader.press("alt+left")
            back.append(reader.shown_title)
        assert reader.screen.status.message == "Nothing was read before this."
        for _ in range(3):
            await reader.press("alt+right")
            assert reader.cursor_title == reader.shown_title
            forward.append(reader.shown_title)
        assert (back, forward) == (["Title 4", "Title 5", "Title 5"], ["Title 4", "Title 2", "Title 2"])
        assert reader.screen.status.message == "Nothing was read after this."


async def test_going_back_shows_what_the_filter_leaves_out_until_the_cursor_leaves_it(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path), filter="is:unread") as reader:
        await reader.press("n", "n", "l")
        assert reader.titles == ["Title 3", "Title 2", "Title 1"]
        await reader.press("alt+left")
        assert reader.shown_title == reader.cursor_title == "Title 4"
        assert reader.titles == ["Title 4", "Title 3", "Title 2", "Title 1"]
        assert reader.screen.page.has_focus
        assert reader.filter_result == "3 of 5"
        await reader.press("n")
        assert reader.shown_title == reader.cursor_title == "Title 3"
        assert reader.titles == ["Title 3", "Title 2", "Title 1"]


async def test_what_is_no_longer_there_is_passed_over_on_the_way_back(tmp_path: Path) -> None:
    path = write_some(tmp_path)
    async with open_reader(path) as reader:
        await reader.press("n", "n")
        path.write_text(path.read_text().replace("Title 4", "Title x"))
        await reader.press("f5", "alt+left")
        assert reader.shown_title == "Title 5"


async def test_at_either_end_of_what_the_filter_shows_that_is_said(tmp_path: Path) -> None:
    async with open_reader(write_some(tmp_path), filter="title:(2 OR 4)") as reader:
        await reader.press("n", "n")
        assert reader.screen.status.message == "This is the last release that the filter shows."
        await reader.press("p", "p")
        assert reader.screen.status.message == "This is the first release that the filter shows."
        await reader.press("escape", "G", "n")
        assert reader.screen.status.message == "This is the last release."


@given(st.lists(st.sampled_from(["a", "b", "c", "<", ">"]), max_size=40))
def test_a_trail_is_walked_like_that_of_a_browser(moves: list[str]) -> None:
    trail = Trail()
    behind: list[str] = []
    ahead: list[str] = []
    for move in moves:
        if move == "<":
            expected = behind[-2] if len(behind) > 1 else None
            assert trail.step(-1) == expected
            if expected:
                ahead.append(behind.pop())
        elif move == ">":
            expected = ahead[-1] if ahead else None
            assert trail.step(1) == expected
            if expected:
                behind.append(ahead.pop())
        elif behind[-1:] != [move]:
            trail.visit(move)
            behind.append(move)
            if ahead[-1:] == [move]:
                ahead.pop()
            else:
                ahead.clear()


def test_a_trail_does_not_grow_without_end() -> None:
    trail = Trail()
    for number in range(3000):
        trail.visit(str(number))
    steps = 0
    while trail.step(-1):
        steps += 1
    assert steps == LONGEST - 1


async def test_settings_are_written_beside_the_screen(marks: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []
    keep = Marks.remember

    def remember(self: Marks, key: str, value: str) -> None:
        threads.append(threading.current_thread())
        keep(self, key, value)

    monkeypatch.setattr(Marks, "remember", remember)
    async with open_reader(marks=marks) as reader:
        await reader.press("e", "e", "e")
        assert marks.recall("folding") == reader.screen.recall("folding") == "yes"
    assert threads
    assert threading.main_thread() not in threads
