"""The world of the scope test: areas, institutions, people, officers and counts, all marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.utils import timezone

from cacah.areas.models import Area
from cacah.institutions import sealing
from cacah.institutions.actions import NewInstitution, add_institution
from cacah.institutions.drafts import place_of
from cacah.institutions.models import (
    Institution,
    Participation,
    RosterEntry,
    Stage,
    Standing,
    Upload,
    UploadRow,
)
from cacah.monitoring.models import Progress, Report, Sample, Total
from cacah.registry.actions import set_census
from cacah.registry.keys import server_keys
from cacah.staff.actions import trace
from cacah.staff.models import Grant, Officer
from cacah.staff.tests.cast import TOTP_SECRET
from tests.scope.marks import number, word
from tests.scope.outreach import Outing, make_outreach

LEAVES = (
    "3325012001000100",
    "3325012002000100",
    "3325022001000100",
    "3326012001000100",
    "3401012001000100",
)
LENGTHS = (2, 4, 6, 10, 16)
AREAS = tuple(sorted({leaf[:length] for leaf in LEAVES for length in LENGTHS}))
COUNTS = tuple(f.name for f in Progress._meta.fields if f.name not in {"pk", "area", "day", "mode"})
STATES = ("complete", "opened", "not_yet", "not_found", "exempt")
# key, the one above, area, names_to_officers
INSTITUTIONS = (
    ("ministry", "", "", False),
    ("ministry/batang", "ministry", "3325", False),
    ("province", "", "33", False),
    ("province/batang", "province", "3325", False),
    ("province/batang/unit", "province/batang", "3325", False),
    ("province/batang/other", "province/batang", "332501", True),
    ("province/pekalongan", "province", "3326", True),
    ("campus", "", "3325", True),
    ("campus/faculty", "campus", "3325", False),
    ("elsewhere", "", "34", True),
    ("elsewhere/unit", "elsewhere", "3401", False),
)
# Who else is in the office: role and where.
OFFICERS = (
    ("national", ""),
    ("province", "33"),
    ("regency", "3325"),
    ("regency", "3326"),
    ("district", "332501"),
    ("province", "34"),
    ("regency", "3401"),
    ("help_desk", "3325"),
    ("statistician", "34"),
    ("coordinator", "province/batang"),
    ("coordinator", "province/batang/unit"),
    ("coordinator", "campus"),
    ("coordinator", "elsewhere"),
)


@dataclass
class Person:
    """Somebody on a roster: the entry's id and the marks of name and staff number."""

    entry: int
    institution: str
    name: str
    number: str


@dataclass
class Colleague:
    """Another officer: ids, and the marks of name, address and telephone."""

    pk: int
    grant: int
    authenticator: int
    role: str
    # An area's code, or an institution's key.
    where: str
    marks: tuple[str, ...]


