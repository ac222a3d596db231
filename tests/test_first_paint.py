"""The first screen is there before Textual is, when it is known, and never when anything has changed.

Of a library that was never read, it is the beginning of a digest.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader import crash
from newsreader.session import marks_path
from newsreader.ui.first_paint import FirstPaint, is_harmless
from newsreader.ui.preview import beginning, preview_rows, some_file
from newsreader.ui.terminal import Terminal as OwnTerminal
from tests.conftest import SEEDS
from tests.terminal import Terminal
from tests.test_ui_terminal import OPEN, leave

START = "import sys; from newsreader.__main__ import main; sys.exit(main())"
WITHOUT_TEXTUAL = (
    sys.executable,
    "-c",
    "import sys, types\n"
    "def fail(*a, **k): raise KeyError\n"
    "sys.modules['newsreader.ui.app'] = types.SimpleNamespace(open_reader=fail)\n" + START,
)
WAITING = (
    sys.executable,
    "-c",
    "import sys, time, types\n"
    "def wait(*a, **k): time.sleep(1000)\n"
    "sys.modules['newsreader.ui.app'] = types.SimpleNamespace(open_reader=wait)\n" + START,
)


def read_for_a_while(*keys: str, size: tuple[int, int] = (80, 24)) -> list[str]:
    """Open the reader, press keys one after the other, and leave when all is quiet; the last screen."""
    with Terminal(SEEDS, size=size) as terminal:
        terminal.wait_for("unread of 49", "Quit", "Eurojust")
        for key in keys:
            before = terminal.lines
            terminal.send(key)
            terminal.wait_until(lambda before=before: terminal.lines != before, key)  # type: ignore[misc]
        terminal.wait_until_idle()
        lines = terminal.lines
        leave(terminal)
    return lines


def painted(
    *words: str,
    seeds: Sequence[str] = (str(SEEDS),),
    size: tuple[int, int] = (80, 24),
    environment: dict[str, str] | None = None,
) -> list[str]:
    """What is on the screen before Textual is loaded; nothing when the terminal was not taken."""
    with Terminal(*seeds, *words, size=size, program=WITHOUT_TEXTUAL, environment=environment) as terminal:
        assert terminal.wait_for_end() == crash.STATUS
        assert terminal.unrestored == []
        before, taken, shown = terminal.raw.partition(b"\x1b[?1049h")
        if not taken:
            return []
        assert not before
        terminal.forget_screen()
        terminal._stream.feed(shown.partition(b"\x1b[<u")[0])
        return terminal.lines


def test_the_last_screen_is_painted_before_textual_is_there() -> None:
    last = read_for_a_while("j", "j")
    assert painted() == last
    read_for_a_while("k")
    assert painted() == [], "the cursor is on a group, and will be on the release"


@pytest.mark.parametrize(
    ("words", "size", "environment"),
    [
        (("--filter", "nato"), (80, 24), {}),
        ((), (81, 24), {}),
        ((), (80, 24), {"TERM": "xterm"}),
        ((), (80, 24), {"NO_COLOR": "1"}),
    ],
)
def test_nothing_is_painted_that_the_reader_would_not_show(
    words: tuple[str, ...], size: tuple[int, int], environment: dict[str, str]
) -> None:
    read_for_a_while()
    assert painted() != []
    assert painted(*words, size=size, environment=environment) == []


@pytest.mark.parametrize("words", [(), ("--no-cache",), ("-f", "nowhere", "--no-cache")])
def test_of_a_library_that_was_never_read_the_beginning_of_a_digest_is_painted(words: tuple[str, ...]) -> None:
    lines = painted(*words)
    assert lines[0].endswith("000_5c9900165f397661.txt")
    assert lines[2] == "NATO’s scientific cooperation with Azerbaijan"
    assert lines[4] == "Source: NATO"
    assert lines[6].startswith("On 25 and 26 September, a team from the NATO Science for Peace and Security")
    assert lines[-1] == "Reading the digests."
    assert painted(*words, "--filter", "nato") == [], "it need not hold the word"


def test_the_reader_takes_the_place_of_the_beginning_of_a_digest() -> None:
    with Terminal(SEEDS) as terminal:
        terminal.wait_for_bytes(b"Reading the digests.")
        terminal.wait_for("unread of 49", "Quit", "Eurojust")
        terminal.wait_until_gone("Reading the digests.", "Source: NATO")
        assert terminal.raw.count(b"\x1b[?1049h") == 1
        leave(terminal)


@pytest.mark.parametrize(
    "content", [b"", b"  \n\n", b"\x1f\x8b\x08\x00packed", b"PK\x03\x04\x00", b"caf\xe9 in another encoding"]
)
def test_nothing_is_painted_of_what_is_no_plain_text(content: bytes, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "digest").write_bytes(content)
    assert painted("-f", str(library), seeds=()) == []


def test_a_digest_of_a_preview_is_one_that_will_be_read(tmp_path: Path) -> None:
    assert some_file(str(tmp_path / "gone")) == some_file(str(tmp_path)) == ""
    os.mkfifo(tmp_path / "a")
    assert some_file(str(tmp_path)) == some_file(str(tmp_path / "a")) == ""
    (tmp_path / "a").unlink()
    (tmp_path / ".hidden").write_text("no")
    (tmp_path / "link").symlink_to(".hidden")
    assert some_file(str(tmp_path)) == ""
    (tmp_path / "2024" / "05").mkdir(parents=True)
    (tmp_path / "2024" / "05" / "b").write_text("b")
    assert some_file(str(tmp_path)) == str(tmp_path / "2024" / "05" / "b")
    (tmp_path / "z").write_text("z")
    assert some_file(str(tmp_path)) == str(tmp_path / "z")


@given(st.text(), st.integers(1, 90), st.integers(1, 30))
def test_a_preview_is_harmless_and_fits(text: str, columns: int, lines: int) -> None:
    path = Path(os.environ["XDG_CACHE_HOME"]) / "digest"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8", "replace"))
    rows = list(preview_rows(text, beginning(str(path), ""), columns, lines))
    assert is_harmless("".join(rows))
    assert len(rows) <= max(lines, 2)


def test_nothing_is_painted_after_a_mark_or_when_the_reader_was_left_elsewhere() -> None:
    read_for_a_while()
    with Terminal("mark", "star", "workshop", "-f", SEEDS) as terminal:
        assert terminal.wait_for_end() == 0
    assert painted() == []
    read_for_a_while()
    assert painted() != []
    with Terminal(SEEDS) as terminal:
        terminal.wait_for(*OPEN)
        terminal.send("?")
        terminal.wait_for("search the help")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
    assert painted() == []


def words_of(lines: list[str]) -> list[str]:
    """The lines without the thumbs of scroll bars, whose ends a slow machine draws a moment later."""
    return [re.sub("[▁-█ ]+", " ", line) for line in lines]


def test_the_reader_takes_over_without_a_change_on_the_screen_and_acts_on_what_was_typed() -> None:
    last = read_for_a_while("j", "j")
    with Terminal(SEEDS) as terminal:
        terminal.wait_until(lambda: terminal.lines == last)
        colours = {(x, y): cell[:6] for y, row in terminal.screen.buffer.items() for x, cell in row.items()}
        seen = len(terminal.raw)
        terminal.wait_until(lambda: len(terminal.raw) > seen + 1000, "the reader's own screen")
        while terminal.read(0.5):
            assert words_of(terminal.lines) == words_of(last)
        terminal.wait_until_idle()
        assert terminal.lines == last
        assert colours == {(x, y): cell[:6] for y, row in terminal.screen.buffer.items() for x, cell in row.items()}
        assert terminal.raw.count(b"\x1b[?1049h") == 1
        leave(terminal)
    with Terminal(SEEDS) as terminal:
        terminal.wait_until(lambda: terminal.lines == last)
        terminal.send("s")
        terminal.wait_for("★")
        leave(terminal)


def test_what_the_marks_have_to_say_is_said_on_the_terminal_and_not_on_the_painted_screen() -> None:
    read_for_a_while()
    held = Path(f"{marks_path()}.unwritten-1.jsonl")
    held.write_text('{"id": "aa", "mark": "read", "set": true, "time": "2024-10-10T10:10:10.000000+00:00"}\n')
    with Terminal(SEEDS, program=WITHOUT_TEXTUAL) as terminal:
        terminal.wait_for_end()
        shown, left, told = terminal.raw.partition(b"\x1b[?1049l")
        assert b"Eurojust" in shown
        assert left
        assert b"1 change of a mark that could not be written before came in now" in told
        assert b"came in now" not in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_textual_is_there_gives_the_terminal_back(number: int) -> None:
    last = read_for_a_while()
    with Terminal(SEEDS, program=WAITING) as terminal:
        terminal.wait_until(lambda: terminal.lines == last)
        terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert terminal.unrestored == []


@given(st.text("\x1b[0;mHx\r\n\t\x9b", max_size=12) | st.text())
def test_a_frame_is_harmless_when_it_is_text_colours_and_places(frame: str) -> None:
    harmless = re.fullmatch(r"(?:[^\x00-\x1f\x7f-\x9f]|[\r\n]|\x1b\[[0-9;]*[mH])*", frame)
    assert is_harmless(frame) == bool(harmless)


@pytest.mark.parametrize(
    "bad",
    ["\x1b]0;x\x07", "\x1b[2J", "\x07", "\x9b31m", "\x1bc", "\x1b[?1049l", "\t", "\x1b", "\x1b[1;", "\x1b[m\x1bH"],
)
def test_a_frame_that_could_act_on_the_terminal_is_neither_kept_nor_painted(bad: str, tmp_path: Path) -> None:
    terminal = OwnTerminal(str.encode)
    paint = FirstPaint(str(tmp_path / "archive"), str(tmp_path / "marks"), [])
    file = tmp_path / "archive.screen"
    paint.keep(terminal, "\x1b[1;1H\x1b[1mx\x1b[0m\r\n\x1b]8;;http://x.example\x1b\\link\x1b]8;;\x1b\\")
    assert file.read_text("utf-8").endswith("x\x1b[0m\nlink")
    assert os.stat(file).st_mode & 0o777 == 0o600
    assert not is_harmless(f"x{bad}")
    file.write_text(file.read_text("utf-8") + bad, "utf-8")
    paint.paint(terminal)
    assert not paint.is_painted
    paint.keep(terminal, f"x{bad}")
    assert not file.exists()


ENDLESS_SEARCH = (
    "searching._find_all = lambda archive, *others: archive.connection.execute("
    "'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n').fetchall()"
)
ENDLESS_REFRESH = "refreshing.refresh = lambda *arguments, **options: threading.Event().wait()"


@pytest.mark.parametrize("endless", [ENDLESS_SEARCH, ENDLESS_REFRESH])
def test_the_reader_can_be_left_while_it_looks_through_the_library_and_keeps_its_screen(endless: str) -> None:
    last = read_for_a_while("j", "j")
    code = (
        "import threading\n"
        "from newsreader.ui import app, refreshing, searching\n"
        f"app.LONGEST_START = 1000.0\n{endless}\n{START}"
    )
    with Terminal(SEEDS, program=(sys.executable, "-c", code)) as terminal:
        terminal.wait_until(lambda: terminal.lines == last)
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert terminal.unrestored == []
    assert painted() == last


def test_keys_before_the_reader_has_come_forward_wait_for_it_and_those_that_leave_with_them() -> None:
    last = read_for_a_while("j", "j")
    with Terminal(SEEDS) as terminal:
        terminal.wait_until(lambda: terminal.lines == last)
        terminal.send("jq")
        assert terminal.wait_for_end() == 0
    assert painted() != last
