"""How a row of a set body looks on the page: which text in which style."""

from __future__ import annotations

from newsreader.passages import QUIET, Kind
from newsreader.text import Clean
from newsreader.typeset import Line
from newsreader.ui.page_header import Row

BAR = "▎"
"""What stands beside a quotation; where the terminal's encoding lacks it, `plain_stream` draws `|`."""

_NAMES = {Kind.HEADING: "heading", Kind.DATELINE: "date-line", **dict.fromkeys(QUIET, "quiet")}
_STRONG_NAMES = {
    Kind.LEAD: "place",
    Kind.FIGURE: "figure",
    Kind.ROSTER: "label",
    Kind.QUOTATION: "speaker",
}


def body_row(line: Line) -> Row:
    """The parts of a row of the body, with its indent."""
    if line.is_fold:
        return ((line.text, "fold"),)
    bar = BAR if line.has_bar else ""
    name = _NAMES.get(line.kind, "text")
    start, end = line.strong
    parts = (
        (Clean(bar), "bar"),
        (Clean(" " * (line.indent - len(bar))), "text"),
        (Clean(line.text[:start]), name),
        (Clean(line.text[start:end]), _STRONG_NAMES.get(line.kind, name)),
        (Clean(line.text[end:]), name),
    )
    return tuple(part for part in parts if part[0])
