"""Finds the files of a library, without opening any."""

from __future__ import annotations

import os
import stat
from operator import itemgetter

from newsreader.listing import LATEST_NS, Listing, make_listing
from newsreader.models import Problem

FoundFile = tuple[bytes, int, int]
"""A file's absolute path, its size in bytes, and when it was last changed, in nanoseconds; as the archive knows it."""

NOT_TEXT = "It is plainly not text, and was skipped; unpack or convert it first."
"""Why a file was skipped."""


class Walk:
    """Finds the files at and below paths and notes what it skips."""

    def __init__(self, *, follows_links: bool = False) -> None:
        self.files: set[FoundFile] = set()
        """The files to be read."""
        self.listings: list[Listing] = []
        """All that was seen."""
        self.problems: list[Problem] = []
        """What was skipped, and what could not be looked into."""
        self._closed: list[bytes] = []
        self._follows_links = follows_links
        self._links: list[bytes] = []
        self._folders: set[tuple[int, int]] = set()

    @property
    def is_whole(self) -> bool:
        """Whether all that was there could be looked into."""
        return not self._closed

    def may_hold(self, path: bytes) -> bool:
        """Whether a file that was not found may still be there, below something that could not be looked into."""
        return any(path == closed or path.startswith(closed.rstrip(b"/") + b"/") for closed in self._closed)

    def look(self, named: str) -> None:
        """Find the files at or below a path that the user named."""
        path = os.path.abspath(os.fsencode(named))
        try:
            status = os.stat(path)
        except OSError as error:
            self._fail(path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            self._look_below(path)
        elif stat.S_ISREG(status.st_mode):
            self._add(path, status)
            self.listings.append(make_listing(b"", [path], [status]))
        else:
            reason = "It is neither a file nor a folder, and was not read; pipe it in instead."
            self._note(path, reason, is_failure=True)

    def _look_below(self, top: bytes) -> None:
        folders = [top]
        while folders or self._links:
            if not folders:  # links come last: what they lead to may have been seen by then
                folders += self._follow(self._links.pop())
                continue
            folder = folders.pop()
            try:
                if self._follows_links:
                    self._folders.add(_identity(os.stat(folder)))
                names = os.listdir(folder)
            except OSError as error:
                self._fail(folder, error)
                continue
            seen = []
            for name in names:
                path = os.path.join(folder, name)
                try:
                    seen.append((path, os.lstat(path)))
                except OSError as error:
                    self._fail(path, error)
            self.listings.append(make_listing(folder, names, map(itemgetter(1), seen)))
            inner = [path for path, status in sorted(seen, key=itemgetter(0)) if self._is_folder(path, status)]
            folders.extend(reversed(inner))

    def _is_folder(self, path: bytes, status: os.stat_result) -> bool:
        """Whether what was seen in a folder is one to look into; a file is added to the others."""
        mode = status.st_mode
        if os.path.basename(path).startswith(b"."):
            self._note(path, "It is hidden, and was skipped; name it to have it read.")
        elif stat.S_ISREG(mode):
            self._add(path, status)
        elif stat.S_ISLNK(mode) and self._follows_links:
            self._links.append(path)
        elif stat.S_ISLNK(mode):
            self._note(path, "It is a symbolic link, and was not followed; name it, or say --follow, to have it read.")
        elif not stat.S_ISDIR(mode):
            self._note(path, "It is neither a file nor a folder, and was skipped.")
        else:
            return True
        return False

    def _follow(self, link: bytes) -> list[bytes]:
        """The folder that a link leads to, unless it was looked into already; a file is added to the others."""
        try:
            status = os.stat(link)
        except OSError as error:
            self._fail(link, error)
            return []
        if stat.S_ISDIR(status.st_mode) and _identity(status) not in self._folders:
            return [link]
        if stat.S_ISDIR(status.st_mode):
            self._note(link, "It is a symbolic link to a folder that is read already, and was not followed again.")
        elif stat.S_ISREG(status.st_mode):
            self._add(link, status)
            self.listings.append(make_listing(b"", [link], [status]))
        else:
            self._note(link, "It is a symbolic link to what is neither a file nor a folder, and was skipped.")
        return []

    def _add(self, path: bytes, status: os.stat_result) -> None:
        self.files.add((path, status.st_size, min(status.st_mtime_ns, LATEST_NS)))

    def _fail(self, path: bytes, error: OSError) -> None:
        self._closed.append(path)
        self._note(path, f"It could not be read: {error.strerror or error}.", is_failure=True)

    def _note(self, path: bytes, reason: str, *, is_failure: bool = False) -> None:
        self.problems.append(Problem(os.fsdecode(path), 0, reason, is_failure))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
