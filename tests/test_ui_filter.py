from __future__ import annotations

import os
import re
import signal
import sys
from array import array
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pexpect
import pytest
from textual.events import Key
from textual.widgets import Input

from newsreader.archive import Archive
from newsreader.loader import Library, Progress, refresh
from newsreader.models import Mark
from newsreader.query import All
from newsreader.ui import searching
from newsreader.ui.main_screen import MainScreen
from newsreader.ui.order import BY_SOURCE, Level
from newsreader.ui.place_set import PlaceSet
from newsreader.ui.refreshing import RefreshFinished, RefreshMoved
from newsreader.ui.searching import Found, Question, Searcher
from tests.conftest import PROJECT, SEEDS
from tests.terminal import PATIENCE
from tests.ui_kit import digest, open_reader, wait_until

FIRST = "Eurojust and Council of Europe co-host workshop on spontaneous information sharing"


async def test_the_tree_follows_while_a_query_is_typed() -> None:
    async with open_reader() as reader:
        await reader.press("slash", *"timb")
        assert reader.titles[0] == FIRST
        assert reader.filter_result == f"{len(reader.titles[1:])} of 49"
        assert 0 < len(reader.titles[1:]) < 5
        assert reader.screen.filter_bar.is_editing


async def test_what_is_found_is_drawn_without_a_tick_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 1e6)
    async with open_reader() as reader:
        await reader.press("slash")
        frames: list[str] = []
        drawn = reader.screen._compositor_refresh

        def draw() -> None:
            drawn()
            frames.append("\n".join(reader.lines()))

        monkeypatch.setattr(reader.screen, "_compositor_refresh", draw)
        reader.screen.filter_bar.line.value = "timb"
        await wait_until(lambda: any(re.search(r"\d of 49", frame) for frame in frames))


async def test_a_count_alone_leaves_the_tree_as_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_reader() as reader:
        await reader.filter("timb")
        question = Question(reader.screen._searcher._number, reader.screen._query, BY_SOURCE, PlaceSet().snapshot())
        monkeypatch.setattr(reader.screen.release_tree, "show_marks", None)
        reader.screen._show_found(Found(question, array("q"), {}, is_partial=True, count=1234))
        assert reader.filter_result == "1,234 of 49"


async def test_the_release_being_read_stays_while_the_filter_leaves_it_out() -> None:
    async with open_reader() as reader:
        await reader.filter("timber")
        assert reader.shown_title == reader.cursor_title == FIRST
        await reader.press("enter")
        assert FIRST not in reader.titles


async def test_enter_goes_to_the_results_and_opens_the_nearest() -> None:
    async with open_reader() as reader:
        await reader.filter("timber")
        await reader.press("enter")
        assert reader.screen.release_tree.has_focus
        assert reader.shown_title == reader.cursor_title == reader.titles[0]


async def test_a_beginning_that_was_accepted_says_that_it_is_one() -> None:
    async with open_reader() as reader:
        await reader.filter("timb")
        result = reader.filter_result
        await reader.press("enter")
        assert reader.screen.filter_bar.text == "timb*"
        assert reader.filter_result == result == f"{len(reader.titles)} of 49"


async def test_the_cursor_sticks_to_its_release_through_filters_that_it_matches() -> None:
    async with open_reader() as reader:
        await reader.press("G")
        title = reader.cursor_title
        await reader.filter("the")
        assert reader.cursor_title == title
        await reader.press("escape")
        assert reader.cursor_title == title
        assert reader.screen.release_tree.has_focus


async def test_escape_while_editing_brings_back_the_filter_that_was_there() -> None:
    async with open_reader(filter="source:nato") as reader:
        await reader.filter("source:nato cyber")
        await reader.press("escape")
        assert reader.screen.filter_bar.text == "source:nato"
        assert reader.filter_result == "20 of 49"


async def test_escape_in_the_tree_clears_the_filter_and_keeps_the_cursor_on_its_release() -> None:
    async with open_reader(filter="source:nato") as reader:
        await reader.press("n", "n")
        title = reader.shown_title
        await reader.press("escape")
        assert reader.filter_result.endswith("unread of 49")
        assert reader.cursor_title == reader.shown_title == title


