"""What the words around a date say about it: its role, its tense, its weekday, how firm it is and what is quoted."""

from __future__ import annotations

from datetime import date as Day

import pytest

from newsreader.date_context import Candidate, Role, judge
from newsreader.date_expressions import find_dates
from newsreader.date_words import Firmness

FILLER = "The council has many members and they come from all parts of the country. "


def judged(text: str) -> Candidate:
    """The first date of a text."""
    return judge(text, next(find_dates(text)))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Wait until 5 March 2024.",
            "No later than 5 March 2024.",
            "At the latest by the 5 March 2024.",
            "Up to 5 May",
        ),
        *("Since Monday 5 March 2024.", "À partir du 5 mars 2024.", "Jusqu’au 5 mars 2024.", "Vor dem 5. März 2024."),
        *("Tot en met 5 maart 2024.", "Entro il 5 marzo 2024."),
        *(
            "Law 5 March 2024",
            "The decision of 5 March 2024 stands.",
            "La loi du 5 mars 2024",
            "Das Gesetz vom 5. März 2024",
        ),
        *("The directive of 5 to 7 March 2024 stands.", "The law was of the 5 March 2024.", "La ley del 5 de marzo"),
        *(
            "The 5 March 2024 attacks",
            "The 5 March big attacks",
            "Das 5. März Revolution",
            "Rue 8 mai 1945",
            "Via 5 marzo",
        ),
        *(
            "Place du 8 mai 1945",
            "Piazza del 5 marzo 2024",
            "Via dell' 5 marzo",
            "Rue des 5 mars",
            "In Hauptstraße 5. März",
        ),
        *(
            "Am Marienplatz 5. März",
            "Born on 5 March 2024",
            "Nato il 5 marzo 2024",
            "Née le 5 mars 2024",
            "Apply on 5 March",
        ),
        *("The next meeting is on 5 March 2024", "The next report comes on 5 March", "Anmeldung am 5. März"),
        *(
            "Die Einsendefrist, 5. März",
            "Redaktionsschluss am 5. März",
            "Inscriptions le 5 mars",
            "Iscrizioni il 5 marzo",
        ),
        *("The deadline, as they said, is on 5 March 2024", "Die Bewerbungen am 5. März", "Einsendeschluß am 5. März"),
    ],
)
def test_a_limit_a_law_a_name_or_a_deadline_is_another_date(text: str) -> None:
    candidate = judged(text)
    assert (candidate.role, candidate.is_told, candidate.firmness) == (Role.OTHER, False, Firmness.WEAK)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Before he left, they met on 5 March 2024.",
            "From 5 to 7 March 2024 they met.",
            "Die Wahl vom 5. bis 7. März war",
        ),
        *(
            "The 5 March 2024, attacks were seen.",
            "The 5 March 2024 100 attacks were",
            "They met in place 5 March 2024.",
        ),
        *(
            "The 5 March and other attacks were",
            "The next year was called on 5 March",
            "The meeting was held on 5 March",
        ),
        *(
            "The deadline was near, said one of the men who came here in a hurry on 5 March",
            "Er sah Nato im 5 März 2024",
        ),
        *(
            "In the streets of all towns they met on 5 March",
            "The law was read aloud on 5 March",
            "The meeting of 5 March was",
        ),
    ],
)
def test_the_same_words_further_away_do_not_take_a_date_from_an_event(text: str) -> None:
    assert judged(text).role is Role.EVENT


