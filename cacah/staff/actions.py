"""The only writer of officers, grants and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cacah.staff import appointing, invitations, letters, queries, ranks
from cacah.staff.addresses import address_of
from cacah.staff.appointing import Appointment, Problem, Refused
from cacah.staff.models import AuditEntry, Grant, Officer
from cacah.staff.places import place_of

NOT_BELOW_YOU = Problem("", _("Only somebody above all roles of this officer can do this."))
SUSPENDED = Problem("email", _("Somebody with this e-mail is suspended: reinstate them first."))
HOLDS_ALREADY = Problem("role", _("This officer already holds this role there."))
LINK_IS_VOID = Problem("", _("This link is no longer good."))
EMAIL_CANNOT_BE = Problem("email", _("This address cannot be taken. Choose another one."))
SUSPENDED_FROM_ABOVE = Problem(
    "", _("Only who suspended this officer, or somebody who stands no lower, can do this.")
)
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
    told = {"name": name, "phone": phone.strip(), "invited_by": by}
    serial = invitations.new_serial()
    officer, is_new = Officer.objects.select_for_update().get_or_create(
        email=email, defaults=told | {"invitation": serial, "password": make_password(None)}
    )
    if officer.suspended_at is not None and _manages(by, officer):
        # To others a suspended officer is like any: the role is given and waits.
        raise Refused(SUSPENDED)
    if not is_new and officer.accepted_at is None and officer.suspended_at is None:
        officer.invitation = serial
        officer.save()
    grant = _granted(officer, appointment, by)
    if officer.is_active:
        transaction.on_commit(lambda: letters.role_given(grant, by))
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
    officer = _begun_again(_held(by, officer))
    _trace_officer(by, "staff.invited_again", officer)
    return officer


@transaction.atomic
def change_email(*, by: Officer | None, officer: Officer, email: str) -> Officer:
    """Give an officer another e-mail address, and begin again there; raises Refused.

    The link goes to the new address; the old one is told.
    """
    officer, email = _held(by, officer), email.strip().lower()
    if Officer.objects.filter(email=email).exists():
        raise Refused(EMAIL_CANNOT_BE)
    before, officer.email = officer.email, email
    EmailAddress.objects.filter(user=officer).delete()
    try:
        with transaction.atomic():
            _begun_again(officer)
    except IntegrityError:  # somebody else was given it at the same moment
        raise Refused(EMAIL_CANNOT_BE) from None
    trace(
        by=by,
        verb="staff.email_changed",
        subject=email,
        area=queries.area_of(officer),
        details={"before": before},
    )
    transaction.on_commit(lambda: letters.email_changed(officer, before))
    return officer


def _begun_again(officer: Officer) -> Officer:
    if officer.suspended_at is not None:
        raise Refused(SUSPENDED)
    officer.set_unusable_password()
    officer.accepted_at = None
    officer.invitation = invitations.new_serial()
    officer.save()
    Authenticator.objects.filter(user=officer).delete()
    return officer


@transaction.atomic
def suspend(*, by: Officer | None, officer: Officer) -> Officer:
    """Shut an officer out: sessions end with the next request, links are void; raises Refused.

    Somebody no lower than who suspended before takes the suspension over.
    """
    officer = _held(by, officer)
    if by is None or ranks.may_lift(queries.scope_of(by), officer):
        officer.suspended_at, officer.suspended_by = timezone.now(), by
    officer.invitation = None
    officer.save()
    _trace_officer(by, "staff.suspended", officer)
    return officer


@transaction.atomic
def reinstate(*, by: Officer | None, officer: Officer) -> Officer:
    """Let a suspended officer in again, with the roles held before; raises Refused.

    Nobody lower than who suspended may do it.
    """
    officer = _held(by, officer)
    if by is not None and not ranks.may_lift(queries.scope_of(by), officer):
        raise Refused(SUSPENDED_FROM_ABOVE)
    if officer.suspended_at is not None:
        officer.suspended_at, officer.reinstated_at = None, timezone.now()
        officer.suspended_by = None
        officer.save()
        if officer.is_active:
            transaction.on_commit(lambda: letters.reinstated(officer, by))
    _trace_officer(by, "staff.reinstated", officer)
    return officer


def _held(by: Officer | None, officer: Officer) -> Officer:
    """Return the officer's locked row; raises Refused unless all its roles are below the doer."""
    locked = Officer.objects.select_for_update().get(pk=officer.pk)
    if not _manages(by, locked):
        raise Refused(NOT_BELOW_YOU)
    return locked


def _manages(by: Officer | None, officer: Officer) -> bool:
    return by is None or queries.may_manage(queries.scope_of(by), officer)


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
        if grant.officer.is_active:
            transaction.on_commit(lambda: letters.role_taken(grant, by))
    return grant
