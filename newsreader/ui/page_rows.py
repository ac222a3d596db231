"""How a row of a set body looks on the page: which text in which style."""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style

from newsreader.passages import QUIET, Kind
from newsreader.text import Clean
from newsreader.typeset import Line
from newsreader.ui.page_header import Row

BAR = "▎"
"""What stands beside a quotation; where the terminal's encoding lacks it, `plain_stream` draws `|`."""

STYLE_NAMES = (
    *("title", "source", "date", "facts", "star", "rule", "text", "heading", "figure", "label", "date-line", "place"),
    *("speaker", "bar", "quiet", "fold", "match", "current", "message", "link", "found", "found-current"),
)
"""What text on the page can be; each has its style in `PAGE_CSS`."""

PAGE_CSS = """
PageText {
    overflow-x: hidden;
    scrollbar-gutter: stable;
    scrollbar-size-vertical: 1;
    .page--title { text-style: bold; }
    .page--source { color: $text-secondary; }
    .page--date { color: $text; }
    .page--facts { color: $text-muted; }
    .page--star { color: $text-warning; text-style: bold; }
    .page--rule { color: $text-disabled; }
    .page--text { color: $text; }
    .page--heading, .page--figure, .page--label { text-style: bold; }
    .page--date-line, .page--place, .page--speaker { color: $text-secondary; }
    .page--bar { color: $text-secondary; }
    .page--quiet, .page--fold { color: $text-muted; }
    .page--fold { text-style: italic; }
    .page--match { color: $text; background: $warning-muted; text-style: bold underline; }
    .page--current { color: $text; background: $warning-muted; text-style: bold reverse; }
    .page--found { color: $text; background: $accent-muted; text-style: bold; }
    .page--found-current { color: $text; background: $accent-muted; text-style: bold reverse; }
    .page--message { color: $text-muted; }
    .page--link { text-style: underline; }
    &:ansi {
        .page--facts, .page--rule, .page--message, .page--quiet, .page--fold, .page--bar { text-style: dim; }
        .page--match { color: ansi_default; background: ansi_default; text-style: bold underline; }
        .page--current { color: ansi_default; background: ansi_default; text-style: bold reverse; }
        .page--found { color: ansi_default; background: ansi_default; text-style: reverse; }
        .page--found-current { color: ansi_default; background: ansi_default; text-style: bold reverse underline; }
    }
}
"""

_NAMES = {Kind.HEADING: "heading", Kind.DATELINE: "date-line", **dict.fromkeys(QUIET, "quiet")}
_STRONG_NAMES = {
    Kind.LEAD: "place",
    Kind.FIGURE: "figure",
    Kind.ROSTER: "label",
    Kind.QUOTATION: "speaker",
}


@lru_cache(maxsize=512)
def link_style(url: str) -> Style:
    """The style that makes text a link in a terminal; `url` is one of `find_links`, which no terminal can misread."""
    return Style(link=url)


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
