"""Hostile files: each is read as far as can be, said by name, line and reason, and never harms the good one beside it.

Sizes are scaled down where cost is linear; the same was tried by hand at full size.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import socket
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from newsreader import digest, digest_lines, unpacking
from newsreader.archive import Archive
from newsreader.dates import Evidence, settle
from newsreader.loader import Library, Progress, Report, refresh
from newsreader.marks import Marks
from newsreader.models import Date, Headline, Problem, Release
from newsreader.query_tree import All
from newsreader.reading import read_file
from tests.conftest import NOW

GOOD = b"Good\n\nSource: NATO\n\nGood text."
DIGEST = b"\n\n".join(
    b"Title %d\n\nSource: NATO\n\nBody %d: %x" % (n, n, random.Random(n).getrandbits(400)) for n in range(50)
)
PACKINGS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


class Shelf:
    """A folder with a good digest and whatever else a test puts beside it, and what was read from it."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "library"
        self.folder.mkdir()
        self.put("good.txt", GOOD)
        self.marks = Marks(None, clock=lambda: NOW)
        self.archive = Archive(None, self.marks.uri)

    def put(self, name: str | bytes, content: bytes) -> Path:
        path = self.folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def read(self, *paths: Path, encoding: str = "", follow: bool = False) -> Report:
        """Refresh, and see that the good digest was read."""
        named = tuple(str(path) for path in paths or (self.folder,))
        report = refresh(self.archive, Library(named, encoding=encoding, follows_links=follow))
        assert paths or "Good" in self.titles()
        return report

    def headlines(self) -> list[Headline]:
        return list(self.archive.find(All()))

    def titles(self) -> set[str]:
        return {headline.title for headline in self.headlines()}

    def release(self, title: str) -> Release:
        (place,) = {headline.place for headline in self.headlines() if headline.title == title}
        release = self.archive.release(place)
        assert release is not None
        return release

    def counts(self) -> dict[str, int]:
        """How many releases each file but the good one has."""
        counts = {os.path.relpath(path, self.folder): count for path, count in self.archive.digests()}
        assert counts.pop("good.txt") == 1
        return counts


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.archive.close()
    shelf.marks.close()


def only(problems: list[Problem]) -> Problem:
    (problem,) = problems
    return problem


def run(*words: str, stdin: bytes = b"", most_memory: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "newsreader", *words], input=stdin, capture_output=True, timeout=60, check=False
    )


# Packed files


@pytest.mark.parametrize("kind", PACKINGS)
def test_packed_digests_are_read_and_offsets_count_in_the_unpacked_text(shelf: Shelf, kind: str) -> None:
    path = shelf.put("packed.anything", PACKINGS[kind](DIGEST))
    assert shelf.read().problems == []
    assert shelf.counts() == {"packed.anything": 50}
    (origin,) = shelf.release("Title 7").origins
    assert origin.digest == str(path)
    assert DIGEST[origin.offset :].startswith(b"Title 7\n")
    assert shelf.read().read == 0


@pytest.mark.parametrize("kind", PACKINGS)
@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_what_was_read_before_a_packed_file_ends_too_early_is_kept(shelf: Shelf, kind: str, cut: float) -> None:
    packed = PACKINGS[kind](DIGEST)
    path = shelf.put("cut", packed[: int(len(packed) * cut)])
    for _ in range(2):  # the next run says it, too
        problem = only(shelf.read().problems)
        assert problem.is_failure
        assert problem.digest == str(path)
        assert kind in problem.reason
        assert "ends too early" in problem.reason
        if kind != "bzip2":  # which packs in blocks of 900 kB: nothing of one can be had without all of it
            count = shelf.counts()["cut"]
            assert 5 < count < 50
            assert abs(problem.line - 6 * count) <= 6