@pytest.mark.parametrize(
    "text",
    [
        *("The fair will open on 5 March.", "On 5 March the fair will open.", "The fair will be opened on 5 March."),
        *(
            "It is to be on 5 March.",
            "It opens on 5 March.",
            "It is expected to have closed on 5 March.",
            "Save the 5 March",
        ),
        *("They are organising it on 5 March.", "It will take place 5 March.", "Es findet am 5. März statt."),
        *("Le ministre se tiendra le 5 mars.", "Visitará la feria el 5 de marzo.", "Visiteranno la fiera il 5 marzo."),
        *("Visitarán la feria el 5 de marzo.", "Visiterà la fiera il 5 marzo.", "Visitarão a feira a 5 de março."),
        *("5 March 2024, 10:30 Opening, it was said", "5 March 2024 at the hall", "5 March, Time: 9", "5 March um 9"),
        *("5 mars à 9", "5 marzo ore 9", "5 de marzo a las 9", "5 March 2024 (9h30)", "5 March TBC", "5 March,time: 9"),
    ],
)
def test_what_is_to_come_is_announced(text: str) -> None:
    candidate = judged(text)
    assert (candidate.role, candidate.is_told) == (Role.ANNOUNCED, False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "They met on 5 March.",
            "On 5 March they met.",
            "It opened on 5 March.",
            "On 5 March it opened, and will close.",
        ),
        *(
            "It will be late, but they opened it on 5 March.",
            "Er wurde am 5. März gewählt.",
            "Il a été vu le 5 mars.",
        ),
        *(
            "Il arrivé le 5 mars.",
            "Arrivée le 5 mars.",
            "Visitó la feria el 5 de marzo.",
            "Visitò la fiera il 5 marzo.",
        ),
        *("Visitaron la feria el 5 de marzo.", "Abrieron la feria el 5 de marzo.", "The minister appointed on 5 March"),
    ],
)
def test_what_has_happened_is_told(text: str) -> None:
    candidate = judged(text)
    assert (candidate.role, candidate.is_told) == (Role.EVENT, True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "On 5 March. They met.",
            "On 5 March! They will meet.",
            "On 5 March\nthey met.",
            "We need on 5 March a seed.",
        ),
        *("The newly appointed minister on 5 March", "It is observed on 5 March", "The red fair on 5 March", "5 March"),
        *(
            "They met. On 5 March",
            "They met.\nOn 5 March",
            "Organising it on 5 March",
            "They organise it on 5 March",
        ),
        *(
            "It is, as the man says, hosting on 5 March",
            "Seed on 5 March",
            "They met.5 March",
            "Place that they must take 5 March",
        ),
    ],
)
def test_what_has_no_verb_that_tells_is_an_event_that_is_not_told(text: str) -> None:
    candidate = judged(text)
    assert (candidate.role, candidate.is_told) == (Role.EVENT, False)


def test_the_nearest_verb_before_a_date_counts_and_else_the_first_after_it() -> None:
    assert judged("It will be seen that they met on 5 March as it will open.").is_told
    assert judged("It met those who will come on 5 March as it opened.").role is Role.ANNOUNCED
    assert judged("On 5 March they met those who will come.").is_told
    assert judged("On 5 March they will meet those who came.").role is Role.ANNOUNCED
    assert judged("It will surely not be a fair that was opened on 5 March.").is_told


@pytest.mark.parametrize(
    ("text", "weekday", "shift"),
    [
        ("On Tuesday 5 March they met.", 1, 0),
        ("On Tuesday, the 5 March they met.", 1, 0),
        ("Am Dienstag, dem 5. März", 1, 0),
        ("They met on 5 March (Tuesday).", 1, 0),
        ("They met on 5 March(Tuesday).", 1, 0),
        ("They met on 5 March (the big one).", -1, 0),
        ("They met on 5 March, not (Tuesday).", -1, 0),
        ("On Tuesday they met, on 5 March.", -1, 0),
        ("On Tuesday of the 5 March", -1, 0),
        ("Le mardi 5 mars", 1, 0),
        ("Ils ont vu mar 5 mars", -1, 0),
        ("On Sunday\n5 March", 6, 0),
        ("They met yesterday (5 March).", -1, 1),
        ("They met yesterday, Tuesday (5 March).", 1, 1),
        ("They meet tomorrow (5 March).", -1, -1),
        ("They met today (5 March).", -1, 0),
    ],
)
def test_a_weekday_or_yesterday_stands_right_beside_its_date(text: str, weekday: int, shift: int) -> None:
    candidate = judged(text)
    assert (candidate.weekday, candidate.shift) == (weekday, shift)


def test_a_weekday_beside_yesterday_is_that_of_the_day_itself() -> None:
    candidate = judged("They met yesterday, Tuesday (5 March 2024).")
    assert candidate.day() == Day(2024, 3, 6)
    assert candidate.fits_weekday(Day(2024, 3, 6))
    assert not candidate.fits_weekday(Day(2024, 3, 5))
    assert candidate.firmness is Firmness.SURE


