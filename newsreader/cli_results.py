"""What the commands on releases share: finding them by query and id, and writing them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from newsreader import streams
from newsreader.cli_words import Options
from newsreader.errors import NewsreaderError
from newsreader.record import Record
from newsreader.session import Session

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from typing import Any, TextIO

    from newsreader.marks import Marks
    from newsreader.models import Headline, Release
    from newsreader.output import Layout
    from newsreader.query import Query
    from newsreader.snippets import Snippet

WRITING_SECONDS = 1.0
"""How long marks that are held wait to be written once more, where nothing else asks."""
_LEAST_ID_DIGITS, _SURE_ID_DIGITS = 4, 8
_MOST_AT_ONCE = 100


def are_ids(arguments: Sequence[str]) -> bool:
    """Whether all arguments look like ids: hexadecimal digits, eight or more, or four or more with a letter."""
    return bool(arguments) and all(
        set(argument.lower()) <= set("0123456789abcdef")
        and len(argument) >= (_SURE_ID_DIGITS if argument.isdecimal() else _LEAST_ID_DIGITS)
        for argument in arguments
    )


class Named(Record):
    """The releases that arguments name by their ids."""

    ids: list[str]
    """Their ids, in the order of the arguments; none when the arguments are a query."""
    is_partial: bool = False
    """Whether some of the arguments name no release; the user was told."""


def named_ids(session: Session, arguments: Sequence[str]) -> Named:
    """The releases whose ids the arguments begin: all of them, or with a sure id those that are there."""
    if not are_ids(arguments):
        return Named([])
    found = [session.archive.ids_from(argument.lower()) for argument in arguments]
    ids = list(dict.fromkeys(each[0] for each in found if len(each) == 1))
    if all(len(each) == 1 for each in found):
        return Named(ids)
    pairs = list(zip(arguments, found, strict=True))
    are_meant = any(len(each) == 1 and len(argument) >= _SURE_ID_DIGITS for argument, each in pairs)
    for argument, each in pairs:
        if len(each) != 1 and (are_meant or len(argument) >= _SURE_ID_DIGITS):
            what = "Several ids begin" if each else "No id begins"
            result = "it is left out" if are_meant else "it is taken as a word"
            streams.say(f"newsreader: {what} with {argument}; {result}.")
    return Named(ids, True) if are_meant else Named([])


def find(session: Session, options: Options, query: Query) -> Iterator[Headline]:
    """Releases that match, in the order and number that the options ask for; a few are looked up at once."""
    from newsreader.archive import Sort

    try:
        sort = Sort(options.sort)
    except ValueError:
        raise NewsreaderError(f"Releases cannot be sorted by {options.sort} yet; use {' or '.join(Sort)}.") from None
    found = session.archive.find(query, sort=sort, reverse=options.reverse, limit=options.limit)
    return iter(list(found)) if options.limit is not None and options.limit <= _MOST_AT_ONCE else found


def read_line_by_line(session: Session, options: Options) -> int:
    """Open the reader that only ever adds lines; the exit status."""
    from newsreader.line_reader import LineReader

    is_sample = session.is_sample  # reads standard input, too, before the terminal takes its place
    with streams.reader_terminal(must_draw=False):
        if not session.archive.digests():
            streams.write(["Reading the digests.\n"], may_page=False)
            streams.flush()
        session.is_quiet = True  # a line of progress is drawn over and over
        report = session.refresh()
        session.marks.tend()
        if is_sample:
            streams.say("These are the bundled sample digests; newsreader --plain DIR reads your own.")
        if report.failures:
            streams.say(f"{len(report.failures):,} could not be read; newsreader check tells why.")
        with (
            open(0, closefd=False, encoding="utf-8", errors="replace") as lines,
            _held_marks_written(session.marks),
        ):
            LineReader(
                session.archive,
                session.marks,
                lambda query: find(session, options, query),
                session.parse_query,
                lambda prompt: _ask(prompt, lines),
                lambda text: streams.write([text], may_page=False),
                size=streams.terminal_size,
                counts_as_read=session.config.read_after >= 0,
            ).run(options.filter)
    return 3 if report.failures or not session.part_with_marks() else 0


@contextmanager
def _held_marks_written(marks: Marks) -> Iterator[None]:
    """Write marks that are held as soon as that is possible, also while nothing is typed."""
    import sqlite3
    from threading import Event, Thread

    has_ended = Event()

    def write() -> None:
        while not has_ended.wait(WRITING_SECONDS):
            with suppress(NewsreaderError, sqlite3.Error):  # busy: then the next time
                marks.write_held()

    with suppress(RuntimeError):  # without threads, they are written when something is typed
        Thread(target=write, daemon=True).start()
    try:
        yield
    finally:
        has_ended.set()


def _ask(prompt: str, lines: TextIO) -> str | None:
    """A line that is typed behind a prompt; None at the end of input, which ends the line of the prompt."""
    streams.write([prompt], may_page=False)
    streams.flush()
    line = lines.readline()
    if not line:
        streams.write(["\n"], may_page=False)
    return line or None


class Counted:
    """Counts what passes through."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for item in self._items:
            self.count += 1
            yield item


