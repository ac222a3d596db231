"""The first screen on a library that was never read: the beginning of a digest, to read until the reader is there."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from newsreader.library import Library
from newsreader.text import Clean, clean, clean_line, truncate, wrap
from newsreader.ui.terminal import Terminal

MOST_BYTES = 16_384
"""More fits on no screen."""
MOST_ENTRIES, DEEPEST = 1000, 10
"""How many entries of a folder, and folders within folders, are looked at."""
WIDEST = 80


def paint_beginning(terminal: Terminal, library: Library) -> None:
    """Take the terminal and show the beginning of a digest; nothing when none is plain text at first sight."""
    for path in library.paths:
        with suppress(OSError, ValueError):
            file = some_file(path)
            text = beginning(file, library.encoding) if file else ""
            if text.strip():
                rows = "".join(preview_rows(file, text, *terminal.size))
                terminal.enter()
                terminal.write(rows)
                return


def some_file(path: str) -> str:
    """The path, or a file below it, the first by name of those soonest found; empty when there is none."""
    for _ in range(DEEPEST):
        if not os.path.isdir(path):
            return path if os.path.isfile(path) else ""
        with os.scandir(path) as entries:
            seen = [each for each in islice(entries, MOST_ENTRIES) if each.name[0] != "." and not each.is_symlink()]
        if not seen:
            break
        path = min(seen, key=lambda entry: (entry.is_dir(), entry.name)).path
    return ""


def beginning(file: str, encoding: str) -> str:
    """The first text of a file; empty when it is binary. Raises `ValueError` when it is in another encoding."""
    with open(file, "rb") as stream:
        text = getincrementaldecoder(encoding or "utf-8-sig")().decode(stream.read(MOST_BYTES))
    return "" if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def preview_rows(file: str, text: str, columns: int, lines: int) -> Iterator[str]:
    """What fills the screen: which file it is, its beginning, and that more is coming."""
    width = min(columns - 1, WIDEST)
    yield f"\x1b[1;1H\x1b[1m{truncate(clean_line(os.path.basename(file)), width)}\x1b[0m"
    wrapped = (row for line in clean(text).split("\n") for row in wrap(Clean(line), width) or [Clean("")])
    for number, row in enumerate(islice(wrapped, max(lines - 4, 0)), 3):
        yield f"\x1b[{number};1H{row}"
    yield f"\x1b[{lines};1H\x1b[2m{truncate(Clean('Reading the digests.'), width)}\x1b[0m"
