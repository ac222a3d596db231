"""The bytes of one digest -> its releases: decoding, finding heads, normalising, ids. Pure.

A head is a title line, blank lines, a line `Source: NAME`, and a blank line or the end of the file.
One pass over the lines; the text between two heads is the only thing held, and of a very long text a part at a time.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from newsreader.digest_lines import LineNotes, decoded_lines
from newsreader.models import Problem
from newsreader.record import Record

UNTITLED = "Untitled"
"""The title of a release whose digest gives none."""

ID_LENGTH = 20
"""Hexadecimal digits of a release's id: 80 bits, so that even millions of releases do not collide by chance."""

LONGEST_BODY = 4_000_000
"""Bytes; a very long novel. A longer release is kept in parts, each a release."""

MOST_LINES = 1_200_000
"""Lines of one part."""

LONGEST_TITLE = 500_000
"""Characters; a longer line is no title."""

_MOST_PROBLEMS = 1000  # that are told of a digest, one by one
_PIECE_LENGTH = 1 << 18
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


def end_unlike_head(body: str) -> str:
    """The body so that its last line, right below the one before it, is no head though nothing follows it."""
    text, _, last = body.rpartition("\n")
    return f"{text.rstrip()}\n{last}".lstrip("\n") if _SOURCE_LINE.match(last) else body


def parse_digest(chunks: Iterable[bytes], name: str, encoding: str = "") -> Iterator[Draft | Problem]:
    """The releases of a digest in their order, and what was odd about it, from any bytes.

    `encoding` overrides what the bytes speak for. Raises `LookupError` when there is no such encoding.
    """
    parser = _Parser(name)
    for text, size in decoded_lines(chunks, encoding, parser.notes):
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
        self.notes = LineNotes()
        self._zero_lines = 0
        self._first_zero_line = 0
        self._problems = 0
        self._line = 0
        self._offset = 0  # after the byte-order mark
        self._held = 0
        self._was_cut = False
        self._name = name
        self._title: str | None = None
        self._part = 1
        self._source = ""
        self._title_line = 1
        self._title_offset = 0
        self._texts: list[str] = []
        self._offsets = array("q")  # a third of a list's room
        self._first_line = 1
        self._candidate = -1  # the index in _texts of a line that may be the `Source:` of a new head

    def take(self, text: str, size: int) -> None:
        """Add one line, `size` bytes long in the digest with its end."""
        if not self._was_cut:
            self._line += 1
        if not text and self._candidate < 0 and len(self._texts) < MOST_LINES - 1:
            self._was_cut = False
            if self._texts:
                self._texts.append(text)
                self._offsets.append(self._offset)
                self._held += size
            else:  # nothing begins with blank lines
                self._first_line += 1
            self._offset += size
            return
        if "\0" in text:
            self._zero_lines += 1
            self._first_zero_line = self._first_zero_line or self._line
        if self._candidate >= 0:
            if not text.strip():
                self._open_release()
            else:
                self._report(
                    self._line - 1, "a line that begins with “Source:” has no blank line after it; it is kept as text"
                )
                self._candidate = -1
        elif text and _SOURCE_LINE.match(text) and not (self._was_cut or (self._texts and self._texts[-1].strip())):
            self._candidate = len(self._texts)
        self._texts.append(text)
        self._offsets.append(self._offset)
        self._offset += size
        self._held += size
        self._was_cut = self.notes.is_cut
        if self._held >= LONGEST_BODY or len(self._texts) >= MOST_LINES or self._was_cut:
            self._close_part()

    def _close_part(self) -> None:
        """Let go of what is held of a release that is too long, but for a line that may be the next one's title."""
        texts = self._texts
        if self._was_cut:
            self._candidate = -1
        elif self._candidate >= 0:
            return
        end = len(texts)
        if not self._was_cut:
            last = next((index for index in range(end - 1, 0, -1) if texts[index].strip()), 0)
            end = last if last > end - MOST_LINES // 2 and last else end
        self._close_release(end, is_whole=False)
        del texts[:end], self._offsets[:end]
        self._first_line = self._line if self._was_cut else self._first_line + end
        self._held = self._offset - self._offsets[0] if texts else 0

    def finish(self) -> None:
        """Add what follows the last head."""
        if self._candidate >= 0:
            self._open_release()
        self._close_release(len(self._texts))
        if self._title is None and not any(isinstance(item, Draft) for item in self.found):
            self._report(0, "it holds no text")
        if self._problems > _MOST_PROBLEMS:
            reason = f"There are {self._problems - _MOST_PROBLEMS:,} more remarks of this kind, which are not listed."
            self.found.append(Problem(self._name, 0, reason))
            self._problems = 0
        if self.notes.cp1252_lines:
            self._report(
                self.notes.first_cp1252_line,
                f"{_lines(self.notes.cp1252_lines)} not UTF-8, from here on; read as Windows-1252 (see --encoding)",
            )
        if self._zero_lines:
            self._report(
                self._first_zero_line, f"{_lines(self._zero_lines)} with zero bytes, from here on; they are kept"
            )

    def _report(self, line: int, reason: str) -> None:
        self._problems += 1
        if self._problems <= _MOST_PROBLEMS:
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
        self._title, self._source, self._part = title, source, 1
        self._title_line = self._first_line + title_index
        self._title_offset = self._offset_of(title_index)
        del self._texts[: candidate + 1], self._offsets[: candidate + 1]
        self._held = 0
        self._first_line += candidate + 1

    def _close_release(self, end: int, *, is_whole: bool = True) -> None:
        """Make a draft of the current head and the lines before `end`; part of one when more lines follow."""
        texts = self._texts
        start = 0
        while start < end and not texts[start].strip():
            start += 1
        if self._title is None:
            if start == end:
                return
            start = self._do_without_head(start, end)
        while start < end and not texts[end - 1].strip():
            end -= 1
        if start == end and (self._part > 1 or not is_whole):
            return
        title = self._title or UNTITLED
        if self._part > 1:
            title = f"{title} (part {self._part})"
            self._title_line, self._title_offset = self._first_line + start, self._offset_of(start)
            if self._part == 2:  # noqa: PLR2004 - once is enough
                reason = f"a release is longer than {LONGEST_BODY // 10**6} MB or {MOST_LINES:,} lines"
                self._report(self._title_line, f"{reason}; from here on it is kept in parts, as “{title[-80:]}”")
        body = "\n".join(texts[start:end]).rstrip()
        self.found.append(Draft(title, self._source, body, self._title_line, self._title_offset))
        self._part += 1

    def _do_without_head(self, start: int, end: int) -> int:
        """Have the first line as the title of text before the first head; where its body begins."""
        self._report(
            self._first_line + start,
            "no head (a title, a blank line, “Source: NAME”, a blank line) stands before this text; "
            "it is kept as a release without a source",
        )
        self._title, self._title_line, self._title_offset = UNTITLED, self._first_line + start, self._offset_of(start)
        line = self._texts[start]
        if len(line) <= LONGEST_TITLE and not _SOURCE_LINE.match(line):
            self._title = line.strip()
            start += 1
        while start < end and not self._texts[start].strip():
            start += 1
        return start

    def _offset_of(self, index: int) -> int:
        return self._offsets[index] + self.notes.mark_size


def _lines(count: int) -> str:
    return "one line is" if count == 1 else f"{count} lines are"


def _objection(title: str, source: str) -> str:
    """Why a title line and a `Source:` line are no head, though blank lines stand where a head has them; or nothing."""
    if _SOURCE_LINE.match(title):
        return "the line before it is one, too"
    if len(title) > LONGEST_TITLE:
        return "the line before it is longer than any title"
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
