"""The reader in a terminal of its own: what only raw bytes and signals show."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pexpect
import pyte
import pytest

from tests.conftest import SEEDS

PATIENCE = 20.0
WIDTH, HEIGHT = 80, 24


class Terminal:
    """A terminal in which the reader runs."""

    def __init__(self, encoding: str) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONIOENCODING": encoding}
        self.process = pexpect.spawn(
            sys.executable,
            ["-m", "newsreader", str(SEEDS)],
            env=environment,
            dimensions=(HEIGHT, WIDTH),
            encoding=encoding,
        )
        self.clear()

    def clear(self) -> None:
        """Forget what is on the screen."""
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self._screen)

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return list(self._screen.display)

    def wait_for(self, *words: str) -> None:
        """Read until all of these words are on the screen."""
        while any(word not in "\n".join(self.lines) for word in words):
            self._stream.feed(self.process.read_nonblocking(65536, timeout=PATIENCE))

    def wait_until_stopped(self) -> None:
        """Read until the reader is stopped."""
        assert self.process.pid is not None
        for _ in range(100):
            with suppress(pexpect.TIMEOUT):
                self._stream.feed(self.process.read_nonblocking(65536, timeout=PATIENCE / 100))
            pid, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
            if pid and os.WIFSTOPPED(status):
                return
        pytest.fail("The reader was not stopped.")


@contextmanager
def run_reader(encoding: str = "utf-8") -> Iterator[Terminal]:
    """The reader, until it is left."""
    terminal = Terminal(encoding)
    try:
        terminal.wait_for("unread of 49", "Quit", "Eurojust", "workshop")
        yield terminal
        terminal.process.send("q")
        terminal.process.expect(pexpect.EOF, timeout=PATIENCE)
    finally:
        terminal.process.close(force=True)
    assert terminal.process.exitstatus == 0


@pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="programs cannot be stopped here")
def test_after_a_pause_everything_is_on_the_screen_again() -> None:
    with run_reader() as terminal:
        terminal.process.send("\x1a")
        terminal.wait_until_stopped()
        terminal.clear()
        terminal.process.kill(signal.SIGCONT)
        terminal.wait_for("/ filter by words", "Eurojust", "workshop", "Quit")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_lacks_characters_shows_plain_ones_in_straight_columns(encoding: str) -> None:
    with run_reader(encoding) as terminal:
        assert "\\u" not in "\n".join(terminal.lines)
        assert {line.find("|") for line in terminal.lines[1:20]} == {32}
