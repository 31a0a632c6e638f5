"""Who may do what: roles, permissions, and who may invite whom, as tables."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What an officer is; a grant says where and from when until when."""

    NATIONAL = "national", _("National officer")
    PROVINCE = "province", _("Province officer")
    REGENCY = "regency", _("Regency officer")
    DISTRICT = "district", _("District officer")
    STATISTICIAN = "statistician", _("Statistician")
    HELP_DESK = "help_desk", _("Help desk")
    COORDINATOR = "coordinator", _("Institution coordinator")
    TEAM = "team", _("Team member")


class Permission(StrEnum):
    """What a page asks for; no page asks for a role."""

    SEE_PROGRESS = "see_progress"
    # Counts of an institution; names only where the institution's mandate says so.
    SEE_INSTITUTIONS = "see_institutions"
    MANAGE_INSTITUTIONS = "manage_institutions"
    # The roster of one's own institution, and the state of the people on it.
    MANAGE_ROSTER = "manage_roster"
    SEE_PERSONS = "see_persons"
    INVITE = "invite"
    SEE_AUDIT = "see_audit"
    # Projections, targets, boundaries.
    MANAGE_AREAS = "manage_areas"
    SEE_TABLES = "see_tables"
    # Teams, their weeks and visits, souvenirs: everything of outreach in the area.
    PLAN_OUTREACH = "plan_outreach"
    # Own days, sessions and souvenirs: whoever goes out; planners too, within their area.
    RUN_OUTREACH = "run_outreach"


_OUTREACH = {Permission.PLAN_OUTREACH, Permission.RUN_OUTREACH}
_AREA = {Permission.SEE_PROGRESS, Permission.SEE_INSTITUTIONS, *_OUTREACH}
_LEADS = _AREA | {Permission.MANAGE_INSTITUTIONS, Permission.INVITE, Permission.SEE_AUDIT}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.NATIONAL: frozenset(_LEADS | {Permission.MANAGE_AREAS, Permission.SEE_TABLES}),
    Role.PROVINCE: frozenset(_LEADS),
    Role.REGENCY: frozenset(_LEADS),
    Role.DISTRICT: frozenset(_AREA),
    Role.STATISTICIAN: frozenset({Permission.SEE_PROGRESS, Permission.SEE_TABLES}),
    Role.HELP_DESK: frozenset({Permission.SEE_PROGRESS, Permission.SEE_PERSONS}),
    Role.COORDINATOR: frozenset({Permission.MANAGE_ROSTER, Permission.INVITE}),
    # Sees nothing of an area: only what the teams are to do of which he or she is a member.
    Role.TEAM: frozenset({Permission.RUN_OUTREACH}),
}

# Nobody invites an equal: only a command on the server makes a national officer. A coordinator
# invites for institutions below the own one.
MAY_INVITE: dict[Role, frozenset[Role]] = {
    Role.NATIONAL: frozenset(set(Role) - {Role.NATIONAL}),
    Role.PROVINCE: frozenset(
        {Role.REGENCY, Role.DISTRICT, Role.HELP_DESK, Role.COORDINATOR, Role.TEAM}
    ),
    Role.REGENCY: frozenset({Role.DISTRICT, Role.COORDINATOR, Role.TEAM}),
    Role.DISTRICT: frozenset(),
    Role.STATISTICIAN: frozenset(),
    Role.HELP_DESK: frozenset(),
    Role.COORDINATOR: frozenset({Role.COORDINATOR}),
    Role.TEAM: frozenset(),
}

# Digits of the area that a role holds for; the others hold for any area or the whole nation.
AREA_DIGITS: dict[Role, int] = {
    Role.NATIONAL: 0,
    Role.PROVINCE: 2,
    Role.REGENCY: 4,
    Role.DISTRICT: 6,
}
