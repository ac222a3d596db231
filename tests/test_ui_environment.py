"""The reader in every kind of terminal: any size, any TERM, any locale, any streams, any input."""

from __future__ import annotations

import random
import re
import sys

import pytest

from tests.conftest import SEEDS
from tests.terminal import Terminal
from tests.test_ui_terminal import OPEN, leave

SMALL_OPEN = ("49 unrea", "Eurojust", "? Help")


@pytest.mark.parametrize(
    ("size", "words"),
    [((1, 1), ("t",)), ((200, 2), ("too small",)), ((20, 5), SMALL_OPEN), ((400, 120), OPEN)],
)
def test_the_reader_opens_at_any_size_and_comes_back_at_another(size: tuple[int, int], words: tuple[str, ...]) -> None:
    with Terminal(SEEDS, size=size) as terminal:
        terminal.wait_for(*words)
        assert ("too small" in terminal.text.replace("\n", "")) == ("too small" in words)
        terminal.resize(80, 24)
        terminal.wait_for(*OPEN)
        terminal.resize(*size)
        terminal.wait_for(*words)
        terminal.resize(80, 24)
        terminal.wait_for(*OPEN)
        leave(terminal)


def test_what_a_smaller_size_has_cut_off_is_drawn_again_however_short_it_was() -> None:
    def is_whole() -> bool:
        top, *panes, bottom = terminal.lines
        is_straight = len({line.find("▏") for line in panes}) == 1 and "▏" in panes[0]
        return top.rstrip().endswith("of 49") and is_straight and bottom.rstrip().endswith("by source")

    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        for milliseconds in range(8):
            terminal.resize(30, 24)
            terminal.read(milliseconds / 1000)
            terminal.resize(80, 24)
            terminal.wait_until(is_whole, "the whole screen")
        leave(terminal)


def test_a_storm_of_sizes_ends_in_the_right_layout() -> None:
    generator = random.Random(4)
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        for _ in range(500):
            terminal.resize(generator.randint(1, 400), generator.randint(1, 120))
            terminal.read()
        terminal.resize(80, 24)
        terminal.wait_for(*OPEN)
        terminal.wait_until(lambda: len({line.find("▏") for line in terminal.lines[1:20]}) == 1, "one straight column")
        leave(terminal)


def test_the_size_is_the_terminals_whatever_the_environment_says() -> None:
    with Terminal(SEEDS, size=(100, 30), environment={"COLUMNS": "37", "LINES": "9"}) as terminal:
        terminal.wait_for(*OPEN)
        assert terminal.lines[0].endswith("unread of 49")
        assert len(terminal.lines[0]) > 90
        leave(terminal)


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_a_terminal_that_can_only_print_is_left_alone(term: str) -> None:
    with Terminal(SEEDS, environment={"TERM": term}) as terminal:
        assert terminal.wait_for_end() == 2
        assert b"\x1b" not in terminal.raw
        assert b"set TERM, or use " in terminal.raw


