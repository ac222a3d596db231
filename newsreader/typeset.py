"""Setting a release's body in rows: paragraphs apart, list items hanging, sub-headings told from prose.

Nothing is dropped, changed or moved: every row is a piece of the set text, in order, and only space lies between.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from newsreader.text import Clean, break_rows, cell_width, clean

MEASURE = 80
"""The widest that text is comfortable to read, in cells."""

_SHORT = 64
"""The most characters of a line that can be a sub-heading, or stand close to its neighbours as an address does."""

_DEEPEST_INDENT = 8
"""How far a list item is indented at most, however deep its digest has it."""

_LONGEST_WRAPPED = 100
"""The longest line that can come from a text wrapped by its sender."""

_FEWEST_WRAPPED = 3
"""The fewest lines that are taken for a text wrapped by its sender."""

_ITEM = re.compile(r"(?:[•‣◦▪▫■□●○∙·⁃➢➤✓*+–-]|\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_LINE_END = re.compile(r"\s*\n\s*")
_HEADING_END = re.compile(r"[\w?)”’\"']$")
_SENTENCE_END = re.compile(r"[.!?:;…][)”’\"']?$")
_NO_HEADING = re.compile(r"©|https?:|www\.|@|\||(?:Credits?|Photos?|Images?|Pictures?|Source|Contact|Follow)\b")


class Kind(StrEnum):
    """What a block of a body is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADING = "heading"


@dataclass(slots=True)
class Block:
    """A paragraph, list item or sub-heading of a body; it changes only while blocks are found."""

    kind: Kind
    """What it is."""
    start: int
    """The character of the set text at which its text begins."""
    end: int
    """The character after its last."""
    indent: int = 0
    """By how many cells it is indented, all rows of it."""
    hanging: int = 0
    """By how many more cells the rows after the first are."""
    is_apart: bool = True
    """Whether a blank row stands before it, unless it is the first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a set body."""

    text: Clean
    """What it says, without its indent; empty for the blank row before a block."""
    indent: int
    """How many cells of space stand before the text."""
    kind: Kind
    """What the block is that it belongs to."""
    block: int
    """The number of that block, from 0."""
    start: int
    """The character of the set text at which the text begins: a place that no other width changes."""

    def __str__(self) -> str:
        """The row as a terminal shows it."""
        return " " * self.indent + self.text


class SetBody:
    """A body set for a width; its rows are made when they are asked for."""

    def __init__(self, text: Clean, blocks: Sequence[Block], width: int) -> None:
        """Break each block into rows of at most `width` cells."""
        self.text = text
        """The cleaned body; where its sender wrapped a paragraph, with spaces for the ends of those lines."""
        self.blocks = blocks
        """What it consists of, in order."""
        self.width = width
        """The most cells of a row."""
        self._starts, self._ends, self._blocks = array("q"), array("q"), array("q")
        for number, block in enumerate(blocks):
            self._set(number, block)

    def _set(self, number: int, block: Block) -> None:
        if block.is_apart and number:
            self._starts.append(block.start)
            self._ends.append(block.start)
            self._blocks.append(number)
        line = self.text[block.start : block.end]
        room = self.width - block.indent
        is_one_row = len(line) <= room and line.isascii()
        for start, end in ((0, len(line)),) if is_one_row else break_rows(line, room, block.hanging):
            self._starts.append(block.start + start)
            self._ends.append(block.start + end)
            self._blocks.append(number)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._starts)

    def __iter__(self) -> Iterator[Line]:
        """All rows from the top."""
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, row: int) -> Line:
        """The row of that number."""
        start, end = self._starts[row], self._ends[row]
        number = self._blocks[row]
        block = self.blocks[number]
        indent = block.indent + (block.hanging if start > block.start else 0) if end > start else 0
        return Line(Clean(self.text[start:end]), indent, block.kind, number, start)

    def row_of(self, place: int) -> int:
        """The row that shows this character of the set text; 0 when there are no rows."""
        return max(bisect_right(self._starts, place) - 1, 0)


def typeset(body: str, width: int) -> SetBody:
    """The body in rows of at most `width` cells, and never more than `MEASURE`."""
    text = clean(body)
    blocks = find_blocks(text)
    if any(text.find("\n", block.start, block.end) >= 0 for block in blocks):
        text = _unwrap(text, blocks)
    width = max(min(width, MEASURE), 1)
    return SetBody(text, [_fit(block, width) for block in blocks], width)


