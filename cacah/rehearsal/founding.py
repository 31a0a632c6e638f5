"""Founds the institutions of a rehearsal and brings their rosters in, as coordinators would."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from cacah.institutions.actions import NewInstitution, Person, add_entries, add_institution
from cacah.institutions.actions.people import exempt
from cacah.institutions.models import Institution, RosterEntry
from cacah.institutions.queries import subtree
from cacah.registry.keys import server_keys
from cacah.rehearsal.families import Family
from cacah.rehearsal.offices import INVITED, ROOTS, STAFFED, Office
from cacah.rehearsal.province import recognise
from cacah.rehearsal.workforce import Colleague, Workforce, workforce
from cacah.staff.models import Officer

# Before each code, so that no institution of a real census has the same.
CODE = "rehearsal-"


@transaction.atomic
def found(families: Sequence[Family], *, seed: int, by: Officer) -> dict[str, int]:
    """Found every institution with its roster, all or nothing; return their ids by office key.

    Where they are there already nothing is changed. Raises NotARehearsal.
    """
    recognise(families)
    there = dict(
        Institution.objects.filter(code__startswith=CODE, closed_at=None).values_list("code", "pk")
    )
    if there:
        return {code.removeprefix(CODE): pk for code, pk in there.items()}
    force, ids = workforce(families, seed), {}
    for office in (*ROOTS, *STAFFED, INVITED):
        ids[office.key] = _add(office, by, parent=ids.get(office.parent))
    for office in STAFFED:
        _bring_roster(office, ids[office.key], force, by)
    return ids


def _add(office: Office, by: Officer, *, parent: int | None) -> int:
    new = NewInstitution(
        name=office.name,
        kind=office.kind,
        parent=parent,
        area=office.area,
        obliged=office is not INVITED,
        more={"code": CODE + office.key},
    )
    made: int = add_institution(by=by, new=new).pk
    return made


def _bring_roster(office: Office, institution: int, force: Workforce, by: Officer) -> None:
    staff = force[office.key]
    units = {}
    for name in office.units:
        unit = NewInstitution(name=name, kind=office.unit_kind, parent=institution)
        units[name] = add_institution(by=by, new=unit).pk
    people = [Person(c.nik, c.name, c.number, units.get(c.unit)) for c in staff]
    add_entries(by=by, institution=institution, people=people)
    for colleague in staff:
        if colleague.excuse:
            _excuse(colleague, institution, by)


def _excuse(colleague: Colleague, institution: int, by: Officer) -> None:
    entry = RosterEntry.objects.get(
        institution__in=subtree(institution).values("pk"),
        nik_digest=server_keys().nik_digest(colleague.nik),
    )
    exempt(by=by, institution=institution, entry=entry.pk, reason=colleague.excuse)


def write_roster(families: Sequence[Family], seed: int, path: Path) -> None:
    """Write the roster of `INVITED` as its coordinator would upload it, three mistakes included.

    A number that lost a digit, one that a spreadsheet made a float of, and a person twice.
    """
    rows = [(c.nik, c.name, c.number) for c in workforce(families, seed)[INVITED.key]]
    nik, name, _ = rows[0]
    rows.append((nik[:-1], f"{name} (PINDAHAN)", "AIR-MINUM-0098"))
    rows.append((f"{float(nik):.2E}", "SITI LESTARI", "AIR-MINUM-0099"))
    rows.append(rows[1])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("NIK", "Nama", "NIP"))
        writer.writerows(rows)
