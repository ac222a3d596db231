"""How the page shows what is read: widths, folds, nothing but the page, and how much is left."""

from __future__ import annotations

from pathlib import Path

from newsreader.marks import Marks
from newsreader.ui.page_pane import describe_rest
from tests.conftest import NOW
from tests.ui_kit import Reader, digest, open_reader

PROSE = "The ministers of all the countries met in the capital to talk about what is to be done in the coming year. "
CAPTIONS = ("The ministers in front of the house in the capital", "The house in which the ministers met for the talks")
LAST = "A view of the capital from the hill above the river on the day on which the ministers met"
CONTACTS = "For more information:\n\nContact the Press Office"


def text_of(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


BODY = text_of(PROSE * 4, *CAPTIONS, LAST, PROSE * 4, CONTACTS)


def talks(folder: Path, body: str = BODY) -> Path:
    """A digest of one release."""
    path = folder / "talks.txt"
    path.write_text(digest(("Talks", "Europol", body)), encoding="utf-8")
    return path


def shown(reader: Reader) -> str:
    return " ".join(" ".join(reader.lines()).split())


async def test_captions_and_contacts_fold_away_and_come_back(tmp_path: Path) -> None:
    marks = Marks(None, clock=lambda: NOW)
    async with open_reader(talks(tmp_path, BODY), size=(120, 40), marks=marks) as reader:
        assert "The ministers in front of" in shown(reader)
        await reader.press("e")
        assert "… 3 lines of captions" in shown(reader)
        assert "… 2 lines of contacts" in shown(reader)
        assert "The ministers in front of" not in shown(reader)
    async with open_reader(talks(tmp_path, BODY), size=(120, 40), marks=marks) as reader:
        assert "… 3 lines of captions" in shown(reader)
        await reader.press("e")
        assert "lines of captions" not in shown(reader)
        assert reader.screen.status.message == "Captions and contacts are shown."


async def test_a_click_on_what_is_folded_shows_it(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, BODY), size=(120, 40)) as reader:
        await reader.press("e")
        row = next(y for y, line in enumerate(reader.lines()) if "lines of captions" in line)
        await reader.pilot.click(offset=(60, row))
        await reader.settle()
        assert "The ministers in front of" in shown(reader)


async def test_what_the_filter_finds_is_never_folded_away(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, BODY), size=(120, 40)) as reader:
        await reader.press("e")
        await reader.filter("hill")
        assert "from the hill above" in shown(reader)
        assert "… 2 lines of contacts" in shown(reader)
        await reader.filter("")
        assert "… 3 lines of captions" in shown(reader)


async def test_it_is_said_when_there_is_nothing_to_fold(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, PROSE)) as reader:
        await reader.press("e")
        assert reader.screen.status.message == "Captions and contacts are folded. This release has none."


async def test_the_width_of_the_text_is_changed_between_limits_and_remembered(tmp_path: Path) -> None:
    marks = Marks(None, clock=lambda: NOW)
    path = talks(tmp_path, BODY)
    async with open_reader(path, size=(200, 40), marks=marks) as reader:
        assert reader.screen.page.measure == 80
        await reader.press("greater_than_sign")
        assert reader.screen.page.measure == 85
        await reader.press(*["greater_than_sign"] * 5)
        assert reader.screen.page.measure == 100
        assert reader.screen.status.message == "The text is at its widest: 100 columns."
        await reader.press(*["less_than_sign"] * 12)
        assert reader.screen.page.measure == 50
        assert reader.screen.status.message == "The text is at its narrowest: 50 columns."
    async with open_reader(path, size=(200, 40), marks=marks) as reader:
        assert reader.screen.page.measure == 50


async def test_the_width_is_changed_from_what_the_page_has_room_for(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, BODY), size=(130, 30)) as reader:
        before = reader.screen.page.measure
        assert 50 < before < 80
        await reader.press("greater_than_sign")
        assert reader.screen.status.message.startswith(f"The page has room for {before} columns only")
        await reader.press("less_than_sign")
        assert reader.screen.page.measure == (before - 1) // 5 * 5


async def test_where_the_page_has_the_whole_screen_already_no_way_to_widen_it_is_told(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, BODY), size=(80, 24)) as reader:
        await reader.press("greater_than_sign")
        assert "; z gives it the whole screen." in reader.screen.status.message
        await reader.press("z", "greater_than_sign")
        assert reader.screen.status.message == f"The page has room for {reader.screen.page.measure} columns only."


async def test_the_same_words_stay_at_the_top_whatever_is_changed(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, BODY * 9), size=(200, 20)) as reader:
        await reader.press("w", "space", "space")
        place = reader.screen.page.place
        await reader.press("less_than_sign", "less_than_sign", "e", "z", "e", "z", "greater_than_sign")
        assert reader.screen.page.place == place


async def test_nothing_but_the_page_is_shown_until_the_reader_goes_back_to_the_tree() -> None:
    async with open_reader(size=(100, 20)) as reader:
        await reader.press("z")
        assert reader.screen.panes.is_on_page
        assert not reader.screen.release_tree.region
        assert "filter by words" not in shown(reader)
        assert "Quit" not in shown(reader)
        assert reader.screen.page.region.size == reader.screen.size
        await reader.press("e")
        assert "Captions and contacts are folded." in shown(reader)
        await reader.press("z")
        assert reader.screen.release_tree.region
        await reader.press("z", "escape")
        assert reader.screen.release_tree.region
        assert reader.screen.release_tree.has_focus


async def test_the_last_row_tells_how_much_is_left(tmp_path: Path) -> None:
    async with open_reader(talks(tmp_path, BODY * 9), size=(100, 20)) as reader:
        total = reader.screen.page.words_left
        assert f"{total:,} words" in reader.lines()[-2]
        await reader.press("w", "space")
        assert reader.screen.page.words_left < total
        assert "min left" in reader.lines()[-2]
        await reader.press("G")
        assert reader.lines()[-2].endswith("end")


async def test_the_last_row_names_what_is_read_once_its_title_has_left_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "talks.txt"
    path.write_text(digest(("Talks [b] go on", "Europol", BODY * 9)), encoding="utf-8")
    async with open_reader(path, size=(100, 20)) as reader:
        assert "Talks" not in reader.lines()[-2]
        await reader.press("w", "space")
        columns = [len(line) - len(line.partition("▏")[2].lstrip()) for line in reader.lines()[1:-2] if line[50:]]
        assert reader.lines()[-2].index("Talks [b] go on") == min(columns)
        await reader.press("g")
        assert "Talks" not in reader.lines()[-2]


def test_what_is_read_in_a_moment_is_told_without_minutes() -> None:
    assert describe_rest(1) == "1 word left"
    assert describe_rest(42) == "42 words left"
    assert describe_rest(460) == "460 words, 2 min left"


async def test_a_megabyte_opens_at_once_and_its_end_is_reached(tmp_path: Path) -> None:
    body = text_of(*[PROSE * 3] * 3000, "The very last words.")
    async with open_reader(talks(tmp_path, body), size=(100, 20)) as reader:
        page = reader.screen.page
        assert page.virtual_size.height > 10_000
        await reader.press("w", "G")
        assert "The very last words." in shown(reader)
        assert page.is_at_end
        await reader.press("g", "space")
        assert not page.is_at_end
