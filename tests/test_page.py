"""The page: what it says of a release, that it keeps its place, and that nothing hostile gets through."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date as Day

import pytest
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Offset
from textual.selection import SELECT_ALL, Selection
from textual.strip import Strip

from newsreader.models import NO_DATE, Basis, Date, Headline, Origin, Precision, Release
from newsreader.output import describe_date, describe_length
from newsreader.text import cell_width, clean
from newsreader.typeset import SetBody
from newsreader.ui.page import Page
from newsreader.ui.page_header import LEAST_NAME, NAME_END, describe_origins, header_rows

PROSE = "\n\n".join(
    f"Paragraph {number} tells of {number * 7} officers who met in Chișinău to talk about the year ahead, and about "
    f"what number {number} means for those who count."
    for number in range(60)
)


def release(title: str = "A title", body: str = PROSE, **fields: object) -> Release:
    known: dict[str, object] = {"source": "Europol", "date": NO_DATE, "words": 214, "is_starred": False, **fields}
    headline = Headline(place=1, id="a" * 32, title=title, **known)  # type: ignore[arg-type]
    return Release(headline, body, (Origin("/digests/000_5c.txt", 41, 4121),))


class PageApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Page()

    @property
    def page(self) -> Page:
        return self.query_one(Page)


def strips(page: Page) -> list[Strip]:
    return [page.render_line(y) for y in range(page.size.height)]


def shown(page: Page) -> list[str]:
    return [strip.text.rstrip() for strip in strips(page)]


async def test_a_page_says_what_is_known_of_a_release() -> None:
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        date = Date(Day(2024, 10, 2), Precision.DAY, Basis.INFERRED, "On Wednesday (2 October)")
        app.page.show(release(title="Eight arrested", date=date, is_starred=True))
        await pilot.pause()
        text = "\n".join(shown(app.page))
        for part in (
            "Eight arrested",
            "Europol · ≈2024-10-02 inferred from “On Wednesday (2 October)”",
            "214 words, 1 min · 000_5c.txt:41 · ★ starred",
            "─" * 70,
            "Paragraph 0 tells of 0 officers",
        ):
            assert part in text
        app.page.set_marks(is_read=True, is_starred=False)
        assert "★" not in "\n".join(shown(app.page))


async def test_no_row_of_the_header_ends_with_a_dot_between_two_facts() -> None:
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        date = Date(Day(2024, 10, 2), Precision.DAY, Basis.INFERRED, "On Wednesday (2 October)")
        app.page.show(release(date=date, is_starred=True))
        for width in range(20, 80):
            await pilot.resize_terminal(width, 24)
            await pilot.pause()
            assert not [row for row in shown(app.page) if row.endswith("·")]
        assert "\xa0" not in "".join(shown(app.page))


def test_a_fact_that_has_room_in_a_row_of_its_own_is_not_broken_to_fill_another() -> None:
    date = Date(Day(2024, 10, 1), Precision.DAY, Basis.STATED, "01 October 2024")
    for width in range(20, 100):
        rows = ["".join(text for text, _ in row) for row in header_rows(release(date=date), width, is_starred=True)]
        stated = "2024-10-01 stated “01 October 2024”"
        for fact in ("Europol", stated, "214 words, 1 min", "000_5c.txt:41", "★ starred"):
            assert len(fact) > width or [row for row in rows if fact in row]
    assert "Europol · 2024-10-01 stated “01 October 2024”" in rows
    assert "214 words, 1 min · 000_5c.txt:41 · ★ starred" in rows
    for width in (40, 58, 100):
        starred, plain = (
            list(header_rows(release(date=date), width, is_starred=is_starred)) for is_starred in (True, False)
        )
        assert len(starred) == len(plain)


def test_the_name_of_a_digest_is_cut_in_its_middle_where_that_saves_a_row() -> None:
    origins = (Origin("/digests/000_5c9900165f397661.txt", 97, 0), Origin("/digests/b.txt", 1, 0))
    assert describe_origins(origins) == describe_origins(origins, 38) == "000_5c9900165f397661.txt:97 and 1 more"
    assert describe_origins(origins, 37) == "000_5c9900165f…7661.txt:97 and 1 more"
    assert describe_origins(origins[:1], 20) == "000_5c99…7661.txt:97"
    assert describe_origins(origins[:1], LEAST_NAME - 1) == describe_origins(origins[:1])
    wide = (Origin("/digests/中文中文中文中文中文中文中文中文.txt", 7, 0),)
    assert all(cell_width(describe_origins(wide, width)) <= width for width in range(2 * NAME_END + 4, 40))


async def test_a_title_without_end_leaves_room_for_the_text() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 24)) as pilot:
        app.page.show(release(title="word " * 2000))
        await pilot.pause()
        rows = shown(app.page)
        assert rows[7].endswith("word…")
        assert "Europol" in rows[8]


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (NO_DATE, "no date known"),
        (
            Date(Day(2024, 9, 26), Precision.DAY, Basis.STATED, "26 September 2024|"),
            "2024-09-26 stated “26 September 2024|”",
        ),
        (
            Date(Day(2024, 9, 26), Precision.DAY, Basis.TEXT, "on\n26 September"),
            "2024-09-26 from the text “on 26 September”",
        ),
        (Date(Day(2023, 9, 1), Precision.MONTH, Basis.NEIGHBOURS), "~2023-09 from its neighbours in the digest"),
    ],
)
def test_a_date_is_told_with_its_basis_and_evidence(date: Date, words: str) -> None:
    assert describe_date(date) == words


def test_numbers_are_told_as_people_say_them() -> None:
    assert [describe_length(words) for words in (0, 1, 214, 4600)] == [
        "0 words, 0 min",
        "1 word, 1 min",
        "214 words, 1 min",
        "4,600 words, 20 min",
    ]
    here = Origin("/a/b.txt", 41, 0)
    assert describe_origins((here,)) == "b.txt:41"
    assert describe_origins((here, here, here)) == "b.txt:41 and 2 more"
    assert describe_origins((Origin("-", 1, 0),)) == "standard input:1"
    assert describe_origins((Origin("/a/\x1b]0;x\x07\n.txt", 1, 0),)) == "␛]0;x␇ .txt:1"


async def test_a_page_without_a_release_shows_its_message_in_the_middle() -> None:
    app = PageApp()
    async with app.run_test(size=(40, 9)) as pilot:
        app.page.show_message("Nothing here.\nAdd a [b]digest[/b].")
        await pilot.pause()
        rows = shown(app.page)
        assert [row.strip() for row in rows if row] == ["Nothing here.", "Add a [b]digest[/b]."]
        assert rows[3].startswith(" " * 12)
        app.page.show(release())
        assert "Nothing here." not in "\n".join(shown(app.page))
        app.page.show(None)
        assert "Nothing here." in "\n".join(shown(app.page))


async def test_the_same_words_stay_at_the_top_through_any_resizing() -> None:
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.show(release())
        await pilot.pause()
        app.page.scroll_lines(83)
        await pilot.pause()
        before = shown(app.page)[0]
        assert before
        place = app.page._place
        for size in ((60, 24), (31, 10), (120, 50), (200, 12), (20, 5), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.page._place == place
            if size[0] >= 20:
                words = " ".join(" ".join(shown(app.page)).split())
                assert before.split()[0] in words
        assert shown(app.page)[0] == before


async def test_a_resize_at_the_top_stays_at_the_top() -> None:
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.show(release(title="A long title that needs rows " * 5))
        await pilot.pause()
        for width in (30, 120, 80):
            await pilot.resize_terminal(width, 24)
            await pilot.pause()
            assert app.page.scroll_offset.y == 0


async def test_a_page_scrolls_at_once_and_knows_its_end() -> None:
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        page = app.page
        page.show(release())
        await pilot.pause()
        assert not page.is_at_end
        assert 0 < page.progress < 1
        page.action_scroll_page_down()
        assert page.scroll_offset.y == 23
        page.action_scroll_up()
        page.action_scroll_down()
        assert page.scroll_offset.y == 23
        page.action_scroll_bottom()
        assert page.is_at_end
        assert page.progress == 1
        assert "number 59 means" in " ".join(" ".join(shown(page)).split())
        page.action_scroll_page_up()
        assert not page.is_at_end
        page.action_scroll_top()
        assert page.scroll_offset.y == 0
        page.show(release(body="Short."))
        await pilot.pause()
        assert page.is_at_end


async def test_another_release_begins_at_its_top() -> None:
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.show(release())
        await pilot.pause()
        app.page.go_bottom()
        app.page.show(release(title="Another"))
        assert app.page.scroll_offset.y == 0
        assert "Another" in shown(app.page)[0]


async def test_the_wheel_scrolls() -> None:
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.show(release())
        await pilot.pause()
        app.page._on_mouse_scroll_down(make_scroll(app.page))
        await pilot.pause()
        assert app.page.scroll_offset.y > 0


def make_scroll(page: Page) -> MouseScrollDown:
    return MouseScrollDown(page, 5, 5, 0, 1, 0, False, False, False)


HOSTILE = (
    "[bold]x[/b] [/] [@click=app.quit]x[/] [EU] \x1b[31mred\x1b]0;owned\x07 \x9b2J \u202eevil\u2066 \x00 a\tb\rc "
    "\ud800 z\u0301" + "\u0301" * 50 + " \U000e0041 \u3164 \u200b\u200d\u200d中 \ufe0f end"
)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\u3164\ud800-\udfff\U000e0000-\U000e0fff]")


async def test_hostile_text_never_reaches_a_strip() -> None:
    app = PageApp()
    async with app.run_test(size=(70, 40)) as pilot:
        hostile = release(
            title=HOSTILE,
            source=HOSTILE,
            body=f"{HOSTILE}\n\n- {HOSTILE}\n\n{HOSTILE * 5}",
            date=Date(Day(2024, 1, 1), Precision.DAY, Basis.TEXT, HOSTILE),
        )
        app.page.show(hostile)
        for width in (70, 33, 12, 120):
            await pilot.resize_terminal(width, 40)
            await pilot.pause()
            for strip in strips(app.page):
                assert not any(CONTROL.search(segment.text) or segment.control for segment in strip)
                assert strip.cell_length == cell_width(strip.text) == app.page.scrollable_content_region.width
        text = " ".join(" ".join(shown(app.page)).split())
        assert "[bold]x[/b] [/] [@click=app.quit]x[/] [EU] ␛[31mred␛]0;owned␇" in text
        app.page.show_message(HOSTILE)
        assert not any(CONTROL.search(strip.text) for strip in strips(app.page))
        assert app.is_running


async def test_the_smallest_screens_show_something_and_never_fail() -> None:
    app = PageApp()
    async with app.run_test(size=(1, 1)) as pilot:
        for shown_release in (
            release(),
            release(body=""),
            release(body="日本" * 99, title="👨\u200d👩\u200d👧" * 9),
            None,
        ):
            app.page.show(shown_release)
            app.page.go_bottom()
            for size in ((1, 1), (2, 1), (1, 9), (3, 3), (5, 20), (1, 1)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                assert all(strip.cell_length == app.page.scrollable_content_region.width for strip in strips(app.page))


async def test_what_is_sought_is_lit_wherever_it_breaks() -> None:
    def find(text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer("officers who met in Chișinău to talk about the year", text)]

    app = PageApp()
    async with app.run_test(size=(50, 24)) as pilot:
        app.page.show(release(), find_spans=find)
        await pilot.pause()
        lit = app.page.get_component_rich_style("page--match").bgcolor
        words = [
            segment.text
            for strip in strips(app.page)
            for segment in strip
            if segment.style is not None and segment.style.bgcolor == lit
        ]
        assert " ".join(words[:2]).startswith("officers who met in Chișinău")
        app.page.set_find_spans(lambda text: [])
        assert not any(
            segment.style is not None and segment.style.bgcolor == lit
            for strip in strips(app.page)
            for segment in strip
        )


async def test_only_the_rows_on_screen_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    make: Callable[[SetBody, int], object] = SetBody.__getitem__

    def count(body: SetBody, row: int) -> object:
        made.append(row)
        return make(body, row)

    monkeypatch.setattr(SetBody, "__getitem__", count)
    app = PageApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.page.show(release(body=PROSE * 150))
        await pilot.pause()
        assert app.page.virtual_size.height > 10_000
        app.page.go_bottom()
        await pilot.pause()
        assert len(set(made)) < 100


async def test_the_mouse_selects_text_without_its_margin() -> None:
    app = PageApp()
    async with app.run_test(size=(100, 24)) as pilot:
        app.page.show(release(title="Eight arrested", body="- one two\n- three four"))
        await pilot.pause()
        assert app.page.get_selection(Selection(Offset(2, 5), Offset(7, 6))) == ("one two\n- three", "\n")
        everything = app.page.get_selection(SELECT_ALL)
        assert everything is not None
        assert everything[0].startswith("Eight arrested\nEuropol")
        assert everything[0].endswith("- three four")
        row = app.page.render_line(5)
        metas = [segment.style.meta.get("offset") for segment in row if segment.style is not None]
        assert (0, 5) in metas
        await pilot.mouse_down(Page, offset=(12, 5))
        await pilot.hover(Page, offset=(18, 6))
        await pilot.mouse_up(Page, offset=(18, 6))
        assert app.screen.get_selected_text()


def test_the_page_measures_as_textual_does() -> None:
    from textual._cells import cell_len

    for text in ("naïve café", "日本語", "👨\u200d👩\u200d👧 ☎\ufe0f 👍🏽 🇩🇪", "ตำรวจไทย", "z̈", "한국어"):
        assert cell_width(clean(text)) == cell_len(text)
