"""Mail to officers, sent beside the request: how long it takes tells nobody whether it was sent."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cacah.staff import invitations, listing
from cacah.staff.models import Grant, Officer

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


def note(officer: Officer, what: str, *, to: str = "") -> None:
    """Tell an officer what has just been changed about the own sign-in."""
    text = render_to_string("staff/mail/note.txt", {"officer": officer, "what": what})
    post(EmailMessage(_("Your sign-in to the census office"), text, to=[to or officer.email]))


def email_changed(officer: Officer, before: str) -> None:
    """Tell the old address that another one stands for it now; which one is not its business."""
    note(
        officer, _("Another e-mail address was entered for you. This one opens nothing."), to=before
    )


def role_given(grant: Grant, by: Officer | None) -> None:
    """Tell an officer of one more role."""
    _of_role(grant, by, "staff/mail/role_given.txt")


def role_taken(grant: Grant, by: Officer | None) -> None:
    """Tell an officer that a role is gone."""
    _of_role(grant, by, "staff/mail/role_taken.txt")


def _of_role(grant: Grant, by: Officer | None, template: str) -> None:
    with _language(by):
        (line,) = listing.lines([grant], timezone.localdate())
        told = {"officer": grant.officer, "by": by, "line": line, "site": _home()}
        text = render_to_string(template, told)
        subject = _("Your roles at the census office")
        post(EmailMessage(subject, text, to=[grant.officer.email]))


def reinstated(officer: Officer, by: Officer | None) -> None:
    """Tell an officer that the pages open again."""
    with _language(by):
        told = {"officer": officer, "by": by, "site": _home()}
        text = render_to_string("staff/mail/reinstated.txt", told)
        post(EmailMessage(_("Your access to the census office"), text, to=[officer.email]))


def _language(by: Officer | None) -> AbstractContextManager[None]:
    """Write as the page of the doer is written; for a command on the server in the site's own."""
    language = get_language() if by else settings.LANGUAGE_CODE
    return translation.override(language)


def _home() -> str:
    return invitations.public_address(reverse("office"))
