"""What the demo prints for a newcomer: where the site runs, whom to be, what to try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import translation

from cacah.areas.codes import dotted
from cacah.outreach.queries.sessions import open_sessions
from cacah.registry import cases
from cacah.registry.queries import states
from cacah.rehearsal.families import Family
from cacah.rehearsal.fates import left_alone
from cacah.rehearsal.offices import INVITED, ROOTS, STAFFED
from cacah.rehearsal.province import SEED, household_ids
from cacah.rehearsal.workforce import workforce
from cacah.site.demonstration.officers import (
    AREA_POSTS,
    COORDINATOR_POSTS,
    DOMAIN,
    PLANNER_POST,
    TEAM_POSTS,
    Logins,
    Post,
    address,
)

SHOWN_FAMILIES = 5
NAMES = {office.key: office.name for office in (*ROOTS, *STAFFED, INVITED)}
PLACES = {
    "": "Indonesia",
    "33": "Jawa Tengah",
    "3325": "Kabupaten Batang",
    "332512": "Warungasem",
    "5371": "Kota Kupang",
}


def unanswered(families: Sequence[Family]) -> list[Family]:
    """Return who can still be taken through, first those whom the simulation leaves alone."""
    alone = left_alone(len(families))
    order = [*alone, *(n for n in range(len(families)) if n not in alone)]
    ids = household_ids(families)
    now, may = states(ids), cases.sources("submit")
    return [families[n] for n in order if now.get(ids[n]) in may]


def on_the_roster(there: Sequence[Family], families: Sequence[Family]) -> list[Family]:
    """Return the first of `there` of whom somebody stands on the roster to upload; or none."""
    cards = {each.kk for each in workforce(families, SEED)[INVITED.key]}
    return [family for family in there if family.kk in cards][:1]


def lines(families: Sequence[Family], told: Logins, folder: Path) -> Iterator[str]:
    """Yield everything that is to be said when the site is about to run."""
    site = settings.CACAH_PUBLIC_URL
    yield f"\ncacah runs at {site}/ (Ctrl-C ends it).\n"
    yield "Families to try, with an answer to the question from the family card:"
    there = unanswered(families)
    yield from (f"  {described(family)}" for family in there[:SHOWN_FAMILIES])
    yield from (
        f"  {described(each)}, on the roster below" for each in on_the_roster(there, families)
    )
    yield f"\nOfficers sign in at {site}/kantor/ ; how far the census is, for everybody: "
    yield f"{site}/perkembangan/"
    yield from (
        f"  {officer(post)}"
        for post in (*AREA_POSTS, PLANNER_POST, TEAM_POSTS[0], *COORDINATOR_POSTS)
    )
    yield f"  password {told.password}   code now {told.code}   next ones: {command('demo --code')}"
    yield f"  or for an authenticator app, the same for all: {told.otpauth}"
    without = address(COORDINATOR_POSTS[-1])
    yield f"  {without} has a roster to upload, with mistakes: {folder}/roster.csv"
    for code in open_sessions():
        yield f"  a guided session that anybody can join: {site}/sesi/{code}/"
        yield f"  and its board, for kabupaten@{DOMAIN}: {site}/kantor/penjangkauan/sesi/"
        yield from without_a_signal(code, there[:1])
    office = settings.CACAH_HOME / "office"
    yield f"\nThe office's private key is in {office}; in a real census it is never here."
    yield "After sending, read the sealed answers with"
    wanted = f"submissions open --key {office}/office.private --receipt NUMBER"
    yield f"  {command(wanted)}\n"


def without_a_signal(code: str, there: Sequence[Family]) -> Iterator[str]:
    """Yield how the session is taken to the village of the first family that can be tried."""
    for family in there:
        yield "  and taken without a signal to the village of the first of these families:"
        wanted = f"session prepare {code} --out village.cacah --area {dotted(family.village)}"
        yield f"  CACAH_PUBLIC_URL={settings.CACAH_PUBLIC_URL} {command(wanted)}"


def command(words: str) -> str:
    """Return how cacah is called for the site of this place."""
    return f"CACAH_HOME={settings.CACAH_HOME} .venv/bin/cacah {words}"


def officer(post: Post) -> str:
    """Return one line with a login and what it is."""
    where = NAMES.get(post.office) or PLACES[post.area]
    with translation.override("en"):
        return f"{address(post):<25} {post.role.label}, {where}"


def described(family: Family) -> str:
    """Return one line with the numbers that a tester types, and the card question's answer."""
    first, *others = family.members
    answer = ", ".join(f"{m.name} born {m.born:%d-%m-%Y}" for m in others[:1])
    return (
        f"NIK {first.nik}  KK {family.kk}  {first.name}, {len(family.members)} people "
        f"({answer or f'born in {first.birth_place}'})"
    )
