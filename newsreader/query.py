"""The query language: text to a tree of what it asks for. The fields are in `query_fields`, the nodes in `query_tree`.

    either    = all {"OR" all}
    all       = one {["AND"] one}
    one       = {"NOT" | "-"} ( "(" either ")" | [FIELD ":"] value )
    value     = WORD | WORD"*" | "PHRASE" | /EXPRESSION/ | "(" either ")" (each value in it is the field's)

Operators are upper-case words, so `or` is a word to search for. Signs that are no part of a word are passed over. What
stands before a colon is no field but a word after digits (`10:30`), one letter, a URL's scheme, or at the word's end.
"""

from __future__ import annotations

import re
from datetime import date as Day

from newsreader.errors import QueryError
from newsreader.query_explanation import explain
from newsreader.query_fields import EXAMPLES, FIELDS, Example, Field, fold_name, is_begun, read_value
from newsreader.query_tree import (
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
    Query,
    Source,
    Text,
    all_of,
    any_of,
    negate,
    query_terms,
)
from newsreader.words import Phrase, words

__all__ = [
    "EXAMPLES",
    "FIELDS",
    "All",
    "And",
    "DateRange",
    "Dated",
    "Example",
    "Field",
    "Id",
    "In",
    "Is",
    "Length",
    "Not",
    "Or",
    "Part",
    "Pattern",
    "Phrase",
    "Query",
    "QueryError",
    "Source",
    "Text",
    "all_of",
    "any_of",
    "explain",
    "fold_name",
    "negate",
    "parse",
    "query_terms",
]

MOST_CHARACTERS = 10_000
"""A longer query is refused."""
MOST_WORDS = 200
"""A query that seeks more words and values is refused."""
MOST_DEPTH = 50
"""A query with more parentheses within parentheses is refused."""

_SPACE = re.compile(r"\s*")
_QUOTES = '"“”„'  # the others come with text that is pasted
_RUN = re.compile(rf"[^\s(){_QUOTES}]+")
_OPERATORS = ("OR", "AND", "NOT")
_NAME = re.compile(r"([A-Za-z]{2,}):")
_QUOTED = r'"([^"]*)("?)(\*?)'
_CURLY_QUOTED = rf"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]?)(\*?)"
_EXPRESSION = r"(?s:/((?:[^/\\]|\\.)*)(/?))"
_SCHEMES = ("mailto", "doi", "urn", "tel")
_NAMES = frozenset(field.name for field in FIELDS)
_CHECKED_FROM = 500  # folding makes a text at most 18 times longer, so the text of shorter queries is never too long


def parse(text: str, *, today: Day, prefix_last: bool = False) -> Query:
    """What the text asks for; every release when it is empty.

    `today` is the day that relative dates count from. With `prefix_last` the text is still being typed: its last word
    is taken for the beginning of one, and what is not finished at its end (a quote, a parenthesis, an operator, a
    value) is completed or passed over. Raises `QueryError`.
    """
    if len(text) > MOST_CHARACTERS:
        raise QueryError(f"The query has {len(text):,} characters; {MOST_CHARACTERS:,} are allowed.", MOST_CHARACTERS)
    query = _Parser(text, today, prefix_last).parse()
    if len(text) > _CHECKED_FROM and len(str(query)) > MOST_CHARACTERS:
        raise QueryError(f"The query is too long: written out it has over {MOST_CHARACTERS:,} characters.", len(text))
    return query


