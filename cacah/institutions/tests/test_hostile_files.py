"""Files made to do harm: small ones that would fill the memory, and characters no table has."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cacah.institutions import actions, drafts
from cacah.institutions.actions import uploads
from cacah.institutions.files import harmless, reading
from cacah.institutions.files.problems import BadRoster
from cacah.institutions.models import Institution, Stage
from cacah.institutions.tests.cast import institution, nik, people
from cacah.institutions.tests.test_roster_files import GOOD, refusal, rows_of, xlsx
from cacah.institutions.tests.test_roster_pages import WRONG, post, send
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db

SHEET = "xl/worksheets/sheet1.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = (
    b'<worksheet xmlns="' + MAIN + b'"><sheetData><row><c t="inlineStr"><is><t>NIK</t></is></c>'
    b'<c t="inlineStr"><is><t>Nama</t></is></c></row>'
)
TAIL = b"</sheetData></worksheet>"


@pytest.fixture
def dinas() -> Institution:
    return institution()


@pytest.fixture
def coordinator(client: Client, dinas: Institution) -> Client:
    return signed_in(client, officer("coordinator", "33.25", institution=dinas.pk))


def with_part(name: str, blocks: Iterable[bytes]) -> bytes:
    """Return a good workbook with one part replaced."""
    made = BytesIO()
    good = zipfile.ZipFile(BytesIO(xlsx(["NIK", "Nama"], [GOOD, "Siti"])))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        for each in good.namelist():
            if each != name:
                parts.writestr(each, good.read(each))
        with parts.open(name, "w") as part:
            for block in blocks:
                part.write(block)
    return made.getvalue()


@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml", "xl/workbook.xml"])
def test_it_refuses_millions_of_empty_elements(part: str):
    empty = b"<c/>" * (harmless.MOST_AT_ONCE + 1)
    assert refusal(with_part(part, [HEAD, b"<row>", empty, b"</row>", TAIL])) == "bomb"


def test_it_refuses_millions_of_elements_in_small_pieces(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(harmless, "MOST_TAGS", 10_000)
    assert refusal(with_part(SHEET, [HEAD, b"<row/>" * 10_001, TAIL])) == "bomb"


def test_a_wide_and_a_long_sheet_are_read():
    wide = b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>"
    assert rows_of(with_part(SHEET, [HEAD, wide, TAIL]))[0][3][-1] == "row:columns"
    row = b'<row><c t="inlineStr"><is><t>3325010101800001</t></is></c></row>'
    assert len(rows_of(with_part(SHEET, [HEAD, row * 9_000, TAIL]))) == 9_000


def test_it_refuses_a_document_type_wherever_it_hides():
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]>'
    late = [b"<!--" + b" " * (2 << 20) + b"-->", entity, HEAD, TAIL]
    assert refusal(with_part(SHEET, late)) == "broken"
    wide = '<?xml version="1.0" encoding="UTF-16"?>' + entity.decode() + "<a/>"
    assert refusal(with_part("xl/styles.xml", [wide.encode("utf-16")])) == "broken"


def test_rows_without_a_nik_do_not_pile_up(settings):
    settings.CACAH_ROSTER_ROWS = 100
    row = b'<row><c/><c t="inlineStr"><is><t>Siti</t></is></c></row>'
    with pytest.raises(BadRoster) as bad:
        for sheet in reading.read(BytesIO(with_part(SHEET, [HEAD, row * 101, TAIL]))):
            next(sheet.people)
    assert bad.value.code == "too-many"


def test_letters_no_table_has_are_left_out_of_what_is_noted(
    coordinator: Client, dinas: Institution
):
    raw = f"NIK;Nama;Ala\0mat;é\n{GOOD};Siti\0;x;y\n".encode("utf-16")
    upload = send(coordinator, dinas, raw)
    assert upload.stage == Stage.CHECKED
    assert {"code": "unused", "columns": "Ala mat, é"} in upload.sheets[0]["notes"]


def test_numbers_that_are_none_are_no_rows_and_no_sheets(coordinator: Client, dinas: Institution):
    upload = send(coordinator, dinas, WRONG)
    for number in ("²", "9" * 5000, "9" * 17):
        post(coordinator, upload, "perbaiki", row=number)
        post(coordinator, upload, "perbaiki", sheet=number)
    assert drafts.summary(upload).wrong == 3


def test_the_file_has_no_name_on_the_disk_while_it_is_read(
    coordinator: Client, dinas: Institution, monkeypatch: pytest.MonkeyPatch
):
    seen = []
    monkeypatch.setattr(
        uploads, "read", lambda file: seen.append((file.name, file.read())) or iter(())
    )
    send(coordinator, dinas, WRONG)
    ((name, raw),) = seen
    assert not isinstance(name, str)
    assert raw == WRONG.encode()


def test_who_would_leave_is_counted_in_one_pass_whatever_the_statistics_say(
    coordinator: Client, dinas: Institution
):
    unit = institution("Umum", parent=dinas)
    actions.add_entries(by=None, institution=dinas.pk, people=people(*range(4000)))
    actions.add_entries(by=None, institution=unit.pk, people=people(1, 9999))
    text = "".join(f"{nik(n)};Siti {n}\n" for n in range(1000, 5000))
    upload = send(coordinator, dinas, "NIK;Nama\n" + text)
    with CaptureQueriesContext(connection) as asked:
        assert drafts.leaving(upload, dinas) == 1002
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + asked[-1]["sql"])
        assert most_rows(cursor.fetchone()[0][0]["Plan"]) < 20_000


def most_rows(plan: dict[str, Any]) -> float:
    """Return how many rows the busiest step of a plan looked at, those left out among them."""
    here = (plan["Actual Rows"] + plan.get("Rows Removed by Join Filter", 0)) * plan["Actual Loops"]
    return max([here, *map(most_rows, plan.get("Plans", ()))])
