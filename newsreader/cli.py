"""The command line: one short function per command, and how each way of ending is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from time import strftime

from newsreader import cli_facts, cli_marks, cli_results, streams
from newsreader.cli_arguments import find_command, parse_arguments
from newsreader.cli_usages import READER
from newsreader.cli_words import Options
from newsreader.errors import ArchiveError, LibraryError, MarksDamagedError, NewsreaderError
from newsreader.session import Session, clock, marks_path

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from newsreader.loader import Report
    from newsreader.query import Query
    from newsreader.ui.app import Outcome
    from newsreader.ui.first_paint import FirstPaint
    from newsreader.ui.terminal import Terminal

DONE, NOTHING_MATCHED, UNREADABLE = 0, 1, 3
"""Exit statuses; 2 is for usage, query and configuration."""


def main(words: Sequence[str]) -> int:
    """Run the command that the words say; the exit status."""
    streams.prepare_streams()
    signals = streams.Signals()
    try:
        with signals:
            status = _run_twice_if_damaged(words)
            streams.flush()
            return status
    except BrokenPipeError:
        streams.forget_output()
        return DONE
    except streams.Stopped:
        pass
    except streams.OutputError as error:
        streams.forget_output()
        streams.say(f"newsreader: {error}")
        return error.status
    except Exception as error:
        if not signals.received:
            return _tell(error)
    streams.forget_output()
    return signals.status


def _run_twice_if_damaged(words: Sequence[str]) -> int:
    """Run the command; once more, when it finds archive or marks damaged before it has printed anything."""
    try:
        return _run(words)
    except (ArchiveError, MarksDamagedError) as error:
        from newsreader.archive_file import ArchiveDamagedError

        if not isinstance(error, (ArchiveDamagedError, MarksDamagedError)) or hasattr(error, "__notes__"):
            raise
    return _run(words)


def _run(words: Sequence[str]) -> int:
    """Run the command; an error of its query is told together with the query."""
    usage, rest = find_command(words)
    options = parse_arguments(usage, rest)
    if options.help:
        return cli_facts.print_help(usage)
    with ExitStack() as options.opened:  # what the command opens, and must close
        return COMMANDS[usage.name](options)


def _tell(error: Exception) -> int:
    """Say what went wrong; the exit status. What no user can act on is raised again."""
    import sqlite3

    if isinstance(error, sqlite3.Error):
        streams.say(f"newsreader: The archive or the marks cannot be used: {error}. Try again, or use --no-cache.")
        return UNREADABLE
    if not isinstance(error, NewsreaderError):
        if not (what := _refused(error)):
            raise error
        streams.say(f"newsreader: {what}")
        return UNREADABLE
    streams.say(f"newsreader: {error}")
    for note in getattr(error, "__notes__", ()):
        streams.say(note)
    return error.status


def _refused(error: BaseException) -> str:
    """What the system does not let us have, and what to do, as a sentence; nothing when that is not why it failed."""
    import errno

    each: BaseException | None = error
    while each is not None:
        if isinstance(each, OSError) and each.errno in {errno.EMFILE, errno.ENFILE}:
            return "The system lets this program open no more files. Raise the limit (ulimit -n)."
        if isinstance(each, MemoryError) or (isinstance(each, OSError) and each.errno == errno.ENOMEM):
            return "There is not enough memory. Raise the limit (ulimit -v), or close other programs."
        is_thread = isinstance(each, RuntimeError) and str(each) == "can't start new thread"
        if is_thread or isinstance(each, BlockingIOError):
            return "The system lets this program start no threads or processes. Raise the limit (ulimit -u)."
        each = each.__cause__ or each.__context__
    return ""


def read(options: Options) -> int:
    """Open the reader; where standard output is no terminal, print instead."""
    if options.version:
        return cli_facts.print_version()
    session = _session(options, [*options.paths, *options.arguments])
    _check_paths(session)
    if options.format or options.explain or not streams.is_terminal(sys.stdout):
        options.arguments = [options.filter]
        return _show(session, options)
    session.parse_query(options.filter)
    if options.plain:
        return cli_results.read_line_by_line(session, options)
    outcome = _open_reader(session, options.filter, is_picking=False)
    cli_results.write_releases(session, options, outcome.printed, may_page=False)
    return outcome.return_code or (DONE if session.part_with_marks() else UNREADABLE)


def list_releases(options: Options) -> int:
    """A line per release."""
    session = _search(options)
    from newsreader.output import Format, render_list

    query = session.parse_query(" ".join(options.arguments))
    if options.explain:
        return _explain(query)
    report, found = session.refresh_and_ask(lambda: cli_results.find(session, options, query))
    format = Format(options.format or "text")
    counted = cli_results.Counted(found)
    layout = cli_results.layout_of(options)
    if format in {Format.JSON, Format.JSONL, Format.DIGEST}:
        cli_results.write_found(session, options, counted, query, has_body=options.body)
    elif format is Format.TEXT and layout.width is not None:
        cli_results.write(
            render_list(counted, format, layout, snippet=cli_results.snippet_of_headline(session, query)), options
        )
    else:
        cli_results.write(render_list(counted, format, layout), options)
    return _status(session, counted.count, report)


def show(options: Options) -> int:
    """The text of releases."""
    return _show(_search(options, takes_piped_input=not cli_results.are_ids(options.arguments)), options)


def _show(session: Session, options: Options) -> int:
    query = session.parse_query(" ".join(options.arguments)) if not cli_results.are_ids(options.arguments) else None
    if options.explain and query is not None:
        return _explain(query)
    report = session.refresh()
    named = cli_results.named_ids(session, options.arguments)
    if named.ids:
        count = cli_results.write_releases(session, options, named.ids)
    else:
        query = session.parse_query(" ".join(options.arguments))
        counted = cli_results.Counted(cli_results.find(session, options, query))
        cli_results.write_found(session, options, counted, query)
        count = counted.count
    return _status(session, count, report, is_partial=named.is_partial)


def pick(options: Options) -> int:
    """Choose releases in the reader and print them."""
    session = _session(options)
    text = " ".join(options.arguments)
    session.parse_query(text)
    outcome = _open_reader(session, text, is_picking=True)
    cli_results.write_releases(session, options, outcome.printed, may_page=False)
    status = DONE if outcome.printed else NOTHING_MATCHED
    return outcome.return_code or (status if session.part_with_marks() else UNREADABLE)


def count(options: Options) -> int:
    """How many releases match."""
    session = _search(options)
    query = session.parse_query(" ".join(options.arguments))
    if options.explain:
        return _explain(query)
    report, number = session.refresh_and_ask(lambda: session.archive.count(query))
    streams.write([f"{number}\n"])
    return UNREADABLE if _is_partial(session, report) else DONE if number else NOTHING_MATCHED


def sources(options: Options) -> int:
    """How many releases of each source match."""
    session = _search(options)
    from newsreader.output import Format, render_records

    query = session.parse_query(" ".join(options.arguments))
    if options.explain:
        return _explain(query)
    report = session.refresh()
    counts = cli_results.Counted(session.archive.count_sources(query))
    names = ("releases", "unread", "starred", "source")
    facts = ((each.releases, each.unread, each.starred, each.name) for each in counts)
    records = (dict(zip(names, each, strict=True)) for each in facts)  # of half a million sources, only one is held
    format = Format(options.format or "text")
    if format is Format.TEXT and cli_results.layout_of(options).width is not None:
        cli_results.write(cli_facts.aligned(list(records), names), options)
    else:
        cli_results.write(render_records(records, names, format, "sources"), options)
    return _status(session, counts.count, report)


def mark(options: Options) -> int:
    """Mark releases."""
    from newsreader.models import Mark

    word, *arguments = options.arguments
    changes = {
        "read": (Mark.READ, True),
        "unread": (Mark.READ, False),
        "star": (Mark.STARRED, True),
        "unstar": (Mark.STARRED, False),
    }
    if word not in changes:
        raise NewsreaderError(f"Marking as “{word}” is not possible: say read, unread, star or unstar.")
    text = " ".join(arguments)
    if not text.strip():  # an unset variable must not mark everything
        raise NewsreaderError("The query is empty, so that nothing is marked; * stands for all releases.")
    are_ids = cli_results.are_ids(arguments)
    session = _search(options, takes_piped_input=not are_ids)
    query = None if are_ids else session.parse_query(text)
    if session.marks.problem:
        return UNREADABLE
    report = session.refresh()
    named = cli_results.named_ids(session, arguments)
    ids = named.ids or session.archive.ids(session.archive.places(query or session.parse_query(text)))
    if not session.tend_marks():
        return UNREADABLE
    changed = len(session.marks.change(ids, *changes[word]).ids)
    if ids and not session.is_quiet:
        streams.say(f"newsreader: {_describe_change(word, changed, len(ids) - changed)}")
    return _status(session, len(ids), report, is_partial=named.is_partial)


def _describe_change(word: str, changed: int, already: int) -> str:
    done = {"read": "read", "unread": "unread", "star": "starred", "unstar": "not starred"}[word]
    rest = f"; {already:,} already were" if already > 1 else "; one already was" if already else ""
    return f"{changed:,} {'release is' if changed == 1 else 'releases are'} now {done}{rest}."


def _search(options: Options, *, takes_piped_input: bool = True) -> Session:
    """A session that searches the library as it is now."""
    session = _session(options, takes_piped_input=takes_piped_input)
    session.look_ahead()
    return session


def _session(options: Options, paths: Sequence[str] | None = None, *, takes_piped_input: bool = True) -> Session:
    session = Session(
        paths=options.paths if paths is None else paths,
        encoding=cli_facts.known_encoding(options.encoding),
        is_cached=not options.no_cache,
        is_quiet=options.quiet,
        is_verbose=options.verbose,
        takes_piped_input=takes_piped_input,
        follows_links=options.follow,
    )
    options.opened.enter_context(closing(session))
    return session


def _explain(query: Query) -> int:
    from newsreader.query import explain
    from newsreader.text import clean_line

    streams.write([clean_line(explain(query)) + "\n"])
    return DONE


def _status(session: Session, count: int, report: Report, *, is_partial: bool = False) -> int:
    """The exit status of a search, and a word on why nothing was found."""
    if not count and not session.is_quiet:
        if session.archive.digests():
            streams.say("newsreader: Nothing matches.")
        elif not report.failures:
            streams.say(
                f"newsreader: {', '.join(session.library.paths)}: there are no digests here. "
                "Name a file or folder with -f PATH."
            )
    if is_partial or _is_partial(session, report):
        return UNREADABLE
    return DONE if count else NOTHING_MATCHED


def _is_partial(session: Session, report: Report) -> bool:
    """Whether some of the input, digests or marks, could not be read."""
    return bool(report.failures) or bool(session.marks.problem)


def _check_paths(session: Session) -> None:
    """Raise `LibraryError` when no path of the library can be reached; a mistyped command is one, too."""
    import os

    unreachable: list[tuple[str, OSError]] = []
    for path in session.library.paths:
        try:
            if path == "-" or os.stat(path):
                return
        except OSError as error:
            unreachable.append((path, error))
    path, reason = unreachable[0]
    if isinstance(reason, FileNotFoundError):
        raise LibraryError(f"{path}: there is no such file or folder{cli_facts.command_hint(path)}.")
    raise LibraryError(f"{path}: this cannot be reached: {reason.strerror or reason}.")


def _open_reader(session: Session, filter: str, *, is_picking: bool) -> Outcome:
    """Open the reader on the terminal, also where standard input or error is something else."""
    session.library.paths  # noqa: B018 - read standard input before the terminal takes its place
    with streams.reader_terminal(), _painted(session, filter, is_picking=is_picking) as (paint, terminal):
        session.make_way = terminal.leave
        archive, marks = session.archive, session.marks  # and hear what they have to say before the reader is drawn
        from newsreader.ui.app import open_reader

        outcome = open_reader(
            session.library,
            archive,
            marks,
            session.config,
            filter=filter,
            clock=clock,
            is_sample=session.is_sample,
            picking=is_picking,
            terminal=terminal,
        )
        if not outcome.printed:
            archive.close()  # which changes its file for the last time
            if outcome.frame is not None:
                paint.keep(terminal, outcome.frame if session.archive_path else "")
        return outcome


@contextmanager
def _painted(session: Session, filter: str, *, is_picking: bool) -> Iterator[tuple[FirstPaint, Terminal]]:
    """Show something to read while the reader is loaded, best what it will show; then give the terminal back."""
    from newsreader.ui.first_paint import FirstPaint
    from newsreader.ui.terminal import open_terminal

    is_as_left = not filter and not is_picking
    facts = [repr(session.config), strftime("%Y-%m-%d"), str(session.is_sample)]
    paint = FirstPaint(session.archive_path if is_as_left else None, marks_path(), facts)
    terminal = open_terminal()
    try:
        paint.paint(terminal)
        if is_as_left and not paint.is_painted and not session.has_archive:
            from newsreader.ui.preview import paint_beginning

            paint_beginning(terminal, session.library)
        yield paint, terminal
    finally:
        terminal.leave()


COMMANDS: Mapping[str, Callable[[Options], int]] = {
    READER: read,
    "list": list_releases,
    "show": show,
    "pick": pick,
    "count": count,
    "sources": sources,
    "mark": mark,
    "marks": cli_marks.marks,
    "check": cli_facts.check,
    "paths": cli_facts.paths,
    "keys": cli_facts.keys,
    "config": cli_facts.config,
}
"""What runs each command."""