class _Parser:
    """One pass over a query's text.

    Its methods give None for what says nothing: signs only, or what is not finished yet.
    """

    def __init__(self, text: str, today: Day, is_typing: bool) -> None:
        self._text = text
        self._today = today
        self._is_typing = is_typing
        self._at = 0
        self._depth = 0
        self._word_count = 0

    def parse(self) -> Query:
        self._skip_space()
        if self._is_at_end():
            return All()
        query = self._either("")
        if not self._is_at_end():
            raise QueryError("This parenthesis closes nothing: take it away, or open one before it.", self._at)
        if query is None and not self._is_typing and self._text.strip().strip("*"):
            raise QueryError("There is no word to search for; signs are found by a regular expression: /€/.", 0)
        return query or All()

    def _either(self, field: str) -> Query | None:
        found = [self._all(field)]
        while self._takes("OR"):
            found.append(self._all(field))
        queries = [query for query in found if query is not None]
        return any_of(*queries) if queries else None

    def _all(self, field: str) -> Query | None:
        found = [self._one(field)]
        while not self._is_at_end() and self._text[self._at] != ")" and self._operator() != "OR":
            self._takes("AND")
            found.append(self._one(field))
        queries = [query for query in found if query is not None]
        return all_of(*queries) if queries else None

    def _one(self, field: str) -> Query | None:
        is_negated = False
        while self._takes("NOT") or self._takes_minus():
            is_negated = not is_negated
        if self._is_at_end():
            self._demand_rest("The query ends where something to search for should follow.", self._at)
            return None
        if self._text[self._at] == ")" or self._operator():
            raise QueryError(f"Something to search for should stand before {self._here()}.", self._at)
        query = self._value(field) if field else self._named_value()
        self._skip_space()
        return negate(query) if query is not None and is_negated else query

    def _named_value(self) -> Query | None:
        match = _NAME.match(self._text, self._at)
        if not match:
            return self._value("")
        name = match[1].lower()
        if name in _NAMES:
            self._at = match.end()
            self._skip_space()
            if self._at > match.end() and self._operator():
                raise QueryError(f"The field {name}: needs a value before {self._here()}.", self._at)
            return self._value(name)
        follows = self._text[match.end() : match.end() + 2]
        if not follows.strip(") \t\n") or follows[0].isspace() or follows == "//" or name in _SCHEMES:
            return self._value("")
        raise QueryError(_unknown_field(name), self._at)

    def _value(self, field: str) -> Query | None:
        start = self._at
        character = self._text[start : start + 1]
        if character in ("", ")"):
            self._demand_rest(f"The field {field}: needs a value after the colon.", start)
            return None
        if character == "(":
            return self._group(field)
        if character in _QUOTES:
            return self._quoted(field)
        if character == "/" and field in ("", "title", "body") and self._text[start + 1 : start + 2].strip():
            return self._pattern(field)
        match = _RUN.match(self._text, start)
        assert match
        self._at = match.end()
        return self._bare(field, match[0], start)

    def _group(self, field: str) -> Query | None:
        start = self._at
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise QueryError(f"Parentheses within parentheses may go {MOST_DEPTH} deep, no deeper.", start)
        self._at += 1
        self._skip_space()
        if self._text[self._at : self._at + 1] == ")":
            raise QueryError("There is nothing between these parentheses.", start)
        query = self._either(field)
        if self._is_at_end():
            if not self._is_typing:
                raise QueryError("This parenthesis is not closed: write ) where it should end.", start)
        else:
            self._at += 1
        self._depth -= 1
        return query

    def _quoted(self, field: str) -> Query | None:
        start = self._at
        quoted = _QUOTED if self._text[start] == '"' else _CURLY_QUOTED
        match = re.compile(quoted).match(self._text, start)
        assert match
        value, closing, star = match.groups()
        self._at = match.end()
        if not closing and not self._is_typing:
            raise QueryError('This quote is not closed: write " where the phrase ends.', start)
        if field not in ("", "title", "body", "source"):
            return self._field_value(field, value, start)
        if field == "source" and closing and not value.strip():
            return self._counted(Source(Phrase(())), 1, start)
        is_prefix = bool(star) or value.endswith("*") or (not closing and bool(words(value[-1:])))
        return self._phrase(field, value, is_prefix, start)

    def _bare(self, field: str, value: str, start: int) -> Query | None:
        if field and value[0] == "-":
            raise QueryError(f'Write the minus before the field: "-{field}:".', start)
        if field and (name := _NAME.match(value)) and name[1].lower() in _NAMES:
            raise QueryError(f'"{name[0]}" cannot stand within {field}: - quote it if it is a word.', start)
        if field not in ("", "title", "body", "source"):
            return self._field_value(field, value, start)
        stem = value.rstrip("*")
        if "*" in stem and words(stem):
            raise QueryError("A * can stand only at the end of a word.", start + stem.index("*"))
        is_last = self._is_typing and self._is_at_end() and bool(words(value[-1]))
        return self._phrase(field, stem, stem != value or is_last, start)

    def _phrase(self, field: str, value: str, is_prefix: bool, start: int) -> Query | None:
        _refuse_bytes(value, start)
        sought = tuple(words(_composed(value)))
        if not sought:
            if field:
                self._demand_rest(f"The field {field}: needs a word.", start)
            return None
        phrase = Phrase(sought, is_prefix)
        return self._counted(Source(phrase) if field == "source" else Text(phrase, Part(field)), len(sought), start)

    def _field_value(self, field: str, value: str, start: int) -> Query | None:
        try:
            return self._counted(read_value(field, value, start, self._today), 1, start)
        except QueryError:
            if self._is_typing and self._is_at_end() and is_begun(field, value):
                return None
            raise

    def _pattern(self, field: str) -> Query | None:
        start = self._at
        match = re.compile(_EXPRESSION).match(self._text, start)
        assert match
        if not match[2]:
            self._at = len(self._text)
            self._demand_rest("This regular expression is not closed: write / where it ends.", start)
            return None
        self._at = match.end()
        if not match[1]:
            raise QueryError("This regular expression is empty: write one between the slashes.", start)
        _refuse_bytes(match[1], start)
        if _RUN.match(self._text, self._at):
            raise QueryError(r"The regular expression ends here: write \/ for a slash within it.", self._at - 1)
        from newsreader.pattern import compile_pattern

        expression = re.sub(r"\\(.)", lambda escape: "/" if escape[1] == "/" else escape[0], match[1], flags=re.S)
        pattern = Pattern(_composed(expression), Part(field))
        compile_pattern(pattern, start + 1)
        return self._counted(pattern, 1, start)

    def _counted(self, query: Query, word_count: int, start: int) -> Query:
        self._word_count += word_count
        if self._word_count > MOST_WORDS:
            raise QueryError(f"A query may ask for {MOST_WORDS} words and values, no more.", start)
        return query

    def _demand_rest(self, message: str, position: int) -> None:
        """For what is an error unless the user is still typing."""
        if not (self._is_typing and self._is_at_end()):
            raise QueryError(message, position)

    def _is_at_end(self) -> bool:
        return self._at >= len(self._text)

    def _skip_space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _operator(self) -> str:
        """The operator that stands here, if one does."""
        match = _RUN.match(self._text, self._at)
        return match[0] if match and match[0] in _OPERATORS else ""

    def _takes(self, operator: str) -> bool:
        if self._operator() != operator:
            return False
        self._at += len(operator)
        self._skip_space()
        return True

    def _takes_minus(self) -> bool:
        if self._text[self._at : self._at + 1] != "-" or not self._text[self._at + 1 : self._at + 2].strip(")"):
            return False
        if self._text[self._at + 1].isspace():
            return False
        self._at += 1
        return True

    def _here(self) -> str:
        return f'"{self._operator() or self._text[self._at]}"'


def _refuse_bytes(value: str, start: int) -> None:
    """Raise `QueryError` for a value with bytes of the command line that are no text, which only a file name may be."""
    if not value.isascii() and re.search("[\ud800-\udfff]", value):
        raise QueryError("Some of this is not text in UTF-8: type it again, or use a terminal with UTF-8.", start)


def _composed(value: str) -> str:
    """In Unicode NFC, as the texts of the releases are."""
    if value.isascii():
        return value
    from unicodedata import normalize

    return normalize("NFC", value)


def _unknown_field(name: str) -> str:
    from difflib import get_close_matches

    if near := get_close_matches(name, sorted(_NAMES), 1):
        return f'There is no field "{name}:"; did you mean "{near[0]}:"?'
    names = ", ".join(f"{field.name}:" for field in FIELDS)
    return f'There is no field "{name}:"; the fields are {names}. Quote it to search for it as words.'
