"""Which days the expressions of a text name, in every order and language that we read."""

from __future__ import annotations

import pytest

from newsreader.date_expressions import Order, Parts, find_dates


def days_in(text: str) -> list[str]:
    """What each date of a text names: `2024-03-05`, `--03-05` without a year, `2024-03`, ranges with a slash."""
    found = [(_iso(date.first), _iso(date.last)) for date in find_dates(text)]
    return [last if first == last else f"{first}/{last}" for first, last in found]


def _iso(day: Parts) -> str:
    return "-".join([f"{day.year:04}" if day.year else "-", f"{day.month:02}", *([f"{day.day:02}"] if day.day else [])])


MONTHS = {
    "English": "January February March April May June July August September October November December",
    "English, short": "Jan Feb. Mar Apr. May Jun Jul. Aug Sept. Oct Nov. Dec",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "German": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "Italian, short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "Catalan": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "Dutch": "januari februari maart april mei juni juli augustus september oktober november december",
    "Polish": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "Czech": "ledna února března dubna května června července srpna září října listopadu prosince",
    "Romanian": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "Turkish": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "Swedish": "januari februari mars april maj juni juli augusti september oktober november december",
    "Hungarian": "január február március április május június július augusztus szeptember október november december",
    "Russian": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "Ukrainian": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "Greek": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
}


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_of_a_language_is_read(language: str) -> None:
    names = MONTHS[language].split()
    assert [days_in(f"5 {name} 2024") for name in names] == [[f"2024-{month:02}-05"] for month in range(1, 13)]


JOINS_OF_DAYS = (
    "- – / & , to and till until through bis und sowie oder or au et ou al y e ed a i do t/m tot en og och až"
)
JOINS_OF_DATES = "– to until till through and bis au al y et e a und do t/m tot en"


@pytest.mark.parametrize("join", JOINS_OF_DAYS.split())
def test_days_of_one_month_that_any_language_joins_are_a_range(join: str) -> None:
    assert days_in(f"Open 5 {join} 7 March 2024.") == ["2024-03-05/2024-03-07"]


@pytest.mark.parametrize("join", JOINS_OF_DATES.split())
def test_dates_that_any_language_joins_are_a_range(join: str) -> None:
    assert days_in(f"Open 5 March {join} 7 April 2024.") == ["2024-03-05/2024-04-07"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3, 4 et 5 mars 2024", ["2024-03-03/2024-03-05"]),
        ("vom 5. bis zum 7. März 2024", ["2024-03-05/2024-03-07"]),
        ("vom 5. März bis zum 7. April 2024", ["2024-03-05/2024-04-07"]),
        ("du 5 mars au 7 avril 2024", ["2024-03-05/2024-04-07"]),
        ("del 5 de marzo y el 7 de abril de 2024", ["2024-03-05/2024-04-07"]),
        ("Monday 5 March to Friday the 5 April 2024", ["2024-03-05/2024-04-05"]),
        ("vom 5. März bis Sonntag, den 7. April 2024", ["2024-03-05/2024-04-07"]),
        ("vom 5. März bis Sonntag dem 7. April 2024", ["2024-03-05/2024-04-07"]),
        ("March 5 to 7, 2024", ["2024-03-05/2024-03-07"]),
        ("March 5 through 7, 2024", ["2024-03-05/2024-03-07"]),
        ("March 5 until 7th, 2024", ["2024-03-05/2024-03-07"]),
        ("March 5th & 7th, 2024", ["2024-03-05/2024-03-07"]),
        ("March 5 until April 7, 2024", ["2024-03-05/2024-04-07"]),
        ("1.–5. März 2024", ["2024-03-01/2024-03-05"]),
        ("1.-5.3.2024", ["2024-03-01/2024-03-05"]),
        ("1. bis 5.3.2024", ["2024-03-01/2024-03-05"]),
        ("vom 3. bis 5.3. geschlossen", ["--03-03/--03-05"]),
        ("20 December to 5 January 2024", ["2023-12-20/2024-01-05"]),
        ("20 December 2023 to 5 January", ["2023-12-20/2024-01-05"]),
        ("20 December 2023 to 5 January 2024", ["2023-12-20/2024-01-05"]),
        ("1 January to 10 December 2024", ["2024-01-01/2024-12-10"]),
        ("1 January and 10 February 2024", ["2024-01-01/2024-02-10"]),
        ("1 January and 11 February 2024", ["--01-01", "2024-02-11"]),
        ("7 April 2024 to 5 March 2024", ["2024-04-07", "2024-03-05"]),
        ("5 March to 7 March 2024", ["2024-03-05/2024-03-07"]),
        ("1 January to the 10 December 2024", ["2024-01-01/2024-12-10"]),
        ("20 February 2023 to 29 February", ["2023-02-20", "--02-29"]),
        ("5 March 2024 to 5 March 2024", ["2024-03-05", "2024-03-05"]),
        ("5 March to 7 March to 9 March 2024", ["--03-05/--03-07", "2024-03-09"]),
        ("March 2024 to 5 April 2024", ["2024-03", "2024-04-05"]),
        ("5 March 2024 (see there, and then again) 7 March 2024", ["2024-03-05", "2024-03-07"]),
        ("10 to 5 March 2024", ["2024-03-05"]),
        ("31 to 5 March 2024", ["2024-03-05"]),
        ("35 and 5 March 2024", ["2024-03-05"]),
        ("0 to 5 March 2024", ["2024-03-05"]),
    ],
)
def test_a_range_has_its_first_and_its_last_day(text: str, days: list[str]) -> None:
    assert days_in(text) == days


