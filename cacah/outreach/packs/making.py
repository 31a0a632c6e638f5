"""Writes session packs: which families come along, and everything a laptop needs beside them."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from cacah import __version__
from cacah.areas import codes
from cacah.areas.models import Area, Level
from cacah.collection import instruments
from cacah.collection.models import Pack
from cacah.institutions.queries import households_of
from cacah.outreach.models import GuidedSession
from cacah.outreach.packs.facts import Facts, text_of
from cacah.questionnaire.translations import beside
from cacah.registry.carrying import Carried, carried, ids_in, those_in
from cacah.registry.field_keys import KK, NIK, FieldKeys
from cacah.registry.keys import SECRETS
from cacah.registry.queries import census
from cacah.registry.sealed_lines import Writer

MOST_FAMILIES = 50_000
CENSUS = ("code", "name", "help_phone", "help_hours", "help_email")
# What a laptop must do as the centre does.
SETTINGS = {
    "CACAH_TIME_ZONE": "TIME_ZONE",
    "CACAH_PREFILL": "CACAH_PREFILL",
    "CACAH_GRACE_MINUTES": "CACAH_GRACE_MINUTES",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which families a laptop takes along: those of areas, and those of an institution's people."""

    areas: tuple[str, ...]
    institution: int | None
    # An institution's people live anywhere: only families in these areas, "" is the nation.
    within: tuple[str, ...]

    @classmethod
    def of(
        cls, session: GuidedSession, areas: Sequence[str], within: Sequence[str] = ("",)
    ) -> Wanted:
        """Return what is wanted for a session, these areas instead of its own where there are any.

        Raises ValidationError where nothing says which families.
        """
        if areas or session.institution_id:
            chosen = tuple(dict.fromkeys(areas))
            return cls(chosen, session.institution_id, tuple(within))
        if codes.level_of(session.area_id) < Level.DISTRICT:
            raise ValidationError(_("Say for which villages: the session's area is too large."))
        return cls((session.area_id,), None, tuple(within))

    def households(self) -> list[int]:
        """Return their ids, each once; raises ValidationError where there are none or too many."""
        found: set[int] = set()
        if self.institution is not None:
            found.update(those_in(households_of(self.institution), self.within))
        for area in self.areas:
            found.update(ids_in(area, most=MOST_FAMILIES + 1))
        if not found:
            raise ValidationError(_("The register has no family there."))
        if len(found) > MOST_FAMILIES:
            raise ValidationError(
                _("These are more than %(most)s families. Prepare a pack for each village.")
                % {"most": MOST_FAMILIES}
            )
        return sorted(found)


def new_secrets() -> dict[str, bytes]:
    """Return fresh secrets for a laptop; those of the census's servers never go along."""
    return {name: os.urandom(32) for name in (*SECRETS, "field")}


@dataclass
class Load:
    """The families of a pack as lines, and what their numbers are on the laptop and here."""

    keys: FieldKeys
    lines: list[bytes]
    numbers: list[bytes]
    areas: set[str]
    left_out: int = 0

    @classmethod
    def of(cls, households: Sequence[int], secrets: dict[str, bytes]) -> Load:
        """Open these households, and find out under which blocks the laptop knows them."""
        load = cls(FieldKeys(**secrets, known={}, facts={}), [], [], set())
        for each in carried(households):
            if each is None:
                load.left_out += 1
            else:
                load.add(each)
        return load

    def add(self, household: Carried) -> None:
        self.lines.append(household.as_line())
        self.areas.add(household.area)
        kk = household.record["kk"].encode()
        self.numbers += [self.keys.block(KK, kk), bytes.fromhex(household.kk_digest)]
        for person, digest in zip(household.record["persons"], household.niks, strict=True):
            if nik := person.get("nik"):
                self.numbers += [self.keys.block(NIK, nik.encode()), bytes.fromhex(digest)]


def write(
    file: BinaryIO, passphrase: str, facts: Facts, load: Load, secrets: dict[str, bytes]
) -> None:
    """Write a whole pack."""
    public = {"session": facts.session["code"], "title": facts.session["title"]}
    public |= {name: getattr(facts, name) for name in ("cacah", "pack", "centre", "made_at")}
    writer = Writer(file, passphrase, public)
    told = {name: b64encode(secret).decode() for name, secret in secrets.items()}
    first = facts.as_json() | {"secrets": told, "numbers": text_of(load.numbers)}
    writer.write(orjson.dumps(first))
    writer.write(orjson.dumps(areas_of(facts.session["area"], load.areas)))
    for line in load.lines:
        writer.write(line)
    writer.close()


def areas_of(area: str, others: set[str]) -> list[tuple[str, str]]:
    """Return code and name of every village beside an area, of these, and of all that they lie in.

    Parents come before children.
    """
    wanted = {above for each in (area, *others) for above in codes.lineage(each)}
    regency = area[: codes.LENGTHS[Level.REGENCY - 1]]
    beside_it = Q(code__startswith=regency, level__lte=Level.VILLAGE)
    found = Area.objects.filter(beside_it | Q(code__in=wanted)).order_by("level", "code")
    return list(found.values_list("code", "name"))


def facts_of(session: GuidedSession, pack: Pack, serial: int, load: Load) -> Facts:
    """Return what a new pack says of itself."""
    found = census()
    moments = {name: getattr(found, name).isoformat() for name in ("opens_at", "closes_at")}
    told = {"reference_date": found.reference_date.isoformat()}
    return Facts(
        cacah=__version__,
        pack=pack.pk,
        serial=serial,
        centre=settings.CACAH_PUBLIC_URL.rstrip("/"),
        session={"code": session.code, "title": session.title, "area": session.area_id},
        census={name: getattr(found, name) for name in CENSUS} | moments | told,
        instrument=form(),
        office=(settings.CACAH_KEYS / "office.public").read_text(),
        settings={name: str(getattr(settings, ours)) for name, ours in SETTINGS.items()},
        made_at=_whole(pack.made_at),
        valid_until=_whole(pack.valid_until),
        families=len(load.lines),
        left_out=load.left_out,
    )


def form() -> dict[str, Any]:
    """Return the questionnaire with its catalogues, so that the laptop asks the very same."""
    path = settings.CACAH_INSTRUMENT
    files = {each.name: b64encode(each.read_bytes()).decode() for each in (path, *beside(path))}
    return {"name": path.name, "files": files, "digest": instruments.current().digest}


def _whole(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
