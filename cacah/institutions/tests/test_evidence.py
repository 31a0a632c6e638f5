"""The evaluation sheet: own people by name, others in counts, and nothing that runs in Excel."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from cacah.institutions import actions, evidence_pdf
from cacah.institutions.actions import Person
from cacah.institutions.evidence import Sheet
from cacah.institutions.models import Institution
from cacah.institutions.outsiders import Row
from cacah.institutions.participation_evidence import file_name
from cacah.institutions.queries import Tally
from cacah.institutions.tests.cast import answers, family, institution, people
from cacah.staff.models import AuditEntry
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinas() -> Institution:
    dinas = institution()
    unit = institution("Puskesmas Batang", parent=dinas)
    family(1, *range(1, 7))
    actions.add_entries(by=None, institution=unit.pk, people=people(*range(1, 9)))
    answers(1)
    return dinas


def cells(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_coordinators_get_units_and_people(client: Client, dinas: Institution) -> None:
    signed_in(client, officer("coordinator", "33.25", institution=dinas.pk))
    with override("id"):
        url = reverse("institution-evidence", args=[dinas.pk, "xlsx"])
    units, persons = cells(client.get(url).content).values()
    assert (1, "Puskesmas Batang", 8, 6, 0, 0, 2, 0, 75) in units
    assert len(persons) == 9
    pdf = client.get(url.replace("xlsx", "pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert pdf.content.count(b"/Type /Page\n") == 2
    assert AuditEntry.objects.filter(verb="institutions.evidence_made").count() == 2


def test_officers_get_counts_only(client: Client, dinas: Institution) -> None:
    signed_in(client, officer("regency", "33.25"))
    for name, args in (
        ("institution-evidence", [dinas.pk, "xlsx"]),
        ("institutions-evidence", ["xlsx"]),
    ):
        sheets = cells(client.get(reverse(name, args=args)).content)
        assert len(sheets) == 1
        assert "Pegawai" not in str(sheets)
    pdf = client.get(reverse("institution-evidence", args=[dinas.pk, "pdf"]))
    assert pdf.content.count(b"/Type /Page\n") == 1
    assert client.get(reverse("institutions-evidence", args=["exe"])).status_code == 404


def test_a_name_is_never_a_formula(client: Client, dinas: Institution) -> None:
    ani = officer("coordinator", "33.25", institution=dinas.pk)
    hostile = Person("3325010000000099", '=HYPERLINK("http://x")\x07')
    actions.add_entries(by=ani, institution=dinas.pk, people=[hostile])
    url = reverse("institution-evidence", args=[dinas.pk, "xlsx"])
    book = load_workbook(BytesIO(signed_in(client, ani).get(url).content))
    (cell,) = [c for row in book.worksheets[1] for c in row if "HYPERLINK" in str(c.value)]
    assert cell.data_type == "s"
    assert client.get(url.replace("xlsx", "pdf")).status_code == 200


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_long_sheet_has_its_heading_on_every_page(language: str) -> None:
    tally = Tally(1200, 30, 20, 4, 6)
    rows = [
        Row(f"Dinas {n} " + "panjang sekali " * (n % 9), n, tally, rank=n) for n in range(1, 90)
    ]
    with override(language):
        made = evidence_pdf.pdf(Sheet("Provinsi Jawa Tengah – 漢", rows, tally, signing=("A", "B")))
    assert made.count(b"/Type /Page\n") >= 3


def test_a_sheet_is_named_in_the_language_of_the_page_after_its_institution(
    client: Client, dinas: Institution
) -> None:
    hostile = 'Dinas "Kesehatan"\r\nX: y; /../ Ēka'
    Institution.objects.filter(pk=dinas.pk).update(name=hostile)
    signed_in(client, officer("coordinator", "33.25", institution=dinas.pk))
    day = timezone.localdate().isoformat()
    for language, sheet in (("id", "lembar-evaluasi"), ("en", "evaluation-sheet")):
        with override(language):
            url = reverse("institution-evidence", args=[dinas.pk, "pdf"])
        said = client.get(url)["Content-Disposition"]
        assert said == f'attachment; filename="{sheet}-dinas-kesehatan-x-y-eka-{day}.pdf"'
    with override("id"):
        assert file_name("漢字", timezone.localdate()) == f"lembar-evaluasi-{day}"
    assert len(file_name("x" * 150, timezone.localdate())) < 120
