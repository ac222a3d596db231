"""Setting a release's body in rows: paragraphs apart, lists hanging, quotations beside a bar, what is quiet folded.

Nothing is dropped, changed or moved: every row is a piece of the body, in order, and only space lies between. Rows are
made as they are asked for, so that the beginning of a very long body is there at once.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import perf_counter

from newsreader.passages import QUIET, Block, Kind, find_blocks
from newsreader.record import Record
from newsreader.text import Clean, break_rows, clean

MEASURE = 80
"""The widest that text is set unless another measure is chosen, in cells."""

BAR_WIDTH = 2
"""The cells that a quotation's bar and the space after it take."""

_MOST_FOLDED = 200
"""How many lines one folded row stands for at most."""

_LONGEST_PIECE = 16_384
"""How many characters of a block are broken into rows at a time."""

_STEPS_BETWEEN_LOOKS = 32
"""How many blocks are set between two looks at the clock."""

_LINE_END = re.compile(r"\s*\n\s*")


class Line(Record):
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
    """The character of the cleaned body at which the text begins: a place that no other width changes."""
    end: int
    """The character of the cleaned body after its last."""
    body: Clean
    """The cleaned body."""
    has_bar: bool = False
    """Whether a bar stands in the first cell of the indent, as beside a quotation."""
    strong: tuple[int, int] = (0, 0)
    """The characters of the text that tell most: a place, a number, a label, a speaker."""
    is_fold: bool = False
    """Whether it stands for lines that are folded away; its text is then none of the body's."""

    def __str__(self) -> str:
        """The row as a terminal shows it, but for the bar."""
        return " " * self.indent + self.text

    def column(self, place: int) -> int:
        """How many characters of the text stand before a character of the body, when the line holds that."""
        return len(_joined(self.body[self.start : place]))


