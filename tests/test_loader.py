"""Refreshing: what changed is read, what did not is not, what is odd is said, and marks follow releases anywhere."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date as Day
from pathlib import Path

import pytest

from newsreader.archive import Archive
from newsreader.archive_file import ArchiveDamagedError
from newsreader.errors import ArchiveError
from newsreader.indexing import IndexedRelease, ReadDigest, store
from newsreader.loader import Library, Progress, Report, refresh
from newsreader.marks import Marks
from newsreader.models import Basis, Date, Mark
from newsreader.query import parse
from newsreader.query_tree import All
from newsreader.reading import read_file, receive
from tests.conftest import NOW

TODAY = NOW.date()


class Shelf:
    """A library in a folder, its archive and the marks."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "library"
        self.folder.mkdir()
        self.archive_path = tmp_path / "cache" / "archive.db"
        self.marks = Marks(tmp_path / "data" / "marks.db", clock=lambda: NOW)
        self.archive = Archive(self.archive_path, self.marks.uri)

    def write(self, name: str, *releases: tuple[str, str, str]) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            "\n\n".join(f"{title}\n\nSource: {source}\n\n{body}" for title, source, body in releases), "utf-8"
        )
        return path

    def refresh(self, should_stop: Callable[[], bool] = lambda: False) -> Report:
        return refresh(self.archive, Library((str(self.folder),)), should_stop=should_stop)

    def reopen(self) -> None:
        self.archive.close()
        self.archive = Archive(self.archive_path, self.marks.uri)

    def titles(self, query: str = "") -> list[str]:
        return [headline.title for headline in self.archive.find(parse(query, today=TODAY))]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.archive.close()
    shelf.marks.close()


def test_all_seeds_are_found_with_their_origins(shelf: Shelf, seeds: Path) -> None:
    report = refresh(shelf.archive, Library((str(seeds),)))
    assert (report.digests, report.read, report.added, report.problems) == (5, 5, 49, [])
    for place in shelf.archive.places(All()):
        release = shelf.archive.release(place)
        assert release is not None
        (origin,) = release.origins
        raw = Path(origin.digest).read_bytes()
        assert raw[origin.offset :].decode().startswith(release.headline.title)
        assert release.body in raw.decode()


def test_an_unchanged_library_is_not_read_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.refresh()
    shelf.reopen()
    opened: list[object] = []
    monkeypatch.setattr("builtins.open", lambda name, *arguments: opened.append(name))
    assert shelf.refresh().read == 0
    assert opened == []
    assert shelf.titles() == ["A"]
    monkeypatch.undo()
    os.utime(path, ns=(1, 1))
    assert shelf.refresh().read == 1


def test_an_unchanged_library_is_known_at_a_glance(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("deep/a.txt", ("A", "NATO", "text"))
    shelf.write(".hidden.txt", ("A", "NATO", "text"))
    (shelf.folder / "link.txt").symlink_to("deep/a.txt")
    first = shelf.refresh()
    monkeypatch.setattr("newsreader.loader.Walk", None)
    second = shelf.refresh()
    assert (second.digests, second.read) == (1, 0)
    assert len(first.problems) == 2
    assert sorted(map(str, second.problems)) == sorted(map(str, first.problems))


def change_in_place(path: Path) -> None:
    times = path.stat()
    with path.open("r+") as stream:
        stream.write("X")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 1))


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (change_in_place, 1),
        (lambda path: path.write_text(path.read_text("utf-8") + " more", "utf-8"), 1),
        (lambda path: path.rename(path.with_name("other.txt")), 1),
        (Path.unlink, 0),
        (lambda path: shutil.copy(path, path.with_name("new.txt")), 1),
        (lambda path: shutil.copytree(path.parent, path.parent / "inner"), 2),
    ],
)
def test_no_change_is_overlooked(shelf: Shelf, change: Callable[[Path], object], read: int) -> None:
    path = shelf.write("deep/a.txt", ("A", "NATO", "text"))
    shelf.write("deep/b.txt", ("Other", "NATO", "Something else."))
    shelf.refresh()
    shelf.refresh()
    change(path)
    assert shelf.refresh().read == read
    assert shelf.refresh().read == 0


