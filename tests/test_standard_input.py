"""A long digest on standard input: put by, read as any other, and gone at the end."""

from __future__ import annotations

import os
import select
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from newsreader import loader, session, standard_input
from newsreader.archive import Archive
from newsreader.config import cache_dir
from newsreader.errors import LibraryError
from newsreader.loader import Report
from newsreader.query import All
from newsreader.session import Session
from tests.conftest import PROJECT
from tests.test_hostile_files import DIGEST, PACKINGS


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[object]:
    """Put bytes on standard input."""
    saved = os.dup(0)

    def put(content: bytes) -> None:
        (tmp_path / "stdin").write_bytes(content)
        descriptor = os.open(tmp_path / "stdin", os.O_RDONLY)
        os.dup2(descriptor, 0)
        os.close(descriptor)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=SimpleNamespace(read=lambda size: os.read(0, size))))

    monkeypatch.setattr(standard_input, "MOST_HELD", 100)
    yield put
    os.dup2(saved, 0)
    os.close(saved)


@pytest.mark.parametrize("pack", [bytes, *PACKINGS.values()])
def test_long_input_is_read_as_often_as_need_be_and_its_archive_is_gone_at_the_end(stdin, pack) -> None:  # type: ignore[no-untyped-def]
    stdin(pack(DIGEST))
    with closing(Session(["-"], is_quiet=True)) as session:
        assert not isinstance(session.library.stdin, bytes)
        assert session.refresh().failures == []
        assert session.refresh().failures == []
        assert session.archive.count(All()) == 50
        assert session.archive_path is None, "no first screen is kept for it"
        assert len(os.listdir(cache_dir())) > 0
    assert os.listdir(cache_dir()) == []


def test_where_nothing_can_be_put_by_it_is_held(stdin, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def fail() -> None:
        raise FileNotFoundError("there is no folder")

    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    stdin(DIGEST)
    with closing(Session(["-"], is_quiet=True)) as session:
        session.refresh()
        assert session.archive.count(All()) == 50


def test_a_disk_without_room_is_told(stdin, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: open("/dev/full", "r+b", buffering=0))  # noqa: SIM115
    stdin(DIGEST)
    with pytest.raises(LibraryError, match="No space left on device"):
        standard_input.spooled_input()


def test_an_archive_that_a_full_disk_stops_is_not_left_there(stdin, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    refresh = loader.refresh
    paths: list[str] = []

    def fill_the_disk(archive: Archive, *arguments: Any, **options: Any) -> Report:
        report = refresh(archive, *arguments, **options)
        if not paths:
            paths.extend(os.listdir(cache_dir()))
            raise sqlite3.OperationalError("database or disk is full") from None
        return report

    monkeypatch.setattr(loader, "refresh", fill_the_disk)
    monkeypatch.setattr(session, "_is_of_the_file", lambda error: True)
    stdin(DIGEST)
    with closing(Session(["-"], is_quiet=True)) as run:
        run.refresh()
        assert paths != []
        assert os.listdir(cache_dir()) == []
        assert run.archive.count(All()) == 50


@pytest.mark.parametrize("size", [100, 101, 1000, 1001])
def test_only_what_is_too_long_is_refused(stdin, size: int, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(standard_input, "MOST_INPUT", 1000)
    stdin(b"x" * size)
    if size > 1000:
        with pytest.raises(LibraryError, match="holds more than"):
            standard_input.spooled_input()
        return
    content = standard_input.spooled_input()
    assert isinstance(content, bytes) == (size <= 100)
    stream = BytesIO(content) if isinstance(content, bytes) else content
    stream.seek(0)
    assert stream.read() == b"x" * size
    stream.close()


def test_nothing_is_missed_of_a_pipe_that_was_set_not_to_wait() -> None:
    halves = (b"One\n\nSource: EU\n\nText.\n", b"\n\nTwo\n\nSource: EU\n\nText.\n")
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with subprocess.Popen(
        [sys.executable, "-m", "newsreader", "count", "-f", "-"], cwd=PROJECT, stdin=reading, stdout=subprocess.PIPE
    ) as process:
        for half in halves:
            os.write(writing, half)
            while select.select([reading], [], [], 0)[0]:
                assert process.poll() is None
        os.close(writing)
        assert process.stdout is not None
        assert process.stdout.read() == b"2\n"
    os.close(reading)


MEASURE = """
import resource, subprocess, sys
status = subprocess.call([sys.executable, "-m", "newsreader", "count", "-f", "-"])
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, flush=True)
"""
"""A program between: what a large process starts, counts as large as that for a moment."""


def test_ninety_megabytes_on_standard_input_take_less_memory_than_that() -> None:
    release = b"Title\n\nSource: EU\n\n" + b"The same words again and again, as in a bad dream.\n" * 1000
    with subprocess.Popen(
        [sys.executable, "-c", MEASURE], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(90_000_000 // len(release)):
            process.stdin.write(release + b"\n")
        process.stdin.close()
        count, status, memory = process.stdout.read().split()
    assert (count, status) == (b"1", b"0")
    assert int(memory) < 90_000 * (1 if sys.platform != "darwin" else 1024)
