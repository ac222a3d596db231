"""Standard output and error, and the terminal: what each is connected to, and writing that fails as it should."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from newsreader.errors import NewsreaderError

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import TextIO

ENDING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)
"""The signals that ask the program to end; it does, with the status 128 and the signal's number."""
PROGRESS_DELAY = 0.5
"""Seconds of work before progress is shown."""
PROGRESS_INTERVAL = 0.1
"""Seconds between two lines of progress."""
_PRINTABLE = "".join(map(chr, range(ord(" "), 0x7F)))
PAGER_PATIENCE = 0.5
"""Seconds that a pager has to give the terminal back when we are ended."""


class OutputError(NewsreaderError):
    """Standard output cannot be written."""

    status = 3


class Stopped(BaseException):
    """A signal asked the program to stop."""


class Signals:
    """What ends the program, as an exception, and as a number: SQLite swallows what its callbacks raise."""

    def __init__(self) -> None:
        """Nothing is taken over before `with`."""
        self.received = 0
        self._former: dict[int, object] = {}

    def __enter__(self) -> Signals:
        """Take over the signals, unless whoever started us wants them ignored."""
        for number in ENDING_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._former[number] = signal.signal(number, self._stop)
        return self

    def __exit__(self, *exception: object) -> None:
        """Give them back."""
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    @property
    def status(self) -> int:
        """The exit status that tells the signal."""
        return 128 + self.received

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        raise Stopped


def prepare_streams() -> None:
    """Make standard output able to take any character, odd encodings and closed streams harmless.

    A file opened while descriptor 1 or 2 is closed would get its number, and our output.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not _is_fit(getattr(stream, "encoding", None) or "utf-8"):
            _reconfigure(stream, encoding="utf-8")
    _reconfigure(sys.stdout, errors="backslashreplace")


def _is_fit(encoding: str) -> bool:
    """Whether an encoding has the bytes of ASCII for ASCII, and no escape sequences or zeros for anything else."""
    encoded = f"{_PRINTABLE}é漢\n{_PRINTABLE}".encode(encoding, "replace")
    return encoded.count(_PRINTABLE.encode()) == 2 and min(encoded.replace(b"\n", b"")) >= ord(" ")  # noqa: PLR2004


def write_utf8() -> None:
    """Write data formats in UTF-8, whatever the locale is."""
    _reconfigure(sys.stdout, encoding="utf-8")


def _reconfigure(stream: TextIO | None, **settings: str) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(**settings)


def takes(text: str) -> bool:
    """Whether the encoding of standard output has all characters of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is open and a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def is_dumb() -> bool:
    """Whether the terminal can do no more than print lines."""
    return os.environ.get("TERM", "") in {"", "dumb", "unknown"}


def may_style(choice: str) -> bool:
    """Whether to add colour to standard output: `always`, `never`, or `auto` by the environment and the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
        return True
    return is_terminal(sys.stdout) and not is_dumb()


def terminal_size() -> tuple[int, int]:
    """Columns and rows of the terminal that standard output is."""
    try:
        size = os.get_terminal_size(1)
    except OSError:
        size = os.terminal_size((80, 24))
    return size.columns or 80, size.lines or 24


def say(message: str) -> None:
    """A message for the user on standard error; without a standard error, nobody hears it."""
    from newsreader.text import clean

    if sys.stderr is not None:
        try:
            sys.stderr.write(clean(message) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            _redirect_to_null(2)


def write(pieces: Iterable[str], *, may_page: bool = True) -> None:
    """Write to standard output, through a pager if it is a terminal and the text is longer than its screen.

    Raises `BrokenPipeError` when nobody reads it any more, and `OutputError` when it cannot be written.
    """
    remaining = _noting_what_is_missing(pieces)
    held: list[str] = []
    pager: list[str] = []
    if may_page and is_terminal(sys.stdout) and is_terminal(sys.stdin) and not is_dumb():
        pager = pager_command()
    if pager:
        rows = terminal_size()[1] - 1
        for piece in remaining:
            held.append(piece)
            rows -= piece.count("\n")
            if rows < 0:
                if _page(pager, held, remaining):
                    return
                break
    with _writing():
        for piece in held:
            sys.stdout.write(piece)
        for piece in remaining:
            sys.stdout.write(piece)


def _noting_what_is_missing(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces; an error in making them, when some were made before, has a note that says so."""
    is_begun = False
    try:
        for piece in pieces:
            yield piece
            is_begun = True
    except NewsreaderError as error:
        if is_begun:
            error.add_note("newsreader: The output is not complete.")
        raise


