"""The reader in a terminal of its own: what only raw bytes and signals show."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.conftest import SEEDS
from tests.terminal import Terminal

OPEN = ("unread of 49", "Quit", "Eurojust", "workshop")
"""What is on the screen when the reader is open on the seeds."""


def leave(terminal: Terminal) -> None:
    """Leave with the key for it, and see that all is as it was found."""
    terminal.send("q")
    assert terminal.wait_for_end() == 0
    assert terminal.unrestored == []


def test_the_reader_opens_and_gives_the_terminal_back() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        assert not terminal.is_restored
        leave(terminal)
        assert b"\x1b[2J\x1b[?1049l" in terminal.raw, "tmux keeps what is left on the other screen when it has grown"


@pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="programs cannot be stopped here")
def test_after_a_pause_everything_is_on_the_screen_again() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("\x1a")
        terminal.wait_until_stopped()
        assert terminal.unrestored == []
        terminal.forget_screen()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("/ filter by words", "Eurojust", "workshop", "Quit")
        leave(terminal)


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_lacks_characters_shows_plain_ones_in_straight_columns(encoding: str) -> None:
    with Terminal(SEEDS, environment={"PYTHONIOENCODING": encoding}) as terminal:
        terminal.wait_for(*OPEN)
        assert "\\u" not in terminal.text
        assert {line.find("|") for line in terminal.lines[1:20]} == {32}
        leave(terminal)


def test_what_is_picked_goes_to_standard_output_while_the_reader_is_on_the_terminal(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Terminal("pick", "workshop", "-f", SEEDS, streams=f"> {out}", size=(100, 30)) as terminal:
        terminal.wait_for(" of 49", "Enter prints", "workshop")
        terminal.wait_until(lambda: len(terminal.lines[-1]) > 30, "a line of keys as wide as the terminal")
        terminal.send("j\r")
        assert terminal.wait_for_end() == 0
        assert terminal.unrestored == []
    assert b"\x1b" not in out.read_bytes()
    assert "workshop" in out.read_text("utf-8")


def test_the_printed_release_is_on_the_terminal_after_the_reader() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("P")
        assert terminal.wait_for_end() == 0
        assert terminal.unrestored == []
        assert "workshop" in terminal.raw.rpartition(b"\x1b[?25h")[2].decode()


def test_a_digest_comes_in_and_a_release_goes_out_through_pipes_while_keys_come_from_the_terminal(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    digest = sorted(SEEDS.iterdir())[0]
    with Terminal("pick", streams=f"< {digest} > {out}") as terminal:
        terminal.wait_for("10 unread of 10", "Enter prints", "66 arrests")
        terminal.send("\r")
        assert terminal.wait_for_end() == 0
        assert terminal.unrestored == []
    assert len(out.read_text("utf-8")) > 100
