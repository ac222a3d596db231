"""One digest -> its releases, dated and ready for the archive; many of them in several processes."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress

from newsreader.dates import scan, settle
from newsreader.digest import Draft, parse_digest, sniff_encoding
from newsreader.indexing import ReadDigest, index_release
from newsreader.models import Problem
from newsreader.walk import FoundFile

CHUNK_SIZE = 1 << 18
"""Bytes read at a time."""

MANY_BYTES = 4_000_000
"""From here on, other processes are worth their start."""

_MOST_PROCESSES = 3  # more than the one that writes the archive can keep up with
_AHEAD = 8  # digests asked for before the first of them is taken
_PIPE_SIZE = 1 << 20


def read_bytes(content: bytes, name: str, encoding: str = "") -> ReadDigest:
    """Read a digest that is in memory."""
    return _read_chunks([content], (os.fsencode(name), len(content), 0), encoding)


def read_file(file: FoundFile, encoding: str = "") -> ReadDigest | Problem:
    """Read a digest; a problem when the file cannot be read."""
    path = os.fsdecode(file[0])
    try:
        with open(path, "rb") as stream:
            first = stream.read(CHUNK_SIZE)
            if not encoding and sniff_encoding(first) is None:
                problem = Problem(path, 0, "It is plainly not text, and was skipped; unpack or convert it first.")
                return ReadDigest(file, (), (problem,))
            return _read_chunks(_chunks(first, stream.read), file, encoding)
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
    """Read the digests that another process asks for through standard input, until that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C is for the process that asks
    with suppress(EOFError, BrokenPipeError):
        while True:
            file, encoding = pickle.load(sys.stdin.buffer)
            pickle.dump(read_file(file, encoding), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()


def _read_in_processes(files: Sequence[FoundFile], encoding: str, number: int) -> Iterator[ReadDigest | Problem]:
    """Deal the files out in turn, a few ahead, and take what was read in the same turn.

    Raises `OSError`, `EOFError` or `pickle.UnpicklingError` when a process cannot be started or ends too early.
    """
    processes = [_start_process() for _ in range(number)]
    try:
        asked = 0
        for index in range(len(files)):
            while asked < min(index + _AHEAD * number, len(files)):
                _ask(processes[asked % number], files[asked], encoding)
                asked += 1
            reader = processes[index % number].stdout
            assert reader is not None
            yield pickle.load(reader)
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

        assert process.stdout is not None
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    return process


def _ask(process: subprocess.Popen[bytes], file: FoundFile, encoding: str) -> None:
    assert process.stdin is not None
    pickle.dump((file, encoding), process.stdin)
    process.stdin.flush()


def _chunks(first: bytes, read: Callable[[int], bytes]) -> Iterator[bytes]:
    chunk = first
    while chunk:
        yield chunk
        chunk = read(CHUNK_SIZE)


def _read_chunks(chunks: Iterable[bytes], file: FoundFile, encoding: str) -> ReadDigest:
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for item in parse_digest(chunks, os.fsdecode(file[0]), encoding):
        if isinstance(item, Draft):
            drafts.append(item)
        else:
            problems.append(item)
    dates = settle([scan(draft.title, draft.body) for draft in drafts])
    releases = [index_release(draft, date) for draft, date in zip(drafts, dates, strict=True)]
    return ReadDigest(file, releases, problems)
