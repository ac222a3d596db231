from __future__ import annotations

import subprocess
import sys
import timeit
from collections.abc import Callable
from contextlib import suppress
from datetime import date as Day
from datetime import timedelta
from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsreader.models import Basis, Date, Headline, Mark, Origin, Precision, Release
from newsreader.query import (
    EXAMPLES,
    FIELDS,
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_WORDS,
    All,
    And,
    Dated,
    DateRange,
    Id,
    In,
    Is,
    Length,
    Not,
    Or,
    Part,
    Pattern,
    Phrase,
    Query,
    QueryError,
    Source,
    Text,
    all_of,
    any_of,
    explain,
    fold_name,
    negate,
    parse,
    query_terms,
)
from newsreader.query_fields import _READERS
from newsreader.query_tree import depends_on_marks
from newsreader.words import words
from tests.oracle import matches

TODAY = Day(2024, 10, 2)  # a Wednesday

raw_words = st.text(st.one_of(st.sampled_from("aZ09ßșİ漢カ’.-"), st.characters(codec="utf-8")), min_size=1, max_size=8)
folded = raw_words.map(lambda text: tuple(words(text))).filter(bool)
phrases = st.builds(Phrase, folded, st.booleans())
bounds = st.tuples(st.none() | st.dates(), st.none() | st.dates()).filter(lambda pair: pair != (None, None))
lengths = st.tuples(st.none() | st.integers(0, 999_999), st.none() | st.integers(0, 999_999))
names = raw_words.map(lambda text: fold_name(text.replace('"', "")).strip("*"))
parts = st.sampled_from(Part)
expressions = st.sampled_from([r"a/b", r"a\\/", r"[/]+", r"(a|b)", r"^x y$", "ș*", r"\d{2}"])
leaves: st.SearchStrategy[Query] = st.one_of(
    st.builds(Text, phrases, parts),
    st.builds(Pattern, expressions, parts),
    st.builds(Source, phrases | st.just(Phrase(()))),
    bounds.map(lambda pair: DateRange(*pair) if None in pair else DateRange(*sorted(filter(None, pair)))),
    st.builds(Is, st.sampled_from(Mark), st.booleans()),
    st.builds(Dated, st.sampled_from(Basis)),
    st.builds(Id, st.text("0123456789abcdef", min_size=1, max_size=64)),
    st.builds(In, names.filter(bool)),
    lengths.filter(any).map(
        lambda pair: Length(*pair) if None in pair else Length(*sorted((pair[0] or 0, pair[1] or 0)))
    ),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(negate),
        st.lists(inner, min_size=2, max_size=4).map(lambda queries: all_of(*queries)),
        st.lists(inner, min_size=2, max_size=4).map(lambda queries: any_of(*queries)),
    ),
    max_leaves=12,
)
pieces = st.sampled_from(
    [
        "a",
        "cyber",
        "-",
        "--",
        "(",
        ")",
        '"',
        "/",
        "\\",
        "*",
        " ",
        "  ",
        "OR",
        " OR ",
        "AND",
        "NOT ",
        ":",
        "..",
        ">",
        "<=",
    ]
    + [f"{field.name}:" for field in FIELDS]
    + ["2024", "2024-09", "7d", "none", "unread", "stated", "3fa9", "sorce:", "10:30", "漢字", "U.S.", "é", "\n", "€"]
)
typed = st.one_of(st.text(max_size=30), st.lists(pieces, max_size=15).map("".join))


def text(*sought: str, is_prefix: bool = False, part: Part = Part.ANY) -> Text:
    return Text(Phrase(sought, is_prefix), part)


def read(query: str) -> Query:
    return parse(query, today=TODAY)


def typing(query: str) -> Query:
    return parse(query, today=TODAY, prefix_last=True)


def error(query: str, parse_it: Callable[[str], Query] = read) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_it(query)
    return caught.value


