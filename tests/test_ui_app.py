from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path
from types import MappingProxyType

import pytest
from textual.color import Color
from textual.command import CommandList, CommandPalette
from textual.events import Paste
from textual.geometry import Offset
from textual.selection import Selection
from textual.widgets import Input

from newsreader import ui
from newsreader.commands import COMMANDS, Command, Scope
from newsreader.config import Config
from newsreader.text import cell_width
from newsreader.ui.command_line import CommandInput
from newsreader.ui.filter_bar import FilterInput
from newsreader.ui.help_entries import help_entries, lay_out
from newsreader.ui.help_screen import HelpScreen
from newsreader.ui.main_screen import MainScreen
from newsreader.ui.page_pane import PagePane
from newsreader.ui.palette import CommandProvider, ThemeProvider
from newsreader.ui.pipe_screen import PipeScreen
from newsreader.ui.piping import LONGEST_OUTPUT, run_command
from newsreader.ui.plain_stream import encoder
from newsreader.ui.selecting_tree import SelectingTree
from newsreader.ui.text_view import TextView
from newsreader.ui.themes import OWN_THEMES
from tests.ui_kit import digest, open_reader

OWNERS = {
    Scope.APP: MainScreen,
    Scope.TREE: SelectingTree,
    Scope.PAGE: PagePane,
    Scope.FILTER: FilterInput,
    Scope.LINE: CommandInput,
}

LINES: dict[Scope, type[Input]] = {Scope.FILTER: FilterInput, Scope.LINE: CommandInput}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_has_a_method_where_it_works(command: Command) -> None:
    assert callable(getattr(OWNERS[command.scope], f"action_{command.action}", None))


@pytest.mark.parametrize("owner", OWNERS.values())
def test_every_may_stands_beside_an_action(owner: type) -> None:
    names = [name.removeprefix("may_") for name in dir(owner) if name.startswith("may_")]
    assert not [name for name in names if not hasattr(owner, f"action_{name}")]


async def test_every_key_of_a_command_runs_it() -> None:
    async with open_reader() as reader:
        for command in COMMANDS:
            holder = {Scope.APP: reader.screen, Scope.TREE: reader.screen.release_tree, Scope.PAGE: reader.screen.page}
            node = holder.get(command.scope) or reader.screen.query_one(LINES[command.scope])
            bindings = node._bindings.key_to_bindings
            for key in filter(None, command.keys.split(",")):
                assert [binding.id for binding in bindings[key]][-1] == command.id


async def test_keys_of_the_configuration_take_the_place_of_the_commands_own() -> None:
    config = Config(read_after=-1, keys=MappingProxyType({"toggle-star": "f9", "mark-read": ""}))
    async with open_reader(config=config) as reader:
        await reader.press("s", "r")
        assert not reader.screen.marking.starred
        assert not reader.screen.marking.read
        await reader.press("f9")
        assert len(reader.screen.marking.starred) == 1
        assert "F9 Star" in reader.lines()[-1]


async def test_the_last_line_shows_what_can_be_done_now(tmp_path: Path) -> None:
    async with open_reader() as reader:
        assert reader.lines()[-1].split() == (
            [
                "Space",
                "Read",
                "on",
                "Tab",
                "Next",
                "unread",
                "s",
                "Star",
                "/",
                "Filter",
                "?",
                "Help",
                "q",
                "Quit",
                "t",
                "by",
                "source",
            ]
        )
        await reader.press("slash")
        assert reader.lines()[-1].split() == ["Enter", "Results", "Esc", "Back", "by", "source"]
    async with open_reader(tmp_path) as reader:
        assert "Star" not in reader.lines()[-1]


async def test_help_shows_every_key_and_closes() -> None:
    async with open_reader(size=(100, 40)) as reader:
        await reader.press("question_mark")
        assert isinstance(reader.app.screen, HelpScreen)
        assert any("Scroll; at the end" in line for line in reader.lines())
        await reader.press("space", "G", "g", "j")
        await reader.press("escape")
        assert reader.is_on_main_screen


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_help_names_every_command_and_fits_its_width(width: int) -> None:
    lines = ["".join(text for text, _ in line) for line, _ in lay_out(list(help_entries({})), width)]
    text = " ".join(" ".join(lines).split())
    for command in COMMANDS:
        assert command.help in text, command.id
    if width >= 80:
        assert max(map(len, lines)) <= width


