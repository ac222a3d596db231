"""What releases look like in each format."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date as Day

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsreader.digest import Draft, parse_digest
from newsreader.escaping import json_text
from newsreader.models import NO_DATE, Basis, Date, Headline, Origin, Precision, Release
from newsreader.output import (
    Format,
    Layout,
    describe_date,
    render_list,
    render_records,
    render_releases,
)
from newsreader.text import cell_width

HOSTILE = "a\x1b[31mred\x1b]0;title\x07 \x9b31m \u202etxt\u2066 \x00\x7f\ud800\ue000\U000e0041 [bold] <b>&amp; `x`"
DATE = Date(Day(2024, 10, 2), Precision.DAY, Basis.INFERRED, "On Wednesday (2 October)")
PIPE = Layout()
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")


def release(
    title: str = "A title",
    body: str = "One.\n\n  • Two\n",
    date: Date = DATE,
    source: str = "NATO",
    is_read: bool = False,
) -> Release:
    headline = Headline(7, "3fa9c1d2e4b5a6978877", title, source, date, 214, is_read, True)
    return Release(headline, body, (Origin("/news/one.txt", 43, 4121),))


def rendered(format: Format, layout: Layout = PIPE, *releases: Release) -> str:
    return "".join(render_releases(releases or (release(),), format, layout))


def listed(format: Format, layout: Layout = PIPE, *releases: Release) -> str:
    return "".join(render_list([each.headline for each in releases or (release(),)], format, layout))


def test_json_has_the_documented_shape() -> None:
    page = json.loads(rendered(Format.JSON))
    assert page["version"] == 1
    assert page["releases"] == [
        {
            "id": "3fa9c1d2e4b5a6978877",
            "title": "A title",
            "source": "NATO",
            "date": "2024-10-02",
            "date_precision": "day",
            "date_basis": "inferred",
            "date_evidence": "On Wednesday (2 October)",
            "read": False,
            "starred": True,
            "words": 214,
            "origins": [{"digest": "/news/one.txt", "line": 43, "offset": 4121}],
            "body": "One.\n\n  • Two\n",
        }
    ]


def test_jsonl_is_an_object_a_line_with_a_snippet_and_without_the_body_when_asked() -> None:
    pieces = render_releases([release(), release()], Format.JSONL, PIPE, has_body=False, snippet=lambda each: "One …")
    lines = "".join(pieces).splitlines()
    assert len(lines) == 2
    assert json.loads(lines[1])["snippet"] == "One …"
    assert "body" not in json.loads(lines[0])


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (NO_DATE, (None, None, "none")),
        (Date(Day(2023, 9, 1), Precision.MONTH, Basis.NEIGHBOURS), ("2023-09", "month", "neighbours")),
        (Date(Day(2023, 1, 1), Precision.YEAR, Basis.TEXT, "2023"), ("2023", "year", "text")),
    ],
)
def test_a_date_in_json_says_no_more_than_is_known(date: Date, expected: tuple[object, ...]) -> None:
    shape = json.loads(rendered(Format.JSONL, PIPE, release(date=date)))
    assert (shape["date"], shape["date_precision"], shape["date_basis"]) == expected


def test_json_carries_everything_and_shows_nothing_that_acts_on_a_terminal() -> None:
    everything = " ".join(map(chr, range(0x110000)))
    line = json_text([everything])
    assert json.loads(line) == [everything]
    acting = [*range(32), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F)]
    acting += [*range(0x2060, 0x2070), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0), 0xFEFF, *range(0xE0000, 0xE1000)]
    acting += [plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)]
    assert not set(map(chr, acting)) & set(line)


def test_no_releases_are_valid_json() -> None:
    assert json.loads("".join(render_releases([], Format.JSON, PIPE))) == {"version": 1, "releases": []}


@given(st.text(), st.text())
@example(HOSTILE, HOSTILE)
def test_json_carries_the_original_and_holds_nothing_that_acts(title: str, body: str) -> None:
    text = rendered(Format.JSONL, PIPE, release(title, body))
    assert not CONTROLS.search(text)
    assert text.encode("utf-8")
    assert (json.loads(text)["title"], json.loads(text)["body"]) == (title, body)


@given(st.text(), st.text())
@example(HOSTILE, HOSTILE)
def test_nothing_that_acts_on_a_terminal_is_in_what_is_for_people(title: str, body: str) -> None:
    hostile = release(title, body, Date(Day(2024, 1, 1), evidence=body, basis=Basis.TEXT), source=title)
    for format in (Format.TEXT, Format.MARKDOWN, Format.HTML, Format.CSV, Format.TSV):
        for layout in (PIPE, Layout(width=40)):
            text = (rendered(format, layout, hostile) + listed(format, layout, hostile)).replace("\t", "")
            assert not CONTROLS.search(text), format


def test_a_styled_line_holds_no_sequence_but_colour() -> None:
    text = listed(Format.TEXT, Layout(80, is_styled=True), release(HOSTILE)) + rendered(
        Format.TEXT, Layout(80, is_styled=True), release(HOSTILE, HOSTILE)
    )
    assert "\x1b[" in text
    assert not CONTROLS.search(re.sub("\x1b\\[[0-9;]*m", "", text))


def test_a_piped_line_is_whole_and_separated_by_tabs() -> None:
    assert listed(Format.TEXT, PIPE, release("A\ttitle " * 50)).count("\t") == 4
    assert listed(Format.TEXT) == "3fa9c1d2e4b5\t≈2024-10-02\tus\tNATO\tA title\n"
    assert listed(Format.TEXT, PIPE, release(is_read=True)).split("\t")[2] == "-s"


def test_an_entry_ends_as_the_layout_says() -> None:
    assert listed(Format.TEXT, Layout(end="\0"), release(), release()).count("\0") == 2
    assert rendered(Format.TEXT, Layout(end="\0"), release(), release()).split("\0")[1].startswith("A title\n")


@given(st.text(max_size=60), st.integers(1, 200))
@example("日本語の見出しはとても長いのです" * 5, 60)
def test_a_line_on_a_terminal_is_never_wider_than_it(title: str, width: int) -> None:
    for styled in (False, True):
        line = listed(Format.TEXT, Layout(width, styled), release(title, source=title))
        assert line.count("\n") == 1
        assert cell_width(re.sub("\x1b\\[[0-9;]*m", "", line[:-1])) <= width


def test_columns_stand_below_each_other() -> None:
    dates = [
        DATE,
        NO_DATE,
        Date(Day(2023, 9, 1), Precision.MONTH, Basis.NEIGHBOURS),
        Date(Day(2024, 1, 1), basis=Basis.TEXT),
    ]
    lines = listed(Format.TEXT, Layout(100), *(release(date=date) for date in dates)).splitlines()
    assert len({line.index("NATO") for line in lines}) == 1
    assert len({line.index("A title") for line in lines}) == 1


def test_text_in_a_pipe_has_a_paragraph_a_line() -> None:
    body = "word " * 100 + "\n\n\u00a0\n\nEnd."
    lines = rendered(Format.TEXT, PIPE, release(body=body)).splitlines()
    assert lines[0] == "A title"
    assert lines[1].startswith("NATO · ≈2024-10-02 inferred from “On Wednesday (2 October)” · 214 words, 1 min")
    assert lines[3:] == [("word " * 100).strip(), "", "End."]


def test_text_on_a_terminal_is_set_to_a_measure() -> None:
    text = rendered(Format.TEXT, Layout(200), release(body="  • " + "word " * 100))
    assert max(map(len, text.splitlines())) <= 80
    assert "\n    word" in text


@given(st.lists(st.tuples(st.text("ab :.", min_size=1), st.text("ab S:.\n•")), min_size=1, max_size=4))
def test_a_digest_reads_back_as_the_same_releases(parts: list[tuple[str, str]]) -> None:
    raw = "".join(f"{title}\n\nSource: Body {number}\n\n{body}\n\n" for number, (title, body) in enumerate(parts))
    drafts = [item for item in parse_digest([raw.encode()], "x") if isinstance(item, Draft)]
    releases = [
        Release(Headline(0, draft.id, draft.title, draft.source, NO_DATE, 0), draft.body, ())
        for draft in drafts
        if draft.source
    ]
    text = "".join(render_releases(releases, Format.DIGEST, PIPE))
    again = [item.id for item in parse_digest([text.encode()], "y") if isinstance(item, Draft)]
    assert again == [each.headline.id for each in releases]


@pytest.mark.parametrize(
    "end", ["r\n\nSource:", "Text.\n\nOther title\n\nSource: Europol", "Source: Europol", "Source: 1"]
)
def test_a_last_line_that_names_a_source_stays_text_in_a_digest(end: str) -> None:
    text = rendered(Format.DIGEST, PIPE, release(body=end), release("Other"))
    drafts = [item for item in parse_digest([text.encode()], "x") if isinstance(item, Draft)]
    assert [(draft.title, draft.body.split()) for draft in drafts] == [
        ("A title", end.split()),
        ("Other", ["One.", "•", "Two"]),
    ]


def test_a_digest_keeps_releases_without_a_source_apart() -> None:
    text = rendered(Format.DIGEST, PIPE, release(source=""), release("Other", "Text.", source=""))
    drafts = [item for item in parse_digest([text.encode()], "x") if isinstance(item, Draft)]
    assert [(draft.title, draft.source, draft.body) for draft in drafts] == [
        ("A title", "", "One.\n\n  • Two"),
        ("Other", "", "Text."),
    ]


def test_csv_reads_back() -> None:
    odd = release('=1+1, "quoted"', "first,\n\nsecond")
    rows = list(csv.DictReader(io.StringIO(rendered(Format.CSV, PIPE, odd))))
    assert rows[0]["title"] == '=1+1, "quoted"'
    assert rows[0]["body"] == "first,\n\nsecond"
    assert rows[0]["read"] == "false"
    assert rows[0]["date"] == "2024-10-02"


def test_tsv_has_a_line_per_release() -> None:
    lines = rendered(Format.TSV, PIPE, release("a\tb", "first\n\tsecond"), release()).splitlines()
    assert len(lines) == 3
    assert {line.count("\t") for line in lines} == {10}


def test_markdown_escapes_its_own_signs() -> None:
    text = rendered(
        Format.MARKDOWN, PIPE, release("*A* <b> [x](y)", "# no heading\n\n1. no list\n\n  • item\n\n`code`")
    )
    assert text.startswith("# \\*A\\* \\<b\\> \\[x\\](y)\n")
    assert "\n\\# no heading\n" in text
    assert "\n1\\. no list\n" in text
    assert "\n- item\n" in text
    assert "\\`code\\`" in text


def test_html_holds_no_tag_of_a_release() -> None:
    text = rendered(Format.HTML, PIPE, release("<script>", "<img src=x onerror=alert(1)>")) + listed(
        Format.HTML, PIPE, release("<script>")
    )
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert text.count("<html>") == text.count("</html>") == 2


def test_records_have_names_in_all_formats_but_text() -> None:
    records: list[dict[str, object]] = [{"releases": 3, "source": "A, B"}]
    names = ("releases", "source")
    texts = {format: "".join(render_records(records, names, format, "sources")) for format in Format}
    assert texts[Format.TEXT] == "3\tA, B\n"
    assert texts[Format.CSV] == 'releases,source\n3,"A, B"\n'
    assert texts[Format.MARKDOWN] == "| releases | source |\n| --- | --- |\n| 3 | A, B |\n"
    assert json.loads(texts[Format.JSON]) == {"version": 1, "sources": records}
    assert "<td>A, B</td>" in texts[Format.HTML]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (DATE, "≈2024-10-02 inferred from “On Wednesday (2 October)”"),
        (NO_DATE, "no date known"),
        (Date(Day(2023, 9, 1), Precision.MONTH, Basis.NEIGHBOURS), "~2023-09 from its neighbours in the digest"),
    ],
)
def test_a_date_says_what_it_rests_on(date: Date, expected: str) -> None:
    assert describe_date(date) == expected
