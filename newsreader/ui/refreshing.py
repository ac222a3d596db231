"""Brings the archive up to date beside the screen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from textual.message import Message

from newsreader.archive import Archive
from newsreader.errors import NewsreaderError
from newsreader.loader import Library, Progress, Report, refresh


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How a refresh ended."""

    report: Report | None
    """What it did; None when it could not be carried out."""
    problem: str = ""
    """Why it could not, as a sentence."""

    @property
    def has_changed(self) -> bool:
        """Whether the archive holds something else now."""
        return self.report is None or bool(self.report.read or self.report.added or self.report.removed)

    @property
    def is_warning(self) -> bool:
        """Whether something could not be read."""
        return self.report is None or bool(self.report.failures)

    @property
    def summary(self) -> str:
        """What the reader is told."""
        if self.report is None:
            return self.problem
        parts = []
        if self.report.added:
            parts.append("1 new release" if self.report.added == 1 else f"{self.report.added:,} new releases")
        if self.report.removed:
            parts.append(
                "1 release is gone" if self.report.removed == 1 else f"{self.report.removed:,} releases are gone"
            )
        if failures := len(self.report.failures):
            what = "1 file" if failures == 1 else f"{failures:,} files"
            parts.append(f"{what} could not be read: newsreader check tells why")
        return (", ".join(parts) or "Nothing is new") + "."


class RefreshMoved(Message):
    """A refresh has come further."""

    def __init__(self, progress: Progress, seconds: float) -> None:
        """`progress` is how far, after so many `seconds`."""
        super().__init__()
        self.progress = progress
        self.seconds = seconds

    def can_replace(self, message: Message) -> bool:
        """Only the newest counts."""
        return isinstance(message, RefreshMoved)


class RefreshFinished(Message):
    """A refresh has ended."""

    def __init__(self, refreshed: Refreshed) -> None:
        """`refreshed` is how it ended."""
        super().__init__()
        self.refreshed = refreshed


def refresh_archive(
    archive: Archive, library: Library, on_moved: Callable[[RefreshMoved], object], should_stop: Callable[[], bool]
) -> Refreshed:
    """Refresh over a connection of its own; to be called in a thread."""
    connection = None
    start = monotonic()

    def on_progress(progress: Progress) -> None:
        on_moved(RefreshMoved(progress, monotonic() - start))

    try:
        connection = archive.connect()
        return Refreshed(refresh(connection, library, on_progress=on_progress, should_stop=should_stop))
    except NewsreaderError as error:
        return Refreshed(None, str(error))
    except sqlite3.Error as error:
        return Refreshed(None, f"The archive could not be brought up to date: {error}. F5 tries again.")
    finally:
        if connection is not None:
            connection.close()
