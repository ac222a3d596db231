"""The structure of a body that its digest has flattened: what each line is, told from its form and its neighbours.

Blocks are found one after the other as they are asked for, and each after a bounded look ahead, so that the first
screens of a very long release need not wait for its end. All text but space belongs to exactly one block, in order.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise

from newsreader import passage_signs as signs
from newsreader.passage_signs import SHORT
from newsreader.text import Clean, cell_width

_DEEPEST_INDENT = 8
"""How far a list item is indented at most, however deep its digest has it."""
_LONGEST_WRAPPED = 100
"""The longest line that can come from a text wrapped by its sender."""
_FEWEST_WRAPPED = 3
"""The fewest lines that are taken for a text wrapped by its sender."""
_MOST_LINES = 1000
"""Longer runs of lines without a blank one are looked at in parts."""
_FARTHEST = 64
"""How many blocks ahead is looked, and so the most captions or contacts in a row."""
_FEWEST_CAPTIONS = 3
_LONGEST_TOLD = 20_000
"""A longer line is a paragraph, whatever it looks like."""
_MOST_TOLD = 10_000
"""After so many blocks, the others are paragraphs and list items: no release has as many."""
_LATEST_DATELINE = 4
"""Only among so many blocks from the first can a dateline stand."""
_ROSTER_HANGING = 2
_LONGEST_TIGHT = 200
"""Captions and contacts of so many characters stand right below each other, and hang."""

_ITEM = re.compile(
    r"(?:[•‣◦▪▫■□●○∙·⁃➢➤✓*+–-]|\d{1,2}[.)]|\(?[a-z]\)|\d{1,2}[:.h]\d\d(?:\s?[–-]\s?\d{1,2}[:.h]\d\d)?"
    r"(?:\s?(?:[ap]\.?m\.?|hrs|Uhr))?(?:\s?\([A-Z]{2,5}\))?)\s+(?=\S)"
)
_NUMBERED = re.compile(r"\d{1,2}[.)]\s")


class Kind(StrEnum):
    """What a block of a body is."""

    PARAGRAPH = "paragraph"
    DATELINE = "dateline"
    LEAD = "lead"
    HEADING = "heading"
    ITEM = "item"
    FIGURE = "figure"
    SPEAKER = "speaker"
    QUOTATION = "quotation"
    ROSTER = "roster"
    CAPTION = "caption"
    NOTE = "note"
    CONTACT = "contact"


QUIET = {Kind.CAPTION: "captions", Kind.CONTACT: "contacts"}
"""What can be folded away, and what it is called then."""

LISTED = frozenset({Kind.ITEM, Kind.FIGURE})
_PLAIN = frozenset({Kind.PARAGRAPH, Kind.LEAD, Kind.NOTE})


class Block:
    """A paragraph, list item, sub-heading or other part of a body; it changes only while blocks are found."""

    __slots__ = ("end", "hanging", "indent", "is_apart", "kind", "start", "strong_end", "strong_start")

    def __init__(
        self, kind: Kind, start: int, end: int, indent: int = 0, hanging: int = 0, is_apart: bool = True
    ) -> None:
        """Nothing of it is strong at first."""
        self.kind = kind
        """What it is."""
        self.start = start
        """The character of the text at which it begins."""
        self.end = end
        """The character after its last."""
        self.indent = indent
        """By how many cells it is indented, all rows of it."""
        self.hanging = hanging
        """By how many more cells the rows after the first are."""
        self.is_apart = is_apart
        """Whether a blank row stands before it, unless it is the first."""
        self.strong_start = 0
        """The character at which the words begin that tell most: a place, a number, a label, a speaker."""
        self.strong_end = 0
        """The character after them; the same as `strong_start` when there are none."""

    @property
    def length(self) -> int:
        """How many characters it has."""
        return self.end - self.start


def find_blocks(text: Clean) -> Iterator[Block]:
    """The blocks of a cleaned body, in order."""
    return _Recogniser(text).blocks()


class _Recogniser:
    """Tells what each block is, from left to right."""

    def __init__(self, text: Clean) -> None:
        self._text = text
        self._found = _find_lines(text)
        self._ahead: deque[Block] = deque()
        self._before: Block | None = None
        self._taken = 0
        self._captions_until = self._no_captions_until = 0
        self._contacts_until = self._no_contacts_until = 0
        self._has_lead = False
        self._is_in_notes = False

    def blocks(self) -> Iterator[Block]:
        while (block := self._peek(0)) is not None:
            if block.length <= _LONGEST_TOLD and self._taken < _MOST_TOLD:
                self._classify(block, self._line(block))
            self._ahead.popleft()
            self._taken += 1
            self._before = block
            yield block

    def _line(self, block: Block) -> str:
        return self._text[block.start : block.end]

    def _peek(self, distance: int) -> Block | None:
        """The block that comes so many after the next."""
        while len(self._ahead) <= distance:
            block = next(self._found, None)
            if block is None:
                return None
            self._ahead.append(block)
        return self._ahead[distance]

    def _classify(self, block: Block, line: str) -> None:
        if self._is_contact(line):
            block.kind = Kind.CONTACT
        elif block.kind is Kind.ITEM:
            self._classify_item(block, line)
        elif self._is_caption(block, line):
            block.kind = Kind.CAPTION
        elif self._is_dateline(line):
            block.kind = Kind.DATELINE
        elif self._is_figure(line):
            block.kind, block.hanging = Kind.FIGURE, _ROSTER_HANGING
            block.strong_start, block.strong_end = block.start, block.start + signs.figure_end(line)
        elif self._is_heading(block, line):
            block.kind = Kind.HEADING
        else:
            self._classify_text(block, line)
        if block.kind in QUIET and block.length <= _LONGEST_TIGHT:
            block.hanging = _ROSTER_HANGING
            block.is_apart = block.is_apart and (self._before is None or self._before.kind is not block.kind)
        if block.kind is Kind.HEADING:
            self._is_in_notes = signs.names_notes(line)

    def _classify_item(self, block: Block, line: str) -> None:
        marker = _ITEM.match(line)
        first = block.start + (marker.end() if marker else 0)
        if end := signs.figure_end(self._text[first : block.end]):
            block.kind, block.strong_start, block.strong_end = Kind.FIGURE, first, first + end
        elif _NUMBERED.match(line) and self._stands_as_heading(block, line):
            block.kind, block.indent, block.hanging = Kind.HEADING, 0, 0

    def _classify_text(self, block: Block, line: str) -> None:
        following = self._peek(1)
        speaker = signs.find_speaker(line)
        if speaker is not None:
            block.kind = Kind.QUOTATION
            block.strong_start, block.strong_end = block.start + speaker[0], block.start + speaker[1]
            if self._before is not None and self._before.kind is Kind.SPEAKER:
                block.is_apart = False
        elif signs.introduces_speech(line) and following is not None and self._is_quotation(following):
            block.kind = Kind.SPEAKER
        elif end := signs.roster_label_end(line):
            block.kind, block.hanging = Kind.ROSTER, _ROSTER_HANGING
            block.strong_start, block.strong_end = block.start, block.start + end
        elif self._is_roster_below_label(line):
            block.kind, block.hanging = Kind.ROSTER, _ROSTER_HANGING
        elif self._is_in_notes or signs.names_notes(line):
            block.kind = Kind.NOTE
        elif not self._has_lead and signs.reads_as_prose(line):
            self._make_lead(block, line)

    def _make_lead(self, block: Block, line: str) -> None:
        self._has_lead = True
        block.kind = Kind.LEAD
        block.strong_start, block.strong_end = block.start, block.start + signs.dateline_end(line)

    def _is_quotation(self, block: Block) -> bool:
        line = self._line(block)
        return block.kind is Kind.PARAGRAPH and signs.begins_quoted(line) and signs.find_speaker(line) is not None

    def _is_dateline(self, line: str) -> bool:
        return not self._has_lead and self._taken < _LATEST_DATELINE and signs.is_date_line(line)

    # Sub-headings

    def _is_heading(self, block: Block, line: str) -> bool:
        is_known = signs.is_notes_heading(line) or (signs.is_section_name(line) and self._before is not None)
        return is_known or self._stands_as_heading(block, line)

    def _stands_as_heading(self, block: Block, line: str) -> bool:
        """Whether it is a short line that stands alone between longer text, and so is no caption or address."""
        before, after = self._before, self._peek(1)
        if before is None or after is None or not block.is_apart or not after.is_apart:
            return False
        is_listed = after.kind is Kind.ITEM or (signs.is_unended(self._line(after)) and self._reports(after))
        if signs.reads_as_label(line):
            return is_listed or signs.is_roster(self._line(after))
        is_after_text = before.length > SHORT or before.kind not in _PLAIN
        return (
            is_after_text
            and signs.reads_as_heading(line)
            and (is_listed or signs.reads_as_prose(self._line(after)))
            and (before.kind is not Kind.CAPTION or self._is_unlike_captions(line))
        )

    def _reports(self, block: Block) -> bool:
        return signs.figure_end(self._line(block)) > 0

    def _is_unlike_captions(self, line: str) -> bool:
        """Whether a line right after captions differs from them, which all end like sentences as it does not."""
        return self._before is not None and signs.is_unended(line) and not signs.is_unended(self._line(self._before))

    def _is_roster_below_label(self, line: str) -> bool:
        return (
            self._before is not None
            and self._line(self._before).endswith(":")
            and self._before.length <= SHORT
            and signs.is_roster(line)
        )

    def _is_figure(self, line: str) -> bool:
        """Whether it is one of several lines that each report a number."""
        if not signs.is_unended(line) or not signs.figure_end(line):
            return False
        if self._before is not None and self._before.kind is Kind.FIGURE:
            return True
        after = self._peek(1)
        if after is None or after.kind is not Kind.PARAGRAPH:
            return False
        line_after = self._line(after)
        return signs.is_unended(line_after) and signs.figure_end(line_after) > 0

    # Captions

    def _is_caption(self, block: Block, line: str) -> bool:
        if self._taken < self._captions_until or signs.is_credit(line):
            return True
        if self._taken >= self._no_captions_until and block.is_apart and self._before is not None:
            self._find_captions()
        return self._taken < self._captions_until

    def _find_captions(self) -> None:
        """See whether a row of captions begins here: several lines, most of them not ended, between prose."""
        lines: list[str] = []
        if not signs.is_unended(self._line(self._ahead[0])) or not self._is_after_prose():
            return
        while len(lines) <= _FARTHEST and (line := self._caption_ahead(len(lines))):
            lines.append(line)
        self._no_captions_until = self._taken + max(len(lines), 1)
        if len(lines) > _FARTHEST:
            return
        while lines and not signs.is_unended(lines[-1]):  # prose of one sentence may follow captions
            lines.pop()
        unended = [line for line in lines if signs.is_unended(line)]
        if len(unended) < _FEWEST_CAPTIONS or not self._is_before_prose(len(lines)):
            return
        if sum(map(signs.has_function_word, lines)) * 2 < len(lines):
            return
        count = len(lines) - (len(lines[-1]) <= SHORT and self._peek(len(lines)) is not None)  # may be a sub-heading
        self._captions_until = self._no_captions_until = self._taken + count

    def _caption_ahead(self, distance: int) -> str:
        """The line so far ahead if it can be a caption."""
        block = self._peek(distance)
        if block is None or block.kind is not Kind.PARAGRAPH or not block.is_apart:
            return ""
        line = self._line(block)
        is_other = signs.figure_end(line) or signs.is_social(line) or signs.is_contact(line) or line.endswith(":")
        is_other = is_other or signs.begins_quoted(line) or signs.names_notes(line) or signs.roster_label_end(line)
        return line if signs.may_be_caption(line) and not is_other else ""

    def _is_after_prose(self) -> bool:
        before = self._before
        return before is not None and before.length > SHORT and not self._line(before).endswith(":")

    def _is_before_prose(self, distance: int) -> bool:
        after = self._peek(distance)
        return after is None or after.kind is Kind.ITEM or after.length > SHORT or self._line(after).endswith(":")

    # Contacts

    def _is_contact(self, line: str) -> bool:
        if self._taken < self._contacts_until or signs.is_social(line):
            return True
        if self._taken >= self._no_contacts_until and (signs.is_contact(line) or signs.names_issuer(line)):
            self._find_contacts()
        return self._taken < self._contacts_until

    def _find_contacts(self) -> None:
        """See whether nothing but contacts stands from here to the end, or to the notes."""
        is_about = False
        for distance in range(_FARTHEST):
            block = self._peek(distance)
            line = "" if block is None else self._line(block)
            if block is None or (distance and signs.is_notes_heading(line)):
                self._contacts_until = self._taken + distance
                return
            is_about = is_about or signs.names_issuer(line)
            if not is_about and not signs.may_belong_to_contacts(line):
                break
        self._no_contacts_until = self._taken + distance


def _find_lines(text: str) -> Iterator[Block]:
    """The paragraphs and list items by their lines alone."""
    for group in _groups(text):
        yield from _add_group(group)


def _groups(text: str) -> Iterator[list[tuple[int, str]]]:
    """Runs of lines without a blank one between them, each line with its offset and without its end of space."""
    group: list[tuple[int, str]] = []
    offset, size = 0, len(text)
    while offset < size:
        end = text.find("\n", offset)
        end = size if end < 0 else end
        stripped = text[offset:end].rstrip()
        if stripped:
            group.append((offset, stripped))
        if group and (not stripped or len(group) == _MOST_LINES):
            yield group
            group = []
        offset = end + 1
    if group:
        yield group


def _add_group(group: list[tuple[int, str]]) -> Iterable[Block]:
    if _is_wrapped(group):
        offset, line = group[0]
        start = offset + len(line) - len(line.lstrip())
        return [Block(Kind.PARAGRAPH, start, group[-1][0] + len(group[-1][1]))]
    blocks: list[Block] = []
    is_first, was_short, item_column = True, False, 0
    for offset, line in group:
        words = line.lstrip()
        indent = len(line) - len(words)
        end = offset + len(line)
        marker = _ITEM.match(words)
        if item_column and not marker and indent >= item_column:
            blocks[-1].end = end
            continue
        is_short = len(words) <= SHORT
        if marker:
            hanging = cell_width(marker[0]) if len(marker[0]) <= _DEEPEST_INDENT else 2
            blocks.append(Block(Kind.ITEM, offset + indent, end, min(indent, _DEEPEST_INDENT), hanging, is_first))
            item_column = indent + len(marker[0])
        else:
            is_apart = is_first or not (is_short and was_short)
            blocks.append(Block(Kind.PARAGRAPH, offset + indent, end, 0, 0, is_apart))
            item_column = 0
        is_first, was_short = False, is_short
    return blocks


def _is_wrapped(group: list[tuple[int, str]]) -> bool:
    """Whether the lines are one paragraph that its sender wrapped: none had room for the next one's first word."""
    if len(group) < _FEWEST_WRAPPED:
        return False
    widest = max(len(line) for _, line in group)
    if not SHORT // 2 < widest <= _LONGEST_WRAPPED:
        return False
    lines = [line.strip() for _, line in group]
    return not any(map(_ITEM.match, lines)) and all(
        len(line) + 1 + len(following.split(None, 1)[0]) > widest for line, following in pairwise(lines)
    )