@pytest.mark.parametrize("kind", PACKINGS)
def test_a_damaged_packed_file_is_said_to_be_so_at_any_byte(shelf: Shelf, kind: str) -> None:
    packed = PACKINGS[kind](DIGEST)
    for place in range(0, len(packed), len(packed) // 20):
        content = bytearray(packed)
        content[place] ^= 0x55
        shelf.put("damaged", bytes(content))
        problems = [problem for problem in shelf.read().problems if problem.is_failure or "not text" in problem.reason]
        harmless = kind == "gzip" and place < 10  # the time and the name in its head
        assert problems or harmless or shelf.counts() == {"damaged": 50}


def test_all_of_a_gzip_file_but_its_checksum_is_kept(shelf: Shelf) -> None:
    packed = bytearray(gzip.compress(DIGEST))
    packed[-6] ^= 1
    shelf.put("damaged.gz", bytes(packed))
    problem = only(shelf.read().problems)
    assert (problem.is_failure, problem.line) == (True, DIGEST.count(b"\n") + 1)
    assert shelf.counts() == {"damaged.gz": 50}


@pytest.mark.parametrize("kind", PACKINGS)
def test_packed_streams_that_follow_each_other_and_padding_are_read(shelf: Shelf, kind: str) -> None:
    pack = PACKINGS[kind]
    shelf.put("twice", pack(DIGEST) + pack(b"\n\nLast\n\nSource: NATO\n\nLast text.") + b"\0" * 1000)
    assert shelf.read().problems == []
    assert shelf.counts() == {"twice": 51}


@pytest.mark.parametrize("kind", PACKINGS)
def test_what_follows_a_packed_stream_is_told(shelf: Shelf, kind: str) -> None:
    shelf.put("trailing", PACKINGS[kind](DIGEST) + b"what is this?")
    problem = only(shelf.read().problems)
    assert problem.is_failure
    assert "something else follows" in problem.reason
    assert shelf.counts() == {"trailing": 50}


@pytest.mark.parametrize("kind", PACKINGS)
def test_a_bomb_is_read_to_the_cap_and_no_further(shelf: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 300_000)
    shelf.put("bomb", PACKINGS[kind](DIGEST + b"\n" + b"boom " * 1_000_000))
    problem = only(shelf.read().failures)
    assert "unpacks to more than" in problem.reason
    assert shelf.counts() == {"bomb": 50}
    assert shelf.release("Title 49").headline.words < 60_000


def test_an_xz_file_cannot_demand_gigabytes(shelf: Shelf) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 4096}]
    packed = bytearray(lzma.compress(b"x" * 100_000, filters=filters))
    packed[16] = 40  # a dictionary of 4 GiB
    packed[20:24] = struct.pack("<I", zlib.crc32(bytes(packed[12:20])))
    shelf.put("greedy.xz", bytes(packed))
    assert "damaged (Memory usage limit" in only(shelf.read().failures).reason


def test_packed_standard_input_is_read_like_a_file(shelf: Shelf) -> None:
    for pack in PACKINGS.values():
        archive = Archive(None, shelf.marks.uri)
        assert refresh(archive, Library(("-",), pack(DIGEST))).added == 50
        archive.close()
    report = refresh(shelf.archive, Library(("-",), zipped({"a.txt": DIGEST})))
    assert "save it" in only(report.failures).reason


# Zip files


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_digests_in_a_zip_file_are_read_as_if_it_were_a_folder(shelf: Shelf, method: int) -> None:
    path = shelf.put("all.zip", zipped({"a.txt": DIGEST, "sub/b.txt": b"B\n\nSource: EU\n\ntext"}, method))
    report = shelf.read()
    assert report.problems == []
    assert shelf.counts() == {"all.zip/a.txt": 50, "all.zip/sub/b.txt": 1}
    (origin,) = shelf.release("Title 9").origins
    assert origin.digest == f"{path}/a.txt"
    assert origin.name == "all.zip/a.txt"
    assert DIGEST[origin.offset :].startswith(b"Title 9\n")
    assert shelf.read().read == 0


def test_what_leaves_a_zip_file_leaves_the_archive(shelf: Shelf) -> None:
    path = shelf.put("all.zip", zipped({"a.txt": b"A\n\nSource: EU\n\na", "b.txt": b"B\n\nSource: EU\n\nb"}))
    shelf.read()
    assert shelf.titles() == {"Good", "A", "B"}
    shelf.put("all.zip", zipped({"b.txt": b"B\n\nSource: EU\n\nb", "c.txt": b"C\n\nSource: EU\n\nc"}))
    os.utime(path, ns=(1, 1))
    shelf.read()
    assert shelf.titles() == {"Good", "B", "C"}
    shelf.put("all.zip", b"No zip\n\nSource: EU\n\nany more")
    os.utime(path, ns=(2, 2))
    shelf.read()
    assert shelf.titles() == {"Good", "No zip"}
    shelf.put("all.zip", zipped({"b.txt": b"B\n\nSource: EU\n\nb"}))
    shelf.read()
    path.unlink()
    shelf.read()
    assert shelf.titles() == {"Good"}


def test_a_stopped_refresh_reads_a_zip_file_the_next_time(shelf: Shelf) -> None:
    shelf.put("all.zip", zipped({f"{number}.txt": b"T%d\n\nSource: EU\n\nt" % number for number in range(5)}))
    answers = iter([False, False, True])
    report = refresh(shelf.archive, Library((str(shelf.folder),)), should_stop=lambda: next(answers))
    assert not report.is_complete
    shelf.read()
    assert shelf.titles() == {"Good", *(f"T{number}" for number in range(5))}


