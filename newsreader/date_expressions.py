"""Expressions of dates in running text: where they stand and which days they name, in any order and language we know.

Nothing is judged here. Each expression is found from a number of at most four digits, so that the cost of a text is
one quick pass for its numbers and a bounded look around each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as Day
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from newsreader.date_words import (
    AFTER_DAY,
    BEFORE_YEAR,
    ENGLISH_MONTHS,
    MONTHS,
    MONTHS_WITH_CAPITAL,
    MONTHS_WITH_YEAR_ONLY,
    fold_word,
)

YEARS = range(1900, 2101)
"""The years that a date may have."""


class Parts(NamedTuple):
    """A day as far as an expression names it."""

    year: int
    """The year; 0 when the expression has none."""
    month: int
    """The month, 1 to 12."""
    day: int
    """The day of the month; 0 when the expression has none."""

    def resolve(self, year: int = 0) -> Day | None:
        """The day in its own year, or in `year` when it has none; None where the calendar has no such day."""
        return _calendar_day(self.year or year, self.month, self.day or 1)


@lru_cache(maxsize=8192)
def _calendar_day(year: int, month: int, day: int) -> Day | None:
    try:
        return Day(year, month, day)
    except ValueError:
        return None


class Order(Enum):
    """How the day and the month of a date in numbers stand."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    EITHER = "either"


class Expression(NamedTuple):
    """One date or range of dates, where it stands in its text."""

    start: int
    """The offset of its first character."""
    end: int
    """The offset after its last character."""
    first: Parts
    """The day, or the first day of the range."""
    last: Parts
    """The day, or the last day of the range."""
    order: Order | None = None
    """How day and month stand in `03/05/2024`; None where there is no question."""
    is_range: bool = False
    """Whether it names more than one day."""


_GAP = r"[^\S\n]{0,3}(?:\n[^\S\n]{0,3})?"
_ORDINAL = r"(?:st|nd|rd|th|er|re|ro|\.?[ºª°])?\.?"
_ARTICLE = r"(?:(?:the|le|les|l[’']|il|lo|el|o|den|dem|zum|de|du|do)\s?)?"
_JOIN = (
    rf"{_GAP}(?:[-–—‑/&,]|\b(?:to|and|till|until|through|bis|und|sowie|oder|or|au|et|ou|al|all[’']|y|e|ed|a|i|"
    rf"do|t/m|tot|en|og|och|až)\b){_GAP}{_ARTICLE}"
)
_OF = r"(?:(?:of the|of|de|di|do|del|du|van)\s|d[’'])"
_YEAR = (
    rf"(?:{_GAP}[,.\-–/]?{_GAP}(?:(?:de|del|di|of|do|dell[’']anno){_GAP})?"
    r"(?P<year>(?:19|20)[0-9][0-9]|[’'][0-9][0-9])(?![0-9]))?"
)

_DIGITS_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_ZEROS = re.compile(b"00*")
_DAY_FIRST = re.compile(
    rf"(?P<days>(?>[0-9][0-9]?{_ORDINAL}(?:{_JOIN}[0-9][0-9]?{_ORDINAL}){{0,4}}))"
    rf"(?:{_GAP}{_OF}{_GAP}|{_GAP}[-./]?{_GAP})(?P<month>[^\W\d_]{{3,12}})\b\.?{_YEAR}",
    re.IGNORECASE,
)
_AFTER_MONTH = re.compile(rf"\.?{_YEAR}", re.IGNORECASE)
_NUMERIC = re.compile(
    r"(?:([0-9][0-9]?)\.?\s?(?:[-–—]|bis|und)\s?(?=[0-9.]*\.))?([0-9][0-9]?)\s?([./-])\s?([0-9][0-9]?)\s?\3\s?"
    r"([0-9]{4}|[0-9]{2})(?![0-9]|[./-][0-9]|%)"
)
_NUMERIC_YEARLESS = re.compile(
    r"(?:([0-9][0-9]?)\.\s?(?:[-–—]|bis|und)\s?)?([0-9][0-9]?)\.\s?([0-9][0-9]?)\.(?![0-9]|\w)"
)
_YEAR_FIRST = re.compile(
    r"([0-9]{4})\s?(?:([-./])\s?([0-9][0-9]?)\2\s?([0-9][0-9]?)(?![0-9])|年\s?([0-9][0-9]?)月\s?([0-9][0-9]?)日)"
)
_YEAR_FIRST_NAMED = re.compile(r"([0-9]{4})\.?\s([^\W\d_]{3,12})\s([0-9][0-9]?)(?![0-9])\.?")
_MONTH_BEFORE = re.compile(
    rf"(?<![^\W_])([^\W\d_]{{3,12}})(\.?,?)[^\S\n]{{1,2}}(?:(?:de|del|of|do){_GAP})?$", re.IGNORECASE
)
_DAY_AFTER_MONTH = re.compile(
    rf"([0-9][0-9]?(?:st|nd|rd|th)?)(?:{_GAP}(?:[-–—&/,]|to|and|through|until){_GAP}([0-9][0-9]?)(?:st|nd|rd|th)?(?![0-9]))?"
    rf"(?!\w|[.,:][0-9]|\s?%)(?:{_GAP},?{_GAP}((?:19|20)[0-9][0-9])(?![0-9]))?",
    re.IGNORECASE,
)
_TO = re.compile(
    rf"(?:{_GAP}(?:[-–—‑]|to|until|till|through|and|bis|au|al|y|et|e|a|und|do|t/m|tot|en){_GAP}){_ARTICLE}"
    rf"(?:[^\W\d_]{{3,12}},?\s)?(?:the\s|den\s|dem\s)?",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"[^\S\n]{0,3}(?:[\n|]|\Z|[–—-]\s{1,3}[^\W\d]|,?\s?[0-9]{1,2}[:.][0-9][0-9])")
