"""A large roster is stored by a job: it says how far it is, can be ended, and is all or nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.exceptions import JobAborted

from cacah.institutions import actions, queries
from cacah.institutions.actions import roster, taking, uploads
from cacah.institutions.models import Institution, RosterEntry, Stage, Upload, UploadRow
from cacah.institutions.tests.cast import family, institution, nik, people
from cacah.institutions.tests.test_roster_pages import page, post, send
from cacah.staff.models import Grant, Officer
from cacah.staff.tests.cast import officer, signed_in
from cacah.staff.work.models import Advance
from cacah.staff.work.queries import jobs

pytestmark = pytest.mark.django_db
SEVEN = "NIK;Nama;Unit Kerja\n" + "".join(f"{nik(n)};Siti {n};Umum\n" for n in range(1, 8))


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 2)
    monkeypatch.setattr(taking, "_TELL_EVERY", 3)
    monkeypatch.setattr(roster, "_AT_ONCE", 3)


@pytest.fixture
def dinas() -> Institution:
    return institution()


@pytest.fixture
def ani(dinas: Institution) -> Officer:
    return officer("coordinator", "33.25", institution=dinas.pk)


@pytest.fixture
def desk(client: Client, ani: Officer) -> Client:
    return signed_in(client, ani)


@pytest.fixture
def asked(desk: Client, dinas: Institution) -> Upload:
    """Seven people whom a job is to put on the roster."""
    upload = send(desk, dinas, SEVEN)
    post(desk, upload, "simpan", how="add")
    upload.refresh_from_db()
    return upload


def so_far(desk: Client, upload: Upload) -> dict[str, object]:
    address = f"/kantor/instansi/{upload.institution_id}/unggah/{upload.pk}/kemajuan"
    return dict(desk.get(address).json())


def ends(job: int | None, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [state, job])


def raising(error: type[BaseException], *, at: int) -> taking.Tell:
    def tell(*, done: int, of: int = 0) -> None:
        if done >= at:
            raise error

    return tell


def test_a_large_roster_is_stored_by_a_job(desk: Client, dinas: Institution, asked: Upload):
    family(1, 1)
    assert asked.stage == Stage.STORING and not RosterEntry.objects.exists()
    assert [(job.id, job.state) for job in jobs()] == [(asked.job_id, "todo")]
    assert so_far(desk, asked) == {
        "percent": None, "done": False, "text": "Penyimpanan segera dimulai.",
    }  # fmt: skip
    told: list[tuple[int, int]] = []
    assert taking.take_asked(upload=asked.pk, tell=lambda *, done, of=0: told.append((done, of)))
    # First rows are opened, then stored.
    assert told == [(n, 14) for n in (3, 6, 10, 13, 14)]
    asked.refresh_from_db()
    assert (asked.stage, asked.result["added"], asked.wish) == (Stage.STORED, 7, None)
    assert not UploadRow.objects.exists()
    counts = queries.participation(dinas.pk)
    assert (counts.people, counts.not_yet, counts.not_found) == (7, 1, 6)
    assert "Baru: 7" in page(desk, asked)
    assert not taking.take_asked(upload=asked.pk, tell=taking.silent)


@pytest.mark.parametrize("lost", ["grant", "access"])
def test_nothing_is_stored_for_a_coordinator_who_is_none_any_more(
    ani: Officer, asked: Upload, lost: str
):
    if lost == "grant":
        Grant.objects.update(revoked_at=timezone.now())
    else:
        Officer.objects.filter(pk=ani.pk).update(suspended_at=timezone.now())
    assert not taking.take_asked(upload=asked.pk, tell=taking.silent)
    asked.refresh_from_db()
    assert asked.stage == Stage.CHECKED
    assert not RosterEntry.objects.exists()


def test_the_page_says_how_many_per_cent_are_stored(desk: Client, asked: Upload):
    Advance.objects.create(job_id=asked.job_id, done=7, of=14)
    assert so_far(desk, asked)["percent"] == 50
    shown = page(desk, asked)
    assert '<progress max="100" value="50"' in shown and "50 % tersimpan" in shown
    Advance.objects.update(done=14)
    # The last one is the commit.
    assert so_far(desk, asked) == {"percent": 99, "done": False, "text": "99 % tersimpan"}


def test_the_page_says_how_many_per_cent_are_read(desk: Client, dinas: Institution):
    upload = send(desk, dinas, SEVEN)
    assert (upload.rows_read, upload.rows_total) == (7, 7)
    Upload.objects.update(stage=Stage.READING, rows_read=500, rows_total=2000)
    assert so_far(desk, upload) == {
        "rows": 500, "percent": 25, "done": False, "text": "500 baris terbaca",
    }  # fmt: skip
    assert '<progress max="100" value="25"' in page(desk, upload)


def test_what_is_being_stored_can_be_neither_changed_nor_dropped_nor_taken_twice(
    desk: Client, ani: Officer, asked: Upload
):
    for verb in (
        lambda: uploads.drop_upload(by=ani, upload=asked),
        lambda: uploads.correct_rows(by=ani, upload=asked, rows={2: {"nik": "1"}}),
        lambda: taking.take_upload(by=ani, upload=asked, replace=True, units={}),
    ):
        with pytest.raises(uploads.NotReady):
            verb()
    post(desk, asked, "batal")
    assert asked.rows.count() == 7 and len(jobs()) == 1
    assert "sudah berubah" in page(desk, asked)


@pytest.mark.parametrize("at", [3, 10, 14])
def test_who_ends_a_job_finds_the_roster_as_it_was(
    desk: Client, dinas: Institution, asked: Upload, at: int
):
    with pytest.raises(JobAborted):
        taking.take_asked(upload=asked.pk, tell=raising(JobAborted, at=at))
    asked.refresh_from_db()
    assert asked.stage == Stage.CHECKED and asked.rows.count() == 7
    assert not RosterEntry.objects.exists() and not dinas.units.exists()
    assert "terputus" not in page(desk, asked) and "Masukkan 7 orang" in page(desk, asked)


def test_what_fails_is_given_back_and_said(desk: Client, dinas: Institution, asked: Upload):
    with pytest.raises(ZeroDivisionError):
        taking.take_asked(upload=asked.pk, tell=raising(ZeroDivisionError, at=13))
    asked.refresh_from_db()
    assert "Penyimpanan terputus." in page(desk, asked) and not RosterEntry.objects.exists()
    post(desk, asked, "simpan", how="add")
    taking.take_asked(upload=asked.pk, tell=taking.silent)
    assert queries.participation(dinas.pk).people == 7


def test_who_ends_it_before_it_has_begun_can_take_it_again(desk: Client, asked: Upload):
    post(desk, asked, "batal", stop="1")
    assert not taking.take_asked(upload=asked.pk, tell=taking.silent)
    shown = page(desk, asked)
    assert "Penyimpanan dihentikan." in shown and re.search("Masukkan 7 orang", shown)
    post(desk, asked, "simpan", how="add")
    asked.refresh_from_db()
    assert asked.stage == Stage.STORING


def test_a_job_that_was_lost_for_good_leaves_no_upload_behind_that_waits_for_ever(
    desk: Client, asked: Upload
):
    ends(asked.job_id, "failed")
    assert so_far(desk, asked)["done"]
    assert "Penyimpanan terputus." in page(desk, asked)
    asked.refresh_from_db()
    assert asked.stage == Stage.CHECKED


def test_replacing_in_several_steps_takes_off_only_who_is_in_none_of_them(
    desk: Client, dinas: Institution
):
    actions.add_entries(by=None, institution=dinas.pk, people=people(1, 4, 7, 8, 9))
    upload = send(desk, dinas, SEVEN)
    post(desk, upload, "simpan", how="replace")
    taking.take_asked(upload=upload.pk, tell=taking.silent)
    upload.refresh_from_db()
    assert upload.result == {"added": 4, "kept": 3, "removed": 2, "replace": True}
    assert queries.participation(dinas.pk).people == 7
    assert queries.recount(dinas.pk) == {"not_found": 7}
