"""Finding words in the release on the page, and its sub-headings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from newsreader import highlights
from newsreader.marks import Marks
from newsreader.passages import _Recogniser
from newsreader.ui import page_screen
from newsreader.words import Phrase, find_spans
from tests.conftest import NOW
from tests.ui_kit import Reader, digest, open_reader, wait_until

PROSE = "The ministers of all the countries met in the capital to talk about what is to be done in the coming year. "
PARTS = (PROSE * 3, "Results of the talks", PROSE + "Chișinău was named.", PROSE * 9, "Next steps", PROSE * 9)
BODY = "\n\n".join((*PARTS, "In Chisinau."))


def talks(folder: Path, body: str = BODY) -> Path:
    path = folder / "talks.txt"
    path.write_text(digest(("Talks", "Europol", body), ("Others", "NATO", PROSE)), encoding="utf-8")
    return path


def found(reader: Reader) -> str:
    return str(reader.screen.query_one("#find-result").render())


async def test_the_slash_on_the_page_finds_as_the_filter_does_and_counts(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path), filter="source:europol") as reader:
        await reader.press("w", "slash", *"chisin")
        assert found(reader) == "1 of 2"
        assert reader.screen.filter_bar.text == "source:europol"
        await reader.press("enter")
        assert reader.screen.panes.is_on_page
        assert reader.screen.status.message == "Found 1 of 2. n and N go on, Esc ends it."
        await reader.press("n")
        assert reader.screen.status.message == "Found 2 of 2."
        await reader.press("n")
        assert reader.screen.status.message == "Found 1 of 2. From the top again."
        await reader.press("N")
        assert reader.screen.status.message == "Found 2 of 2. From the end again."
        assert reader.shown_title == "Talks"


async def test_keys_typed_right_behind_the_slash_are_sought_and_those_behind_enter_are_not(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path)) as reader:
        await reader.press("w")
        await reader.pilot.press("slash", *"n:/chisinau", "backspace", "enter", "j", "j")
        await reader.settle()
        assert reader.screen.find_bar.text == "n:/chisina"
        assert reader.screen.panes.is_on_page


async def test_a_release_without_a_text_has_none_of_what_is_sought(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, body=""), filter="talks") as reader:
        await reader.press("w", "slash", *"chisinau")
        assert found(reader) == "not found"
        await reader.press("enter", "N", "n")
        assert reader.shown_title == "Talks"


async def test_what_is_not_there_is_said_and_the_page_stays(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path)) as reader:
        await reader.press("w", "j", "j", "j")
        place = reader.screen.page.place
        await reader.press("slash", *"zzz")
        assert found(reader) == "not found"
        assert reader.screen.page.place == place
        await reader.press("enter")
        assert reader.screen.status.message == "This release does not have these words."


async def test_escape_goes_back_to_where_the_page_was_and_then_out_of_what_was_found(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path)) as reader:
        await reader.press("w", "j")
        place = reader.screen.page.place
        await reader.press("slash", *"next")
        assert reader.screen.page.place != place
        await reader.press("escape")
        assert reader.screen.page.place == place
        assert not reader.screen.page.is_finding
        await reader.press("slash", *"next", "enter", "escape")
        assert not reader.screen.page.is_finding
        assert reader.screen.panes.is_on_page
        await reader.press("escape")
        assert not reader.screen.panes.is_on_page


async def test_what_is_found_is_lit_otherwise_than_what_the_filter_seeks(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path), filter="countries", size=(100, 40), theme="nord") as reader:
        await reader.press("w", "slash", *"capital", "enter")
        page = reader.screen.page
        colours = {name: page.get_component_rich_style(f"page--{name}").bgcolor for name in ("match", "found")}
        assert colours["match"] != colours["found"]
        for name, word in (("match", "countries"), ("found", "capital")):
            shown = {
                segment.text
                for y in range(page.text_height)
                for segment in page.render_line(y)
                if segment.style and segment.style.bgcolor == colours[name]
            }
            assert shown == {word}


async def test_what_is_found_is_not_folded_away(tmp_path: Path) -> None:
    body = f"{PROSE * 2}\n\nFor more information:\n\nContact the Press Office"
    async with open_reader(talks(tmp_path, body), size=(100, 40)) as reader:
        await reader.press("e", "w")
        assert "… 2 lines of contacts" in "\n".join(reader.lines())
        await reader.press("slash", *"press off")
        assert "Contact the Press Office" in "\n".join(reader.lines())
        await reader.press("escape")
        assert "… 2 lines of contacts" in "\n".join(reader.lines())


@pytest.mark.parametrize(("size", "keys"), [((50, 30), "w"), ((100, 30), "z")])
async def test_a_page_that_has_the_screen_for_itself_keeps_it_while_words_are_typed(
    tmp_path: Path, size: tuple[int, int], keys: str
) -> None:
    async with open_reader(talks(tmp_path), size=size) as reader:
        await reader.press(keys, "slash", *"chisi")
        assert found(reader) == "1 of 2"
        assert "Chișinău was named." in "\n".join(reader.lines())
        assert not reader.screen.release_tree.region
        await reader.press("enter", "h")
        assert reader.screen.release_tree.region


async def test_another_release_ends_it(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path)) as reader:
        await reader.press("w", "slash", *"capital", "enter", "tab")
        assert reader.shown_title == "Others"
        assert not reader.screen.page.is_finding


async def test_the_outline_leads_to_a_sub_heading(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path), marks=Marks(None, clock=lambda: NOW)) as reader:
        await reader.press("O")
        shown = "\n".join(reader.lines())
        assert "a  Results of the talks" in shown
        assert "s  Next steps" in shown
        await reader.press("s")
        top = [line[34:].strip() for line in reader.lines()[1:4]]
        assert "Next steps" in top
        await reader.press("O", "enter")
        assert "Next steps" in [line[34:].strip() for line in reader.lines()[1:4]]
        await reader.press("O", "escape")
        assert reader.is_on_main_screen


async def test_the_outline_of_a_long_release_is_what_was_told_when_it_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_reader(talks(tmp_path, "\n\n".join([*PARTS] * 100))) as reader:
        page = reader.screen.page
        await reader.press("w", "G")
        told: list[str] = []
        monkeypatch.setattr(_Recogniser, "_classify", lambda self, block, line: told.append(line))
        assert len(page.headings) > 100
        assert not told


async def test_a_release_without_sub_headings_says_so(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, PROSE)) as reader:
        await reader.press("O")
        assert reader.screen.status.message == "This release has no sub-headings."


LONG_BODY = "\n\n".join(["At the needle.", *[PROSE * 5] * 400, "In the middle.", *[PROSE * 5] * 200, "The needle."])


def count_longest_look(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many characters were looked through each time that something was sought in a text."""
    looks: list[int] = []

    def note(text: str, phrases: Iterable[Phrase]) -> list[tuple[int, int]]:
        looks.append(len(text))
        return find_spans(text, phrases)

    monkeypatch.setattr(page_screen, "find_spans", note)
    monkeypatch.setattr(highlights, "find_spans", note)
    return looks


