"""The marks: durable, shared between instances, mergeable, and never overwritten when they cannot be used."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.errors import MarksError
from newsreader.marks import Marks
from newsreader.marks_file import connect, migrate
from newsreader.marks_rows import stored_rows, write_rows
from newsreader.models import Mark
from tests.conftest import NOW

READ, STARRED = Mark.READ, Mark.STARRED


def open_marks(path: Path | None, now: datetime = NOW) -> Marks:
    return Marks(path, clock=lambda: now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "marks.db"


def test_marks_survive_a_restart(path: Path) -> None:
    first = open_marks(path)
    first.change(["a", "b"], READ, True)
    first.change(["b"], STARRED, True)
    first.close()
    assert open_marks(path).of(["a", "b", "c"]) == {"a": {READ}, "b": {READ, STARRED}, "c": frozenset()}


def test_a_change_names_only_the_releases_that_it_changed_and_undo_touches_no_others(path: Path) -> None:
    marks = open_marks(path)
    marks.change(["a"], READ, True)
    change = marks.change(["a", "b"], READ, True)
    assert change.ids == ("b",)
    marks.undo(change)
    assert marks.of(["a", "b"]) == {"a": {READ}, "b": frozenset()}


def test_taking_away_a_mark_that_is_not_set_changes_nothing_that_is_seen(path: Path) -> None:
    marks = open_marks(path)
    marks.change(["a"], STARRED, False)
    assert marks.of(["a"]) == {"a": frozenset()}


def test_two_instances_see_each_other_and_notice(path: Path) -> None:
    one, other = open_marks(path), open_marks(path)
    before = other.version()
    one.change(["a"], READ, True)
    assert other.version() != before
    assert other.of(["a"]) == {"a": {READ}}
    before = other.version()
    assert other.version() == before
    other.change(["a"], STARRED, True)
    assert other.version() != before
    assert one.of(["a"]) == {"a": {READ, STARRED}}


def test_remembering_a_setting_is_no_change_of_marks(path: Path) -> None:
    marks = open_marks(path)
    before = marks.version()
    marks.remember("theme", "nord")
    assert marks.recall("theme") == "nord"
    assert marks.version() == before


def test_any_number_of_marks_is_one_statement(path: Path) -> None:
    marks = open_marks(path)
    statements: list[str] = []
    marks._connection.set_trace_callback(statements.append)
    change = marks.change([f"{number:020x}" for number in range(1000, 0, -1)] * 2, READ, True)
    assert change.ids == tuple(f"{number:020x}" for number in range(1000, 0, -1))
    assert marks.undo(change).ids == change.ids
    assert len(statements) < 20


@pytest.mark.parametrize("umask", [0, 0o277, 0o777])
def test_the_file_is_its_owners_alone_under_any_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "share" / "data" / "marks.db"
    before = os.umask(umask)
    try:
        marks = open_marks(path)
        marks.change(["a"], READ, True)
    finally:
        os.umask(before)
    assert marks.problem == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)} == {0o700}
    assert os.listdir(path.parent) == ["marks.db"]


def test_a_folder_that_is_there_keeps_its_mode(path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o755)
    open_marks(path).change(["a"], READ, True)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755


def make_foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE their_data (x)")
        connection.execute("PRAGMA user_version = 1")


def make_newer(path: Path) -> None:
    open_marks(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")


def change_tables(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        open_marks(path).close()
        with sqlite3.connect(path) as connection:
            connection.executescript(statement)

    return change


def make_damaged(path: Path) -> None:
    marks = open_marks(path)
    marks.change((str(number) for number in range(2000)), READ, True)
    marks.close()
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xab" * 8192
    path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"this is no database" * 100),
        lambda path: path.mkdir(),
        make_foreign,
        make_newer,
        make_damaged,
        lambda path: path.touch(),
        change_tables("DROP TABLE mark"),
        change_tables("DROP TABLE setting"),
        change_tables("ALTER TABLE mark RENAME COLUMN is_set TO was_set"),
        change_tables("CREATE TRIGGER wipe AFTER INSERT ON mark BEGIN DELETE FROM mark; END"),
        change_tables("CREATE VIEW other AS SELECT * FROM mark"),
    ],
    ids=[
        *("random", "a folder", "foreign", "newer", "damaged", "empty"),
        *("without marks", "without settings", "of other columns", "with a trigger", "with a view"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_alone_and_marks_are_held_in_memory(path: Path, spoil: object) -> None:
    assert callable(spoil)
    path.parent.mkdir()
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    marks = open_marks(path)
    assert str(path) in marks.problem
    marks.change(["a"], READ, True)
    assert marks.of(["a"]) == {"a": {READ}}
    marks.close()
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_mark_that_cannot_be_kept_is_told_with_its_file_and_what_to_do(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsreader.marks_file.BUSY_SECONDS", 0.01)
    marks = open_marks(path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MarksError, match="another program holds it locked") as caught:
            marks.change(["a"], READ, True)
    assert str(path) in str(caught.value)


def test_a_row_that_no_newsreader_wrote_hides_no_other(path: Path) -> None:
    marks = open_marks(path)
    marks.change(["a", "b", "c", "d"], READ, True)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE mark SET id = CAST(x'ff' AS TEXT) WHERE id = 'a'")
        connection.execute("UPDATE mark SET kind = 'loved' WHERE id = 'b'")
        connection.execute("UPDATE mark SET time = 'long ago' WHERE id = 'c'")
    assert marks.of(["b", "d"]) == {"b": frozenset(), "d": {READ}}
    (line,) = marks.export()
    assert '"d"' in line
    assert Marks(None, clock=lambda: NOW).merge([line]) == 1


def test_settings_are_remembered(path: Path) -> None:
    open_marks(path).remember("theme", "nord")
    marks = open_marks(path)
    assert marks.recall("theme") == "nord"
    assert marks.recall("place") is None


def test_exported_marks_merge_elsewhere_and_the_newer_word_counts(path: Path, tmp_path: Path) -> None:
    here, there = open_marks(path), open_marks(tmp_path / "there.db", NOW + timedelta(hours=1))
    here.change(["a", "b"], READ, True)
    there.change(["b"], READ, True)
    there.change(["b"], READ, False)
    assert there.merge(here.export()) == 1
    assert there.of(["a", "b"]) == {"a": {READ}, "b": frozenset()}
    assert here.merge(there.export()) == 1
    assert here.of(["a", "b"]) == {"a": {READ}, "b": frozenset()}


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "b", "mark": "loved"}',
        '{"id": "\\ud800", "mark": "read", "set": true, "time": "2024-01-01T00:00:00+00:00"}',
        '{"id": "b", "mark": "read", "set": "false", "time": "2024-01-01T00:00:00+00:00"}',
        '{"id": "b", "mark": "read", "set": true, "time": "0001-01-01T00:00:00+14:00"}',
        '{"id": ' + "9" * 5000 + "}",
        "[" * 100_000,
        "[]",
    ],
    ids=["kind", "id", "set", "time", "digits", "brackets", "list"],
)
def test_a_line_that_is_no_exported_mark_takes_nothing_over(path: Path, line: str) -> None:
    marks = open_marks(path)
    good = '{"id": "a", "mark": "read", "set": true, "time": "2024-01-01T00:00:00+00:00"}'
    with pytest.raises(MarksError, match="Line 2"):
        marks.merge([good, line])
    assert marks.of(["a"]) == {"a": frozenset()}


def test_of_two_words_on_a_mark_in_one_file_the_newer_counts_wherever_it_stands() -> None:
    older = '{"id": "a", "mark": "read", "set": false, "time": "2024-01-01T00:00:00+00:00"}'
    newer = '{"id": "a", "mark": "read", "set": true, "time": "2024-01-02T00:00:00+00:00"}'
    for lines in ([older, newer], [newer, older]):
        marks = open_marks(None)
        marks.merge(lines)
        assert marks.of(["a"]) == {"a": {READ}}
        marks.close()


def test_more_marks_than_any_reader_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f'{{"id": "{id}", "mark": "read", "set": true, "time": "2024-01-01T00:00:00+00:00"}}' for id in "abc"]
    monkeypatch.setattr("newsreader.marks_rows.MOST_ROWS", 2)
    marks = open_marks(None)
    with pytest.raises(MarksError, match="more than 2 marks"):
        marks.merge(lines)
    assert marks.merge([lines[0], *lines[:2]]) == 2
    marks.close()


def test_rows_of_which_one_cannot_be_written_are_not_written_at_all() -> None:
    connection = connect(":memory:")
    migrate(connection)
    row = ("ab", "read", True, "2024-01-01T00:00:00.000000+00:00")
    with pytest.raises(sqlite3.IntegrityError):
        write_rows(connection, [row], {"theme": None})  # type: ignore[dict-item]
    assert not connection.in_transaction
    assert list(stored_rows(connection)) == []
    write_rows(connection, [row], {"theme": "nord"})
    assert list(stored_rows(connection)) == [row]
    connection.close()


steps = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(list(Mark)), st.booleans()), max_size=30)


@given(steps, steps)
def test_merging_both_ways_makes_both_sides_equal(
    ours: list[tuple[str, Mark, bool]], theirs: list[tuple[str, Mark, bool]]
) -> None:
    moments = iter(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=number) for number in range(1000))
    one = Marks(None, clock=lambda: next(moments))
    other = Marks(None, clock=lambda: next(moments))
    for marks, changes in ((one, ours), (other, theirs)):
        for id, mark, is_set in changes:
            marks.change([id], mark, is_set)
    one.merge(list(other.export()))
    other.merge(list(one.export()))
    assert list(one.export()) == list(other.export())
    one.close()
    other.close()
