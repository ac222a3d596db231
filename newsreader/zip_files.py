"""Zip files: the digests that one holds, and the bytes of each. They are named as if the zip file were a folder."""

from __future__ import annotations

import io
import os
import stat
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache, partial

from newsreader.models import Problem
from newsreader.unpacking import (
    MOST_UNPACKED,
    XZ_MEMORY,
    ZIP_MARKS,
    DamageError,
    Inflater,
    noting_damage,
    open_file,
    sound_chunks,
    unreadable,
)
from newsreader.walk import NOT_TEXT, FoundFile

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from lzma import LZMADecompressor
    from typing import IO
    from zipfile import ZipInfo

_MOST_CONTENTS = 8_000_000  # bytes of a table of contents; it takes ten times the room when read
_DOCUMENTS = {"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"}
_STORED, _DEFLATED, _BZIPPED, _LZMA = 0, 8, 12, 14
_HEADER_SIZE = 30
_LZMA_HEAD_SIZE, _LZMA_PARAMETER_SIZE, _LEAST_DICTIONARY = 9, 5, 4096
_IS_ENCRYPTED = 1


def find_members(stream: IO[bytes], file: FoundFile, problems: list[Problem]) -> tuple[FoundFile, ...]:
    """The files in a zip file that may be digests; why others are not read is added to the problems."""
    path, size, mtime_ns = file
    try:
        contents, damage = _contents(stream)
    except OSError as error:
        problems.append(unreadable(os.fsdecode(path), error))
        return ()
    if damage:
        kept = "what could be found in it without was read" if contents else "nothing was found in it without"
        reason = f"It is a zip file whose table of contents cannot be read ({damage}); {kept}."
        problems.append(Problem(os.fsdecode(path), 0, reason, is_failure=True))
    if any(info.filename in _DOCUMENTS for info in contents.values()):
        problems.append(Problem(os.fsdecode(path), 0, NOT_TEXT))
        return ()
    if not damage and sum(info.compress_size for info in contents.values()) > size:
        reason = "It is a zip file whose members lie over each other, and was not read."
        problems.append(Problem(os.fsdecode(path), 0, reason, is_failure=True))
        return ()
    members = []
    room = MOST_UNPACKED
    for name, info in contents.items():
        if info.filename.endswith("/"):
            continue
        member = path + b"/" + name
        reason, is_failure = _objection(info, room)
        if reason:
            problems.append(Problem(os.fsdecode(path), 0, f"{os.fsdecode(name)}: {reason}", is_failure))
            continue
        room -= info.file_size
        members.append((member, info.file_size, mtime_ns))
    if not contents and not damage:
        problems.append(Problem(os.fsdecode(path), 0, "It is an empty zip file."))
    return tuple(members)


def _objection(info: ZipInfo, room: int) -> tuple[str, bool]:
    """Why a member is not read, and whether that is a failure; or nothing."""
    if any(part.startswith(".") for part in info.filename.split("/")) or info.filename.startswith("__MACOSX/"):
        return "It is hidden in a zip file, and was skipped.", False
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a symbolic link in a zip file, and was not followed.", False
    if info.flag_bits & _IS_ENCRYPTED:
        return "It is encrypted, and was not read; unpack it first.", True
    if info.compress_type not in {_STORED, _DEFLATED, _BZIPPED, _LZMA}:
        return f"It is packed by a method that is not understood ({info.compress_type}); unpack it first.", True
    if info.file_size > room:
        return f"Its zip file unpacks to more than {MOST_UNPACKED >> 20} MB, so that it was not read.", True
    return "", False


def open_member(path: bytes) -> tuple[IO[bytes], ZipInfo]:
    """Open the zip file that a path goes on behind; the stream, and which member of it is meant.

    Raises `OSError` when there is no such file or member.
    """
    outer = os.path.dirname(path)
    while outer and outer != b"/" and not os.path.isfile(outer):
        outer = os.path.dirname(outer)
    stream = open_file(outer)
    try:
        status = os.fstat(stream.fileno())
        return stream, _known_contents(outer, status.st_size, status.st_mtime_ns)[path[len(outer) + 1 :]]
    except (KeyError, DamageError) as error:
        stream.close()
        raise OSError(0, "its zip file has changed") from error


def member_chunks(stream: IO[bytes], info: ZipInfo, name: str, problems: list[Problem]) -> Iterator[bytes]:
    """The bytes of a member; what is wrong is added to the problems when they end. Closes the stream."""
    with stream:
        yield from noting_damage(_sound_member(stream, info), "It is packed in a zip file", name, problems)


