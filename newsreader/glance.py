"""A glance at all files of a library, taken by a process of its own while the command that needs it gets ready."""

from __future__ import annotations

import _thread
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from newsreader.listing import Listing, look

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import NoReturn


def take_glance(paths: Sequence[str]) -> Glance | None:
    """Begin to look at all that is at and below these paths; None where that is not to be done beside this process.

    Threads forbid it: they could hold a lock that nobody would give back to the other process.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1 or _thread._count():
        return None
    try:
        return Glance(paths)
    except OSError:
        return None


class Glance:
    """What another process sees of a library; to be closed."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Begin to look. Raises `OSError` when there can be no other process."""
        self._reading, writing = os.pipe()
        try:
            self._process = os.fork()
        except OSError:
            os.close(self._reading)
            os.close(writing)
            raise
        if not self._process:
            _look_and_end(paths, writing)
        os.close(writing)

    def listings(self) -> list[Listing] | None:
        """What was seen; None when not all could be looked at, and when this was asked before."""
        import marshal

        with suppress(OSError, EOFError, ValueError, TypeError), open(self._reading, "rb", closefd=False) as pipe:
            return list(marshal.loads(pipe.read()))
        return None

    def close(self) -> None:
        """End the other process, if it has not ended."""
        if not self._process:
            return
        process, self._process = self._process, 0
        os.close(self._reading)
        self._reading = -1
        with suppress(OSError):
            if os.waitpid(process, os.WNOHANG) == (0, 0):
                import signal

                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _look_and_end(paths: Sequence[str], writing: int) -> NoReturn:
    """Write what is seen, or nothing, and end: whatever happens, this process must not go on as the command."""
    try:
        import marshal

        with open(writing, "wb") as pipe:
            pipe.write(marshal.dumps(look(paths)))
    finally:
        os._exit(0)
