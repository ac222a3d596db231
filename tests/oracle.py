"""What a query matches, said as plainly as Python can: what the archive's SQL must agree with."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date as Day
from pathlib import PurePath

from newsreader.models import Date, Mark, Precision, Release
from newsreader.query import (
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
    fold_name,
)
from newsreader.words import Phrase, words


def matches(query: Query, release: Release) -> bool:  # noqa: PLR0911, PLR0912 - one for each node
    """Whether the query finds the release."""
    headline = release.headline
    match query:
        case All():
            return True
        case And(parts):
            return all(matches(part, release) for part in parts)
        case Or(parts):
            return any(matches(part, release) for part in parts)
        case Not(inner):
            return not matches(inner, release)
        case Text(phrase, part):
            return any(holds(text, phrase) for text in texts(release, part))
        case Pattern(expression, part):
            return re.search(expression, "\n".join(texts(release, part)), re.IGNORECASE | re.MULTILINE) is not None
        case Source(phrase):
            return holds(headline.source, phrase) if phrase.words else not words(headline.source)
        case DateRange(first, last):
            return overlaps(headline.date, first or Day.min, last or Day.max)
        case Is(mark, is_set):
            return (headline.is_read if mark is Mark.READ else headline.is_starred) == is_set
        case Dated(basis):
            return headline.date.basis is basis
        case Id(prefix):
            return headline.id.startswith(prefix)
        case In(name):
            return any(name in fold_name(PurePath(origin.digest).name) for origin in release.origins)
        case Length(least, most):
            return (least is None or headline.words >= least) and (most is None or headline.words <= most)


def texts(release: Release, part: Part) -> list[str]:
    """The texts that a part means."""
    title, body = release.headline.title, release.body
    return {Part.ANY: [title, body], Part.TITLE: [title], Part.BODY: [body]}[part]


def holds(text: str, phrase: Phrase) -> bool:
    """Whether the words stand in the text one after the other."""
    found, sought = words(text), list(phrase.words)
    for start in range(len(found) - len(sought) + 1):
        window = found[start : start + len(sought)]
        if phrase.is_prefix:
            window[-1] = window[-1][: len(sought[-1])]
        if window == sought:
            return True
    return False


def overlaps(date: Date, first: Day, last: Day) -> bool:
    """Whether one of the days that the date may be lies in the range."""
    if date.day is None:
        return False
    end = date.day
    if date.precision is Precision.YEAR:
        end = end.replace(month=12, day=31)
    elif date.precision is Precision.MONTH:
        end = end.replace(day=monthrange(end.year, end.month)[1])
    return date.day <= last and end >= first
