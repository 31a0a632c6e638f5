"""The officers of the demo, whose password and second factor are told to whoever starts it.

They exist on a register of synthetic families only, and nothing but `cacah demo` makes them.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.utils import timezone

from cacah.registry.queries import census
from cacah.rehearsal.families import Family
from cacah.rehearsal.province import recognise
from cacah.staff import actions
from cacah.staff.appointing import Appointment
from cacah.staff.invitations import link
from cacah.staff.models import Officer
from cacah.staff.roles import Role

DOMAIN = "demo.example"
# Their roles end so long after the census.
LINGER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Post:
    """A role of the demo: whose, where (undotted code), and of which office of the rehearsal."""

    login: str
    name: str
    role: Role
    area: str = ""
    office: str = ""


AREA_POSTS = (
    Post("nasional", "Ratna Wulandari", Role.NATIONAL),
    Post("provinsi", "Bambang Susilo", Role.PROVINCE, "33"),
    Post("kabupaten", "Sri Hartati", Role.REGENCY, "3325"),
    Post("kecamatan", "Joko Purnomo", Role.DISTRICT, "332512"),
    Post("statistik", "Dewi Anggraini", Role.STATISTICIAN),
    Post("bantuan", "Agus Santoso", Role.HELP_DESK, "33"),
)
PLANNER_POST = Post("kupang", "Maria Bano", Role.REGENCY, "5371")
# The leader of each team, in the order of their districts.
TEAM_POSTS = tuple(
    Post(f"tim{number}", name, Role.TEAM, "5371")
    for number, name in enumerate(
        (
            "Yohanes Lay",
            "Welmince Nenobais",
            "Imanuel Tefa",
            "Adriana Bire",
            "Simon Kase",
            "Ester Manu",
        ),
        start=1,
    )
)
COORDINATOR_POSTS = (
    Post("pendidikan", "Endang Setiawati", Role.COORDINATOR, office="batang-04"),
    Post("kesehatan", "Wahyu Nugroho", Role.COORDINATOR, office="batang-05"),
    Post("pemkab", "Slamet Riyadi", Role.COORDINATOR, office="batang"),
    Post("kampus", "Yuni Astuti", Role.COORDINATOR, office="alas-roban"),
    Post("airminum", "Teguh Prasetyo", Role.COORDINATOR, office="air-minum"),
)


@dataclass(frozen=True, slots=True)
class Logins:
    """What opens the demo's office: one password and one authenticator secret for everybody."""

    password: str
    secret: str

    @property
    def code(self) -> str:
        """Return the code of this half minute."""
        return self.codes()[0]

    def codes(self) -> list[str]:
        """Return the code of this half minute, then those beside it, which are good as well."""
        before, now, after = yield_hotp_counters_from_time()
        return [format_hotp_value(hotp_value(self.secret, n)) for n in (now, after, before)]

    @property
    def otpauth(self) -> str:
        """Return the address that an authenticator app takes."""
        return f"otpauth://totp/{quote('cacah demo')}?secret={self.secret}&issuer=cacah%20demo"


class NoDemo(Exception):
    """No demo has been set up here."""


def logins_of(file: Path) -> Logins:
    """Return the logins that an earlier run has kept; raises NoDemo."""
    try:
        return Logins(**json.loads(file.read_text()))
    except FileNotFoundError:
        raise NoDemo("There is no demo here yet: start it without --code first.") from None


def logins(file: Path) -> Logins:
    """Return this demo's logins, drawn at the first time and kept in a file for its owner alone."""
    try:
        return logins_of(file)
    except NoDemo:
        drawn = Logins(secrets.token_urlsafe(9), generate_totp_secret())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        json.dump(asdict(drawn), opened)
    return drawn


def are_there() -> bool:
    """Tell whether somebody of a real office is here, whom no demo has made."""
    return Officer.objects.exclude(email__endswith=f"@{DOMAIN}").exists()


@transaction.atomic
def appoint(
    posts: Sequence[Post], families: Sequence[Family], told: Logins, offices: Mapping[str, int]
) -> dict[str, Officer]:
    """Make the officers who are not there yet; return all by login. Raises NotARehearsal."""
    recognise(families)
    until = timezone.localtime(census().closes_at).date() + LINGER
    return {post.login: _appointed(post, told, offices, until) for post in posts}


def _appointed(post: Post, told: Logins, offices: Mapping[str, int], until: object) -> Officer:
    email = address(post)
    if there := Officer.objects.filter(email=email).first():
        return there
    institution = offices[post.office] if post.office else None
    wanted = Appointment(post.role, post.area, institution, until_day=until)
    officer, _ = actions.invite(by=None, email=email, name=post.name, appointment=wanted)
    token = link(officer).rstrip("/").rsplit("/", 1)[-1]
    officer = actions.accept(token=token, password=told.password)
    TOTP.activate(officer, told.secret)
    return officer


def address(post: Post) -> str:
    """Return the e-mail with which an officer of the demo signs in."""
    return f"{post.login}@{DOMAIN}"
