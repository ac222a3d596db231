"""Splitting digests: heads, what is no head, encodings, ids, and that nothing is lost."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterable
from unicodedata import normalize

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from newsreader import digest, digest_lines
from newsreader.digest import UNTITLED, Draft, parse_digest
from newsreader.digest_lines import LineNotes, decoded_lines, sniff_encoding
from newsreader.models import Problem
from tests.conftest import SEEDS


def parse(data: bytes | str, encoding: str = "") -> tuple[list[Draft], list[Problem]]:
    raw = data.encode() if isinstance(data, str) else data
    items = list(parse_digest([raw], "x.txt", encoding))
    return [item for item in items if isinstance(item, Draft)], [item for item in items if isinstance(item, Problem)]


def seed_texts() -> list[str]:
    return [path.read_text("utf-8") for path in sorted(SEEDS.iterdir())]


def ids(drafts: Iterable[Draft]) -> list[str]:
    return [draft.id for draft in drafts]


SEED_IDS = [draft.id for text in seed_texts() for draft in parse(text)[0]]


def test_the_seeds_hold_49_different_releases_and_nothing_odd() -> None:
    assert len(SEED_IDS) == len(set(SEED_IDS)) == 49
    assert [problem for text in seed_texts() for problem in parse(text)[1]] == []


def test_each_seed_release_is_exactly_what_stands_between_its_head_and_the_next() -> None:
    for path in sorted(SEEDS.iterdir()):
        raw = path.read_bytes()
        drafts = parse(raw)[0]
        for draft, following in zip(drafts, [*drafts[1:], None], strict=True):
            end = following.offset if following else len(raw)
            slice_of_file = raw[draft.offset : end].decode("utf-8")
            head = f"{draft.title}\n\nSource: {draft.source}\n\n"
            assert slice_of_file.startswith(head)
            assert slice_of_file[len(head) :].strip() == draft.body
            assert raw.decode("utf-8").split("\n")[draft.line - 1] == draft.title


def test_the_seeds_have_the_sources_that_their_lines_name() -> None:
    named = [line[8:] for text in seed_texts() for line in text.split("\n") if line.startswith("Source: ")]
    assert [draft.source for text in seed_texts() for draft in parse(text)[0]] == named


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte-order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16 with mark"),
        pytest.param(lambda text: text.encode("utf-16-le"), id="UTF-16 LE"),
        pytest.param(lambda text: text.encode("utf-16-be"), id="UTF-16 BE"),
        pytest.param(lambda text: text.encode("utf-32"), id="UTF-32 with mark"),
        pytest.param(lambda text: text.encode("utf-32-le"), id="UTF-32 LE"),
        pytest.param(lambda text: text.encode("utf-32-be"), id="UTF-32 BE"),
        pytest.param(lambda text: text.replace("\n\n", "\n\n\n \n\u00a0\n"), id="more blank lines"),
        pytest.param(lambda text: text.replace("\nSource:", "\n\u00a0SOURCE :\u00a0"), id="other spacing"),
    ],
)
def test_the_same_ids_come_out_of_the_seeds_in_other_dress(encode: object) -> None:
    assert callable(encode)
    assert [id for text in seed_texts() for id in ids(parse(encode(text))[0])] == SEED_IDS


@pytest.mark.parametrize("joint", ["\n", "\n\n", "\r\n", "\n\n\n\n", "\n\ufeff", "\n\n\ufeff"])
def test_the_same_ids_come_out_of_the_seeds_joined_into_one_file(joint: str) -> None:
    assert ids(parse(joint.join(seed_texts()))[0]) == SEED_IDS


def test_chunks_may_end_anywhere() -> None:
    raw = "\r\n".join(seed_texts()[0].split("\n")).encode()
    for size in (1, 2, 3, 1000):
        chunks = [raw[start : start + size] for start in range(0, len(raw), size)]
        drafts = [item for item in parse_digest(chunks, "x.txt") if isinstance(item, Draft)]
        assert drafts == parse(raw)[0]


@pytest.mark.parametrize("name", ["cp1252", "latin-1"])
def test_text_that_is_not_utf_8_is_read_as_windows_1252_and_reported(name: str) -> None:
    drafts, problems = parse("Café\n\nSource: Élysée\n\nDéjà vu".encode(name))
    assert [(draft.title, draft.source, draft.body) for draft in drafts] == [("Café", "Élysée", "Déjà vu")]
    assert [problem.line for problem in problems] == [1]
    assert "3 lines" in problems[0].reason


def test_bytes_that_mean_nothing_in_windows_1252_are_kept() -> None:
    drafts, problems = parse(b"Title\n\nSource: X\n\ncaf\xe9 \x81 d\xe9j\xe0\n\nna\xc3\xafve")
    assert drafts[0].body == "café \x81 déjà\n\nnaïve"
    assert [problem.line for problem in problems] == [5]


def test_an_encoding_that_is_named_counts() -> None:
    drafts, problems = parse("Новости\n\nSource: МВД\n\nТекст".encode("koi8-r"), "koi8-r")
    assert (drafts[0].title, drafts[0].source, problems) == ("Новости", "МВД", [])


@pytest.mark.parametrize("name", ["utf-8-sig", "UTF8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037"])
@pytest.mark.parametrize("has_mark", [True, False])
def test_offsets_are_true_in_every_encoding_that_is_named(name: str, has_mark: bool) -> None:
    unmarked = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name)
    text = "A\n\nSource: X\n\nText\n\nB\n\nSource: Y\n\nMore"
    mark = "\ufeff" if has_mark and "utf" in name.lower() else ""
    raw = (mark + text).encode(unmarked)
    drafts, _ = parse(raw, name)
    assert [(draft.title, draft.body) for draft in drafts] == [("A", "Text"), ("B", "More")]
    assert raw[drafts[1].offset :] == "B\n\nSource: Y\n\nMore".encode(unmarked)


def test_no_encoding_gives_half_characters() -> None:
    drafts, _ = parse(b"A\n\nSource: X\n\n+2AA-", "utf-7")
    assert all(draft.body.encode("utf-8") for draft in drafts)


def test_a_few_zero_bytes_are_text_and_reported() -> None:
    raw = b"A\n\nSource: X\n\nText with \0 in it\n\n" + b"Words and words. " * 50
    assert sniff_encoding(raw) == "utf-8"
    drafts, problems = parse(raw)
    assert "\0" in drafts[0].body
    assert [problem.line for problem in problems] == [5]
    assert "zero bytes" in problems[0].reason


@pytest.mark.parametrize(
    "body",
    [
        "Arrests rose.\nSource: Eurostat, 2023\n\nMore text.",
        "Arrests rose.\nSource: Eurostat\nMore text.",
        "Arrests rose.\nSource: Eurostat\n\nMore text.",
        "Arrests rose.\n\nSource: Eurostat, 2023\n\nMore text.",
        "Arrests rose.\n\nSource: https://example.org/report\n\nMore text.",
        "See also\n\nSource: Home Office statistics, table 3\n\nMore text.",
        "Figure 3: Arrests by country\n\nSource: Frontex\n\nMore text.",
        "  • the last item\n\nSource: Frontex\n\nMore text.",
        *(f"{bullet}the last item\n\nSource: Frontex\n\nMore text." for bullet in ("‣", "◦", "- ", "* ", "– ")),
        "Arrests rose.\n\nSource: Eurostat\nand national offices.",
        "The number of arrests rose in nearly all of the countries that took part in it, as the table shows.\n\n"
        "Source: Frontex\n\nMore text.",
        "The open source: a history.",
        "Resource: none\n\nSources: many\n\nSource code: here",
    ],
)
def test_a_source_line_inside_a_body_is_body(body: str) -> None:
    text = f"Title\n\nSource: NATO\n\n{body}\n\nNext\n\nSource: Europol\n\nEnd."
    drafts, _ = parse(text)
    assert [(draft.title, draft.source, draft.body) for draft in drafts] == [
        ("Title", "NATO", body),
        ("Next", "Europol", "End."),
    ]


def test_what_looks_like_a_head_and_is_none_is_reported_by_line() -> None:
    _, problems = parse("Title\n\nSource: NATO\n\nText.\n\nSource: Eurostat, 2023\n\nMore.")
    assert [problem.line for problem in problems] == [7]
    assert "Eurostat, 2023" in problems[0].reason


@pytest.mark.parametrize("source", ["Forum2020", "Expo 2025 Osaka", "G7 (2024) Presidency", "Constable 5", "x" * 120])
def test_a_name_with_a_year_or_a_number_in_it_is_a_source(source: str) -> None:
    drafts, problems = parse(f"Title\n\nSource: {source}\n\nText.")
    assert ([draft.source for draft in drafts], problems) == ([source], [])


@pytest.mark.parametrize("source", ["Eurostat 2023", "(Eurostat, 2023).", "See table 3", "Report p. 5", "x" * 121])
def test_what_reads_as_a_reference_is_no_source(source: str) -> None:
    drafts, problems = parse(f"Title\n\nSource: {source}\n\nText.")
    assert [(draft.title, draft.source) for draft in drafts] == [("Title", "")]
    assert "reads as a reference" in problems[0].reason


def test_the_first_line_of_several_with_zero_bytes_is_told() -> None:
    text = "A\n\nSource: X\n\n" + "Words and words. " * 50 + "\n\0\nmore\n\0\n\0"
    assert [(problem.line, problem.reason[:12]) for problem in parse(text)[1]] == [(6, "3 lines are ")]


def test_a_thousand_remarks_are_told_one_by_one_and_more_are_counted() -> None:
    note = "Rates rose.\n\nSource: Eurostat, 2023\n\n"
    told = parse("A\n\nSource: X\n\n" + note * 1000)[1]
    assert len(told) == 1000
    assert "reads as a reference" in told[-1].reason
    told = parse("A\n\nSource: X\n\n" + note * 1002)[1]
    assert len(told) == 1001
    assert told[-1].reason == "There are 2 more remarks of this kind, which are not listed."


@pytest.mark.parametrize(("limit", "value"), [("MOST_LINES", 10), ("LONGEST_BODY", 60)])
def test_a_head_is_known_wherever_a_long_release_is_parted(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, limit, value)
    for count in range(40):
        drafts, _ = parse("A\n\nSource: X\n\n" + "line\n" * count + "\nB\n\nSource: Y\n\nText")
        *parts, last = drafts
        assert (last.title, last.source, last.body, last.line) == ("B", "Y", "Text", count + 6)
        assert "\n".join(part.body for part in parts).split() == ["line"] * count
        assert [part.title for part in parts] == ["A", *(f"A (part {number + 2})" for number in range(len(parts) - 1))]


def test_a_word_may_be_as_long_as_its_body() -> None:
    assert [Draft("A", "NATO", f"{'x' * 600_000}{end}", 1, 0).identify()[1] for end in ("", " y")] == [1, 2]


def test_blank_lines_make_no_part_of_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "MOST_LINES", 10)
    monkeypatch.setattr(digest, "LONGEST_BODY", 60)
    for count in range(20, 40):
        drafts, problems = parse("A\n\nSource: X\n\n" + " \n" * count + "Text")
        assert [(draft.title, draft.body) for draft in drafts] == [("A", "Text")]
        assert problems == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_long_line_is_one_line(encoding: str) -> None:
    text = "A\n\nSource: X\n\n" + "word " * 20_000 + "\n\nB\n\nSource: Y\n\nText"
    assert [draft.line for draft in parse(text.encode(encoding))[0]] == [1, 7]


@pytest.mark.parametrize("character", "aé漢😀")
def test_a_line_without_spaces_is_cut_between_characters(character: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_lines, "LONGEST_LINE", 100)
    for start in ("", "a", "aa", "aaa"):
        text = start + character * 150
        pieces = [piece for piece, _ in decoded_lines([text.encode()], "", LineNotes())]
        assert "".join(pieces) == text
        assert 96 < len(pieces[0].encode()) <= 100


def test_a_byte_order_mark_tells_the_encoding_of_text_without_any_ascii() -> None:
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        assert sniff_encoding("\ufeff漢字仮名交じり文".encode(encoding)) == encoding


def test_a_second_source_is_told_by_its_line() -> None:
    problems = parse("Title\n\nSource: X\n\n\nSource: Y\n\nText.")[1]
    assert [(problem.line, problem.reason[:8]) for problem in problems] == [(6, "A second")]


def test_tabs_form_feeds_line_ends_and_escapes_are_text_in_any_number() -> None:
    assert sniff_encoding(b"\xe9\t\x0c\r\n\x1b" * 50) == "utf-8"
    assert sniff_encoding(b"\xe9\t\x0c\r\n\x0b" * 50) is None


def test_text_before_the_first_head_is_a_release_without_a_source() -> None:
    drafts, problems = parse("\nFirst line\n\nsecond\n\nTitle\n\nSource: NATO\n\nBody")
    assert [(draft.title, draft.source, draft.body, draft.line) for draft in drafts] == [
        ("First line", "", "second", 2),
        ("Title", "NATO", "Body", 6),
    ]
    assert [problem.line for problem in problems] == [2]


def test_a_source_without_a_title_is_called_untitled() -> None:
    drafts, problems = parse("\nSource: NATO\n\nBody")
    assert [(draft.title, draft.source, draft.body) for draft in drafts] == [(UNTITLED, "NATO", "Body")]
    assert [problem.line for problem in problems] == [2]


def test_a_body_may_be_empty_at_the_end_and_between() -> None:
    drafts, problems = parse("A\n\nSource: X\n\nB\n\nSource: Y\n\nC\n\nSource: Z")
    assert [(draft.title, draft.source, draft.body) for draft in drafts] == [
        ("A", "X", ""),
        ("B", "Y", ""),
        ("C", "Z", ""),
    ]
    assert problems == []


@pytest.mark.parametrize("data", [b"", b"\n\n \n", "\ufeff".encode()])
def test_a_digest_without_text_is_reported(data: bytes) -> None:
    drafts, problems = parse(data)
    assert drafts == []
    assert [problem.reason for problem in problems] == ["It holds no text."]


@pytest.mark.parametrize(
    ("text", "controls", "encoding"),
    [("naïve ".encode(), 0, "utf-8"), ("naïve ".encode(), 5, "utf-8"), ("naïve ".encode(), 40, None),
     ("naïve ".encode("cp1252"), 0, "utf-8"), ("naïve ".encode("cp1252"), 2, "utf-8"),
     ("naïve ".encode("cp1252"), 5, None)],
)  # fmt: skip
def test_how_many_control_characters_make_it_no_text_depends_on_the_rest(
    text: bytes, controls: int, encoding: str | None
) -> None:
    sample = (text * 100)[: 700 - 7 * controls] + b"\x01" * 7 * controls
    assert sniff_encoding(sample) == encoding


def test_an_id_does_not_depend_on_white_space_but_on_every_word() -> None:
    draft = Draft("A title", "NATO", "One two.\n\nThree.", 1, 0)
    assert draft.id == Draft("A  title ", "NATO", "One\u00a0two.\r\nThree.", 9, 99).id
    assert (
        len({draft.id, Draft("A title", "NATO", "One two. Four.", 1, 0).id, Draft("A", "title NATO", "", 1, 0).id}) == 3
    )


@pytest.mark.parametrize(
    "magic", [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"ab\x00\x01cd" * 50]
)
def test_what_is_plainly_not_text_is_known_by_its_beginning(magic: bytes) -> None:
    assert sniff_encoding(magic) is None


@pytest.mark.parametrize(
    "junk",
    [
        b"\0",
        b"\0" * 9000,
        bytes(range(32)),
        b"abc\x08\x08\x08xyz",
        b"\xff\xfe\0\x01",
        b"%PDF-1.7",
        b"BZh",
        b"GIF8",
        b"\x7fELF",
    ],
)
def test_a_digest_stays_one_whatever_junk_is_in_it(junk: bytes) -> None:
    for raw in (junk + b" T\n\nSource: X\n\nGood", b"T\n\nSource: X\n\nGood " + junk * 3):
        assert sniff_encoding(raw) == "utf-8"
        assert "Good" in "".join(draft.body for draft in parse(raw)[0])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("words", ["Заседание совета безопасности", "聯合國安全理事會會議", "اجتماع مجلس الأمن"])
def test_utf16_without_a_mark_is_known_in_every_script(words: str, encoding: str) -> None:
    drafts, _ = parse(f"{words}\n\nSource: {words}\n\n{words * 20}".encode(encoding))
    assert [(draft.title, draft.source) for draft in drafts] == [(words, words)]


lines = st.lists(
    st.one_of(
        st.sampled_from(
            ["", " ", "\u00a0", "Source: NATO", "source : Europol", "SOURCE:", "A title", "Source: Eurostat, 2023"]
        ),
        st.text(st.characters(blacklist_categories=["Cs"]), max_size=30),
    ),
    max_size=25,
)


@given(st.binary(max_size=400))
@example(b"Source: ")
@example(b"\r\r\nSource:")
def test_any_bytes_give_releases_and_reports(data: bytes) -> None:
    drafts, problems = parse(data)
    assert drafts or problems


def head_and_body_words(draft: Draft) -> list[str]:
    """The words of a release as its digest has them, without those that the parser adds."""
    title = [] if draft.title == UNTITLED else draft.title.split()
    return title + draft.source.split() + draft.body.split()


@given(lines)
def test_every_word_of_the_input_stands_in_exactly_one_release_in_order(texts: list[str]) -> None:
    """The words of all heads and bodies are those of the input, but for the `Source:` of each head."""
    drafts, _ = parse("\n".join(texts))
    found = [word for draft in drafts for word in head_and_body_words(draft)]
    lines_in = re.split("\r\n|\r|\n", "\n".join(texts))
    expected = [word for line in lines_in for word in normalize("NFC", line.removeprefix("\ufeff")).split()]
    missing = []
    position = 0
    for word in expected:
        if position < len(found) and word == found[position]:
            position += 1
        else:
            missing.append(word)
    assert position == len(found)
    assert re.fullmatch("(source\\s*[:：]\\s*)*", " ".join(missing) + " " if missing else "", re.IGNORECASE)
    assert len(re.findall("[:：]", " ".join(missing))) <= len(drafts)


def as_digest(drafts: list[Draft]) -> str:
    return "\n\n".join(f"{draft.title}\n\nSource: {draft.source}\n\n{draft.body}" for draft in drafts)


@given(lines)
@example(["Source: NATO", "0", "Source: NATO", "", "SOURCE:"])
def test_parsing_what_was_parsed_gives_the_same_releases(texts: list[str]) -> None:
    drafts, _ = parse("\n".join(texts))
    assume(not any(draft.body.rsplit("\n")[-1].lstrip().lower().startswith("source") for draft in drafts))
    assert ids(parse(as_digest(drafts))[0]) == ids(drafts)


def test_cost_grows_linearly_with_the_awkward() -> None:
    """Each of these took minutes if a scan went back over the text for every line; they end in a moment."""
    parse("\n" * 300_000 + "Source: X\n\n" * 20_000)
    parse("T\n\n" + "\n" * 300_000 + "Source: X, 2020\n\n" * 20_000)
    parse(" " * 1_000_000 + "Source" + " " * 1_000_000 + ":")
    parse("e" + "\u0301\u0323" * 200_000)
    chunks = [b"x" * 65536] * 200
    assert len([item for item in parse_digest(chunks, "x") if isinstance(item, Draft)]) == 4


def test_only_runs_of_marks_that_no_writing_has_stay_as_they_are() -> None:
    run = "\u0301\u0323" * 40
    line = "cafe\u0301 " * 100 + "e" + run + "i\u0301\u0301\u0301"
    drafts, _ = parse(f"T\n\nSource: X\n\n{line}")
    assert drafts[0].body == f"{'café ' * 100}e{run}í\u0301\u0301"
    drafts, _ = parse("T\n\nSource: X\n\n" + "漢字—" * 200 + "e\u0301")
    assert drafts[0].body == "漢字—" * 200 + "é"


def test_an_id_is_the_same_however_long_the_body_and_takes_little_room() -> None:
    words = [f"word{number % 97}" for number in range(300_000)]
    tight, wide = Draft("T", "S", " ".join(words), 1, 0), Draft("T", "S", "\n\n  ".join(words), 1, 0)
    assert tight.identify() == wide.identify()
    assert tight.identify()[1] == len(words)
    tracemalloc.start()
    tight.identify()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(tight.body)


def test_blank_lines_take_little_room() -> None:
    chunks = [b"T\n\nSource: X\n\nText\n", *[b"\n" * 10_000] * 100, b"End"]
    tracemalloc.start()
    drafts = [item for item in parse_digest(chunks, "x") if isinstance(item, Draft)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert drafts[0].body == "Text" + "\n" * 1_000_001 + "End"
    assert peak < 32_000_000
