"""Says in plain English how a query was understood."""

from __future__ import annotations

from newsreader.models import Basis
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
)
from newsreader.words import Phrase

_PLACES = {Part.ANY: "", Part.TITLE: " in the title", Part.BODY: " in the body"}


def explain(query: Query) -> str:
    """A sentence that says what the query finds: `Releases that contain the word "cyber" and are unread.`."""
    return "All releases." if isinstance(query, All) else f"Releases that {_say(query)}."


def _say(query: Query) -> str:
    """The predicate that a node adds, with parentheses where it could be misread."""
    match query:
        case And(parts):
            return " and ".join(f"({_say(part)})" if isinstance(part, Or) else _say(part) for part in parts)
        case Or(parts):
            return " or ".join(f"({_say(part)})" if isinstance(part, And) else _say(part) for part in parts)
        case Not(And() | Or() as part):
            return f"are not those that ({_say(part)})"
        case Not(part):
            return _say_one(part, "do not ", "are not")
        case _:
            return _say_one(query, "", "are")


def _say_one(query: Query, do_not: str, are: str) -> str:
    match query:
        case Text(phrase, part):
            return f"{do_not}contain {_name(phrase)}{_PLACES[part]}"
        case Pattern(part=part):
            return f"{do_not}match {Pattern(query.expression)}{_PLACES[part]}"
        case Source(Phrase(words=())):
            return f"{do_not}lack a source"
        case Source(phrase):
            return f"{do_not}come from a source whose name has {_name(phrase)}"
        case DateRange():
            return f"{are} dated {_say_days(query)}"
        case Is():
            return f"{are} {query.word}"
        case Dated(Basis.NONE):
            return f"{do_not}lack a date"
        case Dated(basis):
            return f"{do_not}have a date that is {_BASES[basis]}"
        case Id(prefix):
            return f"{do_not}have an id that begins with {prefix}"
        case In(name):
            return f'{do_not}come from a digest whose file name has "{name}"'
        case Length():
            return f"{do_not}have {_say_length(query)} in the body"
        case _:
            return "are there"


_BASES = {
    Basis.STATED: "stated at the head of the release",
    Basis.TEXT: "given in the text",
    Basis.INFERRED: "inferred from the text",
    Basis.NEIGHBOURS: "guessed from the neighbouring releases",
}


def _name(phrase: Phrase) -> str:
    text = f'"{" ".join(phrase.words)}"'
    if len(phrase.words) == 1:
        return f"a word that begins with {text}" if phrase.is_prefix else f"the word {text}"
    return f"a phrase that begins with {text}" if phrase.is_prefix else f"the phrase {text}"


def _say_days(days: DateRange) -> str:
    if days.first == days.last:
        return f"{days.first}"
    if days.first and days.last:
        return f"from {days.first} to {days.last}"
    return f"{days.first} or later" if days.first else f"{days.last} or earlier"


def _say_length(length: Length) -> str:
    if length.least == length.most:
        return f"{length.least} words"
    if length.least is None:
        return f"at most {length.most} words"
    return f"at least {length.least} words" if length.most is None else f"{length.least} to {length.most} words"
