"""The bytes of one digest -> its releases: decoding, finding heads, normalising, ids. Pure.

A head is a title line, blank lines, a line `Source: NAME`, and a blank line or the end of the file.
One pass over the lines; the text between two heads is the only thing held.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getincrementaldecoder, lookup
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import chain

from newsreader.models import Problem
from newsreader.record import Record

UNTITLED = "Untitled"
"""The title of a release whose digest gives none."""

ID_LENGTH = 20
"""Hexadecimal digits of a release's id: 80 bits, so that even millions of releases do not collide by chance."""

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_MARK = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_BINARY_STARTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
_SAMPLE_SIZE = 8192
_MAX_CONTROL_SHARE = 0.1
_MAX_ZERO_SHARE = 0.01
_PIECE_LENGTH = 1 << 18
_MANY_MARKS = re.compile(r"[\u0300-\U0010ffff][\u0300-\U0010ffff]{30}")
_MARKS = re.compile(r"([^\w\s\x00-\x7f]{31,})")
_SHORT_LINE = 400

_SPACE = re.compile(r"\s")
_SOURCE_LINE = re.compile(r"\s*source\s*[:：](.*)", re.IGNORECASE | re.DOTALL)
_NOTE_NAME = re.compile(
    r".*(?:\b(?:19|20)\d\d\)?\.?$|https?:|www\.|\b(?:table|figure|chart|page|p\.)\s*\d)", re.IGNORECASE | re.DOTALL
)
_FIGURE_TITLE = re.compile(r"(?:figure|fig\.|table|chart|graph|map|box)\s*\d", re.IGNORECASE)
_BULLETS = ("•", "‣", "◦", "- ", "* ", "– ")
_MAX_NAME_LENGTH = 120
_PROSE_WORDS = 16