def _sound_member(stream: IO[bytes], info: ZipInfo) -> Iterator[bytes]:
    """What a member unpacks to, to the last sound byte; raises `DamageError` at the damage."""
    try:
        stream.seek(info.header_offset)
        header = stream.read(_HEADER_SIZE)
        begins = info.header_offset + _HEADER_SIZE
        begins += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        if not header.startswith(b"PK\x03\x04"):
            raise DamageError("is not where the table of contents says")
        packed = io.BufferedReader(_Section(stream, begins, info.compress_size))
        if info.compress_type == _STORED:
            chunks = iter(partial(packed.read, 1 << 16), b"")
        elif info.compress_type == _DEFLATED:
            chunks = sound_chunks(packed, partial(Inflater, -zlib.MAX_WBITS), b"")
        elif info.compress_type == _LZMA:
            chunks = sound_chunks(packed, partial(_LzmaMember, info.file_size), b"")
        else:
            import bz2

            chunks = sound_chunks(packed, bz2.BZ2Decompressor, b"B")
        size = crc = 0
        for chunk in chunks:
            size += len(chunk)
            if size > info.file_size:
                raise DamageError("is longer than the table of contents says")
            crc = zlib.crc32(chunk, crc)
            yield chunk
    except OSError as error:
        raise DamageError(f"cannot be read ({error.strerror or error})") from error
    if size < info.file_size:
        raise DamageError("ends too early")
    if crc != info.CRC:
        raise DamageError("is damaged somewhere (its checksum is another)")


class _LzmaMember:
    """LZMA as zip files have it: behind a head of its own, and mostly without a mark at its end (APPNOTE.TXT, 5.8)."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._head = b""
        self._inner: LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._inner is not None and (self._inner.eof or self._left <= 0)

    @property
    def needs_input(self) -> bool:
        return self._inner is None or self._inner.needs_input

    @property
    def unused_data(self) -> bytes:
        return b""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if self._inner is None:
            self._head += data
            if len(self._head) < _LZMA_HEAD_SIZE:
                return b""
            self._inner, data = self._make(), self._head[_LZMA_HEAD_SIZE:]
        unpacked = self._inner.decompress(data, max_length)
        self._left -= len(unpacked)
        return unpacked

    def _make(self) -> LZMADecompressor:
        """What the head asks for; of the dictionary only what the member can fill, as a head may ask for any size."""
        import lzma

        _, parameter_size, parameters, dictionary = struct.unpack("<HHBI", self._head[:_LZMA_HEAD_SIZE])
        dictionary = max(min(dictionary, self._left), _LEAST_DICTIONARY)
        if parameter_size != _LZMA_PARAMETER_SIZE or dictionary > XZ_MEMORY:
            raise DamageError("needs too much memory, or is packed in a way that is not understood")
        filter = {
            "id": lzma.FILTER_LZMA1,
            "dict_size": dictionary,
            "lc": parameters % 9,
            "lp": parameters // 9 % 5,
            "pb": parameters // 45,
        }
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[filter])


class _Section(io.RawIOBase):
    """Some bytes of a file as if they were a file of their own."""

    def __init__(self, stream: IO[bytes], start: int, size: int) -> None:
        self._stream = stream
        self._start = start
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = offset + (self._position if whence == io.SEEK_CUR else 0)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._stream.seek(self._start + self._position)
        data = self._stream.read(min(len(buffer), max(self._size - self._position, 0)))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


@lru_cache(maxsize=1)
def _known_contents(path: bytes, size: int, mtime_ns: int) -> dict[bytes, ZipInfo]:
    """The members of the zip file that was looked into last; they are read one after the other."""
    with open_file(path) as stream:
        return _contents(stream)[0]


def _contents(stream: IO[bytes]) -> tuple[dict[bytes, ZipInfo], str]:
    """The members of a zip file by their names, each with a name of its own; what is wrong with its table, if it is."""
    from zipfile import BadZipFile, ZipFile

    damage = ""
    try:
        with ZipFile(_Listing(stream)) as zip_file:
            infos = zip_file.infolist()
    except DamageError as error:
        return {}, str(error)
    except (BadZipFile, NotImplementedError, ValueError, OverflowError, IndexError, EOFError, struct.error) as error:
        infos, damage = list(_found_without_table(stream)), str(error).rstrip(".")
    contents: dict[bytes, ZipInfo] = {}
    for info in infos:
        name = info.filename.strip("/").encode("utf-8", "surrogatepass") or b"unnamed"
        count = 2
        unique = name
        while unique in contents:
            unique = name + b"#%d" % count
            count += 1
        contents[unique] = info
    return contents, damage


def _found_without_table(stream: IO[bytes]) -> Iterator[ZipInfo]:
    """The members of a zip file that was cut off: each has its own head, which often says where the next one is."""
    from zipfile import ZipInfo

    position = 0
    while True:
        stream.seek(position)
        header = stream.read(_HEADER_SIZE)
        if len(header) < _HEADER_SIZE or not header.startswith(ZIP_MARKS[0]):
            return
        flags, method = (int.from_bytes(header[at : at + 2], "little") for at in (6, 8))
        crc, packed_size, size = (int.from_bytes(header[at : at + 4], "little") for at in (14, 18, 22))
        name_size, extra_size = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        info = ZipInfo(stream.read(name_size).decode("utf-8", "replace"))
        info.flag_bits, info.compress_type = flags, method
        info.CRC, info.compress_size, info.file_size = crc, packed_size, size
        info.header_offset = position
        position += _HEADER_SIZE + name_size + extra_size + packed_size
        if packed_size in {0, 0xFFFFFFFF} and size:  # what it says only after the member
            return
        yield info


class _Listing:
    """A stream that gives no more than a sane table of contents at once: a longer one would take all memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        if size > _MOST_CONTENTS:
            raise DamageError("its table of contents is too long; unpack it first")
        return self._stream.read(size)

    def close(self) -> None:
        """Leave the stream open."""
