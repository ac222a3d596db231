"""The bytes of one digest -> its lines: telling text from what is none, decoding, splitting, Unicode NFC. Pure."""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getincrementaldecoder, lookup
from collections.abc import Iterable, Iterator
from itertools import chain

LONGEST_LINE = 4_000_000
"""Bytes; a longer line comes in pieces, so that no file can have us hold all of it."""

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_MARK = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_ZIP_START = b"PK\x03\x04"
_BINARY_STARTS = (b"%PDF-", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_SAMPLE_SIZE = 8192
_MAX_CONTROL_SHARE = 0.3
_MAX_CONTROL_SHARE_OF_BYTES = 0.03  # of what is no UTF-8; random bytes have three times as many
_MAX_ZERO_SHARE = 0.01
_SOURCE_LINE = re.compile(rb"[\r\n][ \0]*source[ \0]*:", re.IGNORECASE)  # which no binary file has
_PIECE_LENGTH = 1 << 18
_MANY_MARKS = re.compile(r"[\u0300-\U0010ffff][\u0300-\U0010ffff]{30}")
_MARKS = re.compile(r"([^\w\s\x00-\x7f]{31,})")
_SHORT_LINE = 400
_CUT_ROOM = 1 << 16


class LineNotes:
    """What is odd about the lines that have come so far."""

    def __init__(self) -> None:
        """Nothing has come."""
        self.mark_size = 0
        """Bytes of the byte-order mark."""
        self.is_cut = False
        """Whether the last line goes on in the next one."""
        self.cp1252_lines = 0
        """How many lines were not valid UTF-8."""
        self.first_cp1252_line = 0
        """The first of these, counted from 1."""


def sniff_encoding(sample: bytes) -> str | None:
    """The encoding that a file's first kilobytes speak for, or None when they are plainly not text.

    A byte-order mark decides; else zero bytes where UTF-16 or UTF-32 has them; else UTF-8, with Windows-1252 for the
    lines that are not valid UTF-8 (see `decoded_lines`). A few control characters and zero bytes are text, many are
    not, unless a `Source:` line is among them.
    """
    marked = _marked_encoding(sample)
    if marked:
        return marked[1]
    start = sample[:_SAMPLE_SIZE]
    if start.startswith(_ZIP_START):  # what is in it may be as it was
        return None
    if start.count(0) > len(start) * _MAX_ZERO_SHARE and (wide := _sniff_wide(start)):
        return wide
    controls = len(start) - len(start.translate(None, bytes(set(range(32)) - {9, 10, 12, 13, 27})))
    share = _MAX_CONTROL_SHARE if controls and _is_utf8(start) else _MAX_CONTROL_SHARE_OF_BYTES
    if controls <= len(start) * share and not start.startswith(_BINARY_STARTS):
        return "utf-8"
    if _SOURCE_LINE.search(sample):
        return "utf-8"
    return next((encoding for encoding in ("utf-16-le", "utf-16-be") if _has_source_line(sample, encoding)), None)


def _marked_encoding(sample: bytes) -> tuple[bytes, str] | None:
    """The byte-order mark and what it stands for, unless the text after it is plainly something else."""
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return None if encoding != "utf-8" and _SOURCE_LINE.search(sample) else (mark, encoding)
    return None


def _has_source_line(sample: bytes, encoding: str) -> bool:
    """Whether a line begins with `Source` in an encoding of two bytes a character."""
    word = re.compile(re.escape("\nsource".encode(encoding)), re.IGNORECASE)
    return any(found.start() % 2 == 0 for found in word.finditer(sample))


def _is_utf8(sample: bytes) -> bool:
    try:
        getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _sniff_wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 by where the zero bytes of its ASCII stand."""
    first, second, third, fourth = (sample[start::4].count(0) * 4 / len(sample) for start in range(4))
    if min(third, fourth) > 0.9 and first < 0.1:  # noqa: PLR2004 - shares
        return "utf-32-le"
    if min(first, second) > 0.9 and fourth < 0.1:  # noqa: PLR2004
        return "utf-32-be"
    even, odd = first + third, second + fourth
    if odd > 0.8 and even * 10 < odd:  # noqa: PLR2004
        return "utf-16-le"
    if even > 0.8 and odd * 10 < even:  # noqa: PLR2004
        return "utf-16-be"
    return None


def decoded_lines(chunks: Iterable[bytes], encoding: str, notes: LineNotes) -> Iterator[tuple[str, int]]:
    """Each line in NFC without its end, and its size in bytes as it lies in the file with its end.

    Raises `LookupError` when there is no such encoding.
    """
    stream = iter(chunks)
    first = next(stream, b"")
    encoding = lookup(encoding).name if encoding else ""
    mark, marked = _marked_encoding(first) or (b"", "")
    if mark and marked.startswith(encoding.removesuffix("-sig")):
        encoding, first, notes.mark_size = marked, first[len(mark) :], len(mark)
    encoding = _WITHOUT_MARK.get(encoding, encoding) or sniff_encoding(first) or "utf-8"
    stream = chain((first,), stream)
    number = 0
    if encoding == "utf-8":
        for raw in _raw_lines(stream):
            number += not notes.is_cut
            if raw == b"\n":  # every other line of a digest
                notes.is_cut = False
                yield "", 1
                continue
            notes.is_cut = len(raw) > _CUT_ROOM and not raw.endswith((b"\n", b"\r"))
            yield _decode_line(raw, number, notes), len(raw)
        return
    for raw in _raw_lines(_transcoded(stream, encoding)):
        notes.is_cut = len(raw) > _CUT_ROOM and not raw.endswith((b"\n", b"\r"))
        text = raw.decode("utf-8")
        yield _normalise_line(text), len(text.encode(encoding, "replace"))


def _transcoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8, so that one splitter serves all encodings."""
    decoder = getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _raw_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ends, split at LF, CR LF and CR only, and where they are too long.

    Each byte is copied a bounded number of times.
    """
    parts: list[bytes] = []
    length = 0
    for chunk in chunks:
        if not chunk:
            continue
        if b"\n" not in chunk and b"\r" not in chunk and not (parts and parts[-1].endswith(b"\r")):
            parts.append(chunk)
            length += len(chunk)
            if length > LONGEST_LINE:
                *pieces, rest = _pieces(b"".join(parts))
                parts, length = [rest], len(rest)
                yield from pieces
            continue
        lines = b"".join((*parts, chunk)).splitlines(keepends=True)
        parts = [] if lines[-1].endswith(b"\n") else [lines.pop()]
        length = sum(map(len, parts))
        for line in lines:
            if len(line) > LONGEST_LINE:
                yield from _pieces(line)
            else:
                yield line
    for line in b"".join(parts).splitlines(keepends=True):
        yield from _pieces(line)


def _pieces(line: bytes) -> Iterator[bytes]:
    """A line in pieces that are short enough, cut after a space where there is one, and never within a character."""
    start = 0
    while len(line) - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        space = line.rfind(b" ", end - _CUT_ROOM, end)
        if space >= 0:
            end = space + 1
        else:
            while end > start + LONGEST_LINE - 4 and line[end] & 0xC0 == 0x80:  # noqa: PLR2004 - later bytes in UTF-8
                end -= 1
        yield line[start:end]
        start = end
    yield line[start:]


def _decode_line(raw: bytes, number: int, notes: LineNotes) -> str:
    try:
        return _normalise_line(raw.decode("utf-8"))
    except UnicodeDecodeError:
        if not notes.cp1252_lines:
            notes.first_cp1252_line = number
        notes.cp1252_lines += 1
    try:
        return _normalise_line(raw.decode("cp1252"))
    except UnicodeDecodeError:  # five byte values mean nothing in Windows-1252
        return _normalise_line(raw.decode("latin-1"))


def _normalise_line(text: str) -> str:
    """A line in NFC without its end.

    Runs of more than 30 combining marks, of which no writing has so many (https://unicode.org/reports/tr15, stream-safe
    text), are left as they are: to sort them takes the square of their length.
    """
    text = text.rstrip("\r\n")
    if text.isascii():
        return text
    text = text.removeprefix("\ufeff")
    if len(text) > _SHORT_LINE and _MANY_MARKS.search(text):
        pieces = _MARKS.split(text)
        pieces[::2] = [unicodedata.normalize("NFC", piece) for piece in pieces[::2]]
        return "".join(pieces)
    return unicodedata.normalize("NFC", text)
