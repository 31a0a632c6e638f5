"""Verbs of what is written to people and coordinators: reminders' intro, weekly e-mail."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cacah.institutions.models import Digest, DigestRefusal, Institution, ReminderIntro
from cacah.staff.actions import trace
from cacah.staff.models import Officer

LONGEST_INTRO = 600


@transaction.atomic
def write_intro(*, by: Officer, institution: int, text: str) -> None:
    """Put a few sentences of plain text above the reminders of an institution; "" takes them away.

    Raises Institution.DoesNotExist, ValidationError where it is too long.
    """
    found = Institution.objects.get(pk=institution, closed_at=None)
    text = text.replace("\0", "").strip()
    if len(text) > LONGEST_INTRO:
        raise ValidationError({"text": _("Write 600 characters at most.")})
    if text:
        ReminderIntro.objects.update_or_create(institution=found, defaults={"text": text})
    else:
        ReminderIntro.objects.filter(institution=found).delete()
    trace(
        by=by,
        verb="institutions.reminder_intro_written",
        subject=institution,
        area=found.area_id or "",
    )


@transaction.atomic
def want_digest(*, by: Officer, wanted: bool) -> None:
    """Let a coordinator have the weekly e-mail, or no longer."""
    if wanted:
        DigestRefusal.objects.filter(officer=by).delete()
    else:
        DigestRefusal.objects.get_or_create(officer=by)
    verb = "digest_wanted" if wanted else "digest_refused"
    trace(by=by, verb=f"institutions.{verb}", subject=by.email)


def claim_digest(*, officer: Officer, week: date) -> Digest | None:
    """Take it upon oneself to send a week's e-mail; None where somebody has. The doer is a job.

    It is committed before the mail goes out, so that a server that goes down in between sends it
    never rather than twice.
    """
    claimed, is_new = Digest.objects.get_or_create(officer=officer, week=week)
    return claimed if is_new else None


def digest_sent(*, digest: Digest) -> None:
    """Note that the mail has gone out."""
    Digest.objects.filter(pk=digest.pk).update(sent_at=Now())


def digest_failed(*, digest: Digest) -> None:
    """Give a claim back, because the mail server has not taken the mail."""
    digest.delete()