A, B, C, D = map(text, "abcd")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", All()),
        ("  ", All()),
        ("*", All()),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c) d", And((A, Or((B, C)), D))),
        ("(a)(b)", And((A, B))),
        ("a or b", And((A, text("or"), B))),
        ("-a", Not(A)),
        ("NOT a b", And((Not(A), B))),
        ("NOT NOT a", A),
        ("--a", A),
        ("-(a OR b)", Not(Or((A, B)))),
        ("a - b", And((A, B))),
        ("law & order", And((text("law"), text("order")))),
        ('"Cyber  Attacks!"', text("cyber", "attacks")),
        ("cyber-attacks", text("cyber", "attacks")),
        ("Europol’s", text("europol", "s")),
        ("U.S.", text("u", "s")),
        ("m³", text("m3")),
        ("STRASSE", text("strasse")),
        ("漢字", text("漢", "字")),
        ("cyber*", text("cyber", is_prefix=True)),
        ('"cyber att"*', text("cyber", "att", is_prefix=True)),
        ('"cyber att*"', text("cyber", "att", is_prefix=True)),
        ("/a b/", Pattern("a b")),
        (r"/a\/b\\/", Pattern(r"a/b\\")),
        ("title:/a/", Pattern("a", Part.TITLE)),
        ("title:a", text("a", part=Part.TITLE)),
        ("TITLE:a", text("a", part=Part.TITLE)),
        ("body:a*", text("a", is_prefix=True, part=Part.BODY)),
        ('title:"a b"', text("a", "b", part=Part.TITLE)),
        ("title:(a -b)", And((text("a", part=Part.TITLE), Not(text("b", part=Part.TITLE))))),
        ("source: interpol", Source(Phrase(("interpol",)))),
        ("source:Euro*", Source(Phrase(("euro",), True))),
        ('source:"Interpol (news and events)"', Source(Phrase(("interpol", "news", "and", "events")))),
        ('source:""', Source(Phrase(()))),
        ("source:(a OR b)", Or((Source(Phrase(("a",))), Source(Phrase(("b",)))))),
        ("is:unread", Is(Mark.READ, False)),
        ("is:read", Is(Mark.READ)),
        ("is:STARRED", Is(Mark.STARRED)),
        ("is:unstarred", Is(Mark.STARRED, False)),
        ("-is:read", Not(Is(Mark.READ))),
        ("dated:neighbours", Dated(Basis.NEIGHBOURS)),
        ("date:none", Dated(Basis.NONE)),
        ("id:3FA9", Id("3fa9")),
        ("in:000_5C", In("000_5c")),
        ('in:"My news (1).txt"', In("my news (1).txt")),
        ("words:>500", Length(501, None)),
        ("words:<=500", Length(None, 500)),
        ("words:100..200", Length(100, 200)),
        ("words:100..", Length(100, None)),
        ("words:0", Length(0, 0)),
        ("10:30", text("10", "30")),
        ("http://example.org", text("http", "example", "org")),
        ("mailto:a@b", text("mailto", "a", "b")),
        ("C:x", text("c", "x")),
        ("Re: hello", And((text("re"), text("hello")))),
        ("and/or", text("and", "or")),
        ("a / b", And((A, B))),
        ("( a OR b )", Or((A, B))),
        ("(a -) b", And((A, B))),
    ],
)
def test_a_query_means(query: str, expected: Query) -> None:
    assert read(query) == expected


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-9", "2024-09-01", "2024-09-30"),
        ("2024-09-26", "2024-09-26", "2024-09-26"),
        ("=2024-09", "2024-09-01", "2024-09-30"),
        ("2024-09..2024-10", "2024-09-01", "2024-10-31"),
        ("2024-09..", "2024-09-01", None),
        ("..2024-10", None, "2024-10-31"),
        (">=2024-09", "2024-09-01", None),
        (">2024-09", "2024-10-01", None),
        ("<=2024-09", None, "2024-09-30"),
        ("<2024-09", None, "2024-08-31"),
        ("today", "2024-10-02", "2024-10-02"),
        ("yesterday", "2024-10-01", "2024-10-01"),
        ("1d", "2024-10-02", "2024-10-02"),
        ("7d", "2024-09-26", "2024-10-02"),
        ("2w", "2024-09-19", "2024-10-02"),
        ("3m", "2024-07-03", "2024-10-02"),
        ("1y", "2023-10-03", "2024-10-02"),
        ("2w..", "2024-09-18", None),
        ("<1y", None, "2023-10-01"),
        ("yesterday..today", "2024-10-01", "2024-10-02"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_date_means_these_days(value: str, first: str | None, last: str | None) -> None:
    expected = DateRange(*(Day.fromisoformat(day) if day else None for day in (first, last)))
    assert read(f"date:{value}") == expected


def test_a_month_ago_is_the_last_of_a_shorter_month() -> None:
    assert parse("date:1m..", today=Day(2024, 3, 31)) == DateRange(Day(2024, 2, 29), None)
    assert parse("date:1y..", today=Day(2024, 2, 29)) == DateRange(Day(2023, 2, 28), None)


@given(st.dates(min_value=Day(100, 1, 1)), st.integers(1, 9999))
def test_so_many_days_are_that_many_with_today(today: Day, count: int) -> None:
    query = parse(f"date:{count}d", today=today)
    assert query == DateRange(today - timedelta(count - 1), today)


@pytest.mark.parametrize(
    ("query", "position", "said"),
    [
        ("sorce:nato", 0, 'did you mean "source:"'),
        ("a tilte:x", 2, 'did you mean "title:"'),
        ("foo:bar", 0, "the fields are source:, title:"),
        ("(a", 0, "not closed"),
        ("a (b (c)", 2, "not closed"),
        ("a)", 1, "closes nothing"),
        ("a ()", 2, "nothing between"),
        ('a "b', 2, "not closed"),
        ("/a", 0, "not closed"),
        ("//", 0, "empty"),
        ("/a/b", 2, "ends here"),
        ("/a(/", 3, "no regular expression"),
        ("a OR", 4, "ends where"),
        ("OR a", 0, 'before "OR"'),
        ("a OR OR b", 5, 'before "OR"'),
        ("(a OR )", 6, 'before ")"'),
        ("NOT", 3, "ends where"),
        ("€ —", 0, "no word"),
        ("-€", 0, "no word"),
        ("cy*ber", 2, "only at the end"),
        ("source:", 7, "needs a value"),
        ("source: OR a", 8, "needs a value"),
        ("(source:)", 8, "needs a value"),
        ('title:""', 6, "needs a word"),
        ("title:-a", 6, '"-title:"'),
        ("title:(a source:b)", 9, "cannot stand within title:"),
        ("date:2024-13", 5, "not a date"),
        ("date:2023-02-29", 5, "not a date"),
        ("date:0d", 5, "not a date"),
        ("date:9999y", 5, "not a date"),
        ("date:..", 5, "not a date"),
        ("date:2024..2023", 5, "backwards"),
        ("date:>9999", 5, "calendar"),
        ("date:<0001", 5, "calendar"),
        ("words:many", 6, "not a number"),
        ("words:<0", 6, "fewer than 0"),
        ("words:9999999999", 6, "not a number"),
        ("is:good", 3, "unread, read, unstarred or starred"),
        ("dated:x", 6, "stated, text, inferred, neighbours or none"),
        ("id:xyz", 3, "0 to 9"),
        ('in:""', 3, "file name"),
    ],
)
def test_an_error_is_a_sentence_with_its_position(query: str, position: int, said: str) -> None:
    caught = error(query)
    assert caught.position == position
    assert said in str(caught)
    assert str(caught)[0].isupper() or str(caught)[0] == '"'
    assert str(caught).endswith((".", "?"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cyb", "cyb*"),
        ("a cyb", "a cyb*"),
        ("cyb ", "cyb"),
        ("-cyb", "-cyb*"),
        ("U.S.", '"u s"'),
        ("cyber-", "cyber"),
        ("title:cyb", "title:cyb*"),
        ("title:(a cyb", "title:a title:cyb*"),
        ("source:inte", "source:inte*"),
        ('"cyber at', '"cyber at"*'),
        ('"cyber "', "cyber"),
        ("a (b OR", "a b"),
        ("a OR", "a"),
        ("a AND", "a"),
        ("a NOT", "a"),
        ("a -", "a"),
        ("a -(", "a"),
        ("a source:", "a"),
        ('a source:"', "a"),
        ("a -source:", "a"),
        ("a /b", "a"),
        ("a /", "a"),
        ("a is:un", "a"),
        ("a is:unread", "a is:unread"),
        ("a dated:", "a"),
        ("a date:20", "a"),
        ("a date:2024-", "a"),
        ("a date:2024-09-3", "a date:2024-09-03"),
        ("a date:>=", "a"),
        ("a date:=2", "a"),
        ("a date:2024.", "a"),
        ("a date:2024..2", "a"),
        ("a date:tod", "a"),
        ("a date:7", "a"),
        ("a words:>", "a"),
        ("a words:5.", "a"),
        ("a id:", "a"),
        ('a in:"', "a"),
        ("€", ""),
        ("(", ""),
        ('"', ""),
        ("-", ""),
    ],
)
def test_what_is_still_being_typed_is_completed_or_passed_over(query: str, expected: str) -> None:
    assert str(typing(query)) == expected


@pytest.mark.parametrize("query", ["a)", "() a", "sorce:nato", "is:x", "date:2024-13", "source: )", "OR a", "/(/"])
def test_what_typing_on_cannot_mend_is_an_error_at_once(query: str) -> None:
    error(query, typing)


@given(st.lists(pieces, max_size=12).map("".join))
def test_a_query_that_is_good_when_finished_is_good_while_it_is_typed(query: str) -> None:
    try:
        read(query)
    except QueryError:
        assume(False)
    typing(query)


def test_every_example_can_be_typed_letter_by_letter() -> None:
    for example in (*[field.example for field in FIELDS], *[example.query for example in EXAMPLES]):
        read(example)
        for length in range(len(example)):
            beginning = example[:length]
            if not beginning.endswith(":\\"):
                typing(beginning)


def test_every_field_is_read_and_every_reader_has_a_field() -> None:
    assert {field.name for field in FIELDS} == {*_READERS, "source", "title", "body"}


def test_a_tree_is_as_flat_as_it_can_be() -> None:
    c = text("c")
    assert all_of(And((A, B)), All(), c) == And((A, B, c))
    assert any_of(Or((A, B)), c) == Or((A, B, c))
    assert (any_of(A, All()), all_of(All(), All()), all_of(A, All()), any_of(A)) == (All(), All(), A, A)
    assert negate(negate(A)) == A
    assert str(all_of(any_of(A, B), c)) == "(a OR b) c"
    assert str(any_of(all_of(A, B), c)) == "a b OR c"
    assert str(negate(all_of(A, B))) == "-(a b)"


@given(trees)
def test_the_text_of_a_query_means_the_same_query(query: Query) -> None:
    assert parse(str(query), today=TODAY) == query


@given(typed, st.booleans())
def test_any_text_is_a_query_with_canonical_text_or_a_query_error(query_text: str, prefix_last: bool) -> None:
    try:
        query = parse(query_text, today=TODAY, prefix_last=prefix_last)
    except QueryError as caught:
        position, message = caught.position, str(caught)
    else:
        position, message = 0, explain(query)
        assert parse(str(query), today=Day(1999, 1, 1)) == query
    assert 0 <= position <= len(query_text)
    assert message.endswith((".", "?"))


def test_relative_dates_become_days_so_that_the_text_stays_true() -> None:
    assert str(read("date:7d")) == "date:2024-09-26..2024-10-02"


@pytest.mark.parametrize(
    "query",
    [
        "(" * 1_000 + "a" + ")" * 1_000,
        "(" * 5_000,
        "-(" * 3_000,
        "title:(" * 1_000,
        "a " * 5_000,
        "a " * 500_000,
        '"' + "a " * 4_000 + '"',
        "漢" * 5_000,
        "/" + "a" * 9_000 + "/",
        "(a OR " * 60,
        "\ufdfa" * 9_000,
    ],
)
def test_what_is_too_much_is_refused_at_once(query: str) -> None:
    error(query)
    error(query, typing)


def test_a_query_that_is_too_long_is_told_how_long_it_may_be() -> None:
    assert "has 10,001 characters; 10,000 are allowed" in str(error("a" * (MOST_CHARACTERS + 1)))
    assert "written out it has over 10,000 characters" in str(error("ﬃ" * 3_334))
    assert read("ﬃ" * 3_333 + "a") == text("ffi" * 3_333 + "a")


def test_limits_allow_what_they_say() -> None:
    assert len(query_terms(read("a " * MOST_WORDS))) == MOST_WORDS
    assert read("(" * MOST_DEPTH + "a" + ")" * MOST_DEPTH) == A
    assert read("NOT " * 2_000 + "a") == A
    assert read(" " * MOST_CHARACTERS) == All()


@pytest.mark.parametrize(
    "query", ["NOT " * 2_499 + "a", "-" * 9_999 + "a", '"' + "'" * 9_997 + '"', "- " * 4_999 + "a", "*" * 9_999 + "a"]
)
def test_parsing_takes_linear_time(query: str) -> None:
    def parse_it() -> None:
        with suppress(QueryError):
            read(query)

    assert min(timeit.repeat(parse_it, timer=process_time, number=1, repeat=3)) < 0.5  # a square takes seconds


@pytest.mark.parametrize(
    ("query", "can_change"),
    [
        ("a", False),
        ("is:read", True),
        ("-is:read", True),
        ("a is:read", True),
        ("a OR is:read", True),
        ("-(a b)", False),
    ],
)
def test_only_what_asks_for_marks_depends_on_marks(query: str, can_change: bool) -> None:
    assert depends_on_marks(read(query)) is can_change


def test_names_of_digests_are_quoted_only_where_they_must_be() -> None:
    assert [str(In(name)) for name in ("a", "a-b.txt", ".a", "-a", "a b")] == [
        "in:a", "in:a-b.txt", "in:.a", 'in:"-a"', 'in:"a b"',
    ]  # fmt: skip


def test_highlights_leave_out_what_is_negated_and_what_belongs_elsewhere() -> None:
    query = read('a title:b body:c -d source:e /f/ OR "g h"*')
    phrase, pattern = text("g", "h", is_prefix=True), Pattern("f")
    title, body = text("b", part=Part.TITLE), text("c", part=Part.BODY)
    assert query_terms(query) == (A, title, body, pattern, phrase)
    assert query_terms(query, Part.TITLE) == (A, title, pattern, phrase)
    assert query_terms(query, Part.BODY) == (A, body, pattern, phrase)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "All releases."),
        ("cyber", 'Releases that contain the word "cyber".'),
        (
            'source:nato (title:cyb* OR "hybrid war") -is:read',
            'Releases that come from a source whose name has the word "nato" and (contain a word that begins with '
            '"cyb" in the title or contain the phrase "hybrid war") and are not read.',
        ),
        (
            "date:7d words:>5",
            "Releases that are dated from 2024-09-26 to 2024-10-02 and have at least 6 words in the body.",
        ),
        ("-(a b)", 'Releases that are not those that (contain the word "a" and contain the word "b").'),
        ("date:none OR -/x/", "Releases that lack a date or do not match /x/."),
        ("a b OR c", 'Releases that (contain the word "a" and contain the word "b") or contain the word "c".'),
        ("body:/x/", "Releases that match /x/ in the body."),
        ('-body:"a b"*', 'Releases that do not contain a phrase that begins with "a b" in the body.'),
        (
            'source:"" -source:x',
            'Releases that lack a source and do not come from a source whose name has the word "x".',
        ),
        ('-source:""', "Releases that do not lack a source."),
        ("date:2024-10-01", "Releases that are dated 2024-10-01."),
        ("-date:2024-10-01..", "Releases that are not dated 2024-10-01 or later."),
        ("date:..2024-10-01", "Releases that are dated 2024-10-01 or earlier."),
        ("is:unread -is:starred", "Releases that are unread and are not starred."),
        ("-date:none", "Releases that do not lack a date."),
        ("dated:stated", "Releases that have a date that is stated at the head of the release."),
        ("dated:text", "Releases that have a date that is given in the text."),
        ("-dated:inferred", "Releases that do not have a date that is inferred from the text."),
        ("dated:neighbours", "Releases that have a date that is guessed from the neighbouring releases."),
        ("id:3fa9", "Releases that have an id that begins with 3fa9."),
        ("-in:x.txt", 'Releases that do not come from a digest whose file name has "x.txt".'),
        ("words:7", "Releases that have 7 words in the body."),
        ("words:..7", "Releases that have at most 7 words in the body."),
        ("-words:5..7", "Releases that do not have 5 to 7 words in the body."),
    ],
)
def test_an_explanation_says_how_the_query_was_understood(query: str, expected: str) -> None:
    assert explain(read(query)) == expected


