"""Links on the page: live for the terminal, and opened only after the reader saw where they lead."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from rich.color import ColorSystem

from newsreader.config import Config
from newsreader.ui.choice_screen import ChoiceList
from newsreader.ui.opening import open_link
from tests.ui_kit import Reader, digest, open_reader

BODY = "See www.nato.int or https://a.example/x?y=1 for more, or write to press@b.example, or to nobody at all.\n\n" * 2


def talks(folder: Path, body: str) -> Path:
    path = folder / "talks.txt"
    path.write_text(digest(("Talks", "Europol", body)), encoding="utf-8")
    return path


def opener(folder: Path, status: int = 0) -> tuple[tuple[str, ...], Path]:
    """A command that writes its arguments down."""
    program = (
        "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('|'.join(sys.argv[2:])); sys.exit(int(sys.argv[2]))"
    )
    return (sys.executable, "-c", program, str(folder / "opened"), str(status)), folder / "opened"


def urls(reader: Reader) -> set[str]:
    page = reader.screen.page
    strips = [page.render_line(y) for y in range(page.size.height)]
    return {segment.style.link for strip in strips for segment in strip if segment.style and segment.style.link}


async def test_links_are_links_for_the_terminal_too(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, BODY)) as reader:
        assert urls(reader) == {"https://www.nato.int", "https://a.example/x?y=1", "mailto:press@b.example"}


async def test_a_link_that_needs_several_rows_is_whole_in_each(tmp_path: Path) -> None:
    long = "https://a.example/" + "part/" * 40
    async with open_reader(talks(tmp_path, f"See {long} for more.")) as reader:
        assert urls(reader) == {long}


async def test_no_escape_sequence_of_ours_can_be_ended_by_a_release(tmp_path: Path) -> None:
    body = (
        "https://a.example/\x1b]8;;https://evil.example\x07x\x9c\x1b\\y www.b.example\u202e/z https://c.example;id=1\n"
    )
    async with open_reader(talks(tmp_path, body)) as reader:
        page = reader.screen.page
        written = "".join(
            segment.style.render(segment.text, color_system=ColorSystem.TRUECOLOR)
            for y in range(page.size.height)
            for segment in page.render_line(y)
            if segment.style
        )
        rest = re.sub(r"\x1b\]8;(?:id=\d+)?[^;\x1b]*;(?:(?:https?|mailto):[!-~]+)?\x1b\\", "", written)
        assert not re.search(r"[\x00-\x08\x0e-\x1a\x7f-\x9f\u202e]", rest)
        assert "\x1b]" not in rest
        shown = re.findall(r"\x1b\]8;[^;]*;(\S+?)\x1b\\(?:\x1b\[[\d;]*m)?(\S+?)(?:\x1b\[0m)?\x1b\]8", written)
        assert {url for url, text in shown if text.startswith("https://a.")} == {"https://a.example/"}


async def test_the_host_is_shown_and_a_letter_opens_the_link(tmp_path: Path) -> None:
    command, opened = opener(tmp_path)
    async with open_reader(talks(tmp_path, BODY), config=Config(read_after=-1, opener=command)) as reader:
        await reader.press("o")
        shown = "\n".join(reader.lines())
        assert "Open one of 6 links" in shown
        assert re.search(r"s +a\.example +https://a\.example/x\?y=1", shown)
        assert not opened.exists()
        await reader.press("s")
        assert opened.read_text() == "0|https://a.example/x?y=1"
        assert reader.is_on_main_screen
        assert reader.screen.status.message == "Opening a.example …"


async def test_enter_opens_the_first_link_on_the_screen_and_escape_none(tmp_path: Path) -> None:
    command, opened = opener(tmp_path)
    body = BODY + "word\n\n" * 60 + "www.last.example\n\n" + "word\n\n" * 60
    async with open_reader(talks(tmp_path, body), config=Config(read_after=-1, opener=command)) as reader:
        await reader.press("o", "escape")
        assert not opened.exists()
        await reader.press("w", "space", "o")
        assert reader.app.screen.query_one(ChoiceList).cursor == 6
        await reader.press("enter")
        assert opened.read_text() == "0|https://www.last.example"


async def test_a_host_in_disguise_is_told(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, "See www.nаto.int now."), size=(120, 30)) as reader:
        await reader.press("o")
        assert "www.xn--nto-6cd.int  written in letters that look like others" in "\n".join(reader.lines())


async def test_a_release_without_links_says_so(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, "None.")) as reader:
        await reader.press("o")
        assert reader.screen.status.message == "This release has no links."


async def test_a_click_on_a_link_shows_where_it_leads(tmp_path: Path) -> None:
    command, opened = opener(tmp_path)
    async with open_reader(talks(tmp_path, BODY), config=Config(read_after=-1, opener=command)) as reader:
        row = next(y for y, line in enumerate(reader.lines()) if "www.nato.int" in line)
        column = reader.lines()[row].index("www.nato.int")
        await reader.pilot.click(offset=(column + 2, row))
        await reader.settle()
        assert "Open a link" in "\n".join(reader.lines())
        assert not opened.exists()


async def test_what_hinders_is_told_in_a_sentence(tmp_path: Path) -> None:
    assert "There is no program /nowhere/x to open links with." in await open_link(("/nowhere/x",), "https://a.example")
    command, _ = opener(tmp_path, status=3)
    assert "could not open it (status 3)" in await open_link(command, "https://a.example")
    (tmp_path / "no").write_text("")
    (tmp_path / "no").chmod(0o755)
    assert "cannot be run" in await open_link((str(tmp_path / "no"),), "https://a.example")


@pytest.mark.parametrize("url", ["https://a.example/$(id)", "https://a.example/;id", "https://a.example/'"])
async def test_no_shell_sees_a_link(tmp_path: Path, url: str) -> None:
    command, opened = opener(tmp_path)
    assert await open_link(command, url) == ""
    assert opened.read_text() == f"0|{url}"
