"""Archives that are of no use any more go; all others stay, and so do the marks."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from newsreader.archive import Archive
from newsreader.archive_pruning import DAY, UNOPENED_SECONDS, VANISHED_SECONDS, prune
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.session import Session
from tests.conftest import NOW
from tests.ui_kit import digest

TODAY = NOW.timestamp()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def make_archive(folder: Path, library: Path, *, days: float, name: str = "archive-5-aa.db") -> Path:
    """An archive of a library, opened so many days ago for the last time."""
    library.mkdir()
    (library / "a.txt").write_text(digest(("Title", "EU", "Text.")))
    path = folder / name
    with closing(Marks(None, clock=lambda: NOW)) as marks, closing(Archive(path, marks)) as archive:
        refresh(archive, Library((str(library),)))
    Path(f"{path}.screen").write_text("screen")
    os.utime(path, (TODAY - days * DAY,) * 2)
    return path


def remove(library: Path) -> None:
    (library / "a.txt").unlink()
    library.rmdir()


def test_the_archive_of_a_vanished_library_goes_after_a_week_with_all_beside_it(folder: Path, tmp_path: Path) -> None:
    path = make_archive(folder, tmp_path / "library", days=VANISHED_SECONDS / DAY + 1)
    remove(tmp_path / "library")
    assert prune(str(folder), TODAY) == [str(path)]
    assert os.listdir(folder) == []


@pytest.mark.parametrize(
    ("days", "is_there"), [(VANISHED_SECONDS / DAY - 1, False), (UNOPENED_SECONDS / DAY - 1, True)]
)
def test_an_archive_that_may_be_wanted_stays(folder: Path, tmp_path: Path, days: float, is_there: bool) -> None:
    path = make_archive(folder, tmp_path / "library", days=days)
    if not is_there:
        remove(tmp_path / "library")
    assert prune(str(folder), TODAY) == []
    assert path.exists()


def test_an_archive_that_nobody_opened_for_long_goes(folder: Path, tmp_path: Path) -> None:
    path = make_archive(folder, tmp_path / "library", days=UNOPENED_SECONDS / DAY + 1)
    assert prune(str(folder), TODAY) == [str(path)]


def test_an_archive_of_which_no_library_is_noted_is_judged_by_its_digests(folder: Path, tmp_path: Path) -> None:
    path = make_archive(folder, tmp_path / "library", days=30)
    with closing(Marks(None, clock=lambda: NOW)) as marks, closing(Archive(path, marks)) as archive:
        archive.connection.execute("DELETE FROM listing")
    os.utime(path, (TODAY - 30 * DAY,) * 2)
    assert prune(str(folder), TODAY) == []
    remove(tmp_path / "library")
    assert prune(str(folder), TODAY) == [str(path)]


def test_an_archive_that_another_has_open_stays_and_works(folder: Path, tmp_path: Path) -> None:
    path = make_archive(folder, tmp_path / "library", days=400)
    with closing(Marks(None, clock=lambda: NOW)) as marks, closing(Archive(path, marks)) as archive:
        os.utime(path, (TODAY - 400 * DAY,) * 2)
        assert archive.count_digests() == 1
        assert prune(str(folder), TODAY) == []
        assert archive.count_digests() == 1
    assert path.exists()


def test_what_is_no_archive_stays_unless_it_is_called_like_one(folder: Path) -> None:
    folder.mkdir()
    for name in ("marks.db", "archive-5-aa.txt", "notes", "archive-5-bb.db"):
        (folder / name).write_text("text")
        os.utime(folder / name, (0, 0))
    (folder / "archive-5-cc.db").mkdir()
    (folder / "archive-5-dd.db").symlink_to("notes")
    assert prune(str(folder), TODAY) == [str(folder / "archive-5-bb.db")]
    assert sorted(os.listdir(folder)) == ["archive-5-aa.txt", "archive-5-cc.db", "archive-5-dd.db", "marks.db", "notes"]
    assert prune(str(folder / "none"), TODAY) == []


def test_opening_an_archive_renews_its_time_and_a_new_one_prunes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first, second = tmp_path / "one", tmp_path / "two"
    paths = []
    for library in (first, second, first):
        library.mkdir(exist_ok=True)
        (library / "a.txt").write_text(digest(("Title", "EU", "Text.")))
        with closing(Session([str(library)], is_quiet=True)) as session:
            session.refresh()
            paths.append(session.archive_path or "")
        os.utime(paths[-1], (0, 0))
        assert os.path.exists(paths[0]) == (library == first), "not opened for half a century"
    with closing(Session([str(first)], is_quiet=True)) as session:
        assert session.archive.count_digests() == 1
    assert os.stat(paths[0]).st_mtime > DAY
