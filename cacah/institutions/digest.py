"""The weekly e-mail to coordinators: counts of their own institutions, and where to sign in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cacah.institutions.actions import letters
from cacah.institutions.models import Digest, DigestRefusal, Institution
from cacah.institutions.queries import Counts, participation
from cacah.staff import numerals
from cacah.staff.models import Officer
from cacah.staff.queries import grants_on
from cacah.staff.roles import Role

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many e-mails of a week went out now, had gone out before, and could not go out."""

    sent: int
    before: int
    failed: int


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def recipients(day: date) -> Iterator[tuple[Officer, list[Institution]]]:
    """Yield who coordinates which institutions on a day, and has not refused the e-mail."""
    grants = grants_on(day).filter(
        role=Role.COORDINATOR,
        officer__suspended_at=None,
        officer__accepted_at__isnull=False,
    )
    grants = grants.exclude(officer__in=DigestRefusal.objects.values("officer"))
    by_officer: dict[Officer, set[int]] = {}
    for grant in grants.select_related("officer").order_by("officer_id"):
        by_officer.setdefault(grant.officer, set()).add(grant.institution or 0)
    institutions = Institution.objects.filter(closed_at=None)
    for officer, ids in by_officer.items():
        if own := list(institutions.filter(pk__in=ids).order_by("name")):
            yield officer, own


def letter(officer: Officer, institutions: list[Institution]) -> EmailMessage:
    """Return the e-mail in Indonesian, the language of the office; counts only."""
    with override("id"):
        counts = [participation(each.pk) for each in institutions]
        parts = [
            _("Dear %(name)s,") % {"name": officer.name},
            _("This is how far your people are:"),
        ]
        parts += [_figures(each) for each in counts]
        parts.append(_("You get this e-mail once a week. To stop it, sign in and open:"))
        parts[-1] += "\n" + _address(reverse("institutions-digest"))
        return EmailMessage(
            subject=_("Participation in the census, week of %(day)s")
            % {"day": numerals.day(week_of(timezone.localdate()))},
            body="\n\n".join(parts) + "\n",
            to=[officer.email],
        )


def send(day: date) -> Outcome:
    """Send the e-mails of a day's week that nobody has sent yet; none goes out twice."""
    sent = before = failed = 0
    for officer, institutions in recipients(day):
        claimed = letters.claim_digest(officer=officer, week=week_of(day))
        if claimed is None:
            before += 1
        elif _sent(claimed, officer, institutions):
            sent += 1
        else:
            failed += 1
    return Outcome(sent, before, failed)


def preview(day: date) -> Iterator[tuple[EmailMessage, bool]]:
    """Yield each e-mail of a day's week, and whether it was sent, or begun; nothing is noted."""
    for officer, institutions in recipients(day):
        before = Digest.objects.filter(officer=officer, week=week_of(day)).exists()
        yield letter(officer, institutions), before


def _sent(claimed: Digest, officer: Officer, institutions: list[Institution]) -> bool:
    try:
        letter(officer, institutions).send()
    except (SMTPException, OSError) as error:
        # Whose address it was stands in no log, so neither does what the mail server says of it.
        kind = type(error).__name__
        log.error("a weekly e-mail could not be sent (%s); it is tried again", kind)
        letters.digest_failed(digest=claimed)
        return False
    letters.digest_sent(digest=claimed)
    return True


def _figures(counts: Counts) -> str:
    figures = _(
        "%(complete)s of %(asked)s people are complete (%(percent)s of those not exempt)"
    ) % {
        "complete": numerals.count(counts.complete),
        "asked": numerals.count(counts.asked),
        "percent": numerals.percent(counts.percent),
    }
    rest = [
        (_("Opened"), counts.opened),
        (_("Not yet"), counts.not_yet),
        (_("Not found"), counts.not_found),
        (_("Exempt"), counts.exempt),
    ]
    lines = [counts.name, figures]
    lines += [f"{label}: {numerals.count(number)}" for label, number in rest]
    lines.append(_address(reverse("institution", args=[counts.institution])))
    return "\n".join(lines)


def _address(path: str) -> str:
    public: str = settings.CACAH_PUBLIC_URL
    return public.rstrip("/") + path
