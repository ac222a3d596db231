"""Backups of the marks: one a day, few, private, sound; and the way back from them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from newsreader import marks_backup, marks_file, marks_journal
from newsreader.errors import MarksError
from newsreader.marks import Marks
from newsreader.marks_backup import Backup, _superfluous, backups_of, restore
from newsreader.models import Mark
from tests.conftest import NOW

READ, STARRED = Mark.READ, Mark.STARRED


def open_marks(path: Path, days: int = 0) -> Marks:
    return Marks(path, clock=lambda: NOW + timedelta(days=days))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "marks.db"


def mark_and_tend(path: Path, id: str, days: int = 0) -> None:
    with closing(open_marks(path, days)) as marks:
        marks.tend()
        marks.change([id], READ, True)
        assert (marks.problem, marks.notes) == ("", [])


def test_a_backup_is_made_once_a_day_before_the_first_change(path: Path) -> None:
    mark_and_tend(path, "aa")
    assert backups_of(str(path)) == [], "there was nothing to keep"
    mark_and_tend(path, "bb")
    mark_and_tend(path, "cc")
    mark_and_tend(path, "dd", days=1)
    newest, oldest = backups_of(str(path))
    assert (newest.day, newest.count(), oldest.day, oldest.count()) == ("2024-10-11", 3, "2024-10-10", 1)
    assert stat.S_IMODE(os.stat(newest.path).st_mode) == 0o600
    assert sorted(os.listdir(path.parent)) == ["backups", "marks.db"]


def test_seven_days_are_kept_and_one_of_each_of_six_months(path: Path) -> None:
    for days in range(0, 400, 3):
        mark_and_tend(path, f"{days:04x}", days)
    kept = [backup.day for backup in backups_of(str(path))]
    last = NOW.date() + timedelta(days=399)
    assert kept[:7] == [(last - timedelta(days=number)).isoformat() for number in range(0, 21, 3)]
    months = {day[:7] for day in kept}
    assert len(months) == 6
    assert len(kept) <= 7 + 5
    for month in months - {last.isoformat()[:7]}:
        assert max(day for day in kept if day.startswith(month)) >= f"{month}-28" or month == "2025-02"
    assert date.fromisoformat(kept[-1]) < last - timedelta(days=130)


def test_a_damaged_file_is_not_backed_up_and_no_backup_is_pruned_for_it(path: Path) -> None:
    mark_and_tend(path, "aa")
    with closing(open_marks(path, 1)) as marks:
        marks.change((f"{number:08x}" for number in range(3000)), READ, True)
        with path.open("r+b") as file:
            file.seek(2 * 4096)
            file.write(bytes(4096))
        marks.tend()
        assert "damaged" in marks.problem
        assert len(marks.of(f"{number:08x}" for number in range(3000))) == 3000
    assert backups_of(str(path)) == []


def test_a_backup_that_cannot_be_made_is_said_and_stops_nothing(path: Path) -> None:
    mark_and_tend(path, "aa")
    (path.parent / "backups").write_text("in the way")
    with closing(open_marks(path)) as marks:
        marks.tend()
        assert "no backup of the marks was made" in marks.notes[0]
        marks.change(["bb"], READ, True)
        assert marks.problem == ""


def test_a_damaged_backup_is_passed_over(path: Path) -> None:
    for days in range(3):
        mark_and_tend(path, f"a{days}", days)
    newest, older = backups_of(str(path))
    Path(newest.path).write_bytes(b"nonsense")
    assert newest.count() is None
    path.write_bytes(b"nonsense, too")
    assert f"the marks of {older.day} are back" in restore(str(path), "", NOW)
    with pytest.raises(MarksError, match="this backup cannot be used"):
        restore(str(path), newest.day, NOW)
    assert open_marks(path).of(["a0"]) == {"a0": {READ}}


def test_restoring_sound_marks_changes_nothing_unless_a_backup_is_named(path: Path) -> None:
    mark_and_tend(path, "aa")
    mark_and_tend(path, "bb", 1)
    before = path.read_bytes()
    assert "the 2 marks are sound, and nothing was restored" in restore(str(path), "", NOW)
    assert path.read_bytes() == before
    with pytest.raises(MarksError, match="there is no such backup; there are 2024-10-11"):
        restore(str(path), "yesterday", NOW)
    assert path.read_bytes() == before


def test_a_named_backup_adds_what_is_missing_and_undoes_no_newer_word(path: Path) -> None:
    mark_and_tend(path, "aa")
    mark_and_tend(path, "bb", 1)
    with closing(open_marks(path, 2)) as marks:
        marks.change(["aa"], READ, False)
        marks._connection.execute("DELETE FROM mark WHERE id = 'bb'")
        marks.change(["cc"], STARRED, True)
        marks.tend()
    mark_and_tend(path, "dd", 3)
    said = restore(str(path), "2024-10-11", NOW)
    assert "kept as" in said
    with closing(open_marks(path)) as marks:
        assert marks.of(["aa", "cc", "dd"]) == {"aa": frozenset(), "cc": {STARRED}, "dd": {READ}}
    (aside,) = path.parent.glob("marks.db.aside-*")
    assert "the marks of" in restore(str(path), str(aside), NOW), "what was set aside can be restored, too"
    assert len(list(path.parent.glob("marks.db.aside-*"))) == 2


def test_marks_without_backups_are_rescued_or_left(path: Path) -> None:
    with closing(open_marks(path)) as marks:
        marks.change(["aa"], READ, True)
        marks._connection.execute("CREATE TABLE other (x)")
    assert "there was no backup; the marks are the 1 that could be read" in restore(str(path), "", NOW)
    assert open_marks(path).of(["aa"]) == {"aa": {READ}}
    path.write_bytes(b"nonsense")
    with pytest.raises(MarksError, match="move it away to begin anew"):
        restore(str(path), "", NOW)
    assert path.read_bytes() == b"nonsense"


def test_a_newer_newsreaders_marks_are_replaced_only_by_a_backup_that_is_named(path: Path) -> None:
    mark_and_tend(path, "aa")
    mark_and_tend(path, "bb")
    with closing(open_marks(path)) as marks:
        marks._connection.execute("PRAGMA user_version = 9")
    with pytest.raises(MarksError, match="please update"):
        restore(str(path), "", NOW)
    assert "could be read" in restore(str(path), "2024-10-10", NOW)


def test_a_link_to_the_marks_stays_one(path: Path) -> None:
    mark_and_tend(path, "aa")
    mark_and_tend(path, "bb")
    elsewhere = path.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.move(path, elsewhere / "my.db")
    path.symlink_to("elsewhere/my.db")
    (elsewhere / "my.db").write_bytes(b"nonsense")
    restore(str(path), "", NOW)
    assert path.is_symlink()
    assert open_marks(path).of(["aa"]) == {"aa": {READ}}
    assert len(list(elsewhere.glob("my.db.aside-*"))) == 1


def test_a_lock_of_another_keeps_restoring_from_changing_anything(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks_file.open_file, "__defaults__", (0.05,))
    mark_and_tend(path, "aa")
    mark_and_tend(path, "bb")
    with closing(open_marks(path)) as other:
        other._connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(MarksError, match="another program holds it locked"):
            restore(str(path), "2024-10-10", NOW)
        other._connection.execute("ROLLBACK")
    assert list(path.parent.glob("*aside*")) == []


def test_a_file_is_read_as_a_whole_only_when_it_has_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_marks(path)) as marks:
        marks.change((f"{number:08x}" for number in range(5000)), READ, True)
        marks.tend()
    checks: list[object] = []
    monkeypatch.setattr(marks_file, "check_sound", checks.append)
    monkeypatch.setattr(marks_file, "_SETTLED_NS", -1)
    open_marks(path).close()
    open_marks(path).close()
    assert len(checks) == 1
    with closing(open_marks(path)) as marks:
        marks.change(["ab"], STARRED, True)
    assert len(checks) == 1
    open_marks(path).close()
    assert len(checks) == 2
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"x")
    open_marks(path).close()
    assert len(checks) == 3


def test_a_backup_is_named_by_its_day(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("marks-2024-10-10.db", "marks-2024-10-10.db.new-12", "marks-old.db", "sound", "other"):
        (folder / name).touch()
    assert backups_of(str(tmp_path / "marks.db")) == [Backup(str(folder / "marks-2024-10-10.db"), "2024-10-10")]


def test_drafts_of_processes_that_were_killed_are_swept_up_in_time(path: Path) -> None:
    mark_and_tend(path, "aa")
    mark_and_tend(path, "bb")
    folder = path.parent / "backups"
    old = [path.with_name("marks.db.new-0123456789ab"), folder / "marks-2024-10-10.db.new-0123456789ab"]
    new = [path.with_name("marks.db.new-ba9876543210"), folder / "marks-2024-10-10.db.new-ba9876543210"]
    others = [path.with_name("letter.new-1"), folder / "letter.new-1"]
    for file in (*old, *new, *others):
        file.touch()
        if file not in new:
            os.utime(file, (1, 1))
    mark_and_tend(path, "cc", 1)
    assert [file.exists() for file in (*old, *new, *others)] == [False, False, True, True, True, True]


# Files are never overwritten, and never gone in between


def test_a_copy_takes_no_other_files_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, new = tmp_path / "there.db", tmp_path / "new.db"
    target.write_bytes(b"somebody's")
    with closing(sqlite3.connect(":memory:")) as connection:
        marks_file.copy_file(connection, str(target))
        assert target.read_bytes() == b"somebody's"

        def refuse(old: str, name: str) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "link", refuse)  # as on a file system without links
        marks_file.copy_file(connection, str(new))
    assert new.read_bytes().startswith(b"SQLite format 3")
    assert {path.name for path in tmp_path.iterdir()} == {"there.db", "new.db"}


def test_what_is_set_aside_keeps_its_name_until_another_has_it(tmp_path: Path) -> None:
    path, aside = tmp_path / "marks.db", tmp_path / "aside"
    path.write_bytes(b"marks")
    Path(f"{path}-journal").write_bytes(b"journal")
    marks_backup._set_aside(str(path), str(aside))
    assert path.samefile(aside)
    assert Path(f"{aside}-journal").read_bytes() == b"journal"
    assert not Path(f"{path}-journal").exists(), "SQLite would undo it in whatever takes the place"


def test_a_journal_belongs_to_the_page_before_or_after_one_change() -> None:
    def page(count: int, schema: bytes = b"news") -> bytes:
        return bytes(24) + count.to_bytes(4, "big") + bytes(40) + schema + bytes(28)

    assert marks_journal._can_follow(page(7), page(7))
    assert marks_journal._can_follow(page(8), page(7))
    assert marks_journal._can_follow(page(0), page(0xFFFFFFFF))
    assert not marks_journal._can_follow(page(9), page(7))
    assert not marks_journal._can_follow(page(6), page(7))
    assert not marks_journal._can_follow(page(8, b"else"), page(7))


@pytest.mark.parametrize(("changes", "is_foreign"), [(0, False), (1, False), (2, True)])
def test_a_journal_is_judged_by_the_first_page_that_it_holds(
    changes: int, is_foreign: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(count: int) -> bytes:
        return bytes(16) + b"\x10\0" + bytes(6) + count.to_bytes(4, "big") + bytes(4096 - 28)

    monkeypatch.setattr(marks_journal, "PAUSE_SECONDS", 0)
    path = tmp_path / "marks.db"
    path.write_bytes(page(7 + changes) + bytes(4096))
    header = marks_journal._HEADER.pack(marks_journal._MAGIC, 2, 0, 2, 512, 4096)
    other, first = (number.to_bytes(4, "big") for number in (2, 1))
    records = other + bytes(4096) + b"sum2" + first + page(7) + b"sum1"
    Path(f"{path}-journal").write_bytes(header.ljust(512, b"\0") + records)
    assert marks_journal.has_foreign_journal(str(path)) is is_foreign


@pytest.mark.parametrize("page_size", [512, 4096, 65536])
@pytest.mark.parametrize(("changes", "is_foreign"), [(1, False), (2, True)])
def test_a_journal_is_judged_with_pages_of_any_size(
    page_size: int, changes: int, is_foreign: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(count: int) -> bytes:
        size = (1 if page_size == 65536 else page_size).to_bytes(2, "big")
        return (bytes(16) + size + bytes(6) + count.to_bytes(4, "big")).ljust(page_size, b"\0")

    monkeypatch.setattr(marks_journal, "PAUSE_SECONDS", 0)
    path = tmp_path / "marks.db"
    path.write_bytes(page(7 + changes))
    header = marks_journal._HEADER.pack(marks_journal._MAGIC, 1, 0, 1, 512, page_size)
    Path(f"{path}-journal").write_bytes(header.ljust(512, b"\0") + b"\0\0\0\1" + page(7) + b"sum1")
    assert marks_journal.has_foreign_journal(str(path)) is is_foreign


def test_the_last_backup_of_each_of_six_months_is_kept_in_every_part_of_the_year() -> None:
    days = [f"{year}-{month:02}-{day}" for year in (2024, 2023) for month in range(12, 0, -1) for day in (28, 14)]
    superfluous = {backup.day for backup in _superfluous([Backup(day, day) for day in days])}
    assert [day for day in days if day not in superfluous] == [*days[:7], "2024-08-28", "2024-07-28"]
