"""A coordinator uploads a roster: what is wrong is shown, corrected in place, and taken whole."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cacah.institutions import actions, drafts, queries, sealing
from cacah.institutions.actions import taking, uploads
from cacah.institutions.models import Institution, RosterEntry, Stage, Upload, UploadRow
from cacah.institutions.tests.cast import family, institution, nik, people
from cacah.staff.models import AuditEntry
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
WRONG = f"""NIK;Nama;NIP;Unit Kerja
{nik(1)};Siti;1;Umum
{nik(2)[:-1]};Budi;2;Umum
{nik(1)};Orang Lain;3;Umum
{nik(3)};Ani;4;Keuangan
33250101O1800001;Ipin;5;Umum
{nik(1)};SITI;1;Umum
"""


@pytest.fixture
def dinas() -> Institution:
    return institution()


@pytest.fixture
def coordinator(client: Client, dinas: Institution) -> Client:
    return signed_in(client, officer("coordinator", "33.25", institution=dinas.pk))


def send(client: Client, of: Institution, text: str | bytes, name: str = "roster.csv") -> Upload:
    """Upload a file and return what became of it."""
    raw = text.encode() if isinstance(text, str) else text
    upload = uuid4()
    answer = client.post(
        f"/kantor/instansi/{of.pk}/unggah/",
        {"upload": str(upload), "file": SimpleUploadedFile(name, raw)},
    )
    assert answer.status_code == 302
    return Upload.objects.get(pk=upload)


def page(client: Client, upload: Upload) -> str:
    answer = client.get(f"/kantor/instansi/{upload.institution_id}/unggah/{upload.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, upload: Upload, verb: str, **values: str | list[str]) -> None:
    address = f"/kantor/instansi/{upload.institution_id}/unggah/{upload.pk}/{verb}"
    assert client.post(address, values).status_code == 302


def test_a_roster_is_corrected_in_place_and_taken(coordinator: Client, dinas: Institution):
    family(1, 1)
    upload = send(coordinator, dinas, WRONG)
    shown = page(coordinator, upload)
    assert re.findall(r'name="row" value="(\d+)"', shown) == ["3", "4", "6"]
    assert "15" in shown and "Orang Lain" in shown
    assert not RosterEntry.objects.exists()
    post(coordinator, upload, "simpan", how="add")
    assert not RosterEntry.objects.exists()
    corrected = {"row": ["3", "4"], "nik-3": nik(2), "name-3": "Budi", "out-4": "1"}
    post(coordinator, upload, "perbaiki", row="6", **{"out-6": "1"})
    post(coordinator, upload, "perbaiki", **corrected)
    post(coordinator, upload, "simpan", how="add")
    upload.refresh_from_db()
    assert (upload.stage, upload.result["added"]) == (Stage.STORED, 3)
    assert not UploadRow.objects.exists()
    units = {each.name: each.asked for each in queries.league(institution=dinas.pk)}
    assert units == {"Keuangan": 1, "Umum": 1}
    assert queries.participation(dinas.pk).own.asked == 1
    assert queries.participation(dinas.pk).not_yet == 1
    assert "Anda" in page(coordinator, upload) or upload.file_name in page(coordinator, upload)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"institutions.roster_uploaded", "institutions.roster_taken"} <= verbs


def test_replacing_takes_off_who_is_not_in_the_file(coordinator: Client, dinas: Institution):
    actions.add_entries(by=None, institution=dinas.pk, people=people(1, 2, 3))
    upload = send(coordinator, dinas, f"NIK,Nama\n{nik(1)},Siti\n{nik(9)},Baru\n")
    assert 'value="replace"' in page(coordinator, upload)
    post(coordinator, upload, "simpan", how="replace")
    upload.refresh_from_db()
    assert upload.result == {"added": 1, "kept": 1, "removed": 2, "replace": True}
    assert queries.participation(dinas.pk).people == 2


def test_a_sheet_is_chosen_where_several_hold_people(coordinator: Client, dinas: Institution):
    from cacah.institutions.tests.test_roster_files import xlsx

    two = {"A": [["NIK", "Nama"], [nik(1), "Siti"]], "B": [["NIK", "Nama"], [nik(2), "Budi"]]}
    upload = send(coordinator, dinas, xlsx(["Petunjuk"], **two), "roster.xlsx")
    assert 'name="sheet"' in page(coordinator, upload)
    post(coordinator, upload, "perbaiki", sheet="1")
    post(coordinator, upload, "simpan", how="add")
    entry = RosterEntry.objects.get()
    words = sealing.opened(bytes(entry.nik_digest), bytes(entry.sealed))
    assert words == {"name": "Budi", "nik": nik(2)[-4:], "number": ""}


def test_a_file_that_cannot_be_used_is_explained(coordinator: Client, dinas: Institution):
    upload = send(coordinator, dinas, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls")
    assert upload.stage == Stage.REFUSED
    assert ".xlsx" in page(coordinator, upload)


def test_200_megabytes_are_refused_unread(coordinator: Client, dinas: Institution):
    class Unread:
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

        readline = read

    answer = coordinator.generic(
        "POST",
        f"/kantor/instansi/{dinas.pk}/unggah/",
        **{"CONTENT_LENGTH": str(200 << 20), "wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()


def test_more_people_than_the_limit_are_refused_whole(coordinator, dinas, settings):
    settings.CACAH_ROSTER_ROWS = 2
    upload = send(coordinator, dinas, "NIK,Nama\n" + "".join(f"{nik(n)},Siti\n" for n in range(9)))
    assert (upload.stage, upload.problem["code"]) == (Stage.REFUSED, "too-many")
    assert not UploadRow.objects.exists()


def test_a_row_beyond_a_thousand_is_corrected_too(coordinator: Client, dinas: Institution):
    lines = [f"{nik(n)},Siti" for n in range(1200)]
    upload = send(coordinator, dinas, "\n".join(["NIK,Nama", *lines, "1,Budi"]))
    assert 'name="nik-1202"' in page(coordinator, upload)
    post(
        coordinator,
        upload,
        "perbaiki",
        **{"row": "1202", "nik-1202": nik(5000), "name-1202": "A B"},
    )
    post(coordinator, upload, "simpan", how="add")
    assert queries.participation(dinas.pk).people == 1201


def test_a_dropped_upload_leaves_nothing(coordinator: Client, dinas: Institution):
    upload = send(coordinator, dinas, WRONG)
    post(coordinator, upload, "batal")
    assert not Upload.objects.exists() and not UploadRow.objects.exists()


def test_an_upload_is_forgotten_when_its_time_is_over(coordinator, dinas):
    send(coordinator, dinas, WRONG)
    assert uploads.forget_uploads(at=timezone.now() + timedelta(days=6)) == 0
    assert uploads.forget_uploads(at=timezone.now() + timedelta(days=8)) == 1
    assert not UploadRow.objects.exists()


def test_a_draft_holds_no_number_and_no_name_in_the_clear(coordinator, dinas):
    upload = send(coordinator, dinas, WRONG)
    kept = b"".join(bytes(row.sealed) + str(row.problems).encode() for row in upload.rows.all())
    for secret in (b"Siti", b"Budi", nik(1).encode(), b"33250101O1"):
        assert secret not in kept


def test_others_see_no_upload(coordinator: Client, dinas: Institution):
    upload = send(coordinator, dinas, WRONG)
    other = institution("Bappeda")
    for stranger in (
        officer("coordinator", "33.25", institution=other.pk),
        officer("province", "33"),
        officer("national"),
    ):
        client = signed_in(Client(), stranger)
        for path in ("", f"{upload.pk}/", f"{upload.pk}/kemajuan"):
            assert client.get(f"/kantor/instansi/{dinas.pk}/unggah/{path}").status_code == 404
        for verb in ("perbaiki", "simpan", "batal"):
            address = f"/kantor/instansi/{dinas.pk}/unggah/{upload.pk}/{verb}"
            assert client.post(address).status_code == 404
    assert coordinator.get(f"/kantor/instansi/{other.pk}/unggah/{upload.pk}/").status_code == 404


def test_a_form_from_elsewhere_is_refused(dinas: Institution):
    client = Client(enforce_csrf_checks=True)
    signed_in(client, officer("coordinator", "33.25", institution=dinas.pk))
    sent = {"upload": str(uuid4()), "file": SimpleUploadedFile("a.csv", WRONG.encode())}
    assert client.post(f"/kantor/instansi/{dinas.pk}/unggah/", sent).status_code == 403
    assert not Upload.objects.exists()


def test_a_correction_is_not_lost_to_an_older_page(coordinator: Client, dinas: Institution):
    upload = send(coordinator, dinas, WRONG)
    first = {"nik-3": nik(2), "name-3": "Budi"}
    older = {"nik-3": nik(2)[:-1], "name-3": "Budi", "nik-6": nik(5), "name-6": "Ipin"}
    post(coordinator, upload, "perbaiki", row="3", **first)
    post(coordinator, upload, "perbaiki", row=["3", "6"], **older)
    assert drafts.wrong_numbers(upload) == [4]
    assert "sudah diperbaiki orang lain" in page(coordinator, upload)


def test_who_drops_what_somebody_has_taken_is_told(coordinator: Client, dinas: Institution):
    by = officer("coordinator", "33.25", institution=dinas.pk)
    upload = send(coordinator, dinas, f"NIK;Nama\n{nik(1)};Siti\n")
    taking.take_upload(by=by, upload=Upload.objects.get(pk=upload.pk), replace=False, units={})
    with pytest.raises(uploads.NotReady):
        uploads.drop_upload(by=by, upload=upload)
    post(coordinator, upload, "batal")
    assert Upload.objects.get(pk=upload.pk).stage == Stage.STORED
    assert "sudah berubah" in page(coordinator, upload)


def test_which_unit_is_meant_is_said_by_its_name(coordinator: Client, dinas: Institution):
    unit = institution("Bagian Umum", parent=dinas)
    upload = send(coordinator, dinas, f"NIK;Nama;Unit\n{nik(1)};Siti;Umum\n{nik(2)};Budi;Arsip\n")
    assert 'name="named-1" value="Umum"' in page(coordinator, upload)
    # A list that was another one when the page was shown.
    post(coordinator, upload, "simpan", **{"named-0": "Umum", "unit-0": str(unit.pk)})
    assert queries.participation(unit.pk).people == 1
    assert dinas.units.filter(name="Arsip").exists()
    assert not dinas.units.filter(name="Umum").exists()
