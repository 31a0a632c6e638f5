"""The weekly report: an officer asks for it, a job makes it, and nobody else is given it."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.areas.packaged import packaged_areas
from cacah.monitoring.models import Report, WeeklyReport
from cacah.monitoring.reports import actions
from cacah.monitoring.reports.gathering import evaluation
from cacah.monitoring.reports.pdf import report_pdf
from cacah.registry.actions import set_census
from cacah.registry.models import ProgressDelta
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/kantor/perkembangan/laporan/"
ASK = "/kantor/perkembangan/wilayah/33.25/laporan/"
WEEKLY = "/kantor/perkembangan/wilayah/33.25/mingguan/"


@pytest.fixture
def batang() -> None:
    """Batang after two weeks, with its fifteen districts."""
    areas = packaged_areas()
    put_areas(
        (code, areas[code])
        for code in areas
        if (code[:2] == "33" and len(code) in (2, 4)) or (code[:4] == "3325" and len(code) == 6)
    )
    Area.objects.filter(code="3325").update(
        projected_population=640_000, target_percent=Decimal(17)
    )
    now = timezone.now()
    set_census(opens_at=now - timedelta(days=15), closes_at=now + timedelta(days=10))
    districts = sorted(code for code in areas if len(code) == 6 and code.startswith("3325"))
    for n, code in enumerate(districts):
        came(code, 30, expected=9_000 + 611 * n)
        for ago in range(14):
            came(code, ago, families=30 + 9 * n + 23 * (ago % 5))
    came("332401", 30, expected=40_000)
    came("332401", 2, families=9_000)


def came(area: str, ago: int, *, expected: int = 0, families: int = 0) -> None:
    ProgressDelta.objects.create(
        area=area, day=timezone.localdate() - timedelta(days=ago), mode="cawi" if families else "",
        expected_families=expected, expected_persons=expected * 3,
        opened_families=families, responded_families=families, responded_persons=families * 3,
        complete_families=families, complete_persons=families * 3,
    )  # fmt: skip


def make(report: Report) -> bool:
    told: list[int] = []
    done = actions.make(report_id=report.pk, job_id=1, tell=lambda *, done, of=0: told.append(done))
    assert told == sorted(told)
    return done


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_report_says_how_an_area_stands_and_every_denominator(batang, tmp_path):
    out = tmp_path / "batang.pdf"
    call_command("report", "weekly", "--area", "33.25", "--out", str(out), "--language", "en")
    text = text_of(out.read_bytes())
    for words in (
        "Weekly evaluation: Kabupaten Batang",
        "Figures as of",
        "199,155 families in the register",
        "target of 108,800 people",
        "640,000 people projected",
        "Pace needed",
        "of 35, by per cent",
        "Districts: the first 5",
        "Districts: the last 5",
        "to be verified",
        "Page 1 of 2",
    ):
        assert words in " ".join(text.split()), words
    assert "Banyuputih" in text and "Wonotunggal" in text


def test_the_report_can_be_looked_at(batang, tmp_path):
    out = tmp_path / "batang.pdf"
    call_command("report", "weekly", "--area", "33.25", "--out", str(out))
    page = pypdfium2.PdfDocument(out.read_bytes())[0]
    picture = page.render(scale=1.3).to_pil()
    pictures = Path(os.environ.get("CACAH_PICTURES") or tmp_path)
    picture.quantize(32).save(pictures / "weekly-report.png", optimize=True)
    # Something is drawn in every tenth of the page, and nothing in the margin.
    grey = picture.convert("L")
    width, height = grey.size
    bands = [grey.crop((0, height * n // 10, width, height * (n + 1) // 10)) for n in range(9)]
    assert all(band.getextrema()[0] < 128 for band in bands)
    assert grey.crop((0, 0, width // 20, height)).getextrema()[0] == 255


def test_the_first_and_the_last_are_areas_of_which_the_register_has_persons(batang):
    found = evaluation("33")
    assert found is not None
    # Of the 35 regencies of the province two have begun.
    assert [each.figures.area for each in found.best] == ["3324", "3325"]
    assert found.last == []
    banten = text_of(report_pdf(evaluation("3301"), "en"))
    assert "Rank among the areas beside it" not in banten


def test_whoever_presses_twice_has_one_report(client, batang):
    someone = officer("regency", "33.25")
    first = actions.ask(by=someone, area="3325", language="id")
    assert actions.ask(by=someone, area="3325", language="id") == first
    assert actions.ask(by=someone, area="332501", language="id") != first
    assert actions.ask(by=someone, area="3325", language="en") != first
    make(first)
    assert actions.ask(by=someone, area="3325", language="id") != first


def test_an_area_without_anything_still_has_a_report(db, tmp_path):
    put_areas([("33", "Jawa Tengah"), ("3325", "Kabupaten Batang")])
    now = timezone.now()
    set_census(opens_at=now - timedelta(days=5), closes_at=now - timedelta(days=1))
    out = tmp_path / "empty.pdf"
    call_command("report", "weekly", "--area", "3325", "--out", str(out), "--language", "en")
    assert "The register has nobody here." in text_of(out.read_bytes())


@pytest.mark.parametrize("area", ["33.99", "abc", "33.25.01.2001"])
def test_the_command_refuses_an_area_that_has_no_report(batang, tmp_path, area):
    with pytest.raises(CommandError):
        call_command("report", "weekly", "--area", area, "--out", str(tmp_path / "no.pdf"))
    assert not list(tmp_path.iterdir())


def test_an_officer_asks_waits_and_takes_the_report(client, batang):
    batang_officer = officer("regency", "33.25")
    signed_in(client, batang_officer)
    assert client.post(ASK).status_code == 302
    assert "http-equiv" in client.get(PAGE).content.decode()
    report = Report.objects.get()
    assert client.get(f"{PAGE}{report.pk}/").status_code == 404
    assert make(report)
    page = client.get(PAGE).content.decode()
    assert "Kabupaten Batang" in page and "http-equiv" not in page
    taken = client.get(f"{PAGE}{report.pk}/")
    assert taken["Content-Type"] == "application/pdf"
    assert taken.content.startswith(b"%PDF")
    name = f"evaluasi-33.25-{timezone.localdate()}.pdf"
    assert name in taken["Content-Disposition"]
    assert taken["Cache-Control"] == "no-store"


def test_the_report_of_another_is_as_one_that_never_was(client, batang):
    report = actions.ask(by=officer("regency", "33.25"), area="3325", language="id")
    make(report)
    signed_in(client, officer("regency", "33.25"))
    pages = [client.get(f"{PAGE}{number}/") for number in (report.pk, report.pk + 1)]
    assert [page.status_code for page in pages] == [404, 404]
    # The address itself stands in the links to other languages.
    theirs, none = (re.sub(r"laporan/\d+", "", page.content.decode()) for page in pages)
    assert theirs == none
    assert client.post(f"{PAGE}{report.pk}/hapus/").status_code == 404
    assert Report.objects.count() == 1
    assert "Kabupaten Batang" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("code", ["33", "33.24", "33.25.01.2001", "indonesia", "99"])
def test_nobody_asks_for_what_lies_outside_their_scope(client, batang, code):
    signed_in(client, officer("regency", "33.25"))
    for part in ("laporan", "mingguan"):
        assert client.post(f"/kantor/perkembangan/wilayah/{code}/{part}/").status_code == 404
    assert not Report.objects.exists()


def test_who_lost_the_area_gets_nothing(client, batang):
    lost = officer("regency", "33.25")
    made = actions.ask(by=lost, area="3325", language="id")
    make(made)
    waiting = actions.ask(by=lost, area="3325", language="id")
    lost.grants.update(until_day=timezone.localdate() - timedelta(days=1))
    assert not make(waiting)
    signed_in(client, lost)
    assert client.get(f"{PAGE}{made.pk}/").status_code == 404


def test_a_report_is_cancelled_before_it_is_made(client, batang):
    someone = officer("regency", "33.25")
    report = actions.ask(by=someone, area="3325", language="id")
    signed_in(client, someone)
    assert client.post(f"{PAGE}{report.pk}/hapus/").status_code == 302
    assert not make(report)
    assert not Report.objects.exists()


def test_nobody_waits_for_more_than_a_few(client, batang):
    signed_in(client, officer("regency", "33.25"))
    for n in range(actions.MOST_OPEN + 2):
        client.post(f"/kantor/perkembangan/wilayah/33.25.{n + 1:02}/laporan/")
    assert Report.objects.count() == actions.MOST_OPEN
    assert "laporan Anda masih dibuat" in client.get(PAGE).content.decode()


def test_wishes_are_met_once_a_week(client, batang):
    signed_in(client, officer("regency", "33.25"))
    client.post(WEEKLY, {"wanted": "1"})
    client.post(WEEKLY, {"wanted": "1"})
    today = timezone.localdate()
    assert [actions.ask_weekly(today=today), actions.ask_weekly(today=today)] == [1, 0]
    assert actions.ask_weekly(today=today + timedelta(days=7)) == 1
    client.post(WEEKLY, {"wanted": "0"})
    assert not WeeklyReport.objects.exists()


def test_old_reports_are_thrown_away(batang, settings):
    actions.ask(by=officer("regency", "33.25"), area="3325", language="id")
    now = timezone.now()
    days = settings.CACAH_REPORT_DAYS
    assert actions.forget(now=now + timedelta(days=days - 1)) == 0
    assert actions.forget(now=now + timedelta(days=days + 1)) == 1
