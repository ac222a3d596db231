"""Places: their order is source, newest first, sequence, and rows are the same integers turned."""

from __future__ import annotations

from array import array
from datetime import date as Day

from hypothesis import given
from hypothesis import strategies as st

from newsreader.models import NO_DATE, Date, Precision
from newsreader.places import (
    OVERFLOW_BITS,
    ROW_BITS,
    arrange_by_source,
    first_row,
    month_of,
    place_of_row,
    row_of_place,
    source_of,
    unpack_places,
)

days = st.dates(Day(1100, 1, 1), Day(9999, 12, 31))
dates = st.one_of(
    st.just(NO_DATE),
    st.builds(Date, days),
    st.builds(lambda day: Date(day.replace(day=1), Precision.MONTH), days),
    st.builds(lambda day: Date(day.replace(day=1, month=1), Precision.YEAR), days),
)
source_ids = st.integers(1, 2**19 - 1)


def place_of(source_id: int, date: Date, sequence: int, overflow: int = 0) -> int:
    base, room = first_row(source_id, date)
    return place_of_row(base + sequence % room + (overflow << ROW_BITS))


@given(st.integers(0, 2**63 - 1))
def test_a_row_and_its_place_lead_to_each_other(row: int) -> None:
    assert row_of_place(place_of_row(row)) == row
    assert 0 <= place_of_row(row) < 2**63


@given(source_ids, dates, st.integers(0, 10**9), st.integers(0, 2**OVERFLOW_BITS - 1))
def test_a_place_tells_source_and_month(source_id: int, date: Date, sequence: int, overflow: int) -> None:
    place = place_of(source_id, date, sequence, overflow)
    assert source_of(place) == source_id
    if date.day is None:
        assert month_of(place) == (0, 0)
    else:
        assert month_of(place) == (date.day.year, 0 if date.precision is Precision.YEAR else date.day.month)


def last_day(date: Date) -> tuple[int, ...]:
    """Sorts dates as readers expect: by what is known, what is known less after what is known more."""
    if date.day is None:
        return (0,)
    parts = (date.day.year, date.day.month, date.day.day)
    return parts[: {Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}[date.precision]]


@given(dates, dates, st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 3))
def test_newer_releases_of_a_source_come_first(one: Date, other: Date, first: int, second: int, overflow: int) -> None:
    if last_day(one) > last_day(other):
        assert place_of(7, one, first, overflow) < place_of(7, other, second)
    assert place_of(7, one, first) < place_of(8, other, second, overflow)


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_packed_places_are_unpacked_as_they_were(places: list[int]) -> None:
    assert list(unpack_places("".join(f"{place:016x}" for place in places))) == places


@given(
    st.sets(st.builds(place_of, st.integers(1, 5), dates, st.integers(0, 200), st.sampled_from([0, 0, 0, 1, 2]))),
    st.permutations(range(1, 6)),
)
def test_places_in_the_order_of_rows_are_arranged_by_source(places: set[int], source_ids: list[int]) -> None:
    in_rows = array("q", sorted(places, key=row_of_place))
    expected = sorted(places, key=lambda place: (source_ids.index(source_of(place)), place))
    assert list(arrange_by_source(in_rows, source_ids)) == expected
