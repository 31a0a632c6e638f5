"""An open page of an institution is kept true with a handful of bytes."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cacah.institutions import actions
from cacah.institutions.actions.matching import rematch
from cacah.institutions.models import Institution
from cacah.institutions.tests.cast import answers, family, institution, people
from cacah.staff.models import AuditEntry
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinas() -> Institution:
    dinas = institution()
    unit = institution("Puskesmas", parent=dinas)
    family(1, *range(1, 7))
    actions.add_entries(by=None, institution=unit.pk, people=people(*range(1, 7)))
    return dinas


@pytest.mark.parametrize("role", ["coordinator", "regency"])
def test_nothing_is_sent_while_nothing_changes_and_the_figures_when_a_family_answers(
    client: Client, dinas: Institution, role: str
) -> None:
    own = {"institution": dinas.pk} if role == "coordinator" else {}
    signed_in(client, officer(role, "33.25", **own))
    page = client.get(reverse("institution", args=[dinas.pk]))
    version = page.context["version"]
    assert f'data-version="{version}"' in page.content.decode()
    url = reverse("institution-figures", args=[dinas.pk])
    looks = AuditEntry.objects.count()
    same = client.get(url, headers={"If-None-Match": f'"{version}"'})
    assert (same.status_code, same.content) == (304, b"")
    assert same["X-As-Of"].isascii()
    answers(1)
    changed = client.get(url, headers={"If-None-Match": f'"{version}"'})
    assert changed.status_code == 200
    assert changed["ETag"] != f'"{version}"'
    assert "6 dari 6" in changed.content.decode()
    # Counts only: no name is sent, so no look at people is noted.
    assert "Pegawai" not in changed.content.decode()
    assert AuditEntry.objects.count() == looks


def test_whether_anything_has_changed_tells_nothing_of_figures_that_are_withheld(
    client: Client, dinas: Institution
) -> None:
    family(2, *range(11, 14))
    actions.add_entries(by=None, institution=dinas.pk, people=people(*range(11, 14)))
    signed_in(client, officer("regency", "33.25"))
    url = reverse("institution-figures", args=[dinas.pk])
    worlds = []
    for numbers in (range(11, 14), range(1, 4)):
        with transaction.atomic():
            # Three of the nine people are complete: those on the own roster, or half of the unit.
            family(3, *numbers)
            answers(3)
            rematch()
            shown = client.get(url)
            worlds.append((shown.content.decode(), shown["ETag"]))
            transaction.set_rollback(True)
    (one, tag), (other, another) = worlds
    assert "3 dari 9" in one
    assert one == other
    assert tag == another


def test_figures_of_another_institution_are_an_unknown_address(
    client: Client, dinas: Institution
) -> None:
    other = institution("Dinas Lain")
    signed_in(client, officer("coordinator", "33.25", institution=other.pk))
    assert client.get(reverse("institution-figures", args=[dinas.pk])).status_code == 404


def test_links_of_the_figures_lead_to_the_page_itself(client: Client, dinas: Institution) -> None:
    signed_in(client, officer("regency", "33.25"))
    part = client.get(reverse("institution-figures", args=[dinas.pk]), {"urut": "name"})
    assert 'href="?urut=-name"' in part.content.decode()
    assert "/angka/" not in part.content.decode()
