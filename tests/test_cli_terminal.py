"""The command line on a terminal, seen from within: what is shown there and not in a pipe, and every way of ending."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from newsreader import cli, cli_facts, config
from newsreader.cli import main
from newsreader.errors import ConfigError
from newsreader.streams import OutputError

OnTerminal = Callable[..., tuple[int, str]]


@contextmanager
def standard_streams(descriptor: int) -> Iterator[None]:
    """One file as standard input, output and error."""
    saved = [os.dup(number) for number in range(3)]
    try:
        for number in range(3):
            os.dup2(descriptor, number)
        yield
    finally:
        for number, copy in enumerate(saved):
            os.dup2(copy, number)
            os.close(copy)


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch, seeds: Path) -> OnTerminal:
    """Run a command on the seeds on a terminal of 80 columns and 24 rows, with keys typed ahead: status and screen."""
    monkeypatch.setenv("NEWSREADER_LIBRARY", str(seeds))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PAGER", "cat")

    def call(*words: str, typed: str = "") -> tuple[int, str]:
        ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        shown = bytearray()

        def read() -> None:
            try:
                while content := os.read(ours, 65536):
                    shown.extend(content)
            except OSError:  # nobody has the other end any more
                pass

        reader = Thread(target=read)
        reader.start()
        os.write(ours, typed.encode())
        with ExitStack() as stack, monkeypatch.context() as patch:
            stack.enter_context(standard_streams(theirs))
            for number, name in enumerate(("stdin", "stdout", "stderr")):
                stream = stack.enter_context(
                    open(number, "w" if number else "r", closefd=False, encoding="utf-8", buffering=1)
                )
                patch.setattr(sys, name, stream)
            status = main(words)
        os.close(theirs)
        reader.join()
        os.close(ours)
        return status, shown.decode().replace("\r\n", "\n")

    return call


def test_a_list_is_coloured_and_shows_what_was_found(on_terminal: OnTerminal) -> None:
    status, shown = on_terminal("list", "-q", "-n1", "cyber")
    assert status == 0
    assert "\x1b[1;35m" in shown
    assert len(shown.splitlines()) == 2
    assert "\x1b[1;35m" not in on_terminal("list", "-q", "-n1", "title:cyber")[1]


def test_sources_and_keys_stand_in_columns(on_terminal: OnTerminal) -> None:
    status, shown = on_terminal("sources", "-q")
    head, first, *_ = shown.splitlines()
    assert status == 0
    assert head.split() == ["releases", "unread", "starred", "source"]
    assert first.index(first.split()[3]) == head.index("source")
    lines = on_terminal("keys")[1].splitlines()
    assert {line[lines[0].index("command") - 1] for line in lines} == {" "}


def test_a_digest_on_a_terminal_is_cleaned(on_terminal: OnTerminal, tmp_path: Path) -> None:
    path = tmp_path / "evil.txt"
    path.write_bytes(b"Evil\x1b[2J title\n\nSource: X\n\nText")
    status, shown = on_terminal("show", "-q", "-f", str(path), "--format", "digest")
    assert (status, shown) == (0, "Evil␛[2J title\n\nSource: X\n\nText\n")


def test_backups_stand_in_columns_when_there_are_any(on_terminal: OnTerminal) -> None:
    status, shown = on_terminal("marks", "backups")
    assert status == 1
    assert "no backups yet" in shown
    on_terminal("mark", "-q", "star", "cyber")
    from newsreader.session import marks_path

    os.makedirs(f"{os.path.dirname(marks_path())}/backups", exist_ok=True)
    with closing(sqlite3.connect(marks_path())) as connection:  # a backup is made of what an earlier day left
        connection.execute("VACUUM INTO ?", [f"{os.path.dirname(marks_path())}/backups/marks-2024-10-01.db"])
    status, shown = on_terminal("marks", "backups")
    assert status == 0
    assert [line.split()[0] for line in shown.splitlines()] == ["day", "2024-10-01"]


def test_the_line_reader_answers_until_it_is_left(on_terminal: OnTerminal) -> None:
    status, shown = on_terminal("--plain", typed="?\nq\n")
    assert status == 0
    assert "Reading the digests." in shown
    status, shown = on_terminal("--plain", typed="\x04")
    assert status == 0
    assert "Reading the digests." not in shown


def test_the_reader_opens_and_is_left(on_terminal: OnTerminal) -> None:
    status, shown = on_terminal(typed="q")
    assert status == 0
    assert 0 <= shown.find("\x1b[?1049h") < shown.rfind("\x1b[?1049l")
    assert on_terminal("pick", "cyber", typed="q")[0] == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nosuchfolder"], "nosuchfolder: there is no such file or folder; check the path."),
        (["lsit"], "if you meant a command, it is newsreader list."),
        (["/dev/null/x"], "/dev/null/x: this cannot be reached: Not a directory."),
    ],
)
def test_a_path_that_is_none_is_told_before_the_reader_opens(
    words: list[str], sentence: str, on_terminal: OnTerminal
) -> None:
    status, shown = on_terminal(*words)
    assert status == 3
    assert sentence in shown


# Ways of ending


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """How the program ends when a command ends so."""

    def call(end: Callable[[], object]) -> int:
        def command(options: object) -> int:
            end()
            return 0

        monkeypatch.setattr(cli, "COMMANDS", {"keys": command})
        with standard_streams(os.dup(1)):
            return main(["keys"])

    return call


def failing(*errors: Exception) -> Callable[[], object]:
    """Something that fails in these ways, one after the other, and then no more."""
    left = list(errors)

    def fail() -> None:
        if left:
            raise left.pop(0)

    return fail


def test_each_way_of_ending_has_its_status(ending: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    from newsreader.archive_file import ArchiveDamagedError
    from newsreader.errors import ArchiveError

    assert ending(lambda: None) == 0
    assert ending(failing(BrokenPipeError())) == 0
    assert ending(failing(OutputError("It is full."))) == 3
    assert capsys.readouterr().err == "newsreader: It is full.\n"
    assert ending(failing(sqlite3.OperationalError("disk I/O error"))) == 3
    assert "cannot be used: disk I/O error" in capsys.readouterr().err
    assert ending(failing(ArchiveError("It is too old."))) == ArchiveError.status
    assert ending(failing(ArchiveDamagedError("It is damaged."))) == 0, "mended, and done once more"
    assert ending(failing(*[ArchiveDamagedError("It is damaged.")] * 2)) == ArchiveDamagedError.status
    begun = ArchiveDamagedError("It is damaged.")
    begun.add_note("newsreader: The output is not complete.")
    capsys.readouterr()
    assert ending(failing(begun)) == ArchiveDamagedError.status, "what was printed is not printed again"
    assert capsys.readouterr().err.endswith("not complete.\n")
    with pytest.raises(ZeroDivisionError):
        ending(failing(ZeroDivisionError()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_command_with_its_status(number: int, ending: Callable[..., int]) -> None:
    assert ending(lambda: signal.raise_signal(number)) == 128 + number

    def swallow() -> None:
        try:
            signal.raise_signal(number)
        except BaseException:
            raise sqlite3.OperationalError("interrupted") from None

    assert ending(swallow) == 128 + number


# What depends on the system


def test_without_a_home_the_user_database_knows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    monkeypatch.delenv("HOME")
    assert config._home() == pwd.getpwuid(os.getuid()).pw_dir
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999)
    with pytest.raises(ConfigError, match="Set HOME"):
        config._home()


def test_elsewhere_than_on_linux_the_system_says_where_things_live(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.setattr(sys, "platform", "darwin")
    assert config.cache_dir() == platformdirs.user_cache_dir("newsreader", appauthor=False)


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "marks.jsonl"
    path.write_text("before\n")

    def lines() -> Iterator[str]:
        yield "one"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cli_facts.write_lines(str(path), lines())
    assert [each.name for each in tmp_path.iterdir()] == ["marks.jsonl"]
    assert path.read_text() == "before\n"
    with pytest.raises(OutputError, match="this cannot be written: Is a directory"):
        cli_facts.write_lines(str(tmp_path), ["one"])
