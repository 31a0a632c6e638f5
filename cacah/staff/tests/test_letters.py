"""What officers are told by mail of their roles and their access, and in which language."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.utils import translation

from cacah.staff import actions, letters
from cacah.staff.appointing import Appointment
from cacah.staff.models import Grant, Officer
from cacah.staff.roles import Role
from cacah.staff.tests.cast import area, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Officer:
    area("33.25.07")
    return officer(Role.REGENCY, "33.25")


@pytest.fixture(autouse=True)
def committed(django_capture_on_commit_callbacks: object) -> object:
    """Send what is sent at the end of a transaction when a test asks for it."""
    return django_capture_on_commit_callbacks


def sent(committed: object, act: object, language: str = "id") -> list[mail.EmailMessage]:
    """Return the letters that an act sends when its transaction commits."""
    mail.outbox.clear()
    with translation.override(language), committed(execute=True):  # type: ignore[operator]
        act()  # type: ignore[operator]
    letters.everything_is_sent()
    return list(mail.outbox)


def give(by: Officer | None, to: Officer) -> Grant:
    wanted = Appointment(Role.DISTRICT, "332507", until_day=date(2090, 5, 31))
    return actions.invite(by=by, email=to.email, name="x", appointment=wanted)[1]


def test_a_new_role_is_told_with_place_and_days(boss: Officer, committed: object) -> None:
    other = officer(Role.DISTRICT, "33.25.08")
    (letter,) = sent(committed, lambda: give(boss, other))
    assert letter.to == [other.email]
    assert "Petugas kecamatan – Area 332507 (33.25.07)" in letter.body
    assert "31 Mei 2090" in letter.body
    assert f"{boss.name} memberi Anda peran" in letter.body
    assert "http://127.0.0.1:8000/kantor/" in letter.body
    (letter,) = sent(committed, lambda: give(boss, officer(Role.DISTRICT, "33.25.08")), "en")
    assert "District officer" in letter.body
    assert "31 May 2090" in letter.body


def test_a_role_taken_back_is_told(boss: Officer, committed: object) -> None:
    other = officer(Role.DISTRICT, "33.25.07")
    (letter,) = sent(committed, lambda: actions.revoke(by=boss, grant=other.grants.get()))
    assert "mencabut" in letter.body
    assert "Area 332507" in letter.body
    # Once is enough.
    assert not sent(committed, lambda: actions.revoke(by=boss, grant=other.grants.get()))


def test_a_suspension_that_is_lifted_is_told(boss: Officer, committed: object) -> None:
    other = officer(Role.DISTRICT, "33.25.07")
    assert not sent(committed, lambda: actions.suspend(by=boss, officer=other))
    (letter,) = sent(committed, lambda: actions.reinstate(by=boss, officer=other), "en")
    assert "opened your access to the census office again" in letter.body
    assert not sent(committed, lambda: actions.reinstate(by=boss, officer=other))


def test_who_is_suspended_or_has_not_accepted_gets_no_such_letter(
    boss: Officer, committed: object
) -> None:
    other = officer(Role.DISTRICT, "51.71.01")
    actions.suspend(by=None, officer=other)
    assert not sent(committed, lambda: give(boss, other))
    wanted = Appointment(Role.DISTRICT, "332507")
    new = {"email": "baru@example.org", "name": "B", "appointment": wanted}
    assert not sent(committed, lambda: actions.invite(by=boss, **new))


def test_what_was_undone_is_not_told(boss: Officer, committed: object) -> None:
    from django.db import transaction

    other = officer(Role.DISTRICT, "33.25.08")

    def undone() -> None:
        with transaction.atomic():
            give(boss, other)
            transaction.set_rollback(True)

    assert not sent(committed, undone)


def test_a_command_writes_in_the_language_of_the_site(committed: object) -> None:
    area("33.25.07")
    other = officer(Role.DISTRICT, "33.25.08")
    (letter,) = sent(committed, lambda: give(None, other), "en")
    assert "Anda mendapat peran" in letter.body
