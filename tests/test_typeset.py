"""Setting bodies: what is a paragraph, an item, a sub-heading, and that no word is ever lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.passages import find_blocks
from newsreader.text import cell_width, clean
from newsreader.typeset import MEASURE, clip_spans, typeset

PROSE = "A sentence that is long enough to be prose, with a verb and a full stop at its end, as prose has. " * 2


def rows(body: str, width: int = 80) -> list[str]:
    return [str(line) for line in typeset(body, width)]


def test_paragraphs_are_apart_by_one_row_however_many_the_digest_has() -> None:
    assert rows("One.\n\n\n \u00a0\n\t\nTwo.\n") == ["One.", "", "Two."]


def test_long_lines_below_each_other_are_paragraphs_apart() -> None:
    assert rows(f"{PROSE}\n{PROSE}", 80)[3] == ""


def test_short_lines_below_each_other_stay_together() -> None:
    body = "Connect with us:\nFacebookTwitterInstagramYouTube,\nLinkedIn and Flickr."
    assert rows(body) == body.split("\n")


def test_items_hang() -> None:
    assert rows("Results:\n\n  • one two three\n  • four", 12) == [
        "Results:",
        "",
        "  • one two",
        "    three",
        "  • four",
    ]
    assert rows("1. one two three\n12) four", 10) == ["1. one two", "   three", "12) four"]


def test_a_wrapped_item_is_one_item() -> None:
    assert rows("- one two\n  three\n- four") == ["- one two three", "- four"]


def test_a_paragraph_that_its_sender_wrapped_is_set_anew() -> None:
    body = (
        "The police of four countries arrested eight people who are thought\n"
        "to have smuggled migrants across two borders since the spring, and\n"
        "searched eleven houses in all of these countries during the action\n"
        "day."
    )
    assert rows(body, 200)[0].startswith("The police of four countries arrested eight people who are thought to have")
    assert len(list(find_blocks(clean(body)))) == 1


def test_lines_that_had_room_for_more_are_not_joined() -> None:
    body = "The first of three lines that were not wrapped\nshort\nThe third of three lines that were not wrapped"
    assert len(list(find_blocks(clean(body)))) == 3


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
    assert all(line.text.split() == shown.text[line.start : line.end].split() for line in shown)


@given(st.lists(st.sampled_from(["word " * 30, "• item " * 9, "", "short"])), st.integers(5, 80), st.integers(5, 80))
def test_a_place_is_found_again_at_another_width(lines: list[str], width: int, other: int) -> None:
    one, two = typeset("\n".join(lines), width), typeset("\n".join(lines), other)
    for number, line in enumerate(one):
        if line.text:
            there = two[two.row_of(line.start)]
            assert there.start <= line.start <= there.end
            assert one.row_of(line.start) == number


def test_spans_are_clipped_to_the_rows_they_fall_on() -> None:
    shown = typeset("one two three four", 9)
    assert [line.text for line in shown] == ["one two", "three", "four"]
    spans = [(0, 3), (4, 13), (14, 18)]
    assert [list(clip_spans(spans, line)) for line in shown] == [[(0, 3), (4, 7)], [(0, 5)], [(0, 4)]]
    assert list(clip_spans([], shown[0])) == []


def test_spans_are_clipped_where_a_sender_wrapped() -> None:
    body = "The police of four countries arrested eight people who smuggled\n    migrants "
    body += "across two borders since the spring, they said, and\n"
    body += "searched eleven houses in all of these countries during the action\nday."
    start = body.index("smuggled")
    spans = [(start, body.index("across"))]
    shown = typeset(body, 80)
    lit = [line.text[first:last] for line in shown for first, last in clip_spans(spans, line)]
    assert "".join(lit).split() == ["smuggled", "migrants"]


QUOTED = (
    f"{PROSE}\n\nShe said:\n\n“One two three four five six seven eight nine ten and so on,\n\n“and more.”\n\n{PROSE}"
)


def test_quotations_stand_beside_a_bar_that_runs_on_between_them() -> None:
    shown = [("|" if line.has_bar else "") + str(line).rstrip() for line in typeset(QUOTED, 40)]
    assert shown[7:15] == [
        "She said:",
        "|  “One two three four five six seven",
        "|  eight nine ten and so on,",
        "|",
        "|  “and more.”",
        "",
        "A sentence that is long enough to be",
        "prose, with a verb and a full stop at",
    ]


def test_a_page_of_few_cells_has_no_bar() -> None:
    assert not any(line.has_bar or line.indent for line in typeset(QUOTED, 5))


def test_names_behind_a_label_hang_and_the_label_is_strong() -> None:
    body = f"{PROSE}\n\nParticipating countries: Argentina, Brazil, Chile, Denmark, Estonia and France"
    label, rest = list(typeset(body, 50))[-2:]
    assert label.text[slice(*label.strong)] == "Participating countries"
    assert (rest.indent, rest.strong) == (2, (0, 0))


FOLDABLE = (
    f"{PROSE}\n\nA man at the house\n\nThe house at the sea\n\nTwo men in the house of the man by the sea that is"
)
FOLDABLE += f" very, very far away from here\n\n{PROSE}\n\nFor more information:\nContact the office"


def test_captions_and_contacts_fold_into_a_row_each() -> None:
    shown = [line for line in typeset(FOLDABLE, 80, is_folded=lambda start, end: True) if line.is_fold]
    assert [line.text for line in shown] == ["… 3 lines of captions", "… 2 lines of contacts"]
    assert not any(line.is_fold for line in typeset(FOLDABLE, 80, is_folded=lambda start, end: False))


def test_a_place_in_what_is_folded_is_at_its_row() -> None:
    shown = typeset(FOLDABLE, 80, is_folded=lambda start, end: True)
    assert shown[shown.row_of(FOLDABLE.index("Two men"))].text == "… 3 lines of captions"
    assert shown[shown.row_of(FOLDABLE.index("Contact the"))].text == "… 2 lines of contacts"


def test_only_what_may_be_folded_is_asked_for_and_only_its_words_go() -> None:
    asked: list[str] = []

    def is_folded(start: int, end: int) -> bool:
        asked.append(clean(FOLDABLE)[start:end])
        return "house" in asked[-1]

    shown = " ".join(line.text for line in typeset(FOLDABLE, 80, is_folded=is_folded) if not line.is_fold)
    assert [part.split()[0] for part in asked] == ["A", "For"]
    assert shown.split() == FOLDABLE.replace(asked[0], "").split()


def test_the_first_rows_of_a_megabyte_are_set_without_the_rest_and_its_height_is_honest() -> None:
    shown = typeset("\n\n".join([PROSE] * 5000), 80)
    shown.reach(60)
    assert 60 < len(shown) < 70
    assert not shown.is_whole
    expected = shown.height
    assert abs(expected - len(list(shown))) < expected / 10
    assert shown.is_whole
    assert shown.height == len(shown)


@pytest.mark.parametrize("width", [5, 33, 60])
@pytest.mark.parametrize("part", ["word ", "x", "日本 ", "a  b "])
def test_a_line_without_end_is_set_in_pieces_as_in_one(part: str, width: int) -> None:
    line = part * 20_000
    shown = [row.text for row in typeset(line.strip(), width)]
    assert "".join(shown).replace(" ", "") == line.replace(" ", "")
    assert all(cell_width(row) <= width for row in shown)
    assert all(cell_width(row) > width - 8 for row in shown[:-1])


def test_hostile_text_is_cleaned_before_it_is_set() -> None:
    assert rows("\x1b[31mred\u202e\x00\u2028two") == ["␛[31mred␀", "two"]


def test_an_empty_body_has_no_rows() -> None:
    assert rows(" \n\u00a0\n") == []
    assert typeset("", 80).row_of(5) == 0
