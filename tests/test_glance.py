"""A glance by another process: it sees what a walk sees, and leaves nothing behind."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from newsreader import glance as glance_module
from newsreader.glance import Glance, take_glance
from newsreader.listing import Listing, is_as_listed, look
from newsreader.session import Session
from newsreader.walk import Walk

PROGRAM = """
import contextlib, os, sys
from newsreader.glance import Glance, take_glance
from newsreader.walk import Walk
paths = sys.argv[1:]
before = os.listdir("/dev/fd")
walk = Walk()
for path in paths:
    walk.look(path)
def kill(glance):
    os.kill(glance._process, 9)
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
def confirms(prepare=lambda glance: None):
    with contextlib.closing(Glance(paths)) as glance:
        prepare(glance)
        return glance.confirms(walk.listings)
"""
"""What begins each program that takes a glance: only a process without threads takes one."""
AFTER = """
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print(len(os.listdir("/dev/fd")) - len(before), "descriptors and no process left")
"""
NOTHING_LEFT = "0 descriptors and no process left\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="glances are taken on Linux only")


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", PROGRAM + program + AFTER, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with all that a folder can have."""
    for name in ("monday.txt", "2024/may.txt", "2024/05/one.txt", ".hidden/no.txt", "2024/.no.txt", "empty/.keep"):
        path = tmp_path / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    os.mkfifo(tmp_path / "library" / "pipe")
    (tmp_path / "library" / "link").symlink_to("2024")
    (tmp_path / "library" / "dangling").symlink_to("nowhere")
    return tmp_path / "library"


@pytest.mark.parametrize(
    "named", [["."], [".", "2024"], ["monday.txt"], ["link", "2024/may.txt"], ["empty", ".hidden"]]
)
def test_what_a_walk_has_seen_is_looked_at_again(
    named: list[str], library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library)
    walk = Walk()
    for name in named:
        walk.look(name)
    assert sorted(look(named)) == sorted(walk.listings)


@pytest.mark.parametrize("named", [["."], [".", "2024"], ["monday.txt"], ["link", "2024/may.txt"]])
@pytest.mark.parametrize("prepare", ["", "kill", "Glance.close"])
def test_a_glance_confirms_what_has_not_changed(named: list[str], prepare: str, library: Path) -> None:
    paths = [str(library / name) for name in named]
    assert run(f"print(confirms({prepare}))", *paths) == f"True\n{NOTHING_LEFT}"


@pytest.mark.parametrize(
    "change",
    [
        "open('2024/05/one.txt', 'a').write('x')",
        "os.utime('monday.txt', ns=(1, 1))",
        "os.utime('2024/may.txt', ns=(1, 1))",
        "os.unlink('2024/05/one.txt')",
        "open('2024/new.txt', 'w').close()",
        "os.mkdir('2024/05/new')",
        "os.rename('2024', '2025')",
        "os.chdir('..'); os.rename('library', 'gone')",
    ],
)
@pytest.mark.parametrize("prepare", ["", "kill"])
def test_a_glance_sees_any_change(change: str, prepare: str, library: Path) -> None:
    program = f"os.chdir(paths[0]); {change}\nprint(confirms({prepare}))"
    assert run(program, str(library)) == f"False\n{NOTHING_LEFT}"


@pytest.mark.parametrize("changed", ["000", "150", "299"])
def test_many_folders_are_looked_at_from_both_ends(changed: str, tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number:03}").mkdir()
        (tmp_path / f"{number:03}" / "digest.txt").touch()
    program = "print(confirms()); os.utime(sys.argv[1] + '/{}/digest.txt', ns=(1, 1)); print(confirms())"
    assert run(program.format(changed), str(tmp_path)) == f"True\nFalse\n{NOTHING_LEFT}"


@pytest.mark.parametrize(("files", "glances"), [(1100, 1), (10, 0)])
def test_a_refresh_takes_a_glance_where_there_are_many_files(files: int, glances: int, tmp_path: Path) -> None:
    for number in range(files):
        (tmp_path / f"{number}.txt").touch()
    program = """
from datetime import UTC, datetime
from newsreader.archive import Archive
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
marks = Marks(None, clock=lambda: datetime.now(UTC))
before = os.listdir("/dev/fd")
archive = Archive(None, marks.uri)
refresh(archive, Library((paths[0],)))
forks, fork = [], os.fork
os.fork = lambda: forks.append(fork()) or forks[-1]
print(refresh(archive, Library((paths[0],))).is_unchanged, len(forks))
archive.close()
"""
    assert run(program, str(tmp_path)) == f"True {glances}\n{NOTHING_LEFT}"


def test_no_glance_is_taken_beside_threads(library: Path) -> None:
    program = """
import threading
end = threading.Event()
thread = threading.Thread(target=end.wait)
thread.start()
print(take_glance(paths))
end.set()
thread.join()
"""
    assert run(program, str(library)) == f"None\n{NOTHING_LEFT}"


def test_who_takes_a_glance_stays_in_its_folder(library: Path) -> None:
    program = "here = os.getcwd(); confirms(); print(os.getcwd() == here)"
    assert run(program, str(library)) == f"True\n{NOTHING_LEFT}"


