"""What a search asks for, as a tree of frozen nodes; `str` gives the text that `parse` reads as an equal tree.

Words are held folded, and dates as days: a relative date such as `date:7d` is resolved when the text is parsed, so that
a tree always means the same and its text is exact. What is to stay relative (a saved search, the filter bar) keeps the
text that the user typed and parses it anew on the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as Day
from enum import StrEnum

from newsreader.models import Basis, Mark
from newsreader.record import Record
from newsreader.words import Phrase


class Part(StrEnum):
    """The part of a release in which words are sought."""

    ANY = ""
    """Title or body; a phrase must stand in one of them, not across."""
    TITLE = "title"
    BODY = "body"


class All(Record):
    """Every release."""

    def __str__(self) -> str:
        return ""


class Text(Record):
    """Releases that hold a word, a phrase, or a word that begins so."""

    phrase: Phrase
    """What is sought; never without a word."""
    part: Part = Part.ANY
    """Where."""

    def __str__(self) -> str:
        return _with_field(self.part, _quote(self.phrase))


class Pattern(Record):
    """Releases that a regular expression matches, in their title or body as they are written, in any letter case."""

    expression: str
    """As `compile_pattern` takes it; never empty, not begun by white space, and without backslashes before slashes."""
    part: Part = Part.ANY
    """Where: `ANY` is the title, a line end and the body as one text."""

    def __str__(self) -> str:
        escaped = re.sub(r"\\.|/", lambda match: r"\/" if match[0] == "/" else match[0], self.expression, flags=re.S)
        return _with_field(self.part, f"/{escaped}/")


class Source(Record):
    """Releases whose source is named so, as a whole or in part; those without a source when no word is given."""

    phrase: Phrase
    """Words of the name, one after the other."""

    def __str__(self) -> str:
        return f"source:{_quote(self.phrase)}"


class DateRange(Record):
    """Releases of these days; a date known only to the month or year counts if any of its days is among them."""

    first: Day | None
    """The first day; None for no bound. One of the two is always given, so undated releases never match."""
    last: Day | None
    """The last day, included; None for no bound."""

    def __str__(self) -> str:
        if self.first == self.last:
            return f"date:{self.first}"
        return f"date:{self.first or ''}..{self.last or ''}"


class Is(Record):
    """Releases that carry a mark, or do not."""

    mark: Mark
    """Which."""
    is_set: bool = True
    """Whether they carry it."""

    def __str__(self) -> str:
        return f"is:{self.word}"

    @property
    def word(self) -> str:
        """`read`, `unread`, `starred` or `unstarred`."""
        return f"{'' if self.is_set else 'un'}{self.mark}"


class Dated(Record):
    """Releases whose date rests on this; `Basis.NONE` are those without a date."""

    basis: Basis
    """What it rests on."""

    def __str__(self) -> str:
        return f"dated:{self.basis}"


class Id(Record):
    """Releases whose id begins so."""

    prefix: str
    """Hexadecimal digits, lower-case."""

    def __str__(self) -> str:
        return f"id:{self.prefix}"


class In(Record):
    """Releases of the digests whose file name (without its folder) holds this."""

    name: str
    """Part of the name in Unicode NFC, casefolded: to be sought in `casefold()` of the names."""

    def __str__(self) -> str:
        return f"in:{self.name}" if re.fullmatch(r"[\w.][\w.-]*", self.name) else f'in:"{self.name}"'


class Length(Record):
    """Releases whose body has so many words."""

    least: int | None
    """At least; None for no bound. One of the two is always given."""
    most: int | None
    """At most; None for no bound."""

    def __str__(self) -> str:
        if self.least == self.most:
            return f"words:{self.least}"
        return f"words:{'' if self.least is None else self.least}..{'' if self.most is None else self.most}"


class Not(Record):
    """Releases that the part does not match. Made by `negate`."""

    part: Query
    """Never `All` or `Not`."""

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, And | Or) else f"-{self.part}"


class Compound(Record):
    """A node of several others."""

    parts: tuple[Query, ...]
    """Two or more; none is `All` or of the same kind."""


class And(Compound):
    """Releases that all parts match. Made by `all_of`."""

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


class Or(Compound):
    """Releases that at least one part matches. Made by `any_of`."""

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Query = All | Text | Pattern | Source | DateRange | Is | Dated | Id | In | Length | Not | And | Or
"""Any node; the whole of a query is its top node."""


def all_of(*parts: Query) -> Query:
    """The releases that all parts match."""
    flat = [leaf for part in parts for leaf in (part.parts if isinstance(part, And) else (part,))]
    needed = tuple(part for part in flat if part != All())
    if not needed:
        return All()
    return needed[0] if len(needed) == 1 else And(needed)


def any_of(first: Query, *others: Query) -> Query:
    """The releases that at least one part matches."""
    flat = tuple(leaf for part in (first, *others) for leaf in (part.parts if isinstance(part, Or) else (part,)))
    if All() in flat:
        return All()
    return flat[0] if len(flat) == 1 else Or(flat)


def negate(part: Query) -> Query:
    """The releases that the part does not match; `All` cannot be negated."""
    return part.part if isinstance(part, Not) else Not(part)


def query_terms(query: Query, part: Part = Part.ANY) -> tuple[Text | Pattern, ...]:
    """What a matching release is likely to hold and a reader wants to see: for highlights, so nothing under a `Not`.

    `part` leaves out what was only sought in the other part.
    """
    return tuple(term for term in _terms(query) if Part.ANY in (part, term.part) or term.part == part)


def depends_on_marks(query: Query) -> bool:
    """Whether what the query finds can change while the library stays as it is."""
    match query:
        case Is():
            return True
        case And(parts) | Or(parts):
            return any(map(depends_on_marks, parts))
        case Not(part):
            return depends_on_marks(part)
        case _:
            return False


def _terms(query: Query) -> Iterator[Text | Pattern]:
    match query:
        case Text() | Pattern():
            yield query
        case And(parts) | Or(parts):
            for each in parts:
                yield from _terms(each)


def _with_field(part: Part, value: str) -> str:
    return f"{part}:{value}" if part else value


def _quote(phrase: Phrase) -> str:
    text = " ".join(phrase.words)
    star = "*" if phrase.is_prefix else ""
    return f'"{text}"{star}' if len(phrase.words) != 1 else text + star
