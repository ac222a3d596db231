"""Releases -> text, Markdown, HTML, JSON, CSV and digests, as pieces of text to be written one after the other.

Everything but JSON and digests is cleaned: no control sequence of a release is in it. JSON carries the original,
escaped; a digest carries it as it is, so that reading it back gives the same releases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from newsreader.models import Basis, Date, Headline, Precision, Release
from newsreader.record import Record
from newsreader.text import Clean, cell_width, clean, clean_line, truncate, wrap

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from newsreader.snippets import Snippet


class Format(StrEnum):
    """What releases can be written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    DIGEST = "digest"


class Layout(Record):
    """How text is set for who reads it."""

    width: int | None = None
    """The width in cells to which text is wrapped and lines are cut; None for a pipe: nothing is."""
    is_styled: bool = False
    """Whether colour and weight are added, as escape sequences of our own."""
    end: str = "\n"
    """What ends an entry of a list, and in text each shown release: a newline, or NUL for `xargs -0`."""
    bar: str = "|"
    """What stands beside a quotation on a terminal."""


SHORT_ID_LENGTH = 8
"""Digits of an id that a person is shown."""
PIPED_ID_LENGTH = 12
"""Digits of an id in a pipe: unique in any archive for all purposes."""
MEASURE = 80
"""The widest that running text is set on a terminal."""
RULE = "-" * 72
"""The line between two releases in plain text."""

_COLUMNS = (
    "id", "date", "date_precision", "date_basis", "date_evidence", "read", "starred", "words", "source", "title",
)  # fmt: skip
_BOLD, _DIM, _SOURCE, _UNREAD, _STAR, _MATCH = "1", "2", "36", "34", "33", "1;35"
_ID_WIDTH, _DATE_WIDTH, _MARKS_WIDTH, _GAP = SHORT_ID_LENGTH, 11, 2, 2
_NARROWEST_TITLE = 10
_WORDS_PER_MINUTE = 230
_BASES = {
    Basis.STATED: "stated",
    Basis.TEXT: "from the text",
    Basis.INFERRED: "inferred",
    Basis.NEIGHBOURS: "from its neighbours in the digest",
}


def render_list(
    headlines: Iterable[Headline],
    format: Format,
    layout: Layout,
    *,
    snippet: Callable[[Headline], Snippet | None] | None = None,
) -> Iterator[str]:
    """An entry for each release, without its text, in a format that needs no more than its headline.

    On a terminal, its snippet stands on a line below it.
    """
    if format is Format.MARKDOWN:
        return (_markdown_entry(headline) for headline in headlines)
    if format is Format.HTML:
        return _html_page(map(_html_row, headlines), "<table>\n", "</table>\n")
    if format in {Format.CSV, Format.TSV}:
        return _table(_COLUMNS, map(_cells, headlines), format)
    if layout.width is None:
        return (_piped_line(headline) + layout.end for headline in headlines)
    width = layout.width
    return (
        _terminal_line(headline, width, layout)
        + _snippet_line(snippet and snippet(headline), width, layout)
        + layout.end
        for headline in headlines
    )


def render_releases(
    releases: Iterable[Release],
    format: Format,
    layout: Layout,
    *,
    has_body: bool = True,
    snippet: Callable[[Release], str] | None = None,
) -> Iterator[str]:
    """The releases whole (in JSON without their bodies, if so wished, and with a snippet)."""
    if format in {Format.JSON, Format.JSONL}:
        objects = (json_object(release, has_body, snippet and snippet(release)) for release in releases)
        return _json(objects, "releases", format)
    if format in {Format.CSV, Format.TSV}:
        rows = ([*_cells(release.headline), release.body] for release in releases)
        return _table((*_COLUMNS, "body"), rows, format)
    if format is Format.HTML:
        return _html_page(map(_html_article, releases), "", "")
    return _render_texts(releases, format, layout)


