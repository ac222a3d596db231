from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from textual.events import Key

from newsreader.config import Config
from newsreader.loader import Library, refresh
from newsreader.models import Mark
from newsreader.ui.order import Level
from tests.ui_kit import Reader, digest, open_reader

READ, STARRED = Mark.READ, Mark.STARRED
FIRST = "Eurojust and Council of Europe co-host workshop on spontaneous information sharing"
SECOND = "Eurojust supports major operation against Albanian drug-trafficking ring in Italy: 66 arrests"


async def test_the_reader_opens_on_the_first_release() -> None:
    async with open_reader() as reader:
        assert reader.shown_title == reader.cursor_title == FIRST
        assert reader.filter_result == "49 unread of 49"
        assert reader.screen.release_tree.has_focus


async def test_rows_are_seen_on_either_side_of_the_cursor_until_there_are_no_more() -> None:
    async with open_reader() as reader:
        tree = reader.screen.release_tree
        for key, last in (("j", tree.row_count - 1), ("k", 0)):
            while tree.cursor != last:
                await reader.pilot.press(key)
                row = tree.cursor - tree.scroll_offset.y
                assert min(2, tree.cursor) <= row
                assert min(2, tree.row_count - 1 - tree.cursor) <= tree.size.height - 1 - row


async def test_what_is_clicked_on_stays_under_the_mouse() -> None:
    async with open_reader() as reader:
        tree = reader.screen.release_tree
        for row in (tree.size.height - 1, tree.size.height - 2):
            await reader.pilot.click("#tree", offset=(10, row))
            await reader.settle()
            assert tree.scroll_offset.y == 0
            assert tree.cursor == row


async def test_moving_the_cursor_onto_a_release_shows_it() -> None:
    async with open_reader() as reader:
        await reader.press("j", "j")
        assert reader.shown_title == reader.cursor_title == SECOND


async def test_moving_the_cursor_onto_a_group_leaves_the_page_alone() -> None:
    async with open_reader() as reader:
        await reader.press("j")
        assert reader.cursor_title == ""
        assert reader.shown_title == FIRST


async def test_a_release_that_stays_open_becomes_read() -> None:
    async with open_reader(config=Config(read_after=0)) as reader:
        await reader.press("w")
        assert reader.marks_of(FIRST) == {READ}
        assert reader.marks_of(SECOND) == set()


async def test_nothing_becomes_read_before_somebody_is_there() -> None:
    async with open_reader(config=Config(read_after=0)) as reader:
        await reader.pilot.pause()
        await reader.settle()
        assert not reader.screen.marking.read
        await reader.pilot.click("#page")
        await reader.settle()
        assert reader.marks_of(FIRST) == {READ}


async def test_nothing_becomes_read_by_itself_while_one_is_picked() -> None:
    async with open_reader(config=Config(read_after=0), is_picking=True) as reader:
        await reader.press("n", "n", "space", "tab", "k")
        assert not reader.screen.marking.read
        assert reader.marks_of(FIRST) == reader.marks_of(SECOND) == set()


async def test_a_release_that_is_only_passed_by_the_cursor_stays_unread() -> None:
    async with open_reader(config=Config(read_after=60)) as reader:
        await reader.press("j", "j", "k", "k")
        assert reader.marks_of(SECOND) == set()


async def test_a_release_marked_as_unread_stays_so_when_the_reader_goes_on() -> None:
    async with open_reader() as reader:
        await reader.press("r", "u", "n", "p", "enter", "u", "tab")
        assert reader.marks_of(FIRST) == set()
        await reader.press("h", "p", "n")
        assert reader.marks_of(FIRST) == {READ}


async def test_next_walks_releases_and_marks_what_it_leaves_as_read() -> None:
    async with open_reader() as reader:
        await reader.press("n")
        assert reader.shown_title == SECOND
        assert reader.marks_of(FIRST) == {READ}
        await reader.press("p")
        assert reader.shown_title == FIRST
        assert reader.marks_of(SECOND) == set()


