from __future__ import annotations

import time
from contextlib import suppress

import pytest

from newsreader.errors import QueryError
from newsreader.pattern import MOST_CHARACTERS, compile_pattern
from newsreader.query_tree import Pattern


def is_in(expression: str, text: str) -> bool:
    return compile_pattern(Pattern(expression)).is_in(text, 5)


def test_letter_case_does_not_matter_and_letters_are_those_of_all_languages() -> None:
    assert is_in("ȘI", "Chișinău")
    assert is_in(r"\bÉtat\b", "l'état-major")
    assert is_in(r"caf\w$", "café")
    assert not is_in("cafe", "café")


def test_a_line_of_the_text_is_a_line_of_the_expression() -> None:
    assert is_in("^second$", "first\nsecond\nthird")
    assert not is_in("first.second", "first\nsecond")


@pytest.mark.parametrize("expression", [r"(a+)+$", r"(a|aa)+$", r"(\w*a)*b\1c", r"(?:a?){50}a{30}b$c"])
def test_a_hostile_expression_stops_in_time(expression: str) -> None:
    compiled = compile_pattern(Pattern(expression))
    start = time.process_time()
    text = "a" * 50_000 + "!"
    with suppress(TimeoutError):
        compiled.is_in(text, 0.05)
    compiled.spans(text, 0.05)
    assert time.process_time() - start < 2


def test_no_time_left_is_told_at_once() -> None:
    with pytest.raises(TimeoutError):
        compile_pattern(Pattern("a")).is_in("b", -1)


@pytest.mark.parametrize(
    "expression",
    [
        "((a{1000}){1000}){1000}",
        "a{999999999999}",
        "(?R)",
        "(a(?1)?)",
        "(?:ab){e<=2}",
        r"\L<x>",
        "(?e)a",
        "(" * 400,
        "[",
        "a**",
        "(?P<",
        "\\",
        "a" * (MOST_CHARACTERS + 1),
    ],
)
def test_what_is_no_expression_or_costs_too_much_is_refused_with_its_place(expression: str) -> None:
    with pytest.raises(QueryError) as caught:
        compile_pattern(Pattern(expression), 7)
    assert 7 <= caught.value.position <= 7 + len(expression)


@pytest.mark.parametrize(
    "expression", [r"\d{4}-\d{2}-\d{2}", "(?<!x)y(?=z)", r"(a)\1", "(?P<n>a)(?P=n)", r"\p{Lu}", "a{2,}"]
)
def test_ordinary_expressions_are_taken(expression: str) -> None:
    compile_pattern(Pattern(expression))


def test_spans_are_those_of_all_matches_that_are_not_empty() -> None:
    assert compile_pattern(Pattern("a*")).spans("baab a", 5) == [(1, 3), (5, 6)]