def _render_texts(releases: Iterable[Release], format: Format, layout: Layout) -> Iterator[str]:
    """The releases in a format for reading, one below the other."""
    if format is Format.MARKDOWN:
        return _separated(map(_markdown_article, releases), "\n---\n\n")
    if format is Format.DIGEST:
        return _separated(map(digest_text, releases), "\n\n")
    texts = (_article(release, layout) for release in releases)
    if layout.end != "\n":
        return (text + layout.end for text in texts)
    rule = RULE if layout.width is None else style("─" * min(layout.width, MEASURE), _DIM, layout)
    return _separated(texts, f"\n{rule}\n\n")


def render_records(
    records: Iterable[dict[str, object]], names: Sequence[str], format: Format, name: str
) -> Iterator[str]:
    """Other facts than releases, such as counts: a table, or JSON with the list under `name`."""
    if format in {Format.JSON, Format.JSONL}:
        return _json(records, name, format)
    rows = ([_cell(record[column]) for column in names] for record in records)
    if format is Format.MARKDOWN:
        head = f"| {' | '.join(names)} |\n|{' --- |' * len(names)}\n"
        return _led(head, (f"| {' | '.join(map(_markdown_line, row))} |\n" for row in rows))
    if format is Format.HTML:
        return _html_page(map(_html_cells, rows), "<table>\n" + _html_cells(names), "</table>\n")
    return _table(names if format is not Format.TEXT else (), rows, format)


def style(text: str, codes: str, layout: Layout) -> str:
    """The text with a colour or weight, if the layout has any."""
    return f"\x1b[{codes}m{text}\x1b[0m" if layout.is_styled and codes and text else text


def json_object(release: Release, has_body: bool, snippet: str | None = None) -> dict[str, object]:
    """The one JSON shape of a release."""
    headline, date = release.headline, release.headline.date
    shape: dict[str, object] = {
        "id": headline.id,
        "title": headline.title,
        "source": headline.source,
        "date": date.iso or None,
        "date_precision": date.precision.value if date.iso else None,
        "date_basis": date.basis.value,
        "date_evidence": date.evidence,
        "read": headline.is_read,
        "starred": headline.is_starred,
        "words": headline.words,
        "origins": [{"digest": at.digest, "line": at.line, "offset": at.offset} for at in release.origins],
    }
    if snippet is not None:
        shape["snippet"] = snippet
    if has_body:
        shape["body"] = release.body
    return shape


def digest_text(release: Release) -> str:
    """The release as a digest holds it: `parse_digest` reads the same release from it."""
    from newsreader.digest import end_unlike_head

    headline, body = release.headline, end_unlike_head(release.body)
    return f"{headline.title}\n\n{f'Source: {headline.source}'.rstrip()}\n\n{body}\n"


def describe_date(date: Date) -> Clean:
    """The date with its sign, and what it rests on: `≈2024-10-02 inferred from “On Wednesday (2 October)”`."""
    if date.day is None:
        return Clean("no date known")
    evidence = clean_line(date.evidence).strip()
    joint = " from" if date.basis is Basis.INFERRED else ""
    quoted = f"{joint} “{evidence}”" if evidence else ""
    return Clean(f"{date} {_BASES[date.basis]}{quoted}" if date.basis in _BASES else str(date))


def describe_length(words: int) -> Clean:
    """How long a text of so many words is, and takes to read."""
    minutes = max(1, round(words / _WORDS_PER_MINUTE)) if words else 0
    return Clean(f"{words:,} {'word' if words == 1 else 'words'}, {minutes} min")


def _json(objects: Iterable[dict[str, object]], name: str, format: Format) -> Iterator[str]:
    """An object a line; in json, all in one object that names the version of the shape."""
    from newsreader.escaping import json_text

    if format is Format.JSONL:
        yield from (json_text(each) + "\n" for each in objects)
        return
    yield f'{{"version": 1, "{name}": ['
    separator = "\n"
    for each in objects:
        yield separator + json_text(each)
        separator = ",\n"
    yield "\n]}\n"


