"""Mail to officers, sent beside the request: how long it takes tells nobody whether it was sent."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cacah.staff.models import Officer

log = logging.getLogger(__name__)
_postman = ThreadPoolExecutor(1, "mail")


def post(letter: EmailMessage) -> None:
    """Send a letter soon; a failure is logged without the address."""
    _postman.submit(letter.send).add_done_callback(_note_failure)


def _note_failure(sent: Future[int]) -> None:
    if problem := sent.exception():
        log.error("A mail could not be sent: %s %s", type(problem).__name__, _reason(problem))


def _reason(problem: BaseException) -> str:
    """Return the server's codes, or why it was not reached: its own words repeat addresses."""
    if isinstance(problem, SMTPRecipientsRefused):
        return ", ".join(sorted({str(code) for code, _words in problem.recipients.values()}))
    if isinstance(problem, SMTPResponseException):
        return str(problem.smtp_code)
    return str(getattr(problem, "strerror", None) or "")


def everything_is_sent() -> None:
    """Return when all letters posted so far are on their way."""
    _postman.submit(lambda: None).result()


def invite(officer: Officer, link: str) -> None:
    """Send an invitation with its one-time link."""
    by = officer.invited_by
    told: dict[str, Any] = {"officer": officer, "by": by, "link": link}
    told["days"] = settings.CACAH_INVITATION_DAYS
    text = render_to_string("staff/mail/invitation.txt", told)
    post(EmailMessage(_("Your access to the census office"), text, to=[officer.email]))


def note(officer: Officer, what: str) -> None:
    """Tell an officer what has just been changed about the own sign-in."""
    text = render_to_string("staff/mail/note.txt", {"officer": officer, "what": what})
    post(EmailMessage(_("Your sign-in to the census office"), text, to=[officer.email]))
