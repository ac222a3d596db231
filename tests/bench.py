"""Measures newsreader on a big library, as ratios against stated baselines in the same run. Run by hand:

    python -m tests.bench 100000 [FOLDER]

FOLDER (by default one in the temporary folder) keeps the library that is made, for the next time. What is compared:
starts with the bare interpreter, indexing with bare FTS5 of the same text and options, refreshing with `find`,
searching with ripgrep where it is installed, a key typed into the reader's filter with nothing but the clock, and
all of it with newsboat and notmuch where they are installed.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from newsreader.archive import Archive
from newsreader.digest import Draft, parse_digest
from newsreader.indexing import BATCH_RELEASES
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.query import parse
from tests.bench_others import measure_others
from tests.bench_terminal import Row, Terminal, milliseconds, run, seconds_of
from tests.big_library import SEEDS, make_library

QUERIES = ("nato", "cyber", "cyb*", "c*", "cyber attack", '"secretary general"', "title:nato", "source:europol cyber")
TYPED = ("cyber", "ransom nato", "arrests europol", "secretary general", "operation thunder")


def newsreader(*arguments: str) -> Callable[[], object]:
    return run(sys.executable, "-m", "newsreader", *arguments)


def measure_starts(library: Path) -> Iterator[Row]:
    base = seconds_of(run(sys.executable, "-c", "pass"))
    yield "`python -c pass`", milliseconds(base), "", ""
    version = seconds_of(newsreader("--version"))
    yield "`newsreader --version`", milliseconds(version), f"{version / base:.1f} × the interpreter", ""
    small = seconds_of(newsreader("list", "-f", str(SEEDS)))
    yield "`list` on the seeds", milliseconds(small), f"{small / base:.1f} × the interpreter", "5 (at most 8)"
    big = seconds_of(newsreader("list", "cyber", "-n", "20", "-f", str(library)))
    yield "`list cyber -n 20`", milliseconds(big), f"{big / version:.1f} × `--version`", "2.5"
    if shutil.which("rg"):
        ripgrep = seconds_of(run("rg", "-lwi", "cyber", str(library)), 3)
        yield "`rg -lwi cyber`, for comparison", milliseconds(ripgrep), f"{ripgrep / big:.1f} × `list`", ""


def bare_fts5(library: Path, database: Path) -> float:
    """The seconds that FTS5 alone takes for the same text with the same options, as much of it at a time."""
    texts = [
        f"{draft.title}\n{draft.body}"
        for path in sorted(library.rglob("*.txt"))
        for draft in parse_digest([path.read_bytes()], path.name)
        if isinstance(draft, Draft)
    ]
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5 "
        "(text, content='', detail=none, columnsize=0, prefix='1 2 3', tokenize='ascii')"
    )
    connection.execute("INSERT INTO t (t, rank) VALUES ('hashsize', 8388608)")
    start = time.perf_counter()
    for first in range(0, len(texts), BATCH_RELEASES):
        batch = texts[first : first + BATCH_RELEASES]
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", enumerate(batch, first))
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def measure_indexing(library: Path, folder: Path, marks: Marks) -> Iterator[Row]:
    with get_context("spawn").Pool(1) as pool:  # the texts that it holds would burden all that is measured after it
        bare = pool.apply(bare_fts5, (library, folder / "bare.db"))
    size = sum(path.stat().st_size for path in library.rglob("*.txt"))
    archive = Archive(folder / "archive.db", marks.uri)
    start = time.perf_counter()
    report = refresh(archive, Library((str(library),)))
    first = time.perf_counter() - start
    yield "bare FTS5, same text and options", f"{bare:.1f} s", f"{report.added / bare:,.0f} releases a second", ""
    yield "first indexing", f"{first:.1f} s", f"{first / bare:.2f} × bare FTS5", "1.6"
    again = seconds_of(lambda: refresh(archive, Library((str(library),))))
    find = seconds_of(run("find", str(library), "-type", "f"))
    yield f"refresh, {report.digests:,} files unchanged", milliseconds(again), f"{again / find:.1f} × `find`", "3"
    # `find -type f` reads names only; a changed digest shows in its size and time, for which each file is looked at.
    each = seconds_of(run("find", str(library), "-type", "f", "-size", "+1000000k"))
    yield "`find` by size, for comparison", milliseconds(each), f"{each / find:.1f} × `find`", ""
    archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ratio = (folder / "archive.db").stat().st_size / size
    yield "archive", f"{ratio * size / 1e6:,.0f} MB", f"{ratio:.2f} × the digests", "1.3"
    archive.close()


def measure_searches(folder: Path, marks: Marks) -> Iterator[Row]:
    with Archive(folder / "archive.db", marks.uri) as archive:
        for text in QUERIES:
            query = parse(text, today=datetime.now(UTC).date())
            first = seconds_of(lambda query=query: archive.places(query, limit=200))  # type: ignore[misc]
            whole = seconds_of(lambda query=query: archive.places(query), 3)  # type: ignore[misc]
            count = archive.count(query)
            yield f"`{text}`, {count:,} found", milliseconds(first), f"all places {milliseconds(whole)}", ""


@contextmanager
def reader(library: Path) -> Iterator[tuple[Terminal, float]]:
    """The reader on a warm archive, and the seconds to its first frame with releases."""
    start = time.perf_counter()
    terminal = Terminal(sys.executable, "-m", "newsreader", str(library))
    ready = terminal.read_until(lambda text: "unread of" in text) - start
    terminal.settle()
    yield terminal, ready


def measure_reader(library: Path) -> Iterator[Row]:
    opening: dict[str, list[float]] = {}
    for name, path in (("the seeds", SEEDS), ("the library", library)):
        newsreader("count", "-f", str(path))()
        opening[name] = []
        for _ in range(5):
            with reader(path) as (terminal, ready):
                opening[name].append(ready)
                memory = terminal.memory()
                leaving = terminal.close()
        yield f"reader open on {name}", milliseconds(median(opening[name])), f"{memory:.0f} MB resident", ""
    ratio = median(opening["the library"]) / median(opening["the seeds"])
    yield "the library against the seeds", "", f"{ratio:.2f} ×", "1.5 (2 at a million)"
    yield "leaving", milliseconds(leaving), "", "50 ms"
    first_rows, counts, settled, moves = [], [], [], []
    with reader(library) as (terminal, _):
        for _ in range(20):
            start = terminal.press("j")
            moves.append(terminal.read_until(bool) - start)
            terminal.settle(0.1)
        for text in TYPED:
            terminal.press("/")
            terminal.settle()
            for character in text:
                start = terminal.press(character)
                first_rows.append(terminal.read_until(bool) - start)
                frames = [(first_rows[-1] + start, terminal.text), *terminal.settle(0.25)]
                settled.append(frames[-1][0] - start)
                shown = [(when, count) for when, text in frames for count in re.findall(r"([\d,]+) of [\d,]+", text)]
                counts += [when - start for when, count in shown if count == shown[-1][1]][:1]
            terminal.press("\x1b")
            terminal.settle()
            terminal.press("\x1b")
            terminal.settle()
        terminal.close()
    yield "`j` to its frame", milliseconds(median(moves)), f"slowest {milliseconds(max(moves))}", "16 ms"
    yield (
        "filter key to the first frame",
        milliseconds(median(first_rows)),
        f"slowest {milliseconds(max(first_rows))}",
        "20 ms",
    )
    yield (
        "filter key to the exact count",
        milliseconds(median(counts)),
        f"slowest {milliseconds(max(counts))}",
        "50 ms",
    )
    yield "filter key to the last frame", milliseconds(median(settled)), f"slowest {milliseconds(max(settled))}", ""


def main() -> None:
    count = int(sys.argv[1])
    kept = Path(sys.argv[2] if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / "newsreader-bench")
    library = kept / f"library-{count}"
    kept.mkdir(parents=True, exist_ok=True)
    make_library(library, count)
    print(f"| {count:,} releases | figure | ratio | aim |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(dir=kept) as scratch:
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            os.environ[name] = f"{scratch}/{name.lower()}"
        marks = Marks(None, clock=lambda: datetime.now(UTC))
        for rows in (
            measure_indexing(library, Path(scratch), marks),
            measure_searches(Path(scratch), marks),
            measure_starts(library),
            measure_reader(library),
            measure_others(library, Path(scratch)),
        ):
            for row in rows:
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
