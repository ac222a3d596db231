from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date as Day
from pathlib import Path

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.archive import Archive
from newsreader.commands import COMMANDS
from newsreader.line_reader import ORDERS, LineReader, describe_unknown, find_order
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.models import Mark
from newsreader.query import parse
from newsreader.text import cell_width, clean_line
from tests.conftest import NOW, SEEDS
from tests.ui_kit import digest


def read(*lines: str, path: Path = SEEDS, marks: Marks | None = None, rows: int = 24, filter: str = "") -> list[str]:
    """What the reader says when these lines are typed, with the prompts."""
    marks = marks or Marks(None, clock=lambda: NOW)
    archive = Archive(None, marks.uri)
    refresh(archive, Library((str(path),)))
    said: list[str] = []
    typed: Iterator[str] = iter(lines)

    def ask(prompt: str) -> str | None:
        line = next(typed, None)
        said.append(f"{prompt}{clean_line(line or '')}\n")
        return line

    reader = LineReader(
        archive, marks, archive.find, lambda text: parse(text, today=Day(2024, 10, 10)), ask, said.append,
        size=lambda: (80, rows),
    )  # fmt: skip
    reader.run(filter)
    archive.close()
    return "".join(said).splitlines()


def test_marks_that_cannot_be_written_are_held_told_and_written_as_soon_as_possible(tmp_path: Path) -> None:
    path = tmp_path / "marks.db"
    marks = Marks(path, clock=lambda: NOW)
    orders = iter(["s 1", "s 2-3", "l", "free", "n"])
    said: list[str] = []

    def ask(prompt: str) -> str | None:
        order = next(orders, None)
        if order == "free":
            Path(f"{path}-journal").rmdir()
        elif order == "s 1":
            Path(f"{path}-journal").mkdir()  # which SQLite cannot write
        said.append(f"> {order}")
        return order

    archive = Archive(None, marks)
    refresh(archive, Library((str(SEEDS),)))
    reader = LineReader(
        archive, marks, archive.find, lambda text: parse(text, today=Day(2024, 10, 10)), ask, said.append,
        size=lambda: (200, 24),
    )  # fmt: skip
    reader.run()
    text = " ".join("".join(said).split())
    assert text.count("the marks cannot be used, as") == 1
    assert text.count("What you mark is held until it can be written.") == 1
    assert "1 release is starred now." in text
    assert "Not written yet: 1 change of a mark." in text
    assert "2 releases are starred now. Not written yet: 3 changes of marks." in text
    assert text.index("> free") < text.index("The marks can be used again; all are written.")
    assert marks.close() == ""
    archive.close()
    with closing(Marks(path, clock=lambda: NOW)) as others:
        assert ids(others, Mark.STARRED) == 3


def ids(marks: Marks, kind: Mark) -> int:
    return sum(f'"{kind}"' in line and '"set": true' in line for line in marks.export())


def test_it_begins_with_a_list_of_numbered_releases_and_says_what_to_do() -> None:
    lines = read()
    assert lines[0] == "49 releases."
    assert lines[1].startswith("1. ")
    assert lines[1:3] == [lines[1], "unread."]
    assert lines[-2] == "Type a number to read, Enter to go on, ? for help, q to leave."
    assert lines[-1] == "49> "


def test_a_title_that_ends_like_a_sentence_gets_no_second_full_stop() -> None:
    text = "\n".join(read("/title:what"))
    assert "What is a NATO Secretary General? NATO," in text


def test_enter_goes_on_with_the_list_and_the_list_ends_with_a_word() -> None:
    lines = read(*[""] * 5)
    assert [line for line in lines if line[:1].isdecimal() and ". " in line][-1].startswith("49. ")
    assert lines[-2] == "No more releases."


def test_a_number_reads_a_release_to_its_end_which_makes_it_read() -> None:
    marks = Marks(None, clock=lambda: NOW)
    lines = read("3", *[""] * 30, marks=marks, rows=12)
    assert "3 of 49> " in "\n".join(lines)
    assert any(line == "End. Enter reads the next unread release." for line in lines)
    assert ids(marks, Mark.READ) >= 1
    few = Marks(None, clock=lambda: NOW)
    assert read("3", marks=few, rows=4)[-1] == "more> "
    assert ids(few, Mark.READ) == 0


