"""One digest -> its releases, dated and ready for the archive; many of them in several processes."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice

from newsreader.dates import scan, settle
from newsreader.digest import Draft, parse_digest, sniff_encoding
from newsreader.indexing import BATCH_BYTES, BATCH_RELEASES, IndexedRelease, ReadDigest, index_release
from newsreader.models import Date, Problem
from newsreader.walk import NOT_TEXT, FoundFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from queue import Queue
    from typing import IO

CHUNK_SIZE = 1 << 18
"""Bytes read at a time."""

MANY_BYTES = 4_000_000
"""From here on, other processes are worth their start."""

_MOST_PROCESSES = 3  # more than the one that writes the archive can keep up with
_AHEAD_BYTES = 4_000_000  # asked of a process before the first of it is taken
_MOST_ASKED = 120  # what is asked has to fit into the pipes
_MOST_MESSAGES = 64
_PIECE_BYTES = 1 << 18
_PIPE_SIZE = 1 << 20


def read_bytes(content: bytes, name: str, encoding: str = "") -> ReadDigest:
    """Read a digest that is in memory."""
    file = (os.fsencode(name), len(content), 0)
    pieces = (content[start : start + CHUNK_SIZE] for start in range(0, len(content), CHUNK_SIZE))
    return _read_text(next(pieces, b""), pieces, file, encoding)


def read_file(file: FoundFile, encoding: str = "") -> ReadDigest | Problem:
    """Read a digest; a problem when the file cannot be read."""
    path = os.fsdecode(file[0])
    try:
        with open(path, "rb") as stream:
            return _read_text(stream.read(CHUNK_SIZE), iter(lambda: stream.read(CHUNK_SIZE), b""), file, encoding)
    except OSError as error:
        return Problem(path, 0, f"It could not be read: {error.strerror or error}.", is_failure=True)


def read_files(files: Sequence[FoundFile], encoding: str = "") -> Generator[ReadDigest | Problem, None, None]:
    """Read digests, in their order: in other processes when they are many and there are processors for it."""
    done = 0
    processes = min((os.cpu_count() or 1), _MOST_PROCESSES)
    if processes > 1 and sum(size for _, size, _ in files) >= MANY_BYTES:
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            for result in _read_in_processes(files, encoding, processes):
                done += 1
                yield result
    for file in files[done:]:
        yield read_file(file, encoding)


def serve() -> None:
    """Read the digests that another process asks for through standard input, until that ends.

    What was read is sent by a thread, so that reading goes on while the other process is busy writing.
    """
    from queue import Queue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C is for the process that asks
    messages: Queue[bytes] = Queue(_MOST_MESSAGES)
    sender = Thread(target=_send, args=(messages,), daemon=True)
    sender.start()
    with suppress(EOFError):
        while True:
            file, encoding = pickle.load(sys.stdin.buffer)
            for message in _messages(read_file(file, encoding)):
                messages.put(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
    messages.put(b"")
    sender.join()


def _send(messages: Queue[bytes]) -> None:
    with suppress(BrokenPipeError):
        while message := messages.get():
            sys.stdout.buffer.write(message)
            sys.stdout.buffer.flush()
    os._exit(0)  # all is sent, or nobody listens any more


def _messages(read: ReadDigest | Problem) -> Iterator[object]:
    """What is sent of a digest: first all but its releases, then these, in pieces, as plain tuples."""
    if isinstance(read, Problem):
        yield read
    else:
        yield read.count, read.problems
        yield from _pieces(read.releases)


def _pieces(releases: Iterable[IndexedRelease]) -> Iterator[list[tuple[object, ...]]]:
    piece: list[tuple[object, ...]] = []
    size = 0
    for release in releases:
        piece.append(tuple(release))
        size += len(release.folded_text)
        if size >= _PIECE_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def receive(stream: IO[bytes], file: FoundFile, encoding: str) -> ReadDigest | Problem:
    """Take over a digest; the releases of a long one have to be taken before the next digest is."""
    head = pickle.load(stream)
    if isinstance(head, Problem):
        return head
    count, problems = head
    releases = _receive_releases(stream, count, file, encoding)
    return ReadDigest(file, releases if _is_long(count, file) else list(releases), problems, count)


def _receive_releases(stream: IO[bytes], count: int, file: FoundFile, encoding: str) -> Iterator[IndexedRelease]:
    """The releases of a digest; when the process that reads it ends too early, the rest are read here."""
    done = 0
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        while done < count:
            for release in pickle.load(stream):
                yield IndexedRelease._make(release)
                done += 1
    if done < count:
        read = read_file(file, encoding)
        if isinstance(read, ReadDigest):
            yield from islice(read.releases, done, count)


def _is_long(count: int, file: FoundFile) -> bool:
    """Whether a digest is written on its own, so that its releases need not all be held."""
    return count >= BATCH_RELEASES or file[1] >= BATCH_BYTES


def _read_in_processes(files: Sequence[FoundFile], encoding: str, number: int) -> Iterator[ReadDigest | Problem]:
    """Deal the files out in turn, a few ahead, and take what was read in the same turn.

    Raises `OSError`, `EOFError` or `pickle.UnpicklingError` when a process cannot be started or ends too early.
    """
    processes = [_start_process() for _ in range(number)]
    try:
        asked = ahead = 0
        for index in range(len(files)):
            while asked < min(index + _MOST_ASKED, len(files)) and (
                ahead < _AHEAD_BYTES * number or asked < index + number
            ):
                _ask(processes[asked % number], files[asked], encoding)
                ahead += files[asked][1]
                asked += 1
            ahead -= files[index][1]
            reader = processes[index % number].stdout
            assert reader is not None
            yield receive(reader, files[index], encoding)
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _start_process() -> subprocess.Popen[bytes]:
    """Start `serve`; from this very package, whatever lies in the working folder."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", "from newsreader.reading import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
    with suppress(ImportError, AttributeError, OSError):  # where it can be had, room for more than one digest
        import fcntl

        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    return process


def _ask(process: subprocess.Popen[bytes], file: FoundFile, encoding: str) -> None:
    assert process.stdin is not None
    pickle.dump((file, encoding), process.stdin)
    process.stdin.flush()


def _read_text(first: bytes, others: Iterator[bytes], file: FoundFile, encoding: str) -> ReadDigest:
    """Read a digest from its first and its other pieces, unless the first is plainly no text."""
    name = os.fsdecode(file[0])
    if not encoding and sniff_encoding(first) is None:
        return ReadDigest(file, (), (Problem(name, 0, NOT_TEXT),))
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for item in parse_digest(chain((first,), others), name, encoding):
        if isinstance(item, Draft):
            drafts.append(item)
        else:
            problems.append(item)
    dates = settle([scan(draft.title, draft.body) for draft in drafts])
    count = len(drafts)
    releases = _index(drafts, dates)
    return ReadDigest(file, releases if _is_long(count, file) else list(releases), problems, count)


def _index(drafts: list[Draft], dates: list[Date]) -> Iterator[IndexedRelease]:
    """Make releases ready, letting go of each draft."""
    drafts.reverse()
    for date in dates:
        yield index_release(drafts.pop(), date)