async def test_next_opens_groups_on_its_way_and_ends_with_a_word() -> None:
    async with open_reader(filter="source:europol OR source:eurojust") as reader:
        await reader.press("asterisk")
        assert reader.screen.release_tree.row_count == 2
        seen = [reader.shown_title]
        await reader.press("n")
        while not reader.screen.status.message:
            seen.append(reader.shown_title)
            await reader.press("n")
        assert seen == reader.titles
        assert reader.screen.status.message == "This is the last release that the filter shows."
        await reader.press("g", "n", "p")
        assert reader.screen.status.message == "This is the first release that the filter shows."


async def test_next_unread_steps_over_what_is_read_and_goes_round() -> None:
    async with open_reader() as reader:
        await reader.press("j", "j", "r", "k", "k", "tab")
        assert reader.shown_title == reader.titles[2]
        await reader.press("G", "u", "tab")
        assert reader.shown_title == reader.titles[2]
        assert reader.screen.status.message == "From the top again."


async def test_next_unread_says_when_nothing_is_left() -> None:
    async with open_reader(filter="source:eurojust") as reader:
        await reader.press("tab", "tab", "tab")
        assert reader.screen.status.message == "Nothing else is unread here."
        assert reader.shown_title == reader.titles[2]


async def test_space_scrolls_the_page_and_then_opens_the_next_unread_release() -> None:
    async with open_reader() as reader:
        presses = 0
        while reader.shown_title == FIRST:
            await reader.press("space")
            presses += 1
        assert presses > 1
        assert reader.shown_title == SECOND
        assert reader.screen.page.scroll_offset.y == 0
        assert reader.marks_of(FIRST) == {READ}


async def test_marks_are_shown_at_once_and_written() -> None:
    async with open_reader() as reader:
        await reader.press("s", "r")
        assert reader.marks_of(FIRST) == {READ, STARRED}
        assert any("★" in line for line in reader.lines())
        await reader.press("s", "u")
        assert reader.marks_of(FIRST) == set()


async def test_a_group_is_marked_whole_and_undone_whole() -> None:
    async with open_reader() as reader:
        await reader.press("g", "r")
        row = reader.screen.release_tree.cursor_row
        assert row is not None
        assert row.level is Level.SOURCE
        assert reader.filter_result == "46 unread of 49"
        assert reader.screen.status.message == "3 releases are read now."
        await reader.press("U")
        assert reader.filter_result == "49 unread of 49"
        assert reader.screen.status.message == "Taken back: 3 releases marked as read."
        assert reader.marks_of(FIRST) == set()


async def test_of_a_group_only_what_really_changed_is_counted() -> None:
    async with open_reader() as reader:
        await reader.press("r", "g", "r")
        assert reader.screen.status.message == "2 releases are read now; the other one already was."
        await reader.press("r")
        assert reader.screen.status.message == "All 3 releases were read already."
        await reader.press("j", "j", "u", "g", "r")
        assert reader.screen.status.message == "1 release is read now; the other 2 already were."
        await reader.press("s")
        assert reader.screen.status.message == "3 releases are starred now."
        await reader.press("s")
        assert reader.screen.status.message == "3 releases are unstarred now."
        await reader.press("U")
        assert reader.screen.status.message == "Taken back: 3 releases unstarred."


async def test_undo_passes_over_what_was_marked_without_being_asked_for() -> None:
    async with open_reader(config=Config(read_after=0)) as reader:
        await reader.press("s", "n", "tab", "n")
        read = len(reader.screen.marking.read)
        assert read == 4
        await reader.press("U")
        assert reader.screen.status.message == "Taken back: “Eurojust and Council of Europe co-host…” starred."
        assert reader.marks_of(FIRST) == {READ}
        assert reader.screen.marking.last_done is None
        assert len(reader.screen.marking.read) == read


def exchange(reader: Reader, path: Path, *releases: tuple[str, str, str]) -> None:
    """Let another process bring the archive up to date with a digest that holds other releases."""
    path.write_text(digest(*releases))
    with reader.archive.connect() as other:
        refresh(other, Library((str(path),)))