def write_found(
    session: Session, options: Options, headlines: Iterable[Headline], query: Query, has_body: bool = True
) -> None:
    """Write the releases of these headlines, in JSON with the snippets of the query."""
    releases = (session.archive.release(headline.place) for headline in headlines)
    found = (release for release in releases if release is not None)
    _write_all(options, found, has_body=has_body, snippet=_snippet_of_release(query))


def snippet_of_headline(session: Session, query: Query) -> Callable[[Headline], Snippet | None] | None:
    """A function that reads a release's snippet; None when the query has none."""
    from newsreader.snippets import snippet_finder

    find = snippet_finder(query)
    if find is None:
        return None

    def find_in(headline: Headline) -> Snippet | None:
        release = session.archive.release(headline.place)
        return None if release is None else find(release.body)

    return find_in


def _snippet_of_release(query: Query) -> Callable[[Release], str] | None:
    from newsreader.snippets import snippet_finder

    find = snippet_finder(query)
    if find is None:
        return None

    def find_in(release: Release) -> str:
        snippet = find(release.body)
        return snippet.text if snippet else ""

    return find_in


def write_releases(session: Session, options: Options, ids: Iterable[str], *, may_page: bool = True) -> int:
    """Write the releases of these ids; how many there were."""
    places = (session.archive.place_of(id) for id in ids)
    releases = (session.archive.release(place) for place in places if place is not None)
    counted = Counted(release for release in releases if release is not None)
    _write_all(options, counted, may_page=may_page)
    return counted.count


def _write_all(
    options: Options,
    releases: Iterable[Release],
    *,
    has_body: bool = True,
    may_page: bool = True,
    snippet: Callable[[Release], str] | None = None,
) -> None:
    from newsreader.output import Format, render_releases

    format = Format(options.format or "text")
    write(render_releases(releases, format, layout_of(options), has_body=has_body, snippet=snippet), options, may_page)


def write(pieces: Iterable[str], options: Options, may_page: bool = True) -> None:
    """Write in the format; a digest holds its releases as they are, so that only a terminal gets it cleaned."""
    if options.format == "digest" and streams.is_terminal(sys.stdout):
        from newsreader.text import clean

        pieces = map(clean, pieces)
    if options.format not in {None, "text"}:
        streams.write_utf8()
    streams.write(pieces, may_page=may_page and not options.null)


def layout_of(options: Options) -> Layout:
    """How text is set: by the options, else by what standard output is."""
    from newsreader.output import Layout

    width = options.width
    if width is None and streams.is_terminal(sys.stdout):
        width = streams.terminal_size()[0]
    end = "\0" if options.null else "\n"
    return Layout(width, streams.may_style(options.color), end, "▎" if streams.takes("▎") else "|")
