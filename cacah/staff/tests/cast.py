"""Officers for tests of any room: made in one line, signed in in another."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as OF_WHOM,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from cacah.areas.models import Area
from cacah.staff.models import Grant, Officer
from cacah.staff.roles import Role

PASSWORD = "kucing makan mangga"
# Of every officer's authenticator app.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = count(1)


def area(code: str) -> Area:
    """Return an area, undotted or dotted, made with all above it where it is not there."""
    code = code.replace(".", "")
    lineage = [code[:end] for end in (2, 4, 6, 10, 16) if end <= len(code)]
    for level, each in enumerate(lineage, 1):
        Area.objects.get_or_create(
            code=each,
            defaults={
                "level": level,
                "name": f"Area {each}",
                "parent_id": lineage[level - 2] if level > 1 else None,
            },
        )
    return Area.objects.get(code=code)


def officer(
    role: Role | str,
    area: str = "",
    *,
    institution: int | None = None,
    second_factor: bool = True,
    until: date | None = None,
    email: str = "",
) -> Officer:
    """Return an officer who has accepted and holds one role since yesterday.

    `area` as `33.25` or `3325`, "" is the nation; areas that are not there are made.
    """
    number = next(_numbers)
    made = Officer(
        email=email or f"officer{number}@example.org",
        name=f"Officer {number}",
        accepted_at=timezone.now(),
    )
    made.set_password(PASSWORD)
    made.save()
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
    if second_factor:
        TOTP.activate(made, TOTP_SECRET)
    holds(made, role, area, institution=institution, until=until)
    return made


def holds(
    officer: Officer,
    role: Role | str,
    area_code: str = "",
    *,
    institution: int | None = None,
    until: date | None = None,
) -> Grant:
    """Give an officer one more role, from yesterday on."""
    return Grant.objects.create(
        officer=officer,
        role=Role(role),
        area=area(area_code) if area_code else None,
        institution=institution,
        from_day=timezone.localdate() - timedelta(days=1),
        until_day=until,
    )


def signed_in(client: Client, officer: Officer) -> Client:
    """Sign an officer in, with the second factor shown if there is one; return the client."""
    client.force_login(officer)
    factor = Authenticator.objects.filter(user=officer).first()
    session = client.session
    session[OF_WHOM] = str(officer.pk)
    session[METHODS] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True},
        *(
            [{"method": "mfa", "at": timezone.now().timestamp(), "id": factor.pk, "type": "totp"}]
            if factor
            else []
        ),
    ]
    session.save()
    return client