@pytest.mark.parametrize("keys", ["s", "w s"])
async def test_a_mark_goes_to_the_release_that_is_seen_also_when_its_place_is_anothers_by_now(
    tmp_path: Path, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.ui.main_screen.POLL_SECONDS", 3600.0)  # so that it goes on being seen
    path = tmp_path / "a.txt"
    gamma = ("Gamma", "Zed", "It is 1 October 2024.")
    path.write_text(digest(("Beta", "Zed", "It is 2 October 2024."), gamma))
    async with open_reader(path) as reader:
        shown = reader.screen.shown
        assert shown is not None
        exchange(reader, path, gamma)
        exchange(reader, path, ("Alpha", "Zed", "It is 2 October 2024."), gamma)
        successor = reader.archive.release(shown.headline.place)
        assert successor is not None
        assert successor.headline.title == "Alpha"
        await reader.press(*keys.split())
        marks = reader.marks.of([shown.headline.id, successor.headline.id])
        assert marks == {shown.headline.id: {STARRED}, successor.headline.id: set()}


async def test_a_group_that_is_no_longer_as_it_is_shown_is_not_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_reader() as reader:
        await reader.press("g")
        monkeypatch.setattr(reader.screen, "is_up_to_date", lambda: False)
        await reader.press("r")
        assert reader.screen.status.message == "The library has changed just now; look again."
        assert not reader.screen.marking.read
        monkeypatch.setattr(reader.screen, "is_up_to_date", iter((True, False, True)).__next__)
        await reader.press("r")
        assert reader.screen.status.message == "The library has changed just now; look again."
        assert reader.marks_of(FIRST) == set()


async def test_undo_takes_back_change_after_change_across_kinds() -> None:
    async with open_reader() as reader:
        await reader.press("r", "s", "U")
        assert reader.marks_of(FIRST) == {READ}
        await reader.press("U")
        assert reader.marks_of(FIRST) == set()
        await reader.press("U")
        assert reader.screen.marking.last_done is None


async def test_redo_does_again_what_was_taken_back_across_kinds() -> None:
    async with open_reader() as reader:
        await reader.press("r", "s", "U", "U", "ctrl+r")
        assert reader.screen.status.message == "Done again: “Eurojust and Council of Europe co-host…” marked as read."
        assert reader.marks_of(FIRST) == {READ}
        await reader.press("ctrl+r")
        assert reader.marks_of(FIRST) == {READ, STARRED}
        await reader.press("ctrl+r")
        assert reader.screen.status.message == "Nothing was taken back before."
        await reader.press("U", "U")
        assert reader.marks_of(FIRST) == set()


async def test_taking_a_mark_away_where_there_is_none_is_no_change_to_take_back() -> None:
    async with open_reader() as reader:
        await reader.press("g", "u")
        assert reader.screen.marking.last_done is None
        await reader.press("U")
        assert reader.filter_result == "49 unread of 49"


async def test_a_new_change_leaves_nothing_to_do_again() -> None:
    async with open_reader() as reader:
        await reader.press("s", "U", "r", "ctrl+r")
        assert reader.marks_of(FIRST) == {READ}


async def test_what_becomes_read_by_itself_does_not_take_redo_away() -> None:
    async with open_reader() as reader:
        await reader.press("s", "U", "n", "ctrl+r")
        assert reader.marks_of(FIRST) == {READ, STARRED}


async def test_undo_and_redo_leave_alone_what_another_process_has_done_already() -> None:
    async with open_reader() as reader:
        await reader.press("g", "r")
        ids = reader.archive.ids(reader.screen.release_tree.outline.places[:3])  # type: ignore[union-attr]
        reader.marks.change(ids[:1], READ, False)
        await reader.press("U")
        assert reader.screen.status.message == "Taken back: 2 releases marked as read."
        reader.marks.change(ids[:1], READ, True)
        await reader.press("ctrl+r")
        assert reader.screen.status.message == "Done again: 2 releases marked as read."
        reader.marks.change(ids, READ, False)
        await reader.press("U")
        assert reader.screen.status.message == "Another newsreader has done that already."
        assert reader.filter_result == "49 unread of 49"


async def test_a_release_that_undo_makes_unread_stays_so_when_the_reader_goes_on() -> None:
    async with open_reader() as reader:
        await reader.press("r", "U", "n")
        assert reader.marks_of(FIRST) == set()


async def test_undo_typed_right_behind_a_mark_takes_it_back() -> None:
    async with open_reader() as reader:
        for key in ("s", "U"):
            reader.app.post_message(Key(key, key))
        await reader.settle()
        await reader.settle()
        assert reader.marks_of(FIRST) == set()
        assert "Taken back" in reader.screen.status.message


async def test_only_what_the_filter_shows_of_a_group_is_marked() -> None:
    async with open_reader(filter="source:eurojust workshop") as reader:
        assert len(reader.titles) == 1
        await reader.press("g", "s", "escape")
        assert reader.marks_of(FIRST) == {STARRED}
        assert reader.marks_of(SECOND) == set()


async def test_a_mark_that_another_program_sets_shows_up() -> None:
    async with open_reader() as reader:
        ids = reader.archive.ids(reader.screen.release_tree.outline.places)  # type: ignore[union-attr]
        reader.marks.change(ids[:2], READ, True)
        await reader.screen.marking.poll()
        assert reader.filter_result == "47 unread of 49"


async def test_a_mark_that_cannot_be_kept_is_taken_back_and_said() -> None:
    async with open_reader() as reader:
        full = "CREATE TRIGGER full BEFORE INSERT ON mark BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        with sqlite3.connect(reader.marks.uri, uri=True) as other:
            other.execute(full)
        other.close()
        await reader.press("s")
        assert not reader.screen.marking.starred
        assert "disk full" in reader.screen.status.message


async def test_keys_walk_the_tree_by_groups_and_screens() -> None:
    async with open_reader() as reader:
        tree = reader.screen.release_tree
        await reader.press("G")
        assert tree.cursor == tree.row_count - 1
        await reader.press("g", "J", "J")
        assert tree.cursor == 3
        await reader.press("K")
        assert tree.cursor == 1
        await reader.press("pagedown")
        assert tree.cursor == 1 + tree.size.height - 1
        await reader.press("pageup")
        assert tree.cursor == 1


async def test_groups_close_and_open_by_key() -> None:
    async with open_reader() as reader:
        tree = reader.screen.release_tree
        rows = tree.row_count
        await reader.press("h")
        assert tree.cursor == 1
        await reader.press("h")
        assert tree.row_count == rows - 1
        await reader.press("h")
        assert tree.cursor == 0
        await reader.press("h")
        assert tree.row_count < rows - 1
        await reader.press("l", "l", "l", "l")
        assert tree.row_count == rows
        assert tree.cursor == 2


async def test_enter_goes_to_the_page_and_h_comes_back() -> None:
    async with open_reader() as reader:
        await reader.press("enter")
        assert reader.screen.page.has_focus
        await reader.press("j", "j")
        assert reader.screen.page.scroll_offset.y == 2
        await reader.press("h")
        assert reader.screen.release_tree.has_focus


async def test_below_sixty_columns_one_pane_is_shown_at_a_time() -> None:
    async with open_reader(size=(50, 20)) as reader:
        left = reader.screen.query_one("#left")
        assert left.display
        assert not reader.screen.page.display
        await reader.press("enter")
        assert not left.display
        assert reader.screen.page.has_focus
        await reader.press("escape")
        assert left.display
        assert reader.screen.release_tree.has_focus
        await reader.pilot.resize_terminal(100, 20)
        await reader.settle()
        assert left.display
        assert reader.screen.page.display


async def test_any_size_is_survived() -> None:
    async with open_reader(is_sample=True) as reader:
        for size in ((20, 5), (1, 1), (5, 2), (200, 3), (3, 60), (60, 10), (300, 100)):
            await reader.pilot.resize_terminal(*size)
            await reader.press("j", "n", "space", "w")
        assert reader.shown_title


async def test_a_click_moves_the_cursor_and_opens_groups() -> None:
    async with open_reader() as reader:
        tree = reader.screen.release_tree
        rows = tree.row_count
        await reader.pilot.click("#tree", offset=(10, 4))
        await reader.settle()
        assert reader.shown_title == SECOND
        await reader.pilot.click("#tree", offset=(10, 0))
        await reader.settle()
        assert tree.row_count < rows


async def test_the_release_that_was_open_last_is_open_again_at_the_next_start() -> None:
    async with open_reader() as reader:
        await reader.press("n", "n", "n", "n")
        title, marks = reader.shown_title, reader.marks
        await reader.screen.leave()
        async with open_reader(marks=marks) as again:
            assert again.shown_title == again.cursor_title == title
