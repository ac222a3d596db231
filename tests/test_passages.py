"""The structure of bodies: each kind of passage is known by its form and its neighbours, when it is clear."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader import passages
from newsreader.digest import Draft, parse_digest
from newsreader.passage_signs import is_contact, is_social
from newsreader.passages import Block, Kind, find_blocks
from newsreader.text import Clean, clean

PROSE = "A sentence that is long enough to be prose, with a verb and a full stop at its end, as prose has. " * 2
PROSE = PROSE.strip()
QUOTE = "“We have seen what can be done when the police of so many countries work together on one matter of weight"


def blocks(body: str) -> list[tuple[Kind, str]]:
    text = clean(body)
    return [(block.kind, text[block.start : block.end]) for block in find_blocks(text)]


def kinds(*lines: str) -> list[Kind]:
    return [kind for kind, _ in blocks("\n\n".join(lines))]


def strong(*lines: str) -> list[str]:
    text = clean("\n\n".join(lines))
    return [text[block.strong_start : block.strong_end] for block in find_blocks(text)]


def bodies_of(seeds: Path) -> list[Clean]:
    drafts = [draft for path in sorted(seeds.iterdir()) for draft in parse_digest([path.read_bytes()], path.name)]
    return [clean(draft.body) for draft in drafts if isinstance(draft, Draft)]


# Datelines and leads


@pytest.mark.parametrize(
    "line",
    [
        "26 September 2024|",
        "September 26, 2024",
        "Strasbourg, 12 March 2024",
        "12/03/2024",
        "Le 3 juin 2025",
        "Published on 4 May 2023",
    ],
)
def test_a_date_above_the_lead_is_a_dateline(line: str) -> None:
    assert kinds(line, PROSE, PROSE) == [Kind.DATELINE, Kind.LEAD, Kind.PARAGRAPH]


def test_a_date_below_the_lead_is_no_dateline() -> None:
    assert Kind.DATELINE not in kinds(PROSE, "September 26, 2024", PROSE)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (f"LYON, France – An {PROSE}", "LYON, France"),
        (f"WASHINGTON, D.C. — Joint {PROSE}", "WASHINGTON, D.C."),
        (f"Abu Dhabi, United Arab Emirates – Representatives {PROSE}", "Abu Dhabi, United Arab Emirates"),
        (f"WARSAW, 7 March 2024 – The {PROSE}", "WARSAW, 7 March 2024"),
        (f"Brussels (Belgium) -- The {PROSE}", "Brussels (Belgium)"),
        (f"GENEVA - The {PROSE}", "GENEVA"),
        (f"The LEAP programme – implemented since 2018 – served {PROSE}", ""),
        (f"Norway – one of three donors – said {PROSE}", ""),
        (PROSE, ""),
    ],
)
def test_the_place_that_a_lead_begins_with_is_known(line: str, place: str) -> None:
    assert strong(line)[0] == place
    assert kinds(line) == [Kind.LEAD]


# Sub-headings


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("Global Policing Goals", True),
        ("How is a Secretary General chosen?", True),
        ("Notes to editors", True),
        ("He said:", False),
        ("It was over.", False),
        ("in lower case", False),
        ("26 September 2024|", False),
        ("Credits: Guardia di Finanza", False),
        ("Follow us on X", False),
        ("@NATO and @NATOPress", False),
        ("A line that is far too long to be the heading of anything at all, really", False),
    ],
)
def test_a_short_line_without_a_full_stop_between_prose_is_a_heading(line: str, is_heading: bool) -> None:
    assert (kinds(PROSE, line, PROSE)[1] is Kind.HEADING) is is_heading


def test_the_first_and_the_last_line_are_no_headings() -> None:
    assert Kind.HEADING not in kinds("Global Goals", PROSE, "More to come")


def test_a_heading_needs_no_blank_lines_between_long_ones() -> None:
    assert [kind for kind, _ in blocks(f"{PROSE}\nGlobal Goals\n{PROSE}")][1] is Kind.HEADING


def test_the_usual_names_of_sections_are_headings_before_short_lines_too() -> None:
    assert kinds(PROSE, "Media Advisory", "The minister will speak.", "Background:", "It began in 1994.") == [
        Kind.LEAD, Kind.HEADING, Kind.PARAGRAPH, Kind.HEADING, Kind.PARAGRAPH,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("Results at a glance:", True),
        ("Who took part:", True),
        ("The reports contained information on:", False),
        ("The police seized:", False),
        ("Authorities involved included:", False),
        ("Jürgen Stock said:", False),
    ],
)
def test_a_label_above_a_list_is_a_heading_and_a_sentence_is_not(line: str, is_heading: bool) -> None:
    body = f"{PROSE}\n\n{line}\n\n• one\n• two"
    assert (blocks(body)[1][0] is Kind.HEADING) is is_heading


def test_a_number_before_a_heading_makes_it_no_list_item() -> None:
    assert kinds(PROSE, "1. Scope of the operation", PROSE, "2. Results", PROSE)[1::2] == [Kind.HEADING] * 2
    assert blocks(f"{PROSE}\n\n1. Police\n2. Customs\n\n{PROSE}")[1][0] is Kind.ITEM


# Lists and figures


@pytest.mark.parametrize(
    "line",
    ["• x", "- x", "* x", "– x", "1. x", "10) x", "(a) x", "b) x", "  •\u00a0x", "15:45 (CEST)  Press", "9.30 Talk"],
)
def test_an_item_is_known_by_its_marker(line: str) -> None:
    assert blocks(line)[0][0] is Kind.ITEM


@pytest.mark.parametrize("line", ["-x", "2024. A year", "*bold*", "1.5 million", "A. Smith said", "— ", "•"])
def test_what_only_looks_like_a_marker_is_no_item(line: str) -> None:
    assert blocks(line)[0][0] is not Kind.ITEM


@pytest.mark.parametrize(
    ("item", "number"),
    [
        ("• EUR 2.15M seized or frozen", "EUR 2.15M"),
        ("• 103 arrests", "103"),
        ("- 1,110 suspects identified", "1,110"),
        ("• €1.4 million recovered", "€1.4 million"),
        ("• 480 000 victims", "480 000"),
        ("• 60 % of the cases", "60 %"),
        ("• More than 400 other addresses", "More than 400"),
    ],
)
def test_an_item_that_reports_a_number_is_a_figure(item: str, number: str) -> None:
    text = clean(item)
    (block,) = find_blocks(text)
    assert (block.kind, text[block.strong_start : block.strong_end]) == (Kind.FIGURE, number)


@pytest.mark.parametrize("item", ["• 26 September 2024", "• 2024 annual report", "• 10 am to noon", "• 26th meeting"])
def test_a_date_is_no_figure(item: str) -> None:
    assert blocks(item)[0][0] is Kind.ITEM


def test_lines_that_each_report_a_number_are_figures_without_a_bullet() -> None:
    assert kinds(PROSE, "12 arrests", "EUR 4 million seized", "226 inspections", PROSE)[1:4] == [Kind.FIGURE] * 3
    assert kinds(PROSE, "12 arrests", PROSE)[1] is not Kind.FIGURE


# Quotations


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        (f"{QUOTE}.”", ""),
        (f"{QUOTE},” said Major General Ulutaş.", "said Major General Ulutaş"),
        (f"{QUOTE}.", ""),
        (f"{QUOTE}”, the minister said. “And so it will be.”", "the minister said"),
        (f"Jane Doe, Director of Customs, commented: {QUOTE}.”", "Jane Doe, Director of Customs, commented"),
        (
            "„Wir haben gesehen, was gemeinsam möglich ist, wenn alle wollen“, sagte die Ministerin.",
            "sagte die Ministerin",
        ),
        (
            "« Nous avons vu ce que nous pouvons faire ensemble quand tous le veulent », a dit le ministre.",
            "a dit le ministre",
        ),
        ('"We have seen what can be done together when all want it," she said.', "she said"),
        ("‘It became apparent that we can’t do without the others’ help in this,’ said Jane Doe.", "said Jane Doe"),
    ],
)
def test_a_paragraph_that_is_mostly_quoted_is_a_quotation_with_its_speaker(line: str, speaker: str) -> None:
    assert kinds(PROSE, line)[1] is Kind.QUOTATION
    assert strong(PROSE, line)[1] == speaker


@pytest.mark.parametrize(
    "line",
    [
        f"“To Be Secure” is a forum. {PROSE}",
        f"The minister spoke of “a deeply deteriorated environment”. {PROSE}",
        f"{PROSE} “That is so,” he said.",
        f"‘Identify Me’ is a programme. {PROSE}",
        "’Twas the night before the ministers’ meeting in the capital, and nobody had come as yet.",
    ],
)
def test_prose_with_some_words_quoted_is_no_quotation(line: str) -> None:
    assert kinds(PROSE, line, PROSE)[1] is Kind.PARAGRAPH


def test_words_that_lead_to_a_quotation_stand_right_above_it() -> None:
    text = clean(f"{PROSE}\n\nINTERPOL Secretary General Jürgen Stock said:\n\n{QUOTE}.\n\n“And so on.”\n\n{PROSE}")
    found = list(find_blocks(text))
    assert [block.kind for block in found[1:4]] == [Kind.SPEAKER, Kind.QUOTATION, Kind.QUOTATION]
    assert [block.is_apart for block in found[1:4]] == [True, False, True]


# Rosters


def test_a_heading_can_stand_above_figures_and_a_title_is_no_lead() -> None:
    statement = "Statement by the High Representative on behalf of the European Union"
    found = kinds(statement, PROSE, "Ergebnisse", "12 Haftbefehle vollstreckt", "250 Datenträger beschlagnahmt")
    assert found == [Kind.PARAGRAPH, Kind.LEAD, Kind.HEADING, Kind.FIGURE, Kind.FIGURE]


def test_names_behind_a_label_are_a_roster() -> None:
    line = "Participating countries : Argentina, Côte d’Ivoire, the Netherlands, Peru, Suriname and Venezuela."
    assert kinds(PROSE, line)[1] is Kind.ROSTER
    assert strong(PROSE, line)[1] == "Participating countries"


@pytest.mark.parametrize(
    "line",
    [
        "Their occupations included: designer, guard, mechanic, musician, journalist and taxi driver.",
        "The seized goods were many: Cars, Boats, Planes, Trains, Bikes, and all that goes with them.",
        "Participating countries: France, Spain.",
        f"Background: {PROSE}",
    ],
)
def test_a_sentence_with_a_colon_is_no_roster(line: str) -> None:
    assert Kind.ROSTER not in kinds(PROSE, line)


def test_names_below_a_label_are_a_roster_too() -> None:
    assert kinds(PROSE, "Participating countries:", "Albania, Belgium, Chile, Denmark, Estonia, Fiji") == [
        Kind.LEAD, Kind.HEADING, Kind.ROSTER,
    ]  # fmt: skip


# Captions

CAPTIONS = (
    "Officers at the ceremony in the capital",
    "Attendees from three countries during the opening of the new training centre",
    "The minister with the signed letter",
    "Some of the weapons that were found in the house near the border with Ruritania",
)


def test_a_row_of_lines_that_end_like_no_sentence_is_captions() -> None:
    assert kinds(PROSE, *CAPTIONS, PROSE) == [Kind.LEAD, *[Kind.CAPTION] * 4, Kind.PARAGRAPH]


def test_captions_and_contacts_stand_close_to_each_other_and_apart_from_the_rest() -> None:
    text = clean("\n\n".join([PROSE, *CAPTIONS, PROSE, "For more information:", "Contact the office"]))
    found = [(block.kind, block.is_apart) for block in find_blocks(text)]
    assert [is_apart for kind, is_apart in found if kind is Kind.CAPTION] == [True, False, False, False]
    assert [is_apart for kind, is_apart in found if kind is Kind.CONTACT] == [True, False]
    assert found[5] == (Kind.PARAGRAPH, True)


def test_a_short_line_behind_captions_that_may_be_a_heading_is_neither() -> None:
    assert kinds(PROSE, *CAPTIONS, "Cooperation across the border", PROSE)[-2:] == [Kind.PARAGRAPH, Kind.PARAGRAPH]


def test_captions_that_are_sentences_are_known_among_others_only() -> None:
    sentences = [f"{line}." for line in CAPTIONS]
    assert Kind.CAPTION not in kinds(PROSE, *sentences, PROSE)
    assert kinds(PROSE, CAPTIONS[0], sentences[1], *CAPTIONS[2:], PROSE)[1:5] == [Kind.CAPTION] * 4


@pytest.mark.parametrize(
    "line", ["Credits: Guardia di Finanza", "Photo: EPA", "© European Union", "Image credit: NATO"]
)
def test_a_credit_is_a_caption_alone(line: str) -> None:
    assert kinds(PROSE, line, PROSE)[1] is Kind.CAPTION


@pytest.mark.parametrize(
    "lines",
    [
        (PROSE, *CAPTIONS[:2], PROSE),
        (PROSE[:-1] + ":", *CAPTIONS, PROSE),
        (PROSE, "Albania", "Belgium", "Cyprus", "Denmark", PROSE),
        (PROSE, "Jane Doe, Police Chief", "John Roe, Customs", "Ann Poe, Coast Guard", "Max Moe, Navy", PROSE),
        (PROSE, "10 men in two houses", "20 cars at the border", "30 guns from the war", "40 pounds of gold", PROSE),
    ],
)
def test_other_rows_of_short_lines_are_no_captions(lines: tuple[str, ...]) -> None:
    assert Kind.CAPTION not in kinds(*lines)


# Notes and contacts


def test_what_stands_below_the_heading_of_notes_is_notes() -> None:
    assert kinds(PROSE, "Notes to editors", PROSE, "It began in 1994.")[1:] == [Kind.HEADING, Kind.NOTE, Kind.NOTE]
    assert kinds(PROSE, f"Note to editors: {PROSE}")[1] is Kind.NOTE


@pytest.mark.parametrize(
    "line",
    [
        "Follow us on X",
        "Follow us on Twitter (@NATO@SecGenNATO and @NATOPress).",
        "FacebookTwitterInstagramYouTube,",
        "LinkedIn and Flickr.",
        "@NATO and @NATOPress",
        "Connect with the Joint Staff on social media:",
        "Suivez-nous sur LinkedIn",
        "###",
        "- ENDS -",
    ],
)
def test_social_media_are_known_wherever_they_stand(line: str) -> None:
    assert kinds(PROSE, line, PROSE)[1] is Kind.CONTACT


@pytest.mark.parametrize(
    "lines",
    [
        ("For more information:", "Contact the Press Office"),
        ("Media contact", "Jane Doe, Spokesperson", "+32 2 123 45 67", "press@example.org"),
        ("For general queries: contact the Press Office", "Follow us on X"),
        ("For more Joint Staff news, visit: www.jcs.mil.",),
        ("Pressekontakt", "Max Muster", "max@example.org"),
        ("About Eurojust", PROSE),
    ],
)
def test_contacts_are_known_at_the_end_only(lines: tuple[str, ...]) -> None:
    assert kinds(PROSE, *lines)[1:] == [Kind.CONTACT] * len(lines)
    assert kinds(PROSE, *lines, "Notes to editors", PROSE)[1 : len(lines) + 1] == [Kind.CONTACT] * len(lines)
    if PROSE not in lines:
        assert kinds(PROSE, lines[0], PROSE)[1] is not Kind.CONTACT


@pytest.mark.parametrize("line", ["+32 2 123 45 67, press@x.org | www.x.org", "12345678 1@x.org", "+32/2/123.45.67"])
def test_addresses_and_numbers_alone_are_contacts(line: str) -> None:
    assert is_contact(line)
    assert not is_contact(f"{line} spoke")


@pytest.mark.parametrize(
    "line",
    [
        "31/02/2024" * 15 + "A",
        "1234567 89" * 15 + "!",
        "www.a@b.c " * 15 + "!",
        "a@b.c.d" * 22 + "!",
        "@a" + " and" * 38 + " !",
        "and et und X " * 12 + "!",
    ],
)
def test_no_line_takes_long_to_be_told_from_contacts(line: str) -> None:
    """Each of these took seconds to centuries: their parts can be told apart in as many ways as they are long."""
    start = process_time()
    assert not is_contact(line)
    assert not is_social(line)
    assert process_time() - start < 1


@pytest.mark.parametrize(
    "line",
    [
        f"For more information about the programme, including the rules, please visit its page. {PROSE}",
        f"Contact between the two ministers was never broken. {PROSE}",
        "X marks the spot.",
        "Visitors came from afar to see the ministers and hear what they had to say about it all, in the open.",
    ],
)
def test_prose_is_no_contact(line: str) -> None:
    assert Kind.CONTACT not in kinds(PROSE, line, PROSE)


# All of it

LINES = st.sampled_from(
    [
        *("", " ", "\u00a0", "word", "• item", "  - deep item", "  continued", "1. one", PROSE, "Heading", "日本語。"),
        *("x" * 90, "He said:", QUOTE, "”", "“", "12 arrests", "Contact", "About us", "Follow us on X", *CAPTIONS),
        *("26 September 2024", "Names: A, B, C, D, E, F", "© A", "Notes to editors", "15:45 Talk", "###"),
    ]
)


def check(text: Clean, found: list[Block]) -> None:
    assert all(text[block.start : block.end] == text[block.start : block.end].strip() != "" for block in found)
    assert all(
        block.start <= block.strong_start <= block.strong_end <= block.end or not block.strong_end for block in found
    )
    assert " ".join(text[block.start : block.end] for block in found).split() == text.split()


def test_every_word_of_the_seeds_is_in_one_block_in_order(seeds: Path) -> None:
    for text in bodies_of(seeds):
        check(text, list(find_blocks(text)))


@given(st.lists(LINES, max_size=40))
def test_every_word_is_in_one_block_in_order(lines: list[str]) -> None:
    text = clean("\n".join(lines))
    check(text, list(find_blocks(text)))


@given(st.text(alphabet='aB1 \n\u00a0.:;“”‘’"-–•@X©,()', max_size=120))
def test_any_text_is_told_apart(body: str) -> None:
    text = clean(body)
    check(text, list(find_blocks(text)))


def test_the_seeds_are_told_as_a_reader_would(seeds: Path) -> None:
    found = [(block.kind, text[block.start : block.end]) for text in bodies_of(seeds) for block in find_blocks(text)]
    headings = [line for kind, line in found if kind is Kind.HEADING]
    assert {"Phishing scam targets Swiss citizens", "Results at a glance:", "Media advisory"} < set(headings)
    assert len(headings) == 22
    captions = [line for kind, line in found if kind is Kind.CAPTION]
    assert "A timber and logging plant in Brazil is inspected as part of Thunder 2023 global operations." in captions
    assert len(captions) == 26
    assert sum(kind is Kind.ROSTER for kind, _ in found) == 4
    assert sum(kind is Kind.QUOTATION for kind, _ in found) == 37
    assert not [line for kind, line in found if kind is Kind.CONTACT and len(line) > 100]


@pytest.mark.parametrize(
    "body",
    [
        "a\n" * 500_000,
        "a\n\n" * 333_333,
        "Contact us\n\n" * 80_000,
        "A man at the house\n\n" * 50_000,
        "“a” " * 250_000,
    ],
    ids=["lines", "paragraphs", "contacts", "captions", "quotes"],
)
def test_the_first_blocks_of_a_megabyte_come_without_a_look_at_the_rest(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[Block] = []
    find_lines = passages._find_lines

    def count(text: str) -> Iterator[Block]:
        for block in find_lines(text):
            looked_at.append(block)
            yield block

    monkeypatch.setattr(passages, "_find_lines", count)
    first = list(islice(find_blocks(clean(body)), 60))
    assert len(first) == min(60, len(looked_at))
    assert len(looked_at) < 60 + 70
