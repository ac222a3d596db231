"""What a command works on: the settings, the library, the marks and the archive, each opened when first needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property

from newsreader.config import Config, cache_dir, data_dir, load_config, sample_library
from newsreader.errors import ArchiveError, LibraryError, QueryError
from newsreader.library import ARCHIVE_FORMAT, STDIN, Library
from newsreader.standard_input import piped_input, spooled_input
from newsreader.streams import ProgressLine, say

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from datetime import datetime
    from typing import TypeVar

    from newsreader.archive import Archive
    from newsreader.glance import Glance
    from newsreader.loader import Progress, Report
    from newsreader.marks import Marks
    from newsreader.models import Problem
    from newsreader.query import Query

    Result = TypeVar("Result")

LIBRARY_VARIABLE = "NEWSREADER_LIBRARY"


class Session:
    """One run of a command."""

    def __init__(
        self,
        paths: Sequence[str],
        encoding: str = "",
        *,
        is_cached: bool = True,
        is_quiet: bool = False,
        is_verbose: bool = False,
        takes_piped_input: bool = True,
        follows_links: bool = False,
    ) -> None:
        self.paths = paths
        """The library as the command line names it; `-` is standard input."""
        self.encoding = encoding
        """The encoding to read digests in; empty to find out."""
        self.is_cached = is_cached
        """Whether the archive is kept for the next run."""
        self.is_quiet = is_quiet
        """Whether to say nothing but errors."""
        self.is_verbose = is_verbose
        """Whether to say also what was merely odd."""
        self.takes_piped_input = takes_piped_input
        """Whether piped standard input is the library when no path is named."""
        self.follows_links = follows_links
        """Whether symbolic links that are met in folders are followed."""
        self.make_way: Callable[[], object] = lambda: None
        """Called before what marks or archive have to say is told: it gives back a terminal that is drawn on."""
        self._glance: Glance | None = None

    @cached_property
    def config(self) -> Config:
        """The settings of the configuration file."""
        return load_config()

    @cached_property
    def now(self) -> datetime:
        """The moment at which the command was given, in the user's time zone."""
        return clock().astimezone()

    @cached_property
    def _choice(self) -> tuple[Library, str]:
        """The library, and what chose it."""
        if self.paths:
            stdin = spooled_input() if STDIN in self.paths else b""
            return Library(tuple(self.paths), stdin, self.encoding), "the command line"
        if self.takes_piped_input and (piped := piped_input()):
            return Library((STDIN,), piped, self.encoding), "standard input"
        if named := [path for path in os.environ.get(LIBRARY_VARIABLE, "").split(os.pathsep) if path]:
            return Library(tuple(named), encoding=self.encoding), LIBRARY_VARIABLE
        if self.config.library:
            return Library(self.config.library, encoding=self.encoding), "the configuration"
        return Library((sample_library(),), encoding=self.encoding), "the bundled sample"

    @cached_property
    def library(self) -> Library:
        """Named on the command line, piped in, named by NEWSREADER_LIBRARY or the configuration; else the sample."""
        chosen = self._choice[0]
        _check_folder([path for path in chosen.paths if path != STDIN])
        return Library(chosen.paths, chosen.stdin, chosen.encoding, self.follows_links)

    @property
    def library_reason(self) -> str:
        """What named the library."""
        return self._choice[1]

    @property
    def is_sample(self) -> bool:
        """Whether the library is the bundled sample, because the user named none."""
        return self.library_reason == "the bundled sample"

    @cached_property
    def marks(self) -> Marks:
        """The marks; where their file cannot be used, the user is told, and they are held in memory."""
        from newsreader.marks import Marks

        marks = Marks(marks_path(), clock=clock, shelters=(cache_dir(),))
        if marks.problem:
            self._say(marks.problem)
        self._say_notes(marks)
        return marks

    def tend_marks(self) -> bool:
        """Make today's backup before the first change; whether marks can be written. The user is told if not."""
        self.marks.tend()
        if self.marks.problem:
            self._say(self.marks.problem)
        return not self.marks.problem

    def part_with_marks(self) -> bool:
        """Close the marks; whether all are written. The user is told where the others are."""
        if "marks" not in self.__dict__:
            return True
        said = self.marks.close()
        self._say_notes(self.marks)
        if said:
            self._say(said)
        return not said

    @property
    def archive_path(self) -> str | None:
        """The file of the library's archive; None when it is held in memory."""
        from zlib import adler32, crc32

        if not self.is_cached or STDIN in self.library.paths:
            return None
        key = os.fsencode(self.library.key)  # sums do for a user's few libraries; importing hashlib takes 3 ms
        return os.path.join(cache_dir(), f"archive-{ARCHIVE_FORMAT}-{crc32(key):08x}{adler32(key):08x}.db")

    @property
    def has_archive(self) -> bool:
        """Whether the library was read before."""
        return self.archive_path is not None and os.path.exists(self.archive_path)

    @cached_property
    def archive(self) -> Archive:
        """The library's archive as it was left; `refresh` brings it up to date.

        Whenever a new one comes, those go that are of no use any more.
        """
        from newsreader.archive import Archive
        from newsreader.archive_pruning import prune

        path = self.archive_path or self._passing_path
        is_new = path is not None and not os.path.lexists(path)
        try:
            archive = Archive(path, self.marks)
            if is_new:
                prune(cache_dir(), clock().timestamp())
            return archive
        except ArchiveError as error:
            if path is None:
                raise
            return self._archive_in_memory(error)

    @cached_property
    def _passing_path(self) -> str | None:
        """The file of an archive for this run only, where memory may be too small for one."""
        if isinstance(self.library.stdin, bytes):
            return None
        return os.path.join(cache_dir(), f"archive-{ARCHIVE_FORMAT}-passing-{os.urandom(8).hex()}.db")

    def _archive_in_memory(self, error: Exception) -> Archive:
        """An archive for this run only, where the file cannot be used; the user is told why."""
        from newsreader.archive import Archive

        if not self.is_quiet:
            cause = error.__cause__ or error
            reason = str(getattr(cause, "strerror", None) or cause).rstrip(".")
            path = self.archive_path or self._passing_path
            self._say(f"{path}: the archive cannot be used ({reason}); it is held in memory instead.")
        self.is_cached, self._passing_path = False, None
        return Archive(None, self.marks)

    def look_ahead(self) -> None:
        """Have the library's files looked at while this process gets ready to search them."""
        if self.is_cached and not self.follows_links and STDIN not in self.library.paths:
            from newsreader.glance import take_glance

            self._glance = take_glance(self.library.paths)

    def close(self) -> None:
        """Close what was opened of archive, standard input and marks."""
        if self._glance is not None:
            self._glance.close()
        if "archive" in self.__dict__:
            self._close_archive()
        if "library" in self.__dict__ and not isinstance(self.library.stdin, bytes):
            self.library.stdin.close()
        self.part_with_marks()

    def _close_archive(self) -> None:
        """Close the archive, and delete one that is for this run only."""
        self.archive.close()
        if self._passing_path:
            self.archive.discard()

    def _say_notes(self, marks: Marks) -> None:
        """Tell what was done with the marks' file."""
        for note in marks.notes:
            self._say(note)
        marks.notes.clear()

    def _say(self, sentence: str) -> None:
        self.make_way()
        say(f"newsreader: {sentence}")

    def refresh(self) -> Report:
        """Bring the archive up to date, with progress on a terminal, and tell what could not be read.

        An archive whose file cannot be written is made anew in memory.
        """
        import sqlite3

        try:
            report = self._refresh()
        except (sqlite3.Error, ArchiveError) as error:
            if (self.archive_path or self._passing_path) is None or not _is_of_the_file(error):
                raise
            self._close_archive()
            self.archive = self._archive_in_memory(error)
            report = self._refresh()
        self._tell(report)
        return report

    def refresh_and_ask(self, ask: Callable[[], Result]) -> tuple[Report, Result]:
        """Bring the archive up to date and ask it.

        While the files are looked at, it is asked as it is, and most often no other answer is needed.
        """
        import sqlite3

        early = version = None
        if self._glance is not None:
            with suppress(sqlite3.Error):
                version, early = self.archive.version(), ask()
        report = self.refresh()
        # All is as it was read last also where another process has read it since we asked.
        is_good = early is not None and report.is_unchanged and self.archive.version() == version
        return report, early if early is not None and is_good else ask()

    def _refresh(self) -> Report:
        from newsreader.loader import refresh
        from newsreader.pace import describe_progress

        line = ProgressLine(not self.is_quiet)

        def show(progress: Progress) -> None:
            line.show(lambda seconds: describe_progress(progress, seconds))

        try:
            return refresh(self.archive, self.library, on_progress=show, glance=self._glance)
        finally:
            line.clear()

    def _tell(self, report: Report) -> None:
        if self.is_quiet:
            return
        if self.is_sample:
            say("newsreader: These are the bundled sample digests; name your own with -f PATH (see newsreader --help).")
        for problem in report.problems if self.is_verbose else report.failures:
            say(f"newsreader: {describe_problem(problem)}")
        if self.is_verbose:
            say(
                f"newsreader: {report.digests:,} digests in the library, chosen by {self.library_reason}; "
                f"{report.read:,} of them read now, {report.added:,} releases new, {report.removed:,} gone."
            )

    def parse_query(self, text: str) -> Query:
        """The query, with relative dates counted from today; its error has a note that points at the place."""
        if not text:  # importing the query language takes longer than to list a small library
            from newsreader.query_tree import All

            return All()
        from newsreader.query import parse

        try:
            return parse(text, today=self.now.date())
        except QueryError as error:
            error.add_note(_pointer(text, error.position))
            raise


