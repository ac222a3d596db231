"""What the archive's tables hold, as values."""

from __future__ import annotations

import sqlite3
from datetime import date as Day

from newsreader.models import Basis, Date, Headline, Precision
from newsreader.places import place_of_row
from newsreader.record import Record
from newsreader.search import SOURCE_OF_ROW

HEADLINE = """
SELECT r.*, s.name AS source,
    EXISTS (SELECT 1 FROM marks.mark m WHERE m.id = r.id AND m.kind = 'read' AND m.is_set) AS is_read,
    EXISTS (SELECT 1 FROM marks.mark m WHERE m.id = r.id AND m.kind = 'starred' AND m.is_set) AS is_starred
FROM release r JOIN source s ON s.id = {source}
""".replace("{source}", SOURCE_OF_ROW.replace("row", "r.row"))
"""What `headline_of` takes; to be narrowed by a `WHERE`."""


class SourceCount(Record):
    """How much a source has issued."""

    name: str
    """The source, as its digests name it; empty for releases without one."""
    releases: int
    """How many of its releases match."""
    unread: int
    """How many of these are unread."""
    starred: int
    """How many of these are starred."""


def read_date(row: sqlite3.Row) -> Date:
    """The date that a row of a release or an origin holds."""
    day = None if row["day"] is None else Day.fromisoformat(row["day"])
    return Date(day, Precision(row["precision"]), Basis(row["basis"]), row["evidence"])


def headline_of(row: sqlite3.Row) -> Headline:
    """The headline that a row of `HEADLINE` holds."""
    return Headline(
        place_of_row(row["row"]),
        row["id"],
        row["title"],
        row["source"],
        read_date(row),
        row["words"],
        bool(row["is_read"]),
        bool(row["is_starred"]),
    )
