"""A coordinator uploads a roster with ten kinds of mistakes and repairs it by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from cacah.institutions import queries
from cacah.institutions.actions import taking
from cacah.institutions.models import Institution, RosterEntry, Upload
from cacah.institutions.tests.cast import family, institution, nik
from cacah.staff.tests.cast import officer
from cacah.staff.work.models import Advance

from .test_institutions import look_at, opened_by

GOOD = "3325010101800001"
UNIT = "Sekretariat"
ROWS = (
    (GOOD, "Siti Aminah", UNIT),
    ("", "Tanpa NIK", UNIT),
    ("332501010180000", "Lima Belas", UNIT),
    ("33250101O1800003", "Huruf O", UNIT),
    ("3.32501E+15", "Notasi Ilmiah", UNIT),
    (3325010101800050, "Angka Bulat", UNIT),
    ("=A1", "Rumus", UNIT),
    ("1111111111111111", "Serba Satu", UNIT),
    (GOOD, "Orang Lain", UNIT),
    ("3325010101800010", "", UNIT),
    (GOOD, "Siti Aminah", "Bidang Lain"),
    ("3325010101800012", "Budi Santoso", UNIT),
)
# By row: what is typed into the NIK, or into the name where the NIK is right.
NEW_NIKS = {row: nik(row) for row in (3, 4, 5, 6, 7, 8, 9)}


@pytest.fixture
def dinas(site: str) -> Institution:
    family(1, 3, 4)
    return institution("Dinas Kesehatan")


@pytest.fixture
def desk(browser: Browser, site: str, dinas: Institution) -> Iterator[Page]:
    ani = officer("coordinator", "33.25", institution=dinas.pk, email="ani@example.org")
    with opened_by(browser, site, ani, wide=True) as context:
        yield context.new_page()


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    book = Workbook()
    book.active.append(["NIK", "Nama Lengkap", "Unit Kerja"])
    for row in ROWS:
        book.active.append(row)
    path = tmp_path / "pegawai.xlsx"
    book.save(path)
    return path


def send(page: Page, site: str, dinas: Institution, path: Path) -> None:
    page.goto(f"{site}/kantor/instansi/{dinas.pk}/unggah/")
    page.get_by_label("Berkas", exact=True).set_input_files(path)
    page.get_by_role("button", name="Kirim dan periksa").click()


def test_a_roster_with_ten_mistakes_is_repaired_by_keyboard(
    desk: Page, site: str, dinas: Institution, roster: Path
) -> None:
    desk.goto(f"{site}/kantor/instansi/{dinas.pk}/unggah/")
    look_at(desk, "roster-upload")
    send(desk, site, dinas, roster)
    expect(desk.get_by_role("heading", name="10 baris perlu Anda perbaiki")).to_be_visible()
    look_at(desk, "roster-mistakes")
    for row, number in NEW_NIKS.items():
        field = desk.locator(f"#nik-{row}")
        field.focus()
        desk.keyboard.press("Control+A")
        desk.keyboard.type(number)
    desk.keyboard.press("Tab")  # to the name of the row
    assert desk.evaluate("document.activeElement.id") == "name-9"
    desk.locator("#name-11").focus()
    desk.keyboard.type("Wati")
    for row in (10, 12):
        desk.locator(f"[name=out-{row}]").focus()
        desk.keyboard.press("Space")
    desk.locator("#nik-3").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="10 orang, semua baris benar")).to_be_visible()
    assert not RosterEntry.objects.exists()
    look_at(desk, "roster-ready")
    desk.get_by_role("button", name="Masukkan 10 orang").click()
    expect(desk.get_by_text("Daftar sudah dimasukkan.")).to_be_visible()
    counts = queries.participation(dinas.pk)
    assert (counts.people, counts.not_yet, counts.not_found) == (10, 2, 8)
    assert [each.name for each in queries.league(institution=dinas.pk)] == [UNIT]


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    desk: Page, site: str, dinas: Institution, tmp_path: Path
) -> None:
    path = tmp_path / "besar.csv"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.method))
    send(desk, site, dinas, path)
    expect(desk.get_by_role("alert")).to_contain_text("lebih besar dari 20 MB")
    assert "POST" not in sent


def test_a_large_roster_says_how_far_it_is_until_it_is_stored(
    desk: Page, site: str, dinas: Institution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 1)
    path = tmp_path / "pegawai.csv"
    path.write_text(f"NIK;Nama\n{GOOD};Siti\n{nik(3)};Budi\n")
    send(desk, site, dinas, path)
    desk.get_by_role("button", name="Masukkan 2 orang").click()
    expect(desk.get_by_text("Penyimpanan segera dimulai.")).to_be_visible()
    upload = Upload.objects.get()
    Advance.objects.create(job_id=upload.job_id, done=1, of=4)
    expect(desk.get_by_text("25 % tersimpan")).to_be_visible()
    expect(desk.get_by_role("progressbar")).to_have_attribute("value", "25")
    look_at(desk, "roster-storing")
    taking.take_asked(upload=upload.pk, tell=taking.silent)
    expect(desk.get_by_text("Daftar sudah dimasukkan.")).to_be_visible()


def test_without_a_script_the_form_works_too(
    browser: Browser, site: str, dinas: Institution, tmp_path: Path
) -> None:
    path = tmp_path / "pegawai.csv"
    path.write_text(f"NIK;Nama\n{GOOD};Siti\n")
    ani = officer("coordinator", "33.25", institution=dinas.pk, email="ani@example.org")
    with opened_by(browser, site, ani, wide=False) as context:
        context.route("**/*.js", lambda route: route.abort())
        page = context.new_page()
        send(page, site, dinas, path)
        page.get_by_role("button", name="Masukkan 1 orang").click()
        expect(page.get_by_text("Daftar sudah dimasukkan.")).to_be_visible()
    assert Upload.objects.get().result["added"] == 1