@dataclass
class World:
    """Everything there is, and which marks it bears."""

    probe: Officer
    names: dict[str, str] = field(default_factory=dict)
    # Of an area or an institution's key: its unusual numbers.
    counts: dict[str, set[int]] = field(default_factory=dict)
    institutions: dict[str, Institution] = field(default_factory=dict)
    # Beside an institution's name: address and code.
    addresses: dict[str, tuple[str, str]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    colleagues: list[Colleague] = field(default_factory=list)
    # Of a trail's entry: area, and the marks in it.
    trail: list[tuple[str, str]] = field(default_factory=list)
    # Whose, and the marks of its file's name and of a person in a row of it.
    uploads: dict[UUID, tuple[str, tuple[str, str]]] = field(default_factory=dict)
    # Whose ("" is the probe), of which area, and the mark of what is printed.
    reports: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    outings: list[Outing] = field(default_factory=list)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Let Hypothesis tell of a failure in a few lines."""
        printer.text("the world")


def make_world() -> World:
    """Fill an empty database."""
    now = timezone.now()
    set_census(opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=20))
    world = World(make_officer("probe@example.org", "Probe"))
    for code in AREAS:
        _make_area(world, code)
    world.counts[""] = _count("")
    for key, above, area, open_names in INSTITUTIONS:
        _make_institution(world, key, above, area, open_names)
    _sum_up(world)
    for role, where in OFFICERS:
        _make_colleague(world, role, where)
    for area in ("", "33", "3325", "3326", "332501", "34"):
        _make_report(world, "", area, world.probe.pk)
    _make_report(world, "regency", "3325", world.colleagues[2].pk)
    world.outings = make_outreach(world.probe)
    for area in ("", *AREAS):
        mark = word()
        trace(by=None, verb="staff.invited", subject=mark, area=area, details={"note": mark})
        world.trail.append((area, mark))
    return world


def make_officer(email: str, name: str, phone: str = "") -> Officer:
    """Make an officer with a second factor and no role; nobody needs the password."""
    officer = Officer(email=email.lower(), name=name, phone=phone, accepted_at=timezone.now())
    officer.set_unusable_password()
    officer.save()
    EmailAddress.objects.create(user=officer, email=officer.email, primary=True, verified=True)
    return officer


def second_factor(officer: Officer) -> Authenticator:
    """Give an officer an authenticator app."""
    from allauth.mfa.totp.internal.auth import TOTP

    return TOTP.activate(officer, TOTP_SECRET).instance


def _make_area(world: World, code: str) -> None:
    world.names[code] = word()
    parent = next((code[:n] for n in reversed(LENGTHS) if n < len(code)), None)
    population = number()
    Area.objects.create(
        code=code,
        parent_id=parent,
        level=LENGTHS.index(len(code)) + 1,
        name=world.names[code],
        projected_population=population,
        target_percent=17,
    )
    world.counts[code] = {population} | _count(code)


def _count(area: str) -> set[int]:
    """Give an area numbers of its own in every column; no page adds areas up by itself."""
    counts = {name: number() for name in COUNTS}
    day = timezone.localdate() - timedelta(days=2)
    Progress.objects.create(area=area, day=day, mode="cawi", **counts)
    Total.objects.create(area=area, **counts)
    if len(area) <= 4:
        Sample.objects.create(area=area, at=timezone.now(), responded_families=number())
    return set(counts.values())


def _make_institution(world: World, key: str, above: str, area: str, open_names: bool) -> None:
    name, address, code = word(), word(), word()
    new = NewInstitution(
        name=name,
        kind="unit" if above else "university",
        parent=world.institutions[above].pk if above else None,
        area=area,
        more={"address": address, "code": code, "names_to_officers": open_names},
    )
    made = add_institution(by=None, new=new)
    world.institutions[key], world.names[key] = made, name
    world.addresses[key] = address, code
    numbers = {state: number() for state in STATES}
    Participation.objects.filter(pk=made.pk).update(**numbers)
    world.counts[key] = set(numbers.values())
    for state in (Standing.COMPLETE, Standing.NOT_YET):
        _make_person(world, key, made, state)
    upload, file = uuid4(), word()
    Upload.objects.create(
        pk=upload,
        institution=made,
        officer=world.probe,
        file_name=f"{file}.csv",
        stage=Stage.CHECKED,
        sheet=0,
        sheets=[{"title": "list", "rows": 1, "notes": []}],
        rows_read=1,
        expires_at=timezone.now() + timedelta(days=1),
    )
    typed = word()
    sealed = sealing.seal_cells(
        place_of(upload, 0, 2), {"name": typed, "nik": "12", "number": "", "unit": ""}
    )
    UploadRow.objects.create(
        upload_id=upload, sheet=0, row=2, sealed=sealed, problems=[{"code": "nik:empty"}]
    )
    world.uploads[upload] = key, (file, typed)


def _make_person(world: World, key: str, where: Institution, state: str) -> None:
    name, staff_number = word(), word()
    digest = server_keys().nik_digest(f"3325{number():012}")
    sealed = sealing.seal(digest, {"name": name, "nik": "0001", "number": staff_number})
    entry = RosterEntry.objects.create(
        institution=where, nik_digest=digest, sealed=sealed, state=state
    )
    world.people.append(Person(entry.pk, key, name, staff_number))


def _sum_up(world: World) -> None:
    """Know the sums of every subtree too, which pages show."""
    for key, institution in world.institutions.items():
        below = Participation.objects.filter(institution__path__startswith=institution.path)
        rows = list(below.values_list(*STATES))
        sums = [sum(column) for column in zip(*rows, strict=True)]
        world.counts[key] |= {*sums, sum(sums), sum(sums[:-1]), sum(sums[1:-1])}


def _make_colleague(world: World, role: str, where: str) -> None:
    name, login, phone = word(), word(), word()
    officer = make_officer(f"{login}@example.org", name, phone)
    institution = world.institutions.get(where)
    area = institution.area_id if institution else where or None
    grant = Grant.objects.create(
        officer=officer,
        role=role,
        area_id=area,
        institution=institution.pk if institution else None,
        from_day=timezone.localdate() - timedelta(days=9),
    )
    world.colleagues.append(
        Colleague(
            officer.pk, grant.pk, second_factor(officer).pk, role, where, (name, login, phone)
        )
    )


def _make_report(world: World, whose: str, area: str, officer: int) -> None:
    now, mark = timezone.now(), word()
    made = Report.objects.create(
        area=area, language="id", officer_id=officer, asked_at=now, made_at=now, pdf=mark.encode()
    )
    world.reports[made.pk] = whose, area, mark


def outside_rows(hidden: dict[str, list[object]]) -> dict[str, object]:
    """Return every row of these tables with these keys, to compare before and after."""
    found: dict[str, object] = {}
    with connection.cursor() as cursor:
        for table, keys in hidden.items():
            column = "code" if table == "areas_area" else "id"
            if table == "institutions_participation":
                column = "institution_id"
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT to_jsonb(t) FROM {quoted} t WHERE {column} = ANY(%s) ORDER BY {column}",
                [keys],
            )
            found[table] = cursor.fetchall()
    return found
