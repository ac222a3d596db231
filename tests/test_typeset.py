"""Setting bodies: what is a paragraph, an item, a sub-heading, and that no word is ever lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.text import cell_width, clean
from newsreader.typeset import MEASURE, Kind, clip_spans, find_blocks, typeset

PROSE = "A sentence that is long enough to be prose, with a verb and a full stop at its end, as prose has. " * 2


def rows(body: str, width: int = 80) -> list[str]:
    return [str(line) for line in typeset(body, width)]


def kinds(body: str) -> list[tuple[Kind, str]]:
    text = clean(body)
    return [(block.kind, text[block.start : block.end]) for block in find_blocks(text)]


def test_paragraphs_are_apart_by_one_row_however_many_the_digest_has() -> None:
    assert rows("One.\n\n\n \u00a0\n\t\nTwo.\n") == ["One.", "", "Two."]


def test_long_lines_below_each_other_are_paragraphs_apart() -> None:
    assert rows(f"{PROSE}\n{PROSE}", 80)[3] == ""


def test_short_lines_below_each_other_stay_together() -> None:
    body = "Connect with us:\nFacebookTwitterInstagramYouTube,\nLinkedIn and Flickr."
    assert rows(body) == body.split("\n")


def test_captions_stay_paragraphs_of_their_own() -> None:
    body = f"{PROSE}\n\nOfficers at the ceremony\n\nAttendees from three countries\n\nThe signed letter\n\n{PROSE}"
    assert [kind for kind, _ in kinds(body)] == [Kind.PARAGRAPH] * 5


def test_items_hang() -> None:
    assert rows("Results:\n\n  • one two three\n  • four", 12) == [
        "Results:",
        "",
        "  • one two",
        "    three",
        "  • four",
    ]
    assert rows("1. one two three\n12) four", 10) == ["1. one two", "   three", "12) four"]


@pytest.mark.parametrize("line", ["• x", "- x", "* x", "– x", "1. x", "10) x", "(a) x", "b) x", "  •\u00a0x"])
def test_an_item_is_known_by_its_marker(line: str) -> None:
    assert kinds(line)[0][0] is Kind.ITEM


@pytest.mark.parametrize("line", ["-x", "2024. A year", "*bold*", "1.5 million", "A. Smith said", "— ", "•"])
def test_what_only_looks_like_a_marker_is_a_paragraph(line: str) -> None:
    assert kinds(line)[0][0] is Kind.PARAGRAPH


def test_a_wrapped_item_is_one_item() -> None:
    assert kinds("- one two\n  three\n- four") == [(Kind.ITEM, "- one two\n  three"), (Kind.ITEM, "- four")]
    assert rows("- one two\n  three\n- four") == ["- one two three", "- four"]


def test_a_paragraph_that_its_sender_wrapped_is_set_anew() -> None:
    body = (
        "The police of four countries arrested eight people who are thought\n"
        "to have smuggled migrants across two borders since the spring, and\n"
        "searched eleven houses in all of these countries during the action\n"
        "day."
    )
    assert rows(body, 200)[0].startswith("The police of four countries arrested eight people who are thought to have")
    assert len(find_blocks(clean(body))) == 1


def test_lines_that_had_room_for_more_are_not_joined() -> None:
    body = "The first of three lines that were not wrapped\nshort\nThe third of three lines that were not wrapped"
    assert len(find_blocks(clean(body))) == 3


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("Global Policing Goals", True),
        ("How is a Secretary General chosen?", True),
        ("Notes to editors", True),
        ("He said:", False),
        ("It was over.", False),
        ("in lower case", False),
        ("26 September 2024|", False),
        ("Credits: Guardia di Finanza", False),
        ("Follow us on X", False),
        ("@NATO and @NATOPress", False),
        ("A line that is far too long to be the heading of anything at all, really", False),
    ],
)
def test_a_short_line_without_a_full_stop_between_prose_is_a_heading(line: str, is_heading: bool) -> None:
    assert (kinds(f"{PROSE}\n\n{line}\n\n{PROSE}")[1][0] is Kind.HEADING) is is_heading


def test_the_first_and_the_last_line_are_no_headings() -> None:
    assert {kind for kind, _ in kinds(f"September 26, 2024\n\n{PROSE}\n\nContacts")} == {Kind.PARAGRAPH}


def test_every_seed_keeps_its_words(seeds: Path) -> None:
    for digest in sorted(seeds.iterdir()):
        body = digest.read_text(encoding="utf-8")
        for width in (1, 20, 80):
            shown = typeset(body, width)
            if width == 80:
                assert " ".join(line.text for line in shown).split() == body.split()
            assert "".join("".join(line.text.split()) for line in shown) == "".join(body.split())


@given(
    st.lists(
        st.sampled_from(
            ["", " ", "\u00a0", "word", "• item", "  - deep item", "1. one", PROSE, "Heading", "日本語。", "x" * 90]
        )
    )
)
def test_no_word_is_dropped_changed_or_moved(lines: list[str]) -> None:
    body = "\n".join(lines)
    shown = list(typeset(body, MEASURE + 40))
    assert "".join("".join(line.text.split()) for line in shown) == "".join(body.split())
    assert all(line.indent + cell_width(line.text) <= MEASURE for line in shown)
    if "x" * 90 not in lines and "日本語。" not in lines:
        assert [word for line in shown for word in line.text.split()] == body.split()


@given(st.text(max_size=80), st.integers(-1, 30))
def test_any_text_can_be_set_at_any_width(body: str, width: int) -> None:
    shown = typeset(body, width)
    assert "".join("".join(line.text.split()) for line in shown) == "".join(clean(body).split())
    assert all(
        line.text == "" or line.text == shown.text[line.start : line.start + len(line.text)]
        for line in shown
        if "\n" not in shown.text
    )


@given(st.lists(st.sampled_from(["word " * 30, "• item " * 9, "", "short"])), st.integers(5, 80), st.integers(5, 80))
def test_a_place_is_found_again_at_another_width(lines: list[str], width: int, other: int) -> None:
    one, two = typeset("\n".join(lines), width), typeset("\n".join(lines), other)
    for number, line in enumerate(one):
        if line.text:
            there = two[two.row_of(line.start)]
            assert there.start <= line.start <= there.start + len(there.text)
            assert one.row_of(line.start) == number


def test_spans_are_clipped_to_the_rows_they_fall_on() -> None:
    shown = typeset("one two three four", 9)
    assert [line.text for line in shown] == ["one two", "three", "four"]
    spans = [(0, 3), (4, 13), (14, 18)]
    assert [list(clip_spans(spans, line)) for line in shown] == [[(0, 3), (4, 7)], [(0, 5)], [(0, 4)]]
    assert list(clip_spans([], shown[0])) == []


def test_hostile_text_is_cleaned_before_it_is_set() -> None:
    assert rows("\x1b[31mred\u202e\x00\u2028two") == ["␛[31mred␀", "two"]


def test_an_empty_body_has_no_rows() -> None:
    assert rows(" \n\u00a0\n") == []
    assert typeset("", 80).row_of(5) == 0
