"""The reader on the seeds or on small digests, for tests that drive it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Input

from newsreader.archive import Archive
from newsreader.config import Config
from newsreader.loader import Library, refresh
from newsreader.marks import Marks
from newsreader.models import Mark
from newsreader.query import All
from newsreader.ui.app import ReaderApp
from newsreader.ui.desk import Desk
from newsreader.ui.main_screen import MainScreen
from tests.conftest import NOW, SEEDS
from tests.terminal import PATIENCE

NEVER_BY_ITSELF = Config(read_after=-1)


@dataclass
class Reader:
    """A reader that is open."""

    app: ReaderApp
    pilot: Pilot[None]
    marks: Marks
    archive: Archive

    @property
    def screen(self) -> MainScreen:
        return self.app.main_screen

    @property
    def is_on_main_screen(self) -> bool:
        """Whether nothing lies over the main screen."""
        return self.app.screen is self.app.main_screen

    @property
    def shown_title(self) -> str:
        """The title of the release on the page."""
        return self.screen.shown.headline.title if self.screen.shown else ""

    @property
    def cursor_title(self) -> str:
        """The title of the release under the cursor; empty on a group."""
        row = self.screen.release_tree.cursor_row
        release = self.archive.release(row.place) if row is not None and row.place is not None else None
        return release.headline.title if release else ""

    @property
    def titles(self) -> list[str]:
        """The titles of all releases that the filter shows, in order."""
        outline = self.screen.release_tree.outline
        return [headline.title for headline in self.archive.headlines(outline.places)] if outline else []

    @property
    def filter_result(self) -> str:
        """What stands at the right end of the filter bar."""
        return str(self.screen.query_one("#filter-result").render())

    def marks_of(self, title: str) -> frozenset[Mark]:
        """The marks that are on disk for the release of a title."""
        ids = [each.id for each in self.archive.headlines(self.archive.places(All())) if each.title == title]
        return self.marks.of(ids)[ids[0]]

    async def settle(self) -> None:
        """Wait until everything that was asked for has happened."""
        await self.app.workers.wait_for_complete()
        await self.pilot.pause(0)
        while self.app.workers:
            await self.app.workers.wait_for_complete()
            await self.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        """Press keys and wait."""
        await self.pilot.press(*keys)
        await self.settle()

    async def filter(self, text: str) -> None:
        """Put a query into the filter bar, from the tree."""
        await self.press("slash")
        await self.type(text)

    async def type(self, text: str) -> None:
        """Put a text into the line that has the focus, at once: quicker than key by key."""
        line = self.app.screen.focused
        assert isinstance(line, Input)
        line.value = text
        line.cursor_position = len(text)
        await self.settle()

    def lines(self) -> list[str]:
        """The screen as text."""
        screen = self.app.screen
        strips = screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


async def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that happens by itself, however long a busy machine takes."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await asyncio.sleep(0.01)


def digest(*releases: tuple[str, str, str]) -> str:
    """A digest of releases given as title, source and body."""
    return "\n\n".join(f"{title}\n\nSource: {source}\n\n{body}" for title, source, body in releases) + "\n"


@asynccontextmanager
async def open_reader(
    path: Path = SEEDS,
    *,
    also: Path | None = None,
    size: tuple[int, int] = (80, 24),
    config: Config = NEVER_BY_ITSELF,
    theme: str = "",
    marks: Marks | None = None,
    filter: str = "",
    is_sample: bool = False,
    is_picking: bool = False,
    is_read_before: bool = True,
    prepare: Callable[[Archive, Marks], None] = lambda archive, marks: None,
) -> AsyncIterator[Reader]:
    """Open the reader on a file or folder, with archive and marks in memory, and wait until it is at rest."""
    marks = marks or Marks(None, clock=lambda: NOW)
    archive = Archive(None, marks)
    library = Library((str(path),) if also is None else (str(path), str(also)))
    if is_read_before:
        refresh(archive, library)
    prepare(archive, marks)
    desk = Desk(library, archive, marks, config, lambda: NOW, filter, is_sample, is_picking, library.key)
    app = ReaderApp(desk, theme)
    with patch("newsreader.ui.status_line.MESSAGE_SECONDS", 3600.0):  # else a slow machine sees them come and go
        async with app.run_test(size=size) as pilot:
            reader = Reader(app, pilot, marks, archive)
            await pilot.pause()
            await reader.settle()
            yield reader
            await app.main_screen.leave()
    archive.close()
