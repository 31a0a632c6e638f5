"""What an officer may see, said again in the plainest words: the judge of every page.

Nothing here asks the product; only the table of who may do what is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from cacah.staff.roles import MAY_INVITE, PERMISSIONS, Permission, Role
from tests.scope.outreach import POOLS, Outing, seen
from tests.scope.world import AREAS, INSTITUTIONS, LENGTHS, Colleague, World

ABOVE = {key: above for key, above, _, _ in INSTITUTIONS}
AREA_OF = {key: area for key, _, area, _ in INSTITUTIONS}
OPEN_NAMES = {key for key, _, _, open_names in INSTITUTIONS if open_names}


@dataclass(frozen=True)
class Held:
    """A grant of the probe: a role, an area's code or an institution's key, and its days."""

    role: Role
    where: str
    # "now", "ended", "later", "revoked"
    when: str

    @property
    def days(self) -> tuple[date, date | None]:
        today, day = timezone.localdate(), timedelta(days=1)
        return {
            "ended": (today - 9 * day, today - day),
            "later": (today + day, None),
        }.get(self.when, (today - 9 * day, None))


@dataclass(frozen=True)
class Sight:
    """What somebody with these grants may see of a world."""

    world: World
    grants: tuple[Held, ...]

    def held(self, permission: Permission) -> Iterator[Held]:
        return (h for h in self.grants if h.when == "now" and permission in PERMISSIONS[h.role])

    def areas(self, permission: Permission) -> set[str]:
        """Return every area ("" is the nation) in which something is allowed."""
        within = [h.where for h in self.held(permission) if h.role != Role.COORDINATOR]
        return {a for a in ("", *AREAS) if any(a.startswith(code) for code in within)}

    def own(self) -> set[str]:
        """Return every institution of which the officer sees the people."""
        roots = {h.where for h in self.held(Permission.MANAGE_ROSTER)}
        return {key for key in ABOVE if roots & set(upwards(key))}

    def institutions(self) -> set[str]:
        """Return every institution whose counts may be seen."""
        areas = self.areas(Permission.SEE_INSTITUTIONS) | self.areas(Permission.MANAGE_INSTITUTIONS)
        return self.own() | {key for key in ABOVE if AREA_OF[key] in areas}

    def colleagues(self) -> list[Colleague]:
        """Return who could have been invited by this officer."""
        return [c for c in self.world.colleagues if any(invites(h, c) for h in self.grants)]

    def reports(self) -> dict[int, tuple[str, str, str]]:
        """Return the officer's own reports of areas that may still be seen."""
        areas = self.areas(Permission.SEE_PROGRESS)
        found = self.world.reports.items()
        return {pk: each for pk, each in found if each[0] == "" and each[1] in areas}

    def outings(self) -> tuple[list[Outing], set[str]]:
        """Return what of outreach the officer may open, and the marks in it."""
        plans, runs = Permission.PLAN_OUTREACH, Permission.RUN_OUTREACH
        return seen(self.world.outings, plans=self.areas(plans), runs=self.areas(runs))

    def hidden_outings(self, table: str) -> list[object]:
        """Return the ids of what the officer may not open of a table of outreach."""
        opened, _marks = self.outings()
        return [o.pk for o in self.world.outings if o.table == table and o not in opened]

    def allowed(self) -> set[str | int]:
        """Return every mark that may be shown."""
        world, areas = self.world, self.areas(Permission.SEE_PROGRESS)
        seen, own = self.institutions(), self.own()
        places = areas | {AREA_OF[key] for key in seen | own} | {h.where for h in self.grants}
        names = {code for place in places if place in ("", *AREAS) for code in way(place)} | areas
        # What somebody may give a role in, an invitation offers by name.
        names |= self.areas(Permission.INVITE) | self.areas(Permission.MANAGE_AREAS)
        marks: set[str | int] = {world.names[code] for code in names if code}
        marks |= {world.names[key] for each in seen for key in upwards(each)}
        marks |= {mark for key in seen for mark in world.addresses[key]}
        for place in areas | self.areas(Permission.MANAGE_AREAS) | seen:
            marks |= world.counts[place]
        for person in world.people:
            if person.institution in own:
                marks |= {person.name, person.number}
            elif person.institution in seen and OPEN_NAMES & set(upwards(person.institution)):
                marks.add(person.name)
        marks |= {mark for each in self.colleagues() for mark in each.marks}
        marks |= {self.world.names[c.where] for c in self.colleagues() if c.where}
        trail = self.areas(Permission.SEE_AUDIT)
        marks |= {mark for area, mark in world.trail if area in trail}
        marks |= {mark for key, said in world.uploads.values() if key in own for mark in said}
        marks |= {mark for _, _, mark in self.reports().values()}
        opened, said = self.outings()
        marks |= said | {world.names[code] for each in opened for code in way(each.area)}
        return {mark.lower() if isinstance(mark, str) else mark for mark in marks}

    def hidden_rows(self) -> dict[str, list[object]]:
        """Return by table the keys of rows that no POST of this officer may change."""
        world, seen = self.world, self.institutions() | self.own()
        areas = self.areas(Permission.MANAGE_AREAS)
        others = [c for c in world.colleagues if c not in self.colleagues()]
        hidden = {key: each.pk for key, each in world.institutions.items() if key not in seen}
        return {
            "areas_area": [code for code in AREAS if code not in areas],
            "staff_officer": [c.pk for c in others],
            "staff_grant": [c.grant for c in others],
            "mfa_authenticator": [c.authenticator for c in others],
            "institutions_institution": list(hidden.values()),
            "institutions_participation": list(hidden.values()),
            "institutions_rosterentry": [
                p.entry for p in world.people if p.institution not in self.own()
            ],
            **{table: self.hidden_outings(table) for table in POOLS.values()},
            "monitoring_report": [pk for pk in world.reports if pk not in self.reports()],
            "institutions_upload": [
                str(pk) for pk, (key, _) in world.uploads.items() if key not in self.own()
            ],
        }


def invites(held: Held, colleague: Colleague) -> bool:
    """Tell whether a grant lets its officer give the role that a colleague holds."""
    if held.when != "now" or Role(colleague.role) not in MAY_INVITE[held.role]:
        return False
    if held.role == Role.COORDINATOR:
        return held.where in upwards(colleague.where)[:-1]
    area = AREA_OF[colleague.where] if colleague.role == Role.COORDINATOR else colleague.where
    return area.startswith(held.where)


def upwards(key: str) -> Sequence[str]:
    """Return an institution and all above it, the root first."""
    return [*(upwards(ABOVE[key]) if ABOVE[key] else []), key]


def way(code: str) -> list[str]:
    """Return an area and all above it."""
    return [code[:n] for n in LENGTHS if n <= len(code)]