def _unwrap(text: Clean, blocks: Sequence[Block]) -> Clean:
    """The text with each block on one line; the blocks are moved to where they stand in it."""
    lines = []
    offset = 0
    for block in blocks:
        line = _LINE_END.sub(" ", text[block.start : block.end])
        block.start, block.end = offset, offset + len(line)
        offset += len(line) + 1
        lines.append(line)
    return Clean("\n".join(lines))


def _fit(block: Block, width: int) -> Block:
    """The block with an indent that leaves most of the width to its text."""
    if block.indent + block.hanging <= width // 3:
        return block
    return Block(block.kind, block.start, block.end, 0, min(block.hanging, width // 3), block.is_apart)


def clip_spans(spans: Sequence[tuple[int, int]], line: Line) -> Iterable[tuple[int, int]]:
    """Those parts of sorted spans of the set text that fall on the line, as offsets into its text."""
    end = line.start + len(line.text)
    for start, stop in spans[bisect_left(spans, line.start, key=lambda span: span[1]) :]:
        if start >= end:
            break
        if stop > line.start:
            yield max(start, line.start) - line.start, min(stop, end) - line.start


def find_blocks(text: Clean) -> list[Block]:
    """The blocks of a cleaned body, in order."""
    blocks: list[Block] = []
    for group in _groups(text):
        _add_group(blocks, text, group)
    _mark_headings(blocks, text)
    return blocks


def _groups(text: str) -> Iterable[list[tuple[int, str]]]:
    """Runs of lines without a blank one between them, each line with its offset and without its end of space."""
    group: list[tuple[int, str]] = []
    offset = 0
    for line in text.split("\n"):
        stripped = line.rstrip()
        if stripped:
            group.append((offset, stripped))
        elif group:
            yield group
            group = []
        offset += len(line) + 1
    if group:
        yield group


def _add_group(blocks: list[Block], text: str, group: list[tuple[int, str]]) -> None:
    if _is_wrapped(group):
        offset, line = group[0]
        start = offset + len(line) - len(line.lstrip())
        blocks.append(Block(Kind.PARAGRAPH, start, group[-1][0] + len(group[-1][1])))
        return
    is_first, was_short, item_column = True, False, 0
    for offset, line in group:
        words = line.lstrip()
        indent = len(line) - len(words)
        end = offset + len(line)
        marker = _ITEM.match(words)
        if item_column and not marker and indent >= item_column:
            blocks[-1].end = end
            continue
        is_short = len(words) <= _SHORT
        if marker:
            hanging = cell_width(marker[0]) if len(marker[0]) <= _DEEPEST_INDENT else 2
            block = Block(Kind.ITEM, offset + indent, end, min(indent, _DEEPEST_INDENT), hanging, is_first)
            item_column = indent + len(marker[0])
        else:
            block = Block(Kind.PARAGRAPH, offset + indent, end, is_apart=is_first or not (is_short and was_short))
            item_column = 0
        blocks.append(block)
        is_first, was_short = False, is_short


def _is_wrapped(group: list[tuple[int, str]]) -> bool:
    """Whether the lines are one paragraph that its sender wrapped: none had room for the next one's first word."""
    if len(group) < _FEWEST_WRAPPED:
        return False
    widest = max(len(line) for _, line in group)
    if not _SHORT // 2 < widest <= _LONGEST_WRAPPED:
        return False
    lines = [line.strip() for _, line in group]
    return not any(map(_ITEM.match, lines)) and all(
        len(line) + 1 + len(following.split(None, 1)[0]) > widest for line, following in pairwise(lines)
    )


def _mark_headings(blocks: list[Block], text: str) -> None:
    """Make sub-headings of the short lines that stand alone between longer text."""
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        if (
            block.end - block.start <= _SHORT
            and block.is_apart
            and after.is_apart
            and block.kind is Kind.PARAGRAPH
            and (before.end - before.start > _SHORT or before.kind is Kind.ITEM)
            and (after.kind is Kind.ITEM or _reads_as_prose(text[after.start : after.end]))
            and _reads_as_heading(text[block.start : block.end])
        ):
            block.kind = Kind.HEADING


def _reads_as_prose(line: str) -> bool:
    """Whether it is long, and longer than a caption or ended like a sentence."""
    return len(line) > _SHORT and (len(line) > 2 * _SHORT or _SENTENCE_END.search(line) is not None)


def _reads_as_heading(line: str) -> bool:
    return bool(_HEADING_END.search(line)) and not line[0].islower() and not _NO_HEADING.search(line)
