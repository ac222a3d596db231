"""What help says: every key and the query language, from the tables that the program itself works by. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsreader.commands import TYPING, Command, headed_commands, key_labels
from newsreader.query import EXAMPLES, FIELDS
from newsreader.text import Clean, break_rows, cell_width, wrap
from newsreader.ui.text_view import Part
from newsreader.words import words as words_of

KEY_COLUMN = 12
"""How many cells the keys have; longer ones push their help to the next line."""
NARROW = 48
"""Below this many cells, help stands below its keys."""

QUERY_NOTE = "The same in the filter bar and on the command line. Letter case and accents do not matter."
NOTHING_FITS = "Nothing in the help holds these words."

SIGNS = (
    ("●  ★", "Unread; starred."),
    ("26", "The day, as the release states it or its text says."),
    ("≈02", "The day is known, its month or year follows from other words."),
    ("~", "The date lies between those of the digest's other releases."),
    ("?", "Nothing tells the date."),
    ("›", "The release on the page."),
    ("✓", "Selected."),
    ("3", "Beside a group: how many of its releases are unread."),
    ("3/4", "The same under a filter, and how many match."),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key, a sign or a query, with what it means."""

    heading: str
    """What it stands below."""
    head: str
    """The keys, the sign or the query."""
    text: str
    """What it does or finds."""
    choice: Command | str | None = None
    """The command to run or the query to try when it is chosen; None when it can only be read."""

    def holds(self, words: Sequence[str]) -> bool:
        """Whether it holds the beginning of each of these folded words."""
        name = self.choice.id if isinstance(self.choice, Command) else ""
        own = words_of(f"{self.heading} {self.head} {self.text} {name}")
        is_key = self.head.split()
        return all(word in is_key or any(each.startswith(word) for each in own) for word in words)


def help_entries(keys: Mapping[str, str]) -> Iterator[Entry]:
    """All of the help, in order."""
    for heading, command in headed_commands():
        choice = None if command.scope in TYPING else command
        if head := " ".join(command_labels(command, keys)) or (f":{command.name}" if choice else ""):
            yield Entry(heading, head, command.help, choice)
    for sign, meaning in SIGNS:
        yield Entry("Signs in the tree", sign, meaning)
    for field in FIELDS:
        yield Entry("The query language", field.example, field.help, field.example)
    for example in EXAMPLES:
        yield Entry("Examples", example.query, example.help, example.query)


def find_entries(entries: Sequence[Entry], text: str) -> list[Entry]:
    """The entries that hold the beginnings of all words of a text; a key alone finds what it does."""
    words = words_of(text) or text.split()
    exact = [entry for entry in entries if text.strip() in entry.head.split()] if text.strip() else []
    return [*exact, *(entry for entry in entries if entry not in exact and entry.holds(words))]


def lay_out(entries: Sequence[Entry], width: int) -> Iterator[tuple[Sequence[Part], int | None]]:
    """The lines of entries, wrapped to a width, each with the index of the entry that it belongs to."""
    heading = ""
    for index, entry in enumerate(entries):
        if entry.heading != heading:
            if heading:
                yield [], None
            heading = entry.heading
            yield [(heading, "strong")], None
            if heading == "The query language":
                for line in wrap(Clean(QUERY_NOTE), max(1, width - 2)):
                    yield [("  " + line, "quiet")], None
        for row in _entry_rows(entry.head, entry.text, width):
            yield row, index
    if not entries:
        yield [(NOTHING_FITS, "quiet")], None


def command_labels(command: Command, keys: Mapping[str, str]) -> list[str]:
    """The keys of a command in force, as they are written for people."""
    return key_labels(keys.get(command.id, command.keys))


def _set(text: str, width: int) -> Iterator[list[Part]]:
    """A text of the tables in rows: with a curly apostrophe, and what is to be typed in another style, not in ticks."""
    pieces = re.sub(r"(?<=\w)'", "’", text).split("`")
    names = ("plain", "key")
    whole = Clean("".join(pieces))
    for start, end in break_rows(whole, width):
        row, at = [], 0
        for number, piece in enumerate(pieces):
            shown = whole[max(at, start) : max(min(at + len(piece), end), start)]
            at += len(piece)
            if shown:
                row.append((shown, names[number % 2]))
        yield row


def _entry_rows(head: str, text: str, width: int) -> Iterator[Sequence[Part]]:
    """A key or query with what it does, hanging."""
    column = KEY_COLUMN if width >= NARROW else 2
    indent = column + 2
    head_width = cell_width(Clean(head))
    rows = list(_set(text, max(1, width - indent)))
    if head_width >= column:
        yield [("  ", "plain"), (head, "key")]
    else:
        yield [("  ", "plain"), (head + " " * (column - head_width), "key"), *rows.pop(0)]
    for row in rows:
        yield [(" " * indent, "plain"), *row]
