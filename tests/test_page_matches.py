"""What is found slice by slice is what is found at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsreader.text import clean
from newsreader.ui.page_matches import SLICE, Matches
from newsreader.words import Phrase, find_spans

WORDS = st.sampled_from(["police", "policeman", "po", "lice", "Chișinău", "e\u0301te\u0301", "日本", "-", "\n\n"])
PHRASES = st.sampled_from([Phrase(("police",)), Phrase(("po",), True), Phrase(("po", "lice")), Phrase(("ete", "po"))])


def all_of(matches: Matches) -> list[tuple[int, int]]:
    return sorted({span for spans in matches.near(0, 10**9) for span in spans})


@given(st.lists(WORDS, min_size=1, max_size=30), PHRASES, st.integers(SLICE - 40, SLICE + 10))
def test_what_lies_across_the_end_of_a_slice_is_found_whole(parts: list[str], phrase: Phrase, before: int) -> None:
    text = clean("x " * (before // 2) + " ".join(parts) + " y" * 20)
    matches = Matches(lambda body: find_spans(body, [phrase]))
    matches.seek_in(text)
    assert all_of(matches) == find_spans(text, [phrase])


@given(st.lists(st.integers(0, 3 * SLICE - 7), max_size=6, unique=True), st.integers(0, 3 * SLICE))
def test_steps_go_through_all_in_order_from_any_place(starts: list[int], place: int) -> None:
    marked = ["-"] * (3 * SLICE)
    for start in starts:
        marked[start] = "x"
    matches = Matches(lambda body: [(at, at + 1) for at, each in enumerate(body) if each == "x"])
    for step in (1, -1):
        matches.seek_in("".join(marked))
        passed = []
        while matches.step(step, place) and matches.current is not None:
            passed.append(matches.current[0])
        ahead = sorted(start for start in starts if (start >= place) == (step > 0))
        assert passed == ahead[::step]
    matches.go_on(60)
    assert matches.count == len(starts)


def test_nothing_is_found_in_no_text() -> None:
    matches = Matches(lambda body: [(0, 1)])
    assert matches.is_whole
    assert [matches.step(step, place) for step in (1, -1) for place in (0, 9)] == [False] * 4


def test_a_step_tells_when_too_little_is_looked_through_to_know() -> None:
    matches = Matches(lambda body: find_spans(body, [Phrase(("needle",))]))
    matches.seek_in("hay " * (5 * SLICE) + "needle hay")
    assert matches.step(1, 0) is None
    assert matches.position == ""
    matches.go_on(60)
    assert matches.step(1, 0) is True
    assert matches.position == "1 of 1"
    assert matches.step(1, 0) is False


def test_a_number_that_is_not_known_yet_is_left_open() -> None:
    matches = Matches(lambda body: find_spans(body, [Phrase(("needle",))]))
    matches.seek_in("needle hay " * SLICE, 5 * SLICE)
    assert matches.step(1, 5 * SLICE)
    assert matches.position.startswith("… of ")
    assert matches.position.endswith("+")
    matches.go_on(60)
    number, total = matches.position.split(" of ")
    assert (number, total) == ("7,449", "16,384")
