"""Every key and the query language, made from the tables that the program itself works by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from newsreader.commands import COMMANDS, Command, Scope, key_labels
from newsreader.query import EXAMPLES, FIELDS
from newsreader.text import Clean, break_rows, cell_width, wrap
from newsreader.ui.text_view import Part, TextView

KEY_COLUMNS = (12, 20)
"""How many cells the keys have, on a narrow and on a wide screen; longer ones push their help to the next line."""
WIDE = 84
"""From so many cells on, a screen is wide."""

HEADINGS = {
    Scope.APP: "Everywhere",
    Scope.TREE: "In the tree",
    Scope.PAGE: "On the page",
    Scope.FILTER: "In the filter bar",
    Scope.LINE: "On the command line",
}

NARROW = 48
"""Below this many cells, help stands below its keys."""
QUERY_NOTE = "The same in the filter bar and on the command line. Letter case and accents do not matter."

SIGNS = (
    ("●  ★", "Unread; starred."),
    ("26", "The day, as the release states it or its text says."),
    ("≈02", "The day is known, its month or year follows from other words."),
    ("~", "The date lies between those of the digest's other releases."),
    ("?", "Nothing tells the date."),
    ("›", "The release on the page."),
    ("✓", "Selected."),
)


class HelpScreen(ModalScreen[None]):
    """Help over the reader."""

    BINDINGS: ClassVar = [Binding("escape,q,question_mark,f1", "dismiss", "Close", show=False)]

    def __init__(self, keys: Mapping[str, str]) -> None:
        """`keys` are those of the configuration, by command id."""
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """A box with the lines and a word on how to leave."""
        with Vertical(id="help-box") as box:
            box.border_title = "Help"
            yield TextView(id="help-lines")
            yield Static("Space scrolls, Esc closes", id="help-hint")

    def on_mount(self) -> None:
        """Keys go to the lines."""
        self.query_one(TextView).focus()

    def on_resize(self, event: Resize) -> None:
        """Set the text anew for the width."""
        self.call_after_refresh(self._set_lines)

    def _set_lines(self) -> None:
        view = self.query_one(TextView)
        width = max(20, view.scrollable_content_region.width)
        view.show(list(help_lines(self._keys, width)))


def help_lines(keys: Mapping[str, str], width: int) -> Iterator[Sequence[Part]]:
    """The help, wrapped to a width."""
    for scope in Scope:
        yield [(HEADINGS[scope], "strong")]
        for command in COMMANDS:
            labels = command_labels(command, keys)
            if command.scope is scope and labels:
                yield from _entry(" ".join(labels), command.help, width)
        yield []
    yield [("Signs in the tree", "strong")]
    for sign, meaning in SIGNS:
        yield from _entry(sign, meaning, width)
    yield []
    yield [("The query language", "strong")]
    yield from _paragraph(QUERY_NOTE, width)
    for field in FIELDS:
        yield from _entry(field.example, field.help, width)
    yield []
    yield [("Examples", "strong")]
    for example in EXAMPLES:
        yield from _entry(example.query, example.help, width)


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


def _entry(head: str, text: str, width: int) -> Iterator[Sequence[Part]]:
    """A key or query with what it does, hanging."""
    column = KEY_COLUMNS[width >= WIDE] if width >= NARROW else 2
    indent = column + 2
    head_width = cell_width(Clean(head))
    rows = list(_set(text, max(1, width - indent)))
    if head_width >= column:
        yield [("  ", "plain"), (head, "key")]
    else:
        yield [("  ", "plain"), (head + " " * (column - head_width), "key"), *rows.pop(0)]
    for row in rows:
        yield [(" " * indent, "plain"), *row]


def _paragraph(text: str, width: int) -> Iterator[Sequence[Part]]:
    for line in wrap(Clean(text), max(1, width - 2)):
        yield [("  " + line, "quiet")]
