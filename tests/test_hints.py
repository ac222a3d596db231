from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from newsreader.config import Config
from newsreader.query import parse
from newsreader.ui.hints import hint_no_match
from tests.conftest import NOW
from tests.ui_kit import open_reader


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("is:unread", "Everything is read."),
        ("is:starred", "<toggle-star> stars a release."),
        ("cyber attack", "fewer words find more."),
        ("zzzz", "<show-help> tells how to search."),
    ],
)
def test_what_stands_where_nothing_matches_tells_the_next_step(query: str, told: str) -> None:
    hint = hint_no_match(parse(query, today=NOW.date()), lambda id: f"<{id}>")
    assert told in hint
    assert "<go-back> goes back" in hint


def shown(lines: list[str]) -> str:
    return " ".join(" ".join(lines).replace("▏", " ").split())


async def test_an_empty_folder_is_named_with_the_next_step(tmp_path: Path) -> None:
    async with open_reader(tmp_path, size=(200, 24)) as reader:
        text = shown(reader.lines())
        assert f"There are no releases in {tmp_path}." in text
        assert "Put digests there and press F5, or read others with newsreader DIR." in text
        assert "newsreader check DIR tells what was skipped, and why." in text


async def test_where_nothing_is_unread_the_next_step_is_told_with_the_keys_in_force() -> None:
    config = Config(read_after=-1, keys=MappingProxyType({"refresh-library": "f9"}))
    async with open_reader(config=config) as reader:
        await reader.press("A", "r", "tab")
        assert reader.screen.status.message == "Everything here is read; F9 looks for new releases."
        await reader.filter("is:unread source:nato")
        assert "fewer words find more" in shown(reader.lines())


async def test_going_on_where_nothing_matches_is_told_so() -> None:
    async with open_reader() as reader:
        await reader.filter("zzzz")
        await reader.press("enter")
        for key in "np":
            await reader.press(key)
            assert reader.screen.status.message == "The filter shows no release; Esc goes back."
