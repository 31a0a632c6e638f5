"""Names teams, visits, sessions, meetings and places of souvenirs in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cacah.institutions.naming import institutions
from cacah.outreach.models import Activity, GuidedSession, Place, Team, Visit
from cacah.outreach.verbs import WORDS
from cacah.staff.naming import Named, Namer


def teams(ids: Collection[int]) -> dict[int, Named]:
    """Return teams by id."""
    return _named(Team.objects.filter(pk__in=ids).values_list("pk", "name", "area"))


def visits(ids: Collection[int]) -> dict[int, Named]:
    """Return visits and events by id."""
    return _named(Visit.objects.filter(pk__in=ids).values_list("pk", "title", "area"))


def sessions(ids: Collection[int]) -> dict[int, Named]:
    """Return guided sessions by id."""
    return _named(GuidedSession.objects.filter(pk__in=ids).values_list("pk", "title", "area"))


def meetings(ids: Collection[int]) -> dict[int, Named]:
    """Return meetings by id."""
    return _named(Activity.objects.filter(pk__in=ids).values_list("pk", "title", "area"))


def places(ids: Collection[int]) -> dict[int, Named]:
    """Return places where souvenirs lie by id."""
    return _named(Place.objects.filter(pk__in=ids).values_list("pk", "name", "area"))


def _named(found: Iterable[tuple[int, str, str]]) -> dict[int, Named]:
    return {pk: Named(name, area) for pk, name, area in found}


# By how a verb begins, after the room's name.
KINDS: dict[str, Namer] = {
    "team_": teams,
    "member_": teams,
    "feed_": teams,
    "visit_": visits,
    "souvenir_rule_": visits,
    "session_": sessions,
    "pack_": sessions,
    "meeting_": meetings,
    "attendance_": meetings,
    "place_": places,
    "stock_": places,
    "destination_": institutions,
    "invitation": institutions,
}
NAMERS: dict[str, Namer] = {
    verb: namer
    for verb in WORDS
    for start, namer in KINDS.items()
    if verb.startswith(f"outreach.{start}")
} | {
    "outreach.visits_wanted:institutions": institutions,
    "outreach.visit_moved:team": teams,
    "outreach.visit_followed_up:follows": visits,
    "outreach.souvenir_rule_set:people_of": institutions,
}
