"""Which lines and datelines state the date of their release, and which only look like it."""

from __future__ import annotations

import pytest

from newsreader.date_expressions import find_dates
from newsreader.date_headers import header_score

FILLER = "The council has many members and they come from all parts of the country. "
LINES = "\n".join(f"Line {number}" for number in range(6))


def score(body: str) -> float:
    """The score of the last date of a body."""
    return header_score(body, [*find_dates(body)][-1])


@pytest.mark.parametrize(
    "body",
    [
        *(
            "5 March 2024",
            "5 March 2024|",
            "5 March",
            "Tuesday, 5 March 2024",
            "5 March 2024, Brussels",
            "5 March 2024 (Leeds)",
        ),
        *("Brussels, 5 March 2024 – They met.", "Brussels (5 March 2024) They", "BRUSSELS, 5 March 2024. They met."),
        *(
            "Brussels, 5 March 2024 -- They",
            "Brussels, 5 March 2024 • They",
            "Brussels, 5 March 2024 (AFP) - They met.",
        ),
        *("Brussels, 5 March 2024: They met.", "Brussels, 5 March 2024 .- They met.", "5 March 2024 – They met."),
        *(
            "On 5 March 2024",
            "Am 5. März 2024",
            "Le 5 mars 2024",
            "El 5 de marzo de 2024",
            "Il 5 marzo 2024.",
            "Den 5. März 2024",
        ),
        *(
            "Warszawa, 5 marca 2024 r.",
            "5 maart 2024 g.",
            "5 marzo 2024 u.",
            "5 March 2024 v.",
            "_5 March 2024_",
        ),
        *(
            "5 March 2024 10:30",
            "5 March 2024 at 10:30",
            "5 March 2024, 10.30 Uhr",
            "5 March 2024 | 10:30 CET",
            "5 mars 2024 à 10h30",
        ),
        *(
            "5 March 2024 10:30:15 GMT",
            "5 March 2024 - 10:30 a.m. EDT",
            "5 March 2024 10:30 (PST)",
            "5 March 2024 10:30 MST",
            "5 March 2024 (Tue) 10:30",
        ),
        *(
            "5 March 2024 10:30 +0100",
            "5 March 2024 10:30 +01:00",
            "2024-03-05T10:30:00Z",
            "2024-03-05T10:30:00.000Z",
            "5 March 2024 om 10:30",
        ),
        *(
            "5 March 2024 alle 10:30",
            "5 March 2024 ore 10:30",
            "5 March 2024 um 10:30",
            "5 de marzo de 2024 a las 10:30",
            "5 March 2024 às 10:30",
        ),
        *(
            "5 March 2024 10:30 local time",
            "5 March 2024 10:30 Ortszeit",
            "5 March 2024 10:30 UTC",
            "5 March 2024 10:30 hrs",
            "5 March 2024 Tuesday, 10:30",
        ),
        *(
            "Published: 5 March 2024",
            "Published on 5 March 2024",
            "Released 5 March",
            "Issued: 5 March",
            "Posted 5 March",
            "Dated: 5 March",
        ),
        *(
            "Updated: 5 March",
            "date: 5 March",
            "Datum: 5. März",
            "Stand: 5. März",
            "fecha: 5 de marzo",
            "data: 5 marzo",
            "no: 5 March 2024",
        ),
        *(
            "Veröffentlicht: 5. März",
            "Publié: 5 mars",
            "Publicado: 5 de marzo",
            "Pubblicato: 5 marzo",
            "Gepubliceerd: 5 maart",
            "n°: 5 mars",
        ),
        *(
            "Nr. 12: 5. März",
            "News: 5 March",
            "Statement: 5 March",
            "Bulletin: 5 March",
            "Meldung: 5. März",
            "Comunicato: 5 marzo",
        ),
        *(
            "Embargo: 5 March",
            "Embargoed until 5 March 2024",
            "Press release: 5 March",
            "Nota de prensa: 5 de marzo",
            "Persbericht: 5 maart",
        ),
        *(
            "[Leeds, UK (northern part, as they say)] 5 March 2024",
            "Leeds (in the north of the big country) 5 March 2024",
        ),
        *(
            "5 March 2024 Press release",
            "5 March 2024, Sankt Pölten, Austria",
            "5 March 2024 / Press Office",
            "5 March 2024 · Leeds",
        ),
    ],
)
def test_a_line_with_a_place_a_label_or_a_time_is_a_header(body: str) -> None:
    assert score(f"{body}\n\nThe rest.") > 8


