"""What the dated releases of a digest tell of the time at each place in it, and of its year."""

from __future__ import annotations

from datetime import date as Day
from datetime import timedelta

import pytest

from newsreader.date_times import Anchor, Time, Times, without_history
from newsreader.date_words import Firmness
from newsreader.date_years import year_named
from newsreader.dates import scan

FIRST = Day(2024, 3, 1)


def anchors(*days: int, weight: float = 1.0, firmness: Firmness = Firmness.FAIR) -> list[Anchor]:
    """Releases at the places 0, 1, 2, …, dated so many days after the first of March."""
    return [Anchor(place, FIRST + timedelta(day), weight, firmness) for place, day in enumerate(days)]


def span(low: int, high: int, *, is_close: bool) -> Time:
    return Time(FIRST + timedelta(low), FIRST + timedelta(high), is_close)


def test_the_time_at_a_place_in_a_digest_of_one_time_is_that_of_all_others() -> None:
    times = Times(anchors(5, 0, 21, 9))
    assert [times.around(place) for place in range(5)] == [
        span(0, 21, is_close=True),
        span(5, 21, is_close=True),
        span(0, 9, is_close=True),
        span(0, 21, is_close=True),
        span(0, 21, is_close=True),
    ]


def test_a_release_that_alone_is_dated_tells_the_time_of_all() -> None:
    times = Times(anchors(7))
    assert [times.around(place) for place in (0, 1)] == [span(7, 7, is_close=True)] * 2


def test_without_dated_releases_there_is_no_time() -> None:
    assert Times([]).around(3) is None
    assert Times([]).near(3) == []
    assert Times([]).beside(3) == (None, None)


def test_two_releases_of_one_day_vouch_for_each_other() -> None:
    assert Times(anchors(4, 4)).around(0) == span(4, 4, is_close=True)


def test_most_of_the_releases_around_tell_the_time() -> None:
    times = Times(anchors(0, 300, 310, 320, 321))
    assert times.around(4) == span(300, 320, is_close=True)
    assert times.around(9) == span(300, 321, is_close=True)


def test_without_a_majority_two_near_neighbours_tell_the_time() -> None:
    times = Times(anchors(0, 100, 121, 200, 300))
    assert times.around(0) == span(100, 300, is_close=False)
    assert times.around(2) == span(0, 300, is_close=False)
    between = [anchor._replace(position=anchor.position * 2) for anchor in anchors(0, 100, 121, 200, 300)]
    assert Times(between).around(3) == span(100, 121, is_close=True)
    assert Times(between).around(5) == span(0, 300, is_close=False)
    backwards = [anchor._replace(position=8 - anchor.position) for anchor in reversed(between)]
    assert Times(backwards).around(5) == span(100, 121, is_close=True)
    further = [anchor._replace(position=anchor.position * 2) for anchor in anchors(0, 100, 122, 200, 300)]
    assert Times(further).around(3) == span(0, 300, is_close=False)


def test_a_majority_weighs_more_than_two_thirds() -> None:
    at_two_thirds = [*anchors(0, 100, 100)[1:], Anchor(0, FIRST, 1.0, Firmness.FAIR)]
    at_two_thirds.sort()
    assert Times(at_two_thirds).around(9) == span(0, 100, is_close=False)
    above = [anchor._replace(weight=anchor.weight + (anchor.position > 0)) for anchor in at_two_thirds]
    assert Times(above).around(9) == span(100, 100, is_close=True)


def test_one_release_is_no_majority_whatever_its_weight() -> None:
    heavy = [Anchor(0, FIRST, 90.0, Firmness.SURE), *anchors(0, 100, 200)[1:]]
    assert Times(heavy).around(9) == span(0, 200, is_close=False)