def test_odd_members_of_a_zip_file_are_told_and_lead_nowhere(shelf: Shelf, tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("same.txt", b"One\n\nSource: EU\n\none")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("same.txt", b"Two\n\nSource: EU\n\ntwo")
        file.writestr("/abs.txt", b"Abs\n\nSource: EU\n\nabs")
        file.writestr("../out.txt", b"Out\n\nSource: EU\n\nout")
        file.writestr(".hidden", b"Hidden\n\nSource: EU\n\nhidden")
        file.writestr("picture.png", b"\x89PNG\r\n\x1a\n\0")
        file.writestr("packed.gz", gzip.compress(DIGEST))
        file.writestr("\x1b]0;x\x07\n[/b].txt", b"Name\n\nSource: EU\n\nname")
        file.writestr("other.txt", DIGEST)
        file.getinfo("other.txt").compress_type = 98  # PPMd
    shelf.put("odd.zip", content.getvalue())
    report = shelf.read()
    assert shelf.titles() == {"Good", "One", "Two", "Abs", "Name"}
    assert not (tmp_path / "out.txt").exists()
    said = [f"{problem.digest} {problem.reason}" for problem in report.problems]
    for name in ("link.txt", "../out.txt", ".hidden", "picture.png", "packed.gz", "other.txt"):
        assert len([line for line in said if name in line]) == 1, name
    assert "method" in only(report.failures).reason


def test_an_encrypted_member_is_told_and_the_others_are_read(shelf: Shelf) -> None:
    content = bytearray(zipped({"a.txt": DIGEST, "b.txt": b"B\n\nSource: EU\n\nb"}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    shelf.put("secret.zip", bytes(content))
    problem = only(shelf.read().failures)
    assert "encrypted" in problem.reason
    assert "a.txt" in problem.reason
    assert shelf.titles() == {"Good", "B"}


def lzma_head(content: bytearray) -> int:
    """Where the head of the only member's packed bytes begins."""
    return 30 + int.from_bytes(content[26:28], "little") + int.from_bytes(content[28:30], "little")


def test_a_member_packed_by_lzma_may_ask_for_any_memory_and_gets_what_it_can_fill(shelf: Shelf) -> None:
    content = bytearray(zipped({"a.txt": DIGEST}, zipfile.ZIP_LZMA))
    head = lzma_head(content)
    content[head + 5 : head + 9] = b"\xff\xff\xff\xff"
    shelf.put("greedy.zip", bytes(content))
    assert shelf.read().problems == []
    assert shelf.counts() == {"greedy.zip/a.txt": 50}


@pytest.mark.parametrize(("place", "value"), [(2, 6), (4, 255), (4, 44), (9, 0xFF), (200, 0x5A)])
def test_a_damaged_member_packed_by_lzma_is_told(shelf: Shelf, place: int, value: int) -> None:
    content = bytearray(zipped({"a.txt": DIGEST}, zipfile.ZIP_LZMA))
    content[lzma_head(content) + place] ^= value
    shelf.put("damaged.zip", bytes(content))
    assert only(shelf.read().failures).digest.endswith("damaged.zip/a.txt")


def test_a_member_packed_by_lzma_that_lies_about_its_size_is_found_out(shelf: Shelf) -> None:
    content = bytearray(zipped({"a.txt": DIGEST}, zipfile.ZIP_LZMA))
    size = content.index(b"PK\x01\x02") + 24
    content[size : size + 4] = b"\x05\0\0\0"
    shelf.put("lies.zip", bytes(content))
    assert "longer than" in only(shelf.read().failures).reason


def test_a_damaged_member_is_kept_to_the_damage_and_the_others_wholly(shelf: Shelf) -> None:
    content = bytearray(zipped({"a.txt": DIGEST, "b.txt": b"B\n\nSource: EU\n\nb"}))
    content[len(content) // 2] ^= 0xFF
    path = shelf.put("damaged.zip", bytes(content))
    problem = only(shelf.read().failures)
    assert problem.digest == f"{path}/a.txt"
    assert problem.line > 1
    assert 5 < shelf.counts()["damaged.zip/a.txt"] <= 50
    assert "B" in shelf.titles()


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 500, b"PK\x05\x06" + b"\xff" * 18])
def test_what_only_begins_like_a_zip_file_is_told(shelf: Shelf, content: bytes) -> None:
    path = shelf.put("broken.zip", content)
    problem = only(shelf.read().failures)
    assert problem.digest == str(path)


def test_a_zip_file_that_was_cut_off_is_kept_to_there(shelf: Shelf) -> None:
    content = zipped({"a.txt": b"A\n\nSource: EU\n\na", "b.txt": DIGEST, "c.txt": DIGEST})
    path = shelf.put("cut.zip", content[: len(content) // 3])
    failures = shelf.read().failures
    assert [problem.digest for problem in failures] == [str(path), f"{path}/b.txt"]
    assert failures[1].line > 1
    assert shelf.titles() > {"Good", "A", "Title 3"}


@pytest.mark.parametrize(
    ("place", "change", "reason"),
    [
        (b"PK\x01\x02", (16, b"\1\2\3\4"), "its checksum is another"),
        (b"PK\x01\x02", (24, b"\x05\0\0\0"), "longer than the table of contents says"),
        (b"PK\x01\x02", (24, b"\xff\xff\0\0"), "ends too early"),
        (b"PK\x01\x02", (42, b"\x02\0\0\0"), "not where the table of contents says"),
        (b"PK\x03\x04", (0, b"XXXX"), ""),
    ],
)  # fmt: skip
def test_a_zip_file_that_lies_about_a_member_is_found_out(
    shelf: Shelf, place: bytes, change: tuple[int, bytes], reason: str
) -> None:
    content = bytearray(zipped({"a.txt": DIGEST, "b.txt": b"B\n\nSource: EU\n\nb"}, zipfile.ZIP_STORED))
    start = content.index(place) + change[0]
    content[start : start + len(change[1])] = change[1]
    shelf.put("lies.zip", bytes(content))
    problems = shelf.read().problems
    assert reason in " ".join(problem.reason for problem in problems)
    assert problems or shelf.counts()["lies.zip"] == 0
    if reason:
        assert "B" in shelf.titles()
        assert only(problems).is_failure


def test_a_member_without_a_name_is_read(shelf: Shelf) -> None:
    content = zipped({"\x7f": b"Nameless\n\nSource: EU\n\ntext"}, zipfile.ZIP_STORED)
    shelf.put("nameless.zip", content.replace(b"\x7f", b"\0"))
    assert shelf.read().problems == []
    assert shelf.counts() == {"nameless.zip/unnamed": 1}


def test_a_zip_file_that_is_replaced_after_it_was_looked_into_is_told(shelf: Shelf) -> None:
    path = shelf.put("all.zip", zipped({"a.txt": DIGEST}))
    for member in ("b.txt", "a.txt/more", ""):
        read = read_file((os.fsencode(path) + b"/" + member.encode(), 1, 1))
        assert isinstance(read, Problem)
        assert "its zip file has changed" in read.reason
    read = read_file((os.fsencode(shelf.folder / "good.txt") + b"/a.txt", 1, 1))
    assert isinstance(read, Problem)


def test_an_empty_zip_file_is_told(shelf: Shelf) -> None:
    shelf.put("empty.zip", zipped({}))
    assert "empty zip file" in only(shelf.read().problems).reason


def test_a_zip_file_that_unpacks_to_too_much_is_read_to_the_cap(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsreader.zip_files.MOST_UNPACKED", 1_000_000)
    shelf.put("bomb.zip", zipped({"a.txt": DIGEST, "b.txt": b"\n" * 2_000_000, "c.txt": b"C\n\nSource: EU\n\nc"}))
    problem = only(shelf.read().failures)
    assert problem.reason.startswith("b.txt: ")
    assert "C" in shelf.titles()


def test_a_zip_file_whose_members_share_their_bytes_is_refused(shelf: Shelf) -> None:
    content = zipped({"a.txt": b"A\n\nSource: EU\n\n" + os.urandom(3000).hex().encode()})
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    entries = content[start:end] * 50
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 50, 50, len(entries), start, 0)
    shelf.put("overlap.zip", content[:start] + entries + tail)
    assert "lie over each other" in only(shelf.read().failures).reason


def test_office_documents_are_no_folders_of_digests(shelf: Shelf) -> None:
    shelf.put("letter.docx", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    shelf.put("letter.odt", zipped({"mimetype": b"application/x", "content.xml": b"<x/>"}))
    report = shelf.read()
    assert shelf.titles() == {"Good"}
    assert len(report.problems) == 2
    assert report.failures == []


# Long files


@pytest.fixture
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have limits that tests can reach quickly."""
    monkeypatch.setattr(digest, "LONGEST_BODY", 100_000)
    monkeypatch.setattr(digest, "MOST_LINES", 1000)
    monkeypatch.setattr(digest_lines, "LONGEST_LINE", 100_000)


def parts(shelf: Shelf, title: str) -> list[str]:
    """The bodies of a release that is kept in parts."""
    bodies = [shelf.release(title).body]
    while f"{title} (part {len(bodies) + 1})" in shelf.titles():
        bodies.append(shelf.release(f"{title} (part {len(bodies) + 1})").body)
    return bodies


@pytest.mark.usefixtures("short_parts")
@pytest.mark.parametrize("word", ["x", "é", "漢", "🙂", "word "], ids=ascii)
def test_a_line_without_end_is_kept_in_parts_and_nothing_of_it_is_lost(shelf: Shelf, word: str) -> None:
    line = word * (1_000_000 // len(word.encode()))
    content = f"Long\n\nSource: X\n\n{line}\n\nNext\n\nSource: X\n\nnext text".encode()
    shelf.put("long.txt", content)
    problem = only(shelf.read().problems)
    assert (problem.line, problem.is_failure) == (5, False)
    assert "in parts" in problem.reason
    bodies = parts(shelf, "Long")
    assert len(bodies) >= 10
    assert "".join(bodies).replace(" ", "") == line.replace(" ", "")
    for number in range(2, len(bodies)):
        (origin,) = shelf.release(f"Long (part {number})").origins
        assert content[origin.offset :].startswith(word.encode())
    assert shelf.release("Next").body == "next text"
    assert shelf.release("Next").origins[0].line == 7


@pytest.mark.usefixtures("short_parts")
def test_a_long_release_of_many_lines_is_kept_in_parts_and_the_next_head_is_found(shelf: Shelf) -> None:
    lines = [f"line {number}" for number in range(5500)]
    text = "\n".join(lines)
    for gap in range(1, 4):
        content = f"Long\n\nSource: X\n\n{text}{chr(10) * gap}Next\n\nSource: X\n\nnext text"
        shelf.put("long.txt", content.encode())
        os.utime(shelf.folder / "long.txt", ns=(gap, gap))
        shelf.read()
        assert "\n".join(parts(shelf, "Long")) == text
        assert content.splitlines()[shelf.release("Next").origins[0].line - 1] == "Next"


@pytest.mark.usefixtures("short_parts")
def test_blank_lines_without_end_make_no_releases_of_nothing(shelf: Shelf) -> None:
    shelf.put("blank.txt", b"\n" * 50_000)
    shelf.put("between.txt", b"Title\n\nSource: X\n" + b"\n" * 50_000 + b"text" + b"\n" * 50_000 + b"more")
    shelf.read()
    assert shelf.counts() == {"blank.txt": 0, "between.txt": 2}
    assert parts(shelf, "Title") == ["text", "more"]


@pytest.mark.usefixtures("short_parts")
def test_text_without_a_head_can_be_one_long_line(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "LONGEST_TITLE", 50_000)
    shelf.put("word.txt", b"w" * 1_000_000)
    report = shelf.read()
    assert {problem.is_failure for problem in report.problems} == {False}
    assert "".join(parts(shelf, "Untitled")) == "w" * 1_000_000


def test_a_digest_of_many_releases_is_not_held_as_a_whole(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsreader.reading.LONG_RELEASES", 20)
    held: list[int] = []

    def settle_and_count(evidence: Sequence[Evidence]) -> list[Date]:
        held.append(len(evidence))
        return settle(evidence)

    monkeypatch.setattr("newsreader.reading.settle", settle_and_count)
    shelf.put("many.txt", DIGEST)
    shelf.read()
    assert held == [1, 20, 20, 10]
    assert shelf.counts() == {"many.txt": 50}


def test_the_way_through_a_long_digest_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsreader.reading.LONG_RELEASES", 20)
    monkeypatch.setattr("newsreader.loader._RELEASES_BETWEEN_PROGRESS", 10)
    path = shelf.put("many.txt", DIGEST)
    told: list[Progress] = []
    refresh(shelf.archive, Library((str(path),)), on_progress=told.append)
    assert [progress.releases for progress in told] == [0, 10, 20, 30, 40, 50, 50]
    assert sorted({progress.bytes for progress in told}) == [progress.bytes for progress in told[:-1]] + [len(DIGEST)]
    assert told[3].bytes == DIGEST.index(b"Title 29")


def test_a_title_of_200_kilobytes_is_a_title(shelf: Shelf) -> None:
    title = "word " * 40_000
    shelf.put("title.txt", f"{title}\n\nSource: X\n\ntext".encode())
    assert shelf.read().problems == []
    assert title.strip() in shelf.titles()


def test_remarks_without_end_are_counted(shelf: Shelf) -> None:
    shelf.put("odd.txt", b"T\n\nSource: X\n\n" + b"Source: Y\ntext\n\n" * 3000)
    report = shelf.read()
    assert len(report.problems) == 1001
    assert any("2,000 more remarks" in problem.reason for problem in report.problems)


def test_ten_thousand_identical_releases_are_one(shelf: Shelf) -> None:
    shelf.put("same.txt", b"Same\n\nSource: X\n\nThe same text.\n\n" * 10_000)
    assert shelf.read().problems == []
    assert shelf.counts() == {"same.txt": 10_000}
    release = shelf.release("Same")
    assert len(release.origins) == 10_000


# More than the archive has room for


def test_more_releases_of_one_day_than_there_is_room_for_are_kept(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.indexing.OVERFLOW_BITS", 1)
    text = "".join(f"T{n}\n\nSource: X\n\n2 October 2024 | Body {n}\n\n" for n in range(300))
    shelf.put("day.txt", text.encode())
    shelf.read()
    assert len(shelf.titles()) == 301
    assert {str(shelf.release(f"T{n}").headline.date) for n in (0, 150, 299)} == {"2024-10-02"}


def test_more_sources_than_there_is_room_for_are_told_and_their_releases_kept(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.indexing.SOURCE_BITS", 3)
    path = shelf.put("sources.txt", b"".join(b"T%d\n\nSource: S%d\n\ntext %d\n\n" % (n, n, n) for n in range(20)))
    problem = only(shelf.read().problems)
    assert (problem.digest, problem.line) == (str(path), 6 * 6 + 1)
    assert "more than 7 sources" in problem.reason
    sources = {headline.title: headline.source for headline in shelf.headlines()}
    assert [sources[f"T{n}"] for n in (0, 5, 6, 19)] == ["S0", "S5", "", ""]


# What is found in folders


def said(report: Report) -> dict[str, str]:
    """What was said of each file, by its name."""
    return {Path(problem.digest).name: problem.reason for problem in report.problems}


def test_links_are_not_followed_unless_asked(shelf: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "out.txt").write_bytes(b"Out\n\nSource: EU\n\nout")
    (shelf.folder / "file").symlink_to(outside / "out.txt")
    (shelf.folder / "folder").symlink_to(outside)
    (shelf.folder / "loop").symlink_to(shelf.folder)
    (shelf.folder / "self").symlink_to("self")
    (shelf.folder / "nowhere").symlink_to("nothing")
    (shelf.folder / "zero").symlink_to("/dev/zero")
    (outside / "back").symlink_to(shelf.folder)
    report = shelf.read()
    assert report.failures == []
    assert set(said(report)) == {"file", "folder", "loop", "self", "nowhere", "zero"}
    assert shelf.titles() == {"Good"}
    for _ in range(2):
        report = shelf.read(follow=True)
        assert shelf.counts() == {"file": 1, "folder/out.txt": 1}
        assert {Path(problem.digest).name for problem in report.failures} == {"self", "nowhere"}
        assert set(said(report)) == {"self", "nowhere", "zero", "loop", "back"}
    (outside / "out.txt").write_bytes(b"Changed\n\nSource: EU\n\nout")
    shelf.read(follow=True)
    assert shelf.titles() == {"Good", "Changed"}


def test_a_link_that_is_named_is_followed(shelf: Shelf, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(shelf.folder)
    assert shelf.read(link).problems == []
    assert shelf.titles() == {"Good"}


def test_devices_pipes_and_sockets_are_told_and_never_opened(shelf: Shelf) -> None:
    os.mkfifo(shelf.folder / "pipe")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(shelf.folder / "socket"))
        report = shelf.read()
        assert set(said(report)) == {"pipe", "socket"}
        assert report.failures == []
        for named in (shelf.folder / "pipe", shelf.folder / "socket", Path("/dev/zero"), Path("/dev/null")):
            assert "neither a file nor a folder" in only(shelf.read(named, shelf.folder / "good.txt").failures).reason


def test_what_takes_the_place_of_a_file_is_not_waited_for(shelf: Shelf) -> None:
    os.mkfifo(shelf.folder / "pipe")
    for path in (shelf.folder / "pipe", Path("/dev/zero"), shelf.folder):
        read = read_file((os.fsencode(path), 5, 5))
        assert isinstance(read, Problem)
        assert read.is_failure


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="only Linux has such a file")
def test_a_file_that_can_be_opened_but_not_read_is_told(shelf: Shelf) -> None:
    problem = only(shelf.read(Path("/proc/self/mem"), shelf.folder / "good.txt").failures)
    assert "could not be read" in problem.reason
    assert shelf.titles() == {"Good"}


def test_sixty_folders_deep_is_not_too_deep(shelf: Shelf) -> None:
    shelf.put("/".join(["folder"] * 60) + "/deep.txt", b"Deep\n\nSource: EU\n\ndeep")
    assert shelf.read().problems == []
    assert shelf.titles() == {"Good", "Deep"}


@pytest.mark.parametrize("mode", ["folder", "file"])
def test_what_may_not_be_read_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    path = shelf.put("closed/closed.txt", DIGEST)
    refused = path.parent if mode == "folder" else path
    calls = {"listdir": os.listdir, "open": os.open}

    def refuse(name: str) -> Callable[..., object]:
        def call(target: bytes, *arguments: object) -> object:
            if target == os.fsencode(refused):
                raise PermissionError(13, "Permission denied")
            return calls[name](target, *arguments)  # type: ignore[operator]

        return call

    for name in calls:
        monkeypatch.setattr(os, name, refuse(name))
    problem = only(shelf.read().failures)
    assert (problem.digest, problem.reason) == (str(refused), "It could not be read: Permission denied.")


def test_a_file_that_vanishes_before_it_is_opened_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shelf.put("vanishing.txt", DIGEST)
    inner = os.open

    def open_late(target: bytes, flags: int) -> int:
        path.unlink(missing_ok=True)
        return inner(target, flags)

    monkeypatch.setattr(os, "open", open_late)
    problem = only(shelf.read().failures)
    assert (problem.digest, "No such file" in problem.reason) == (str(path), True)
    monkeypatch.undo()
    assert shelf.read().problems == []


@pytest.mark.parametrize("size", [100, 400_000, 2_000_000])
def test_a_file_that_changes_while_it_is_read_is_read_as_far_as_it_was_and_then_anew(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    lines = b"".join(b"line %07d\n" % number for number in range(80_000))
    path = shelf.put("changing.txt", b"Changing\n\nSource: EU\n\n" + lines)
    inner = unpacking._plain

    def plain(stream: io.FileIO, name: str, problems: list[Problem]) -> Iterator[bytes]:
        for number, chunk in enumerate(inner(stream, name, problems)):
            if name == str(path) and not number:
                os.truncate(path, size)
            yield chunk

    monkeypatch.setattr(unpacking, "_plain", plain)
    report = shelf.read()
    assert [problem.digest for problem in report.failures] == ([str(path)] if size < 1_000_000 else [])
    assert shelf.release("Changing").body.startswith("line 0000000\n")
    assert "\0" not in shelf.release("Changing").body
    monkeypatch.undo()
    report = shelf.read()
    assert report.read == 1
    assert report.failures == []


@pytest.mark.skipif(not os.path.exists("/proc/cpuinfo"), reason="needs files that say to be empty and are not")
def test_a_file_that_says_to_be_empty_is_read_to_the_cap(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    report = shelf.read(Path("/proc/cpuinfo"))
    assert report.failures == []
    assert report.added == 1
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 100)
    monkeypatch.setattr(unpacking, "CHUNK_SIZE", 50)
    assert "goes on after" in only(shelf.read(Path("/proc/meminfo")).failures).reason


NAMES = [
    b"-", b"--help", b"list", b"-f", b"new\nline.txt", b"\x1b]0;title\x07.txt", b"[b] [@click=app.quit].txt",
    b"$(touch x)`id`.txt",
    b"no utf-8 \xff\xfe", "\u202efdp.exe".encode(), b" ", b"~", b"*", b"a.zip", b"%s%n", b"x" * 255,
]  # fmt: skip


def test_a_file_can_be_called_anything(shelf: Shelf) -> None:
    for number, name in enumerate(NAMES):
        shelf.put(name, b"T%d\n\nSource: EU\n\ntext" % number)
    assert shelf.read().problems == []
    assert {os.fsencode(name) for name in shelf.counts()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_the_program_reads_a_file_that_is_called_anything_and_prints_its_name_clean(shelf: Shelf, name: bytes) -> None:
    path = shelf.put(name, b"Called\n\nSource: EU\n\nSource: here\ntext \xff")
    done = subprocess.run(
        [sys.executable, "-m", "newsreader", "check", b"./" + name], cwd=path.parent, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr == b""
    lines = done.stdout.decode()
    assert "1 release" in lines
    assert "read as Windows-1252" in lines
    assert not set(lines) & set(map(chr, [*range(10), *range(11, 32), *range(127, 160), 0x202E]))
    assert lines.count("\n") == 4


@pytest.mark.parametrize("name", ["-", "--", "--help", "list", "-f", "-n", "show"])
def test_a_file_that_is_called_like_an_option_or_a_command_can_be_named(shelf: Shelf, name: str) -> None:
    path = shelf.put(name, b"Called\n\nSource: EU\n\ntext")
    words = [name] if name != "-" else ["./-"]
    done = subprocess.run(
        [sys.executable, "-m", "newsreader", "count", "-f", *words], cwd=path.parent, capture_output=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == (b"1\n", b"", 0)


def test_a_file_can_be_of_any_time(shelf: Shelf) -> None:
    for number, seconds in enumerate((-86_400, 7_258_118_400, 2**40, 0, 2**33)):
        path = shelf.put(f"{number}.txt", b"T%d\n\nSource: EU\n\ntext" % number)
        with suppress(OverflowError, OSError):  # what the file system cannot hold
            os.utime(path, (seconds, seconds))
    assert shelf.read().problems == []
    assert shelf.titles() == {"Good", *(f"T{number}" for number in range(5))}
    assert shelf.read().read == 0


# What is in files


TEXT = "Größe\n\nSource: Ämter für 統計\n\nÉté à Chișinău: “42 €” — 東京 🙂."
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("has_mark", [True, False])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_unicode_is_read_with_and_without_a_mark(shelf: Shelf, encoding: str, has_mark: bool, ends: str) -> None:
    mark = "\ufeff" if has_mark and encoding.endswith("e") else ""
    text = (mark + TEXT + "\nplain text " * 500).replace("\n", ends)
    shelf.put("unicode.txt", text.encode(encoding))
    assert shelf.read().problems == []
    release = shelf.release("Größe")
    assert release.headline.source == "Ämter für 統計"
    assert release.body == TEXT.partition("統計\n\n")[2] + "\nplain text " * 499 + "\nplain text"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_encodings_are_read_and_told(shelf: Shelf, encoding: str) -> None:
    shelf.put("western.txt", "Größe\n\nSource: Ämter\n\nÉté à Paris.".encode(encoding))
    problem = only(shelf.read().problems)
    assert (problem.line, problem.is_failure) == (1, False)
    assert shelf.release("Größe").body == "Été à Paris."


def test_encodings_that_are_mixed_within_a_file_are_read_line_by_line(shelf: Shelf) -> None:
    shelf.put(
        "mixed.txt", "Größe\n\nSource: X\n\nÉté".encode() + b"\n" + "“Été”".encode("cp1252") + b"\n\x81\xff\nEnd \xc3"
    )
    problem = only(shelf.read().problems)
    assert problem.line == 6
    assert shelf.release("Größe").body == "Été\n“Été”\n\x81ÿ\nEnd Ã"


@pytest.mark.parametrize("seed", range(40))
def test_binary_files_are_told_to_be_no_text(shelf: Shelf, seed: int) -> None:
    content = random.Random(seed).randbytes(20_000)
    shelf.put("binary", content)
    problem = only(shelf.read().problems)
    assert "not text" in problem.reason
    assert shelf.titles() == {"Good"}


@pytest.mark.parametrize(
    ("content", "titles", "reason"),
    [
        (b"", set(), "holds no text"),
        (b"\xef\xbb\xbf", set(), "holds no text"),
        (b"\xff\xfe", set(), "holds no text"),
        (b"\n \r\n\t\n", set(), "holds no text"),
        (b"\0" * 5000, set(), "not text"),
        (b"T\n\nSource: X\n\na\0b" + b" text" * 100, {"T"}, "zero bytes"),
        (b"No head at all.\nJust text.\n", {"No head at all."}, "no head"),
        (b"A\n\nSource: X\n\nB\n\nSource: X\n\nC\n\nSource: X", {"A", "B", "C"}, ""),
        (b"Source: X\n\ntext", {"Untitled"}, "no title"),
        (b"T\n\nSource: X\n\ntext\nSource: Y\nmore", {"T"}, ""),
        (b"T\n\nSource: X\n\ntext\n\nSource: Y\nmore", {"T"}, "no blank line after"),
        (b"T\n\nSource: X\n\nFigure 1: Prices\n\nSource: Eurostat\n\nmore", {"T"}, "figure"),
        (b"T\n\nSource: X\n\ntext\n\nSource: Eurostat, 2023\n\nmore", {"T"}, "reference"),
        (b"T\n\nSource: X\n\nSource: Y\n\nSource: Z\n\n", {"T"}, "kept as text"),
        (b"T\n\nSource: X\n\n- item\n\nSource: Y\n\nmore", {"T"}, "list item"),
        (b"T\n\nSource:\n\ntext", {"T"}, "names nobody"),
        (b"T\n\nSource: " + b"X" * 5000 + b"\n\ntext", {"T"}, "reference"),
        (b"T\n\n   SOURCE :  X\n\ntext", {"T"}, ""),
    ],
)  # fmt: skip
def test_odd_digests_are_read_as_far_as_they_make_sense(
    shelf: Shelf, content: bytes, titles: set[str], reason: str
) -> None:
    shelf.put("odd.txt", content)
    problems = shelf.read().problems
    assert shelf.titles() == {"Good", *titles}
    assert reason in " ".join(problem.reason.lower() for problem in problems)
    assert bool(problems) == bool(reason)
