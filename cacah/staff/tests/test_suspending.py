"""Suspending and letting in again: who counts, what others learn, and how one comes back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from cacah.staff import actions, invitations, letters
from cacah.staff.appointing import Appointment, Refused
from cacah.staff.models import AuditEntry, Grant, Officer
from cacah.staff.places import Place, told_by
from cacah.staff.roles import Role
from cacah.staff.tests.cast import area, holds, officer, signed_in

pytestmark = pytest.mark.django_db
# What differs from page to page, or from officer to officer.
OWN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|(?<=/petugas/)(peran/)?\d+')


@pytest.fixture
def below() -> Officer:
    """Return an officer of a district of Batang."""
    return officer(Role.DISTRICT, "33.25.07", email="bawahan@example.org")


@pytest.fixture
def regency() -> Officer:
    return officer(Role.REGENCY, "33.25")


@pytest.fixture
def province() -> Officer:
    return officer(Role.PROVINCE, "33")


def is_let_in(by: Officer | None, below: Officer) -> bool:
    try:
        actions.reinstate(by=by, officer=below)
    except Refused:
        return False
    return True


def test_whoever_suspended_may_reinstate(regency: Officer, below: Officer) -> None:
    actions.suspend(by=regency, officer=below)
    assert is_let_in(regency, below)
    below.refresh_from_db()
    assert below.is_active
    assert below.suspended_by is None


def test_an_equal_or_somebody_above_may_reinstate(below: Officer) -> None:
    for other in (
        officer(Role.REGENCY, "33.25"),
        officer(Role.PROVINCE, "33"),
        officer(Role.NATIONAL),
        None,
    ):
        actions.suspend(by=officer(Role.REGENCY, "33.25"), officer=below)
        assert is_let_in(other, below)


def test_nobody_lower_reinstates_whom_a_superior_suspended(
    regency: Officer, province: Officer, below: Officer, client: Client
) -> None:
    actions.suspend(by=province, officer=below)
    assert not is_let_in(regency, below)
    page = signed_in(client, regency).get(f"/en/kantor/petugas/{below.pk}/").content.decode()
    assert "Somebody above you has suspended" in page
    assert "pulihkan" not in page
    answer = client.post(f"/en/kantor/petugas/{below.pk}/pulihkan/").content.decode()
    assert "or somebody who stands no lower" in answer
    below.refresh_from_db()
    assert not below.is_active
    assert is_let_in(province, below)


def test_nobody_lower_reinstates_once_the_superior_has_gone(
    regency: Officer, province: Officer, below: Officer
) -> None:
    actions.suspend(by=province, officer=below)
    Grant.objects.filter(officer=province).update(revoked_at=timezone.now())
    assert not is_let_in(regency, below)
    assert is_let_in(officer(Role.PROVINCE, "33"), below)


def test_who_became_more_since_counts_as_what_he_was(regency: Officer, below: Officer) -> None:
    actions.suspend(by=regency, officer=below)
    later = holds(regency, Role.PROVINCE, "33")
    Grant.objects.filter(pk=later.pk).update(from_day=timezone.localdate() + timedelta(days=1))
    assert is_let_in(officer(Role.REGENCY, "33.25"), below)


def test_somebody_lower_takes_no_suspension_over(
    regency: Officer, province: Officer, below: Officer
) -> None:
    actions.suspend(by=province, officer=below)
    actions.suspend(by=regency, officer=below)
    assert not is_let_in(regency, below)


def test_somebody_above_takes_a_suspension_over(
    regency: Officer, province: Officer, below: Officer
) -> None:
    actions.suspend(by=regency, officer=below)
    actions.suspend(by=province, officer=below)
    assert not is_let_in(regency, below)
    assert is_let_in(province, below)


def test_what_a_command_suspended_is_lifted_by_national_officers(
    province: Officer, below: Officer
) -> None:
    actions.suspend(by=None, officer=below)
    assert not is_let_in(province, below)
    assert is_let_in(officer(Role.NATIONAL), below)


class _Tree:
    """An institution 1 with a unit 2 and a unit 3 below that."""

    tree = {1: (1,), 2: (1, 2), 3: (1, 2, 3)}

    def places_of(self, institutions: object) -> dict[int, Place]:
        return {pk: Place(f"I{pk}", "3325", path) for pk, path in self.tree.items()}

    def below(self, institutions: tuple[int, ...]) -> list[int]:
        wanted = set(institutions)
        return [pk for pk, path in self.tree.items() if wanted & set(path[:-1])]


@pytest.fixture
def tree() -> object:
    from cacah.staff import places

    before = places._places[0]
    told_by(_Tree())
    yield
    told_by(before)


def test_coordinators_of_one_institution_are_equals(tree: None) -> None:
    area("33.25")
    first, second = (officer(Role.COORDINATOR, "33.25", institution=1) for _ in range(2))
    lower = officer(Role.COORDINATOR, "33.25", institution=2)
    lowest = officer(Role.COORDINATOR, "33.25", institution=3)
    actions.suspend(by=first, officer=lowest)
    assert not is_let_in(lower, lowest)
    assert is_let_in(second, lowest)
    actions.suspend(by=lower, officer=lowest)
    assert is_let_in(officer(Role.REGENCY, "33.25"), lowest)


def test_inviting_a_suspended_stranger_reads_like_inviting_any_other(
    regency: Officer, client: Client
) -> None:
    area("33.25.07")
    pages = []
    for suspended in (False, True):
        email = f"orang{suspended:d}@example.org"
        stranger = officer(Role.DISTRICT, "51.71.01", email=email)
        Officer.objects.filter(pk=stranger.pk).update(
            name="Ani", phone="0812 999", last_login=timezone.now()
        )
        if suspended:
            actions.suspend(by=None, officer=stranger)
        told = {"email": email, "name": "X", "role": "district", "area": "33.25.07"}
        page = signed_in(client, regency).post("/kantor/petugas/undang/", told, follow=True)
        listed = client.get("/kantor/petugas/").content.decode()
        files = [client.get(f"/kantor/petugas/?format=csv&q={email}").content.decode()]
        for state in ("active", "invited", "factorless", "suspended", "ending"):
            answer = client.get(f"/kantor/petugas/?state={state}").content.decode()
            assert email not in answer, state
        assert "0812 999" not in page.content.decode() + listed + files[0]
        pages.append(OWN.sub("", page.content.decode() + files[0]).replace(email, ""))
    assert pages[0] == pages[1]
    assert "juga berperan di tempat lain" in pages[0]
    stranger.refresh_from_db()
    assert not stranger.is_active
    # Whoever stands above all that is held is told, and can do something about it.
    own = officer(Role.DISTRICT, "33.25.07", email="sendiri@example.org")
    actions.suspend(by=regency, officer=own)
    area("33.25.08")
    told = {"email": own.email, "name": "X", "role": "district", "area": "33.25.08"}
    page = client.post("/en/kantor/petugas/undang/", told).content.decode()
    assert "reinstate them first" in page


def test_a_role_given_while_suspended_opens_nothing_before_reinstating(regency: Officer) -> None:
    stranger = officer(Role.DISTRICT, "51.71.01")
    actions.suspend(by=None, officer=stranger)
    area("33.25.07")
    wanted = Appointment(Role.DISTRICT, "332507")
    actions.invite(by=regency, email=stranger.email, name="X", appointment=wanted)
    stranger.refresh_from_db()
    assert stranger.invitation is None
    assert signed_in(Client(), stranger).get("/kantor/").status_code == 302


def test_who_lost_the_phone_begins_again_by_a_link_from_above(
    regency: Officer, below: Officer, client: Client
) -> None:
    theirs = signed_in(Client(), below)
    signed_in(client, regency).post(f"/kantor/petugas/{below.pk}/undang-lagi/")
    below.refresh_from_db()
    assert theirs.get("/kantor/").status_code == 302
    assert not Authenticator.objects.filter(user=below).exists()
    path = invitations.link(below).removeprefix("http://127.0.0.1:8000")
    again = Client()
    again.post(path, {"password": "gajah minum kopi susu"})
    assert again.get("/kantor/").url == "/kantor/masuk/pengaman/"
    entry = AuditEntry.objects.get(verb="staff.invited_again")
    assert (entry.officer, entry.subject, entry.area) == (regency, below.email, "332507")


@pytest.mark.parametrize("role", ["district", "regency", "province"])
def test_nobody_resets_an_equal_or_a_superior(regency: Officer, client: Client, role: str) -> None:
    code = {"district": "33.26.01", "regency": "33.25", "province": "33"}[role]
    other = officer(role, code)
    signed_in(client, regency)
    for verb in ("undang-lagi", "surel"):
        form = {"email": "lain@example.org"}
        assert client.post(f"/kantor/petugas/{other.pk}/{verb}/", form).status_code == 404
    other.refresh_from_db()
    assert other.is_active
    for act in (
        lambda: actions.begin_again(by=regency, officer=other),
        lambda: actions.change_email(by=regency, officer=other, email="lain@example.org"),
    ):
        with pytest.raises(Refused):
            act()


def test_an_address_that_another_was_given_at_the_same_moment_is_refused(
    regency: Officer, below: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, there = officer(Role.DISTRICT, "33.25.08"), actions.EmailAddress.objects.filter

    def meanwhile(**which: object) -> object:
        Officer.objects.filter(pk=other.pk).update(email="baru@example.org")
        return there(**which)

    monkeypatch.setattr(actions.EmailAddress.objects, "filter", meanwhile)
    with pytest.raises(Refused):
        actions.change_email(by=regency, officer=below, email="baru@example.org")


def test_a_new_address_begins_again_and_the_old_one_is_told(
    regency: Officer,
    below: Officer,
    client: Client,
    django_capture_on_commit_callbacks: object,
) -> None:
    theirs, old = signed_in(Client(), below), below.email
    signed_in(client, regency)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page = client.post(
            f"/kantor/petugas/{below.pk}/surel/", {"email": "Baru@Example.org"}, follow=True
        )
    assert 'id="link"' in page.content.decode()
    below.refresh_from_db()
    assert (below.email, below.is_active) == ("baru@example.org", False)
    assert theirs.get("/kantor/").status_code == 302
    assert not EmailAddress.objects.filter(email=old).exists()
    letters.everything_is_sent()
    assert sorted(each.to[0] for each in mail.outbox) == ["baru@example.org", old]
    (told,) = [each for each in mail.outbox if each.to == [old]]
    assert "baru@example.org" not in told.body
    path = invitations.link(below).removeprefix("http://127.0.0.1:8000")
    assert Client().post(path, {"password": "gajah minum kopi susu"}).status_code == 302
    assert EmailAddress.objects.get(user=below).email == "baru@example.org"
    entry = AuditEntry.objects.get(verb="staff.email_changed")
    assert (entry.subject, entry.details) == ("baru@example.org", {"before": old})


def test_no_address_is_taken_from_somebody_else(
    regency: Officer, below: Officer, client: Client
) -> None:
    signed_in(client, regency)
    for taken in (regency.email.upper(), "no address", ""):
        answer = client.post(f"/en/kantor/petugas/{below.pk}/surel/", {"email": taken})
        words = answer.content.decode()
        assert "errorlist" in words or "This address cannot be taken" in words
    actions.suspend(by=regency, officer=below)
    answer = client.post(f"/en/kantor/petugas/{below.pk}/surel/", {"email": "x@example.org"})
    assert "reinstate them first" in answer.content.decode()
    below.refresh_from_db()
    assert below.email == "bawahan@example.org"