def test_a_digest_that_was_named_by_a_link_is_seen_to_change(shelf: Shelf) -> None:
    path = shelf.write("a.txt", ("A", "NATO", "text"))
    link = shelf.folder / "link.txt"
    link.symlink_to(path)
    library = Library((str(link),))
    assert [refresh(shelf.archive, library).read for _ in range(2)] == [1, 0]
    path.write_text(path.read_text("utf-8") + " more", "utf-8")
    assert refresh(shelf.archive, library).read == 1


def test_another_library_in_the_same_archive_is_not_taken_for_the_one_before(shelf: Shelf) -> None:
    paths = [shelf.write(name, (name, "NATO", "Something.")) for name in ("a.txt", "b.txt")]
    for path in (*paths, *paths):
        assert refresh(shelf.archive, Library((str(path),))).digests == 1
        assert shelf.titles() == [path.name]


def test_only_the_digest_that_changed_is_read(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.write("b.txt", ("B", "NATO", "text"))
    shelf.refresh()
    shelf.write("b.txt", ("B", "NATO", "text"), ("C", "NATO", "more text"))
    report = shelf.refresh()
    assert (report.read, report.added, report.removed) == (1, 1, 0)
    assert sorted(shelf.titles()) == ["A", "B", "C"]


def test_releases_go_with_the_last_digest_that_holds_them(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "cyber"), ("B", "NATO", "text"))
    second = shelf.write("b.txt", ("A", "NATO", "cyber"))
    shelf.refresh()
    (shelf.folder / "a.txt").unlink()
    assert shelf.refresh().removed == 1
    assert shelf.titles("cyber") == ["A"]
    second.unlink()
    shelf.refresh()
    assert shelf.titles() == shelf.titles("cyber") == shelf.titles("title:a") == []


def test_a_release_in_two_digests_has_both_origins_and_the_surer_date(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "undated"))
    shelf.refresh()
    assert shelf.titles("date:2024-03") == []
    dated = ("Dated", "NATO", "5 March 2024\n\nText.")
    shelf.write("b.txt", dated, ("A", "NATO", "undated"), ("Also", "NATO", "7 March 2024\n\nText."))
    shelf.refresh()
    (place,) = shelf.archive.places(parse("title:a", today=TODAY))
    release = shelf.archive.release(place)
    assert release is not None
    assert [Path(origin.digest).name for origin in release.origins] == ["a.txt", "b.txt"]
    assert release.headline.date.basis is Basis.NEIGHBOURS
    assert "A" in shelf.titles("date:2024-03")
    (shelf.folder / "b.txt").unlink()
    shelf.refresh()
    assert [headline.date for headline in shelf.archive.find(All())] == [Date()]


@pytest.mark.parametrize(
    "move",
    [
        lambda folder: (folder / "a.txt").rename(folder / "renamed.txt"),
        lambda folder: ((folder / "sub").mkdir(), shutil.move(folder / "a.txt", folder / "sub" / "a.txt")),
        lambda folder: (folder / "a.txt").write_text((folder / "a.txt").read_text().replace("\n", "\r\n")),
        lambda folder: (folder / "a.txt").write_text("B\n\nSource: X\n\nnew\n\n" + (folder / "a.txt").read_text()),
    ],
    ids=["renamed", "moved", "other line ends", "with another release before it"],
)
def test_marks_survive_digests_that_are(shelf: Shelf, move: Callable[[Path], object]) -> None:
    shelf.write("a.txt", ("A", "NATO", "text\nof two lines"))
    shelf.refresh()
    (headline,) = shelf.archive.find(All())
    shelf.marks.change([headline.id], Mark.STARRED, True)
    move(shelf.folder)
    shelf.refresh()
    assert shelf.titles("is:starred") == ["A"]


