"""The reader in a terminal of its own: what only raw bytes and signals show."""

from __future__ import annotations

import signal

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
