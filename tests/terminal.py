"""A terminal for tests: a pseudo-terminal with a program in it, its screen, every byte it wrote, and how it ended.

Nothing here sleeps for a fixed time: whatever is waited for may take until `PATIENCE` is over on a busy machine.
"""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType

import pyte

from tests.conftest import PROJECT

PATIENCE = 60.0
"""Seconds until something that is waited for counts as never coming."""
IDLE_LOOKS = 15
"""How often, every 20 ms, a program is to be found idle; the reader looks around twice a second."""
PROGRAM = (sys.executable, "-m", "newsreader")
FORGETTING = ("PYTEST_CURRENT_TEST", "COLUMNS", "LINES", "LC_ALL", "PYTHONIOENCODING", "TMUX", "STY")
"""Variables of the developer's that would change what a terminal shows."""
SWITCHES = {"?1049": b"l", "?25": b"h", "?7": b"h", "?1000": b"l", "?1003": b"l", "?1006": b"l", "?1015": b"l"} | {
    "?1004": b"l",
    "?2004": b"l",
    "?2048": b"l",
}
"""The modes that the reader may switch, and the state in which a terminal is found and to be left."""


class Terminal:
    """A terminal in which a program runs: `newsreader` with these words, or another command line."""

    def __init__(
        self,
        *words: str | os.PathLike[str],
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str] | None = None,
        streams: str = "",
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """`size` is columns and rows, `streams` redirections in the words of the shell, such as `< /dev/null 2>&-`."""
        clean = {name: value for name, value in os.environ.items() if name not in FORGETTING}
        path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
        own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": path, "LC_ALL": "C.UTF-8"}
        self.raw = b""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._is_closed = False
        self._status: int | None = None
        self._fd, slave = os.openpty()
        termios.tcsetwinsize(slave, (size[1], size[0]))
        self._modes: list[object] = termios.tcgetattr(slave)
        tty = os.ttyname(slave)  # to be opened by the leader of the new session, whose terminal it becomes so
        command = shlex.join([*program, *(os.fspath(word) for word in words)])
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec 0<>{tty} 1>&0 2>&0; exec {command} {streams}"],
            env={**clean, **own, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.pid = self._process.pid
        os.close(slave)

    def __enter__(self) -> Terminal:
        """Use the terminal; whatever still runs in it is killed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill what still runs, and show what was on the screen when the test failed."""
        if error is not None:
            error.add_note("The screen:\n" + "\n".join(self.lines))
        if self._status is None:
            self._kill()
        self.hang_up()

    def _kill(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            os.kill(self.pid, signal.SIGKILL)
        self._reap(0)

    # What it shows

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """What is on the screen, as one text."""
        return "\n".join(self.lines)

    def read(self, seconds: float = 0.0) -> bool:
        """Take in what the program has written, waiting so long for the first of it; whether there was anything."""
        if self._is_closed or not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # the program has ended
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def wait_until(self, is_so: Callable[[], bool], what: str = "what was waited for") -> None:
        """Read until something is so; fail when the program ends before, or patience does."""
        end = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > end or (not self.read(0.05) and self.has_ended and not self.read()):
                if is_so():
                    return
                state = f"ended with status {self._status}" if self.has_ended else "still running"
                raise AssertionError(f"{what} did not come; the program is {state}.")

    def wait_for(self, *words: str) -> None:
        """Read until all of these words are on the screen."""
        self.wait_until(lambda: all(word in self.text for word in words), repr(words))

    def wait_until_gone(self, *words: str) -> None:
        """Read until none of these words is on the screen."""
        self.wait_until(lambda: not any(word in self.text for word in words), f"a screen without {words!r}")

    def wait_for_bytes(self, data: bytes, start: int = 0) -> None:
        """Read until these bytes were written, from the byte `start` on."""
        self.wait_until(lambda: data in self.raw[start:], repr(data))

    def wait_until_idle(self) -> None:
        """Read until the program has written nothing for a while, and did not want to either."""
        end, quiet = time.monotonic() + PATIENCE, 0
        while quiet < IDLE_LOOKS:
            assert time.monotonic() < end, "The program does not come to rest."
            quiet = 0 if self.read(0.02) or is_busy(self.pid) else quiet + 1

    def forget_screen(self) -> None:
        """Empty the screen, as if another program had written over it."""
        self.screen.reset()

    # What is done to it

    def send(self, data: str | bytes) -> None:
        """Type this; a large amount goes in as fast as the program takes it, while its output is read."""
        rest = data.encode() if isinstance(data, str) else data
        end = time.monotonic() + PATIENCE
        while rest:
            readable, writable, _ = select.select([self._fd], [self._fd], [], 0.1)
            if readable:
                self.read()
            if writable:
                rest = rest[os.write(self._fd, rest[:1024]) :]
            assert time.monotonic() < end, f"{len(rest)} bytes were not taken."

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as dragging a window does."""
        termios.tcsetwinsize(self._fd, (rows, columns))
        self.screen.resize(rows, columns)

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Take the terminal away, as closing a window does."""
        if not self._is_closed:
            self._is_closed = True
            os.close(self._fd)

    # How it ends

    def _reap(self, options: int = os.WNOHANG) -> None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, options)
            if pid and not os.WIFSTOPPED(status):
                self._status = os.waitstatus_to_exitcode(status)
                self._process.returncode = self._status

    @property
    def has_ended(self) -> bool:
        """Whether the program has ended."""
        self._reap()
        return self._status is not None

    def wait_for_end(self) -> int:
        """Read until the program has ended; its exit status, negative for a signal that killed it."""
        end = time.monotonic() + PATIENCE
        while not self.has_ended:
            assert time.monotonic() < end, "The program does not end."
            self.read(0.005)
        while self.read():
            pass
        assert self._status is not None
        return self._status

    def wait_until_stopped(self) -> None:
        """Read until the program is stopped, as Ctrl+Z does."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.read(0.01)
            pid, status = os.waitpid(self.pid, os.WUNTRACED | os.WNOHANG)
            if pid:
                assert os.WIFSTOPPED(status), "The program ended instead of stopping."
                while self.read():
                    pass
                return
        raise AssertionError("The program does not stop.")

    def wait_for_children(self, is_so: Callable[[list[int]], bool]) -> list[int]:
        """Read until the program's child processes are as wanted; their ids."""
        self.wait_until(lambda: is_so(children_of(self.pid)), "the children")
        return children_of(self.pid)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was found: line discipline, screen, cursor, mouse, paste and keyboard modes."""
        return not self.unrestored

    @property
    def unrestored(self) -> list[str]:
        """What is not as it was found."""
        wrong = [f"{mode}{last.decode()}" for mode, good in SWITCHES.items() if (last := self._last(mode)) != good]
        if self.raw.count(b"\x1b[>") - self.raw.count(b"\x1b[>4") > self.raw.count(b"\x1b[<u"):
            wrong.append("kitty keyboard")
        if termios.tcgetattr(self._fd) != self._modes:
            wrong.append("line discipline")
        return wrong

    def _last(self, mode: str) -> bytes:
        """The last that was done to a mode; what it is by itself, when nothing was."""
        name = mode.encode()
        at = max(self.raw.rfind(b"\x1b[" + name + end) for end in (b"h", b"l"))
        return self.raw[at + 2 + len(name) :][:1] if at >= 0 else SWITCHES[mode]


def children_of(pid: int) -> list[int]:
    """The child processes of a process."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as stream:
            found = [int(word) for word in stream.read().split()]
    except FileNotFoundError:
        return []
    for task in os.listdir(f"/proc/{pid}/task"):
        if task != str(pid):
            try:
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as stream:
                    found += [int(word) for word in stream.read().split()]
            except FileNotFoundError:
                continue
    return found


def is_busy(pid: int) -> bool:
    """Whether a thread of a process runs, or would if a processor was free."""
    for task in os.listdir(f"/proc/{pid}/task"):
        name = f"/proc/{pid}/task/{task}/stat"
        with suppress(FileNotFoundError, ProcessLookupError), open(name, encoding="utf-8", errors="replace") as stream:
            if stream.read().rpartition(")")[2].split()[0] in {"R", "D"}:
                return True
    return False


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended but was not reaped does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            return stream.read().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False