async def test_escape_on_the_page_goes_to_the_tree_first() -> None:
    async with open_reader(filter="source:nato") as reader:
        await reader.press("enter", "escape")
        assert reader.screen.release_tree.has_focus
        assert reader.screen.filter_bar.text == "source:nato"


async def test_an_error_is_explained_in_the_bar_and_changes_nothing_else() -> None:
    async with open_reader(filter="source:nato") as reader:
        titles = reader.titles
        await reader.filter("source:nato sorce:x")
        assert 'did you mean "source:"?' in reader.filter_result
        assert reader.titles == titles
        await reader.press(*["backspace"] * 8)
        assert reader.filter_result == "20 of 49"


async def test_nothing_found_tells_the_next_step() -> None:
    async with open_reader() as reader:
        await reader.filter("zzzzz")
        assert reader.filter_result == "0 of 49"
        assert any("Nothing matches." in line for line in reader.lines())
        await reader.press("enter", "j", "n", "tab", "space", "r", "s", "l", "h", "J", "K", "g", "G", "asterisk", "U")
        await reader.press("escape")
        assert len(reader.titles) == 49


async def test_letters_typed_into_the_bar_are_no_commands() -> None:
    async with open_reader() as reader:
        await reader.press("slash", *"qns? P|")
        assert reader.screen.filter_bar.text == "qns? P|"
        assert reader.filter_result


async def test_groups_closed_without_a_filter_are_open_under_one_and_closed_again_after_it() -> None:
    async with open_reader() as reader:
        await reader.press("asterisk")
        await reader.filter("source:nato ")
        tree = reader.screen.release_tree
        assert tree.row_count > 20
        await reader.press("escape")
        assert tree.row_count < 20


async def test_the_filter_is_lit_in_titles_and_text() -> None:
    async with open_reader(filter="workshop", size=(160, 30)) as reader:
        tree, page = reader.screen.release_tree, reader.screen.page
        match = tree.get_component_rich_style("release-tree--match")
        segments = [segment for y in range(tree.row_count) for segment in tree.render_line(y)]
        lit = [segment.text for segment in segments if segment.style and segment.style.underline]
        assert "workshop" in [text.lower() for text in lit]
        assert match.underline
        text_match = page.get_component_rich_style("page--match")
        lit = [
            segment.text.lower()
            for y in range(page.size.height)
            for segment in page.render_line(y)
            if segment.style and segment.style.bgcolor == text_match.bgcolor
        ]
        assert "workshop" in lit


async def test_a_title_is_shown_as_it_is_written_never_as_markup(tmp_path: Path) -> None:
    titles = ["[bold]x", "[@click=app.quit]y[/]", "[/]", "\x1b[31mred", "a\u202eb"]
    path = tmp_path / "hostile.txt"
    path.write_text(digest(*[(title, f"[red]S[/red]{number}", "Body.") for number, title in enumerate(titles)]))
    async with open_reader(path, size=(120, 30)) as reader:
        screen = "\n".join(reader.lines())
        assert "[bold]x" in screen
        assert "[@click=app.quit]y[/]" in screen
        assert "\x1b" not in screen
        assert "\u202e" not in screen
        assert "[red]S[/red]0" in screen
        await reader.press("n", "n", "n", "n")
        await reader.filter("[/]")
        await reader.press("enter", "question_mark", "escape")


async def test_a_release_without_source_or_date_has_groups_that_say_so(tmp_path: Path) -> None:
    path = tmp_path / "bare.txt"
    path.write_text("Only text, no head.\n")
    async with open_reader(path) as reader:
        screen = "\n".join(reader.lines())
        assert "No source" in screen
        assert "No date" in screen


async def test_an_empty_library_tells_the_next_step(tmp_path: Path) -> None:
    async with open_reader(tmp_path) as reader:
        assert any("newsreader DIR" in line for line in reader.lines())
        await reader.press("j", "n", "p", "tab", "space", "r", "s", "U", "P", "y", "asterisk", "enter", "h", "l")
        assert reader.screen.release_tree.row_count == 0


