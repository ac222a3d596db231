"""A glance by another process: it sees what a walk sees, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsreader.listing import Listing, look
from newsreader.walk import Walk

PROGRAM = """
import contextlib, os, sys
from newsreader.glance import Glance, take_glance
from newsreader.listing import look
paths = sys.argv[1:]
before = os.listdir("/dev/fd")
def seen():
    with contextlib.closing(Glance(paths)) as glance:
        return glance.listings()
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


def walked(*paths: str) -> list[Listing]:
    walk = Walk()
    for path in paths:
        walk.look(path)
    return sorted(walk.listings)


@pytest.mark.parametrize(
    "named", [["."], [".", "2024"], ["monday.txt"], ["link", "2024/may.txt"], ["empty", ".hidden"]]
)
def test_a_glance_sees_what_a_walk_sees(named: list[str], library: Path) -> None:
    paths = [str(library / name) for name in named]
    seen = run("print(sorted(seen()))", *paths)
    assert seen == f"{walked(*paths)}\n{NOTHING_LEFT}"


def test_what_cannot_be_looked_at_makes_no_glance(library: Path) -> None:
    assert run("print(seen())", str(library), str(library / "gone")) == f"None\n{NOTHING_LEFT}"


def test_a_glance_that_was_stopped_tells_nothing(library: Path) -> None:
    program = "glance = Glance(paths); os.kill(glance._process, 9); os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)\n"
    told = run(f"{program}print(glance.listings() in (None, look(paths))); glance.close()", str(library))
    assert told == f"True\n{NOTHING_LEFT}"


def test_a_glance_is_over_when_it_is_closed(library: Path) -> None:
    assert run("glance = Glance(paths); glance.close(); print(glance.listings())", str(library)) == (
        f"None\n{NOTHING_LEFT}"
    )


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
    program = "here = os.getcwd(); seen(); print(os.getcwd() == here)"
    assert run(program, str(library)) == f"True\n{NOTHING_LEFT}"


def test_what_cannot_be_looked_at_is_an_error(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library)
    with pytest.raises(FileNotFoundError):
        look([str(library / "gone")])


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
