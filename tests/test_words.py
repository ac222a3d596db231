from __future__ import annotations

import sqlite3
import timeit
import unicodedata
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.words import NeedleFinder, Phrase, find_spans, fold, merge_spans, spaced, words

# Unicode at large rarely has two characters that meet, so letters that are hard to fold come more often.
ODD = "aA sß-'’.0½³ŉİıǅﬁΣς漢カがｶﾞ한ไทยकि\u0301\u00ad\u200b\u200d\u00a0\x00_ÅÅªſ"
texts = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=40)


def found(text: str, *phrases: str, is_prefix: bool = False) -> list[str]:
    spans = find_spans(text, [Phrase(tuple(words(phrase)), is_prefix) for phrase in phrases])
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chișinău", "chisinau"),
        ("Straße STRASSE", "strasse strasse"),
        ("cyber-attacks", "cyber attacks"),
        ("Europol’s Europol's", "europol s europol s"),
        ("U.S.", "u s"),
        ("480 000 480\u00a0000 480\u202f000", "480 000 480 000 480 000"),
        ("m3 m³", "m3 m3"),
        ("Tromsø Łódź Þórr Æsir œuvre", "tromso lodz thorr aesir oeuvre"),
        ("Đorđe Ŧ Ħ ð", "dorde t h d"),
        ("a\u20dd b\ufe0f\u034fc d\U000e0100 e\ufe00", "a bc d e"),
        ("İstanbul ısı", "istanbul isi"),
        ("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ"),
        ("Ёлка ЁЛКА", "елка елка"),
        ("об’єкт обʼєкт об'єкт", "об єкт об єкт об єкт"),
        ("١٢٣ １２３", "123 123"),
        ("مُحَمَّد محمد", "محمد محمد"),
        ("हिन्दी", "हिन्दी"),
        ("漢字とカナ", "漢 字 と カ ナ"),
        ("パリ バリ", "パ リ バ リ"),
        ("대한민국", "대한민국"),
        ("ไทย", "ไ ท ย"),
        ("1½ ﬁne ℃ № 5 Europol™", "1 1 2 fine c no 5 europol tm"),
        ("co\u00adoperation zero\u200bwidth", "cooperation zero width"),
        ("snake_case a\x00b €500 — …", "snake case a b 500"),
    ],
)
def test_words_are_those_that_a_person_would_look_for(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


def test_composed_and_decomposed_letters_fold_alike() -> None:
    for text in ("Chișinău", "Ångström", "Việt Nam", "Čeština"):
        assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(texts, texts)
def test_each_character_folds_on_its_own(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)
    assert fold(one) == "".join(map(fold, one))


@given(texts)
def test_folded_words_fold_to_themselves(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


def test_many_different_letters_fold_as_few_do() -> None:
    letters = "".join(map(chr, range(0x80, 0x3000)))
    assert fold(letters) == "".join(fold(letter) for letter in letters)


@given(texts)
def test_words_are_exactly_the_tokens_of_the_text_index(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE i USING fts5(t, content='', detail=none, tokenize='ascii')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(i, row)")
    connection.execute("INSERT INTO i(rowid, t) VALUES (1, ?)", [fold(text)])
    tokens = {term for (term,) in connection.execute("SELECT term FROM v")}
    connection.close()
    assert tokens == set(words(text))


@given(texts)
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    sought = words(text)
    assert all(Phrase((word,)).is_in(text) for word in sought)
    assert not sought or Phrase(tuple(sought)).is_in(text)


@given(texts, st.integers(0, 40), st.integers(1, 3), st.booleans())
def test_what_is_found_holds_the_words(text: str, start: int, count: int, is_prefix: bool) -> None:
    sought = tuple(words(text)[start : start + count])
    phrase = Phrase(sought, is_prefix)
    spans = find_spans(text, [phrase])
    assert bool(spans) == bool(sought)
    for begin, end in spans:
        assert 0 <= begin < end <= len(text)
        assert phrase.is_in(text[begin:end])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5)).map(lambda pair: (pair[0], sum(pair)))))
def test_merged_spans_cover_the_same_and_never_overlap(spans: list[tuple[int, int]]) -> None:
    merged = merge_spans(spans)
    assert {place for span in merged for place in range(*span)} == {place for span in spans for place in range(*span)}
    assert all(one[1] <= other[0] for one, other in pairwise(merged))


