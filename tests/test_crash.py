"""Faults of the program: the terminal is given back, a report is named, and nothing that was read stands in it."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from newsreader import crash
from newsreader.config import state_dir
from tests.conftest import PROJECT, SEEDS
from tests.terminal import Terminal
from tests.test_ui_terminal import OPEN

START = "import sys; from newsreader.__main__ import main; sys.exit(main())"
FAIL = """
def fail(*arguments, **named):
    text = open(TEXT, encoding="utf-8").read()
    raise KeyError("Confidential: " + text)
"""
FAULTS: dict[str, tuple[str, str | int]] = {
    "a worker": ("from newsreader.ui.searching import Searcher as C; C.search = fail", ""),
    "a row": ("from newsreader.ui.release_tree import ReleaseTree as C; C.render_line = fail", ""),
    "a key": ("from newsreader.ui.finding_screen import FindingScreen as C; C.action_edit_filter = fail", "/"),
    "a signal": ("from newsreader.ui.main_screen import MainScreen as C; C.leave = fail", signal.SIGTERM),
    "input": ("from newsreader.ui.keyboard import Keyboard as C; C.feed = fail", "x"),
    "the listening thread": ("from newsreader.ui.terminal import Watch as C; C._take_input = fail", "x"),
    "a resize": ("from newsreader.ui.panes import Panes as C; C.on_resize = fail", ""),
    "the start": ("from newsreader.ui.main_screen import MainScreen as C; C.on_mount = fail", ""),
}


def program(patch: str) -> tuple[str, ...]:
    """The program with a fault in it."""
    return (sys.executable, "-c", f"TEXT = {str(next(iter(sorted(SEEDS.iterdir()))))!r}\n{FAIL}\n{patch}\n{START}")


def report_in(text: str) -> Path:
    """The report that a message names, which an 80 columns wide terminal may have broken."""
    found = re.search(r"The report is\s+(\S+?\.txt)", text.replace("\r\n", ""))
    assert found, text
    return Path(found[1])


def check(path: Path, *kinds: str) -> None:
    """See that a report says what is needed, and nothing of a release."""
    content = path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.is_relative_to(state_dir())
    assert all(kind in content for kind in (*kinds, "KeyError", "newsreader ", "Python 3.", "TERM=", ", in fail"))
    assert "Confidential" not in content
    assert os.path.expanduser("~") not in content


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gives_the_terminal_back_and_names_a_report(fault: str) -> None:
    patch, trigger = FAULTS[fault]
    with Terminal(SEEDS, program=program(patch)) as terminal:
        if trigger:
            terminal.wait_for("unread of 49", "Quit")
        if isinstance(trigger, int):
            terminal.signal(trigger)
        elif trigger:
            terminal.send(trigger)
        assert terminal.wait_for_end() == crash.STATUS
        assert terminal.unrestored == []
        said = terminal.raw.rpartition(b"\x1b[?25h")[2].decode()
        assert said.startswith("newsreader: This is a fault of the program: KeyError in ")
        assert said.count("\n") == 2
        check(report_in(said), "Textual 8")


def test_marks_are_on_disk_after_a_fault() -> None:
    patch = "from newsreader.ui.help_screen import HelpScreen as C; C.compose = fail"
    with Terminal(SEEDS, program=program(patch)) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("s?")
        assert terminal.wait_for_end() == crash.STATUS
    with Terminal("count", "is:starred", "-f", SEEDS) as terminal:
        assert terminal.wait_for_end() == 0
        assert terminal.raw.strip() == b"1"


def test_a_fault_of_a_command_names_a_report() -> None:
    patch = "from newsreader.archive import Archive as C; C.count = fail"
    result = subprocess.run(
        [*program(patch), "count", "-f", SEEDS], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == crash.STATUS
    assert result.stdout == ""
    check(report_in(result.stderr))


def raised() -> ValueError:
    """An error that another one led to."""
    try:
        try:
            open("/no/such/Confidential")  # noqa: SIM115
        except OSError as error:
            raise ValueError("Confidential") from error
    except ValueError as error:
        found = error
    return found


def test_a_report_that_cannot_be_written_is_printed(
    own_homes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_homes / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(own_homes / "file"))
    assert crash.report(raised()) == crash.STATUS
    said = capsys.readouterr().err
    assert "No report could be written (Not a directory)" in said
    assert "This was raised: ValueError\n" in said
    assert "which was raised because of: FileNotFoundError (No such file or directory)\n" in said
    told = [line for line in said.splitlines() if "Confidential" in line]
    assert all("open(" in line or "raise ValueError(" in line for line in told), "the code alone, and no message"


def test_only_the_newest_reports_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(state_dir()) / "crashes"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"20000101-0000{number:02}-1.txt").touch()
    crash.report(raised())
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == crash.MOST_REPORTS
    assert not names[-1].startswith("2000")


def test_an_endless_recursion_makes_no_endless_report(capsys: pytest.CaptureFixture[str]) -> None:
    def recur() -> None:
        recur()

    with pytest.raises(RecursionError) as caught:
        recur()
    crash.report(caught.value)
    assert len(report_in(capsys.readouterr().err).read_text("utf-8").splitlines()) < 250


def test_what_fails_once_the_reader_is_left_is_no_fault() -> None:
    """A signal may come while the screen is being built: what comes after it finds half of a screen."""
    patch = (
        "from newsreader.ui.main_screen import MainScreen as C\n"
        "def leave_and_fail(screen):\n    screen.app.exit(return_code=129)\n    fail()\n"
        "C.on_mount = leave_and_fail"
    )
    with Terminal(SEEDS, program=program(patch)) as terminal:
        assert terminal.wait_for_end() == 129
        assert terminal.unrestored == []
        assert b"fault of the program" not in terminal.raw
