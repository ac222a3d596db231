from __future__ import annotations

import locale
from datetime import date as Day

import pytest

from newsreader.models import NO_DATE, Basis, Date, Precision
from newsreader.ui import date_style
from newsreader.ui.date_style import day_format, use_locale, write_date, write_group
from tests.ui_kit import open_reader

DAY = Date(Day(2024, 9, 26), basis=Basis.STATED)


def test_without_a_locale_dates_are_those_of_iso(monkeypatch: pytest.MonkeyPatch) -> None:
    assert day_format() == ""
    assert write_date(DAY) == "2024-09-26"
    assert write_group(2024, 9, 26, is_short=False) == ""
    monkeypatch.setenv("LC_ALL", "no_WHERE.UTF-8")
    use_locale()
    assert write_date(DAY) == "2024-09-26"


@pytest.mark.parametrize(
    ("format", "expected"), [("%d.%m.%Y", "26.09.2024"), ("%D", "09/26/2024"), ("%d/%m/%y", "26/09/2024")]
)
def test_a_locale_writes_days_its_own_way_but_whole_years(
    monkeypatch: pytest.MonkeyPatch, format: str, expected: str
) -> None:
    monkeypatch.setattr(locale, "setlocale", lambda category, name=None: "xx_XX.UTF-8")
    monkeypatch.setattr(locale, "nl_langinfo", lambda item: format)
    assert write_date(DAY) == expected
    assert write_date(Date(Day(2024, 9, 1), Precision.MONTH)) == "September 2024"
    assert write_date(Date(Day(2024, 1, 1), Precision.YEAR)) == "2024"
    assert write_date(NO_DATE) == ""
    assert write_group(2024, 9, 26, is_short=True) == f"Thu {expected}"
    assert write_group(2024, 9, 0, is_short=False) == "September 2024"
    assert write_group(2024, 0, 0, is_short=False) == ""


async def test_tree_and_page_write_dates_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(date_style, "day_format", lambda: "%d.%m.%Y")
    async with open_reader(size=(120, 36), filter="source:eurojust") as reader:
        await reader.press("t", "t")
        assert any("Tuesday 01.10.2024" in line for line in reader.lines())
        await reader.press("t")
        assert any("● ≈24.09.2024 Successful" in line for line in reader.lines())
        assert any("Eurojust · 01.10.2024 stated" in line for line in reader.lines())