def test_what_cannot_be_looked_at_is_an_error(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library)
    with pytest.raises(FileNotFoundError):
        list(look([str(library / "gone")]))


def told(listings: list[Listing]) -> bytes:
    """What the other process writes."""
    data = map(marshal.dumps, listings)
    return b"".join(len(each).to_bytes(8, "big") + each for each in data)


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """What is written in the name of another process, which only sleeps: a test may have threads, and must not fork."""
    process = subprocess.Popen(["sleep", "1000"])
    reading, writing = os.pipe()
    monkeypatch.setattr(os, "pipe", lambda: (reading, os.dup(writing)))
    monkeypatch.setattr(os, "fork", lambda: process.pid)
    monkeypatch.setattr(glance_module, "_thread", SimpleNamespace(_count=int))
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})
    yield writing
    process.kill()
    process.wait()


def listings_of(library: Path) -> list[Listing]:
    walk = Walk()
    walk.look(str(library))
    return walk.listings


def test_what_comes_in_pieces_is_put_together(library: Path, other: int) -> None:
    listings = listings_of(library)
    data = told(listings)
    with closing(take_glance([str(library)])) as glance:  # type: ignore[type-var]
        assert glance is not None
        os.write(other, data[:3])
        assert glance._arrived(is_waiting=True) == []
        os.write(other, data[3:-1])
        assert glance._arrived(is_waiting=False) == listings[:-1]
        os.write(other, data[-1:] + data)
        assert glance._arrived(is_waiting=True) == [listings[-1], *listings]
        assert glance._arrived(is_waiting=False) == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_was_not_told_is_looked_at_here(count: int, library: Path, other: int) -> None:
    listings = listings_of(library)
    os.write(other, told(listings[:count]))
    with closing(Glance([str(library)])) as glance:
        os.close(other)
        assert glance.confirms(listings)
    (library / "monday.txt").unlink()
    assert not glance.confirms(listings)
    glance.close()


def test_what_was_told_is_not_looked_at_once_more(library: Path, other: int) -> None:
    listings = listings_of(library)
    os.write(other, told(listings))
    (library / "monday.txt").unlink()
    with closing(Glance([str(library)])) as glance:
        assert glance.confirms(listings), "it was seen before"
        os.write(other, told(listings_of(library)[:1]))
        assert not glance.confirms(listings)


@pytest.mark.parametrize("fails", ["fork", "pipe"])
def test_where_there_can_be_no_other_process_no_glance_is_taken(
    fails: str, library: Path, other: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise OSError

    monkeypatch.setattr(os, fails, fail)
    assert take_glance([str(library)]) is None


def test_the_other_process_tells_what_it_sees_and_ends(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library)
    monkeypatch.setattr(os, "_exit", sys.exit)
    reading, writing = os.pipe()
    with pytest.raises(SystemExit):
        glance_module._look_and_end([str(library)], writing)
    with open(reading, "rb") as pipe:
        size = int.from_bytes(pipe.read(8), "big")
        assert marshal.loads(pipe.read(size)) == next(look([str(library)]))


def test_what_was_asked_before_another_process_read_a_change_is_asked_again(library: Path) -> None:
    def release(title: str) -> str:
        return f"{title}\n\nSource: NATO\n\nText.\n\n\n"

    (library / "monday.txt").write_text(release("One"))
    with closing(Session([str(library)], is_quiet=True)) as session:
        session.refresh()
        (library / "monday.txt").write_text(release("One") + release("Two"))
        session._glance = cast(Glance, SimpleNamespace(confirms=is_as_listed, close=lambda: None))
        answers = []

        def ask() -> int:
            answers.append(session.archive.count(session.parse_query("source:nato")))
            if len(answers) == 1:
                with closing(Session([str(library)], is_quiet=True)) as other_session:
                    other_session.refresh()
            return answers[-1]

        report, answer = session.refresh_and_ask(ask)
        assert report.is_unchanged
        assert answer == 2
        assert session.refresh_and_ask(ask)[1] == 2
        assert answers == [1, 2, 2], "nothing is asked twice where nobody has read anything"


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **{f"XDG_{kind}_HOME": str(home / kind) for kind in ("DATA", "CACHE", "CONFIG")}}
    return subprocess.run(
        [sys.executable, "-m", "newsreader", *words],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("words", [["list"], ["count"], ["show"], ["sources"], ["mark", "star", "*"]])
def test_a_digest_that_is_changed_in_place_is_noticed_by_every_command(words: list[str], tmp_path: Path) -> None:
    digest = tmp_path / "library" / "deep" / "digest.txt"
    digest.parent.mkdir(parents=True)
    one = "Title\n\nSource: NATO\n\nBody {}.\n"
    digest.write_text(one.format("one"), "utf-8")
    library = ["-f", str(tmp_path / "library")]
    assert command(tmp_path, *words, *library).returncode == 0
    status = digest.stat()
    digest.write_text(one.format("two"), "utf-8")
    os.utime(digest, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert command(tmp_path, *words, *library, "-v").stderr.count("1 of them read now, 1 releases new, 1 gone") == 1
    assert command(tmp_path, "list", "two", *library).returncode == 0
    assert "0 of them read now" in command(tmp_path, *words, *library, "-v").stderr
