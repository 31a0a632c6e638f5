"""The database keeps, with each entry, the one household in which the person was found."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from cacah.institutions import actions
from cacah.institutions.models import Finding, RosterEntry
from cacah.institutions.tests.cast import family, institution, people

pytestmark = pytest.mark.django_db


def found() -> list[int | None]:
    return list(RosterEntry.objects.order_by("pk").values_list("household_id", flat=True))


def test_an_entry_names_its_household_where_it_is_only_one():
    dinas = institution()
    family(1, 1), family(2, 2), family(3, 2)
    actions.add_entries(by=None, institution=dinas.pk, people=people(1, 2, 3))
    assert found() == [1, None, None]
    assert set(Finding.objects.filter(shared=True).values_list("household_id", flat=True)) == {2, 3}


def test_it_follows_every_finding_that_comes_and_goes():
    dinas = institution()
    family(1, 1), family(2)
    actions.add_entries(by=None, institution=dinas.pk, people=people(1))
    entry = RosterEntry.objects.get()
    Finding.objects.create(entry=entry, household_id=2, way="submission")
    assert found() == [None] and Finding.objects.filter(shared=True).count() == 2
    Finding.objects.filter(household_id=1).delete()
    assert found() == [2] and not Finding.objects.filter(shared=True).exists()
    Finding.objects.all().delete()
    assert found() == [None]
    entry.delete()


def test_the_database_learns_it_from_who_has_waited_for_all_writers_of_rosters_first():
    said = StringIO()
    call_command("sqlmigrate", "institutions", "0005", stdout=said)
    steps = [line for line in said.getvalue().splitlines() if line.startswith(("SELECT", "ALTER"))]
    assert "pg_advisory_xact_lock" in steps[0]
