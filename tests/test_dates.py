"""Dates with provenance: the seeds by hand labels, digests full of traps, and what holds for any text."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date as Day
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.dates import Evidence, scan, settle
from newsreader.digest import Draft, parse_digest
from newsreader.models import NO_DATE, Basis, Date, Precision
from tests.conftest import SEEDS

DATA = Path(__file__).parent / "data"
TRAPS = DATA / "dates"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def drafts(path: Path) -> list[Draft]:
    return [item for item in parse_digest([path.read_bytes()], path.name) if isinstance(item, Draft)]


def evidence_of(releases: Iterable[Draft]) -> list[Evidence]:
    return [scan(release.title, release.body) for release in releases]


def dates_of(*bodies: str) -> list[Date]:
    return settle([scan("A title", body) for body in bodies])


def is_within(date: Date, earliest: str, latest: str) -> bool:
    """Whether a date, as far as it is known, lies in a window; no window wants no date."""
    length = len(date.iso)
    return earliest[:length] <= date.iso <= latest[:length] if earliest and length else not earliest and not length


SEED_LABELS = rows(DATA / "seed_dates.tsv")
TRAP_LABELS = rows(TRAPS / "expected.tsv")
RELEASED = "Released 5 March 2024"
FAR_DOWN = "The council has many members and they come from all parts of the country. " * 7


@pytest.fixture(scope="module")
def seed_dates() -> list[tuple[dict[str, str], Date]]:
    """Each hand label with the date that we give."""
    found: list[tuple[dict[str, str], Date]] = []
    for path in sorted(SEEDS.glob("*.txt")):
        labels = [label for label in SEED_LABELS if label["digest"] == path.name]
        found += zip(labels, settle(evidence_of(drafts(path))), strict=True)
    return found


def test_all_stated_dates_of_the_seeds_are_exact(seed_dates: list[tuple[dict[str, str], Date]]) -> None:
    stated = [(label["stated"], date.iso, date.basis) for label, date in seed_dates if label["stated"]]
    assert len(stated) == 9
    assert stated == [(iso, iso, Basis.STATED) for iso, _, _ in stated]


def test_all_dates_of_the_seeds_lie_in_their_windows(seed_dates: list[tuple[dict[str, str], Date]]) -> None:
    outside = [
        (label["digest"], label["ordinal"], str(date))
        for label, date in seed_dates
        if not is_within(date, label["earliest"], label["latest"])
    ]
    assert len(seed_dates) == 49
    assert outside == []


def test_each_seed_rests_on_the_basis_that_its_label_names(seed_dates: list[tuple[dict[str, str], Date]]) -> None:
    assert [date.basis for _, date in seed_dates] == [label["basis"] for label, _ in seed_dates]


@pytest.mark.parametrize("name", sorted({label["digest"] for label in TRAP_LABELS}))
def test_no_release_of_a_digest_falls_into_its_trap(name: str) -> None:
    labels = [label for label in TRAP_LABELS if label["digest"] == name]
    found = settle(evidence_of(drafts(TRAPS / f"{name}.txt")))
    wrong = [
        (label["ordinal"], label["reasoning"], str(date), date.basis.value)
        for label, date in zip(labels, found, strict=True)
        if not is_within(date, label["earliest"], label["latest"]) or date.basis not in label["basis"].split(",")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "header",
    [
        "5 March 2024|",
        "March 5, 2024",
        "MARCH 5TH, 2024",
        "Tuesday, 5 March 2024",
        "WARSAW, 5 March 2024 – Ministers met.",
        "WASHINGTON, D.C. (March 5, 2024) — Officials said so.",
        "BERLIN (dpa) 5. März 2024",
        "Berlin, den 5. März 2024",
        "Pressemitteilung Nr. 12/2024 vom 5. März 2024",
        "Wiesbaden, 05.03.2024",
        "Paris, le 5 mars 2024",
        "Communiqué de presse n° 45 – 5 mars 2024",
        "Madrid, 5 de marzo de 2024",
        "Roma, 5 marzo 2024 - Il ministro ha incontrato i sindaci.",
        "Lisboa, 5 de março de 2024",
        "Den Haag, 5 maart 2024",
        "Warszawa, 5 marca 2024 r.",
        "2024-03-05",
        "2024-03-05T10:00:00Z",
        "Tue, 05 Mar 2024 10:00:00 +0100",
        "Press release 123/24 – 5 March 2024",
        "Published: 5 March 2024 10:30 CET",
        "For immediate release: March 5, 2024",
        "EMBARGO: 00:01 Tuesday 5 March 2024",
        "5 March 2024 - Brussels - The Council adopted a position.",
        "2024年3月5日",
    ],
)
def test_a_header_states_the_date(header: str) -> None:
    (date,) = dates_of(f"{header}\n\nThe body goes on, as bodies have done since 4 May 2021.")
    assert (date.iso, date.basis) == ("2024-03-05", Basis.STATED)


@pytest.mark.parametrize(
    "body",
    [
        "Applications close soon. The deadline to apply is 27 October 2024.",
        "Apply by 27 October 2024.",
        "Bewerbungsschluss ist der 27. Oktober 2024.",
        "Les candidatures sont ouvertes jusqu’au 27 octobre 2024.",
        "Las solicitudes se admiten hasta el 27 de octubre de 2024.",
        "Le domande vanno inviate entro il 27 ottobre 2024.",
        "Under Regulation (EU) 2016/679 of 27 April 2016, data are protected.",
        "Das Gesetz vom 25. Februar 2008 gilt weiter.",
        "The rules have applied since 1 January 2020.",
        "Victims of the 7 October attacks were remembered at COP28.",
        "Notre siège se trouve place du 8 mai 1945.",
        "Our office is at 28 October Street.",
        "The author was born on 3 May 1950.",
        "You may call 02 03 04, or read resolution 1325; 9/11 and 20240926 are no dates.",
        "The 31 June 2024 and 29 February 2023 do not exist.",
        "",
    ],
)
def test_what_is_no_date_of_publication_gives_none_alone_and_the_month_among_others(body: str) -> None:
    assert dates_of(body) == [NO_DATE]
    among_others = dates_of(RELEASED, body, "On Wednesday (6 March 2024) ministers met.")[1]
    assert among_others == Date(Day(2024, 3, 1), Precision.MONTH, Basis.NEIGHBOURS)


@pytest.mark.parametrize(
    ("body", "iso"),
    [
        ("On Saturday (30 December), police arrested nine.", "2023-12-30"),
        ("Entre el 29 de diciembre y el 2 de enero hubo controles.", "2024-01-02"),
        ("Ministers met yesterday (3 January) in Paris.", "2024-01-04"),
        ("The President will speak tomorrow (5 January).", "2024-01-04"),
    ],
)
def test_a_day_without_a_year_takes_that_of_the_digest_across_the_new_year(body: str, iso: str) -> None:
    date = dates_of("Released 2 January 2024", body, "Released 3 January 2024")[1]
    assert (date.iso, date.basis) == (iso, Basis.INFERRED)


def test_a_weekday_tells_the_year_that_a_digest_only_hints_at() -> None:
    (date,) = dates_of("On Wednesday (2 October) they met. Reports for 2023, 2024 and 2025 are due.")
    assert (date.iso, date.basis) == ("2024-10-02", Basis.INFERRED)


def test_a_day_without_a_year_stays_unknown_where_nothing_tells_it() -> None:
    assert dates_of("On Wednesday (2 October) they met.", "They met again.") == [NO_DATE, NO_DATE]


def test_history_does_not_lend_its_year_to_a_day_without_one() -> None:
    assert dates_of("He was sentenced on March 1 for crimes committed until June 2020.") == [NO_DATE]


def test_a_leap_day_is_given_in_leap_years_only() -> None:
    assert dates_of("Released 1 March 2024", "It happened on 29 February.")[1].iso == "2024-02-29"
    assert dates_of("Released 1 March 2023", "It happened on 29 February.")[1].iso == "2023-03"


@pytest.mark.parametrize(("other", "iso"), [("28/05/2024", "2024-06-04"), ("05/28/2024", "2024-04-06")])
def test_slashed_dates_are_read_as_the_digest_writes_them(other: str, iso: str) -> None:
    assert dates_of(other, "04/06/2024")[1].iso == iso


def test_an_american_time_tells_the_order_of_a_slashed_date() -> None:
    dates = dates_of("28/05/2024", "Released 28 May 2024", "05/06/2024 01:15 PM EDT", "Date: 08/06/2024")
    assert [date.iso for date in dates[2:]] == ["2024-05-06", "2024-06-08"]


def test_an_event_far_down_dates_its_release_alone_only_by_a_weekday() -> None:
    assert dates_of(f"{FAR_DOWN}They met on 21 February 2024.") == [NO_DATE]
    assert dates_of(*(f"{FAR_DOWN}They met on 21 {month} 2024." for month in ("February", "June"))) == [NO_DATE] * 2
    (date,) = dates_of(f"{FAR_DOWN}On Wednesday (2 October) they met. It was in 2024 and 2025.")
    assert (date.iso, date.basis) == ("2024-10-02", Basis.INFERRED)


def test_an_announcement_tells_less_of_the_time_than_an_event() -> None:
    body = "The minister will open the fair on 20 June 2024. They met on 5 March 2024."
    assert dates_of(body)[0].iso == "2024-03-05"


def test_a_slashed_date_takes_the_order_of_its_own_release_whatever_the_others_say() -> None:
    bodies = [
        "Released 5 June 2024",
        "Released 13/06/2024",
        "05/06/2024\n\nFiled on 04/30/2024.",
        "Released 14/06/2024",
    ]
    assert dates_of(*bodies)[2].iso == "2024-05-06"


def test_the_last_release_of_a_digest_of_one_year_has_that_year() -> None:
    assert dates_of("Released 5 January 2023", "Released 5 July 2023", "Nothing dated.")[2].iso == "2023"


def test_a_slashed_date_takes_the_order_that_its_own_release_shows() -> None:
    bodies = ["Released 5 May 2024", "Released 13/05/2024", "05/06/2024\n\nFiled on 04/30/2024."]
    assert dates_of(*bodies)[2].iso == "2024-05-06"


def test_a_slashed_date_takes_the_order_that_lies_nearest_the_other_releases() -> None:
    dates = dates_of("Released 5 July 2024", "07/09/2024", "08/07/2024", "Released 11 July 2024")
    assert [date.iso for date in dates[1:3]] == ["2024-07-09", "2024-07-08"]


@pytest.mark.parametrize("line", ["5 MAR 24", "05-Mar-24", "Pristina, 5 Mar 24", "Date: 5 March 24", "5.3.24 | Berlin"])
def test_a_header_may_have_a_year_of_two_digits(line: str) -> None:
    (date,) = dates_of(f"{line}\n\nCalm.")
    assert (date.iso, date.basis) == ("2024-03-05", Basis.STATED)


@pytest.mark.parametrize("text", ["On 5 March 24 people met.", "Rates of 3/5/24 apply.", "They met on 5 March 1824."])
def test_two_digits_in_a_sentence_and_bygone_years_are_no_years(text: str) -> None:
    assert dates_of(text) == [NO_DATE]


@pytest.mark.parametrize("line", ["WARSAW, until 2024-03-05", "Version 5.3.2024"])
def test_a_limit_or_a_version_is_no_header(line: str) -> None:
    assert dates_of(f"{line}\n\nCalm.") == [NO_DATE]


@pytest.mark.parametrize(
    "body",
    [
        "It led to the Helsinki Final Act, which was signed on 1 August 1975.",
        "Das Abkommen, das am 13. Januar 1993 unterzeichnet wurde, gilt weiter.",
        "Le protocole, signé à New York le 31 janvier 1967, reste en vigueur.",
        "On 6 June 1944 thousands of soldiers landed on the beaches.",
        "The agency was established in October 2004.",
        "The project, which was launched in October 2021, goes on.",
        "The agency took up its duties on 3 October 2005. It opened an office on 6 October 2016.",
    ],
)
def test_history_alone_dates_neither_its_release_nor_those_around(body: str) -> None:
    assert dates_of("Nothing dated.", body, "Nothing either.") == [NO_DATE] * 3


def test_a_header_stands_above_a_chronicle() -> None:
    body = "5 March 2024\n\nOn 3 May 2004 ten states joined. Two more joined on 1 January 2007."
    assert [date.iso for date in dates_of("Nothing dated.", body)] == ["2024-03", "2024-03-05"]


def test_many_empty_lines_above_a_date_cost_nothing() -> None:
    start = process_time()
    scan("A title", "\n" * 300 + "x" * 70 + "\n5 May 2024")
    assert process_time() - start < 1


def test_one_event_alone_dates_its_release_but_not_those_around() -> None:
    dates = dates_of("Nothing dated.", "On 5 March 2024 a mill burned down near Leeds.", "Nothing either.")
    assert [date.iso for date in dates] == ["", "2024-03-05", ""]


def test_an_event_far_from_releases_that_are_far_apart_themselves_keeps_its_day() -> None:
    bodies = ["On 11 January 2023 officers found a farm.", "Released 18 April 2023", "Nothing dated."]
    bodies += ["Released 30 August 2023", "On 14 December 2023 a pilot was blinded."]
    assert [date.iso for date in dates_of(*bodies)] == ["2023-01-11", "2023-04-18", "2023", "2023-08-30", "2023-12-14"]


def test_an_event_far_from_releases_of_one_time_is_history() -> None:
    bodies = ["Released 18 April 2023", "On 11 January 2023 officers found a farm.", "Released 20 April 2023"]
    assert dates_of(*bodies)[1].iso == "2023-04"


def between(first: str, body: str, last: str) -> str:
    """The date of a release between two others, whose dates are given."""
    return dates_of(f"Released {first}", body, f"Released {last}")[1].iso


@pytest.mark.parametrize(
    ("body", "iso", "day_after_it"),
    [
        ("They met on 21 January 2024.", "2024-01-21", "6 March 2024"),
        ("On Sunday (21 January) they met.", "2024-01-21", "6 March 2024"),
        ("On Monday (22 January) they met.", "2024-01-22", "7 March 2024"),
        ("On 31 January they met.", "2024-01-31", "6 March 2024"),
        ("They will meet on 21 February 2024.", "2024-02-21", "6 March 2024"),
        ("They met from 1 to 21 February 2024.", "2024-02-21", "6 March 2024"),
        (f"{FAR_DOWN}They met on 21 February 2024.", "2024-02-21", "6 March 2024"),
    ],
)
def test_an_event_lies_only_so_long_before_the_releases_around(body: str, iso: str, day_after_it: str) -> None:
    assert between(day_after_it, body, day_after_it) == iso
    number, month, year = day_after_it.split()
    later = f"{int(number) + 1} {month} {year}"
    assert between(later, body, later) == "2024-03"


@pytest.mark.parametrize(
    ("body", "iso", "day_before_it"),
    [
        ("They met on 20 April 2024.", "2024-04-20", "6 March 2024"),
        ("They will meet on 16 March 2024.", "2024-03-16", "6 March 2024"),
        ("A game on 16 March 2024.", "2024-03-16", "6 March 2024"),
        (f"{FAR_DOWN}They met on 16 March 2024.", "2024-03-16", "6 March 2024"),
    ],
)
def test_an_event_lies_only_so_long_after_the_releases_around(body: str, iso: str, day_before_it: str) -> None:
    assert between(day_before_it, body, day_before_it) == iso
    number, month, year = day_before_it.split()
    earlier = f"{int(number) - 1} {month} {year}"
    assert between(earlier, body, earlier) == "2024-03"


@pytest.mark.parametrize("weekday", ["Thursday", "Friday", "Saturday"])  # of 2026, 2021, 2022
def test_a_weekday_that_fits_no_near_year_is_a_slip(weekday: str) -> None:
    assert between("4 March 2024", f"On {weekday} (5 March) they met.", "6 March 2024") == "2024-03-05"


@pytest.mark.parametrize("weekday", ["Sunday", "Wednesday"])  # of 2023, 2025
def test_a_weekday_of_the_year_before_or_after_is_none(weekday: str) -> None:
    assert between("4 March 2024", f"On {weekday} (5 March) they met.", "6 March 2024") == "2024-03"


def test_a_weekday_that_fits_is_worth_more_than_one_that_does_not() -> None:
    body = "On Friday (5 March) they met. On Wednesday (6 March) they met."
    assert between("4 March 2024", body, "7 March 2024") == "2024-03-06"


def test_a_day_without_year_and_weekday_says_nothing_where_the_releases_around_are_far_apart() -> None:
    assert between("5 January 2024", "They met on 5 March.", "4 May 2024") == "2024-03-05"
    assert between("5 January 2024", "They met on 5 March.", "5 May 2024") == "2024"
    assert between("5 January 2024", "They met on Tuesday (5 March).", "5 May 2024") == "2024-03-05"
    assert between("5 January 2024", "They met on 5 March 2024.", "5 May 2024") == "2024-03-05"


def test_a_month_alone_is_the_date_where_it_is_the_time_around() -> None:
    dates = dates_of("Released 31 March 2024", "In March 2024 prices rose.", "Released 2 April 2024")
    assert (dates[1].iso, dates[1].basis, dates[1].evidence) == ("2024-03", Basis.TEXT, "In March 2024 prices rose")
    assert between("1 April 2024", "In March 2024 prices rose.", "2 April 2024") == "2024-04"
    assert between("31 March 2024", "Since May 2023 they fell. In March 2024 they rose.", "2 April 2024") == "2024-03"
    assert between("31 March 2024", "In April 2024 prices rose.", "31 March 2024") == "2024-03"
    assert between("31 March 2024", "Since March 2024 prices rose.", "2 April 2024") == "2024-04"


def test_a_later_event_of_the_time_around_is_nearer_to_the_day() -> None:
    later = "On 4 March 2024 they met. On {} March 2024 they signed it."
    assert between("5 March 2024", later.format(6), "6 March 2024") == "2024-03-06"
    assert between("5 March 2024", later.format(9), "6 March 2024") == "2024-03-09"
    assert between("5 March 2024", later.format(10), "6 March 2024") == "2024-03-04"
    assert (
        between("5 March 2024", "On 4 March 2024 they met. The game of 6 March 2024.", "6 March 2024") == "2024-03-04"
    )
    certain = "On Monday (4 March 2024) they met. On 6 March 2024 they signed it."
    assert between("5 March 2024", certain, "6 March 2024") == "2024-03-04"


def test_events_more_than_two_months_apart_are_a_chronicle() -> None:
    chronicle = "On 5 January 2024 they met. On {} March 2024 they met."
    assert dates_of("Nothing dated.", chronicle.format(5))[1].iso == "2024-01-05"
    assert dates_of("Nothing dated.", chronicle.format(6))[1] == NO_DATE


def test_a_release_between_two_that_are_a_month_apart_has_the_month_of_the_later() -> None:
    bodies = ["Released 5 January 2024", "Released 5 July 2024", "Nothing dated.", "Released 5 December 2024"]
    assert dates_of(*bodies[:3], "Released 5 August 2024", bodies[3])[2].iso == "2024-08"
    assert dates_of(*bodies[:3], "Released 6 August 2024", bodies[3])[2].iso == "2024"


def test_the_nearest_releases_tell_the_month() -> None:
    january, last, february = "Released 30 January 2024", "Released 31 January 2024", "Released 1 February 2024"
    nothing = "Nothing dated."
    assert [date.iso for date in dates_of(january, last, nothing, february)][2] == "2024-01"
    assert [date.iso for date in dates_of(january, last, nothing, nothing, february)][2:4] == ["2024-01", "2024-02"]
    assert [date.iso for date in dates_of(nothing, nothing, january, february)][:2] == ["2024-01", "2024-01"]


def test_two_lone_events_years_apart_keep_their_days() -> None:
    dates = dates_of("On 5 March 2022 a mill burned.", "On 7 June 2024 a ship sank.")
    assert [(date.iso, date.basis) for date in dates] == [("2022-03-05", Basis.TEXT), ("2024-06-07", Basis.TEXT)]


def test_the_habit_of_a_digest_outweighs_two_months_where_it_has_no_exception_and_half_a_month_else() -> None:
    assert dates_of("13/05/2024", "14/05/2024", "06/07/2024")[2].iso == "2024-07-06"
    assert dates_of("13/05/2024", "14/05/2024", "05/15/2024", "06/07/2024")[3].iso == "2024-06-07"
    assert dates_of("05/13/2024", "05/14/2024", "07/06/2024")[2].iso == "2024-07-06"


def test_a_slashed_date_that_nothing_settles_is_dropped() -> None:
    assert dates_of("04/06/2024") == [NO_DATE]


def test_a_release_without_a_date_has_the_year_only_where_its_neighbours_are_months_apart() -> None:
    bodies = [f"Released 5 {month} 2024" for month in ("January", "April", "July", "October", "December")]
    bodies.insert(3, "Nothing dated.")
    assert dates_of(*bodies)[3] == Date(Day(2024, 1, 1), Precision.YEAR, Basis.NEIGHBOURS)


def test_a_release_between_two_of_one_month_has_that_month_in_a_digest_over_a_year() -> None:
    bodies = [f"Released 5 {month} 2024" for month in ("January", "April", "July")]
    bodies += ["Nothing dated.", "Released 21 July 2024", "Released 5 November 2024"]
    assert dates_of(*bodies)[3].iso == "2024-07"


def test_an_announcement_far_ahead_is_not_its_date() -> None:
    assert dates_of(RELEASED, "On 20 May 2024 the minister will open the fair.")[1].iso == "2024-03"


def test_joined_digests_keep_the_dates_of_their_middle_releases() -> None:
    paths = sorted(SEEDS.glob("*.txt"))
    apart = [settle(evidence_of(drafts(path))) for path in paths]
    joined = settle([evidence for path in paths for evidence in evidence_of(drafts(path))])
    complete = [date for dates in apart for date in dates if date.basis in {Basis.STATED, Basis.TEXT}]
    assert [date for date in joined if date.basis in {Basis.STATED, Basis.TEXT}] == complete


PIECES = st.one_of(
    st.text(max_size=12),
    st.integers(0, 40).map(str),
    st.integers(1890, 2110).map(str),
    st.sampled_from(
        [
            *(
                "March",
                "may",
                "Sept.",
                "29 February",
                "31 June 2024",
                "février",
                "Oktober",
                "1er",
                "de",
                "von",
                " – ",
                "to",
            ),
            *(
                "\n",
                "\n\n",
                "(",
                ")",
                "/",
                ".",
                ",",
                "Monday",
                "today",
                "deadline",
                "Published:",
                "年",
                "月",
                "日",
                "vom 3. bis",
            ),
            *("5 March 2024", "03/04/2024", "29.02.2023", "yesterday (3 January)", "May 24"),
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=14).map(" ".join)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=8))
def test_any_text_gives_one_date_a_release_quoted_from_it(releases: list[tuple[str, str]]) -> None:
    dates = settle([scan(title, body) for title, body in releases])
    assert len(dates) == len(releases)
    for date, (title, body) in zip(dates, releases, strict=True):
        assert date.basis in {Basis.NEIGHBOURS, Basis.NONE} or date.evidence
        assert any(date.evidence in " ".join(text.split()) for text in (title, body))
        assert len(date.evidence) <= 120
        assert (date.day is None) == (date.basis is Basis.NONE)
        assert date.precision is Precision.DAY or date.day is None or date.day.day == 1


@given(st.lists(TEXTS, max_size=8))
def test_settling_twice_gives_the_same(bodies: list[str]) -> None:
    evidence = [scan("", body) for body in bodies]
    assert settle(evidence) == settle(evidence)


@given(st.dates(Day(1901, 1, 1), Day(2099, 12, 31)))
def test_any_day_is_read_back_from_its_line(day: Day) -> None:
    in_words = f"{day.day} {day:%B} {day.year}"
    for header in (day.isoformat(), f"Berlin, {day:%d.%m.%Y}", in_words, f"{day:%B} {day.day}, {day.year}"):
        assert dates_of(f"{header}\n\nBody.")[0].day == day


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        " ",
        "12 ",
        "march ",
        "5 March 2024 ",
        "1/",
        "5. ",
        "\n",
        "\n\n\n\n" + "x" * 70 + "\n5 May 2024 ",
        "3, 4 et ",
        "(",
        "A",
    ],
)
def test_a_huge_text_costs_no_more_than_its_beginning(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    start = process_time()
    settle([scan(text, text)])
    assert process_time() - start < 1


def test_the_evidence_of_a_long_release_is_small() -> None:
    evidence = scan("A title", "On 5 March 2024 they met. " * 10_000)
    assert len(evidence.candidates) <= 64
