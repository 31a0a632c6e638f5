"""Loads a session pack into a laptop's site, once; later starts open the session again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson
from django.db import transaction
from django.utils import timezone

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.outreach.models import GuidedSession
from cacah.outreach.packs.facts import Facts, here
from cacah.registry import carrying
from cacah.registry.actions import set_census
from cacah.registry.carrying import Carried
from cacah.registry.sealed_lines import SealedLines
from cacah.staff import actions, invitations
from cacah.staff.appointing import Appointment
from cacah.staff.models import Officer
from cacah.staff.roles import Role

# Nobody writes to it: the laptop has no other officer, and no mail.
GUIDE = "petugas@laptop.invalid"


def load(pack: SealedLines, key: bytes, facts: Facts) -> int:
    """Bring a laptop's site to the pack's state, all or nothing; return how many families came.

    None came where they are there already. Raises BadPack where the file is cut off or damaged.
    """
    with transaction.atomic():
        if GuidedSession.objects.filter(code=facts.session["code"]).exists():
            return 0
        lines = pack.lines(key)
        next(lines)  # the facts
        put_areas(orjson.loads(next(lines)))
        _set_census(facts)
        many = carrying.put(_households(lines))
        _open_session(facts)
        _appoint_guide(facts)
    return many


def _households(lines: Iterator[bytes]) -> Iterator[Carried]:
    return (Carried.of_line(line) for line in lines)


def _set_census(facts: Facts) -> None:
    told = dict(facts.census)
    moments = {name: datetime.fromisoformat(told.pop(name)) for name in ("opens_at", "closes_at")}
    day = datetime.fromisoformat(told.pop("reference_date")).date()
    set_census(**moments, reference_date=day, **told)  # type: ignore[arg-type]


def _open_session(facts: Facts) -> None:
    """Have the session under its own code, open from now until the pack is no longer good."""
    GuidedSession.objects.create(
        code=facts.session["code"],
        title=facts.session["title"],
        area=Area.objects.get(pk=facts.session["area"]),
        opens_at=min(timezone.now(), facts.made),
        closes_at=facts.until,
        offline=True,
    )


def _appoint_guide(facts: Facts) -> None:
    """Make the laptop's only officer, who has no password: a link at each start signs in."""
    wanted = Appointment(Role.TEAM, facts.session["area"])
    officer, _grant = actions.invite(by=None, email=GUIDE, name="Petugas", appointment=wanted)
    token = invitations.link(officer).rstrip("/").rpartition("/")[2]
    actions.accept(token=token, password=secrets.token_urlsafe(32))
    GuidedSession.objects.filter(code=facts.session["code"]).update(opened_by=officer)


def session_here() -> GuidedSession:
    """Return the session that this laptop holds."""
    facts = here()
    code = facts.session["code"] if facts else ""
    return GuidedSession.objects.get(code=code)


def guide() -> Officer | None:
    """Return the laptop's officer, None where there is none."""
    return Officer.objects.filter(email=GUIDE).first()


def open_again(facts: Facts) -> None:
    """Let the session take people again that somebody has ended here on an earlier day."""
    ended = GuidedSession.objects.filter(code=facts.session["code"], closes_at__lt=facts.until)
    ended.update(closes_at=facts.until)


def instrument_in(folder: Path, facts: Facts) -> Path:
    """Return where a laptop's site keeps the questionnaire of the pack."""
    return folder / "form" / Path(facts.instrument["name"]).name