def release(title: str = "", body: str = "", source: str = "", date: Date | None = None) -> Release:
    headline = Headline(0, "3fa9", title, source, date or Date(), len(body.split()))
    return Release(headline, body, (Origin("/digests/Été_1.txt", 1, 0),))


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("chisinau", True),
        ('"cyber attacks"', True),
        ('"attacks in"', True),
        ('"chisinau cyber"', False),
        ("title:attacks", False),
        ("source:news", True),
        ("source:new", False),
        ("in:ÉTÉ", True),
        ("date:2024-09-30", True),
        ("date:2024-10", False),
        ("date:..2024-09-01", True),
        ("words:4", True),
        ("/^cyber.attacks/", True),
        ("-dated:none is:unread id:3f", True),
    ],
)
def test_the_oracle_knows_what_is_plain(query: str, is_found: bool) -> None:
    date = Date(Day(2024, 9, 1), Precision.MONTH, Basis.NEIGHBOURS)
    found = release("In Chișinău", "Cyber-attacks in the city", "Interpol (news and events)", date)
    assert matches(read(query), found) is is_found


def test_a_query_without_regular_expression_does_not_load_the_engine() -> None:
    code = (
        "import sys, datetime; from newsreader.query import parse; parse('a b', today=datetime.date.min);"
        "assert not {'regex', 'unicodedata', 'difflib'} & set(sys.modules), sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("pasted", "typed"),
    [
        ("“secretary general”", '"secretary general"'),
        ("title:“secretary general”* nato", 'title:"secretary general"* nato'),
        ("the „Net“ OR“web”", 'the "Net" OR"web"'),
        ("-(“a b” c)", '-("a b" c)'),
    ],
)
def test_typographic_quotes_of_a_pasted_query_mark_phrases(pasted: str, typed: str) -> None:
    assert parse(pasted, today=TODAY) == parse(typed, today=TODAY)


def test_typographic_quotes_are_letters_like_others_in_names_and_regular_expressions() -> None:
    assert parse("/“we/", today=TODAY) == Pattern("“we")
    assert parse('in:"a“b"', today=TODAY) == In("a“b")
