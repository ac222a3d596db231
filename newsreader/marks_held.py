"""Marks that their file could not take: kept as lines of JSON in files beside it, until it can."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from newsreader.errors import MarksError
from newsreader.marks_rows import Row, format_line, parse_line
from newsreader.private import make_private_folder

MOST_BYTES = 1 << 28
"""A larger file is none of ours."""
_INFIX, _ENDING = ".unwritten-", ".jsonl"


class HeldFile:
    """Where one process keeps what it could not write; each line is on disk before it counts as kept."""

    def __init__(self, path: str, shelters: Sequence[str], stamp: str) -> None:
        """It lies beside the marks at `path`, else in the first of the `shelters` where it can; nothing is made yet."""
        name = f"{os.path.basename(path)}{_INFIX}{stamp}-{os.getpid()}{_ENDING}"
        self._paths = [os.path.join(folder, name) for folder in (os.path.dirname(path), *shelters)]
        self.path = ""
        """The file that was written last; empty when there is none."""

    def keep(self, rows: Iterable[Row]) -> bool:
        """Add rows; whether they are on disk."""
        content = "".join(f"{format_line(row)}\n" for row in rows).encode()
        for path in [self.path] if self.path else self._paths:
            try:
                make_private_folder(os.path.dirname(path))
                _append(path, content)
            except OSError:
                continue
            self.path = path
            return True
        return False

    def remove(self) -> None:
        """Delete the file: all that it holds is written now."""
        if self.path:
            with suppress(OSError):
                os.unlink(self.path)
            self.path = ""


def _append(path: str, content: bytes) -> None:
    """Add to a file, of which nobody takes the lines over meanwhile."""
    while True:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(path, flags, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            state = os.fstat(descriptor)
            if not state.st_nlink:
                continue  # taken over while we waited
            try:
                written = os.write(descriptor, content)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, state.st_size)
                raise
            if written < len(content):
                os.ftruncate(descriptor, state.st_size)
                raise OSError(f"{path} took only a part")
            return
        finally:
            os.close(descriptor)


def held_files(path: str, shelters: Iterable[str]) -> list[str]:
    """The files of marks that are still to be written into those at `path`."""
    name = os.path.basename(path)
    found = []
    for folder in (os.path.dirname(path), *shelters):
        with suppress(OSError):
            found += [
                os.path.join(folder, entry)
                for entry in os.listdir(folder)
                if entry.startswith(name + _INFIX) and entry.endswith(_ENDING)
            ]
    return found


def take_over_all(path: str, shelters: Iterable[str], write: Callable[[list[Row]], object]) -> list[str]:
    """Have written what other processes had to leave in files, as far as that is possible; sentences that say so."""
    notes = []
    for file in held_files(path, shelters):
        with suppress(sqlite3.Error, OSError, MarksError):
            if count := take_over(file, write):
                notes.append(f"{file}: {count:,} changes of marks that could not be written before are now.")
    return notes


def take_over(file: str, write: Callable[[list[Row]], object]) -> int:
    """Have the rows of a file written, and delete it; how many they were.

    A line that was cut short by a crash was never kept. A file with lines that no newsreader wrote gets another name,
    instead of being deleted. Raises `OSError` when it cannot be read, and what `write` raises; it stays then.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size > MOST_BYTES:
            raise OSError(f"{file} is no file of ours")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with open(descriptor, "rb", closefd=False) as stream:
            lines = stream.read(MOST_BYTES).split(b"\n")
        rows, odd = [], 0
        for line in lines[:-1]:
            try:
                rows.append(parse_line(line.decode()))
            except ValueError:
                odd += 1
        write(rows)
        if odd:
            os.rename(file, f"{file}.odd")
        else:
            os.unlink(file)
        return len(rows)
    finally:
        os.close(descriptor)