def _check_folder(paths: Sequence[str]) -> None:
    """Raise `LibraryError` when paths count from a current folder that is gone."""
    relative = [path for path in paths if not os.path.isabs(path)]
    try:
        if relative:
            os.getcwd()
    except OSError as error:
        raise LibraryError(
            f"{relative[0]}: the current folder cannot be reached ({error.strerror or error}), from which this path "
            "counts; go to another, or give the path from / on."
        ) from error


def _is_of_the_file(error: Exception) -> bool:
    """Whether the archive's file, its folder or disk is at fault, rather than a signal that stopped SQLite or we."""
    import sqlite3

    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return isinstance(error, ArchiveError) or code not in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_INTERRUPT}


def clock() -> datetime:
    """The time now."""
    from datetime import UTC, datetime

    return datetime.now(UTC)


def marks_path() -> str:
    """The file of the marks."""
    return os.path.join(data_dir(), "marks.db")


def describe_problem(problem: Problem) -> str:
    """A problem as one line: where, and what."""
    from newsreader.text import clean_line

    place = f"{problem.digest}:{problem.line}" if problem.line else problem.digest
    return clean_line(f"{place}: {problem.reason}")


def _pointer(text: str, position: int) -> str:
    """The query around the position, and a caret below it."""
    from newsreader.text import cell_width, clean_line

    before = clean_line(text[max(0, position - 60) : position])
    return f"  {before}{clean_line(text[position : position + 20])}\n  {' ' * cell_width(before)}^"