def test_marks_survive_the_deletion_of_the_archive(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.refresh()
    (headline,) = shelf.archive.find(All())
    shelf.marks.change([headline.id], Mark.READ, True)
    shelf.archive.close()
    shutil.rmtree(shelf.archive_path.parent)
    shelf.archive = Archive(shelf.archive_path, shelf.marks.uri)
    shelf.refresh()
    assert shelf.titles("is:read") == ["A"]
    assert shelf.titles("is:unread") == []


@pytest.mark.parametrize(
    "statement",
    [
        *(f"DROP TABLE {name}" for name in ("release", "body", "origin", "digest", "source", "problem", "text_index")),
        "DROP INDEX release_by_date",
        "DELETE FROM release",
        "DELETE FROM body",
        "DELETE FROM source",
        "ALTER TABLE release ADD COLUMN more",
        "CREATE TRIGGER t BEFORE INSERT ON release BEGIN SELECT raise(IGNORE); END",
    ],
)
def test_an_archive_whose_tables_are_not_as_they_were_made_is_built_anew(shelf: Shelf, statement: str) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.refresh()
    shelf.archive.close()
    with sqlite3.connect(shelf.archive_path) as connection:
        connection.execute(statement)
    shelf.archive = Archive(shelf.archive_path, shelf.marks.uri)
    shelf.refresh()
    assert shelf.titles() == shelf.titles("text") == ["A"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE body SET packed = x'00'",
        "UPDATE body SET packed = 'text'",
        "UPDATE release SET day = '2024-02-31'",
        "UPDATE release SET basis = 'rumour'",
        "UPDATE release SET title = CAST(x'ff' AS TEXT)",
    ],
)
def test_damage_that_is_met_while_reading_is_told_and_then_mended(shelf: Shelf, statement: str) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.refresh()
    with shelf.archive.connect() as other:
        shelf.archive.connection.execute(statement)
        with pytest.raises(ArchiveDamagedError, match="nothing is lost"):
            other.release(other.places(All())[0])
        assert shelf.titles() == []
        shelf.refresh()
        assert shelf.titles() == shelf.titles('"text"') == ["A"]
        assert other.count(All()) == 1


def test_damage_that_only_the_text_of_candidates_shows_is_told(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "some text"))
    shelf.refresh()
    shelf.archive.connection.execute("UPDATE body SET packed = x'00'")
    with pytest.raises(ArchiveDamagedError):
        shelf.titles('"some text"')


def test_a_damaged_page_is_told_and_then_mended(shelf: Shelf) -> None:
    expected = fill(shelf, 10)
    shelf.refresh()
    shelf.archive.close()
    content = bytearray(shelf.archive_path.read_bytes())
    for start in range(2 * 16384, len(content), 16384):
        content[start : start + 100] = b"\xab" * 100
    shelf.archive_path.write_bytes(content)
    shelf.archive = Archive(shelf.archive_path, shelf.marks.uri)
    shelf.refresh()
    with suppress(ArchiveDamagedError):
        shelf.titles()
    shelf.refresh()
    assert sorted(shelf.titles()) == expected
    assert shelf.archive.count(parse("word7", today=TODAY)) == 50


def test_a_refresh_that_meets_damage_builds_the_archive_anew(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    path = shelf.write("b.txt", ("B", "NATO", "text"))
    shelf.refresh()
    shelf.archive.connection.execute("UPDATE body SET packed = x'00'")
    path.unlink()
    assert shelf.refresh().read == 1
    assert shelf.titles("text") == ["A"]


@pytest.mark.parametrize(
    "put",
    [lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to(path.parent / "gone" / "x")],
    ids=["a folder", "a pipe", "a link to nothing"],
)
def test_what_is_no_file_is_left_alone_and_said(tmp_path: Path, put: Callable[[Path], object]) -> None:
    path = tmp_path / "archive.db"
    put(path)
    with pytest.raises(ArchiveError, match="cannot be used"):
        Archive(path, Marks(None, clock=lambda: NOW).uri)
    assert path.is_symlink() or path.exists()


@pytest.mark.parametrize("umask", [0, 0o277, 0o777])
def test_the_archive_is_its_owners_alone_under_any_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "cache" / "newsreader" / "archive.db"
    before = os.umask(umask)
    try:
        archive = Archive(path, Marks(None, clock=lambda: NOW).uri)
        archive.connection.execute("DELETE FROM problem")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)} == {0o700}
    archive.close()