class SetBody:
    """A body set for a width; more rows of it are set when they are asked for."""

    def __init__(
        self, text: Clean, blocks: Iterable[Block], width: int, is_folded: Callable[[int, int], bool] | None = None
    ) -> None:
        """`is_folded` says whether quiet lines between two characters of the text are to be folded away."""
        self.text = text
        """The cleaned body."""
        self.blocks: list[Block] = []
        """What it consists of as far as it is set, in order."""
        self.width = width
        """The most cells of a row."""
        self._is_folded = is_folded
        self._coming = iter(blocks)
        self._next: Block | None = next(self._coming, None)
        self._rest: tuple[str, int] | None = None
        self._starts, self._ends, self._blocks = array("q"), array("q"), array("q")
        self._folds: dict[int, str] = {}

    @property
    def is_whole(self) -> bool:
        """Whether all of it is set."""
        return self._next is None and self._rest is None

    def __len__(self) -> int:
        """How many rows are set so far."""
        return len(self._starts)

    @property
    def height(self) -> int:
        """How many rows there are; as long as not all are set, what is to be expected from those that are."""
        done = self._ends[-1] if self._ends else 0
        if self.is_whole or not done:
            return len(self)
        return len(self) + (len(self.text) - done) * len(self) // done + 1

    def __iter__(self) -> Iterator[Line]:
        """All rows from the top."""
        row = 0
        while self.reach(row):
            yield self[row]
            row += 1

    def __getitem__(self, row: int) -> Line:
        """The row of that number."""
        if not self.reach(row):
            raise IndexError(row)
        start, end, number = self._starts[row], self._ends[row], self._blocks[row]
        block = self.blocks[number]
        is_blank = end == start
        if fold := self._folds.get(row):
            return Line(Clean(fold), 0, block.kind, number, start, end, self.text, is_fold=True)
        is_quoted = block.kind is Kind.QUOTATION and block.indent >= BAR_WIDTH
        has_bar = is_quoted and (not is_blank or self.blocks[number - 1].kind is Kind.QUOTATION)
        indent = block.indent + (block.hanging if start > block.start else 0)
        strong = (max(block.strong_start, start), min(block.strong_end, end))
        return Line(
            text=Clean(_joined(self.text[start:end])),
            indent=indent if has_bar or not is_blank else 0,
            kind=block.kind,
            block=number,
            start=start,
            end=end,
            body=self.text,
            has_bar=has_bar,
            strong=(
                (len(_joined(self.text[start : strong[0]])), len(_joined(self.text[start : strong[1]])))
                if strong[0] < strong[1]
                else (0, 0)
            ),
        )

    def reach(self, row: int) -> bool:
        """Set as many rows as are needed for one; False when there are not so many."""
        while len(self._starts) <= row and not self.is_whole:
            self._step()
        return row < len(self._starts)

    def row_of(self, place: int) -> int:
        """The row that shows this character of the body; 0 when there are no rows."""
        while not self.is_whole and (not self._ends or self._ends[-1] <= place):
            self._step()
        return max(bisect_right(self._starts, place) - 1, 0)

    def go_on(self, seconds: float) -> None:
        """Set more rows for so long."""
        end = perf_counter() + seconds
        while not self.is_whole and perf_counter() < end:
            for _ in range(_STEPS_BETWEEN_LOOKS):
                self._step()

    def _step(self) -> None:
        """Set one block or a piece of a long one, or all that one folded row stands for."""
        if self._rest is not None:
            self._set_piece(*self._rest)
            return
        block = self._next
        if block is None:
            return
        group = [block]
        following = next(self._coming, None)
        if block.kind in QUIET and self._is_folded is not None:
            while following is not None and following.kind is block.kind and len(group) < _MOST_FOLDED:
                group.append(following)
                following = next(self._coming, None)
        self._next = following
        if block.kind in QUIET and self._is_folded is not None and self._is_folded(block.start, group[-1].end):
            self._fold(group)
        else:
            for each in group:
                self._set(each)

    def _fold(self, group: list[Block]) -> None:
        first = group[0]
        number = len(self.blocks)
        self.blocks += group
        if number:
            self._append(first.start, first.start, number)
        lines = "1 line" if len(group) == 1 else f"{len(group):,} lines"
        self._folds[len(self._starts)] = f"… {lines} of {QUIET[first.kind]}"
        self._append(first.start, group[-1].end, number)

    def _set(self, block: Block) -> None:
        number = len(self.blocks)
        _fit(block, self.width)
        self.blocks.append(block)
        if block.is_apart and number:
            self._append(block.start, block.start, number)
        line = self.text[block.start : block.end]
        room = self.width - block.indent
        if len(line) <= room and line.isascii() and "\n" not in line:
            self._append(block.start, block.end, number)
        elif "\n" in line:
            self._set_joined(block, line, room, number)
        else:
            self._set_piece(line, 0)

    def _set_piece(self, line: str, done: int) -> None:
        """Break a piece of the last block's line into rows; what is left of it when a long one is done waits."""
        number = len(self.blocks) - 1
        block = self.blocks[number]
        room, hanging = self.width - block.indent, block.hanging
        piece = line[done : done + _LONGEST_PIECE]
        rows = break_rows(piece, max(room - hanging, 1) if done else room, 0 if done else hanging)
        has_rest = done + len(piece) < len(line) and len(rows) > 1
        if has_rest:
            rows.pop()
        for start, end in rows:
            self._append(block.start + done + start, block.start + done + end, number)
        rest = done + rows[-1][1]
        while has_rest and line[rest] == " ":
            rest += 1
        self._rest = (line, rest) if has_rest else None

    def _set_joined(self, block: Block, line: str, room: int, number: int) -> None:
        """Set a block that its sender wrapped, with one space for the end of each of its lines."""
        joined, shifts, places = "", [0], [0]
        for part in re.split(r"(\s*\n\s*)", line):
            joined += " " if "\n" in part else part
            shifts.append(len(joined))
            places.append(places[-1] + len(part))
        for start, end in break_rows(joined, room, block.hanging):
            first, last = (bisect_right(shifts, start) - 1, bisect_left(shifts, end))
            begin = places[first] + start - shifts[first]
            self._append(block.start + begin, block.start + places[last] - (shifts[last] - end), number)

    def _append(self, start: int, end: int, number: int) -> None:
        self._starts.append(start)
        self._ends.append(end)
        self._blocks.append(number)


def typeset(
    body: str, width: int, *, measure: int = MEASURE, is_folded: Callable[[int, int], bool] | None = None
) -> SetBody:
    """The body in rows of at most `width` cells, and never more than `measure`."""
    text = clean(body)
    return SetBody(text, find_blocks(text), max(min(width, measure), 1), is_folded)


def weighted_rows(body: str, width: int, bar: str) -> Iterator[tuple[str, str]]:
    """The rows of a body for a terminal that is written to once, each with its weight: `strong`, `quiet` or none."""
    for line in typeset(body, width):
        text = bar + str(line)[len(bar) :] if line.has_bar else str(line)
        yield text.rstrip(), "strong" if line.kind is Kind.HEADING else "quiet" if line.kind in QUIET else ""


def _joined(text: str) -> str:
    """The text on one line, where its sender wrapped it."""
    return _LINE_END.sub(" ", text) if "\n" in text else text


def _fit(block: Block, width: int) -> None:
    """Let the block's indent leave most of the width to its text, and room for a bar beside a quotation."""
    if block.kind is Kind.QUOTATION:
        block.indent = BAR_WIDTH if width // 3 >= BAR_WIDTH else 0
    elif block.indent + block.hanging > width // 3:
        block.indent, block.hanging = 0, min(block.hanging, width // 3)


def clip_spans(spans: Sequence[tuple[int, int]], line: Line) -> Iterator[tuple[int, int]]:
    """Those parts of sorted spans of the cleaned body that fall on the line, as offsets into its text."""
    if line.is_fold:
        return
    for start, stop in spans[bisect_left(spans, line.start, key=lambda span: span[1]) :]:
        if start >= line.end:
            break
        if stop > line.start:
            yield line.column(max(start, line.start)), line.column(min(stop, line.end))
