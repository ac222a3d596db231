"""One digest -> its releases, dated and ready for the archive; many of them in several processes."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice

from newsreader.dates import scan, settle
from newsreader.digest import Draft, parse_digest
from newsreader.digest_lines import sniff_encoding
from newsreader.indexing import IndexedRelease, ReadDigest, index_release
from newsreader.models import Problem
from newsreader.unpacking import CHUNK_SIZE, ZIP_MARKS, chunks_of, open_file, unpacked, unreadable
from newsreader.walk import NOT_TEXT, FoundFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

MANY_BYTES = 4_000_000
"""From here on, other processes are worth their start."""

LONG_BYTES = 8_000_000
"""A digest of more text is dated and written in stretches of so much, so that it need not be held."""
LONG_RELEASES = 5000
"""The same, for releases."""

_MOST_PROCESSES = 3  # more than the one that writes the archive can keep up with
_AHEAD_BYTES = 6_000_000  # asked of a process before the first of it is taken: it reads on while a batch is written
_ASKED_BYTES = 60_000  # the questions themselves have to fit into a pipe
_WAITING_BYTES = 6_000_000  # read by a process and not yet taken; with what is being sent, more than half a batch
_PIECE_BYTES = 1 << 18
_PIPE_SIZE = 1 << 20
_TUPLE_BYTES = 1000  # about what a release takes beside its text


def read_piped(content: bytes | IO[bytes], name: str, encoding: str = "") -> ReadDigest | Problem:
    """Read a digest that has no file of its own: from memory, or from where it was put by."""
    from io import BytesIO

    stream = BytesIO(content) if isinstance(content, bytes) else content
    file = (os.fsencode(name), stream.seek(0, os.SEEK_END), 0)
    stream.seek(0)
    start = stream.read(16)
    stream.seek(0)
    if start.startswith(ZIP_MARKS):
        return Problem(name, 0, "It is a zip file; save it, and name the file to have it read.", is_failure=True)
    problems: list[Problem] = []
    chunks = unpacked(stream, start, name, problems) or iter(partial(stream.read, CHUNK_SIZE), b"")
    return _read_text(chunks, problems, file, encoding)


def read_file(file: FoundFile, encoding: str = "") -> ReadDigest | Problem:
    """Read a digest, or look what a zip file holds; a problem when the file cannot be read."""
    path = file[0]
    name = os.fsdecode(path)
    problems: list[Problem] = []
    try:
        stream = open_file(path)
    except NotADirectoryError:
        return _read_member(file, encoding)
    except OSError as error:
        return unreadable(name, error)
    try:
        start = stream.read(4)
        stream.seek(0)
    except OSError as error:
        stream.close()
        return unreadable(name, error)
    if not start.startswith(ZIP_MARKS):
        return _read_text(chunks_of(stream, name, problems), problems, file, encoding)
    from newsreader.zip_files import find_members

    with stream:
        members = find_members(stream, file, problems)
    return ReadDigest(file, (), problems, members=members)


def _read_member(file: FoundFile, encoding: str) -> ReadDigest | Problem:
    """Read a digest from a zip file."""
    from newsreader.zip_files import member_chunks, open_member

    name = os.fsdecode(file[0])
    problems: list[Problem] = []
    try:
        stream, member = open_member(file[0])
    except OSError as error:
        return unreadable(name, error)
    return _read_text(member_chunks(stream, member, name, problems), problems, file, encoding)


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


def serve() -> None:  # pragma: no cover - runs in a process of its own; tests of loading read through some
    """Read the digests that another process asks for through standard input, until that ends.

    What was read is sent by a thread, so that reading goes on while the other process is busy writing.
    """
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C is for the process that asks
    Thread(target=_end_when_unheard, daemon=True).start()
    outbox = _Outbox()
    sender = Thread(target=_send, args=(outbox,), daemon=True)
    sender.start()
    with suppress(EOFError):
        while True:
            file, encoding = pickle.load(sys.stdin.buffer)
            for message in _messages(read_file(file, encoding)):
                content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
                for start in range(0, len(content), 2 * _PIECE_BYTES):
                    outbox.put(content[start : start + 2 * _PIECE_BYTES])
    outbox.put(b"")
    sender.join()


class _Outbox:
    """What is to be sent; who adds to it waits while it is full."""

    def __init__(self) -> None:
        from threading import Condition

        self._waiting = bytearray()
        self._changed = Condition()
        self._is_complete = False

    def put(self, message: bytes) -> None:
        """Add a message; an empty one says that it was the last."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < _WAITING_BYTES)
            self._waiting += message
            self._is_complete = not message
            self._changed.notify_all()

    def take(self) -> bytearray:
        """All that is waiting; nothing when all is sent."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_complete)
            taken, self._waiting = self._waiting, bytearray()
            self._changed.notify_all()
        return taken


def _end_when_unheard() -> None:  # pragma: no cover - as `serve`; tests kill those that ask
    """End this process as soon as the one that asks has gone, however it went."""
    import select

    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(1, 0)  # no event but the end of it
        poll.poll()
        os._exit(0)


def _send(outbox: _Outbox) -> None:  # pragma: no cover - as `serve`
    with suppress(BrokenPipeError):
        while content := outbox.take():
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
    os._exit(0)  # all is sent, or nobody listens any more


def _messages(read: ReadDigest | Problem) -> Iterator[object]:
    """What is sent of a digest: its head, its releases in pieces, as plain tuples, and at last its problems."""
    if isinstance(read, Problem):
        yield read
    else:
        yield read.is_long, read.size, read.members
        yield from _pieces(read.releases)
        yield tuple(read.problems)


def _pieces(releases: Iterable[IndexedRelease]) -> Iterator[list[tuple[object, ...]]]:
    piece: list[tuple[object, ...]] = []
    size = 0
    for release in releases:
        piece.append(tuple(release))
        size += len(release.folded_text) + _TUPLE_BYTES
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
    is_long, size, members = head
    problems: list[Problem] = []
    releases = _receive_releases(stream, problems, file, encoding)
    if is_long:
        return ReadDigest(file, releases, problems, is_long=True)
    held = list(releases)
    return ReadDigest(file, held, problems, len(held), size, members=members)


def _receive_releases(
    stream: IO[bytes], problems: list[Problem], file: FoundFile, encoding: str
) -> Iterator[IndexedRelease]:
    """The releases of a digest; when the process that reads it ends too early, the rest are read here."""
    done = 0
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        while isinstance(piece := pickle.load(stream), list):
            for release in piece:
                yield IndexedRelease._make(release)
                done += 1
        problems.extend(piece)
        return
    read = read_file(file, encoding)
    if isinstance(read, ReadDigest):
        yield from islice(read.releases, done, None)
        problems.extend(read.problems)
    else:
        problems.append(read)


def _read_in_processes(files: Sequence[FoundFile], encoding: str, number: int) -> Iterator[ReadDigest | Problem]:
    """Deal the files out in turn, a few ahead, and take what was read in the same turn.

    Raises `OSError`, `EOFError` or `pickle.UnpicklingError` when a process cannot be started or ends too early.
    """
    processes = [_start_process() for _ in range(number)]
    try:
        ahead = asked_bytes = 0
        questions: deque[int] = deque()
        for index in range(len(files)):
            while (asked := index + len(questions)) < len(files) and (
                (ahead < _AHEAD_BYTES * number and asked_bytes < _ASKED_BYTES) or len(questions) < number
            ):
                questions.append(_ask(processes[asked % number], files[asked], encoding))
                ahead += files[asked][1]
                asked_bytes += questions[-1]
            reader = processes[index % number].stdout
            assert reader is not None
            yield receive(reader, files[index], encoding)
            ahead -= files[index][1]
            asked_bytes -= questions.popleft()
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


def _ask(process: subprocess.Popen[bytes], file: FoundFile, encoding: str) -> int:
    """Ask a process to read a file; the length of the question."""
    assert process.stdin is not None
    question = pickle.dumps((file, encoding))
    process.stdin.write(question)
    process.stdin.flush()
    return len(question)


def _read_text(
    chunks: Iterator[bytes], problems: list[Problem], file: FoundFile, encoding: str
) -> ReadDigest | Problem:
    """Read a digest from its bytes, unless they are plainly no text, or there is nothing but a problem."""
    name = os.fsdecode(file[0])
    first = next(chunks, b"")
    if not first and problems:
        return problems[0]
    if not encoding and sniff_encoding(first) is None:
        return ReadDigest(file, (), [Problem(name, 0, NOT_TEXT)])
    stretches = _stretches(parse_digest(chain((first,), chunks), name, encoding), problems)
    drafts = next(stretches, [])
    size = sum(len(draft.body) for draft in drafts)
    releases = _index(drafts)
    if len(drafts) >= LONG_RELEASES or size >= LONG_BYTES:
        return ReadDigest(file, chain(releases, chain.from_iterable(map(_index, stretches))), problems, is_long=True)
    held = list(releases)
    for _ in stretches:  # what is odd about the end of a digest is told after its last release
        pass
    return ReadDigest(file, held, problems, len(held), size)


def _stretches(items: Iterator[Draft | Problem], problems: list[Problem]) -> Iterator[list[Draft]]:
    """The drafts of a digest, in lists of about so many as can be held; its problems are set aside."""
    drafts: list[Draft] = []
    size = 0
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        drafts.append(item)
        size += len(item.body)
        if len(drafts) >= LONG_RELEASES or size >= LONG_BYTES:
            yield drafts
            drafts, size = [], 0
    if drafts:
        yield drafts


def _index(drafts: list[Draft]) -> Iterator[IndexedRelease]:
    """Date releases by each other and make them ready, letting go of each draft."""
    dates = settle([scan(draft.title, draft.body) for draft in drafts])
    drafts.reverse()
    for date in dates:
        yield index_release(drafts.pop(), date)
