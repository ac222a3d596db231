"""The first function of the program: what it answers itself, and how each way of ending is told as a status."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from newsreader import __version__, cli
from newsreader.__main__ import main
from tests.conftest import PROJECT

Start = Callable[..., int]


@pytest.fixture
def exits() -> list[int]:
    """The statuses with which the program ended at once."""
    return []


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> Iterator[Start]:
    """Start the program with words behind its name; it may do to the garbage collector what suits a short life."""
    threshold = gc.get_threshold()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}

    own, leave = os.getpid(), os._exit

    def end(status: int) -> None:
        if os.getpid() != own:  # what the program has forked ends for real, instead of testing on
            leave(status)
        sys.exit(status)

    def call(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["newsreader", *words])
        monkeypatch.setattr(os, "_exit", end)
        try:
            return main()
        except SystemExit as ending:
            exits.append(int(ending.code or 0))
            return exits[-1]

    yield call
    gc.unfreeze()
    gc.set_threshold(*threshold)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def output() -> Iterator[Callable[[int], None]]:
    """Have another file as standard output, as the system knows it."""
    saved = os.dup(1)

    def put(descriptor: int) -> None:
        os.dup2(descriptor, 1)
        os.close(descriptor)

    yield put
    os.dup2(saved, 1)
    os.close(saved)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_told(option: str, start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    assert start(option) == 0
    assert capfd.readouterr().out == f"newsreader {__version__}\n"


def test_a_version_that_nobody_reads_is_no_failure(start: Start, output: Callable[[int], None]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    output(writing)
    assert start("--version") == 0


def test_a_version_that_cannot_be_written_is_one(
    start: Start, output: Callable[[int], None], capfd: pytest.CaptureFixture[str]
) -> None:
    output(os.open("/dev/full", os.O_WRONLY))
    assert start("--version") == 3
    assert capfd.readouterr().err == "newsreader: Standard output cannot be written: No space left on device.\n"


def test_a_command_ends_with_its_own_status(start: Start, seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert start("count", "-f", str(seeds), "cyber") == 0
    assert start("count", "-f", str(seeds), "nosuchword") == 1
    assert capsys.readouterr().out.split()[1:] == ["0"]


def test_an_interrupt_before_anything_else_has_its_status(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(words: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupt)
    assert start("list") == 130


def test_what_nobody_expected_has_its_status_and_a_report(
    start: Start, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(words: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "main", fail)
    assert start("list") == 70
    assert "report" in capfd.readouterr().err


def test_what_was_written_is_brought_out_before_the_end() -> None:
    program = """
from newsreader import __main__, cli
cli.main = lambda words: print("written") or 3
__main__.main()
"""
    process = subprocess.run([sys.executable, "-c", program, "list"], capture_output=True, text=True)
    assert (process.returncode, process.stdout) == (3, "written\n")


def test_what_is_left_running_is_not_waited_for(start: Start, exits: list[int]) -> None:
    end = Event()
    thread = Thread(target=end.wait)
    thread.start()
    try:
        start("keys")
        assert exits == [0]
    finally:
        end.set()
        thread.join()


IMPORTING = """
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        name == "newsreader.cli" and os.kill(os.getpid(), NUMBER)
sys.meta_path.insert(0, Finder)
"""
LEAVING = """
class Output:
    @staticmethod
    def flush():
        os.kill(os.getpid(), NUMBER)
sys.stderr = Output
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("moment", [IMPORTING, LEAVING])
def test_a_signal_while_the_program_starts_or_leaves_is_its_status_and_no_traceback(
    number: signal.Signals, moment: str
) -> None:
    program = (
        f"import os, sys\nNUMBER = {number.value}\n{moment}sys.argv = ['newsreader', 'keys']\n"
        "from newsreader.__main__ import main\nsys.exit(main())"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, timeout=60)
    assert run.stderr == b""
    assert run.returncode == 128 + number
