"""Finds the files of a library, without opening any."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from operator import attrgetter

from newsreader.models import Problem

FoundFile = tuple[bytes, int, int]
"""A file's absolute path, its size in bytes, and when it was last changed, in nanoseconds; as the archive knows it."""

NOT_TEXT = "It is plainly not text, and was skipped; unpack or convert it first."
"""Why a file was skipped."""

_LATEST_NS = (1 << 63) - 1  # the year 2262 and SQLite's largest integer; file systems can hold later times


class Walk:
    """Finds the files at and below paths and notes what it skips."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._closed: list[bytes] = []

    def may_hold(self, path: bytes) -> bool:
        """Whether a file that was not found may still be there, below something that could not be looked into."""
        return any(path == closed or path.startswith(closed.rstrip(b"/") + b"/") for closed in self._closed)

    def files(self, named: str) -> Iterator[FoundFile]:
        """The files at or below a path that the user named."""
        path = os.path.abspath(os.fsencode(named))
        try:
            status = os.stat(path)
        except OSError as error:
            self._fail(path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._below(path)
        elif stat.S_ISREG(status.st_mode):
            yield path, status.st_size, min(status.st_mtime_ns, _LATEST_NS)
        else:
            reason = "It is neither a file nor a folder, and was not read; pipe it in instead."
            self._note(path, reason, is_failure=True)

    def _below(self, top: bytes) -> Iterator[FoundFile]:
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=attrgetter("name"))
            except OSError as error:
                self._fail(folder, error)
                continue
            inner = []
            for entry in entries:
                if entry.name.startswith(b"."):
                    self._note(entry.path, "It is hidden, and was skipped; name it to have it read.")
                elif entry.is_file(follow_symlinks=False):
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except OSError as error:
                        self._fail(entry.path, error)
                    else:
                        yield entry.path, status.st_size, min(status.st_mtime_ns, _LATEST_NS)
                elif entry.is_dir(follow_symlinks=False):
                    inner.append(entry.path)
                elif entry.is_symlink():
                    self._note(entry.path, "It is a symbolic link, and was not followed; name it to have it read.")
                else:
                    self._note(entry.path, "It is neither a file nor a folder, and was skipped.")
            folders.extend(reversed(inner))

    def _fail(self, path: bytes, error: OSError) -> None:
        self._closed.append(path)
        self._note(path, f"It could not be read: {error.strerror or error}.", is_failure=True)

    def _note(self, path: bytes, reason: str, *, is_failure: bool = False) -> None:
        self._problems.append(Problem(os.fsdecode(path), 0, reason, is_failure))
