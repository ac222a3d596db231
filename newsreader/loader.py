"""Library paths -> digests -> archive: finds the digests, reads those that changed, and says what was odd."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from sqlite3 import OperationalError

from newsreader.archive import Archive
from newsreader.archive_file import ArchiveDamagedError
from newsreader.library import STDIN, Library
from newsreader.listing import Listing, is_as_listed
from newsreader.models import Problem
from newsreader.record import Record
from newsreader.walk import NOT_TEXT, FoundFile, Walk

TYPE_CHECKING = False  # importing typing would take 3 ms
if TYPE_CHECKING:
    from newsreader.glance import Glance
    from newsreader.indexing import IndexedRelease, ReadDigest, Tally

__all__ = ["STDIN", "Library", "Progress", "Report", "refresh"]

_STDIN_PATH = os.fsencode(STDIN)
_RELEASES_BETWEEN_PROGRESS = 1000
MANY = 8 * 1000
"""Bytes of the sizes of files, 8 for each, from which on it is worth another process to look at them."""


class Progress(Record):
    """How far a refresh has come."""

    digests: int
    """Digests that are read."""
    of_digests: int
    """Digests that have to be read."""
    releases: int
    """Releases found in them so far."""
    bytes: int
    """Bytes that are read."""
    of_bytes: int
    """Bytes that have to be read."""


class Report:
    """What a refresh found and did."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        """What was skipped, odd or unreadable in the whole library, also in digests that did not change."""
        self.digests = 0
        """Digests in the library."""
        self.read = 0
        """Digests that had changed and were read."""
        self.added = 0
        """Releases that the archive did not hold before."""
        self.removed = 0
        """Releases that no digest holds any more."""
        self.is_unchanged = False
        """Whether all looked as it did when all of it was read, so that the archive was left as it is."""
        self.is_complete = True
        """Whether the refresh came to its end; the next one goes on where it was stopped."""

    @property
    def failures(self) -> list[Problem]:
        """What could not be read."""
        return [problem for problem in self.problems if problem.is_failure]

    def count(self, tally: Tally) -> None:
        """Add what a batch did."""
        self.added += tally.added
        self.removed += tally.removed


def refresh(
    archive: Archive,
    library: Library,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
    glance: Glance | None = None,
) -> Report:
    """Bring the archive up to date with its library; digests that have not changed are not opened.

    An archive that turns out to be damaged is built anew. Raises `sqlite3.Error` when it cannot be written.
    """
    try:
        return _refresh(archive, library, on_progress, should_stop, glance)
    except ArchiveDamagedError:
        return _refresh(archive, library, on_progress, should_stop, glance)


def _refresh(
    archive: Archive,
    library: Library,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    glance: Glance | None,
) -> Report:
    report = Report()
    listings = [] if STDIN in library.paths else archive.listings(library.key)
    if listings and _is_still(listings, library, glance):
        report.is_unchanged = True
        report.problems += archive.skipped()
        report.digests = archive.count_digests()
    else:
        _read_changes(archive, library, report, on_progress, should_stop)
    named = {path if path == STDIN else os.path.abspath(path) for path in library.paths}
    for problem in archive.problems():
        is_failure = problem.is_failure or (problem.reason == NOT_TEXT and problem.digest in named)
        report.problems.append(Problem(problem.digest, problem.line, problem.reason, is_failure))
    return report


def _is_still(listings: list[Listing], library: Library, glance: Glance | None) -> bool:
    """Whether all files are as listed; where they are many, another process helps to look."""
    if glance is None and not library.follows_links and sum(len(sizes) for _, _, sizes, _ in listings) > MANY:
        from newsreader.glance import take_glance

        glance = take_glance(library.paths)
    if glance is None:
        return is_as_listed(listings)
    with closing(glance):
        return glance.confirms(listings)


def _read_changes(
    archive: Archive,
    library: Library,
    report: Report,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> None:
    """Read the digests that the archive does not know as they are now, and forget those that are gone."""
    walk = Walk(follows_links=library.follows_links)
    for path in library.paths:
        if path != STDIN:
            walk.look(path)
    report.problems += walk.problems
    found, known = walk.files, archive.known_files()
    changed = sorted(found - known)
    paths = {path for path, *_ in found} if found != known else set()
    gone = [
        path
        for path, *_ in known - found
        if path not in paths and path != _STDIN_PATH and not walk.may_hold(path) and not _is_member(path, paths)
    ]
    report.digests = len(found) + (STDIN in library.paths)
    if gone or changed or STDIN in library.paths:
        _store_all(archive, gone, _read_all(changed, library, report, on_progress, should_stop), report)
    if report.is_complete and not report.failures and STDIN not in library.paths:
        from newsreader.indexing import remember

        with suppress(OperationalError):  # another process is writing: then the next refresh looks as closely
            remember(archive, library.key, walk)


def _store_all(archive: Archive, gone: list[bytes], digests: Iterator[ReadDigest], report: Report) -> None:
    """Write what has changed, a batch at a time, so that stopping loses little."""
    from newsreader.indexing import store

    archive.prepare_writing()
    if gone:
        report.count(store(archive, [], gone))
    for batch in _batches(digests):
        report.count(store(archive, batch))


def _read_all(
    changed: list[FoundFile],
    library: Library,
    report: Report,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Iterator[ReadDigest]:
    """Read the changed digests one by one, telling how far it is, until told to stop."""
    from newsreader.reading import read_piped

    reading = _Reading(library, report, on_progress, should_stop)
    if STDIN in library.paths:
        yield from reading.taken([read_piped(library.stdin, STDIN, library.encoding)])
    yield from reading.digests(changed)
    zip_files = reading.zip_files
    if zip_files and report.is_complete:
        yield from reading.digests([member for zip_file in zip_files for member in zip_file.members])
    if report.is_complete:  # a zip file is known when all in it is
        yield from zip_files


class _Reading:
    """Reads digests one by one, telling how far it is, until told to stop."""

    def __init__(
        self,
        library: Library,
        report: Report,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.zip_files: list[ReadDigest] = []
        self._library = library
        self._report = report
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._digests = self._of_digests = self._releases = self._bytes = self._of_bytes = 0

    def digests(self, files: list[FoundFile]) -> Iterator[ReadDigest]:
        """What these files hold."""
        from newsreader.reading import read_files

        self._of_digests += len(files)
        self._of_bytes += sum(size for _, size, _ in files)
        with closing(read_files(files, self._library.encoding)) as reading:
            for (_, size, _), read in zip(files, reading, strict=False):
                self._tell()
                yield from self.taken([read])
                self._digests += 1
                self._bytes += size
                if self._should_stop():
                    self._report.is_complete = self._digests == self._of_digests and not self.zip_files
                    return
        self._tell()

    def taken(self, results: list[ReadDigest | Problem]) -> Iterator[ReadDigest]:
        """Those that were read; the others are problems, or zip files to be read after them."""
        from newsreader.indexing import ReadDigest

        for read in results:
            if isinstance(read, Problem):
                self._report.problems.append(read)
            elif read.members:
                self.zip_files.append(read)
            else:
                self._report.read += 1
                yield ReadDigest(read.file, self._counted(read), read.problems, is_long=True) if read.is_long else read
                self._releases += read.count

    def _counted(self, digest: ReadDigest) -> Iterator[IndexedRelease]:
        """The releases of a long digest, while it is told that there is progress."""
        for release in digest.releases:
            yield release
            self._releases += 1
            if not self._releases % _RELEASES_BETWEEN_PROGRESS:
                self._tell(min(release.offset, digest.file[1]))

    def _tell(self, more_bytes: int = 0) -> None:
        bytes_read = self._bytes + more_bytes
        self._on_progress(Progress(self._digests, self._of_digests, self._releases, bytes_read, self._of_bytes))


def _is_member(path: bytes, files: set[bytes]) -> bool:
    """Whether a path goes on behind one of these files, as those of a zip file's members do."""
    outer = os.path.dirname(path)
    while len(outer) > 1 and outer not in files:
        outer = os.path.dirname(outer)
    return outer in files


def _batches(digests: Iterator[ReadDigest]) -> Iterator[list[ReadDigest]]:
    """What is written in one transaction each; a long digest ends its batch, as its releases come one by one."""
    from newsreader.indexing import BATCH_BYTES, BATCH_RELEASES, FIRST_RELEASES

    batch: list[ReadDigest] = []
    count = size = 0
    enough = FIRST_RELEASES
    for digest in digests:
        batch.append(digest)
        count += digest.count
        size += digest.size
        if digest.is_long or count >= enough or size >= BATCH_BYTES:
            yield batch
            batch, count, size, enough = [], 0, 0, BATCH_RELEASES
    if batch:
        yield batch