class Draft(Record):
    """A release as its digest gives it, not yet dated."""

    title: str
    """Its title line, in Unicode NFC."""
    source: str
    """The name after `Source:`; empty for text before the first head."""
    body: str
    """Its text from the first line that is not blank to the last, lines ended by newlines."""
    line: int
    """The line of its title, counted from 1."""
    offset: int
    """The byte at which its title line begins."""

    @property
    def id(self) -> str:
        """Hash of source, title and body with white space made uniform: the same wherever the release is found."""
        return self.identify()[0]

    def identify(self) -> tuple[str, int]:
        """The id, and how many words the body has, both from splitting it once."""
        hashed = blake2b(digest_size=ID_LENGTH // 2)
        hashed.update(f"{_uniform(self.source)}\x1f{_uniform(self.title)}\x1f".encode("utf-8", "surrogatepass"))
        count = 0
        for words in _word_lists(self.body):
            if words:
                hashed.update((" " * bool(count) + " ".join(words)).encode("utf-8", "surrogatepass"))
                count += len(words)
        return hashed.hexdigest(), count


def _uniform(text: str) -> str:
    return " ".join(text.split())


def _word_lists(text: str) -> Iterator[list[str]]:
    """The words of a text between white space; not all at once, which takes ten times the room of a long text."""
    start = 0
    while len(text) - start > _PIECE_LENGTH:
        space = _SPACE.search(text, start + _PIECE_LENGTH)
        if space is None:
            break
        yield text[start : space.start()].split()
        start = space.end()
    yield text[start:].split()


def sniff_encoding(sample: bytes) -> str | None:
    """The encoding that a file's first kilobytes speak for, or None when they are plainly not text.

    A byte-order mark decides; else zero bytes where UTF-16 or UTF-32 has them; else UTF-8, with Windows-1252 for the
    lines that are not valid UTF-8 (see `parse_digest`). A few stray zero bytes are text, many are not.
    """
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    sample = sample[:_SAMPLE_SIZE]
    if sample.startswith(_BINARY_STARTS):
        return None
    if sample.count(0) > len(sample) * _MAX_ZERO_SHARE:
        return _sniff_wide(sample)
    controls = len(sample) - len(sample.translate(None, bytes(set(range(32)) - {9, 10, 12, 13, 27})))
    return None if controls > len(sample) * _MAX_CONTROL_SHARE else "utf-8"


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


def parse_digest(chunks: Iterable[bytes], name: str, encoding: str = "") -> Iterator[Draft | Problem]:
    """The releases of a digest in their order, and what was odd about it, from any bytes.

    `encoding` overrides what the bytes speak for. Raises `LookupError` when there is no such encoding.
    """
    parser = _Parser(name)
    for text, size in _decoded_lines(chunks, encoding, parser):
        parser.take(text, size)
        if parser.found:
            yield from parser.found
            parser.found.clear()
    parser.finish()
    yield from parser.found


class _Parser:
    """Lines in, drafts and problems out."""

    def __init__(self, name: str) -> None:
        self.found: list[Draft | Problem] = []
        self.cp1252_lines = 0
        self.first_cp1252_line = 0
        self._zero_lines = 0
        self._first_zero_line = 0
        self.line = 0
        self.offset = 0
        self._name = name
        self._title: str | None = None
        self._source = ""
        self._title_line = 1
        self._title_offset = 0
        self._texts: list[str] = []
        self._offsets = array("q")  # a third of a list's room
        self._first_line = 1
        self._candidate = -1  # the index in _texts of a line that may be the `Source:` of a new head

    def take(self, text: str, size: int) -> None:
        """Add one line, `size` bytes long in the digest with its end."""
        self.line += 1
        if "\0" in text:
            self._zero_lines += 1
            self._first_zero_line = self._first_zero_line or self.line
        if self._candidate >= 0:
            if not text.strip():
                self._open_release()
            else:
                self._report(
                    self.line - 1, "a line that begins with “Source:” has no blank line after it; it is kept as text"
                )
                self._candidate = -1
        elif _SOURCE_LINE.match(text) and not (self._texts and self._texts[-1].strip()):
            self._candidate = len(self._texts)
        self._texts.append(text)
        self._offsets.append(self.offset)
        self.offset += size

    def finish(self) -> None:
        """Add what follows the last head."""
        if self._candidate >= 0:
            self._open_release()
        self._close_release(len(self._texts))
        if self._title is None and not any(isinstance(item, Draft) for item in self.found):
            self._report(0, "it holds no text")
        if self.cp1252_lines:
            self._report(
                self.first_cp1252_line,
                f"{_lines(self.cp1252_lines)} not UTF-8, from here on; read as Windows-1252 (see --encoding)",
            )
        if self._zero_lines:
            self._report(
                self._first_zero_line, f"{_lines(self._zero_lines)} with zero bytes, from here on; they are kept"
            )

    def _report(self, line: int, reason: str) -> None:
        self.found.append(Problem(self._name, line, reason[0].upper() + reason[1:] + "."))

    def _open_release(self) -> None:
        """Make the candidate the head of a new release, unless what stands around it speaks against it."""
        candidate, self._candidate = self._candidate, -1
        match = _SOURCE_LINE.match(self._texts[candidate])
        assert match is not None
        source = match[1].strip()
        title_index = candidate - 1
        while title_index >= 0 and not self._texts[title_index].strip():
            title_index -= 1
        if title_index < 0 and self._title is not None:
            self._report(self._first_line + candidate, "a second “Source:” follows a head; it is kept as text")
            return
        title = self._texts[title_index].strip() if title_index >= 0 else UNTITLED
        objection = _objection(title, source)
        if objection:
            self._report(self._first_line + candidate, f"“Source:” is kept as text, because {objection}")
            return
        if title_index < 0:
            self._report(
                self._first_line + candidate, f"no title stands before “Source:”; the release is called {UNTITLED}"
            )
            title_index = candidate
        elif not source:
            self._report(self._first_line + candidate, "“Source:” names nobody; the release is kept without a source")
        self._close_release(title_index)
        self._title, self._source = title, source
        self._title_line = self._first_line + title_index
        self._title_offset = self._offsets[title_index]
        del self._texts[: candidate + 1], self._offsets[: candidate + 1]
        self._first_line += candidate + 1

    def _close_release(self, end: int) -> None:
        """Make a draft of the current head and the lines before `end`."""
        texts = self._texts
        start = 0
        while start < end and not texts[start].strip():
            start += 1
        if self._title is None:
            if start == end:
                return
            self._report(
                self._first_line + start,
                "no head (a title, a blank line, “Source: NAME”, a blank line) stands before this text; "
                "it is kept as a release without a source",
            )
            self._title, self._title_line = UNTITLED, self._first_line + start
            self._title_offset = self._offsets[start]
            if not _SOURCE_LINE.match(texts[start]):
                self._title = texts[start].strip()
                start += 1
            while start < end and not texts[start].strip():
                start += 1
        while start < end and not texts[end - 1].strip():
            end -= 1
        body = "\n".join(texts[start:end]).rstrip()
        self.found.append(Draft(self._title, self._source, body, self._title_line, self._title_offset))


def _lines(count: int) -> str:
    return "one line is" if count == 1 else f"{count} lines are"


def _objection(title: str, source: str) -> str:
    """Why a title line and a `Source:` line are no head, though blank lines stand where a head has them; or nothing."""
    if _SOURCE_LINE.match(title):
        return "the line before it is one, too"
    if not source:
        return ""
    if len(source) > _MAX_NAME_LENGTH or _NOTE_NAME.match(source):
        return f"“{source[:40]}” reads as a reference, not as the name of a source"
    if title.startswith(_BULLETS):
        return "the line before it is a list item, not a title"
    if _FIGURE_TITLE.match(title):
        return "it belongs to the figure or table before it"
    if title.endswith((".", ";", ":", "…")) and len(title.split()) >= _PROSE_WORDS:
        return "the line before it is a sentence, not a title"
    return ""


def _decoded_lines(chunks: Iterable[bytes], encoding: str, parser: _Parser) -> Iterator[tuple[str, int]]:
    """Each line in NFC without its end, and its size in bytes as it lies in the file with its end."""
    stream = iter(chunks)
    first = next(stream, b"")
    encoding = lookup(encoding).name if encoding else ""
    for mark, marked in _BOMS:
        if first.startswith(mark) and marked.startswith(encoding.removesuffix("-sig")):
            encoding, first, parser.offset = marked, first[len(mark) :], len(mark)
            break
    encoding = _WITHOUT_MARK.get(encoding, encoding) or sniff_encoding(first) or "utf-8"
    stream = chain((first,), stream)
    if encoding == "utf-8":
        for raw in _raw_lines(stream):
            yield _decode_line(raw, parser), len(raw)
        return
    for raw in _raw_lines(_transcoded(stream, encoding)):
        text = raw.decode("utf-8")
        yield _normalise_line(text), len(text.encode(encoding, "replace"))


def _transcoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same text in UTF-8, so that one splitter serves all encodings."""
    decoder = getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _raw_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ends, split at LF, CR LF and CR only; each byte is copied a bounded number of times."""
    parts: list[bytes] = []
    for chunk in chunks:
        if not chunk:
            continue
        if b"\n" not in chunk and b"\r" not in chunk and not (parts and parts[-1].endswith(b"\r")):
            parts.append(chunk)
            continue
        lines = b"".join((*parts, chunk)).splitlines(keepends=True)
        parts = [] if lines[-1].endswith(b"\n") else [lines.pop()]
        yield from lines
    if parts:
        yield from b"".join(parts).splitlines(keepends=True)


def _decode_line(raw: bytes, parser: _Parser) -> str:
    try:
        return _normalise_line(raw.decode("utf-8"))
    except UnicodeDecodeError:
        if not parser.cp1252_lines:
            parser.first_cp1252_line = parser.line + 1
        parser.cp1252_lines += 1
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
