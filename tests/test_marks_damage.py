"""Marks that cannot be used: left as they are, read as far as they can be, held until they can be written, restored."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from newsreader import marks_held
from newsreader.errors import MarksError
from newsreader.marks import Marks
from newsreader.marks_backup import restore
from newsreader.models import Mark
from tests.conftest import NOW, PROJECT

READ, STARRED = Mark.READ, Mark.STARRED
OLD_IDS = [f"{number * 2654435761 % 2**32:08x}" for number in range(1500)]
NEW_IDS = [f"{number * 2654435761 % 2**32:08x}ab" for number in range(3000, 3040)]
PAGE = 4096


def open_marks(path: Path, now: timedelta = timedelta()) -> Marks:
    return Marks(path, clock=lambda: NOW + now)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Marks with yesterday's backup, and some that are newer."""
    folder = tmp_path_factory.mktemp("marks")
    marks = open_marks(folder / "marks.db", -timedelta(days=1))
    marks.change(OLD_IDS, READ, True)
    marks.change(OLD_IDS[:10], READ, False)
    marks.remember("theme", "nord")
    marks.tend()
    marks.close()
    marks = open_marks(folder / "marks.db", -timedelta(hours=1))
    marks.change(NEW_IDS, STARRED, True)
    marks.close()
    return folder


@pytest.fixture
def path(good: Path, tmp_path: Path) -> Path:
    shutil.copytree(good, tmp_path / "data")
    return tmp_path / "data" / "marks.db"


def run_sql(statement: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(statement)

    return spoil


def overwrite(start: int, content: bytes) -> Callable[[Path], None]:
    """Put bytes into the file; a negative start counts from the end."""

    def spoil(path: Path) -> None:
        with open(path, "r+b") as file:
            file.seek(start, os.SEEK_END if start < 0 else os.SEEK_SET)
            file.write(content)

    return spoil


def cut(size: Callable[[int], int]) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size(path.stat().st_size))