def flush() -> None:
    """Bring out what was written; raises as `write` does."""
    if sys.stdout is not None:
        with _writing():
            sys.stdout.flush()


def forget_output() -> None:
    """Give up standard output, so that the interpreter does not fail on it once more when it leaves."""
    _redirect_to_null(1)


@contextmanager
def _writing() -> Iterator[None]:
    if sys.stdout is None:
        raise OutputError("Standard output is closed, so that nothing can be written to it.")
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Standard output cannot be written: {error.strerror or error}.") from error


def pager_command() -> list[str]:
    """The pager as an argument list: PAGER, else less; empty when none is wanted."""
    import shlex

    try:
        command = shlex.split(os.environ.get("PAGER", "less -R"))
    except ValueError:
        return []
    return [] if command == ["cat"] else command


def _page(command: list[str], held: list[str], remaining: Iterator[str]) -> bool:
    """Show the text in a pager, which gets it on its standard input and nothing else; False when it does not start."""
    import subprocess

    environment = {"LESS": "FRX", **os.environ}
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
    except OSError as error:
        say(f"newsreader: The pager {command[0]} does not start: {error.strerror or error}. Correct PAGER.")
        return False
    assert process.stdin is not None
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the pager, as long as it runs
    try:
        with suppress(BrokenPipeError):
            for pieces in (held, remaining):
                for piece in pieces:
                    process.stdin.write(piece.encode(sys.stdout.encoding, "backslashreplace"))
            process.stdin.flush()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()
    except BaseException:  # the pager would keep the terminal
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PAGER_PATIENCE)
        with suppress(OSError):
            process.stdin.close()
        raise
    finally:
        signal.signal(signal.SIGINT, former)
    return True


def _redirect_to_null(descriptor: int) -> None:
    with suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
        os.close(null)


@contextmanager
def reader_terminal(*, must_draw: bool = True) -> Iterator[None]:
    """Give the reader a terminal to draw on (standard error) and to take keys from (standard input).

    Where these are something else, /dev/tty takes their place for as long as the reader is open.
    Raises `NewsreaderError` when there is no terminal, or one that cannot move its cursor when it `must_draw`.
    """
    if must_draw and is_dumb():
        raise NewsreaderError("The reader needs a terminal that can move its cursor; set TERM, or use --plain.")
    saved: list[tuple[int, int]] = []
    try:
        for descriptor in (0, 2):
            if not os.isatty(descriptor):
                saved.append((descriptor, os.dup(descriptor)))
                terminal = _open_terminal()
                os.dup2(terminal, descriptor)
                os.close(terminal)
        yield
    finally:
        for descriptor, copy in saved:
            os.dup2(copy, descriptor)
            os.close(copy)


def _open_terminal() -> int:
    try:
        return os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise NewsreaderError("The reader needs a terminal; use newsreader list and show without one.") from error


class ProgressLine:
    """One line on standard error that tells how far long work is; nothing where that is no terminal or soon done."""

    def __init__(self, is_wanted: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._is_wanted = is_wanted and is_terminal(sys.stderr)
        self._clock = clock
        self._start = clock()
        self._next = self._start + PROGRESS_DELAY
        self._is_shown = False

    def show(self, describe: Callable[[float], str]) -> None:
        """Show what `describe` says of the work, which it is told the seconds of."""
        now = self._clock()
        if not self._is_wanted or now < self._next:
            return
        self._next = now + PROGRESS_INTERVAL
        self._is_shown = True
        with suppress(OSError, ValueError):
            sys.stderr.write(f"\r\x1b[K{describe(now - self._start)}"[: terminal_size()[0] + 3])
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._is_shown = False
            with suppress(OSError, ValueError):
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