async def test_no_key_looks_through_the_whole_of_a_long_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = count_longest_look(monkeypatch)
    async with open_reader(talks(tmp_path, LONG_BODY), filter="capital") as reader:
        await reader.press("w", "slash")
        reader.screen.find_bar.line.value = "needle"
        await wait_until(lambda: found(reader) == "1 of 2")
        await reader.press("enter", "n")
        assert reader.screen.status.message == "Found 2 of 2."
        assert "The needle." in "\n".join(reader.lines())
        assert max(looks) < len(LONG_BODY) / 10


async def test_the_first_is_gone_to_and_the_count_grows_while_the_rest_is_looked_through(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, LONG_BODY)) as reader:
        page = reader.screen.page
        page.find(lambda text: find_spans(text, [Phrase(("capital",))]), 0)
        first = page.found_position
        assert first.startswith("1 of ")
        assert first.endswith("+")
        await wait_until(lambda: page.found_position == "1 of 3,000")
        page.find(lambda text: find_spans(text, [Phrase(("middle",))]), 0)
        assert page.found_position == ""
        assert page.is_finding
        await wait_until(lambda: page.found_position == "1 of 1")
        assert "In the middle." in "\n".join(reader.lines())


async def test_words_that_are_not_in_a_long_release_are_said_to_be_missing_only_once_that_is_known(
    tmp_path: Path,
) -> None:
    async with open_reader(talks(tmp_path, LONG_BODY)) as reader:
        await reader.press("w", "slash")
        reader.screen.find_bar.line.value = "absent"
        await wait_until(lambda: found(reader) == "not found")
        assert not reader.screen.page.is_finding
        await reader.press("enter")
        assert reader.screen.status.message == "This release does not have these words."
