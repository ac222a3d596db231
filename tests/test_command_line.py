from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from textual.app import ScreenStackError
from textual.events import Key
from textual.message import Message
from textual.widgets import Input

from newsreader.archive import Archive
from newsreader.config import Config
from newsreader.loader import Library
from newsreader.marks import Marks
from newsreader.models import Mark
from newsreader.ui.app import ReaderApp
from newsreader.ui.command_line import MOST_REMEMBERED
from newsreader.ui.desk import Desk
from newsreader.ui.help_screen import HelpScreen
from newsreader.ui.palette import CommandProvider
from newsreader.ui.pipe_screen import PipeScreen
from tests.conftest import NOW, SEEDS
from tests.test_ui_reading import FIRST
from tests.ui_kit import Reader, digest, open_reader


async def give(reader: Reader, text: str) -> None:
    """Type a command and run it."""
    await reader.press("colon")
    await reader.type(text)
    await reader.press("enter")


def text_of(reader: Reader) -> str:
    return reader.screen.query_one("#command-line", Input).value


async def test_a_command_is_run_by_its_name_in_the_pane_that_it_is_for() -> None:
    async with open_reader() as reader:
        await give(reader, "star")
        assert reader.marks_of(FIRST) == {Mark.STARRED}
        await give(reader, "undo-mark")
        assert reader.marks_of(FIRST) == set()
        await reader.press("enter")
        await give(reader, "bottom")
        tree = reader.screen.release_tree
        assert tree.has_focus
        assert tree.cursor == tree.row_count - 1
        await give(reader, "help")
        assert isinstance(reader.app.screen, HelpScreen)


async def test_an_argument_goes_to_the_command() -> None:
    async with open_reader() as reader:
        await give(reader, "filter source:eurojust")
        assert reader.filter_result == "3 of 49"
        assert reader.screen.release_tree.has_focus
        await give(reader, "filter")
        assert reader.screen.filter_bar.is_editing
        await reader.press("escape")
        await give(reader, "theme dracula")
        assert reader.app.theme == "dracula"
        await give(reader, "pipe wc -l")
        assert isinstance(reader.app.screen, PipeScreen)
        assert any("exit status 0" in line for line in reader.lines())


async def test_what_cannot_be_done_is_said() -> None:
    async with open_reader() as reader:
        for text, told in (
            ("strar", "There is no command “strar”. Did you mean “star”?"),
            ("theme nrod", "There is no theme “nrod”. Did you mean “nord”?"),
            ("star now", "Nothing can follow the command star."),
            ("filter date:soon", ""),
        ):
            await give(reader, text)
            assert reader.screen.status.message == told or not told
            assert reader.screen.release_tree.has_focus
        assert not reader.screen.marking.starred


async def test_a_name_is_completed_and_the_choices_are_shown() -> None:
    async with open_reader(size=(120, 24)) as reader:
        await reader.press("colon")
        assert "copy" in reader.lines()[-1]
        await reader.type("mark")
        assert "mark-read  mark-unread" in reader.lines()[-1]
        await reader.press("tab", "tab")
        assert text_of(reader) == "mark-unread"
        assert "Mark the release, the group or the selection as unread." in reader.lines()[-1]
        await reader.type("theme dra")
        await reader.press("tab")
        assert text_of(reader) == "theme dracula"


async def test_commands_are_found_again_and_remembered() -> None:
    async with open_reader() as reader:
        await give(reader, "star")
        await give(reader, "down")
        await give(reader, "star")
        await reader.press("colon", "x", "up", "up")
        assert text_of(reader) == "down"
        await reader.press("down", "down", "down")
        assert text_of(reader) == "x"
        await reader.screen.leave()
        async with open_reader(marks=reader.marks) as again:
            await again.press("colon", "up")
            assert text_of(again) == "star"
        for number in range(100):
            reader.screen.command_line.note(f"filter {number}")
        assert len(reader.screen.command_line.history) == MOST_REMEMBERED