def test_of_two_clusters_as_heavy_the_later_counts() -> None:
    both = [Anchor(1, FIRST + timedelta(10), 8.0, Firmness.FAIR), *anchors(0, 0, 25)]
    both = [both[1]._replace(position=0), both[0], both[3]._replace(position=2)]
    assert Times(both).around(9) == span(10, 25, is_close=True)


def test_only_the_four_nearest_on_either_side_are_asked() -> None:
    times = Times(anchors(*range(0, 1100, 100)))
    assert [anchor.position for anchor in times.near(5)] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [anchor.position for anchor in times.near(0)] == [0, 1, 2, 3, 4]
    assert [anchor.position for anchor in times.near(99)] == [7, 8, 9, 10]


def test_the_neighbours_of_a_place_leave_out_its_own_release() -> None:
    times = Times([anchor._replace(position=anchor.position * 2) for anchor in anchors(0, 50, 90)])
    first, second, third = times.anchors
    assert [times.beside(place) for place in range(6)] == [
        (None, second),
        (first, second),
        (first, third),
        (second, third),
        (second, None),
        (third, None),
    ]


@pytest.mark.parametrize(
    ("days", "firmness", "is_supported"),
    [
        ((0, 31), Firmness.FAIR, True),
        ((0, 32), Firmness.FAIR, False),
        ((0, 200, 31), Firmness.FAIR, True),
        ((0,), Firmness.FAIR, False),
        ((0,), Firmness.SURE, True),
        ((), Firmness.SURE, False),
    ],
)
def test_dates_tell_the_time_of_others_if_one_is_sure_or_two_lie_within_a_month(
    days: tuple[int, ...], firmness: Firmness, is_supported: bool
) -> None:
    assert Times(anchors(*days, firmness=firmness)).is_supported is is_supported


@pytest.mark.parametrize(
    ("firmness", "day", "others", "stands"),
    [
        (Firmness.SURE, 0, {}, True),
        (Firmness.SURE, 0, {Firmness.SURE: 900}, True),
        (Firmness.FAIR, 0, {}, True),
        (Firmness.FAIR, 0, {Firmness.FAIR: 900}, True),
        (Firmness.FAIR, 0, {Firmness.SURE: 366}, True),
        (Firmness.FAIR, 366, {Firmness.SURE: 0}, True),
        (Firmness.FAIR, 0, {Firmness.SURE: 367}, False),
        (Firmness.FAIR, 367, {Firmness.SURE: 0}, False),
        (Firmness.WEAK, 0, {}, False),
        (Firmness.WEAK, 0, {Firmness.FAIR: 45}, True),
        (Firmness.WEAK, 0, {Firmness.FAIR: 46}, False),
        (Firmness.WEAK, 0, {Firmness.SURE: 45}, True),
        (Firmness.WEAK, 0, {Firmness.WEAK: 21}, True),
        (Firmness.WEAK, 21, {Firmness.WEAK: 0}, True),
        (Firmness.WEAK, 0, {Firmness.WEAK: 22}, False),
        (Firmness.HISTORY, 0, {Firmness.FAIR: 45}, True),
        (Firmness.HISTORY, 0, {Firmness.FAIR: 46}, False),
        (Firmness.HISTORY, 0, {Firmness.WEAK: 0}, False),
    ],
)
def test_a_date_tells_the_time_of_others_where_firmer_ones_lie_near_enough(
    firmness: Firmness, day: int, others: dict[Firmness, int], stands: bool
) -> None:
    own = Anchor(0, FIRST + timedelta(day), 1.0, firmness)
    found = without_history([own, *(Anchor(1, FIRST + timedelta(at), 1.0, kind) for kind, at in others.items())])
    assert (own in found) is stands


def year_of(*bodies: str) -> Time | None:
    evidence = [scan("A title", body) for body in bodies]
    return year_named((release.candidates, release.years) for release in evidence)


def year(number: int, *, needs_weekday: bool) -> Time:
    return Time(Day(number, 1, 1), Day(number, 12, 31), is_close=False, is_guess=True, needs_weekday=needs_weekday)


