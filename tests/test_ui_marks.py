"""Marks in the reader that others change or that cannot be written: seen at once, held, said, and never lost."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from newsreader.marks import Marks
from newsreader.models import Mark
from newsreader.query import All
from newsreader.session import marks_path
from newsreader.ui.main_screen import POLL_SECONDS
from tests.conftest import NOW, PROJECT, SEEDS
from tests.terminal import Terminal
from tests.ui_kit import Reader, open_reader, wait_until

READ, STARRED = Mark.READ, Mark.STARRED


@pytest.fixture
def path(own_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("newsreader.marks.HOLDING_SECONDS", 0.05)
    monkeypatch.setattr("newsreader.marks.RETRY_SECONDS", 0.05)
    return Path(marks_path())


def open_marks(path: Path) -> Marks:
    return Marks(path, clock=lambda: NOW)


def all_ids(reader: Reader) -> list[str]:
    return reader.archive.ids(reader.archive.places(All()))


async def test_marks_of_another_program_show_up_within_a_second_and_move_nothing(path: Path) -> None:
    assert POLL_SECONDS < 1
    async with open_reader(marks=open_marks(path)) as reader:
        await reader.press("j", "j", "j", "enter", "pagedown")
        cursor, scroll = reader.cursor_title, reader.screen.page.scroll_offset
        lines = reader.lines()[2:-1]
        ids = all_ids(reader)[20:30]
        with closing(open_marks(path)) as other:
            other.change(ids, READ, True)
        await wait_until(lambda: reader.filter_result == "39 unread of 49")
        assert reader.cursor_title == cursor
        assert reader.screen.page.scroll_offset == scroll
        assert [line[33:] for line in reader.lines()[2:-1]] == [line[33:] for line in lines], "the page flickers"


async def test_marks_of_the_command_line_show_up(path: Path) -> None:
    async with open_reader(marks=open_marks(path)) as reader:
        command = [sys.executable, "-m", "newsreader", "mark", "read", "source:europol", "-f", str(SEEDS)]
        process = await asyncio.create_subprocess_exec(*command, cwd=PROJECT, stderr=subprocess.PIPE)
        assert b"9 releases are now read" in (await process.communicate())[1]
        await wait_until(lambda: reader.filter_result == "40 unread of 49")


async def test_marks_that_a_lock_keeps_out_are_shown_counted_and_written_after_it(path: Path) -> None:
    async with open_reader(marks=open_marks(path), size=(120, 30)) as reader:
        await reader.press("j", "j")
        title = reader.cursor_title
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await reader.press("s")
            assert "another program holds it locked" in reader.screen.status.message
            assert "What you mark is held until it can be written." in reader.screen.status.message
            assert reader.marks_of(title) == {STARRED}
            assert any("★" in line for line in reader.lines())
            reader.screen.status.show_message("")
            await reader.settle()
            assert reader.lines()[-1].startswith(" 1 not written ")
            await reader.filter("is:starred")
            assert reader.titles == [title]
            await reader.press("escape")
            other.execute("ROLLBACK")
        await wait_until(lambda: "The marks can be used again" in reader.screen.status.message)
        reader.screen.status.show_message("")
        await reader.settle()
        assert "not written" not in reader.lines()[-1]
        assert reader.marks_of(title) == {STARRED}
        with closing(open_marks(path)) as found:
            assert STARRED in {mark for marks in found.of(all_ids(reader)).values() for mark in marks}
        await reader.filter("is:starred")
        assert reader.titles == [title]


async def test_spoiled_marks_are_said_and_what_is_marked_is_written_once_they_are_restored(path: Path) -> None:
    with closing(open_marks(path)) as marks:
        marks.change(["ab"], READ, True)
    good = path.read_bytes()
    path.write_bytes(b"nonsense" * 99)
    async with open_reader(marks=open_marks(path)) as reader:
        await wait_until(lambda: "newsreader marks restore" in reader.screen.status.message)
        await reader.press("j", "j", "r")
        title = reader.cursor_title
        assert reader.filter_result == "48 unread of 49"
        assert path.read_bytes() == b"nonsense" * 99
        path.write_bytes(good)
        await wait_until(lambda: not reader.marks.problem)
        await reader.settle()
        assert reader.filter_result == "48 unread of 49"
        assert reader.marks_of(title) == {READ}
    with closing(open_marks(path)) as marks:
        assert marks.of(["ab"])["ab"] == {READ}


async def test_marks_that_are_emptied_while_reading_stop_nothing(path: Path) -> None:
    with closing(open_marks(path)) as marks:
        async with open_reader(marks=marks) as reader:
            await reader.press("j", "j", "s")
            path.write_bytes(b"")
            await reader.filter("is:starred")
            await wait_until(lambda: "cannot be used" in marks.problem)
            await reader.press("escape", "escape", "j", "j", "r")
            assert reader.is_on_main_screen
            assert reader.archive.count(All()) == 49
    assert path.read_bytes() == b""
    assert list(path.parent.glob("*unwritten*"))


async def test_damage_that_is_met_while_reading_stops_nothing_and_spares_the_archive(path: Path) -> None:
    with closing(open_marks(path)) as marks:
        marks.change((f"{number:016x}" for number in range(3000)), READ, True)
    async with open_reader(marks=open_marks(path)) as reader:
        content = bytearray(path.read_bytes())
        content[4096:] = b"\x55" * (len(content) - 4096)
        path.write_bytes(content)
        with sqlite3.connect(path) as other:  # others see that something has changed
            other.execute("PRAGMA user_version = 1")
        await reader.press("j", "j", "j", "s", "n", "n")
        await wait_until(lambda: "damaged" in reader.marks.problem)
        await reader.filter("is:unread")
        assert len(reader.titles) >= 45
        assert reader.archive.count(All()) == 49
        assert path.read_bytes()[4096:] == bytes(content)[4096:]


def test_leaving_with_marks_unwritten_says_where_they_are_and_the_next_start_writes_them(path: Path) -> None:
    with closing(open_marks(path)) as marks:
        marks.change(["ab"], READ, True)
    good = path.read_bytes()
    path.write_bytes(b"nonsense" * 99)
    with Terminal(SEEDS) as terminal:
        terminal.wait_for("49 unread of 49", "newsreader marks restore")
        terminal.send("js")
        terminal.wait_for("★", " not written")
        terminal.send("q")
        assert terminal.wait_for_end() == 3
        said = terminal.raw.decode()
        assert re.search("[23] changes of marks could not be written: kept in ", said)
        assert "taken over as soon as" in said
    (held,) = path.parent.glob("*.unwritten-*.jsonl")
    path.write_bytes(good)
    command = [sys.executable, "-m", "newsreader", "count", "is:starred", "-f", str(SEEDS)]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert int(result.stdout) >= 1
    assert str(held) in result.stderr
    assert not held.exists()
    assert "unwritten" not in subprocess.run(command, cwd=PROJECT, capture_output=True, text=True).stderr


@pytest.mark.parametrize("home", [None, "", "not/absolute", "/dev/null", "/proc/1/nowhere"])
def test_a_home_that_is_none_stops_no_reading(home: str | None, path: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PROJECT)} | ({} if home is None else {"HOME": home})
    if home not in {"/dev/null", "/proc/1/nowhere"}:  # the home of the user database counts; the XDG value is ours
        environment |= {"XDG_DATA_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "newsreader"]
    listed = subprocess.run(
        [*command, "count", "-f", str(SEEDS)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert listed.stdout == "49\n"
    assert "Traceback" not in listed.stderr
    if home in {"/dev/null", "/proc/1/nowhere"}:
        assert listed.returncode == 3
        assert "the marks cannot be used" in listed.stderr
    else:
        assert (listed.returncode, listed.stderr) == (0, "")
        assert (tmp_path / "newsreader" / "marks.db").exists()


def test_a_relative_xdg_value_is_ignored(tmp_path: Path) -> None:
    environment = {"PATH": "/bin", "PYTHONPATH": str(PROJECT), "HOME": str(tmp_path / "home")}
    environment |= {f"XDG_{kind}_HOME": "relative" for kind in ("DATA", "CACHE", "CONFIG")}
    (tmp_path / "home").mkdir()
    command = [sys.executable, "-m", "newsreader", "mark", "read", "*", "-f", str(SEEDS)]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert result.returncode == 0
    assert (tmp_path / "home/.local/share/newsreader/marks.db").exists()
    assert not (tmp_path / "relative").exists()
    shutil.rmtree(tmp_path / "home")


async def test_marks_that_come_while_the_reader_closes_are_taken_quietly() -> None:
    async with open_reader() as reader:
        app, marking = reader.app, reader.screen.marking
    with app._context():
        marking.changed()
