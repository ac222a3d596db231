"""Screens as text; `UPDATE_GOLDEN=1 pytest tests/test_ui_golden.py` writes them anew, for a diff to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsreader.archive import Archive
from newsreader.marks import Marks
from newsreader.models import Mark
from newsreader.query import All
from tests.ui_kit import open_reader

GOLDEN = Path(__file__).parent / "golden"
SIZES = [(80, 24), (120, 36)]
SCENES: dict[str, tuple[str, str, str]] = {
    "reading": ("n n n", "", ""),
    "filtering": ("slash", "cyber", "enter"),
    "wrong": ("slash", "date:soon ", ""),
    "nothing": ("slash", "zzzz", ""),
    "help": ("question_mark", "", ""),
    "pipe": ("vertical_line", "wc -w", "enter"),
}
"""Keys, a text for the line that they lead to, and keys after it."""


def mark_some(archive: Archive, marks: Marks) -> None:
    ids = archive.ids(archive.places(All()))
    marks.change(ids[1::3], Mark.READ, True)
    marks.change(ids[::7], Mark.STARRED, True)


def check(name: str, lines: list[str]) -> None:
    path = GOLDEN / f"{name}.txt"
    text = "".join(f"{line}\n" for line in lines)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path} differs; UPDATE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES)
async def test_a_screen_looks_as_it_did(scene: str, size: tuple[int, int]) -> None:
    async with open_reader(size=size, prepare=mark_some) as reader:
        before, text, after = SCENES[scene]
        await reader.press(*before.split())
        if text:
            await reader.type(text)
        await reader.press(*after.split())
        check(f"{scene}-{size[0]}x{size[1]}", reader.lines())


async def test_an_empty_library_looks_as_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "digests").mkdir()
    monkeypatch.chdir(tmp_path)
    async with open_reader(Path("digests")) as reader:
        check("empty-80x24", reader.lines())


async def test_a_small_terminal_looks_as_it_did() -> None:
    async with open_reader(size=(40, 12), is_sample=True) as reader:
        tree = reader.lines()
        await reader.press("enter")
        check("small-40x12", [*tree, "-" * 40, *reader.lines()])
