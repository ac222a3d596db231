"""Signals and terminals that go away: the terminal is given back, the status says why, nothing is left running."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SEEDS
from tests.terminal import PATIENCE, PROGRAM, Terminal, is_alive
from tests.test_ui_terminal import OPEN, leave

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are counted in /proc")


@pytest.fixture(scope="module")
def big_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Digests that take several processes a while to read."""
    folder = tmp_path_factory.mktemp("library")
    content = "\n\n".join(path.read_text("utf-8") for path in sorted(SEEDS.iterdir()))
    for number in range(60):
        (folder / f"{number}.txt").write_text(content.replace("\nSource: ", f" {number}\nSource: ") * 4, "utf-8")
    return folder


@pytest.fixture
def reader() -> Iterator[Terminal]:
    """The reader, open on the seeds."""
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        yield terminal


def wait_until_dead(pids: list[int]) -> None:
    """Wait until none of these processes runs any more."""
    end = time.monotonic() + PATIENCE
    while any(map(is_alive, pids)):
        assert time.monotonic() < end, "A child process is left."


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_gives_the_terminal_back_and_is_told_by_the_status(reader: Terminal, number: int) -> None:
    reader.signal(number)
    assert reader.wait_for_end() == 128 + number
    assert reader.unrestored == []


def test_a_signal_that_the_starter_ignores_is_ignored() -> None:
    ignoring = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh", *PROGRAM)
    with Terminal(SEEDS, program=ignoring) as terminal:
        terminal.wait_for(*OPEN)
        terminal.signal(signal.SIGHUP)
        terminal.send("?")
        terminal.wait_for("search the help")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_while_indexing_leaves_no_process(big_library: Path, number: int) -> None:
    with Terminal(big_library) as terminal:
        children = terminal.wait_for_children(lambda pids: len(pids) > 1)
        terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert terminal.unrestored == []
        wait_until_dead(children)


@pytest.mark.parametrize("number", [*ENDING, signal.SIGKILL])
def test_a_command_that_is_ended_while_indexing_leaves_no_process(big_library: Path, number: int) -> None:
    with Terminal("list", "-f", big_library) as terminal:
        children = terminal.wait_for_children(lambda pids: len(pids) > 1)
        terminal.signal(number)
        assert terminal.wait_for_end() == (-9 if number == signal.SIGKILL else 128 + number)
        wait_until_dead(children)


def test_a_signal_ends_the_reader_even_when_nobody_reads_what_it_draws() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        written = -1
        while written < len(terminal.raw):  # until the terminal is full, which takes some keys
            written = len(terminal.raw)
            os.write(terminal._fd, b"jk" * 200)
            time.sleep(0)
        terminal.signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while not terminal.has_ended:
            assert time.monotonic() < end, "The reader waits for its terminal for ever."
        assert terminal.wait_for_end() == 128 + signal.SIGTERM


@pytest.mark.parametrize("trap", ["", 'trap "" HUP; '], ids=["signalled", "silent"])
def test_a_terminal_that_vanishes_takes_the_reader_with_it(trap: str) -> None:
    program = ("sh", "-c", f'{trap}exec "$@"', "sh", *PROGRAM)
    with Terminal(SEEDS, program=program) as terminal:
        terminal.wait_for(*OPEN)
        terminal.hang_up()
        start, cpu = time.monotonic(), os.times()
        assert terminal.wait_for_end() == 128 + signal.SIGHUP
        assert time.monotonic() - start < PATIENCE
        assert os.times().children_user - cpu.children_user < 2, "It must not have been busy."


@pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="programs cannot be stopped here")
def test_the_shell_can_stop_and_continue_the_reader_as_it_likes() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        for stopping in (signal.SIGTSTP, signal.SIGSTOP):
            terminal.signal(stopping)
            terminal.wait_until_stopped()
            terminal.forget_screen()
            terminal.signal(signal.SIGCONT)
            terminal.wait_for(*OPEN)
        terminal.send("?")
        terminal.wait_for("search the help")
        terminal.send("\x1b")
        terminal.wait_until_gone("search the help")
        leave(terminal)


def test_a_stopped_reader_can_be_ended() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("\x1a")
        terminal.wait_until_stopped()
        terminal.signal(signal.SIGTERM)
        terminal.signal(signal.SIGCONT)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert terminal.unrestored == []
