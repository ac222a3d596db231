"""Standard streams: colour, paging, progress, and what they are connected to."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pexpect
import pytest

from newsreader import streams
from newsreader.errors import LibraryError
from newsreader.streams import ProgressLine, may_style, pager_command
from tests.conftest import PROJECT


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_terminal(words: str, **environment: str) -> tuple[str, int | None]:
    """What the program shows on a terminal of 80 columns and 24 rows, and its exit status."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "newsreader", *words.split()],
        cwd=str(PROJECT),
        env={**os.environ, "TERM": "xterm-256color", **environment},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=20,
    )
    shown = child.read()
    child.close()
    return str(shown).replace("\r\n", "\n"), child.exitstatus


@pytest.mark.parametrize(
    ("choice", "environment", "expected"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"TERM": "dumb", "CLICOLOR_FORCE": "1"}, True),
        ("auto", {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"CLICOLOR_FORCE": "1"}, False),
    ],
)
def test_colour_follows_the_option_then_the_environment(
    choice: str, environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Terminal())
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert may_style(choice) is expected


def test_a_pipe_has_no_colour_unless_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not may_style("auto")
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    assert may_style("auto")


@pytest.mark.parametrize(
    ("value", "command"),
    [(None, ["less", "-R"]), ("", []), ("cat", []), ("most -s 'a b'", ["most", "-s", "a b"]), ("unclosed '", [])],
)
def test_the_pager_may_have_arguments(value: str | None, command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv("PAGER", value)
    assert pager_command() == command


def test_text_longer_than_the_screen_goes_through_the_pager() -> None:
    shown, status = on_terminal("show -q --color never", PAGER="head -n 2")
    assert shown.count("\n") == 2
    assert status == 0


def test_the_pager_gets_no_text_but_on_its_input(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\necho "arguments: $#"\nenv | grep -c Secretary\ncat > /dev/null\n')
    pager.chmod(0o755)
    assert on_terminal("show -q", PAGER=str(pager)) == ("arguments: 0\n0\n", 0)


def test_a_missing_pager_is_told_and_the_text_printed() -> None:
    shown, status = on_terminal("list -q --color never", PAGER="no-such-pager")
    assert shown.startswith("newsreader: The pager no-such-pager does not start: ")
    assert shown.count("\n") == 50
    assert status == 0


def test_short_text_is_not_paged_and_lines_fit_the_terminal() -> None:
    shown, _ = on_terminal("list -q -n 5 --color never", PAGER="no-such-pager")
    assert shown.count("\n") == 5
    assert max(map(len, shown.splitlines())) <= 80


def test_standard_input_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_INPUT", 1 << 20)
    with open("/dev/zero", encoding="ascii") as zero:
        monkeypatch.setattr(sys, "stdin", zero)
        with pytest.raises(LibraryError, match="holds more than 1 MB"):
            streams.read_input()


def test_progress_is_shown_only_for_long_work_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    times = iter([0.0, 0.4, 1.0, 1.01, 2.0])
    line = ProgressLine(True, lambda: next(times))
    line.show("early {}".format)
    assert terminal.getvalue() == ""
    line.show("some {}".format)
    line.show("too soon {}".format)
    line.show("half {}".format)
    line.clear()
    assert terminal.getvalue() == "\r\x1b[Ksome 1.0\r\x1b[Khalf 2.0\r\x1b[K"


def test_progress_never_goes_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    times = iter([0.0, 9.0])
    line = ProgressLine(True, lambda: next(times))
    line.show("some {}".format)
    line.clear()
    assert file.getvalue() == ""