OCTOBER = "On Wednesday (2 October) they met."  # 2013, 2019, 2024
MAY = "On Tuesday (7 May) they met."  # 2013, 2019, 2024


def test_a_year_that_nothing_names_is_not_guessed() -> None:
    assert year_of(OCTOBER, MAY) is None
    assert year_of() is None


def test_a_year_that_one_release_names_needs_a_weekday_and_one_of_two_releases_needs_none() -> None:
    assert year_of("On 2 October they met, in 2024.") == year(2024, needs_weekday=True)
    assert year_of(*["On 2 October they met, in 2024."] * 2) == year(2024, needs_weekday=False)
    assert year_of(f"{OCTOBER} It was 2024.") == year(2024, needs_weekday=True)
    assert year_of(f"{OCTOBER} It was 2024.", MAY) == year(2024, needs_weekday=False)


def test_of_two_years_the_one_that_more_releases_name_counts_and_of_equals_the_later() -> None:
    assert year_of(*["In 2023, on 2 October."] * 3, *["In 2024, on 2 October."] * 2) == year(2023, needs_weekday=False)
    assert year_of("In 2023, on 2 October.", "In 2024, on 2 October.") == year(2024, needs_weekday=True)
    assert year_of("In 2023 and 2023, on 2 October.", "In 2024, on 2 October.") == year(2024, needs_weekday=True)


def test_a_header_in_an_unclear_order_counts_as_much_as_three_releases_that_name_a_year() -> None:
    header = "Date: 05/06/2022"
    assert year_of(header, *["In 2024, on 2 October."] * 3) == year(2022, needs_weekday=False)
    assert year_of(header, *["In 2024, on 2 October."] * 4) == year(2024, needs_weekday=False)


def test_a_weekday_counts_as_much_as_six_releases_that_name_another_year() -> None:
    assert year_of(OCTOBER, *["In 2023, on 2 October."] * 6, "In 2024, on 2 October.") == year(2024, needs_weekday=True)
    assert year_of(OCTOBER, *["In 2023, on 2 October."] * 8, "In 2024, on 2 October.") == year(
        2023, needs_weekday=False
    )


def test_two_weekdays_may_tell_one_of_the_five_years_after_those_that_are_named() -> None:
    assert year_of(OCTOBER, MAY, "In 2023, on 2 October.") == year(2024, needs_weekday=False)
    assert year_of(OCTOBER, MAY, "In 2014, on 2 October.") == year(2019, needs_weekday=False)
    assert year_of(OCTOBER, MAY, "In 2018, on 2 October.") == year(2019, needs_weekday=False)
    assert year_of(OCTOBER, "In 2023, on 2 October.") == year(2023, needs_weekday=True)


def test_the_weekdays_of_deadlines_and_of_months_tell_no_year() -> None:
    assert year_of(OCTOBER, "Apply by Tuesday (7 May).", "In 2023, on 2 October.") == year(2023, needs_weekday=True)
    assert year_of(OCTOBER, "On Tuesday (7 May 2023) they met.") == year(2023, needs_weekday=True)


@pytest.mark.parametrize(
    ("bodies", "number"),
    [
        (["On Saturday (30 December) they met.", "On Wednesday (3 January) they met."], 2023),
        (["On Thursday (30 November) they met.", "On Thursday (29 February) they met."], 2023),
        (["On Wednesday (30 October) they met.", "On Wednesday (3 January) they met."], 2024),
        (["On Friday (29 November) they met.", "On Friday (1 March) they met."], 2024),
        (["On Wednesday (3 January) they met.", "On Monday (8 January) they met."], 2024),
    ],
)
def test_about_new_year_january_is_that_of_the_next_year(bodies: list[str], number: int) -> None:
    found = year_of(*bodies, "In 2022, on 2 October.")
    assert found is not None
    assert found.low.year == number
