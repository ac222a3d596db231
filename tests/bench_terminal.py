"""What measuring needs: times of whole processes, and a pseudo-terminal with every byte of it timed."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path
from statistics import median

from tests.terminal import is_busy

RUNS = 9
Row = tuple[str, str, str, str]
"""What was measured, the figure, the ratio, the aim."""


def seconds_of(action: Callable[[], object], runs: int = RUNS) -> float:
    """The median of some runs, after one that is not counted."""
    action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return median(times)


def run(*command: str) -> Callable[[], object]:
    """A whole process, its output thrown away."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        check=False,
    )


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


class Terminal:
    """A program in a pseudo-terminal, with every byte of it timed."""

    def __init__(self, *command: str) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="36")
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.execvp(command[0], command)
        ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.text = ""

    def read_until(self, is_done: Callable[[str], object], timeout: float = 60.0) -> float:
        """Read until what came since the last key satisfies; the time at which it did."""
        end = time.perf_counter() + timeout
        while not is_done(self.text):
            if not select.select([self.master], [], [], max(end - time.perf_counter(), 0))[0]:
                raise TimeoutError(self.text[-2000:])
            self.text += os.read(self.master, 1 << 16).decode("utf-8", "replace")
        return time.perf_counter()

    def settle(self, quiet: float = 0.3) -> list[tuple[float, str]]:
        """Read until nothing comes for a while, nor is worked on: what came, each with its time."""
        frames = []
        while (is_there := select.select([self.master], [], [], quiet)[0]) or is_busy(self.pid):
            if not is_there:
                continue
            frames.append((time.perf_counter(), os.read(self.master, 1 << 16).decode("utf-8", "replace")))
        self.text = ""
        return frames

    def press(self, key: str) -> float:
        self.text = ""
        os.write(self.master, key.encode())
        return time.perf_counter()

    def memory(self) -> float:
        """Megabytes resident."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def close(self) -> float:
        """Leave with `q`; the seconds that took."""
        start = self.press("q")
        try:
            while os.read(self.master, 1 << 16):
                pass
        except OSError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.master)
        return time.perf_counter() - start

    def kill(self) -> None:
        """End the program whatever it does."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)