async def test_a_command_that_was_mistyped_is_found_again_to_be_mended() -> None:
    async with open_reader() as reader:
        await give(reader, "thme newsreader-light")
        await reader.press("colon", "up")
        assert text_of(reader) == "thme newsreader-light"


async def test_remembered_commands_that_nobody_wrote_so_are_passed_over() -> None:
    for text in ("[", "3", '["a\\u001b[31m", 3]', "[" * 100_000):
        async with open_reader(prepare=lambda _, marks, text=text: marks.remember("commands", text)) as reader:  # type: ignore[misc]
            await reader.press("colon", "up")
            assert "\x1b" not in text_of(reader)


async def test_escape_and_deleting_in_the_empty_line_lead_back() -> None:
    async with open_reader() as reader:
        for keys in ("enter colon escape", "colon a backspace backspace"):
            await reader.press(*keys.split())
            assert not reader.screen.command_line.is_open
            assert "Quit" in reader.lines()[-1]
            assert reader.screen.page.has_focus or reader.screen.release_tree.has_focus
            await reader.press("escape")


async def test_keys_typed_behind_a_command_are_for_what_it_leads_to() -> None:
    async with open_reader() as reader:
        keys = [("colon", ":"), *((each, each) for each in "star"), ("enter", "\r"), ("j", "j"), ("j", "j"), ("r", "r")]
        for key, character in keys:
            reader.app.post_message(Key(key, character))
        for _ in range(500):
            await reader.settle()
            if reader.screen.marking.read:
                break
        assert reader.marks_of(FIRST) == {Mark.STARRED}
        assert len(reader.screen.marking.read) == 1
        assert reader.screen.release_tree.cursor == 4


async def test_keys_that_come_while_a_screen_opens_are_not_typed_into_its_line() -> None:
    marks = Marks(None, clock=lambda: NOW)
    archive = Archive(None, marks.uri)
    app = ReaderApp(Desk(Library((str(SEEDS),)), archive, marks, Config(read_after=-1), lambda: NOW), "")
    focused: list[object] = []

    def note(message: Message) -> None:
        with suppress(ScreenStackError):  # before the first screen
            focused.append(app.screen.focused)

    async with app.run_test(message_hook=note) as pilot:
        await pilot.pause()
        assert not [widget for widget in focused if isinstance(widget, Input)]
        focused.clear()
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        assert not [widget for widget in focused if isinstance(widget, Input)]
        await app.main_screen.leave()
    archive.close()


async def test_a_colon_is_text_where_text_is_typed() -> None:
    async with open_reader() as reader:
        await reader.press("slash", "a", "colon")
        assert reader.screen.filter_bar.text == "a:"
        await reader.press("escape", "vertical_line", "colon")
        assert not reader.screen.command_line.is_open


async def test_the_palette_tells_what_each_command_does_now(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        digest(("Be[b]ta[/x]", "Z[/]ed", "It is 2 October 2024."), ("Gamma", "Zed", "It is 1 October 2024."))
    )
    async with open_reader(path) as reader:

        async def helps() -> dict[str, str]:
            hits = [hit async for hit in CommandProvider(reader.screen).discover()]
            return {str(hit.text): str(hit.help) for hit in hits}

        told = await helps()
        assert told["Star  (s)"] == "Star the release."
        assert told["Undo  (U)"] == "Nothing to take back now."
        assert told["Line down  (j ↓)"] == "One line down."
        await reader.press("s")
        told = await helps()
        assert told["Star  (s)"] == "Take the star from the release."
        assert told["Undo  (U)"] == "Take back: 1 release starred."
        await reader.press("A")
        assert (await helps())["Mark read  (r)"] == "Mark the 2 releases that are selected as read."
        await reader.press("ctrl+p", *"group")
        assert any("Group before  (K [)" in line for line in reader.lines())
