"""A synthetic population goes through the register import without a loss."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Sum

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.areas.packaged import packaged_areas
from cacah.registry.importing.run import import_register
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Household, Person, ProgressDelta
from cacah.rehearsal.files import write_register
from cacah.rehearsal.population import population

DAY = date(2020, 2, 15)


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_every_family_is_found_as_it_was_made(tmp_path, suffix):
    put_areas((c, n) for c, n in packaged_areas().items() if c == "33" or c.startswith("3325"))
    families = list(population("3325", 400, seed=3))
    file = tmp_path / f"register{suffix}"
    persons = write_register(families, file)
    summary = import_register([file], as_of=DAY)
    assert (summary.stored.new, summary.stored.persons_new) == (400, persons)
    assert not summary.reasons and not summary.rejects_files
    assert Case.objects.filter(state="expected").count() == 400
    assert Person.objects.count() == persons
    expected = ProgressDelta.objects.aggregate(
        f=Sum("expected_families"), p=Sum("expected_persons")
    )
    assert expected == {"f": 400, "p": persons}
    keys = server_keys()
    for family in families:
        household = Household.objects.get(pk=household_id_of(keys.kk_digest(family.kk)))
        assert household.area == family.village + family.sls
        assert Area.objects.filter(code=household.area, parent=family.village).exists()
        record = keys.open_record(household.id, bytes(household.record))
        assert record["address"] == family.address
        assert [
            (p["nik"], p["name"], p["relationship"], int(p["birth_day"])) for p in record["persons"]
        ] == [(m.nik, m.name, m.relationship, m.born.day) for m in family.members]
    again = import_register([file], as_of=DAY).stored
    assert (again.new, again.updated, again.unchanged) == (0, 0, 400)
