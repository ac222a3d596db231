"""What fuzzing found stays mended; `tests.fuzz` says what has to hold, and seeks more by hand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz import GOLDEN, PageApp, check, check_screen, corpus, finds, mutate, read, shorten


@pytest.mark.parametrize("path", finds(), ids=lambda path: path.stem)
async def test_what_was_found_once_is_mended(path: Path) -> None:
    content = path.read_bytes()
    check(content)
    app = PageApp()
    async with app.run_test(size=(40, 12)) as pilot:
        await check_screen(app, pilot.pause, read(content))


@pytest.mark.parametrize("piece", GOLDEN, ids=range(len(GOLDEN)))
def test_a_hostile_piece_anywhere_in_a_digest_does_no_harm(piece: bytes) -> None:
    check(piece)
    check(b"Title " + piece + b"\n\nSource: " + piece + b" X\n\nBody " + piece + b"\n\n" + piece)


def test_a_few_mutated_digests_do_no_harm() -> None:
    chance, known = random.Random(1), corpus()
    for _ in range(20):
        check(mutate(chance, known))


def test_a_find_is_made_shorter() -> None:
    assert shorten(b"some long input with an X in it", lambda content: b"X" in content) == b"X"