async def test_an_archive_that_is_still_empty_fills_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    finish = MainScreen.on_refresh_finished

    def finish_late(self: MainScreen, message: RefreshFinished) -> None:
        self._reload()  # as a look at the archive may do before
        finish(self, message)

    monkeypatch.setattr(MainScreen, "on_refresh_finished", finish_late)
    async with open_reader(is_read_before=False) as reader:
        assert len(reader.titles) == 49
        assert reader.shown_title == FIRST
        assert reader.screen.status.message == ""


async def test_refreshing_shows_new_releases_and_keeps_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(digest(("Beta", "Zed", "It is 2 October 2024."), ("Gamma", "Zed", "It is 1 October 2024.")))
    async with open_reader(tmp_path) as reader:
        await reader.press("n")
        title = reader.shown_title
        (tmp_path / "b.txt").write_text(digest(("Alpha", "Any", "It is 3 October 2024.")))
        await reader.press("f5")
        assert len(reader.titles) == 3
        assert reader.cursor_title == reader.shown_title == title
        assert reader.screen.status.message == "1 new release."
        await reader.press("f5")
        assert reader.screen.status.message == "Nothing is new."


async def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(digest(("Beta", "Zed", "Body.")))
    async with open_reader(tmp_path, also=tmp_path / "nowhere.txt") as reader:
        assert "could not be read: newsreader check tells why" in reader.screen.status.message


