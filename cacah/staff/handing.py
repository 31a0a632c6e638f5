"""Hands the link of an invitation over: by mail, and once on the page of whoever made it."""

from __future__ import annotations

from cacah.staff import invitations, letters, queries
from cacah.staff.door import OfficeRequest
from cacah.staff.models import Officer

# In the session: the link just made, shown once to whoever made it and stands above all that it
# opens; "" to others, since it goes to the address alone.
SHOWN_ONCE = "staff_link"


def send_link(request: OfficeRequest, made: Officer) -> None:
    """Send an officer the link that was just made, where there is one."""
    if made.invitation:
        link = invitations.link(made)
        letters.invite(made, link)
        shown = link if queries.may_manage(request.scope, made) else ""
        request.session[SHOWN_ONCE] = (made.pk, shown)


def shown_once(request: OfficeRequest, made: Officer) -> str | None:
    """Return the link to be shown, and forget it; None where none was made for this officer."""
    shown = request.session.get(SHOWN_ONCE)
    if not shown or shown[0] != made.pk:
        return None
    del request.session[SHOWN_ONCE]
    return str(shown[1])
