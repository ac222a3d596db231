"""How dates are written: as ISO 8601 has them, or as the locale of the process has them once it was taken over."""

from __future__ import annotations

import locale
from contextlib import suppress
from datetime import date as Day

from newsreader.models import Date, Precision
from newsreader.text import clean_line


def use_locale() -> None:
    """Take over the reader's locale for dates; one that this system does not have leaves them as they are."""
    with suppress(locale.Error):
        locale.setlocale(locale.LC_TIME, "")


def day_format() -> str:
    """The locale's format of a day, with all digits of the year; empty where there is none but ISO's."""
    name = locale.setlocale(locale.LC_TIME)
    if name.partition(".")[0] in {"C", "POSIX"} or not hasattr(locale, "nl_langinfo"):
        return ""
    return locale.nl_langinfo(locale.D_FMT).replace("%D", "%m/%d/%y").replace("%y", "%Y")


def write_date(date: Date) -> str:
    """As much of a date as is known, without a sign; empty when nothing is."""
    format = day_format()
    if not format or date.day is None:
        return date.iso
    return _write(date.day, {Precision.DAY: format, Precision.MONTH: "%B %Y", Precision.YEAR: "%Y"}[date.precision])


def write_group(year: int, month: int, day: int, *, is_short: bool) -> str:
    """The locale's name of a day or month; empty where there is no locale, or no month is known."""
    format = day_format()
    if not format or not month:
        return ""
    names = f"%{'a' if is_short else 'A'} {format}" if day else f"%{'b' if is_short else 'B'} %Y"
    return _write(Day(year, month, day or 1), names)


def _write(day: Day, format: str) -> str:
    return clean_line(day.strftime(format))
