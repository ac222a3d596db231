"""The first screen, painted before Textual is there: the last one, if the next start will show just that.

It is kept beside the archive, for its owner alone, together with all that it depends on. When any of that is not as it
was, nothing is painted; when something is painted, keys that are typed meanwhile wait for the reader itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from newsreader import __version__
from newsreader.private import create_private_file
from newsreader.ui.terminal import Terminal

VARIABLES = ("TERM", "COLORTERM", "NO_COLOR", "TERM_PROGRAM", "LC_ALL", "LC_CTYPE", "LANG", "TEXTUAL_THEME")
"""What a screen depends on in the environment."""
MOST_BYTES = 4_000_000
"""A larger file is none of ours."""
LINK = r"\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)"
_CONTROLS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0))))


def is_harmless(frame: str) -> bool:
    """Whether it is text, colours and places, and nothing else that a terminal would act on."""
    if _CONTROLS.intersection(frame) - {"\r", "\n", "\x1b"}:
        return False
    ends = (part[1:].lstrip("0123456789;")[:1] for part in frame.split("\x1b")[1:] if part[:1] == "[")
    return frame.count("\x1b") == sum(end in {"m", "H"} for end in ends)


class FirstPaint:
    """The screen as it was left."""

    def __init__(self, archive_path: str | None, marks_path: str, facts: Sequence[str]) -> None:
        """`facts` are whatever else the screen depends on; an archive in memory has no screen to be kept."""
        self.is_painted = False
        self._path = f"{archive_path}.screen" if archive_path else ""
        self._files = [archive_path or "", f"{archive_path}-wal", marks_path]
        self._facts = list(facts)

    def paint(self, terminal: Terminal) -> None:
        """Take the terminal and paint, if everything is as it was."""
        with suppress(OSError, ValueError):
            if not self._path or os.stat(self._path).st_size > MOST_BYTES:
                return
            with open(self._path, encoding="utf-8", newline="") as stream:
                stamp, frame = stream.readline(), stream.read()
            if frame and stamp == self._stamp(terminal) and is_harmless(frame):
                terminal.enter()
                terminal.write(frame)
                self.is_painted = True

    def keep(self, terminal: Terminal, frame: str) -> None:
        """Keep a screen for the next start; an empty one for none."""
        if not self._path:
            return
        import re  # which a paint does not wait for

        frame = re.sub(LINK, "", frame)
        part = f"{self._path}.{os.getpid()}"
        with suppress(OSError):
            if not frame or not is_harmless(frame):
                os.unlink(self._path)
                return
            create_private_file(part)
            with open(part, "w", encoding="utf-8", errors="replace", newline="") as stream:
                stream.write(self._stamp(terminal) + frame)
            os.replace(part, self._path)

    def _stamp(self, terminal: Terminal) -> str:
        """All that the screen depends on, as a line."""
        files: list[object] = []
        for path in self._files:
            try:
                status = os.stat(path)
            except OSError:
                files.append(None)
            else:
                files.append([status.st_size, status.st_mtime_ns, status.st_ino] if status.st_size else None)
        encoding = getattr(sys.__stderr__, "encoding", None)
        variables = [os.environ.get(name) for name in VARIABLES]
        return ascii([__version__, terminal.size, encoding, variables, files, self._facts]) + "\n"
