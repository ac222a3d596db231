"""Arithmetic of places and rows: one integer that says where a release stands.

A *place* is `source | date, inverted | sequence | overflow`: places in ascending order run source by source, newest
first, and in a digest's own order within a day. A source or a month is one range of places, so counting, grouping and
dating a result need no table but the full-text index.

A *row* is the same integer as the archive's tables have it, with the overflow in front. Full-text indexes store the
differences between row ids, in as few bytes as they need: so each date has room for only as many rows as are common,
and what exceeds them goes on with the next overflow, far away.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date as Day

from newsreader.models import Date, Precision

SEQUENCE_BITS = 6
"""Room for 64 releases of one source on one day."""
KEY_BITS = 24
"""Year (14 bits), month (4) and day (6, from 32 up, so that 32 times the room of a day is left for a month alone)."""
SOURCE_BITS = 19
"""Room for half a million sources."""
OVERFLOW_BITS = 14
"""63 bits in all, as SQLite's row ids are signed."""

DATE_BITS = KEY_BITS + SEQUENCE_BITS
ROW_BITS = SOURCE_BITS + DATE_BITS
SOURCE_SHIFT = DATE_BITS + OVERFLOW_BITS
KEY_SHIFT = SEQUENCE_BITS + OVERFLOW_BITS
KEY_MASK = (1 << KEY_BITS) - 1
UNDATED_KEY = 1 << 20
"""Keys below this, the years before 1024, are room for releases without a date."""

_DAY_BASE = 32
_ROW_MASK = (1 << ROW_BITS) - 1
_OVERFLOW_MASK = (1 << OVERFLOW_BITS) - 1


def month_key(year: int, month: int) -> int:
    """The lowest key of a month; those of the month alone begin here, those of its days 32 further on."""
    return year << 10 | month << 6


def day_key(day: Day) -> int:
    """A day as a number that sorts like it."""
    return month_key(day.year, day.month) + _DAY_BASE + day.day


def first_row(source_id: int, date: Date) -> tuple[int, int]:
    """The lowest row of a source's releases of this date, and how many there is room for before the overflow."""
    if date.day is None or date.day.year < UNDATED_KEY >> 10:
        high, keys = UNDATED_KEY - 1, UNDATED_KEY
    elif date.precision is Precision.DAY:
        high, keys = day_key(date.day), 1
    elif date.precision is Precision.MONTH:
        high, keys = month_key(date.day.year, date.day.month) + _DAY_BASE - 1, _DAY_BASE
    else:
        high, keys = month_key(date.day.year, 1) - 1, 1 << 6
    return source_id << DATE_BITS | (KEY_MASK - high) << SEQUENCE_BITS, keys << SEQUENCE_BITS


def place_of_row(row: int) -> int:
    """The place that the archive's tables have as this row."""
    return (row & _ROW_MASK) << OVERFLOW_BITS | row >> ROW_BITS


def row_of_place(place: int) -> int:
    """The row of a place."""
    return place >> OVERFLOW_BITS | (place & _OVERFLOW_MASK) << ROW_BITS


def source_of(place: int) -> int:
    """The id of the source of the release at a place."""
    return place >> SOURCE_SHIFT


def month_of(place: int) -> tuple[int, int]:
    """The year and month of the release at a place; 0 for what is not known."""
    key = KEY_MASK - (place >> KEY_SHIFT & KEY_MASK)
    return (0, 0) if key < UNDATED_KEY else (key >> 10, key >> 6 & 0xF)


def day_of(place: int) -> tuple[int, int, int]:
    """The year, month and day of the release at a place; 0 for what is not known."""
    key = KEY_MASK - (place >> KEY_SHIFT & KEY_MASK)
    if key < UNDATED_KEY:
        return 0, 0, 0
    month = key >> 6 & 0xF
    return key >> 10, month, max((key & 0x3F) - _DAY_BASE, 0) if month else 0


def age_of(place: int) -> int:
    """How far back the release at a place lies: the smaller the newer; the same for all without a date."""
    return min(place >> KEY_SHIFT & KEY_MASK, KEY_MASK - UNDATED_KEY + 1)


def unpack_places(digits: str) -> array[int]:
    """The places of which each is given as 16 hexadecimal digits."""
    places = array("q", bytes.fromhex(digits))
    if sys.byteorder == "little":
        places.byteswap()
    return places


def arrange_by_source(places: array[int], source_ids: Iterable[int]) -> array[int]:
    """Places that stand in the order of their rows, arranged by these sources and then ascending.

    Those of rows that are no overflow ascend; the few others stand behind them.
    """
    end = bisect_left(places, True, key=lambda place: place & _OVERFLOW_MASK > 0)
    overflow = array("q", sorted(places[end:]))
    arranged = array("q")
    for id in source_ids:
        low, high = id << SOURCE_SHIFT, id + 1 << SOURCE_SHIFT
        start = bisect_left(places, low, 0, end)
        own = places[start : bisect_left(places, high, start, end)]
        if more := overflow[bisect_left(overflow, low) : bisect_left(overflow, high)]:
            own = array("q", sorted(own + more))
        arranged.extend(own)
    return arranged
