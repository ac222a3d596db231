"""Marks that their file could not take: kept as lines of JSON in files beside it, until it can."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from zlib import crc32

from newsreader.errors import MarksError
from newsreader.marks_rows import Row, describe_count, format_line, parse_line
from newsreader.private import make_private_folder

MOST_BYTES = 1 << 28
"""A larger file is none of ours."""
_INFIX, _ENDING = ".unwritten-", ".jsonl"


class HeldFile:
    """Where one process keeps what it could not write; each line is on disk before it counts as kept."""

    def __init__(self, path: str, shelters: Sequence[str], stamp: str) -> None:
        """It lies beside the marks at `path`, else in the first of the `shelters` where it can; nothing is made yet."""
        name = f"{stamp}-{os.getpid()}{_ENDING}"
        self._choices = [start + name for start in _starts(path, shelters)]
        self.paths: list[str] = []
        """The files that were written."""
        self._is_complete = True

    def keep(self, rows: Iterable[Row]) -> None:
        """Add rows, where they can be added."""
        content = "".join(f"{format_line(row)}\n" for row in rows).encode()
        for path in self._choices:
            try:
                make_private_folder(os.path.dirname(path))
                _append(path, content)
            except OSError:
                continue
            if path not in self.paths:
                self.paths.append(path)
            return
        self._is_complete = False

    def complete(self, rows: Iterable[Row]) -> bool:
        """Add all rows once more if some could not be added; whether the files hold them all."""
        if not self._is_complete:
            self._is_complete = True
            self.keep(rows)
        return self._is_complete

    def remove(self) -> None:
        """Delete the files: all that they hold is written now."""
        for path in self.paths:
            with suppress(OSError):
                os.unlink(path)
        self.paths.clear()
        self._is_complete = True


def _starts(path: str, shelters: Iterable[str]) -> list[str]:
    """How the paths begin of files that hold what is to be written into the marks at `path`: there, and elsewhere."""
    name = f"{os.path.basename(path)}-{crc32(os.fsencode(path)):08x}{_INFIX}"  # others may have their marks elsewhere
    return [f"{path}{_INFIX}", *(os.path.join(folder, name) for folder in shelters)]


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
    found = []
    for start in _starts(path, shelters):
        folder, begin = os.path.split(start)
        with suppress(OSError):
            names = [name for name in os.listdir(folder) if name.startswith(begin) and name.endswith(_ENDING)]
            found += [os.path.join(folder, name) for name in sorted(names)]
    return found


def take_over_all(path: str, shelters: Iterable[str], write: Callable[[list[Row]], object]) -> list[str]:
    """Have written what other processes had to leave in files, as far as that is possible; sentences that say so."""
    notes = []
    for file in held_files(path, shelters):
        with suppress(sqlite3.Error, OSError, MarksError):
            if count := take_over(file, write):
                notes.append(f"{file}: {describe_count(count)} that could not be written before came in now.")
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
