"""Finds the files of a library, without opening any."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from newsreader.models import Problem


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the library, as it was when it was found."""

    path: str
    """Its absolute path."""
    size: int
    """Bytes."""
    mtime_ns: int
    """When it was last changed."""


class Walk:
    """Finds the files at and below paths and notes what it skips."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._closed: list[str] = []

    def may_hold(self, path: str) -> bool:
        """Whether a digest that was not found may still be there, below something that could not be looked into."""
        return any(path == closed or path.startswith(closed.rstrip(os.sep) + os.sep) for closed in self._closed)

    def files(self, path: str) -> Iterator[FoundFile]:
        """The files at or below a path that the user named."""
        path = os.path.abspath(path)
        try:
            status = os.stat(path)
        except OSError as error:
            self._fail(path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._below(path)
        elif stat.S_ISREG(status.st_mode):
            yield FoundFile(path, status.st_size, status.st_mtime_ns)
        else:
            self._note(
                path, "It is neither a file nor a folder, and was not read; pipe it in instead.", is_failure=True
            )

    def _below(self, top: str) -> Iterator[FoundFile]:
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                self._fail(folder, error)
                continue
            inner = []
            for entry in entries:
                if entry.name.startswith("."):
                    self._note(entry.path, "It is hidden, and was skipped; name it to have it read.")
                elif entry.is_dir(follow_symlinks=False):
                    inner.append(entry.path)
                else:
                    yield from self._file(entry)
            folders.extend(reversed(inner))

    def _file(self, entry: os.DirEntry[str]) -> Iterator[FoundFile]:
        try:
            if entry.is_symlink():
                self._note(entry.path, "It is a symbolic link, and was not followed; name it to have it read.")
            elif entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                yield FoundFile(entry.path, status.st_size, status.st_mtime_ns)
            else:
                self._note(entry.path, "It is neither a file nor a folder, and was skipped.")
        except OSError as error:
            self._fail(entry.path, error)

    def _fail(self, path: str, error: OSError) -> None:
        self._closed.append(path)
        self._note(path, f"It could not be read: {error.strerror or error}.", is_failure=True)

    def _note(self, path: str, reason: str, *, is_failure: bool = False) -> None:
        self._problems.append(Problem(path, 0, reason, is_failure))
