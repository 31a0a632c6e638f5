"""Tables for officers, and their download as CSV, xlsx and JSON with the same numbers.

A view builds one `Table` and shows it, or answers `?format=csv` with `download`: filters and order
are in the same URL, so that the file and the page cannot differ.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from itertools import chain, islice
from typing import Any, Literal, TypeVar

import orjson
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

T = TypeVar("T")
R = TypeVar("R", HttpResponse, StreamingHttpResponse)
# Rows that are written in one piece of a file.
AT_ONCE = 1000
Kind = Literal["text", "count", "decimal", "percent", "date", "time"]
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` for programs, `heading` for people, with the denominator in it."""

    key: str
    heading: str
    # decimal: with one place; percent: from 0 to 100, as on the page; date and time: `date` and
    # aware `datetime`.
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values, None where there is none; `name` becomes the file's, and is ASCII."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Any, ...]]
    # When the figures were true; written in every file.
    as_of: datetime | None = None
    title: str = ""


def download(table: Table, format: str) -> HttpResponse:
    """Return the table as a file of one of `FORMATS`; raises Http404 for another."""
    content_type, pieces = _written(table, format)
    return _as_file(HttpResponse(b"".join(pieces), content_type=content_type), table, format)


def stream(table: Table, format: str) -> StreamingHttpResponse:
    """Return what `download` does, written while it is sent: its rows are never all in memory.

    A workbook is made whole all the same.
    """
    content_type, pieces = _written(table, format)
    return _as_file(StreamingHttpResponse(pieces, content_type=content_type), table, format)


def _written(table: Table, format: str) -> tuple[str, Iterator[bytes]]:
    if format not in FORMATS:
        raise Http404
    content_type, write = FORMATS[format]
    return content_type, write(table)


def _as_file(response: R, table: Table, format: str) -> R:
    response["Content-Disposition"] = content_disposition_header(True, f"{table.name}.{format}")
    response["Cache-Control"] = "private, no-store"
    return response


def downloads(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (label, URL) of this page's table in each format, with its filters and order."""
    query = request.GET.copy()
    links = []
    for format in FORMATS:
        query["format"] = format
        links.append((format.upper() if format != "xlsx" else "Excel", "?" + query.urlencode()))
    return links


def _csv(table: Table) -> Iterator[bytes]:
    """Write UTF-8 with a mark, so that spreadsheets see it; numbers and days without a locale."""
    lines = ([_harmless(_plain(value)) for value in row] for row in dated(table))
    yield b"\xef\xbb\xbf"
    for some in batched(chain([[_harmless(each) for each in headings(table)]], lines)):
        out = StringIO()
        csv.writer(out).writerows(some)
        yield out.getvalue().encode("utf-8", errors="replace")


def _json(table: Table) -> Iterator[bytes]:
    """Write the columns once and each row as an object by key, a row on a line."""
    keys = [column.key for column in table.columns]
    written = {
        "name": table.name,
        "title": table.title,
        "as_of": _plain(table.as_of),
        "columns": [{"key": c.key, "heading": c.heading, "kind": c.kind} for c in table.columns],
        "rows": [],
    }
    yield orjson.dumps(written, option=orjson.OPT_INDENT_2, default=str).removesuffix(b"]\n}")
    before = b"\n"
    for some in batched(table.rows):
        rows = (dict(zip(keys, map(_plain, row), strict=True)) for row in some)
        yield before + b",\n".join(orjson.dumps(row, default=str) for row in rows)
        before = b",\n"
    yield b"\n]\n}"


def batched(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield the rows in lists of `AT_ONCE`."""
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def headings(table: Table) -> list[str]:
    """Return what stands above the columns, the time of the figures among them."""
    told = [column.heading for column in table.columns]
    return [*told, _("Figures as of")] if table.as_of else told


def _xlsx(table: Table) -> Iterator[bytes]:
    # What writes workbooks takes a fifth of a second to load, and most processes write none.
    from cacah.staff.workbooks import workbook

    yield workbook(table)


def dated(table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield the rows, each with the time of the figures: a row is often copied elsewhere."""
    for row in table.rows:
        yield (*row, table.as_of) if table.as_of else row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _harmless(value: Any) -> Any:
    """Return text with an apostrophe before what a spreadsheet would calculate."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


# Extension → content type and writer.
FORMATS: dict[str, tuple[str, Callable[[Table], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "json": ("application/json", _json),
}
