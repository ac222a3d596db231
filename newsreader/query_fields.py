"""The fields of the query language: what they are for, and how their values are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date as Day
from datetime import timedelta

from newsreader.errors import QueryError
from newsreader.models import Basis, Mark
from newsreader.query_tree import Dated, DateRange, Id, In, Is, Length, Query
from newsreader.record import Record


class Field(Record):
    """One field, as help and README show it."""

    name: str
    """What stands before the colon."""
    help: str
    """What it finds, as a sentence."""
    example: str
    """A query that uses it."""


class Example(Record):
    """A query worth learning from."""

    query: str
    """As one types it."""
    help: str
    """What it finds, as a sentence."""


FIELDS = (
    Field("source", 'The source\'s name holds these words; `source:""` finds releases without one.', "source:interpol"),
    Field("title", "The title holds this word, phrase, prefix or regular expression.", 'title:"secretary general"'),
    Field("body", "The body holds this word, phrase, prefix or regular expression.", "body:ransom*"),
    Field(
        "date",
        "Published on that day, in that month or year, or in that range; `7d`, `2w`, `3m`, `1y` are the last days, "
        "weeks, months or years, and `none` finds what has no date.",
        "date:2024-09..2024-10",
    ),
    Field("is", "Marked so: `unread`, `read`, `starred` or `unstarred`.", "is:unread"),
    Field("dated", "The date rests on this: `stated`, `text`, `inferred`, `neighbours` or `none`.", "dated:stated"),
    Field("id", "The release's id begins so.", "id:3fa9"),
    Field("in", "The name of the digest's file holds this.", "in:000_5c"),
    Field("words", "The body has so many words.", "words:>500"),
)
"""Every field, in the order in which help shows them."""

EXAMPLES = (
    Example("cyber attack", "Both words, anywhere, in any order."),
    Example('"cyber attack"', "The phrase; `cyber-attack` is the same."),
    Example("cyber*", "Words that begin so."),
    Example("cyber OR hybrid", "Either word; `OR` in capitals, as `or` is a word to find."),
    Example("cyber -exercise", "The first word without the second; `NOT exercise` is the same."),
    Example("source:nato (cyber OR hybrid) -exercise date:2024-09..", "All of it together."),
    Example("is:unread date:7d", "What came in the last seven days and was not read."),
    Example("title:(summit OR council)", "A field for everything in parentheses."),
    Example(r"/\b(20|30) ?%/", "A regular expression on title and body as they are written."),
    Example("date:none", "What has no date."),
)
"""Queries for help, README and `--help`."""

# Expressions for `re.fullmatch`, which compiles them when they are needed.
_COMPARED = r"(<=|>=|<|>|=)((?s:.*))"
_CALENDAR = r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?"
_AGO = r"([0-9]{1,4})([dwmy])"
_BEGUN_DATE = r"[0-9]{0,3}|[0-9]{4}-[01]?|[0-9]{4}-[0-9]{1,2}-[0-3]?|[0-9]+"
_BEGUN_RANGE = r"(?:<=?|>=?|=)?(?:[^.]+\.\.?|\.\.?)?([^.]*)"
_DATE_WORDS = ("today", "yesterday", "none")
_MARKS = {node.word: node for node in (Is(mark, is_set) for mark in Mark for is_set in (False, True))}
_MOST_DIGITS = 9


def read_value(field: str, value: str, position: int, today: Day) -> Query:
    """What a field (other than the three that take words) asks for with this value.

    Raises `QueryError`, at `position`, when the value makes no sense.
    """
    return _READERS[field](value, position, today)


def is_begun(field: str, value: str) -> bool:
    """Whether more typing may make sense of a value that makes none yet."""
    value = value.lower()
    if field not in ("date", "words"):
        return not value or any(word.startswith(value) for word in {"is": [*_MARKS], "dated": [*Basis]}.get(field, []))
    match = re.fullmatch(_BEGUN_RANGE, value)
    last_bound = match[1] if match else value
    if field == "words" or not last_bound:
        return not last_bound
    return bool(re.fullmatch(_BEGUN_DATE, last_bound)) or any(word.startswith(last_bound) for word in _DATE_WORDS)


def _read_date(value: str, position: int, today: Day) -> Query:
    value = value.lower()
    if value == "none":
        return Dated(Basis.NONE)
    if ago := _days_ago(value, today):
        return DateRange(ago + timedelta(1), today)
    first, last = _read_range(value, position, lambda point: _days_of(point, today), _DATE_HINT)
    return DateRange(_day(first, position), _day(last, position))


_DATE_HINT = "a date: write 2024-09-26, 2024-09, 2024, 2024-09..2024-10, >=2024-09, 7d, today or none"


def _day(ordinal: int | None, position: int) -> Day | None:
    if ordinal is None:
        return None
    if not 1 <= ordinal <= Day.max.toordinal():
        raise QueryError("No day lies beyond this date: the calendar runs from the year 1 to 9999.", position)
    return Day.fromordinal(ordinal)


def _days_of(point: str, today: Day) -> tuple[int, int] | None:
    """The first and last day that a point in time covers, as ordinals."""
    if point in ("today", "yesterday"):
        day = today.toordinal() - (point == "yesterday")
        return day, day
    if ago := _days_ago(point, today):
        return ago.toordinal(), ago.toordinal()
    match = re.fullmatch(_CALENDAR, point)
    if not match:
        return None
    year, month, day = (int(digits) if digits else 0 for digits in match.groups())
    try:
        first = Day(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        return None
    last = first if match[3] else _month_end(year, month if match[2] else 12)
    return first.toordinal(), last.toordinal()


def _month_end(year: int, month: int) -> Day:
    from calendar import monthrange

    return Day(year, month, monthrange(year, month)[1])


def _days_ago(value: str, today: Day) -> Day | None:
    """The day so many days, weeks, months or years before today; the month's last where it has no such day."""
    match = re.fullmatch(_AGO, value)
    if not match or int(match[1]) == 0:
        return None
    from dateutil.relativedelta import relativedelta

    count, unit = int(match[1]), match[2]
    ago = {
        "d": relativedelta(days=count),
        "w": relativedelta(weeks=count),
        "m": relativedelta(months=count),
        "y": relativedelta(years=count),
    }
    try:
        return today - ago[unit]
    except (ValueError, OverflowError):  # before the first year
        return None