def test_a_phrase_is_in_a_text_only_as_whole_words_in_its_order() -> None:
    assert Phrase(("cyber", "attacks")).is_in("Cyber-Attacks rise")
    assert not Phrase(("cyber", "attack")).is_in("Cyber-Attacks rise")
    assert Phrase(("cyber", "attack"), is_prefix=True).is_in("Cyber-Attacks rise")
    assert not Phrase(("attacks", "cyber")).is_in("Cyber-Attacks rise")
    assert not Phrase(("yber",)).is_in("cyber")
    assert not Phrase((), is_prefix=False).is_in("cyber")


def test_spans_are_of_the_original_text() -> None:
    text = "Die Straße in Chișinău: Cyber-Attacks, 漢字 and e\u0301te\u0301 ½"
    assert found(text, "strasse", "chisinau") == ["Straße", "Chișinău"]
    assert found(text, "cyber attacks") == ["Cyber-Attacks"]
    assert found(text, "字") == ["字"]
    assert found(text, "漢字") == ["漢字"]
    assert found(text, "ete") == ["e\u0301te\u0301"]
    assert found(text, "2") == ["½"]
    assert found(text, "stra") == []
    assert found(text, "stra", is_prefix=True) == ["Straße"]


def test_overlapping_phrases_give_one_span() -> None:
    assert found("a b c d", "a b", "b c") == ["a b c"]
    assert found("a a a", "a a") == ["a a a"]


def test_a_text_without_words_is_spaced_as_nothing() -> None:
    assert spaced("") == spaced(" — ") == b"  "
    assert spaced("A-b") == b" a b "


def test_a_lone_surrogate_separates_words() -> None:
    assert words("a\ud800b") == ["a", "b"]


def seconds(text: str, phrase: Phrase) -> float:
    return min(timeit.repeat(lambda: find_spans(text, [phrase]), timer=process_time, number=1, repeat=3))


def test_finding_spans_takes_linear_time_on_hostile_texts() -> None:
    hostile = Phrase(("a",) * 100 + ("b",))
    assert seconds("a " * 200_000, hostile) < 3  # a square takes minutes
    assert seconds("ß " * 100_000, Phrase(("ss",))) < 5


def test_folding_a_release_takes_little_more_than_lower_casing_it(seeds: Path) -> None:
    bodies = [body for path in seeds.glob("*.txt") for body in path.read_text("utf-8").split("\n\nSource: ")]

    def least_time(convert: object) -> float:
        assert callable(convert)
        return min(timeit.repeat(lambda: [convert(body) for body in bodies], timer=process_time, number=5, repeat=5))

    # str.translate alone takes ten times as long.
    assert least_time(fold) < 6 * least_time(str.lower)


@given(texts, st.lists(st.sampled_from([*ODD, " ", "  ", "\n", "a", "ss", "-\u2019 "]), max_size=30), st.data())
def test_a_needle_is_found_exactly_where_the_spaced_words_hold_it(
    random: str, pieces: list[str], data: st.DataObject
) -> None:
    text = random + "".join(pieces)
    found = words(text) or ["a"]
    start = data.draw(st.integers(0, len(found) - 1))
    sought = found[start : start + data.draw(st.integers(1, 3))]
    if data.draw(st.booleans()):
        sought.reverse()
    cut = data.draw(st.integers(1, len(sought[-1])))
    for phrase in (Phrase(tuple(sought)), Phrase((*sought[:-1], sought[-1][:cut]), is_prefix=True)):
        expected = phrase.is_in(text)
        assert NeedleFinder(phrase.needle).is_in(text.encode("utf-8", "surrogatepass")) == expected


def test_a_needle_is_found_where_letters_and_separators_of_all_kinds_meet() -> None:
    finder = NeedleFinder(Phrase(("secretary", "general")).needle)
    for text in ("Secretary General", "SECRETARY-\n General’s", "sécrétary\u00a0Ｇeneral", "漢 secretary – general"):
        assert finder.is_in(text.encode())
    for text in ("secretary generals", "undersecretary general", "secretary, the general", "secretarygeneral", ""):
        assert not finder.is_in(text.encode())
