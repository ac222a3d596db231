"""A file of the library -> its bytes; unpacked, where gzip, bzip2 or xz packed it, as far as that is sound and sane."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator

from newsreader.models import Problem

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import IO, Protocol

    class Decompressor(Protocol):
        """What the standard library's decompressors have in common."""

        @property
        def eof(self) -> bool: ...  # noqa: D102
        @property
        def needs_input(self) -> bool: ...  # noqa: D102
        @property
        def unused_data(self) -> bytes: ...  # noqa: D102
        def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...  # noqa: D102


CHUNK_SIZE = 1 << 18
"""Bytes read at a time."""

MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes that a packed file may unpack to: a small one can be made to unpack to more than any disk holds."""

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
"""What a zip archive begins with."""

XZ_MEMORY = 100 * 1024 * 1024
"""Bytes of memory that LZMA is given, which is what `xz -9` needs, and some; an archive can demand any amount."""
_PACKED_PIECE = 1 << 15


class DamageError(Exception):
    """What was packed is damaged from here on."""


def open_file(path: bytes) -> io.FileIO:
    """Open a file without waiting, should something else have taken its place.

    Raises `OSError`, also when it is no file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no file any more")
        return io.FileIO(descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def chunks_of(stream: IO[bytes], name: str, problems: list[Problem]) -> Iterator[bytes]:
    """The bytes of a file, unpacked; what is wrong is added to the problems when the bytes end. Closes the stream."""
    with stream:
        try:
            start = stream.read(16)
            stream.seek(0)
            yield from unpacked(stream, start, name, problems) or _plain(stream, name, problems)
        except OSError as error:
            problems.append(unreadable(name, error))


def unpacked(stream: IO[bytes], start: bytes, name: str, problems: list[Problem]) -> Iterator[bytes] | None:
    """What a stream that begins so unpacks to; None when nothing of it is packed. See `chunks_of`."""
    packing = packing_of(start)
    if packing is None:
        return None
    kind, make, mark = packing
    return noting_damage(sound_chunks(stream, make, mark), f"It is packed with {kind}", name, problems)


def unreadable(name: str, error: OSError) -> Problem:
    """What is said of a file that the system does not let us read."""
    return Problem(name, 0, f"It could not be read: {error.strerror or error}.", is_failure=True)


def packing_of(start: bytes) -> tuple[str, Callable[[], Decompressor], bytes] | None:
    """What a file that begins so is packed with, what unpacks it and what each packed stream begins with."""
    if start.startswith(b"\x1f\x8b\x08"):
        return "gzip", lambda: Inflater(31), b"\x1f"
    if start.startswith(b"BZh") and start[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}:
        import bz2

        return "bzip2", bz2.BZ2Decompressor, b"B"
    if start.startswith(b"\xfd7zXZ\0"):
        import lzma

        return "xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY), b"\xfd"
    return None


def noting_damage(chunks: Iterator[bytes], what: str, name: str, problems: list[Problem]) -> Iterator[bytes]:
    """The chunks, as long as they are sound and not too many; the problem is what keeps the rest away."""
    line, size = 1, 0
    try:
        for chunk in chunks:
            if size + len(chunk) > MOST_UNPACKED:
                chunk = chunk[: MOST_UNPACKED - size]  # noqa: PLW2901
                yield chunk
                line += chunk.count(b"\n")
                reason = f"{what} and unpacks to more than {MOST_UNPACKED >> 20} MB; from here on it was not read."
                problems.append(Problem(name, line, f"{reason} Unpack it to have all of it read.", is_failure=True))
                return
            yield chunk
            line += chunk.count(b"\n")
            size += len(chunk)
    except DamageError as error:
        kept = "what stands before is kept" if size else "nothing could be unpacked"
        problems.append(Problem(name, line if size else 0, f"{what}, and {error}; {kept}.", is_failure=True))


def sound_chunks(stream: IO[bytes], make: Callable[[], Decompressor], mark: bytes) -> Iterator[bytes]:
    """What the stream unpacks to, to the last sound byte.

    A decompressor keeps back what it has unpacked of a piece that turns out to be damaged; so the way to the damage is
    gone once more, and its last piece byte by byte. Raises `DamageError` at the damage.
    """
    start, done = stream.tell(), 0
    try:
        for chunk in _unpacked(stream, make, mark):
            yield chunk
            done += len(chunk)
        return
    except DamageError:
        damaged = stream.tell()
    stream.seek(start)
    for chunk in _unpacked(stream, make, mark, careful_from=max(damaged - _PACKED_PIECE, start)):
        if len(chunk) > done:
            yield chunk[done:]
        done = max(done - len(chunk), 0)


def _unpacked(
    stream: IO[bytes], make: Callable[[], Decompressor], mark: bytes, *, careful_from: int | None = None
) -> Iterator[bytes]:
    """What the packed streams of a file unpack to, one after the other."""
    decompressor, is_begun, left = make(), False, b""
    while True:
        step = _PACKED_PIECE if careful_from is None else min(max(careful_from - stream.tell(), 1), _PACKED_PIECE)
        data = left or stream.read(step)
        left = b""
        if not data and not is_begun:
            return
        if not data:
            raise DamageError("ends too early")
        if not is_begun and mark:
            data = data.lstrip(b"\0")  # what tapes and disks are filled up with
            if not data:
                continue
            if not data.startswith(mark):
                raise DamageError("something else follows what is packed, which was left out")
        is_begun = True
        yield from _decompress(decompressor, data)
        if decompressor.eof:
            left = decompressor.unused_data
            decompressor, is_begun = make(), False
            if not mark:
                return


def _decompress(decompressor: Decompressor, data: bytes) -> Iterator[bytes]:
    """What some packed bytes unpack to, a bounded piece at a time."""
    try:
        while (chunk := decompressor.decompress(data, CHUNK_SIZE)) or data:
            if chunk:
                yield chunk
            data = b""
            if decompressor.eof or decompressor.needs_input:
                return
    except _errors() as error:
        reason = str(error).rpartition(": ")[2] or "it needs too much memory"
        raise DamageError(f"is damaged ({reason})") from error


def _errors() -> tuple[type[Exception], ...]:
    """What decompressors raise; lzma is not imported where nothing is packed with it."""
    lzma = sys.modules.get("lzma")
    return (zlib.error, OSError, EOFError, ValueError, MemoryError, *([lzma.LZMAError] if lzma else []))


class Inflater:
    """zlib's decompressor with the methods that the others have."""

    def __init__(self, bits: int) -> None:
        """`bits` as zlib wants them: 31 for gzip, -15 for a bare stream."""
        self._inner = zlib.decompressobj(bits)
        self._is_full = False

    @property
    def eof(self) -> bool:
        """Whether the stream has come to its end."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """Whether there is no more to be had from what was given."""
        return not self._inner.unconsumed_tail and not self._is_full

    @property
    def unused_data(self) -> bytes:
        """What stands after the end of the stream."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Unpack some more."""
        unpacked = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._is_full = len(unpacked) == max_length
        return unpacked


def _plain(stream: IO[bytes], name: str, problems: list[Problem]) -> Iterator[bytes]:
    """The bytes that the file has when it is opened: what is added meanwhile is for the next time."""
    size = left = os.fstat(stream.fileno()).st_size
    while chunk := stream.read(min(CHUNK_SIZE, left) if size else CHUNK_SIZE):
        yield chunk
        left -= len(chunk)
        if size and not left:
            return
        if left < -MOST_UNPACKED:  # one that says to be empty, and has no end
            reason = (
                f"It goes on after {MOST_UNPACKED >> 20} MB, though its size is said to be 0; the rest was not read."
            )
            problems.append(Problem(name, 0, reason, is_failure=True))
            return
    if left > 0:
        reason = "It became shorter while it was read; the next time, it is read anew."
        problems.append(Problem(name, 0, reason, is_failure=True))
