from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from newsreader.commands import COMMANDS
from newsreader.config import Config
from newsreader.query import EXAMPLES, FIELDS, parse
from newsreader.ui.help_entries import find_entries, help_entries, lay_out
from newsreader.ui.help_screen import HelpList, HelpScreen
from tests.conftest import NOW
from tests.ui_kit import open_reader

ENTRIES = list(help_entries({}))


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Ctrl+R", "Ctrl+R"),
        ("undo", "U"),
        ("toggle star", "s"),
        ("regular expr", r"/\b(20|30) ?%/"),
        ("/", "/"),
        ("phrase cyber", '"cyber attack"'),
    ],
)
def test_help_is_found_by_key_by_name_and_by_the_beginnings_of_words(text: str, head: str) -> None:
    assert head in [entry.head for entry in find_entries(ENTRIES, text)]


def test_a_key_finds_first_what_it_does() -> None:
    assert find_entries(ENTRIES, "?")[0].text == "Show every key and the query language."


@given(st.text(max_size=20), st.integers(20, 120))
def test_whatever_is_searched_for_every_line_belongs_to_an_entry_that_is_shown(text: str, width: int) -> None:
    entries = find_entries(ENTRIES, text)
    owners = [owner for _, owner in lay_out(entries, width) if owner is not None]
    assert sorted(set(owners)) == list(range(len(entries)))
    assert owners == sorted(owners)


def test_every_query_in_the_help_can_be_run() -> None:
    queries = [entry.choice for entry in ENTRIES if isinstance(entry.choice, str)]
    assert len(queries) == len(FIELDS) + len(EXAMPLES)
    for query in queries:
        parse(query, today=NOW.date())


async def test_an_example_goes_into_the_filter_bar_and_escape_brings_the_old_filter_back() -> None:
    async with open_reader(filter="source:nato") as reader:
        await reader.press("question_mark", "slash")
        await reader.type("phrase cyber")
        await reader.press("enter")
        assert reader.is_on_main_screen
        assert reader.screen.filter_bar.text == '"cyber attack"'
        assert reader.screen.filter_bar.is_editing
        await reader.press("escape")
        assert reader.screen.filter_bar.text == "source:nato"
        assert reader.screen.release_tree.has_focus


async def test_a_command_is_run_from_the_help() -> None:
    async with open_reader() as reader:
        await reader.press("question_mark", "slash")
        await reader.type("toggle star")
        await reader.press("down", "enter")
        assert reader.is_on_main_screen
        assert len(reader.screen.marking.starred) == 1


async def test_a_screen_down_leaves_the_line_that_is_searched_for() -> None:
    async with open_reader() as reader:
        await reader.press("question_mark", "slash")
        await reader.type("release")
        await reader.press("pagedown")
        entries = reader.app.screen.query_one(HelpList)
        assert entries.has_focus
        assert entries.cursor > 1


async def test_escape_shows_all_help_again_and_then_closes_it() -> None:
    async with open_reader() as reader:
        await reader.press("question_mark", "slash")
        await reader.type("zzzz")
        assert any("Nothing in the help holds these words." in line for line in reader.lines())
        await reader.press("enter", "down", "escape")
        assert isinstance(reader.app.screen, HelpScreen)
        assert reader.app.screen.query_one(Input).value == ""
        await reader.press("escape")
        assert reader.is_on_main_screen


async def test_the_cursor_of_the_help_is_always_on_the_screen() -> None:
    async with open_reader() as reader:
        await reader.press("question_mark")
        view = reader.app.screen.query_one(HelpList)
        for keys in ("j", "G", "k", "g", "pagedown", "space", "pageup", "G", "j"):
            await reader.press(*keys.split())
            assert sum("▸" in line[:6] for line in reader.lines()) == 1, keys
        assert view.cursor == len(view.entries) - 1
        await reader.press("g")
        for _ in range(len(COMMANDS)):
            await reader.pilot.press("j")
            assert sum("▸" in line[:6] for line in reader.lines()) == 1


async def test_a_second_click_on_an_entry_does_it() -> None:
    async with open_reader() as reader:
        await reader.press("question_mark", "slash")
        await reader.type("title date:none")
        await reader.type("date:none")
        await reader.press("down")
        await reader.pilot.click("#help-lines", offset=(5, 1))
        await reader.settle()
        assert reader.screen.filter_bar.text == "date:none"


async def test_the_key_that_opens_the_help_closes_it_also_when_it_is_another() -> None:
    config = Config(read_after=-1, keys=MappingProxyType({"show-help": "f9"}))
    async with open_reader(config=config) as reader:
        for closing in ("f9", "q", "escape"):
            await reader.press("f9")
            assert isinstance(reader.app.screen, HelpScreen)
            await reader.press(closing)
            assert reader.is_on_main_screen


async def test_nothing_is_drawn_again_and_again_below_the_help() -> None:
    async with open_reader() as reader:
        await reader.press("question_mark")
        reader.screen.status.refresh()
        await reader.pilot.pause(0.3)
        assert not reader.screen._repaint_required
