"""Tables come out of every format as they went in, and no cell becomes a formula."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cacah.staff.tables import AT_ONCE, FORMATS, Column, Table, download, downloads, stream

COLUMNS = (
    Column("area", "Area"),
    Column("responded", "Families responded", "count"),
    Column("share", "% of the families in the register", "percent"),
    Column("day", "Day", "date"),
)
ROWS = [("Bulu", 1234, 17.1, date(2026, 11, 21)), ("Tersono", 0, None, None)]
AT = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
DANGEROUS = [
    "=1+1",
    "+62",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "#N/A",
    "=cmd|' /C calc'!A0",
]


def table(rows: list[tuple[object, ...]] = ROWS, as_of: datetime | None = AT) -> Table:
    return Table("progress-3325", COLUMNS, rows, as_of, "Batang")


def from_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def from_xlsx(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


def test_a_csv_has_headings_plain_numbers_and_the_time_of_the_figures() -> None:
    response = download(table(), "csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == 'attachment; filename="progress-3325.csv"'
    heading, first, second = from_csv(response.content)
    assert heading[:3] == ["Area", "Families responded", "% of the families in the register"]
    assert first == ["Bulu", "1234", "17.1", "2026-11-21", "2026-11-21T10:04:05+07:00"]
    assert second[:4] == ["Tersono", "0", "", ""]


def test_an_xlsx_has_numbers_as_numbers_and_days_as_days() -> None:
    heading, first, second = from_xlsx(download(table(), "xlsx").content)
    assert heading[0] == "Area"
    assert first == (
        "Bulu",
        1234,
        17.1,
        datetime(2026, 11, 21),  # noqa: DTZ001
        datetime(2026, 11, 21, 10, 4, 5),  # noqa: DTZ001
    )
    assert second[:4] == ("Tersono", 0, None, None)


def test_a_json_says_columns_and_rows_by_key() -> None:
    read = json.loads(download(table(), "json").content)
    assert read["title"] == "Batang"
    assert read["as_of"] == "2026-11-21T10:04:05+07:00"
    assert read["columns"][1] == {
        "key": "responded",
        "heading": "Families responded",
        "kind": "count",
    }
    assert read["rows"][0] == {
        "area": "Bulu",
        "responded": 1234,
        "share": 17.1,
        "day": "2026-11-21",
    }


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_becomes_a_formula(text: str) -> None:
    made = table([(text, 1, 1.0, None)], None)
    cell = from_csv(download(made, "csv").content)[1][0]
    assert cell.startswith("'") or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    sheet = load_workbook(BytesIO(download(made, "xlsx").content)).active
    assert sheet["A2"].data_type == "s"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_makes_a_file_in_every_format(text: str) -> None:
    made = Table("t", (Column("a", text),), [(text,)], title=text)
    for format in FORMATS:
        assert download(made, format).content


def test_negative_numbers_stay_numbers() -> None:
    made = table([("x", -5, -0.1, None)], None)
    assert from_csv(download(made, "csv").content)[1][1:3] == ["-5", "-0.1"]


def test_it_refuses_a_format_that_nobody_writes() -> None:
    for format in ("", "exe", "../csv", "CSV"):
        with pytest.raises(Http404):
            download(table(), format)


def test_links_keep_the_filters_and_the_order_of_the_page() -> None:
    request = RequestFactory().get("/x", {"sort": "-gap", "mode": "cawi", "format": "json"})
    links = dict(downloads(request))
    assert links["CSV"] == "?sort=-gap&mode=cawi&format=csv"
    assert list(links) == ["CSV", "Excel", "JSON"]


@pytest.mark.parametrize("format", ["csv", "json"])
def test_a_long_table_is_written_while_it_is_sent(format: str) -> None:
    taken = []

    def rows() -> Iterator[tuple[object, ...]]:
        for n in range(10 * AT_ONCE):
            taken.append(n)
            yield (f"A{n}", n, None, None)

    long = Table("long", COLUMNS, rows(), AT)
    pieces = iter(stream(long, format).streaming_content)
    begun = next(pieces) + next(pieces)
    assert 0 < len(taken) <= 2 * AT_ONCE
    whole = begun + b"".join(pieces)
    again = Table("long", COLUMNS, [(f"A{n}", n, None, None) for n in range(10 * AT_ONCE)], AT)
    assert whole == download(again, format).content
    read = json.loads(whole)["rows"] if format == "json" else from_csv(whole)[1:]
    assert len(read) == 10 * AT_ONCE


def test_a_table_without_rows_is_whole_json() -> None:
    assert json.loads(download(table([]), "json").content)["rows"] == []