async def test_a_release_is_piped_to_a_command_and_its_output_shown() -> None:
    async with open_reader() as reader:
        await reader.press("vertical_line")
        await reader.type("head -n 1; exit 3")
        await reader.press("enter")
        screen = reader.app.screen
        assert isinstance(screen, PipeScreen)
        text = "\n".join(reader.lines())
        assert "Eurojust and Council of Europe co-host workshop" in text
        assert "1 line, exit status 3." in text
        await reader.press("escape", "vertical_line")
        assert reader.app.screen.query_one(Input).value == "head -n 1; exit 3"


async def test_what_a_command_prints_reaches_the_terminal_clean() -> None:
    async with open_reader() as reader:
        await reader.press("vertical_line")
        await reader.type(r"printf '\033[31mred\007 [bold]x\377'")
        await reader.press("enter")
        lines = reader.app.screen.query_one(TextView).lines
        text = "".join(part for line in lines for part, _ in line)
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "[bold]x" in text


async def test_a_command_that_does_not_end_is_stopped_by_escape() -> None:
    async with open_reader() as reader:
        await reader.press("vertical_line")
        await reader.type("sleep 1000")
        await reader.pilot.press("enter")
        await reader.pilot.pause()
        await reader.press("escape")
        assert isinstance(reader.app.screen, PipeScreen)
        assert any("Stopped." in line for line in reader.lines())
        await reader.press("escape")
        assert reader.is_on_main_screen


async def test_text_only_ever_reaches_a_command_by_standard_input() -> None:
    outcome = await run_command('cat; echo "$#"', "$(touch /tmp/x); `id`\n", {})
    assert outcome.output == "$(touch /tmp/x); `id`\n0\n"
    assert outcome.status == 0


async def test_a_command_that_reads_nothing_and_prints_without_end_is_cut() -> None:
    outcome = await run_command("yes", "x" * 10_000_000, {})
    assert outcome.is_cut
    assert len(outcome.output) == LONGEST_OUTPUT