@pytest.mark.parametrize(
    ("text", "firmness"),
    [
        ("They met today, 5 March 2024.", Firmness.SURE),
        ("They met yesterday, 5 March 2024.", Firmness.SURE),
        ("They met on Tuesday 5 March 2024.", Firmness.SURE),
        ("They met on Wednesday 5 March 2024.", Firmness.FAIR),
        ("They met on Tuesday 5 March.", Firmness.FAIR),
        ("They will meet on Tuesday 5 March 2024.", Firmness.FAIR),
        ("They will meet tomorrow, 5 March 2024.", Firmness.FAIR),
        ("They met on 5 March 2024.", Firmness.FAIR),
        ("They met from 5 to 11 March 2024.", Firmness.FAIR),
        ("They met from 5 to 12 March 2024.", Firmness.FAIR),
        ("They met from 5 to 13 March 2024.", Firmness.WEAK),
        ("They met from 27 December 2023 to 5 January 2024.", Firmness.WEAK),
        ("They met from 29 December to 5 January 2024.", Firmness.FAIR),
        ("They met from 27 December to 5 January.", Firmness.WEAK),
        ("A title\n\nLeeds\n\nA line\n\nThey met on 5 March 2024.", Firmness.FAIR),
        (f"{FILLER}\n\nThey met on 5 March 2024.", Firmness.WEAK),
        (f"{FILLER}\n\nThey met on Tuesday 5 March 2024.", Firmness.WEAK),
        (f"{FILLER}They met on 5 March 2024.", Firmness.FAIR),
        (f"{FILLER * 5}They met on 5 March 2024.", Firmness.FAIR),
        (f"{FILLER * 6}They met on 5 March 2024.", Firmness.WEAK),
        (f"{FILLER * 6}They met today, 5 March 2024.", Firmness.SURE),
        ("They met on 5 March 1994.", Firmness.HISTORY),
        ("They met on 5 March 1995.", Firmness.FAIR),
        ("It entered into force on 5 March 2024.", Firmness.HISTORY),
        ("It came into being by force on 5 March.", Firmness.FAIR),
        ("The treaty was read on 5 March 2024.", Firmness.HISTORY),
        ("The treaty was read on 5 March.", Firmness.FAIR),
        ("On 5 March 2024 the agency was founded.", Firmness.HISTORY),
        ("Der Mietvertrag war am 5. März 2024 da.", Firmness.HISTORY),
        ("Am 5. März 2024 kam der Mietvertrag.", Firmness.HISTORY),
        ("On 5 March 2024 they saw in a town that is far away an agency founded.", Firmness.FAIR),
    ],
)
def test_a_date_is_as_firm_as_its_place_and_its_company(text: str, firmness: Firmness) -> None:
    assert judged(text).firmness is firmness


def test_a_title_tells_of_the_news_whatever_its_length() -> None:
    text = f"{FILLER}\n\n{FILLER * 6}They met on 5 March 2024."
    title = judge(text, next(find_dates(text)), is_title=True)
    assert (title.firmness, title.is_lead) == (Firmness.FAIR, True)
    assert not judged(text).is_lead


def test_a_date_tells_the_time_of_others_better_by_its_weekday_but_not_before_it_has_come() -> None:
    assert judged("They met on Tuesday 5 March.").firmness_at(Day(2024, 3, 5)) is Firmness.SURE
    assert judged("They met on Tuesday 5 March.").firmness_at(Day(2023, 3, 5)) is Firmness.FAIR
    assert judged("They will meet on Tuesday 5 March.").firmness_at(Day(2024, 3, 5)) is Firmness.WEAK
    assert judged("They will sign the treaty on 5 March 2024.").firmness_at(Day(2024, 3, 5)) is Firmness.HISTORY


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("They met today, 5 March.", "They met on Tuesday 5 March."),
        ("They met on Tuesday 5 March.", "They met there (5 March)."),
        ("They met there (5 March).", "They met there, 5 March."),
        ("They met on 5 March.", "They who were there met on 5 March."),
        ("They met on 5 March.", "They met in the evening of 5 March and so on, or at the game of 5 March."),
        ("They met in the night of 5 March.", "They met at the game of 5 March."),
        ("They met at the games of 5 to 7 March.", "They met at the game of 5 March."),
        ("He who was there, met on 5 March.", "He who was there met on 5 March."),
        (f"{FILLER}They met on 5 March.", f"{FILLER * 2}They met on 5 March."),
        (f"{FILLER * 2}They met on 5 March.", f"{FILLER * 6}They met on 5 March."),
        (f"{FILLER * 6}They met on 5 March.", f"{FILLER * 7}They met on 5 March."),
    ],
)
def test_of_two_dates_the_one_in_better_company_has_the_higher_score(better: str, worse: str) -> None:
    assert judged(better).score > judged(worse).score


def test_a_background_far_back_in_its_clause_is_forgotten() -> None:
    far = "The fair established by the two old men from the far end of town met on 5 March."
    near = "The two old men from the far end of the fair established met on 5 March."
    assert judged(far).score > judged(near).score