def test_a_file_from_the_far_future_is_read_like_any_other(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    os.utime(shelf.write("b.txt", ("B", "NATO", "text")), ns=(1 << 63, 1 << 63))
    assert shelf.refresh().read == 2
    assert sorted(shelf.titles()) == ["A", "B"]
    assert shelf.refresh().read == 0


def test_what_is_plainly_not_text_is_a_failure_only_when_it_was_named(shelf: Shelf) -> None:
    path = shelf.folder / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    for _ in range(2):
        assert shelf.refresh().failures == []
    archive = Archive(None, shelf.marks.uri)
    for _ in range(2):
        (problem,) = refresh(archive, Library((str(path),))).failures
        assert problem.digest == str(path)
    (problem,) = refresh(archive, Library(("-",), path.read_bytes())).failures
    assert problem.digest == "-"


@pytest.mark.parametrize("many_bytes", [1, 1 << 60], ids=["other processes", "this process"])
def test_a_long_digest_is_written_piece_by_piece(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, many_bytes: int
) -> None:
    monkeypatch.setattr("newsreader.indexing.BATCH_RELEASES", 7)
    monkeypatch.setattr("newsreader.reading.LONG_RELEASES", 7)
    monkeypatch.setattr("newsreader.reading.MANY_BYTES", many_bytes)
    releases = [(f"T{number % 40}", "NATO", f"text {number % 40}") for number in range(60)]
    shelf.write("a.txt", *releases)
    shelf.write("b.txt", *releases[30:], ("Last", "NATO", "text"))
    shelf.write("c.txt", ("Alone", "NATO", "text"))
    assert shelf.refresh().added == 42
    assert sorted(shelf.titles()) == sorted({title for title, _, _ in releases} | {"Last", "Alone"})
    assert dict(shelf.archive.digests()) == {
        str(shelf.folder / name): count for name, count in (("a.txt", 60), ("b.txt", 31), ("c.txt", 1))
    }
    origins = shelf.archive.connection.execute("SELECT count(*) FROM origin").fetchone()[0]
    assert origins == 60 + 31 + 1
    shelf.write("a.txt", ("Now", "NATO", "text"))
    shelf.refresh()
    assert len(shelf.titles()) == 10 + 20 + 3
    check_index(shelf.archive.connection)


def test_marks_can_be_changed_while_a_digest_is_written(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"), ("B", "NATO", "text"))
    read = read_file((os.fsencode(shelf.folder / "a.txt"), 1, 1))
    assert isinstance(read, ReadDigest)
    changed: list[object] = []

    def releases() -> Iterator[IndexedRelease]:
        for release in read.releases:
            yield release
            changed.append(shelf.marks.change([release.id], Mark.STARRED, True).ids)

    with Archive(None, shelf.marks.uri) as archive:
        store(archive, [ReadDigest(read.file, releases())])
        assert len(archive.starred_places()) == 2
    assert len(changed) == 2


def test_many_small_digests_with_long_names_are_read_in_their_order(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.reading.MANY_BYTES", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for number in range(600):
        shelf.write(f"{number:0240}.txt", (f"Title {number}", "NATO", "text"))
    report = shelf.refresh()
    assert (report.read, report.added, report.failures) == (600, 600, [])
    assert shelf.archive.digests()[7][0].endswith("0007.txt")
    assert sorted(shelf.titles()) == sorted(f"Title {number}" for number in range(600))


def test_a_reading_process_that_ends_too_early_loses_no_release(shelf: Shelf) -> None:
    path = shelf.write("a.txt", *((f"T{number}", "NATO", "text") for number in range(9)))
    file = (os.fsencode(path), 1, 1)
    read = read_file(file)
    assert isinstance(read, ReadDigest)
    releases = list(read.releases)
    sent = io.BytesIO(pickle.dumps((False, 9, ())) + pickle.dumps(list(map(tuple, releases[:4]))) + b"\x80\x05")
    received = receive(sent, file, "")
    assert isinstance(received, ReadDigest)
    assert list(received.releases) == releases


@pytest.mark.parametrize(
    "damage",
    [b"", b"no database at all" * 500, None, (b"releaserelease", b"\xff" * 14)],
    ids=["emptied", "random", "scrambled", "no text"],
)
def test_a_damaged_archive_is_built_anew(shelf: Shelf, damage: bytes | tuple[bytes, bytes] | None) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.refresh()
    shelf.archive.close()
    content = bytearray(shelf.archive_path.read_bytes())
    content[20:16384] = b"\xab" * (16384 - 20)
    if isinstance(damage, tuple):
        damage = shelf.archive_path.read_bytes().replace(*damage).replace(b"CREATE TABLE", b"CREATE TXBLE")
    shelf.archive_path.write_bytes(content if damage is None else damage)
    shelf.archive = Archive(shelf.archive_path, shelf.marks.uri)
    shelf.refresh()
    assert shelf.titles() == ["A"]


def test_what_is_skipped_and_what_fails_is_said_by_name(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.write(".hidden.txt", ("H", "NATO", "text"))
    (shelf.folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (shelf.folder / "link.txt").symlink_to(shelf.folder / "a.txt")
    os.mkfifo(shelf.folder / "pipe")
    (shelf.folder / "plain.txt").write_text("Only text")
    report = refresh(shelf.archive, Library((str(shelf.folder), str(shelf.folder / "missing"))))
    said = {Path(problem.digest).name: problem for problem in report.problems}
    assert set(said) == {".hidden.txt", "picture.png", "link.txt", "pipe", "plain.txt", "missing"}
    assert [Path(problem.digest).name for problem in report.failures] == ["missing"]
    assert said["plain.txt"].line == 1
    assert sorted(shelf.titles()) == ["A", "Only text"]


def test_a_library_that_cannot_be_looked_into_keeps_what_was_read_from_it(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    shelf.refresh()
    shelf.folder.rename(shelf.folder.with_name("away"))
    report = shelf.refresh()
    assert [problem.is_failure for problem in report.problems] == [True]
    assert shelf.titles() == ["A"]


def test_file_names_of_any_bytes_are_read(shelf: Shelf) -> None:
    name = os.fsencode(shelf.folder) + b"/\xff\n\x1b[31m$(true).txt"
    with open(name, "wb") as stream:
        stream.write(b"A\n\nSource: NATO\n\ntext")
    shelf.refresh()
    (place,) = shelf.archive.places(All())
    release = shelf.archive.release(place)
    assert release is not None
    assert os.fsencode(release.origins[0].digest) == name
    assert shelf.refresh().read == 0


def test_standard_input_is_a_digest(shelf: Shelf) -> None:
    archive = Archive(None, shelf.marks.uri)
    report = refresh(archive, Library(("-",), b"A\n\nSource: NATO\n\ntext"))
    assert (report.digests, report.added) == (1, 1)
    with archive.connect() as other:
        assert [headline.title for headline in other.find(All())] == ["A"]


def test_a_stopped_refresh_goes_on_where_it_was(shelf: Shelf) -> None:
    for number in range(6):
        shelf.write(f"{number}.txt", (f"T{number}", "NATO", "text"))
    answers = iter([False, True])
    report = shelf.refresh(should_stop=lambda: next(answers))
    assert not report.is_complete
    assert len(shelf.titles()) == 2
    report = shelf.refresh()
    assert (report.read, report.is_complete) == (4, True)
    assert len(shelf.titles()) == 6


def test_the_first_releases_can_be_read_long_before_the_last(shelf: Shelf) -> None:
    for number in range(30):
        shelf.write(f"{number:02}.txt", *[(f"T{number}-{each}", "NATO", "text") for each in range(20)])
    counts: list[int] = []
    with shelf.archive.connect() as other:
        refresh(
            shelf.archive, Library((str(shelf.folder),)), on_progress=lambda progress: counts.append(other.count(All()))
        )
    assert 200 in counts


def test_progress_reaches_its_end(shelf: Shelf) -> None:
    shelf.write("a.txt", ("A", "NATO", "text"))
    seen: list[Progress] = []
    refresh(shelf.archive, Library((str(shelf.folder),)), on_progress=seen.append)
    assert (seen[-1].digests, seen[-1].releases, seen[-1].bytes) == (1, 1, seen[-1].of_bytes)


REFRESHER = """
import sys
from datetime import UTC, datetime
from newsreader.archive import Archive
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
marks = Marks(sys.argv[3], clock=lambda: datetime(2024, 1, 1, tzinfo=UTC))
archive = Archive(sys.argv[1], marks.uri)
print("open", flush=True)
refresh(archive, Library((sys.argv[2],)), on_progress=lambda progress: print(progress.digests, flush=True))
print("done", flush=True)
"""


def start_refresh(shelf: Shelf) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", REFRESHER, str(shelf.archive_path), str(shelf.folder), shelf.marks.uri[5:-8]]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def fill(shelf: Shelf, count: int) -> list[str]:
    for number in range(count):
        releases = [(f"T{number}-{index}", f"S{index % 3}", f"word{number} " * 20) for index in range(50)]
        shelf.write(f"{number:03}.txt", *releases)
    return sorted(f"T{number}-{index}" for number in range(count) for index in range(50))


def test_two_processes_that_refresh_at_once_both_succeed(shelf: Shelf) -> None:
    expected = fill(shelf, 30)
    shelf.archive.close()
    shutil.rmtree(shelf.archive_path.parent)
    processes = [start_refresh(shelf) for _ in range(2)]
    assert [process.communicate()[0].split()[-1] for process in processes] == ["done", "done"]
    shelf.archive = Archive(shelf.archive_path, shelf.marks.uri)
    assert sorted(shelf.titles()) == expected
    assert shelf.archive.count(parse("word7", today=TODAY)) == 50
    check_index(shelf.archive.connection)


@pytest.mark.parametrize("digests", ["1", "20", "55"])
def test_a_killed_refresh_leaves_an_archive_that_can_be_finished(shelf: Shelf, digests: str) -> None:
    expected = fill(shelf, 60)
    with start_refresh(shelf) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == digests:
                break
        process.send_signal(signal.SIGKILL)
    shelf.reopen()
    shelf.refresh()
    assert sorted(shelf.titles()) == expected
    check_index(shelf.archive.connection)


def check_index(connection: sqlite3.Connection) -> None:
    """Raise when an index does not agree with itself."""
    connection.execute("INSERT INTO text_index (text_index) VALUES ('integrity-check')")
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_more_releases_on_a_day_than_there_is_room_for_stay_in_order(shelf: Shelf) -> None:
    count = 200
    releases = [(f"T{number:03}", "NATO", f"5 March 2024\n\nText {number}") for number in range(count)]
    shelf.write(
        "a.txt", *releases, ("Newer", "NATO", "6 March 2024\n\nText"), ("Older", "NATO", "4 March 2024\n\nText")
    )
    shelf.refresh()
    titles = [headline.title for headline in shelf.archive.headlines(shelf.archive.places(All()))]
    assert (titles[0], titles[-1]) == ("Newer", "Older")
    assert len(shelf.titles("date:2024-03-05")) == count
    (shelf.folder / "a.txt").unlink()
    shelf.write("b.txt", *releases[: count // 2])
    shelf.refresh()
    assert sorted(shelf.titles()) == [f"T{number:03}" for number in range(count // 2)]


def test_the_surest_dates_of_the_seeds_are_known_to_the_archive(shelf: Shelf, seeds: Path) -> None:
    refresh(shelf.archive, Library((str(seeds),)))
    stated = list(shelf.archive.find(parse("dated:stated", today=TODAY)))
    assert len(stated) == 9
    assert stated[0].date.day == Day(2024, 10, 1)
