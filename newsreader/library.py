"""What a run looks at, and which archives it can use."""

from __future__ import annotations

import os

from newsreader.record import Record

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import IO

STDIN = "-"
"""The path that stands for the digest on standard input."""
ARCHIVE_FORMAT = 6
"""Raised whenever the archive's schema, the dating or the folding changes: archives of others are left alone."""


class Library(Record):
    """The files and folders that a run looks at."""

    paths: tuple[str, ...]
    """As the user named them; `-` is standard input."""
    stdin: bytes | IO[bytes] = b""
    """What was read from standard input, when `-` is among the paths; a file where that is long."""
    encoding: str = ""
    """The encoding to read all digests in; empty to find out for each."""
    follows_links: bool = False
    """Whether symbolic links that are met in folders are followed; those that are named always are."""

    @property
    def key(self) -> str:
        """What tells this library from others, to name its archive by; the same however its paths are spelled."""
        paths = sorted({os.path.abspath(path) for path in self.paths})
        return "\n".join([*paths, self.encoding, *["follow"] * self.follows_links])
