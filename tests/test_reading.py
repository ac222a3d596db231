"""What a process that reads digests for another sends is what it read."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from pathlib import Path
from threading import Thread

import pytest

from newsreader import reading
from newsreader.indexing import IndexedRelease, ReadDigest
from newsreader.models import Problem
from newsreader.reading import read_file, read_files, read_piped, receive
from newsreader.walk import FoundFile


def found(path: Path) -> FoundFile:
    return os.fsencode(path), path.stat().st_size, path.stat().st_mtime_ns


def sent_and_received(file: FoundFile) -> ReadDigest | Problem:
    """What is read of a file, after its way through a pipe."""
    stream = io.BytesIO(b"".join(map(pickle.dumps, reading._messages(read_file(file)))))
    result = receive(stream, file, "")
    if isinstance(result, ReadDigest):
        releases: list[IndexedRelease] = list(result.releases)
        assert not stream.read()
        return ReadDigest(
            file, releases, result.problems, result.count, result.size, result.is_long, members=result.members
        )
    return result


def as_read(file: FoundFile) -> ReadDigest | Problem:
    result = read_file(file)
    if isinstance(result, ReadDigest):
        releases = list(result.releases)
        return ReadDigest(file, releases, result.problems, result.count, result.size, result.is_long, result.members)
    return result


@pytest.mark.parametrize("piece_bytes", [1, 1 << 18])
def test_digests_arrive_as_they_were_read(piece_bytes: int, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PIECE_BYTES", piece_bytes)
    for path in seeds.iterdir():
        result = sent_and_received(found(path))
        assert result == as_read(found(path))
        assert isinstance(result, ReadDigest)
        assert result.count > 0


def test_a_long_digest_arrives_release_by_release(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONG_RELEASES", 3)
    for path in seeds.iterdir():
        result = sent_and_received(found(path))
        assert result == as_read(found(path))
        assert isinstance(result, ReadDigest)
        assert result.is_long


def test_problems_and_what_a_zip_file_holds_arrive_too(tmp_path: Path) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_bytes(b"no head\n\nSource:\nX\n\xff")
    archive = tmp_path / "some.zip"
    with zipfile.ZipFile(archive, "w") as stream:
        stream.writestr("one.txt", "Title\n\nSource: X\n\nText.")
    missing = (os.fsencode(tmp_path / "missing.txt"), 1, 1)
    for file in (found(odd), found(archive), missing):
        assert sent_and_received(file) == as_read(file)
    assert isinstance(sent_and_received(missing), Problem)
    result = sent_and_received(found(archive))
    assert isinstance(result, ReadDigest)
    assert [member[0] for member in result.members] == [os.fsencode(archive / "one.txt")]
    member = sent_and_received(result.members[0])
    assert isinstance(member, ReadDigest)
    assert [release.title for release in member.releases] == ["Title"]


def test_what_waits_to_be_sent_is_held_back_and_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_WAITING_BYTES", 10)
    outbox = reading._Outbox()
    messages = [bytes([number]) * 4 for number in range(200)]

    def fill() -> None:
        for message in (*messages, b""):
            outbox.put(message)

    thread = Thread(target=fill)
    thread.start()
    taken = []
    while content := outbox.take():
        assert len(content) < 10 + 4
        taken.append(bytes(content))
    thread.join()
    assert b"".join(taken) == b"".join(messages)


def test_processes_that_cannot_be_started_are_done_without(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MANY_BYTES", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    files = [found(path) for path in sorted(seeds.iterdir())]
    expected = [as_read(file) for file in files]
    for program in ("/nonexistent/python", "/bin/true"):
        monkeypatch.setattr("sys.executable", program)
        assert list(read_files(files)) == expected


def test_standard_input_may_be_packed_but_is_no_zip_file() -> None:
    import gzip

    text = b"Title\n\nSource: X\n\nText."
    plain, packed = read_piped(text, "-"), read_piped(gzip.compress(text), "-")
    assert isinstance(plain, ReadDigest)
    assert isinstance(packed, ReadDigest)
    assert [release.id for release in packed.releases] == [release.id for release in plain.releases]
    refused = read_piped(b"PK\x03\x04rest", "-")
    assert isinstance(refused, Problem)
    assert refused.is_failure