async def test_a_library_that_vanishes_is_noticed_and_survived(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(digest(("Beta", "Zed", "Body one."), ("Gamma", "Zed", "Body two.")))
    async with open_reader(tmp_path) as reader:
        path.unlink()
        await reader.press("f5")
        assert reader.titles == []
        assert reader.shown_title == "Beta"
        await reader.press("n", "p", "s", "tab", "j")


async def test_a_filter_given_at_the_start_is_in_force() -> None:
    async with open_reader(filter="source:europol") as reader:
        assert len(reader.titles) == 9
        assert reader.screen.filter_bar.text == "source:europol"
        row = reader.screen.release_tree.cursor_row
        assert row is not None
        assert row.level is Level.RELEASE


async def test_on_the_page_n_goes_from_match_to_match_and_on_into_the_next_release() -> None:
    async with open_reader(filter="cocaine OR ransom OR fraudsters", size=(120, 36)) as reader:
        await reader.press("enter")
        first = reader.shown_title
        said = []
        while reader.shown_title == first:
            await reader.press("n")
            said.append(reader.screen.status.message)
        count = int(said[0].removeprefix("Match 1 of ").removesuffix("."))
        assert said[:-1] == [f"Match {number} of {count}." for number in range(1, count + 1)]
        assert reader.screen.status.message.startswith("Match 1 of ")
        await reader.press("N")
        assert reader.shown_title == first
        assert reader.screen.status.message == f"Match {count} of {count}."


async def test_in_the_tree_n_goes_to_the_next_release_under_a_filter_too() -> None:
    async with open_reader(filter="nato") as reader:
        first = reader.shown_title
        await reader.press("n")
        assert reader.shown_title != first


async def test_what_another_instance_has_read_from_the_digests_shows_with_the_next_refresh(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(digest(("Alpha", "ACME", "text"), ("Beta", "ACME", "text")))
    async with open_reader(tmp_path) as reader:
        path.write_text(digest(("Gamma", "ACME", "text"), ("Delta", "ACME", "text")))
        with reader.archive.connect() as other:
            refresh(other, Library((str(tmp_path),)))
        assert not reader.screen.is_up_to_date()
        await reader.press("f5")
        assert reader.screen.is_up_to_date()
        assert reader.titles == ["Gamma", "Delta"]


async def test_a_refresh_that_ends_while_a_word_is_typed_keeps_it_a_beginning(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(digest(("Cyber defence", "ACME", "text")))
    async with open_reader(tmp_path) as reader:
        await reader.press("slash", *"cyb")
        (tmp_path / "b.txt").write_text(digest(("Cyber attack", "ACME", "text")))
        await reader.press("f5")
        assert sorted(reader.titles) == ["Cyber attack", "Cyber defence"]
        assert reader.filter_result == "2 of 2"


async def test_an_error_stays_until_it_is_mended_whatever_is_marked_meanwhile() -> None:
    async with open_reader() as reader:
        await reader.filter("sorce:x")
        said = reader.filter_result
        reader.marks.change(reader.archive.ids(reader.archive.places(All())), Mark.STARRED, True)
        await reader.screen.marking.poll()
        await reader.settle()
        assert reader.filter_result == said
        await reader.type("source:nato")
        assert reader.filter_result == "20 of 49"


async def test_escape_in_the_bar_leads_back_to_the_page_when_the_reader_came_from_there() -> None:
    async with open_reader() as reader:
        await reader.press("l", "slash")
        await reader.press("escape")
        assert reader.screen.page.has_focus


async def test_in_one_pane_the_tree_is_shown_while_the_filter_is_edited() -> None:
    async with open_reader(size=(50, 16)) as reader:
        await reader.press("l")
        await reader.pilot.click("#filter", offset=(5, 0))
        await reader.press(*"timber")
        assert reader.screen.release_tree.region.height > 0
        assert reader.screen.page.region.height == 0


def test_keys_that_arrive_together_with_the_slash_are_for_the_filter(tmp_path: Path) -> None:
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(PROJECT)}
    command = ["-m", "newsreader", str(SEEDS)]
    reader = pexpect.spawn(sys.executable, command, env=environment, dimensions=(24, 80), timeout=30)
    reader.expect("unread of 49")  # once all is indexed
    reader.send("/quick")
    reader.expect("0 of 49")
    reader.kill(signal.SIGTERM)
    reader.expect(pexpect.EOF)
    reader.close()
    assert reader.exitstatus == 128 + signal.SIGTERM


def test_keys_that_arrive_together_with_enter_are_for_the_results() -> None:
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(PROJECT)}
    command = ["-m", "newsreader", str(SEEDS)]
    reader = pexpect.spawn(sys.executable, command, env=environment, dimensions=(24, 80), timeout=30, encoding="utf-8")
    reader.expect("unread of 49")  # once all is indexed
    reader.send("/timber\rnP")
    reader.expect(pexpect.EOF)
    reader.close()
    assert reader.exitstatus == 0
    assert "2,114 seizures of endangered animals and timber in major" in str(reader.before)[-9000:].replace("\r\n", " ")


async def test_reading_digests_tells_how_fast_it_goes_and_how_long_it_will_take() -> None:
    async with open_reader() as reader:
        reader.screen.post_message(RefreshMoved(Progress(20, 100, 300, 200, 1000), 10.0))
        await reader.settle()
        assert reader.screen.status.message == "Reading digests: 20 of 100, 300 releases, 30 a second, 40 s left"


async def test_keys_typed_ahead_act_in_their_order_on_what_the_filter_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    search = Searcher.search

    def slow_search(self: Searcher, question: Question, skips_first: bool = False) -> None:
        go_on.wait(PATIENCE)
        search(self, question, skips_first)

    async with open_reader() as reader:
        monkeypatch.setattr(Searcher, "search", slow_search)
        for key in (Key("slash", "/"), *(Key(letter, letter) for letter in "timber"), Key("enter", "\r")):
            reader.app.post_message(key)
            await reader.pilot.pause()
        for letter in "nsjs":
            reader.app.post_message(Key(letter, letter))
            await reader.pilot.pause()
        assert reader.screen.shown is not None
        assert reader.shown_title == FIRST
        assert not reader.marks.of([reader.screen.shown.headline.id])[reader.screen.shown.headline.id]
        go_on.set()
        await wait_until(lambda: not reader.screen.keys_ahead.are_held and not reader.app.workers)
        assert reader.screen.filter_bar.text == "timber*"
        starred = [title for title in reader.titles if Mark.STARRED in reader.marks_of(title)]
        assert starred == reader.titles[1:3]


@pytest.mark.parametrize(("opening", "line"), [("slash", "#filter-line"), ("colon", "#command-line")])
async def test_keys_before_the_one_that_opens_a_line_are_not_for_that_line(opening: str, line: str) -> None:
    async with open_reader() as reader:
        second = reader.titles[1]
        for key in ("n", "s", opening, *"timber"):
            reader.app.post_message(Key(key, {"slash": "/", "colon": ":"}.get(key, key)))
        await wait_until(lambda: reader.screen.query_one(line, Input).value == "timber")
        await wait_until(lambda: Mark.STARRED in reader.marks_of(second))
        assert reader.shown_title == second


async def test_keys_that_lead_to_another_line_are_followed_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsreader.ui.keys_ahead.NEXT_SECONDS", PATIENCE)  # a busy machine may need longer for a key
    async with open_reader() as reader:
        keys = ["slash", *"timber", "enter", "slash", "ctrl+u", *"source:nato", "enter", "n", "s"]
        for key in keys:
            character = {"slash": "/", "enter": "\r"}.get(key, key if len(key) == 1 else None)
            reader.app.post_message(Key(key, character))
        await wait_until(lambda: len(reader.titles) > 1 and Mark.STARRED in reader.marks_of(reader.titles[1]))
        await reader.settle()
        assert reader.screen.filter_bar.text == "source:nato*"
        assert [title for title in reader.titles if Mark.STARRED in reader.marks_of(title)] == [reader.titles[1]]


async def test_escape_breaks_off_a_search_that_keys_have_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    search = Searcher.search

    def slow_search(self: Searcher, question: Question, skips_first: bool = False) -> None:
        if question.query != All():
            go_on.wait(PATIENCE)
        search(self, question, skips_first)

    monkeypatch.setattr("newsreader.ui.keys_ahead.PATIENCE", 0.0)
    async with open_reader() as reader:
        monkeypatch.setattr(Searcher, "search", slow_search)
        for key in ("slash", "t", "enter", "s", "escape"):
            reader.app.post_message(Key(key, key if len(key) == 1 else None))
            await reader.pilot.pause()
        assert reader.screen.filter_bar.text == ""
        go_on.set()
        await reader.settle()
        assert len(reader.titles) == 49
        assert not [title for title in reader.titles if Mark.STARRED in reader.marks_of(title)]


async def test_what_was_read_leaves_the_unread_once_the_cursor_has_left_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(digest(*[(title, "ACME", "text") for title in ("Alpha", "Beta", "Gamma")]))
    async with open_reader(tmp_path, filter="is:unread") as reader:
        await reader.press("n", "n")
        assert reader.titles == ["Gamma"]
        await reader.press("r")
        assert reader.titles == ["Gamma"]
        assert reader.shown_title == "Gamma"


async def test_enter_before_all_is_found_goes_to_the_first_release_and_keys_act_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = [(f"{source} {number}", source, "nato") for source in ("Alpha", "Beta") for number in range(9)]
    (tmp_path / "a.txt").write_text(digest(*releases, ("Other", "Alpha", "text")))
    monkeypatch.setattr("newsreader.ui.searching.FIRST_PLACES", 5)
    go_on = Event()
    find_all = searching._find_all
    searchers: list[Searcher] = []

    def slow_find(connection: Archive, question: Question, on_found: Callable[[array[int]], object] | None) -> Found:
        while searchers and question.number == searchers[0]._number and not go_on.wait(0.01):
            pass  # until all may be found, or nobody wants it any more
        return find_all(connection, question, on_found)

    async with open_reader(tmp_path) as reader:
        await reader.press("G")
        assert reader.shown_title == "Beta 8"
        searchers.append(reader.screen._searcher)
        monkeypatch.setattr(searching, "_find_all", slow_find)
        for key in ("slash", *"nato", "enter", "s"):
            reader.app.post_message(Key(key, key if len(key) == 1 else None))
        await wait_until(lambda: reader.shown_title == "Alpha 0" and Mark.STARRED in reader.marks_of("Alpha 0"))
        assert not go_on.is_set()
        go_on.set()
        await reader.settle()
        assert reader.cursor_title == reader.shown_title == "Alpha 0"
        assert [title for title in reader.titles if Mark.STARRED in reader.marks_of(title)] == ["Alpha 0"]
