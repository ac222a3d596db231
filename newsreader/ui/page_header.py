"""What stands above a release's text: its title, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsreader.models import Date, Origin, Release
from newsreader.output import describe_date, describe_length
from newsreader.text import Clean, break_rows, cell_width, clean_line, truncate
from newsreader.ui.date_style import write_date

Part = tuple[Clean, str]
"""Text, and the name of the style in which it is shown."""
Row = tuple[Part, ...]

MOST_TITLE_ROWS = 8
"""A longer title is cut; what is cut of it is mostly text that lost its title."""

LEAST_NAME = 16
"""Cells for the place where a release was found, in fewer of which its name is not cut but goes to the next row."""
NAME_END = 8
"""Characters at the end of a cut name: its suffix, and what tells it from its like."""

SEPARATOR = Clean(" ·\xa0")
"""Between two facts in a row; where a row would begin with it, it is left out."""


def header_rows(release: Release, width: int, *, is_starred: bool) -> Iterator[Row]:
    """The header in rows of at most `width` cells, with a rule and an empty row below."""
    headline = release.headline
    yield from _title_rows(Clean(clean_line(headline.title).strip() or "No title"), width)
    yield from _known_rows(release, width, is_starred)
    yield ((Clean("─" * width), "rule"),)
    yield ()
    if not release.body.strip():
        yield from _break_parts([(Clean("This release has no text."), "message")], width)


def _known_rows(release: Release, width: int, is_starred: bool) -> list[Row]:
    """What is known of a release; its star stands where it costs no row of its own."""
    headline = release.headline
    length = describe_length(headline.words)
    origins = describe_origins(release.origins, width - cell_width(length) - len(SEPARATOR))
    source = clean_line(headline.source).strip() or "no source named"
    who = [(Clean(source), "source"), (_describe_date(headline.date), "date")]
    what = [(length, "facts"), (origins, "facts")]
    star = [(Clean("★ starred"), "star")] if is_starred else []
    orders = (who, [*what, *star]), ([who[0], *star, who[1]], what)
    return min(([*_fact_rows(first, width), *_fact_rows(second, width)] for first, second in orders), key=len)


def _describe_date(date: Date) -> Clean:
    """The date and what it rests on, written as the tree writes it."""
    described = describe_date(date)
    return Clean(described.replace(date.iso, write_date(date), 1)) if date.iso else described


def describe_origins(origins: Sequence[Origin], width: int = 0) -> Clean:
    """Where a release was found first, and in how many places more; a long name is cut for `width` if there is room."""
    if not origins:
        return Clean("found in no digest any more")
    first = origins[0]
    name = Clean("standard input") if first.digest == "-" else clean_line(first.name)
    rest = f":{first.line}" + (f" and {len(origins) - 1} more" if len(origins) > 1 else "")
    if width >= LEAST_NAME and len(rest) + 2 * NAME_END <= width < cell_width(name) + len(rest):
        end = Clean(name[-NAME_END:])
        name = Clean(truncate(name, width - len(rest) - cell_width(end)) + end)
    return Clean(f"{name}{rest}")


def _title_rows(title: Clean, width: int) -> Iterator[Row]:
    """The title, cut where it takes too many rows."""
    breaks = break_rows(title, width)
    if len(breaks) > MOST_TITLE_ROWS:
        last = breaks[MOST_TITLE_ROWS - 1][0]
        title = Clean(title[:last] + truncate(Clean(title[last : last + width] + "…" * width), width))
    yield from _break_parts([(title, "title")], width)


def _fact_rows(facts: Sequence[Part], width: int) -> Iterator[Row]:
    """As many facts in each row as it has room for; one that has a row for itself is not broken to fill the last."""
    row: list[Part] = []
    used = 0
    for text, name in facts:
        length = cell_width(text)
        if row and used + len(SEPARATOR) + length > width >= length:
            yield from _break_parts(row, width)
            row, used = [], 0
        used += length + (len(SEPARATOR) if row else 0)
        row += [(SEPARATOR, "facts")] * bool(row) + [(text, name)]
    yield from _break_parts(row, width)


def _break_parts(parts: Sequence[Part], width: int) -> Iterator[Row]:
    """The parts one after the other, in rows of at most `width` cells."""
    whole = "".join(text for text, _ in parts)
    dot = SEPARATOR.lstrip()
    for row_start, row_end in break_rows(whole, width):
        first = row_start + (len(dot) if row_start and whole.startswith(dot, row_start) else 0)
        row, start = [], 0
        for text, name in parts:
            end = start + len(text)
            if start < row_end and end > first:
                shown = whole[max(start, first) : min(end, row_end)]
                row.append((Clean(shown.replace("\xa0", " ")), name))
            start = end
        yield tuple(row)
