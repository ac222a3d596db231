"""A glance at all files of a library, taken by a process of its own while the command that needs it gets ready."""

from __future__ import annotations

import _thread
import marshal
import os
import select
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress

from newsreader.listing import Listing, is_as_listed, look

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import NoReturn

_HEAD, _READ_SIZE = 8, 1 << 20
"""Bytes that say how long a listing is, and that are read at once."""


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
        self._has_ended = False
        self._unread = b""

    def confirms(self, listings: Iterable[Listing]) -> bool:
        """Whether all is still as listed.

        This process helps: it looks at the folders from the last to the first, until it meets the other.
        """
        wanted = dict(sorted((_key(listing), listing) for listing in listings))
        unseen = dict(wanted)
        while unseen:
            for listing in self._arrived(is_waiting=len(unseen) == 1):
                if wanted.get(_key(listing)) != listing:
                    return False
                unseen.pop(_key(listing), None)
            is_there_work = len(unseen) > 1 or (unseen and self._has_ended)
            if is_there_work and not is_as_listed([unseen.popitem()[1]]):
                return False
        return True

    def _arrived(self, *, is_waiting: bool) -> list[Listing]:
        """What the other process has written since."""
        if not self._has_ended and (is_waiting or select.select([self._reading], [], [], 0)[0]):
            data = os.read(self._reading, _READ_SIZE)
            self._has_ended = not data
            self._unread += data
        found = []
        start = 0
        while (end := start + _HEAD + int.from_bytes(self._unread[start : start + _HEAD], "big")) <= len(self._unread):
            found.append(marshal.loads(self._unread[start + _HEAD : end]))
            start = end
        self._unread = self._unread[start:]
        return found

    def close(self) -> None:
        """End the other process, if it has not ended."""
        if not self._process:
            return
        process, self._process = self._process, 0
        os.close(self._reading)
        self._has_ended = True
        with suppress(OSError):
            if os.waitpid(process, os.WNOHANG) == (0, 0):
                import signal

                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _look_and_end(paths: Sequence[str], writing: int) -> NoReturn:
    """Write what is seen, and end: whatever happens, this process must not go on as the command."""
    try:
        import fcntl

        with suppress(OSError):  # with less room, it waits to be read
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _READ_SIZE)
        with open(writing, "wb") as pipe:
            for listing in look(paths):
                data = marshal.dumps(listing)
                pipe.write(len(data).to_bytes(_HEAD, "big") + data)
                pipe.flush()
    finally:
        os._exit(0)


def _key(listing: Listing) -> bytes:
    """The path of the folder, or of a file that was named."""
    return listing[0] or listing[1]
