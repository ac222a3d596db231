"""Standard input as a digest: held in memory, or put by where it is long."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from newsreader.errors import LibraryError
from newsreader.streams import OutputError, say

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import IO

MOST_INPUT = 256 * 1024 * 1024
"""Bytes of standard input that are taken: a device may have no end."""
MOST_HELD = 8 * 1024 * 1024
"""Bytes of it that are held in memory."""
STDIN_PATIENCE = 1.0
"""Seconds that standard input may be silent before we say that it is waited for."""
_PIECE_BYTES = 1 << 20


def piped_input() -> bytes | IO[bytes]:
    """What standard input holds when it is a pipe or a file; nothing when it is a terminal, a device or closed.

    See `spooled_input`.
    """
    import stat

    if sys.stdin is None:
        return b""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return b""
    return spooled_input() if stat.S_ISFIFO(mode) or stat.S_ISREG(mode) else b""


def spooled_input() -> bytes | IO[bytes]:
    """All of standard input; what is longer than `MOST_HELD` is put by in a file that has no name.

    Raises `LibraryError` when it holds more than `MOST_INPUT` bytes, or cannot be put by.
    """
    start = read_input(MOST_HELD)
    if len(start) <= MOST_HELD:
        return start
    import tempfile
    from io import BytesIO

    try:
        spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - stays as long as the library
    except OSError:  # there is no folder for it
        spool = BytesIO()
    try:
        piece, left = start, MOST_INPUT
        while piece:
            spool.write(piece)
            left -= len(piece)
            piece = _read_some(min(_PIECE_BYTES, left + 1))
            if len(piece) > left:
                raise _too_long()
        spool.flush()
    except LibraryError:
        spool.close()
        raise
    except OSError as error:
        with suppress(OSError):
            spool.close()
        raise LibraryError(
            f"Standard input is too long to be held and cannot be put by: {error.strerror or error}. "
            "Free some space, set TMPDIR to another folder, or save it as a file and name that with -f."
        ) from error
    return spool


def read_input(enough: int = 0) -> bytes:
    """All of standard input, or just more than is `enough`; with a word to the user when it keeps us waiting.

    Raises `LibraryError` when it holds more than `MOST_INPUT` bytes.
    """
    import select

    if sys.stdin is None:
        return b""
    with suppress(OSError):  # which reading tells
        if not select.select([0], [], [], STDIN_PATIENCE)[0]:
            say("newsreader: Waiting for a digest on standard input; give “< /dev/null” to have none, or press Ctrl+D.")
    content = _read_some((enough or MOST_INPUT) + 1)
    if len(content) > MOST_INPUT:
        raise _too_long()
    return content


def _read_some(size: int) -> bytes:
    """So many bytes, or all that are left; another program may have set standard input not to wait for them."""
    import select

    pieces: list[bytes] = []
    try:
        while size:
            piece: bytes | None = sys.stdin.buffer.read(size)
            if piece is None:
                select.select([0], [], [])
                continue
            pieces.append(piece)
            size -= len(piece)
            if not piece or os.get_blocking(0):  # a terminal would have to be told twice that this is all
                break
    except OSError as error:
        raise OutputError(f"Standard input cannot be read: {error.strerror or error}.") from error
    return b"".join(pieces)


def _too_long() -> LibraryError:
    return LibraryError(
        f"Standard input holds more than {MOST_INPUT // 1024**2} MB; save it as a file, and name that with -f."
    )