def test_no_line_is_wider_than_the_screen_nor_drawn_with_boxes() -> None:
    lines = read("1", "", "", "n", "", "p", "?", rows=200)
    assert max(map(cell_width, map(clean_line, lines))) < 80
    assert not set("".join(lines)) & set("│─▏▾▸●★✓≈╭╮╰╯")


def test_marks_are_set_for_one_for_several_and_for_all_and_taken_back() -> None:
    marks = Marks(None, clock=lambda: NOW)
    lines = read("s", "s 2", "r 1-3", "u all", "r all", "undo", "U", "redo", "redo", "redo", "s 99", "s x", marks=marks)
    said = [line for line in lines if not line.startswith("49>")]
    said = said[said.index("Type a number to read, Enter to go on, ? for help, q to leave.") + 1 :]
    assert said == [
        "Which one? Type its number behind the word, or read it first.",
        "1 release is starred now.",
        "3 releases are read now.",
        "3 releases are unread now.",
        "49 releases are read now.",
        "Taken back: 49 releases read.",
        "Taken back: 3 releases unread.",
        "Done again: 3 releases unread.",
        "Done again: 49 releases read.",
        "Nothing was taken back before.",
        "There is none.",
        "“x” is no number; say 3, 3-7 or all.",
    ]
    assert ids(marks, Mark.READ) == 49


def test_a_filter_lists_what_it_finds_and_a_wrong_one_changes_nothing() -> None:
    lines = read("/source:eurojust", "/date:soon", "/zzzz", "/", "sources")
    text = "\n".join(lines)
    assert "3 releases." in text
    assert "The filter is as it was.\n3> /zzzz" in text
    assert "Nothing matches. / alone shows all.\n0> /" in text
    assert any(line.startswith("Eurojust: 3, 3 unread.") for line in lines)
    assert read(filter="source:eurojust")[0] == "3 releases."


def test_an_empty_library_tells_the_next_step(tmp_path: Path) -> None:
    lines = read("", "n", "1", "s", "all", path=tmp_path)
    assert lines[1].startswith("No releases here.")


def test_what_is_typed_wrong_tells_the_nearest() -> None:
    assert describe_unknown("strar") == "“strar” is nothing that can be done. Did you mean star?"
    assert find_order("und") == "undo"
    assert find_order("mark") == ""


def test_a_letter_does_the_same_as_in_the_reader_on_the_whole_screen() -> None:
    keys = {command.name: command.keys.split(",") for command in COMMANDS}
    for order in ORDERS:
        if order.name in keys and order.letter.isalpha():
            assert order.letter in keys[order.name], order


@given(st.lists(st.text(max_size=8) | st.sampled_from([order.letter for order in ORDERS]), max_size=6))
def test_whatever_is_typed_it_goes_on_and_says_nothing_unclean(lines: list[str]) -> None:
    said = read(*(line.replace("\n", " ") for line in lines), path=SEEDS / sorted(os.listdir(SEEDS))[0])
    assert not [line for line in said if any(character < " " or "\x7f" <= character < "\xa0" for character in line)]


def test_titles_that_would_steer_the_terminal_are_clean(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(digest(("Red \x1b[31m", "Z\x07", "It is \x1b]0;x\x07 2 October 2024.")))
    text = "\n".join(read("1", "sources", path=tmp_path))
    assert "\x1b" not in text
    assert "\x07" not in text


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_it_runs_on_any_terminal_and_writes_no_control_sequence(term: str) -> None:
    process = pexpect.spawn(
        sys.executable, ["-m", "newsreader", "--plain", str(SEEDS)], env={**os.environ, "TERM": term}, encoding="utf-8"
    )
    process.expect("q to leave")
    process.expect("49> ")
    process.sendline("s 1")
    process.expect("1 release is starred now")
    process.sendline("1")
    process.expect("(more|1 of 49)> ")
    assert "\x1b" not in (process.before or "")
    process.sendeof()
    process.expect(pexpect.EOF)
    process.close()
    assert process.exitstatus == 0


def test_nothing_of_it_imports_the_drawn_reader() -> None:
    import subprocess

    program = "import sys, newsreader.line_reader; print({'textual', 'rich', 'asyncio'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.strip() == "set()"


def test_all_is_all_that_the_filter_lists() -> None:
    marks = Marks(None, clock=lambda: NOW)
    read("/source:eurojust", "r all", marks=marks)
    assert ids(marks, Mark.READ) == 3
