"""The office's page of jobs: what runs, how far, and ending it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from cacah.staff.models import AuditEntry
from cacah.staff.tests.cast import officer, signed_in
from cacah.staff.work.actions import begin
from cacah.staff.work.models import Advance

pytestmark = pytest.mark.django_db


@pytest.fixture
def national(client: Client) -> Client:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    return signed_in(client, officer("national"))


def test_it_shows_how_far_each_job_is(national: Client) -> None:
    begin("monitoring.rematch")
    job = ProcrastinateJob.objects.get()
    Advance.objects.create(job_id=job.id, done=1200, of=5000)
    page = national.get("/kantor/pekerjaan/").content.decode()
    assert "Mencari orang-orang daftar nama di register yang baru" in page
    assert "1.200 dari 5.000" in page and "Menunggu" in page
    assert "Look for the people" in national.get("/en/kantor/pekerjaan/").content.decode()


def test_an_officer_ends_a_job_and_leaves_a_trace(national: Client) -> None:
    begin("monitoring.rematch")
    job = ProcrastinateJob.objects.get()
    page = national.post(f"/kantor/pekerjaan/{job.id}/batal/", follow=True).content.decode()
    assert "Dibatalkan" in page
    assert AuditEntry.objects.filter(verb="staff.job_cancelled", subject=str(job.id)).exists()
    page = national.post(f"/kantor/pekerjaan/{job.id}/batal/", follow=True).content.decode()
    assert "Pekerjaan itu sudah berakhir" in page


def test_only_who_manages_the_nation_sees_jobs(client: Client) -> None:
    signed_in(client, officer("province", "33"))
    assert client.get("/kantor/pekerjaan/").status_code == 404
    assert client.post("/kantor/pekerjaan/1/batal/").status_code == 404