def _led(head: str, texts: Iterable[str]) -> Iterator[str]:
    yield head
    yield from texts


def _separated(texts: Iterable[str], separator: str) -> Iterator[str]:
    """The texts with a separator between them."""
    lead = ""
    for text in texts:
        yield lead + text
        lead = separator


def _piped_line(headline: Headline) -> str:
    """Tab-separated and whole, for cut, awk and fzf."""
    marks = ("-" if headline.is_read else "u") + ("s" if headline.is_starred else "-")
    id = headline.id[:PIPED_ID_LENGTH]
    return "\t".join((id, str(headline.date), marks, clean_line(headline.source), clean_line(headline.title)))


def _terminal_line(headline: Headline, width: int, layout: Layout) -> str:
    """Aligned columns, cut to the width; the narrower it is, the fewer columns."""
    if width <= _MARKS_WIDTH + 1:
        title = truncate(clean_line(headline.title), width)
        return style(title, _DIM if headline.is_read else _BOLD, layout)
    marks = style(" " if headline.is_read else "●", _UNREAD, layout)
    marks += style("★" if headline.is_starred else " ", _STAR, layout)
    parts = [marks]
    left = width - _MARKS_WIDTH - 1
    if left >= _DATE_WIDTH + _GAP + _NARROWEST_TITLE:
        parts.insert(0, _aligned_date(headline.date))
        left -= _DATE_WIDTH + 1
    if left >= _ID_WIDTH + 2 * _GAP + 2 * _NARROWEST_TITLE:
        parts.insert(0, style(headline.id[:SHORT_ID_LENGTH], _DIM, layout))
        left -= _ID_WIDTH + 1
        source_width = min(24, left // 3)
        source = truncate(clean_line(headline.source), source_width)
        parts.append(style(source, _SOURCE, layout) + " " * (source_width - cell_width(source)))
        left -= source_width + 1
    title = truncate(clean_line(headline.title), left)
    parts.append(style(title, _DIM if headline.is_read else _BOLD, layout))
    return " ".join(parts)


def _snippet_line(snippet: Snippet | None, width: int, layout: Layout) -> str:
    """The snippet on a line of its own, its matches styled; nothing when there is none."""
    if snippet is None:
        return ""
    indent = min(_ID_WIDTH + 2, max(width - _NARROWEST_TITLE, 0))
    left = width - indent
    pieces: list[str] = []
    place = 0
    for start, end in (*snippet.spans, (len(snippet.text), len(snippet.text))):
        for text, codes in ((snippet.text[place:start], _DIM), (snippet.text[start:end], _MATCH)):
            piece = truncate(clean_line(text), left) if left > 0 else Clean("")
            pieces.append(style(piece, codes, layout))
            left -= cell_width(piece)
        place = end
    return "\n" + " " * indent + "".join(pieces)


def _aligned_date(date: Date) -> str:
    """The date in a column of its own, its digits below each other."""
    text = str(date)
    return (text if text[:1] in {"≈", "~", "?"} else f" {text}").ljust(_DATE_WIDTH)


def _facts(headline: Headline) -> Clean:
    """The line under a title: who, when and why we think so, how long."""
    facts = [clean_line(headline.source)] if headline.source else []
    facts += [describe_date(headline.date), describe_length(headline.words)]
    if headline.is_starred:
        facts.append(Clean("starred"))
    return Clean(" · ".join([*facts, headline.id[:PIPED_ID_LENGTH]]))


def _paragraphs(body: str) -> list[Clean]:
    """The body's lines that are not blank, clean, in their order."""
    return [Clean(line) for line in clean(body).split("\n") if line.strip()]


def _article(release: Release, layout: Layout) -> str:
    """Title, facts and body: a paragraph a line in a pipe, set to the width on a terminal."""
    title, facts = clean_line(release.headline.title), _facts(release.headline)
    if layout.width is None:
        return "\n".join((title, facts, "", *_spaced(release.body))) + "\n"
    from newsreader.typeset import weighted_rows

    width = min(layout.width, MEASURE)
    lines = [style(line, _BOLD, layout) for line in wrap(title, width)]
    lines += [style(line, _DIM, layout) for line in wrap(facts, width)]
    lines.append("")
    codes = {"strong": _BOLD, "quiet": _DIM}
    rows = weighted_rows(release.body, width, layout.bar)
    lines += [style(row, codes.get(weight, ""), layout) for row, weight in rows]
    return "\n".join(lines) + "\n"


def _spaced(body: str) -> list[str]:
    """The lines of the body with runs of blank ones made one."""
    lines: list[str] = []
    for line in clean(body).split("\n"):
        if line.strip():
            lines.append(line.rstrip())
        elif lines and lines[-1]:
            lines.append("")
    return lines


def _markdown_entry(headline: Headline) -> str:
    source = f" — *{_markdown_line(headline.source)}*" if headline.source else ""
    return f"- {headline.date} **{_markdown_line(headline.title)}**{source} `{headline.id[:PIPED_ID_LENGTH]}`\n"


def _markdown_article(release: Release) -> str:
    from newsreader.escaping import markdown_line

    paragraphs = [markdown_line(line, may_be_item=True) for line in _paragraphs(release.body)]
    head = f"# {_markdown_line(release.headline.title)}\n\n*{_markdown_line(_facts(release.headline))}*\n"
    return head + "".join(f"\n{paragraph}\n" for paragraph in paragraphs)


def _markdown_line(text: str) -> str:
    from newsreader.escaping import markdown_line

    return markdown_line(clean_line(text))


def _html_page(pieces: Iterable[str], opening: str, closing: str) -> Iterator[str]:
    """One page that needs nothing else, and runs and loads nothing."""
    yield (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n<title>newsreader</title>\n'
        "<style>body{max-width:42em;margin:2em auto;padding:0 1em;font:1em/1.5 serif}"
        "td{padding:.2em .6em .2em 0;vertical-align:top}.facts{color:#666}</style>\n</head>\n<body>\n" + opening
    )
    yield from pieces
    yield closing + "</body>\n</html>\n"


def _html_row(headline: Headline) -> str:
    return _html_cells((headline.id[:PIPED_ID_LENGTH], str(headline.date), headline.source, headline.title))


def _html_cells(cells: Iterable[str]) -> str:
    from newsreader.escaping import html_text

    return "<tr>" + "".join(f"<td>{html_text(clean_line(cell))}</td>" for cell in cells) + "</tr>\n"


def _html_article(release: Release) -> str:
    from newsreader.escaping import html_text

    headline = release.headline
    paragraphs = "".join(f"<p>{html_text(line)}</p>\n" for line in _paragraphs(release.body))
    return (
        f'<article id="{html_text(headline.id)}">\n<h1>{html_text(clean_line(headline.title))}</h1>\n'
        f'<p class="facts">{html_text(_facts(headline))}</p>\n{paragraphs}</article>\n'
    )


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], format: Format) -> Iterator[str]:
    """A line of names, then the rows; cells stay as they are, so a spreadsheet may take one for a formula."""
    from newsreader.escaping import csv_cell

    if format is Format.CSV:
        convert, separator = csv_cell, ","
    else:
        convert, separator = clean_line, "\t"
    if names:
        yield separator.join(names) + "\n"
    for row in rows:
        yield separator.join(map(convert, row)) + "\n"


def _cells(headline: Headline) -> list[str]:
    """What a headline's columns hold, in the order of `_COLUMNS`."""
    date = headline.date
    precision = Precision(date.precision).value if date.iso else ""
    marks = (_cell(headline.is_read), _cell(headline.is_starred))
    tail = (str(headline.words), headline.source, headline.title)
    return [headline.id, date.iso, precision, date.basis.value, date.evidence, *marks, *tail]


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