@pytest.mark.parametrize(
    "body",
    [
        *(
            "They met on 5 March 2024",
            "Until 5 March 2024",
            "WARSAW, until 5 March 2024",
            "Since 5 March 2024",
            "From 5 to 7 March 2024",
        ),
        *(
            "March 2024",
            "On 5 March 2024 they met.",
            "On 5 March 2024 – they",
            "In Brussels 5 March 2024",
            "• 5 March 2024",
            "- 5 March 2024",
        ),
        *(
            "* Brussels 5 March 2024",
            "Place: 5 March 2024",
            "Deadline 5 March 2024",
            "Next 5 March 2024",
            "Meeting 5 March",
            "Session: 5 March",
        ),
        *(
            "5 March 2024 Meeting",
            "5 March 2024, until noon",
            "5 March 2024, until 7 March",
            "5 March 2024, 10:30 to 12:30",
            "Version 5 March 2024",
        ),
        *(
            "5 March 2024 They met",
            "5 March 2024 they met",
            "5 March 2024 Saint George",
            "5 March 2024, they met there",
            "5 March 2024. They met.",
        ),
        *(
            "A B C D E F G H I J K L M 5 March 2024",
            "5 March 2024, A B C D E F G",
            "5 March 2024, Leeds 5 am 10:30",
        ),
        *(
            "Date: 5 March 2024\nTime: 10:30",
            "Date: 5 March 2024\nVenue: Leeds",
            "Fecha: 5 de marzo\nLugar: Madrid",
            "Datum: 5. März\nOrt: Bonn",
        ),
        *(
            "Data: 5 marzo 2024\nLuogo: Roma",
            "Date: 5 mars 2024\nHeure: 10",
            "date: 5 March 2024\nRoom : 5",
            "Datum: 5. März\n  Uhrzeit: 9",
        ),
        *(
            "Law 5 March 2024",
            "by 5 March 2024",
            "Frist 5. März 2024",
            "Réunion 5 mars 2024",
            "Batch 5 March 2024",
        ),
        *(
            "5 March 2024, Saint George Upon Castlereagh And On The River Of All The Norths",
            "Photo: 5 March 2024",
            "Wann: 5. März",
        ),
        *(
            f"{'X' * 109}, 5 March 2024",
            f"{FILLER * 3}\n5 March 2024",
            f"{LINES}\nLine 7\n5 March 2024 They",
            "Untold 5 March 2024, until noon",
        ),
    ],
)
def test_a_sentence_a_deadline_or_an_event_is_no_header(body: str) -> None:
    number = 0 if "\nRoom" in body else -1
    assert header_score(f"{body}\n\nThe rest.", [*find_dates(body)][number]) == 0


LABELS = """
Published Release Released Releases Issued Posted Date Dated Updated Publication Embargo Embargoed Veröffentlicht
Erschienen Datum Stand Pubblicato Data Aktualizacja Opublikowano Zveřejněno Publicerad Uppdaterad Bijgewerkt Update
Gepubliceerd Nieuwsbericht Atualizado Publié Fecha Publicado Presse Pressemitteilung Meldung Mitteilung Comunicato
Communiqué Comunicado News Statement Bulletin Persbericht Nr No N° Nº
"""
PUBLISHED = """
Published Release Released Issued Posted Veröffentlicht Publié Publicado Pubblicato Gepubliceerd Opublikowano Zveřejněno
Publicerad
"""
UPDATED = """
Updated Update Modified Aktualisiert Aktualizacja Bijgewerkt Uppdaterad Atualizado Stand Actualizado Aggiornato
Aggiornata
"""
DETAILS = "Time Venue Place Where Location Ort Uhrzeit Lieu Heure Lugar Hora Luogo Ora Room"


