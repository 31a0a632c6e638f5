"""A name is looked for among people who are encrypted: exact about their state, and bounded."""

from __future__ import annotations

import pytest
from django.test import Client

from cacah.institutions import actions, listing
from cacah.institutions.models import Institution
from cacah.institutions.tests.cast import answers, family, institution, people
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinas() -> Institution:
    family(1, 11), family(2, 12)
    top = institution()
    unit = institution("Bagian Umum", parent=top)
    actions.add_entries(by=None, institution=top.pk, people=people(11, 12, 13))
    actions.add_entries(by=None, institution=top.pk, people=people(21, unit=unit))
    return top


@pytest.fixture
def desk(client: Client, dinas: Institution) -> Client:
    return signed_in(client, officer("coordinator", "33.25", institution=dinas.pk))


def names(desk: Client, dinas: Institution, **query: str) -> list[str]:
    rows = desk.get(f"/kantor/instansi/{dinas.pk}/", query).context["people"]["rows"]
    return [f"{row['name']}: {row['state']}" for row in rows]


def test_who_is_found_stands_where_what_is_pending_says(desk: Client, dinas: Institution):
    answers(2)
    assert names(desk, dinas, nama="pegawai 1") == [
        "Pegawai 11: Belum", "Pegawai 12: Sudah mengisi", "Pegawai 13: Tidak ditemukan",
        "Pegawai 21: Tidak ditemukan",
    ]  # fmt: skip
    assert names(desk, dinas, nama="pegawai 1", keadaan="complete") == ["Pegawai 12: Sudah mengisi"]
    assert names(desk, dinas, keadaan="complete") == ["Pegawai 12: Sudah mengisi"]
    assert names(desk, dinas, nama="budi") == []


def test_among_too_many_a_unit_has_to_be_chosen(
    desk: Client, dinas: Institution, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(listing, "MOST_SEARCHED", 3)
    address = f"/kantor/instansi/{dinas.pk}/"
    said = desk.get(address, {"nama": "pegawai"})
    assert "Pilih satu unit, lalu cari lagi." in said.content.decode()
    assert said.context["people"]["rows"] == []
    assert desk.get(address, {"nama": "pegawai", "format": "csv"}).status_code == 404
    # Without a name, and in one unit, everybody is listed.
    assert len(names(desk, dinas)) == 4
    unit = str(dinas.units.get().pk)
    assert names(desk, dinas, nama="21", unit=unit) == ["Pegawai 21: Tidak ditemukan"]