async def test_cancelling_ends_the_children_of_a_command_too(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    task = asyncio.create_task(run_command(f"sleep 1000 & echo $! > {file}; wait", "", {}))
    while not (file.exists() and file.read_text().strip()):
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    stat = Path(f"/proc/{file.read_text().strip()}/stat")
    async with asyncio.timeout(10):
        while stat.exists() and stat.read_text().split()[2] != "Z":
            await asyncio.sleep(0.01)


async def test_print_leaves_and_names_the_release() -> None:
    async with open_reader() as reader:
        await reader.press("n", "P")
        assert reader.screen.printed == [reader.screen.shown.headline.id]  # type: ignore[union-attr]
        assert reader.app._exit
        assert reader.app.return_code == 0


async def test_enter_picks_a_release_when_one_is_to_be_picked() -> None:
    async with open_reader(is_picking=True) as reader:
        assert any("Enter prints" in line for line in reader.lines())
        await reader.press("n", "enter")
        assert len(reader.screen.printed) == 1
        assert reader.app._exit


async def test_quitting_works_from_everywhere() -> None:
    for keys in ("q", "enter q", "slash x ctrl+q", "question_mark ctrl+q", "vertical_line ctrl+q"):
        async with open_reader() as reader:
            await reader.press(*keys.split())
            assert reader.app._exit
            assert reader.app.return_code == 0


async def test_the_reader_can_be_stopped_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_reader() as reader:
        stopped: list[bool] = []
        monkeypatch.setattr(reader.app, "action_suspend_process", lambda: stopped.append(True))
        await reader.press("ctrl+z")
        assert stopped == [True]


@pytest.mark.parametrize("size", [(80, 24), (40, 24)])
async def test_a_warning_is_shown_whole_however_long_it_is(size: tuple[int, int]) -> None:
    warning = (
        "The marks could not be kept: the disk is full. Free some space, then mark the release again; nothing else."
    )
    async with open_reader(size=size) as reader:
        reader.screen.say(warning, is_warning=True)
        await reader.settle()
        rows = reader.screen.status.size.height
        assert " ".join(" ".join(reader.lines()[-rows:]).split()) == warning
        reader.screen.say("")
        await reader.settle()
        assert reader.screen.status.size.height == 1
        reader.screen.say("word " * 200)
        await reader.settle()
        assert reader.lines()[-1].endswith("…")


@pytest.mark.parametrize("width", [80, 40, 30, 20, 5])
async def test_where_it_is_narrow_the_last_line_keeps_what_is_needed_most(width: int) -> None:
    needed = ["? Help", "q Quit", "/ Filter", "Space Read on", "Tab Next unread", "s Star"]
    async with open_reader(size=(width, 24)) as reader:
        line = reader.lines()[-1]
        shown = [word in line for word in needed]
        assert shown == sorted(shown, reverse=True)
        assert shown.count(True) == {80: 6, 40: 4, 30: 3, 20: 2, 5: 0}[width]


async def test_a_click_on_a_key_of_the_last_line_does_what_the_key_does() -> None:
    async with open_reader() as reader:
        await reader.pilot.click("#status", offset=(reader.lines()[-1].index("Star"), 0))
        await reader.settle()
        assert len(reader.screen.marking.starred) == 1
        await reader.press("slash")
        await reader.type("nato")
        await reader.pilot.click("#status", offset=(reader.lines()[-1].index("Results"), 0))
        await reader.settle()
        assert reader.screen.release_tree.has_focus


async def test_the_last_line_names_only_keys_that_do_now_what_it_says() -> None:
    async with open_reader(size=(120, 36)) as reader:
        assert "/ Filter" in reader.lines()[-1]
        assert "O Outline" in reader.lines()[-1]
        assert reader.lines()[-1].endswith("t by source")
        await reader.press("w")
        assert "/ Find" in reader.lines()[-1]
        await reader.press("escape", "slash")
        assert reader.lines()[-1].split() == ["Enter", "Results", "Esc", "Back", "by", "source"]


async def test_a_click_on_the_grouping_turns_it() -> None:
    async with open_reader() as reader:
        await reader.pilot.click("#status", offset=(reader.lines()[-1].index("by source"), 0))
        await reader.settle()
        assert reader.lines()[-1].endswith("by month")


async def test_copying_in_the_filter_bar_takes_only_what_is_selected_there() -> None:
    async with open_reader() as reader:
        await reader.filter("nato cyber")
        await reader.press("ctrl+c")
        assert reader.app.clipboard == ""
        await reader.press("shift+left", "shift+left", "ctrl+c")
        assert reader.app.clipboard == "er"


async def test_lines_that_are_pasted_into_the_filter_bar_become_one() -> None:
    async with open_reader() as reader:
        await reader.press("slash")
        reader.app.post_message(Paste("nato\r\ncyber\n\x1b[31m"))
        await reader.settle()
        assert reader.screen.filter_bar.text == "nato cyber ␛[31m"


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp437", "utf-8"])
def test_where_a_stream_lacks_a_character_a_plain_one_takes_each_of_its_cells(encoding: str) -> None:
    text = "▏● Zé中文 “x” … 👨\u200d👩\u200d👧! ☎\ufe0f 🇩🇪 z\u0308 ★▾│╭"
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")
    written = encoder(stream)(text).decode(encoding)
    assert cell_width(written) == cell_width(text)
    assert "\\" not in written
    assert (written == text) == (encoding == "utf-8")


async def test_the_theme_is_remembered() -> None:
    async with open_reader() as reader:
        reader.app.theme = "gruvbox"
        await reader.settle()
        assert reader.marks.recall("theme") == "gruvbox"


async def test_a_theme_that_there_is_not_is_passed_over() -> None:
    async with open_reader(theme="no-such-theme") as reader:
        assert reader.app.theme in reader.app.available_themes


async def test_every_theme_can_be_used() -> None:
    async with open_reader() as reader:
        for theme in reader.app.available_themes:
            reader.app.theme = theme
            await reader.pilot.pause(0)


async def test_the_palette_lists_the_commands_that_can_be_used() -> None:
    async with open_reader() as reader:
        provider = CommandProvider(reader.screen)
        titles = [str(hit.text) async for hit in provider.discover()]
        assert "Star  (s)" in titles
        assert "Redo  (Ctrl+R)" in titles
        hits = [hit async for hit in provider.search("theme")]
        assert any("Theme" in str(hit.text) for hit in hits)
        await reader.press("ctrl+p")
        assert isinstance(reader.app.screen, CommandPalette)
        await reader.press("escape")
        star = next(command for command in COMMANDS if command.id == "toggle-star")
        reader.screen.run(star)
        await reader.settle()
        assert len(reader.screen.marking.starred) == 1


async def test_a_page_down_in_a_palette_that_is_not_laid_out_yet_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_reader() as reader:
        await reader.press("ctrl+p")
        commands = reader.app.screen.query_one(CommandList)
        monkeypatch.setattr(CommandList, "_update_lines", lambda self: None)
        commands._index_to_line.clear()
        commands.highlighted = 0
        await reader.press("pagedown", "escape")
        assert reader.is_on_main_screen


async def test_the_palette_tells_of_no_command_that_it_is_in_its_way() -> None:
    async with open_reader() as reader:
        await reader.press("ctrl+p")
        hits = {str(hit.text): str(hit.help) async for hit in CommandProvider(reader.screen).discover()}
        assert hits["Filter  (/)"].startswith("Type a query")
        assert hits["Command  (:)"].startswith("Type a command")
        await reader.type("filter")
        await reader.press("enter")
        assert reader.screen.filter_bar.is_editing


async def test_our_own_themes_come_first_and_that_of_now_is_named() -> None:
    async with open_reader() as reader:
        own = [theme.name for theme in OWN_THEMES]
        hits = [hit async for hit in ThemeProvider(reader.screen).discover()]
        assert [str(hit.text) for hit in hits[:3]] == own
        assert [str(hit.text) for hit in hits if hit.help] == [reader.app.theme]
        await reader.press("T")
        await reader.type("contrast")
        await reader.press("enter")
        assert reader.app.theme == "newsreader-contrast"


async def test_without_colours_the_palette_shows_where_its_cursor_is() -> None:
    async with open_reader(theme="ansi-dark") as reader:
        await reader.press("T", "down")
        rows = reader.app.screen.query_one(CommandList)
        styles = [list(rows.render_line(row))[1].style for row in range(4)]
        assert rows.highlighted == 1
        assert [bool(style and style.underline) for style in styles].count(True) == 1


async def test_copying_takes_the_selection_else_the_whole_release() -> None:
    async with open_reader() as reader:
        await reader.press("y")
        assert reader.app.clipboard.startswith("Eurojust and Council of Europe co-host workshop")
        reader.screen.selections = {reader.screen.page: Selection(Offset(0, 0), Offset(8, 0))}
        await reader.press("y")
        assert reader.app.clipboard.strip() == "Eurojust"


async def test_the_sample_says_that_it_is_one() -> None:
    async with open_reader(is_sample=True) as reader:
        assert any("Sample digests." in line for line in reader.lines())


async def test_a_tree_of_plain_signs_has_no_character_beyond_ascii_of_its_own(tmp_path: Path) -> None:
    from newsreader.ui.tree_rows import ASCII_SIGNS

    path = tmp_path / "a.txt"
    path.write_text(digest(("Beta", "Zed", "On 2 October it rained."), ("Gamma", "Zed", "It is 1 October 2024.")))
    async with open_reader(path) as reader:
        reader.screen.release_tree._signs = ASCII_SIGNS
        reader.screen.release_tree.refresh()
        await reader.press("s")
        rows = range(reader.screen.release_tree.row_count)
        text = "".join(segment.text for y in rows for segment in reader.screen.release_tree.render_line(y))
        assert text.isascii()


@pytest.mark.parametrize("theme", ["nord", "catppuccin-latte"])
async def test_what_is_to_be_read_stands_out_from_its_ground(theme: str) -> None:
    async with open_reader(theme=theme) as reader:
        await reader.press("j", "j", "r")
        tree, status = reader.screen.release_tree, reader.screen.status
        strips = [*(tree.render_line(y) for y in range(tree.size.height)), status.render_line(0)]
        for segment in (segment for strip in strips for segment in strip if segment.text.strip()):
            assert segment.style is not None
            assert segment.style.color is not None
            assert segment.style.bgcolor is not None
            colours = (Color.from_rich_color(segment.style.color), Color.from_rich_color(segment.style.bgcolor))
            assert contrast(*colours) > 4.0, segment.text


def contrast(first: Color, second: Color) -> float:
    """The ratio of https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio, from 1 to 21."""
    low, high = sorted(luminance(colour) for colour in (first, second))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_the_screen_is_told_as_it_stands() -> None:
    told = re.findall(r"^\d\. `(\w+)`", ui.__doc__ or "", re.MULTILINE)
    stands = [
        each.__module__.rpartition(".")[2] for each in MainScreen.__mro__ if each.__module__.startswith("newsreader")
    ]
    assert told == [module for module in reversed(stands) if module.endswith("_screen")]