@pytest.mark.parametrize("label", LABELS.split())
def test_a_label_of_any_language_makes_its_line_a_header(label: str) -> None:
    assert score(f"{label}: 5 March 2024\n\nThe rest.") > 8
    assert score(f"x{label}x: 5 March 2024\n\nThe rest.") == 0


def test_a_line_says_whether_it_tells_of_the_publication_or_of_an_update() -> None:
    plain = score("Brussels, 5 March 2024\n\nThe rest.")
    published = [score(f"Brussels, {word} 5 March 2024\n\nThe rest.") for word in PUBLISHED.split()]
    updated = [score(f"Brussels, {word} 5 March 2024\n\nThe rest.") for word in [*UPDATED.split(), "mis à jour"]]
    assert min(published) > plain > max(updated)
    assert score("Brussels, Standing 5 March 2024\n\nThe rest.") > max(updated) + 2


@pytest.mark.parametrize("detail", DETAILS.split())
def test_a_date_with_the_details_of_an_event_below_it_is_no_header(detail: str) -> None:
    assert score(f"Date: 5 March 2024\n{detail}: there") == 0
    assert score(f"Date: 5 March 2024\nThe {detail}: there") > 8
    assert score(f"Brussels, 5 March 2024\n{detail}: there") > 8


def test_a_header_has_only_a_few_short_lines_above_it() -> None:
    assert score(f"{LINES}\n\n5 March 2024\n\nThe rest. {FILLER * 9}") > 8
    assert score(f"{LINES}\n \nLine 7\n5 March 2024\n\nThe rest. {FILLER * 9}") == 0
    assert score(f"{'x' * 199}\n5 March 2024\n\nThe rest. {FILLER * 9}") > 8
    assert score(f"{'x' * 200}\n5 March 2024\n\nThe rest. {FILLER * 9}") == 0
    long_lines = "\n".join(["x" * 199] * 3)
    assert score(f"{long_lines}\n5 March 2024\n\nThe rest. {FILLER * 9}") > 8
    assert score(f"{long_lines}\nxxx\n5 March 2024\n\nThe rest. {FILLER * 9}") == 0


@pytest.mark.parametrize(
    ("ending", "is_header"),
    [
        ("5 March 2024", True),
        ("Brussels, 5 March 2024", True),
        ("5 March 2024\n\n\n", True),
        ("5 March", False),
        ("5 March 2024 – They met.", False),
        ("5 March 2024\nSigned", False),
        ("Published: 5 March 2024\nBy one\nBy two\n\nBy three", True),
        ("Published: 5 March 2024\nBy one\nBy two\nBy three\nBy four", False),
        (f"Published: 5 March 2024\n{'x' * 399}", True),
        (f"Published: 5 March 2024\n{'x' * 400}", False),
    ],
)
def test_a_line_that_closes_the_body_is_a_header(ending: str, is_header: bool) -> None:
    assert (score(f"{FILLER * 30}\n\n{ending}") > 0) is is_header


def test_a_dateline_must_stand_near_the_top() -> None:
    above = "\n".join(["x" * 190] * 2)
    assert score(f"{above}\nBrussels, 5 March 2024 – They met. {FILLER * 9}") > 8
    assert score(f"{chr(10) * 1600}Brussels, 5 March 2024 – They met. {FILLER * 9}") == 0


def test_a_header_says_most_when_it_is_labelled_and_least_when_it_tells_of_an_update() -> None:
    labels = ("Published: ", "Brussels, ", "Updated: ")
    published, plain, updated = (score(f"{label}5 March 2024\n\nThe rest.") for label in labels)
    assert published > plain > updated > 8
    assert score("5 March 2024\n\nThe rest.") > score(f"{'x' * 190}\n\n5 March 2024\n\nThe rest.")
    assert score("Stand und Release: 5 March 2024\n\nThe rest.") > plain