_BYGONE_YEAR = re.compile(
    r",?\s(?:de |del |of )?1[0-8][0-9][0-9](?![0-9]|,[0-9]|\s?(?:h\b|hours|hrs|uhr|gmt|utc|local|z\b))",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(rf"[ .-]([0-9][0-9])(?={_LINE_END.pattern})")
_LINE_BEGINNING = re.compile(r"(?:\A|\n)[^\S\n]{0,3}(?:[^\n:]{3,40}:|[^\W\d_][^\W\d_ ]{1,30},)?[^\S\n]{0,3}\Z")
_PLAIN_WORD_AFTER = re.compile(r"[ \u00a0]([a-zA-Z]+)(?![\w’'/])")
_INTEGER = re.compile("[0-9]+")
_LAST_WORD = re.compile(r"[^\W\d_]+(?=\.?,?$)")
_WORD_AFTER = re.compile(r"\s([^\W\d_]{3,12})\b")
_GERMAN_LEAD = re.compile(r"(?:\b(?:am|vom|bis|zum|den|dem|der|ab)\s|[a-z]\s\()$", re.IGNORECASE)
_LONGEST_ABBREVIATION = 4
_DAY_DIGITS = 2
_YEAR_DIGITS = 4
_MONTHS = 12
_LONGEST_LABEL = 50
"""Characters before a date on its line in which a label or a place must fit."""
_CENTURY_TURN = 70
"""Two-digit years from here on are of the last century."""
_LONGEST_AND = 40
"""Days up to which `and` joins two dates into a range, and characters between the two."""


def find_dates(text: str) -> Iterator[Expression]:
    """The dates that a text names, in order; impossible ones (31 June) are left out."""
    held: Expression | None = None
    for found in _find_single(text):
        joined = _join(text, held, found) if held else None
        if held and not joined:
            yield held
        held = joined or found
    if held:
        yield held


def _find_single(text: str) -> Iterator[Expression]:
    after = last = 0
    # One byte a character and one byte for all digits: a literal is found many times quicker than a class.
    for number in _ZEROS.finditer(text.encode("ascii", "replace").translate(_DIGITS_TO_ZERO)):
        start, end = number.span()
        if start < after or end - start > _YEAR_DIGITS or _is_inside_number(text, start):
            continue
        if end - start == _YEAR_DIGITS:
            found, after = _read_year(text, start, end)
        elif end - start <= _DAY_DIGITS:
            found, after = _read_day(text, start, end)
        else:
            continue
        if found and found.start >= last and (found.last.year or not _BYGONE_YEAR.match(text, found.end)):
            last = found.end
            yield found


def _is_inside_number(text: str, start: int) -> bool:
    """Whether the digits go on from a word or number before: `A10`, `10:30`, `1.26`, `COVID-19`."""
    before = text[start - 1 : start]
    if before == " ":
        return False
    if before == "-":
        return text[start - 2 : start - 1].isalnum()
    return before.isalnum() or (before in tuple(".,:/") and text[start - 2 : start - 1].isdigit())


def _read_year(text: str, start: int, end: int) -> tuple[Expression | None, int]:
    """An expression whose first number has four digits, and where to go on."""
    year = int(text[start:end])
    if year not in YEARS:
        return None, end
    following = text[end : end + 2]
    if following[:1] in tuple("-./年") or following[1:] == "年":
        whole = _YEAR_FIRST.match(text, start)
        if whole:
            month, day = int(whole[3] or whole[5]), int(whole[4] or whole[6])
            return _span(start, whole.end(), year, month, day, day), whole.end()
    if following[:1] in (".", " ") and text[end : end + 3].strip(" .")[:1].isalpha():
        named = _YEAR_FIRST_NAMED.match(text, start)
        month = _month_number(named[2], True) if named else 0
        if named and month and not _is_day_of(text, named.end()):
            return _span(start, named.end(), year, month, int(named[3]), int(named[3])), named.end()
    last_word = text[max(0, start - 18) : start].rsplit(None, 1)[-1:]
    may_be_month = last_word and _may_end_month(last_word[0])
    before = _MONTH_BEFORE.search(text, max(0, start - 18), start) if may_be_month else None
    month = _month_number(before[1], True) if before else 0
    if before and month:
        return Expression(before.start(1), end, Parts(year, month, 0), Parts(year, month, 0)), end
    return None, end


@lru_cache(maxsize=2048)
def _may_end_month(word: str) -> bool:
    """Whether a year may belong to a month that ends with this run of letters and signs."""
    last = _LAST_WORD.search(word)
    return word.lower() in BEFORE_YEAR or bool(last and fold_word(last[0]) in MONTHS)


def _is_day_of(text: str, end: int) -> bool:
    """Whether a month name follows, so that the number before belongs to it: `2024 March 5 April`."""
    following = _WORD_AFTER.match(text, end)
    return bool(following and _month_number(following[1], False))


def _read_day(text: str, start: int, end: int) -> tuple[Expression | None, int]:
    """An expression whose first number has one or two digits, and where to go on."""
    last_word = text[max(0, start - 14) : start].rsplit(None, 1)[-1:]
    is_month = last_word and _is_english_month(last_word[0])
    before = _MONTH_BEFORE.search(text, max(0, start - 14), start) if is_month else None
    if before and (found := _read_day_after_month(text, start, before)):
        return found
    following = _PLAIN_WORD_AFTER.match(text, end)
    if following:
        word = following[1].lower()
        if word not in MONTHS and word not in AFTER_DAY:
            return None, end
        if word in MONTHS and (found := _read_day_and_month(text, start, end, following)):
            return found
    is_decimal = text[end : end + 1] in tuple(".,") and text[end + 1 : end + 2].isdigit()
    day_first = None if is_decimal else _DAY_FIRST.match(text, start)
    if day_first and (month := _month_number(day_first["month"], bool(day_first["year"]))):
        short_year = None if day_first["year"] else _SHORT_YEAR.match(text, day_first.end())
        if short_year and _begins_line(text, start):
            dated = _named(day_first, month, _full_year(short_year[1]))
            return dated and dated._replace(end=short_year.end()), short_year.end()
        return _named(day_first, month), day_first.end()
    if text[end : end + 2].isalpha() or text[end : end + 2].strip().isalpha():
        return None, end
    return _read_numbers(text, start, end)


def _read_day_and_month(
    text: str, start: int, end: int, following: re.Match[str]
) -> tuple[Expression | None, int] | None:
    """The commonest of all, `26 September 2024`, without the cost of ranges and of all that may stand between."""
    rest = _AFTER_MONTH.match(text, following.end())
    year = rest["year"] if rest else None
    month = _month_number(following[1], bool(year))
    if not rest or not month:
        return None
    short_year = None if year else _SHORT_YEAR.match(text, following.end())
    if short_year and _begins_line(text, start):
        day, full_year = int(text[start:end]), _full_year(short_year[1])
        return _span(start, short_year.end(), full_year, month, day, day), short_year.end()
    day, ends_sentence = int(text[start:end]), rest[0] == "." and len(following[1]) > _LONGEST_ABBREVIATION
    full_year = _full_year(year.lstrip("’'")) if year else 0
    return _span(start, rest.end() - ends_sentence, full_year, month, day, day), rest.end()


@lru_cache(maxsize=2048)
def _is_english_month(word: str) -> bool:
    return word.strip('([“"|–—-.,').lower() in ENGLISH_MONTHS


def _begins_line(text: str, start: int) -> bool:
    """Whether nothing but a label or a place stands before on the line, so that `24` may be a year."""
    line = text.rfind("\n", max(0, start - _LONGEST_LABEL), start)
    return (line >= 0 or start < _LONGEST_LABEL) and bool(_LINE_BEGINNING.match(text[max(0, line) : start]))


def _read_numbers(text: str, start: int, end: int) -> tuple[Expression | None, int]:
    """A date in numbers that begins with its day, and where to go on."""
    numeric = _NUMERIC.match(text, start)
    if numeric:
        is_short = len(numeric[5]) < _YEAR_DIGITS and not len(numeric[2]) == len(numeric[4]) == _DAY_DIGITS
        if is_short and not (_LINE_END.match(text, numeric.end()) and _begins_line(text, start)):
            return None, numeric.end()
        return _numeric(numeric), numeric.end()
    short = _NUMERIC_YEARLESS.match(text, start)
    if short and _GERMAN_LEAD.search(text, max(0, start - 6), start) and (text[start - 1] != "(" or len(short[3]) > 1):
        month, last = int(short[3]), int(short[2])
        return _span(start, short.end(), 0, month, int(short[1] or last), last), short.end()
    return None, end


def _read_day_after_month(text: str, start: int, before: re.Match[str]) -> tuple[Expression | None, int] | None:
    """An English date with its month first, unless the month belongs to other words (`In May 24 people`)."""
    name = before[1]
    if not name[0].isupper() or fold_word(name) not in ENGLISH_MONTHS:
        return None
    days = _DAY_AFTER_MONTH.match(text, start)
    if not days or _is_day_of(text, days.end()):
        return None
    year = int(days[3] or 0)
    if not year and text[max(0, before.start(1) - 4) : before.start(1)].strip().lower() == "in":
        return None
    month = MONTHS[fold_word(name)]
    first = int(re.sub(r"\D", "", days[1]))
    last = int(days[2] or first)
    return _span(before.start(1), days.end(), year, month, first, last), days.end()


def _month_number(word: str, has_year: bool) -> int:
    """The month that a word names, 0 for none."""
    folded = fold_word(word)
    month = MONTHS.get(folded, 0)
    if not month or has_year:
        return month
    if folded in MONTHS_WITH_YEAR_ONLY or (folded in MONTHS_WITH_CAPITAL and not word[0].isupper()):
        return 0
    return month


def _named(match: re.Match[str], month: int, year: int = 0) -> Expression | None:
    days = [int(number) for number in _INTEGER.findall(match["days"])]
    year = _full_year(match["year"].lstrip("’'")) if match["year"] else year
    last = days[-1]
    ends_sentence = not year and match[0].endswith(".") and len(match["month"]) > _LONGEST_ABBREVIATION
    return _span(match.start(), match.end() - ends_sentence, year, month, min(days[0], last), last)


def _numeric(match: re.Match[str]) -> Expression | None:
    left, right, separator = int(match[2]), int(match[4]), match[3]
    is_short = len(match[5]) < _YEAR_DIGITS
    if is_short and separator == "-":
        return None
    year = _full_year(match[5])
    order = None if separator == "." else _order(left, right)
    if order is Order.MONTH_FIRST:
        left, right = right, left
    first = int(match[1] or left)
    found = _span(match.start(), match.end(), year, right, min(first, left), left)
    return found._replace(order=order) if found else None


def _order(left: int, right: int) -> Order | None:
    """Which of two numbers is the day, as far as they themselves tell."""
    if left <= _MONTHS < right:
        return Order.MONTH_FIRST
    if right <= _MONTHS < left:
        return Order.DAY_FIRST
    return None if left == right else Order.EITHER


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == _YEAR_DIGITS:
        return year
    return 2000 + year if year < _CENTURY_TURN else 1900 + year


def _span(start: int, end: int, year: int, month: int, first: int, last: int) -> Expression | None:
    """The expression for these days of a month, unless the calendar does not have them."""
    days = _days(year, month, first, last)
    return Expression(start, end, *days, is_range=days[0] != days[1]) if days else None


@lru_cache(maxsize=2048)
def _days(year: int, month: int, first: int, last: int) -> tuple[Parts, Parts] | None:
    """The first and last day, unless the calendar does not have them; a day without a year may be a leap day."""
    if (year and year not in YEARS) or not last or Parts(year, month, last).resolve(2024) is None:
        return None
    if not first or Parts(year, month, first).resolve(2024) is None:
        first = last
    return Parts(year, month, first), Parts(year, month, last)


def _join(text: str, left: Expression, right: Expression) -> Expression | None:
    """Two dates with a word such as `to` between them as one range: `27 November – 1 December`."""
    are_days = left.last.day and right.last.day and not left.is_range and not right.is_range
    if not are_days or right.start - left.end > _LONGEST_AND:
        return None
    gap = _TO.fullmatch(text, left.end, right.start)
    if not gap:
        return None
    first, last = left.first, right.last
    if not first.year and last.year:
        first = first._replace(year=last.year - (first.month > last.month))
    if first.year and not last.year:
        last = last._replace(year=first.year + (first.month > last.month))
    start, end = first.resolve(2024), last.resolve(2024 + (first.month > last.month))
    if start is None or end is None or start >= end:
        return None
    is_near = (end - start).days <= _LONGEST_AND
    if not is_near and re.search(r"\b(?:and|y|et|e|und|en|i)\b", gap[0], re.IGNORECASE):
        return None
    return Expression(left.start, right.end, first, last, is_range=True)
