"""The only writer of officers, grants and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cacah.staff import appointing, invitations, queries
from cacah.staff.addresses import address_of
from cacah.staff.appointing import Appointment, Problem, Refused
from cacah.staff.models import AuditEntry, Grant, Officer
from cacah.staff.places import place_of

NOT_BELOW_YOU = Problem("", _("Only somebody above all roles of this officer can do this."))
SUSPENDED = Problem("email", _("Somebody with this e-mail is suspended: reinstate them first."))
HOLDS_ALREADY = Problem("role", _("This officer already holds this role there."))
LINK_IS_VOID = Problem("", _("This link is no longer good."))
NOT_ONESELF = Problem("email", _("You cannot give yourself a role: ask somebody above you."))


def trace(
    *,
    by: Officer | None,
    verb: str,
    subject: str | int = "",
    area: str = "",
    details: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Append what was done to the audit trail, in the caller's transaction.

    `verb` is `room.verb`; `subject` an id, a public code or an officer's e-mail, never a NIK or the
    name of a person counted; `area` the undotted code of where, by which readers' scopes are cut.
    `by` is None for a command on the server. With `request` its network address is kept.
    """
    AuditEntry.objects.create(
        officer=by,
        verb=verb,
        subject=str(subject)[:120],
        area=area,
        network=address_of(request) if request else "",
        details=dict(details or {}),
    )


@transaction.atomic
def invite(
    *, by: Officer | None, email: str, name: str, appointment: Appointment, phone: str = ""
) -> tuple[Officer, Grant]:
    """Give somebody a role; who has not accepted yet gets a one-time link (`invitations.link`).

    Older links are void from then on: whoever holds one may stand below the new role. `by` is None
    for a command on the server, which may do everything. Raises Refused.
    """
    refuse(appointment, by)
    email = email.strip().lower()
    if by is not None and email == by.email:
        raise Refused(NOT_ONESELF)
    name = " ".join(name.split())
    officer, is_new = Officer.objects.select_for_update().get_or_create(
        email=email, defaults={"name": name, "phone": phone.strip(), "invited_by": by}
    )
    if is_new:
        officer.set_unusable_password()
    elif officer.suspended_at is not None:
        raise Refused(SUSPENDED)
    if officer.accepted_at is None:
        officer.invitation = invitations.new_serial()
        officer.save()
    grant = _granted(officer, appointment, by)
    trace(
        by=by,
        verb="staff.invited" if is_new else "staff.granted",
        subject=officer.email,
        area=grant.area_id or "",
        details=_told(grant),
    )
    return officer, grant


def refuse(appointment: Appointment, by: Officer | None) -> None:
    """Raise Refused where the appointment is none, or not this officer's to make."""
    scope = None if by is None else queries.scope_of(by)
    if found := appointing.problems(appointment, scope, timezone.localdate()):
        raise Refused(*found)


def _granted(officer: Officer, wanted: Appointment, by: Officer | None) -> Grant:
    place = place_of(wanted.institution) if wanted.institution is not None else None
    where = {"area_id": (place.area if place else wanted.area) or None}
    today = timezone.localdate()
    same = queries.not_ended(today).filter(
        officer=officer, role=wanted.role, institution=wanted.institution, **where
    )
    if same.exists():
        raise Refused(HOLDS_ALREADY)
    return Grant.objects.create(
        officer=officer,
        role=wanted.role,
        institution=wanted.institution,
        from_day=wanted.from_day or today,
        until_day=wanted.until_day,
        granted_by=by,
        **where,
    )


def _told(grant: Grant) -> dict[str, Any]:
    told = {
        "role": grant.role,
        "institution": grant.institution,
        "from": grant.from_day.isoformat(),
        "until": grant.until_day.isoformat() if grant.until_day else None,
    }
    return {key: value for key, value in told.items() if value is not None}


@transaction.atomic
def accept(*, token: str, password: str) -> Officer:
    """Take up an invitation with a password of one's own; raises Refused for a link not good."""
    officer = invitations.invited(token, locked=True)
    if officer is None:
        raise Refused(LINK_IS_VOID)
    officer.set_password(password)
    return _accepted(officer)


@transaction.atomic
def accept_through_provider(*, officer: Officer) -> Officer:
    """Take up an invitation whose address an OpenID Connect provider has proved; no password."""
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    if officer.suspended_at or officer.accepted_at or not officer.invitation:
        raise Refused(LINK_IS_VOID)
    return _accepted(officer)


def _accepted(officer: Officer) -> Officer:
    officer.invitation = None
    officer.accepted_at = timezone.now()
    officer.save()
    EmailAddress.objects.get_or_create(
        user=officer, email=officer.email, defaults={"primary": True, "verified": True}
    )
    trace(by=officer, verb="staff.accepted", subject=officer.email, area=queries.area_of(officer))
    return officer


@transaction.atomic
def begin_again(*, by: Officer | None, officer: Officer) -> Officer:
    """Void password, second factor and sessions, and make a new link; raises Refused.

    For a link that was lost or is too old, and for somebody who lost the second factor.
    """
    officer = _held(by, officer)
    if officer.suspended_at is not None:
        raise Refused(SUSPENDED)
    officer.set_unusable_password()
    officer.accepted_at = None
    officer.invitation = invitations.new_serial()
    officer.save()
    Authenticator.objects.filter(user=officer).delete()
    _trace_officer(by, "staff.invited_again", officer)
    return officer


@transaction.atomic
def suspend(*, by: Officer | None, officer: Officer) -> Officer:
    """Shut an officer out: sessions end with the next request, links are void; raises Refused."""
    officer = _held(by, officer)
    officer.suspended_at = officer.suspended_at or timezone.now()
    officer.invitation = None
    officer.save()
    _trace_officer(by, "staff.suspended", officer)
    return officer


@transaction.atomic
def reinstate(*, by: Officer | None, officer: Officer) -> Officer:
    """Let a suspended officer in again, with the roles held before; raises Refused."""
    officer = _held(by, officer)
    if officer.suspended_at is not None:
        officer.suspended_at, officer.reinstated_at = None, timezone.now()
        officer.save()
    _trace_officer(by, "staff.reinstated", officer)
    return officer


def _held(by: Officer | None, officer: Officer) -> Officer:
    """Return the officer's locked row; raises Refused unless all its roles are below the doer."""
    locked = Officer.objects.select_for_update().get(pk=officer.pk)
    if by is not None and not queries.may_manage(queries.scope_of(by), locked):
        raise Refused(NOT_BELOW_YOU)
    return locked


def _trace_officer(by: Officer | None, verb: str, officer: Officer) -> None:
    trace(by=by, verb=verb, subject=officer.email, area=queries.area_of(officer))


@transaction.atomic
def revoke(*, by: Officer | None, grant: Grant) -> Grant:
    """Take a role back, from this moment on; raises Refused where it is not below the doer."""
    grant = Grant.objects.select_for_update().select_related("officer").get(pk=grant.pk)
    if by is not None and not queries.is_below(queries.scope_of(by), grant):
        raise Refused(NOT_BELOW_YOU)
    if grant.revoked_at is None:
        grant.revoked_at = timezone.now()
        grant.save()
        trace(
            by=by,
            verb="staff.revoked",
            subject=grant.officer.email,
            area=grant.area_id or "",
            details=_told(grant),
        )
    return grant