def _read_words(value: str, position: int, _today: Day) -> Query:
    least, most = _read_range(value, position, _number, "a number of words: write 500, >500, <=500 or 100..200")
    if most is not None and most < 0:
        raise QueryError("No text has fewer than 0 words: write a number above 0 after <.", position)
    return Length(least, most)


def _number(point: str) -> tuple[int, int] | None:
    if not re.fullmatch(f"[0-9]{{1,{_MOST_DIGITS}}}", point):
        return None
    return int(point), int(point)


def _read_range(
    value: str, position: int, read_point: Callable[[str], tuple[int, int] | None], hint: str
) -> tuple[int | None, int | None]:
    """The bounds that `X`, `X..Y`, `X..`, `..Y`, `>X`, `>=X`, `<X`, `<=X` or `=X` set, where a point may be a span."""

    def read(point: str) -> tuple[int, int]:
        span = read_point(point)
        if span is None:
            raise QueryError(f'"{point or value}" is not {hint}.', position)
        return span

    if match := re.fullmatch(_COMPARED, value):
        first, last = read(match[2])
        return {"<": (None, first - 1), "<=": (None, last), ">": (last + 1, None), ">=": (first, None)}.get(
            match[1], (first, last)
        )
    begin, dots, end = value.partition("..")
    if not dots:
        return read(value)
    if not begin and not end:
        raise QueryError(f'".." is not {hint}.', position)
    least = read(begin)[0] if begin else None
    most = read(end)[1] if end else None
    if least is not None and most is not None and least > most:
        raise QueryError(f'The range "{value}" runs backwards: write the smaller bound first.', position)
    return least, most


def _read_is(value: str, position: int, _today: Day) -> Query:
    if node := _MARKS.get(value.lower()):
        return node
    raise QueryError(f'Nothing can be "{value}": after is: comes {_list([*_MARKS])}.', position)


def _read_dated(value: str, position: int, _today: Day) -> Query:
    if value.lower() in [*Basis]:
        return Dated(Basis(value.lower()))
    raise QueryError(f'No date rests on "{value}": after dated: comes {_list([*Basis])}.', position)


def _read_id(value: str, position: int, _today: Day) -> Query:
    if re.fullmatch("[0-9A-Fa-f]{1,128}", value):
        return Id(value.lower())
    raise QueryError(f'No id begins with "{value}": ids are made of the digits 0 to 9 and letters a to f.', position)


def _read_in(value: str, position: int, _today: Day) -> Query:
    if name := fold_name(value).strip("*"):
        return In(name)
    raise QueryError("The field in: needs a part of a digest's file name.", position)


def fold_name(name: str) -> str:
    """A file's name as `In` seeks it: without regard to case or how accents are encoded."""
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFC", normalize("NFD", name).casefold())


def _list(values: list[str]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"


_READERS: dict[str, Callable[[str, int, Day], Query]] = {
    "date": _read_date,
    "is": _read_is,
    "dated": _read_dated,
    "id": _read_id,
    "in": _read_in,
    "words": _read_words,
}