def replace(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.unlink()
        make(path)

    return spoil


def make_socket(path: Path) -> None:
    before = os.getcwd()
    os.chdir(path.parent)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def hot_journal(of: Callable[[Path], Path]) -> Callable[[Path], None]:
    """Leave the journal of an unfinished change of a database beside the marks."""

    def spoil(path: Path) -> None:
        other = of(path)
        copy = path.parent / "being-written.db"
        with closing(sqlite3.connect(other, isolation_level=None)) as connection:
            connection.execute("PRAGMA cache_size = 1")  # so that pages are written before the end
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE mark SET is_set = NOT is_set, time = time || 'x'")
            shutil.copy(f"{other}-journal", f"{copy}-journal")
            shutil.copy(other, copy)
            connection.execute("ROLLBACK")
        if other == path:
            os.replace(copy, path)
        else:
            copy.unlink()
            other.unlink()
        os.replace(f"{copy}-journal", f"{path}-journal")

    return spoil


def other_marks(path: Path) -> Path:
    other = path.parent / "other.db"
    marks = open_marks(other)
    for _ in range(3):
        marks.change((f"{number:08x}cd" for number in range(900)), STARRED, True)
        marks.change((f"{number:08x}cd" for number in range(900)), STARRED, False)
    marks.close()
    return other


def put_for(name: bytes, other: bytes, words: bytes, others: bytes) -> Callable[[Path], None]:
    """Write these bytes wherever those stand."""
    return lambda path: void(path.write_bytes(path.read_bytes().replace(name, other).replace(words, others)))


def put_beside(content: bytes) -> Callable[[Path], None]:
    return lambda path: void(Path(f"{path}-journal").write_bytes(content))


def void(_: object) -> None:
    pass


def random_bytes(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def keep_whole(path: Path) -> None:
    """Damage that SQLite mends or that does no harm."""


def move_behind_a_link(path: Path) -> None:
    path.rename(path.parent / "x.db")
    path.symlink_to("x.db")


def put_a_file_in_place_of_backups(path: Path) -> None:
    shutil.rmtree(path.parent / "backups")
    (path.parent / "backups").write_text("x")


WORKING: dict[str, Callable[[Path], None]] = {
    "nothing at all": keep_whole,
    "gone": lambda path: path.unlink(),
    "hot journal of its own": hot_journal(lambda path: path),
    "garbage for a journal": put_beside(random_bytes(5000)),
    "an empty journal": put_beside(b""),
    "zeros for a journal": put_beside(bytes(8192)),
    "a link to it": move_behind_a_link,
    "a torn line of held marks": lambda path: void(
        path.with_name("marks.db.unwritten-2024-1.jsonl").write_text('{"id": "ab", "mark": "re')
    ),
    "a folder called like held marks": lambda path: path.with_name("marks.db.unwritten-2024-1.jsonl").mkdir(),
    "a link called like a backup": lambda path: (path.parent / "backups/marks-2024-10-12.db").symlink_to("/dev/zero"),
    "backups that are no folder": put_a_file_in_place_of_backups,
}
SPOILED: dict[str, Callable[[Path], None]] = {
    "emptied": cut(lambda size: 0),
    "cut after a byte": cut(lambda size: 1),
    "cut within the header": cut(lambda size: 60),
    "cut after a page": cut(lambda size: PAGE),
    "cut in the middle": cut(lambda size: size // 2),
    "cut in the middle of a page": cut(lambda size: size // 2 + 100),
    "cut by a byte": cut(lambda size: size - 1),
    "flipped magic": overwrite(0, b"\xac"),
    "flipped page size": overwrite(16, b"\x03\x05"),
    "flipped application": overwrite(68, b"\0\0\0\0"),
    "flipped header of the schema page": overwrite(100, b"\x00"),
    "a schema that is no text": put_for(b"markmark", b"\xff" * 8, b"CREATE TABLE", b"CREATE TXBLE"),
    "flipped root page": overwrite(PAGE, b"\x55" * 12),
    "zeroed page": overwrite(3 * PAGE, bytes(PAGE)),
    "random pages": overwrite(4 * PAGE, random_bytes(3 * PAGE)),
    "flipped last page": overwrite(-PAGE, b"\xee" * 64),
    "random bytes": lambda path: void(path.write_bytes(random_bytes(70_000))),
    "text": lambda path: void(path.write_text("Dear diary,\n" * 999)),
    "gzip": lambda path: void(path.write_bytes(gzip.compress(path.read_bytes()))),
    "a folder": replace(lambda path: path.mkdir()),
    "a pipe": replace(os.mkfifo),
    "a socket": replace(make_socket),
    "a device": replace(lambda path: path.symlink_to("/dev/full")),
    "a dangling link": replace(lambda path: path.symlink_to("nowhere/marks.db")),
    "a link to itself": replace(lambda path: path.symlink_to("marks.db")),
    "dropped table": run_sql("DROP TABLE mark"),
    "dropped settings": run_sql("DROP TABLE setting"),
    "missing column": run_sql("ALTER TABLE mark DROP COLUMN time"),
    "further column": run_sql("ALTER TABLE mark ADD COLUMN note"),
    "foreign trigger": run_sql("CREATE TRIGGER wipe AFTER INSERT ON mark BEGIN DELETE FROM mark; END"),
    "foreign view": run_sql("DROP TABLE mark; CREATE VIEW mark AS SELECT 'ab' id, 'read' kind, 1 is_set, '' time"),
    "foreign database": replace(run_sql("CREATE TABLE their_data (x); PRAGMA user_version = 1")),
    "schema without version": run_sql("PRAGMA user_version = 0"),
    "newer schema": run_sql("PRAGMA user_version = 99"),
    "hot journal of another": hot_journal(other_marks),
    "a folder for a journal": lambda path: Path(f"{path}-journal").mkdir(),
    "a link for a journal": lambda path: Path(f"{path}-journal").symlink_to("nowhere"),
    "a pipe for a log": lambda path: os.mkfifo(f"{path}-wal"),
    "a full folder for shared memory": lambda path: Path(f"{path}-shm/x").mkdir(parents=True),
}
SPOILED_BESIDE = {
    "hot journal of another": "-journal",
    "a folder for a journal": "-journal",
    "a link for a journal": "-journal",
    "a pipe for a log": "-wal",
    "a full folder for shared memory": "-shm",
}
"""Where the marks themselves are sound, the ending of what has to be set aside."""
REASONS = {
    "emptied": "it is empty, which marks never are",
    "cut by a byte": "it is cut short",
    **dict.fromkeys(
        ("cut after a byte", "flipped application", "foreign database"), "it is another program's database"
    ),
    **dict.fromkeys(("flipped magic", "flipped page size", "random bytes", "text", "gzip"), "it is no database"),
    **{f"a {what}": f"a {what} stands in its place" for what in ("folder", "pipe", "socket", "device")},
    "a dangling link": "it is a link to nowhere/marks.db, which leads nowhere",
    "a link to itself": "it is a link to marks.db, which leads nowhere",
    **dict.fromkeys(
        ("dropped table", "dropped settings", "missing column", "further column", "foreign trigger", "foreign view"),
        "its tables are not as newsreader makes them",
    ),
    "schema without version": "its tables are not as newsreader makes them",
    "newer schema": "a newer newsreader wrote it",
    "hot journal of another": "a journal that is not its own lies beside it",
    **{way: f"{ending}, where SQLite needs one" for way, ending in SPOILED_BESIDE.items() if "hot" not in way},
}
"""What is said of the ways that are no plain damage."""


def content_of(path: Path) -> object:
    """What must not change: the file, or what stands in its place."""
    if path.is_symlink():
        return os.readlink(path)
    return path.read_bytes() if path.is_file() else os.lstat(path).st_mode


def assert_all_there(marks: Marks, *, but_new: bool = False) -> None:
    found = marks.of(OLD_IDS)
    assert {id for id in OLD_IDS if found[id] != {READ}} == set(OLD_IDS[:10])
    if not but_new:
        assert set(marks.of(NEW_IDS).values()) == {frozenset({STARRED})}


def test_there_are_more_than_enough_ways() -> None:
    assert len(SPOILED) >= 25


@pytest.mark.parametrize("way", WORKING)
def test_marks_work_in_spite_of(way: str, path: Path) -> None:
    WORKING[way](path)
    marks = open_marks(path)
    assert marks.problem == ""
    assert_all_there(marks, but_new=way == "gone")
    assert bool(marks.notes) == (way == "gone")
    marks.change(["cafe"], READ, True)
    assert marks.close() == ""
    with closing(open_marks(path)) as marks:
        assert marks.of(["cafe"])["cafe"] == {READ}


@pytest.mark.parametrize("way", SPOILED)
def test_marks_that_are_spoiled_are_left_alone_held_and_restored(way: str, path: Path) -> None:
    SPOILED[way](path)
    before = content_of(path)
    reader = open_marks(path, timedelta(minutes=1))
    assert reader.problem.startswith(f"{path}: the marks cannot be used, as ")
    assert f"{REASONS.get(way, 'it is damaged')}; the file is left as it is: " in reader.problem
    assert ("update" if way == "newer schema" else "newsreader marks restore") in reader.problem
    reader.change(["cafe", "beef"], READ, True)
    reader.change(["beef"], READ, False)
    reader.change(OLD_IDS[-1:], READ, True)
    reader.change(OLD_IDS[-1:], READ, False)
    reader.remember("theme", "gruvbox")
    assert reader.of(["cafe", "beef"]) == {"cafe": {READ}, "beef": frozenset()}
    assert reader.held_count == 3
    assert not reader.write_held()
    assert content_of(path) == before, "it was not left as it is"

    crashed = open_marks(path, timedelta(minutes=2))
    crashed.change(["feed"], STARRED, True)
    said = open_marks(path, timedelta(minutes=3))
    said.change(["f00d"], STARRED, True)
    assert "1 change of a mark could not be written: kept in " in said.close()

    name = "2024-10-09" if way == "newer schema" else ""
    sentence = restore(str(path), name, NOW)
    if way in SPOILED_BESIDE:
        assert "1,530 marks are sound" in sentence
        aside = f"{path}.aside-2024-10-10T120000{SPOILED_BESIDE[way]}"
        assert os.path.lexists(aside)
        assert f"was set aside as {aside}." in sentence
    else:
        assert "the marks of 2024-10-09 are back" in sentence
        (kept,) = path.parent.glob("*.aside-2024-10-10T120000")
        assert str(kept) in sentence
        assert content_of(kept) == before, "what was there is lost"

    assert reader.write_held()
    assert (reader.problem, reader.held_count) == ("", 0)
    assert reader.close() == ""
    with closing(open_marks(path)) as marks:
        assert marks.problem == ""
        found = marks.of(OLD_IDS)
        assert {id for id in OLD_IDS if found[id] != {READ}} == {*OLD_IDS[:10], OLD_IDS[-1]}
        assert marks.of(["cafe", "beef", "feed", "f00d"]) == {
            "cafe": {READ},
            "beef": frozenset(),
            "feed": {STARRED},
            "f00d": {STARRED},
        }
        assert marks.recall("theme") == "gruvbox"
    assert [file.name for file in path.parent.glob("*unwritten*")] == []
    crashed.close()


READABLE = {
    "flipped last page",
    "zeroed page",
    "dropped settings",
    "further column",
    "foreign trigger",
    "schema without version",
    "newer schema",
    "hot journal of another",
}


@pytest.mark.parametrize("way", sorted(READABLE))
def test_what_can_be_read_of_spoiled_marks_is_shown_and_restored(way: str, path: Path) -> None:
    SPOILED[way](path)
    with closing(open_marks(path)) as marks:
        assert marks.problem
        assert sum(found == {READ} for found in marks.of(OLD_IDS).values()) > 1000
        rescued = {id for id, found in marks.of(NEW_IDS).items() if found == {STARRED}}
    assert len(rescued) > 10
    restore(str(path), "2024-10-09", NOW)
    with closing(open_marks(path)) as marks:
        assert_all_there(marks, but_new=True)
        assert all(marks.of([id])[id] == {STARRED} for id in rescued)


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_anywhere_lose_no_mark_that_was_backed_up(seed: int, path: Path) -> None:
    generator = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _ in range(generator.randint(1, 40)):
        content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    path.write_bytes(content)
    with closing(open_marks(path)) as marks:
        if not marks.problem:
            return  # what is flipped is in texts or in room that is free
        marks.change(["cafe"], READ, True)
    assert path.read_bytes() == content
    restore(str(path), "", NOW)
    with closing(open_marks(path)) as marks:
        assert marks.problem == ""
        assert marks.of(["cafe"])["cafe"] == {READ}
        assert sum(READ in found for found in marks.of(OLD_IDS).values()) >= len(OLD_IDS) - 10 - 40


# Faults of the system around the file


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other
        other.execute("ROLLBACK")


def test_a_lock_of_another_is_waited_for(path: Path) -> None:
    program = "import sys, threading, sqlite3\n" + (
        "other = sqlite3.connect(sys.argv[1], isolation_level=None)\nother.execute('BEGIN EXCLUSIVE')\n"
        "print(flush=True)\nsys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        threading.Timer(0.7, holder.stdin.close).start()
        with closing(open_marks(path)) as marks:
            assert marks.problem == ""
            assert_all_there(marks)


def test_marks_that_a_lock_keeps_out_are_held_and_written_after_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsreader.marks.HOLDING_SECONDS", 0.05)
    monkeypatch.setattr("newsreader.marks.RETRY_SECONDS", 0.05)
    marks = open_marks(path, timedelta(minutes=1))
    marks.hold_failures()
    with locked(path):
        marks.change(["cafe"], READ, True)
        assert "another program holds it locked" in marks.problem
        assert_all_there(marks)
        assert marks.of(["cafe"])["cafe"] == {READ}
        assert not marks.write_held()
        assert len(list(path.parent.glob("*unwritten*"))) == 1
    marks.tend()
    assert (marks.problem, marks.held_count) == ("", 0)
    assert list(path.parent.glob("*unwritten*")) == []
    with closing(open_marks(path)) as other:
        assert_all_there(other)
        assert other.of(["cafe"])["cafe"] == {READ}
    marks.close()


def test_a_lock_that_keeps_out_a_look_for_changes_is_an_error_or_held(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.marks.HOLDING_SECONDS", 0.05)
    with closing(open_marks(path)) as strict, closing(open_marks(path)) as reader:
        strict._connection.execute("PRAGMA busy_timeout = 50")
        reader.hold_failures()
        before = reader.version()
        with locked(path):
            with pytest.raises(MarksError, match="cannot be read"):
                strict.version()
            assert reader.version() != before
            assert "another program holds it locked" in reader.problem


def test_a_file_that_turns_into_a_dangling_link_is_not_made_again(path: Path) -> None:
    with closing(open_marks(path)) as marks:
        marks.hold_failures()
        path.unlink()
        path.symlink_to("nowhere/marks.db")
        marks.change(["cafe"], READ, True)
        assert "it is a link to nowhere/marks.db, which leads nowhere" in marks.problem
        assert [note for note in marks.notes if "made again" in note] == []
        assert_all_there(marks)


def test_marks_that_are_gone_with_their_backups_are_made_again_from_what_is_held(path: Path) -> None:
    SPOILED["flipped last page"](path)
    with closing(open_marks(path)) as marks:
        marks.change(["cafe"], READ, True)
        held = {id for id, found in marks.of(OLD_IDS).items() if READ in found}
        path.unlink()
        shutil.rmtree(path.parent / "backups")
        assert marks.write_held()
    with closing(open_marks(path)) as marks:
        assert marks.of(["cafe"])["cafe"] == {READ}
        assert {id for id, found in marks.of(OLD_IDS).items() if READ in found} == held
        assert len(held) > 1000


def test_a_file_that_is_deleted_while_it_is_open_is_made_again(path: Path) -> None:
    marks = open_marks(path)
    path.unlink()
    marks.change(["cafe"], READ, True)
    (note,) = marks.notes
    assert "made again from what was open" in note
    with closing(open_marks(path)) as other:
        assert_all_there(other)
        assert other.of(["cafe"])["cafe"] == {READ}
    marks.close()


def test_a_folder_that_is_deleted_while_it_is_open_is_made_again(path: Path) -> None:
    marks = open_marks(path)
    shutil.rmtree(path.parent)
    marks.change(["cafe"], READ, True)
    with closing(open_marks(path)) as other:
        assert_all_there(other)
    marks.close()


def test_a_file_that_is_replaced_while_it_is_open_is_written_from_then_on(path: Path, good: Path) -> None:
    marks = open_marks(path)
    marks.change(["beef"], READ, True)
    before = marks.version()
    shutil.copy(good / "marks.db", path.parent / "new.db")
    os.replace(path.parent / "new.db", path)
    assert marks.version() != before
    assert "replaced by another" in marks.notes[0]
    marks.change(["cafe"], READ, True)
    with closing(open_marks(path)) as other:
        assert other.of(["cafe", "beef"]) == {"cafe": {READ}, "beef": frozenset()}
    marks.close()


def test_a_file_that_is_replaced_by_a_spoiled_one_is_held_with_all_that_was_open(path: Path) -> None:
    marks = open_marks(path)
    marks.hold_failures()
    path.with_name("new").write_text("nonsense")
    os.replace(path.with_name("new"), path)
    marks.change(["cafe"], READ, True)
    assert "it is no database" in marks.problem
    assert_all_there(marks)
    assert path.read_text() == "nonsense"
    path.unlink()
    marks.tend()
    assert marks.problem == ""
    with closing(open_marks(path)) as other:
        assert_all_there(other)
        assert other.of(["cafe"])["cafe"] == {READ}
    marks.close()


CHILD = """
import ctypes, json, os, resource, sys
from datetime import UTC, datetime
from newsreader.marks import Marks
from newsreader.models import Mark
import newsreader.marks_backup, newsreader.marks_held
fault, path = sys.argv[1:3]
class Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]
class Data(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]
if fault == "no rights":  # root may write anywhere; without its capabilities it may not
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capset(ctypes.byref(Header(0x20080522, 0)), ctypes.byref((Data * 2)())) == 0
marks = Marks(path, clock=lambda: datetime(2024, 10, 10, 12, tzinfo=UTC))
if fault.isdigit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(fault), int(fault)))
marks.hold_failures()
ids = [f"{number:08x}ef" for number in range(3000)]
print(json.dumps([marks.problem, len(marks.change(ids, Mark.READ, True).ids), marks.problem]), flush=True)
shown = all(marks.of(ids).values())
marks.tend()
print(json.dumps([shown, marks.close()]), flush=True)
"""


def run_child(fault: str, path: Path) -> list[object]:
    result = subprocess.run(
        [sys.executable, "-c", CHILD, fault, str(path)], cwd=PROJECT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return [value for line in result.stdout.splitlines() for value in json.loads(line)]


def assert_held_and_taken_over(path: Path, answers: list[object], reason: str) -> None:
    """The child showed its 3,000 marks, said why they were not written, and the next newsreader has them."""
    _, changed, problem, shown, said = answers
    assert (changed, shown) == (3000, True)
    assert reason in str(problem)
    assert "3,000 changes of marks could" in str(said)
    if "written nowhere" in str(said):
        lines = str(said).splitlines()[1:]
        with closing(open_marks(path)) as marks:
            assert marks.merge(lines) == 3000
    with closing(open_marks(path)) as marks:
        assert marks.problem == ""
        assert_all_there(marks)
        assert all(marks.of(f"{number:08x}ef" for number in range(3000)).values())


def test_a_change_that_fails_is_told_with_its_reason(path: Path) -> None:
    answers = run_child("2000", path)
    assert "the system failed to read or write it or its journal" in str(answers[2])


@pytest.mark.parametrize("limit", [100, 70_000, 1_000_000])
def test_a_limit_on_the_size_of_files_loses_nothing(limit: int, path: Path) -> None:
    size = path.stat().st_size
    answers = run_child(str(max(limit, 0)), path)
    if answers[-1] == "":
        assert limit > size
    else:
        assert_held_and_taken_over(path, answers, "as ")


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_written_loses_nothing(what: str, path: Path) -> None:
    target = path if what == "file" else path.parent
    target.chmod(0o500 if what == "folder" else 0o400)
    try:
        answers = run_child("no rights", path)
    finally:
        target.chmod(0o700)
    assert_held_and_taken_over(path, answers, "may not be written")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with hardly any room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", folder], capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def test_a_full_disk_loses_nothing(small_disk: Path, good: Path) -> None:
    path = small_disk / "data" / "marks.db"
    shutil.copytree(good, path.parent)
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(PAGE))
    answers = run_child("", path)
    filler.unlink()
    assert_held_and_taken_over(path, answers, "no room on the disk")


def test_a_file_system_that_is_read_only_loses_nothing(small_disk: Path, good: Path) -> None:
    path = small_disk / "data" / "marks.db"
    shutil.copytree(good, path.parent)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    answers = run_child("", path)
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert_held_and_taken_over(path, answers, "may not be written")


def test_a_journal_that_cannot_be_made_or_deleted_loses_nothing(path: Path) -> None:
    Path(f"{path}-journal").mkdir()
    marks = open_marks(path, timedelta(minutes=1))
    marks.hold_failures()
    marks.change(["cafe"], READ, True)
    assert marks.of(["cafe"])["cafe"] == {READ}
    assert marks.problem
    Path(f"{path}-journal").rmdir()
    marks.tend()
    assert marks.problem == ""
    marks.close()
    with closing(open_marks(path)) as other:
        assert_all_there(other)
        assert other.of(["cafe"])["cafe"] == {READ}


def test_a_journal_of_another_database_is_noticed_also_where_the_marks_are_a_link(path: Path) -> None:
    hot_journal(other_marks)(path)
    move_behind_a_link(path)
    Path(f"{path}-journal").rename(path.parent / "x.db-journal")
    with closing(open_marks(path)) as marks:
        assert "a journal that is not its own" in marks.problem
        assert_all_there(marks)


def spoil_and_hold(path: Path, shelter: Path) -> Marks:
    path.write_bytes(b"nonsense")
    return Marks(path, clock=lambda: NOW, shelters=(str(shelter),))


def test_what_cannot_be_kept_beside_the_marks_is_kept_in_a_shelter(path: Path, tmp_path: Path) -> None:
    shelter, good = tmp_path / "shelter", path.read_bytes()
    marks = spoil_and_hold(path, shelter)
    marks.change(["cafe"], READ, True)
    (beside,) = path.parent.glob("*.unwritten-*")
    beside.unlink()
    beside.mkdir()
    marks.change(["beef"], READ, True)
    (sheltered,) = shelter.glob("*.unwritten-*")
    assert sheltered.stat().st_mode & 0o777 == 0o600
    assert f"kept in {beside} and {sheltered}" in marks.close()
    path.write_bytes(good)
    with closing(Marks(tmp_path / "other.db", clock=lambda: NOW, shelters=(str(shelter),))) as other:
        assert (other.notes, other.of(["beef"])) == ([], {"beef": frozenset()}), "they belong to other marks"
    with closing(Marks(path, clock=lambda: NOW, shelters=(str(shelter),))) as marks:
        assert marks.of(["beef"]) == {"beef": {READ}}
    assert list(shelter.iterdir()) == []


def test_what_can_be_kept_nowhere_is_told_line_by_line(path: Path, tmp_path: Path) -> None:
    shelter, good = tmp_path / "shelter", path.read_bytes()
    marks = spoil_and_hold(path, shelter)
    marks.change(["cafe"], READ, True)
    (beside,) = path.parent.glob("*.unwritten-*")
    beside.unlink()
    beside.mkdir()
    shelter.write_text("in the way")
    marks.change(["beef"], READ, True)
    said = marks.close()
    assert "2 changes of marks could be written nowhere" in said
    path.write_bytes(good)
    with closing(open_marks(path)) as marks:
        assert marks.merge(said.splitlines()[1:]) == 2


def test_a_line_of_which_a_full_disk_takes_only_a_part_is_kept_in_a_shelter(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelter, good, write = tmp_path / "shelter", path.read_bytes(), os.write
    marks = spoil_and_hold(path, shelter)
    marks.change(["feed"], READ, True)
    parts = iter([20])
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[: next(parts, None)]))
    marks.change(["cafe"], READ, True)
    monkeypatch.undo()
    assert [len(file.read_text().splitlines()) for file in path.parent.glob("*.unwritten-*")] == [1]
    assert [len(file.read_text().splitlines()) for file in shelter.glob("*.unwritten-*")] == [1]
    marks.close()
    path.write_bytes(good)
    with closing(Marks(path, clock=lambda: NOW, shelters=(str(shelter),))) as marks:
        assert marks.of(["feed", "cafe"]) == {"feed": {READ}, "cafe": {READ}}


def test_what_could_not_be_kept_is_kept_at_the_end_if_there_is_room_then(path: Path, tmp_path: Path) -> None:
    shelter, good = tmp_path / "shelter", path.read_bytes()
    marks = spoil_and_hold(path, shelter)
    data = path.parent.rename(tmp_path / "away")
    path.parent.write_text("in the way")
    shelter.write_text("in the way")
    marks.change(["cafe", "beef"], READ, True)
    path.parent.unlink()
    data.rename(path.parent)
    assert "2 changes of marks could not be written: kept in" in marks.close()
    path.write_bytes(good)
    with closing(open_marks(path)) as marks:
        assert marks.of(["cafe", "beef"]) == {"cafe": {READ}, "beef": {READ}}


def test_held_lines_that_are_odd_are_kept_under_another_name(path: Path) -> None:
    held = path.with_name("marks.db.unwritten-2024-1.jsonl")
    good = '{"id": "cafe", "mark": "read", "set": true, "time": "2024-10-10T00:00:00+00:00"}\n'
    held.write_bytes(b"\xff\xfe\n" + good.encode() + b'{"id": 1}\n')
    with closing(open_marks(path)) as marks:
        assert marks.of(["cafe"]) == {"cafe": {READ}}
        assert "1 change of a mark that could not be written before" in marks.notes[0]
    assert held.with_name(f"{held.name}.odd").exists()
    assert not held.exists()
    held.symlink_to("/dev/zero")
    with closing(open_marks(path)) as marks:
        assert (marks.problem, marks.notes) == ("", [])


def test_only_files_of_ours_are_taken_over_and_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, long = tmp_path / "marks.db.unwritten-1.jsonl", tmp_path / "marks.db.unwritten-2.jsonl"
    os.mkfifo(pipe)
    long.write_bytes(b"{}\n" * 9)
    monkeypatch.setattr(marks_held, "MOST_BYTES", 20)
    for file in (pipe, long):
        with pytest.raises(OSError, match="no file of ours"):
            marks_held.take_over(str(file), lambda rows: None)
        assert file.exists()
