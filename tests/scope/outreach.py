"""Outreach in the scope test's world: teams, visits and meetings, and who may see which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import count

from django.utils import timezone

from cacah.outreach.models import (
    Activity,
    Attendance,
    GuidedSession,
    Membership,
    Place,
    Proposal,
    Team,
    Visit,
)
from cacah.staff.models import Officer
from tests.scope.marks import word

# Each URL of outreach with its arguments, by the pool that each is drawn from.
ARGUMENTS: dict[str, dict[str, str]] = {
    "penjangkauan/": {},
    "penjangkauan/susun/": {},
    "penjangkauan/usulan/<int:pk>/": {"pk": "proposal"},
    "penjangkauan/tujuan/": {},
    "penjangkauan/tujuan/<int:pk>/": {"pk": "institution"},
    "penjangkauan/kunjungan/baru/": {},
    "penjangkauan/kunjungan/<int:pk>/": {"pk": "visit"},
    "penjangkauan/tim/": {},
    "penjangkauan/tim/baru/": {},
    "penjangkauan/tim/<int:pk>/": {"pk": "team"},
    "penjangkauan/tim/<int:pk>/hari/": {"pk": "team"},
    "penjangkauan/tim/<int:pk>/lembar/": {"pk": "team"},
    "penjangkauan/rapat/baru/": {},
    "penjangkauan/rapat/<int:pk>/": {"pk": "meeting"},
    "penjangkauan/cenderamata/": {},
    "penjangkauan/cenderamata/tempat/baru/": {},
    "penjangkauan/cenderamata/tempat/<int:pk>/": {"pk": "place"},
    "penjangkauan/cenderamata/serah/": {},
    "penjangkauan/cenderamata/serah/kirim/": {},
    "penjangkauan/cenderamata/serah/luring/": {},
    "penjangkauan/cenderamata/serah/pekerja.js": {},
    "penjangkauan/cenderamata/ganda/": {},
    "penjangkauan/cenderamata/aturan/<int:pk>/": {"pk": "visit"},
    "penjangkauan/sesi/": {},
    "penjangkauan/sesi/<int:pk>/": {"pk": "session"},
    "penjangkauan/sesi/<int:pk>/papan/": {"pk": "session"},
    "penjangkauan/sesi/<int:pk>/layar/": {"pk": "session"},
    "penjangkauan/sesi/<int:pk>/paket/": {"pk": "session"},
    "penjangkauan/hasil/": {},
    "penjangkauan/ajakan/": {},
    "penjangkauan/ajakan/<int:pk>/": {"pk": "institution"},
    "penjangkauan/ajakan/<int:pk>/pembuatan/": {"pk": "institution"},
    "penjangkauan/ajakan/<int:pk>/poster.pdf": {"pk": "institution"},
}
# What its pages read from their address or a form.
FIELDS: dict[str, tuple[str, ...]] = {
    "pekan": ("moment",),
    "hari": ("moment",),
    "pukul": ("moment",),
    "tim": ("team",),
    "urutan": ("number",),
    "versi": ("number",),
    "alasan": ("outing",),
    "lakukan": ("doing", "outing"),
    "keadaan": ("state", "outing"),
    "lagi": ("number",),
    "dari": ("moment",),
    "per": ("outing",),
    "sampai": ("moment",),
    "biaya": ("number",),
    "instansi": ("institution",),
    "officer": ("officer",),
    "anggota": ("number",),
    "daftar": ("word",),
    "hadir": ("word",),
    "putusan": ("word",),
    "kunjungan": ("visit",),
    "nomor": ("number",),
    "text": ("word",),
    "bagian": ("number", "word"),
    "sejak": ("number", "word"),
    "areas": ("area",),
    "days": ("number",),
    "paket": ("number",),
    "sandi": ("word",),
}
# Pools of what may be another's, and the tables that they stand for.
POOLS = {
    "team": "outreach_team",
    "visit": "outreach_visit",
    "meeting": "outreach_activity",
    "proposal": "outreach_proposal",
    "place": "outreach_place",
    "session": "outreach_guidedsession",
}
WORDS = {
    "moment": "hari 09:30 2026-11-23 2099-02-16",
    "outing": "pindah kunci lepas batal keadaan lanjutan masuk ubah under_way done closed"
    " tim sesi acara lembaga orang siapkan unduh tarik",
}
AREAS = ("3325", "3326", "332601", "3401")
# The probe goes out with the teams of these areas.
OWN = ("3325", "332601")
_codes = count(1)


@dataclass
class Outing:
    """Something of a team or an area: its table, id and marks; `team` is None where it waits."""

    table: str
    pk: int
    area: str
    team: int | None
    marks: tuple[str, ...]
    # Shown to who plans alone, even of what a team sees.
    for_planners: tuple[str, ...] = ()
    # Opened by the probe, whatever the team.
    is_own: bool = False


def known(outings: Iterable[Outing]) -> dict[str, list[int]]:
    """Return by pool the ids of all there is."""
    found = list(outings)
    return {
        pool: [each.pk for each in found if each.table == table] for pool, table in POOLS.items()
    }


def make_outreach(probe: Officer) -> list[Outing]:
    """Give each area a team with its day, a visit that waits, a meeting and a proposal."""
    return [each for area in AREAS for each in _of_area(area, probe)]


def _of_area(area: str, probe: Officer) -> Iterable[Outing]:
    today = timezone.localdate()
    name, base, phone, key = word(), word(), word(), word()
    team = Team.objects.create(
        name=name, area_id=area, base_address=base, phone=phone, feed_key=key
    )
    yield Outing("outreach_team", team.pk, area, team.pk, (name,), (base, phone, key))
    if area in OWN:
        first = today - timedelta(days=1)
        Membership.objects.create(team=team, officer=probe, from_day=first)
    yield _visit(area, team, today)
    yield _visit(area, None, None)
    yield _meeting(area, team, today)
    monday = today - timedelta(days=today.weekday())
    proposal = Proposal.objects.create(
        area_id=area, monday=monday, ended_at=timezone.now(), result={"state": "changed"}
    )
    yield Outing("outreach_proposal", proposal.pk, area, None, ())
    for of in (team, None):
        yield _place(area, of)
        yield _session(area, of, None)
    yield _session(area, None, probe)


def _place(area: str, team: Team | None) -> Outing:
    """Give an area a place with souvenirs, from which a team hands out or nobody yet."""
    name = word()
    place = Place.objects.create(name=name, area_id=area)
    if team:
        place.teams.add(team)
    return Outing("outreach_place", place.pk, area, team.pk if team else None, (name,))


def _session(area: str, team: Team | None, by: Officer | None) -> Outing:
    title = word()
    made = GuidedSession.objects.create(
        code=f"S{next(_codes):06}",
        title=title,
        area_id=area,
        team=team,
        opened_by=by,
        opens_at=timezone.now(),
    )
    of = team.pk if team else None
    return Outing("outreach_guidedsession", made.pk, area, of, (title,), is_own=by is not None)


def _visit(area: str, team: Team | None, day: date | None) -> Outing:
    title, address = word(), word()
    made = Visit.objects.create(
        title=title,
        address=address,
        area_id=area,
        kind="village",
        team=team,
        day=day,
        position=1 if team else None,
        starts_at=time(9) if team else None,
    )
    return Outing("outreach_visit", made.pk, area, team.pk if team else None, (title, address))


def _meeting(area: str, team: Team, day: date) -> Outing:
    title, agenda, decisions, name = word(), word(), word(), word()
    made = Activity.objects.create(
        area_id=area,
        kind="rakorcam",
        title=title,
        agenda=agenda,
        decisions=decisions,
        day=day,
        starts_at=time(13),
    )
    made.teams.add(team)
    Attendance.objects.create(activity=made, name=name)
    marks = (title, agenda, decisions, name)
    return Outing("outreach_activity", made.pk, area, team.pk, marks)


def seen(
    outings: Iterable[Outing], *, plans: set[str], runs: set[str]
) -> tuple[list[Outing], set[str]]:
    """Return what may be opened and the marks that may be shown.

    By areas that the officer plans, and those in which he or she may go out with own teams or has
    opened a session.
    """
    opened, marks = [], set()
    for each in outings:
        is_theirs = each.is_own or (each.team is not None and each.area in OWN)
        if each.area in plans or (is_theirs and each.area in runs):
            opened.append(each)
            marks |= set(each.marks)
        if each.area in plans:
            marks |= set(each.for_planners)
    return opened, marks
