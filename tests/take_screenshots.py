"""Take the pictures in screenshots/ from the bundled digests: `python -m tests.take_screenshots`."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsreader.archive import Archive
from newsreader.config import Config
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.models import Mark
from newsreader.query import All
from newsreader.ui.app import ReaderApp
from newsreader.ui.desk import Desk
from newsreader.ui.themes import DARK_THEME, LIGHT_THEME

PROJECT = Path(__file__).resolve().parent.parent
NOW = datetime(2024, 10, 10, 12, 0, tzinfo=UTC)
SIZES = ((80, 24), (120, 36))
CELL = 12.2
"""The width of a cell in Textual's pictures."""


@dataclass(frozen=True)
class Scene:
    """One picture."""

    name: str
    keys: tuple[str, ...] = ()
    filter: str = ""
    theme: str = DARK_THEME.name
    is_sample: bool = False
    has_marks: bool = True


SCENES = (
    Scene("first-run", is_sample=True, has_marks=False),
    Scene("reading", ("n",) * 12),
    Scene("filtering", ("slash", *"cyber date:2024-09.. ", "enter")),
    Scene("page", ("slash", *"source:interpol ", "enter", *["n"] * 7, *"wOa")),
    Scene("relevance", ("slash", *"cyber ", "enter", *"tttt", *["n"] * 2)),
    Scene("light", ("n",) * 12, theme=LIGHT_THEME.name),
    Scene("help", ("question_mark",)),
)


async def take(scene: Scene, size: tuple[int, int]) -> str:
    """The scene as SVG."""
    marks = Marks(None, clock=lambda: NOW)
    archive = Archive(None, marks.uri)
    library = Library((str(PROJECT / "seeds"),))
    refresh(archive, library)
    if scene.has_marks:
        ids = archive.ids(archive.places(All()))
        marks.change(ids[::5] + ids[1:12:3], Mark.READ, True)
        marks.change(ids[3::9], Mark.STARRED, True)
    desk = Desk(
        library, archive, marks, Config(read_after=-1), lambda: NOW, filter=scene.filter, is_sample=scene.is_sample
    )
    app = ReaderApp(desk, scene.theme)
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        for key in scene.keys:
            await pilot.press(key)
        await app.workers.wait_for_complete()
        await pilot.pause()
        return place_spaces(app.export_screenshot())


def place_spaces(svg: str) -> str:
    """The picture with texts moved in place of the spaces that they begin with; some programs leave these out."""

    def move(match: re.Match[str]) -> str:
        spaces = len(match[5]) // len("&#160;")
        x, length = float(match[2]) + spaces * CELL, float(match[3]) - spaces * CELL
        return f'{match[1]} x="{x:.6g}"{match[6]} textLength="{length:.6g}"{match[4]}>'

    pattern = r'(<text class="[^"]*") x="([\d.]+)"(?=[^>]* textLength="([\d.]+)"([^>]*)>((?:&#160;)+)[^<&])'
    return re.sub(pattern + r'([^>]*?) textLength="[\d.]+"[^>]*>(?:&#160;)+', move, svg)


def main() -> None:
    """Take every scene in every size."""
    folder = PROJECT / "screenshots"
    folder.mkdir(exist_ok=True)
    for scene in SCENES:
        for size in SIZES:
            svg = asyncio.run(take(scene, size))
            (folder / f"{scene.name}-{size[0]}x{size[1]}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