def test_dates_far_down_are_all_alike() -> None:
    assert judged(f"{FILLER * 60}They met on 5 March.").score == judged(f"{FILLER * 70}They met on 5 March.").score == 0


def test_an_announced_range_begins_on_its_day_and_any_other_has_ended() -> None:
    assert judged("They met from 5 to 7 March 2024.").day() == Day(2024, 3, 7)
    assert judged("They will meet from 5 to 7 March 2024.").day() == Day(2024, 3, 5)
    assert judged("They will meet from 30 December to 2 January.").day(2024) == Day(2023, 12, 30)
    assert judged("They will meet from 5 to 7 March.").day(2024) == Day(2024, 3, 5)
    assert judged("They met from 30 December to 2 January.").day(2024) == Day(2024, 1, 2)
    assert judged("They met on 29 February.").day(2023) is None
    assert judged("They met yesterday (29 February).").day(2023) is None


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        ("They met from 5 to 12 March 2024.", False),
        ("They met from 5 to 13 March 2024.", True),
        ("They met from 29 March to 5 April 2024.", False),
        ("They met from 29 March to 10 April 2024.", True),
        ("They met from 29 December to 5 January.", False),
        ("They met from 29 December 2023 to 5 January 2024.", False),
        ("They met from 20 December 2023 to 5 January 2024.", True),
        ("They met from 5 March to 5 May 2024.", True),
    ],
)
def test_more_than_a_week_is_a_long_event(text: str, is_long: bool) -> None:
    assert judged(text).is_long is is_long


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            ("05/06/2024 01:15 PM EDT", "05-06"),
            ("05/06/2024, at 1:15 p.m. Eastern", "05-06"),
            ("05/06/2024 1:15 am PT", "05-06"),
            ("05/06/2024 1:15PM(EST)", "05-06"),
        ),
        *(
            ("05/06/2024 | 01:15 PM (CST)", "05-06"),
            ("05/06/2024 13:15 CET", "06-05"),
            ("05/06/2024 1:15 p.m.", "06-05"),
        ),
        *(
            ("05/06/2024 01:15PM, EST", "05-06"),
            ("05/06/2024 01:15 PM ESTONIA", "06-05"),
            ("13/06/2024 01:15 PM EDT", "06-13"),
        ),
    ],
)
def test_only_an_american_time_puts_the_month_first(text: str, day: str) -> None:
    assert f"{judged(text).last.month:02}-{judged(text).last.day:02}" == day


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("First one. They met on 5 March 2024 in Leeds. Then they left.", "They met on 5 March 2024 in Leeds"),
        ("One thing; they met on 5 March 2024; another", "they met on 5 March 2024"),
        ("One thing: they met on 5 March 2024: another", "they met on 5 March 2024"),
        ("One! They met on 5 March 2024! Two", "They met on 5 March 2024"),
        ("One? They met on 5 March 2024? Two", "They met on 5 March 2024"),
        ("One – they met on 5 March 2024 – two", "they met on 5 March 2024"),
        ("One line\nthey met on 5 March 2024\nanother", "they met on 5 March 2024"),
        ("As it was late, they met on 5 March 2024, as they said", "they met on 5 March 2024"),
        ("On Tuesday, 5 March 2024 they met", "On Tuesday, 5 March 2024 they met"),
        ("At noon, on 5 March 2024 they met", "At noon, on 5 March 2024 they met"),
        ("They met at 3.30 on 5 March 2024 for 1.5 hours", "They met at 3.30 on 5 March 2024 for 1.5 hours"),
        ("They  met\ton 5 March 2024   in  Leeds", "They met on 5 March 2024 in Leeds"),
        ("They met (5 March 2024) here", "They met (5 March 2024) here"),
        ("5 March 2024", "5 March 2024"),
        (
            "abcde " * 20 + "5 March 2024" + " fghij" * 20,
            "abcde " * 10 + "5 March 2024" + " fghij" * 8,
        ),
        ("abcde " * 20 + "5 March 2024", "abcde " * 10 + "5 March 2024"),
        ("5 March 2024" + " fghij" * 20, "5 March 2024" + " fghij" * 11),
        ("x" * 100 + " 5 March 2024 " + "y" * 100, "5 March 2024"),
    ],
)
def test_the_clause_of_a_date_is_quoted_by_whole_words(text: str, quote: str) -> None:
    assert judged(text).quote() == quote
