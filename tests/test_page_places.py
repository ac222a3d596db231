"""Where each release was left: kept across restarts, for the newest, and shared between instances."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newsreader.marks import Marks
from newsreader.ui.page_places import MOST_PLACES, PagePlaces
from newsreader.ui.page_text import TOP
from tests.conftest import NOW
from tests.ui_kit import digest, open_reader

PROSE = "The ministers of all the countries met in the capital to talk about what is to be done in the coming year. "
BODY = "\n\n".join(f"Paragraph {number}. {PROSE * 3}" for number in range(30))


def talks(folder: Path) -> Path:
    path = folder / "talks.txt"
    path.write_text(digest(("First", "Europol", BODY), ("Second", "NATO", BODY + "!")), encoding="utf-8")
    return path


async def test_a_release_opens_where_it_was_left_also_after_a_restart_and_at_another_width(tmp_path: Path) -> None:
    marks = Marks(None, clock=lambda: NOW)
    async with open_reader(talks(tmp_path), marks=marks) as reader:
        await reader.press("w", "space", "space")
        first = reader.screen.page.place
        assert first > 0
        await reader.press("n", "space")
        second = reader.screen.page.place
        await reader.press("p")
        assert reader.screen.page.place == first
    async with open_reader(talks(tmp_path), marks=marks, size=(132, 40)) as reader:
        assert reader.shown_title == "First"
        assert reader.screen.page.place == first
        top = reader.lines()[1]
        assert top.split()
        await reader.press("n")
        assert reader.screen.page.place == second
        await reader.press("w", "g", "p")
    async with open_reader(talks(tmp_path), marks=marks) as reader:
        await reader.press("n")
        assert reader.screen.page.place == TOP


async def test_what_another_instance_has_kept_stays(tmp_path: Path) -> None:
    marks = Marks(None, clock=lambda: NOW)
    async with open_reader(talks(tmp_path), marks=marks) as one:
        async with open_reader(talks(tmp_path), marks=marks) as other:
            await other.press("n", "w", "space", "p")
        await one.press("w", "space")
    async with open_reader(talks(tmp_path), marks=marks) as reader:
        assert reader.screen.page.place > 0
        await reader.press("n")
        assert reader.screen.page.place > 0


def test_only_the_newest_are_kept() -> None:
    places = PagePlaces()
    for number in range(MOST_PLACES + 10):
        assert places.keep(f"{number:016x}", 5)
    assert places.of(f"{9:016x}") is None
    assert places.of(f"{10:016x}") == 5
    assert not places.keep(f"{10:016x}", 5)
    assert places.keep(f"{10:016x}", TOP)
    assert places.of(f"{10:016x}") is None


BROKEN = ['{"a": "x", "b": 3}', "[1]", '{"b": true}', '{"b": -3}', "9" * 5000, "[" * 9999]


@given(st.text(max_size=30) | st.sampled_from(BROKEN))
def test_what_is_not_understood_is_nothing(dumped: str) -> None:
    places = PagePlaces()
    places.merge(dumped)
    assert places.of("a") is None
    other = PagePlaces()
    other.merge(places.dump())
    assert other.of("b") == places.of("b")


def test_what_was_kept_here_counts_more_than_what_another_instance_kept() -> None:
    one, other = PagePlaces(), PagePlaces()
    one.keep("a", 1)
    other.keep("a", 2)
    other.keep("b", 3)
    one.merge(other.dump())
    assert (one.of("a"), one.of("b")) == (1, 3)
    other.merge(one.dump())
    assert (other.of("a"), other.of("b")) == (1, 3)