@pytest.mark.parametrize(
    "text",
    [
        *("5th March 2024", "the 5th of March 2024", "5 of March, 2024", "5 March ’24", "5 March '24", "5. Mar. 2024"),
        *("5 de marzo de 2024", "5 de març del 2024", "5 de março do 2024", "5 di marzo dell’anno 2024"),
        *("5 del marzo 2024", "5 do março 2024", "5 van maart 2024", "5-March-2024", "5/Mar/2024", "5.März.2024"),
        *("March 5 2024", "March 5th, 2024", "MARCH 5, 2024", "Mar. 5, 2024", "Mar., 5 2024", "(March 5, 2024)"),
        *(
            "2024 March 5",
            "2024. március 5.",
            "2024-3-5",
            "2024/03/05",
            "2024.03.05",
            "2024年3月5日",
            "2024年 3月 5日",
            "2024 年3月5日",
            "on 05.03.24 they met",
        ),
        *("5.3.2024", "05. 03. 2024", "5.3.2024, 12:30", "5 March 2024 12:30", "5\u00a0March\u00a02024"),
        *("In March 5, 2024 it began", "5 March 2024: 100%", "100% on 5 March 2024"),
    ],
)
def test_a_day_is_read_in_any_order(text: str) -> None:
    assert days_in(text) == ["2024-03-05"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("5 March they met", "--03-05"), ("5 Mar. He", "--03-05"), ("29 February", "--02-29"), ("5 May", "--05-05")),
        *(("March 2024", "2024-03"), ("mars 2024", "2024-03"), ("maio de 2024", "2024-05"), ("may 2024", "2024-05")),
        *(("maig del 2024", "2024-05"), ("März. 2024", "2024-03"), ("Sept., 2024", "2024-09")),
        *(("5 set 2024", "2024-09-05"), ("March, 2024 was mild", "2024-03"), ("am 5.3. um acht", "--03-05")),
        *(("zum 5.3. hin", "--03-05"), ("er (5.03.) sagte", "--03-05"), ("1900-01-01", "1900-01-01")),
        *(("2100-12-31", "2100-12-31"), ("2024 March 5 April", "--04-05"), ("On 5 March 1830 hours", "--03-05")),
        *(("5 March, 1,500 came", "--03-05"), ("On 5 March 1500 GMT", "--03-05"), ("5-7-2069", "2069-07-05")),
        *(("5.7.69", "2069-07-05"), ("5.7.70", "1970-07-05"), ("05.07.99", "1999-07-05"), ("5 Mar 69 |", "2069-03-05")),
    ],
)
def test_a_date_names_as_much_as_it_says(text: str, day: str) -> None:
    assert days_in(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "5 may",
            "may 5",
            "march 5 times",
            "5 set",
            "5 ago he said so",
            "In May 24 people died",
        ),
        *("X5-3-2024", "B-5.3.2024", "5 1,000", "March 5.5 million", "March 5% of", "March 5 % of", "March 5pm"),
        *("March 5:30", "1899-12-31", "2101-01-01", "31 June 2024", "0 March 2024", "30 to 31 June 2024", "32.1.2024"),
        *(
            "On 5 March 1824",
            "On 5 March, 1530",
            "5 de marzo de 1824",
            "5-3-24",
            "05-03-24",
            "5.3.24 came",
            "12345.3.24",
        ),
        *(
            "am 5. auch",
            "er (5.3.) sagte",
            "so 5.3. auch",
            "lam 5.3. auf",
            "5 Märzveilchen",
            "12-2024",
            "3.5.2",
            "1.2.2024.5",
        ),
        *("5.3.2024%", "5.3.20245", "5 xyz 2024", "xyz 5, 2024", "2024 xyz 5", "abc 2024", "2024-13-01", "2024-02-30"),
    ],
)
def test_numbers_that_name_no_day_are_passed_over(text: str) -> None:
    assert days_in(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They met on 5 March. He left.", "5 March"),
        ("They met on 5 Mar. He left.", "5 Mar."),
        ("They met on 5 March 2024. He left.", "5 March 2024"),
        ("They met on March 5, 2024. He left.", "March 5, 2024"),
        ("They met on 3, 4 and 5 March. He left.", "3, 4 and 5 March"),
        ("They met on 4 and 5 Dec. He left.", "4 and 5 Dec."),
        ("They met on 4 and 5 Sept. He left.", "4 and 5 Sept."),
        ("They met on 5 Sept. He left.", "5 Sept."),
        (f"{'x' * 60}\nKyiv, 5 March 24 | x", "5 March 24"),
        ("5 March 24 | Kyiv", "5 March 24"),
        ("Kyiv, 4 and 5 March 24", "4 and 5 March 24"),
        ("Since March 2024, he leads.", "March 2024"),
        ("From 5 March to 7 April he leads.", "5 March to 7 April"),
    ],
)
def test_an_expression_is_its_words_and_no_more(text: str, words: str) -> None:
    assert [text[date.start : date.end] for date in find_dates(text)] == [words]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("13/05/2024", Order.DAY_FIRST, "2024-05-13"),
        ("05/13/2024", Order.MONTH_FIRST, "2024-05-13"),
        ("05/12/2024", Order.EITHER, "2024-12-05"),
        ("12/05/2024", Order.EITHER, "2024-05-12"),
        ("05-06-2024", Order.EITHER, "2024-06-05"),
        ("05/05/2024", None, "2024-05-05"),
        ("05.06.2024", None, "2024-06-05"),
        ("5 June 2024", None, "2024-06-05"),
    ],
)
def test_the_order_of_two_numbers_is_told_as_far_as_they_tell_it(text: str, order: Order | None, day: str) -> None:
    (date,) = find_dates(text)
    assert (date.order, _iso(date.last)) == (order, day)
