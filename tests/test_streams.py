"""Standard streams: colour, paging, progress, and what they are connected to."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pexpect
import pytest

from newsreader import standard_input, streams
from newsreader.errors import LibraryError, NewsreaderError
from newsreader.streams import ENDING_SIGNALS, OutputError, ProgressLine, Signals, Stopped, may_style, pager_command
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
    monkeypatch.setattr(standard_input, "MOST_INPUT", 1 << 20)
    with open("/dev/zero", encoding="ascii") as zero:
        monkeypatch.setattr(sys, "stdin", zero)
        with pytest.raises(LibraryError, match="holds more than 1 MB"):
            standard_input.read_input()


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


# What only other processes see, seen from within


class Encoded(Terminal):
    """A terminal with an encoding, as those of the system have one."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "ascii"


class Broken(Terminal):
    """A stream that cannot be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        raise self._error


@contextmanager
def in_place_of(descriptor: int, other: int | None) -> Iterator[None]:
    """Another file, or none, as a standard stream of the system."""
    saved = os.dup(descriptor)
    try:
        if other is None:
            os.close(descriptor)
        else:
            os.dup2(other, descriptor)
            os.close(other)
        yield
    finally:
        os.dup2(saved, descriptor)
        os.close(saved)


def test_a_signal_ends_the_work_and_is_remembered() -> None:
    signals = Signals()
    former = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped), signals:
        signal.raise_signal(signal.SIGTERM)
    assert signals.status == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is former


def test_a_signal_that_is_to_be_ignored_stays_so() -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Signals() as signals:
            signal.raise_signal(signal.SIGHUP)
        assert signals.received == 0
        assert set(ENDING_SIGNALS) == {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
    finally:
        signal.signal(signal.SIGHUP, former)


def test_a_closed_stream_is_replaced_so_that_no_file_gets_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with in_place_of(0, None):
        streams.prepare_streams()
        assert os.read(0, 1) == b""


def test_characters_that_the_encoding_lacks_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Encoded())
    assert streams.takes("|")
    assert not streams.takes("▎")
    monkeypatch.setattr(sys, "stdout", None)
    assert not streams.takes("▎")


def test_a_stream_that_is_closed_is_no_terminal() -> None:
    closed = Terminal()
    closed.close()
    assert not streams.is_terminal(io.StringIO())
    assert not streams.is_terminal(None)
    stream = io.StringIO()
    stream.close()
    assert not streams.is_terminal(stream)


@pytest.mark.parametrize(("rows", "columns", "expected"), [(5, 30, (30, 5)), (0, 0, (80, 24))])
def test_the_size_is_that_of_the_terminal(rows: int, columns: int, expected: tuple[int, int]) -> None:
    import termios

    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (rows, columns))
    with in_place_of(1, theirs):
        assert streams.terminal_size() == expected
    os.close(ours)
    with in_place_of(1, os.open(os.devnull, os.O_WRONLY)):
        assert streams.terminal_size() == (80, 24)


def test_what_is_said_is_clean_and_a_closed_standard_error_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    streams.say("a\x1b[31mb")
    assert terminal.getvalue() == "a␛[31mb\n"
    monkeypatch.setattr(sys, "stderr", None)
    streams.say("unheard")
    monkeypatch.setattr(sys, "stderr", Broken(OSError("full")))
    with in_place_of(2, os.dup(2)):
        streams.say("unheard")
    assert capfd.readouterr().err == ""


def test_output_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(OSError(28, "No space left on device")))
    with pytest.raises(OutputError, match=r"^Standard output cannot be written: No space left on device\.$"):
        streams.write(["text"], may_page=False)
    monkeypatch.setattr(sys, "stdout", Broken(BrokenPipeError()))
    with pytest.raises(BrokenPipeError):
        streams.write(["text"], may_page=False)
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OutputError, match="is closed"):
        streams.write(["text"])
    streams.flush()


def test_an_error_amid_the_output_says_that_it_is_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    def pieces(count: int) -> Iterator[str]:
        yield from ["piece"] * count
        raise NewsreaderError("It broke.")

    with pytest.raises(NewsreaderError) as some:
        streams.write(pieces(1))
    assert some.value.__notes__ == ["newsreader: The output is not complete."]
    with pytest.raises(NewsreaderError) as none:
        streams.write(pieces(0))
    assert not hasattr(none.value, "__notes__")


def paged_terminal(monkeypatch: pytest.MonkeyPatch) -> Encoded:
    """A terminal that long text is paged for, as standard output."""
    terminal = Encoded()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(streams, "terminal_size", lambda: (80, 4))
    return terminal


def test_the_pager_gets_all_of_a_long_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paging = paged_terminal(monkeypatch)
    monkeypatch.setenv("PAGER", f"dd status=none of={tmp_path / 'paged'}")
    lines = [f"line {number} é\n" for number in range(9)]
    streams.write(lines)
    assert (tmp_path / "paged").read_text("ascii") == "".join(lines).replace("é", "\\xe9")
    assert paging.getvalue() == ""
    streams.write(lines[:3])
    assert paging.getvalue() == "".join(lines[:3])


def test_a_pager_that_reads_nothing_or_is_not_there_loses_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    paging = paged_terminal(monkeypatch)
    monkeypatch.setenv("PAGER", "true")
    streams.write(["line\n"] * 100_000)
    assert paging.getvalue() == ""
    monkeypatch.setenv("PAGER", "/nonexistent/pager")
    monkeypatch.setattr(sys, "stderr", Terminal())
    streams.write(["line\n"] * 9)
    assert paging.getvalue() == "line\n" * 9


def test_a_pager_is_ended_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    paged_terminal(monkeypatch)
    monkeypatch.setenv("PAGER", "sleep 60")

    def pieces() -> Iterator[str]:
        yield from ["line\n"] * 9
        raise Stopped

    with pytest.raises(Stopped):
        streams.write(pieces())
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_piped_input_is_what_a_pipe_or_a_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert standard_input.piped_input() == standard_input.read_input() == b""
    path = tmp_path / "digest.txt"
    path.write_bytes(b"text")
    reading, writing = os.pipe()
    os.write(writing, b"piped")
    os.close(writing)
    for descriptor, expected in (
        (os.open(path, os.O_RDONLY), b"text"),
        (reading, b"piped"),
        (os.open(os.devnull, os.O_RDONLY), b""),
    ):
        with in_place_of(0, descriptor), open(0, closefd=False, encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            assert standard_input.piped_input() == expected
    with in_place_of(0, None):
        assert standard_input.piped_input() == b""


def test_silent_input_is_waited_for_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standard_input, "STDIN_PATIENCE", 0)
    said: list[str] = []
    reading, writing = os.pipe()

    def hear(message: str) -> None:
        said.append(message)
        os.close(writing)

    monkeypatch.setattr(standard_input, "say", hear)
    with in_place_of(0, reading), open(0, closefd=False, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert standard_input.read_input() == b""
    assert said[0].startswith("newsreader: Waiting for a digest on standard input")


def test_input_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with in_place_of(0, os.open(tmp_path, os.O_RDONLY)):
        read = SimpleNamespace(read=lambda size: os.read(0, size))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=read))
        with pytest.raises(OutputError, match=r"^Standard input cannot be read: Is a directory\.$"):
            standard_input.read_input()


def test_the_reader_draws_on_the_terminal_where_standard_error_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = os.openpty()
    monkeypatch.setattr(streams, "_open_terminal", lambda: os.dup(theirs))
    reading, writing = os.pipe()
    with in_place_of(0, os.dup(theirs)), in_place_of(2, writing):
        with streams.reader_terminal():
            assert os.isatty(0)
            assert os.isatty(2)
        assert not os.isatty(2)
    for descriptor in (ours, theirs, reading):
        os.close(descriptor)


def test_without_a_terminal_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with pytest.raises(NewsreaderError, match="set TERM"), streams.reader_terminal():
        pass
    monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(OSError(6, "No such device")))
    with pytest.raises(NewsreaderError, match="needs a terminal; use newsreader list"):
        streams._open_terminal()
