"""What a terminal sends: keys and pastes come through in any pieces, and junk does no harm."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from newsreader.ui.keyboard import LEAST_FLOOD, LONGEST_PASTE, Keyboard

SEQUENCES = (
    b"\x1b[<0;5;5M", b"\x1b[<0;99999999999;-1M", b"\x1b[<;;M", b"\x1b[M\xff\xff\xff", b"\x1b[200~", b"\x1b[201~",
    b"\x1b[48;0;0;0;0t", b"\x1b[48;9999999;9999999;1;1t", b"\x1b[?2048;1$y", b"\x1b[99999999999;1u", b"\x1b[55296;1u",
    b"\x1b[97;5;1114112u", b"\x1b[1;1R", b"\x1b]52;c;aGk=\x07", b"\x1b", b"\x1b\x1b[A", b"\xc3", b"\xc3\xa9", b"q",
)  # fmt: skip


def feed(*pieces: bytes, encoding: str = "utf-8") -> list[Message]:
    """The events of these pieces and of the silence behind them."""
    keyboard = Keyboard(encoding)
    return [event for piece in pieces for event in keyboard.feed(piece)] + silence(keyboard)


def silence(keyboard: Keyboard) -> list[Message]:
    """The events of a long silence."""
    found: list[Message] = []
    while keyboard.pause is not None:
        if keyboard._parser._timeout_time is not None:
            keyboard._parser._timeout_time = 0.0
        found.extend(keyboard.rest())
    return found


def keys(*pieces: bytes, encoding: str = "utf-8") -> list[str]:
    return [event.key for event in feed(*pieces, encoding=encoding) if isinstance(event, events.Key)]


def pastes(*pieces: bytes) -> list[str]:
    return [event.text for event in feed(*pieces) if isinstance(event, events.Paste)]


def cut(data: bytes, at: list[int]) -> list[bytes]:
    """The bytes in pieces."""
    places = [0, *sorted(place % (len(data) + 1) for place in at), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(places)]


def test_enter_is_enter_though_the_terminal_made_a_line_end_of_it_before_it_was_taken_over() -> None:
    assert keys(b"/a\nj", b"\n\r") == ["slash", "a", "enter", "j", "ctrl+j", "enter"]


@given(st.lists(st.sampled_from(SEQUENCES) | st.binary(max_size=12)), st.lists(st.integers(0, 200), max_size=5))
def test_any_bytes_in_any_pieces_are_survived_and_leave_the_keyboard_working(
    parts: list[bytes], places: list[int]
) -> None:
    keyboard = Keyboard()
    for piece in cut(b"".join(parts), places):
        for event in keyboard.feed(piece):
            assert not isinstance(event, events.Resize)
            if isinstance(event, events.Key) and event.character:
                event.character.encode()
    silence(keyboard)
    list(keyboard.feed(b"\x1b[Z"))
    assert [event.key for event in keyboard.feed(b"q") if isinstance(event, events.Key)] == ["q"]


@given(st.text("abc\x1b[~012;q\n ", max_size=40), st.lists(st.integers(0, 60), max_size=6))
def test_nothing_of_a_paste_is_a_key(text: str, places: list[int]) -> None:
    text = text.replace("\x1b[201~", "").replace("\x1b[200~", "")
    found = feed(*cut(b"j\x1b[200~" + text.encode() + b"\x1b[201~k", places))
    assert [event.key for event in found if isinstance(event, events.Key)] == ["j", "k"]
    assert [event.text for event in found if isinstance(event, events.Paste)] == [text.replace("\x1b", "␛")]


def test_a_paste_of_a_megabyte_is_cut_and_one_without_an_end_ends_with_silence() -> None:
    megabyte = b"word \x1b[31m" * 100_000
    for end in (b"\x1b[201~", b""):
        (text,) = pastes(b"\x1b[200~", *(megabyte[at : at + 4095] for at in range(0, len(megabyte), 4095)), end)
        assert text == "word ␛[31m" * (LONGEST_PASTE // 10)


def test_a_flood_is_a_paste_and_not_so_many_keys() -> None:
    flood = b"quit" * LEAST_FLOOD
    assert keys(flood, b"q") == []
    assert pastes(flood, b"q") == [(flood.decode() + "q")[:LONGEST_PASTE]]


def test_many_reports_of_the_mouse_are_no_flood() -> None:
    assert keys(b"\x1b[<35;5;5M" * 1000 + b"q") == ["q"]


@pytest.mark.parametrize(
    ("encoding", "data", "expected"),
    [
        ("utf-8", b"\xff\xe9q", ["q"]),
        ("utf-8", "é".encode(), ["é"]),
        ("latin-1", b"\xe9q", ["é", "q"]),
        ("utf-8", b"\x1b", ["escape"]),
        ("utf-8", b"\x1b[A\x1bOB", ["up", "down"]),
    ],
)
def test_keys_are_read_in_the_encoding_of_the_terminal(encoding: str, data: bytes, expected: list[str]) -> None:
    assert keys(data, encoding=encoding) == expected


def test_a_number_that_is_no_character_costs_no_other_key() -> None:
    assert keys(b"\x1b[99999999999;1u\x1b[55296;1uj\x1b[97;5;1114112uk") == ["j", "k"]


@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\"])
@pytest.mark.parametrize("start", [b"\x1b]", b"\x1bP", b"\x1b_"])
def test_the_answer_of_a_terminal_is_no_keys(start: bytes, end: bytes) -> None:
    answer = start + b"1+r544e=qqq;\x20"
    assert keys(b"j" + answer + end + b"k") == ["j", "k"]
    assert keys(b"j" + answer, b"qqq" + end + b"k") == ["j", "k"]
    assert keys(b"\x1bP") == ["alt+shift+p"]


def test_a_character_and_a_sequence_may_come_in_pieces() -> None:
    assert keys(b"\xc3", b"\xa9", b"\x1b", b"[", b"A") == ["é", "up"]