@pytest.mark.parametrize(
    ("environment", "most"),
    [
        ({"TERM": "xterm"}, 16),
        ({"TERM": "screen"}, 16),
        ({"TERM": "no-such-terminal"}, 16),
        ({"TERM": "tmux-256color"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 1 << 24),
        ({"TERM": "xterm", "NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, 0),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_no_more_colours_are_used_than_the_terminal_has(environment: dict[str, str], most: int) -> None:
    with Terminal(SEEDS, environment={"COLORTERM": "", **environment}) as terminal:
        terminal.wait_for(*OPEN)
        styles = b";".join(re.findall(rb"\x1b\[([0-9;]+)m", terminal.raw))
        assert (b"38;2;" in styles or b"48;2;" in styles) == (most > 256)
        assert not (b"38;5;" in styles or b"48;5;" in styles) or most >= 256
        assert most or not re.search(rb"(^|;)([349][0-7]|10[0-7])(;|$)", styles)
        leave(terminal)


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "no_SUCH.locale"},
    ],
)
def test_the_reader_opens_and_takes_text_in_any_locale(environment: dict[str, str]) -> None:
    with Terminal(SEEDS, environment=environment) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("/work")
        terminal.wait_for("/ work")
        terminal.send(b"\xff\xe9\xc3\r")
        terminal.wait_for("of 49")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        assert terminal.unrestored == []


@pytest.mark.parametrize("streams", ["<&-", "2>&-", "<&- 2>&-", "< /dev/null 2> /dev/null", "2> /dev/full"])
def test_the_reader_finds_its_terminal_whatever_its_streams_are(streams: str) -> None:
    with Terminal(SEEDS, streams=streams, size=(90, 24)) as terminal:
        terminal.wait_for(*OPEN)
        terminal.resize(80, 24)
        terminal.wait_for(*OPEN)
        leave(terminal)


@pytest.mark.parametrize("streams", [">&-", "> /dev/full", "<&- >&- 2>&-", "> /dev/full 2> /dev/full"])
@pytest.mark.parametrize("words", [(), ("list",), ("--version",), ("--help",)])
def test_output_that_cannot_be_written_is_told_by_the_status(words: tuple[str, ...], streams: str) -> None:
    with Terminal(*words, streams=streams) as terminal:
        assert terminal.wait_for_end() == 3
        assert b"\x1b" not in terminal.raw.replace(b"\r\x1b[K", b"")  # but for progress, on a slow machine
        assert b"Traceback" not in terminal.raw
        assert ("2>" in streams) != (b"newsreader: Standard output" in terminal.raw)


@pytest.mark.parametrize(
    "junk",
    [
        b"\xff\xfe\x80\xc3\xed\xa0\x80",
        b"\x1b[<0;99999;99999M\x1b[<64;1;1M\x1b[<99999999999;1;1m\x1b[M\xff\xff\xff\x1b[<;;M\x1b[<0;-5;3M",
        b"\x1b[48;0;0;0;0t\x1b[48;99999;99999;1;1t\x1b[?2048;1$y\x1b[8;1;1t\x1b[1;1R",
        b"\x1b[99999999999;1u\x1b[55296;1u\x1b[97;5;1114112u\x1b]52;c;cXE=\x07\x1bP+q\x1b\\",
        b"\x1b[200~" + b"quit \x1b[31m\x1b[200~\n\x07" * 40_000 + b"\x1b[201~",
        b"\x1b[200~qqq",
        b"\x1b[<35;5;5M" * 3000,
    ],
    ids=["no UTF-8", "mouse", "reports", "keys", "a megabyte pasted", "a paste without an end", "a storm of the mouse"],
)
def test_junk_on_the_keyboard_changes_nothing(junk: bytes) -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send(junk)
        terminal.send("\x1b[<35;1;1M")
        terminal.wait_for(*OPEN)
        if b"\x1b[200~" in junk and b"\x1b[201~" not in junk:
            terminal.send("\x1b[201~")
        terminal.send("?")
        terminal.wait_for("search the help")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        assert terminal.unrestored == []


def test_a_paste_goes_into_the_filter_as_one_line() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("/")
        terminal.wait_for("Enter")
        terminal.send("\x1b[200~work\nshop\x1b[201~")
        terminal.wait_for("/ work shop")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


SHORTAGES = {
    "files": ("open no more files", "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (14, 14))"),
    "threads": (
        "start no threads or processes",
        "import _thread, threading\n"
        'def refuse(*words): raise RuntimeError("can\'t start new thread")\n'
        "_thread.start_new_thread = threading._start_new_thread = refuse",
    ),
    "memory": (
        "not enough memory",
        "import newsreader.archive\ndef refuse(*words): raise MemoryError\nnewsreader.archive.Archive.count = refuse",
    ),
}


@pytest.mark.parametrize("what", SHORTAGES)
def test_what_the_system_refuses_is_told_and_the_terminal_is_given_back(what: str) -> None:
    said, shortage = SHORTAGES[what]
    program = f"import sys\n{shortage}\nfrom newsreader.__main__ import main\nsys.exit(main())"
    with Terminal(SEEDS, program=(sys.executable, "-c", program)) as terminal:
        assert terminal.wait_for_end() == 3
        assert said.encode() in terminal.raw
        assert b"fault of the program" not in terminal.raw
        assert terminal.is_restored


def test_without_threads_the_plain_reader_still_reads_and_marks() -> None:
    program = f"import sys\n{SHORTAGES['threads'][1]}\nfrom newsreader.__main__ import main\nsys.exit(main())"
    with Terminal("--plain", SEEDS, program=(sys.executable, "-c", program)) as terminal:
        terminal.wait_for("49>")
        terminal.send("s 1\n")
        terminal.wait_for("1 release is starred now.")
        terminal.send("q\n")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(
    "environment", [{"TEXTUAL_COLOR_SYSTEM": "garbage"}, {"PYTHONIOENCODING": "cp037"}, {"PYTHONIOENCODING": "utf-16"}]
)
def test_the_reader_opens_whatever_python_and_textual_are_told(environment: dict[str, str]) -> None:
    with Terminal(SEEDS, environment=environment) as terminal:
        terminal.wait_for(*OPEN)
        leave(terminal)
