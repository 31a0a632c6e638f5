"""Numbers and days are written as Indonesians and as the English write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from django.utils.translation import override

from cacah.staff import numerals
from cacah.staff.tables import Kind

AT = datetime(2026, 11, 21, 7, 7, tzinfo=UTC)


def written() -> list[str]:
    return [
        numerals.count(12345),
        numerals.count(-1234567),
        numerals.percent(17.06),
        numerals.decimal(1234.5),
        numerals.day(date(2026, 8, 21)),
        numerals.short_day(date(2026, 8, 21)),
        numerals.clock(AT),
    ]


def test_indonesian_parts_thousands_with_a_point() -> None:
    with override("id"):
        assert written() == [
            "12.345",
            "-1.234.567",
            "17,1\u00a0%",
            "1.234,5",
            "21 Agustus 2026",
            "21 Agu",
            "14.07",
        ]


def test_english_parts_thousands_with_a_comma() -> None:
    with override("en"):
        assert written() == [
            "12,345",
            "-1,234,567",
            "17.1\u00a0%",
            "1,234.5",
            "21 August 2026",
            "21 Aug",
            "14:07",
        ]


@pytest.mark.parametrize(
    "write", [numerals.count, numerals.percent, numerals.day, numerals.clock, numerals.short_day]
)
def test_what_is_not_there_is_a_dash(write: object) -> None:
    assert write(None) == "–"  # type: ignore[operator]


def test_no_day_is_remembered_in_another_language() -> None:
    for language, name in (("id", "Agustus"), ("jv", "Agustus"), ("en", "August")):
        with override(language):
            assert name in numerals.day(date(2026, 8, 21))


def test_every_kind_of_column_is_written() -> None:
    row = {"text": "Bulu", "count": 1, "decimal": 0.25, "percent": 0, "date": AT.date(), "time": AT}
    with override("id"):
        assert [numerals.written(value, kind) for kind, value in row.items()] == [
            "Bulu",
            "1",
            "0,2",
            "0,0\u00a0%",
            "21 November 2026",
            "21 November 2026 14.07",
        ]
    assert set(row) == set(get_args(Kind))


@pytest.mark.parametrize("language", ["id", "en"])
def test_whole_rows_are_written_as_each_cell_is(language: str) -> None:
    kinds = ["text", "count", "decimal", "percent", "count"]
    row = ["Bulu", 1234567, 1234.25, 17.0, None]
    with override(language):
        each = [numerals.written(value, kind) for value, kind in zip(row, kinds, strict=True)]
        assert numerals.row_writer(kinds)(row) == each
