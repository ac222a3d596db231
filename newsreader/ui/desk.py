"""What the reader works with, and what its cursor sticks to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from newsreader.archive import Archive
from newsreader.config import Config
from newsreader.loader import Library
from newsreader.marks import Marks
from newsreader.ui.outline import Group, Outline


@dataclass(frozen=True)
class Desk:
    """All that is handed to the reader when it is opened."""

    library: Library
    """The digests to read."""
    archive: Archive
    """Their archive; this connection is used by the screen's own thread only."""
    marks: Marks
    """The reader's marks."""
    config: Config
    """The settings in force."""
    clock: Callable[[], datetime]
    """The time now, with its zone."""
    filter: str = ""
    """The query to begin with; empty for the one that was left on."""
    is_sample: bool = False
    """Whether the library is the bundled sample."""
    is_picking: bool = False
    """Whether one release is to be chosen."""
    key: str = ""
    """What tells the library from others, so that each is found again as it was left."""

    @property
    def today(self) -> Day:
        """The day that it is where the reader sits."""
        return self.clock().astimezone().date()


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the cursor sticks to, through every filter and refresh."""

    place: int
    """The release under the cursor, or the first of the group under it."""
    group: Group | None = None
    """The group, when the cursor is on one."""
    id: str = ""
    """The release's id, when its place may have changed."""

    def row_in(self, outline: Outline) -> int:
        """The row where the cursor belongs in another outline: its group, its release, or the nearest next.

        What is missing from an outline that is still partial may yet come: until then it is the first row.
        """
        row = None if self.group is None else outline.row_of_group(self.group)
        if row is not None:
            return row
        index = outline.index_of(self.place) if outline.is_partial else outline.nearest(self.place)
        if index is None:
            return 0
        outline.reveal(index)
        return outline.row_of(index)
