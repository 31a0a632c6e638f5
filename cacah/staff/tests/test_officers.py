"""Inviting, appointing, suspending: who may do it to whom, and what becomes of sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cacah.staff import letters
from cacah.staff.models import AuditEntry, Grant, Officer
from cacah.staff.queries import grants_on, scope_of
from cacah.staff.roles import Role
from cacah.staff.tests.cast import area, holds, officer, signed_in

pytestmark = pytest.mark.django_db
NEW = {"email": "Baru@Example.org", "name": "Siti Baru", "role": "district", "area": "33.25.07"}


@pytest.fixture
def regency(client: Client) -> Client:
    """Sign in an officer of Batang."""
    area("33.25.07")
    return signed_in(client, officer(Role.REGENCY, "33.25"))


def invite(client: Client, **changes: str) -> str:
    """Invite by the page; return the one-time link that it shows."""
    answer = client.post("/kantor/petugas/undang/", NEW | changes, follow=True)
    shown = answer.content.decode().partition('id="link" readonly value="')[2]
    return shown.partition('"')[0]


def test_an_invitation_is_taken_up_once(regency: Client) -> None:
    link = invite(regency)
    assert link.startswith("http://127.0.0.1:8000/kantor/undangan/")
    letters.everything_is_sent()
    assert link in mail.outbox[0].body
    invited = Officer.objects.get(email="baru@example.org")
    path = link.removeprefix("http://127.0.0.1:8000")
    somebody = Client()
    assert "Siti Baru" in somebody.get(path).content.decode()
    taken = somebody.post(path, {"password": "gajah minum kopi susu"})
    assert (taken.status_code, taken.url) == (302, "/kantor/masuk/pengaman/")
    invited.refresh_from_db()
    assert invited.is_active
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"password": "gajah minum kopi susu"}).status_code == 410
    assert somebody.get("/kantor/").url == "/kantor/masuk/pengaman/"


def test_a_link_is_shown_once_and_stands_in_no_page_after(regency: Client) -> None:
    assert invite(regency)
    page = regency.get(f"/kantor/petugas/{Officer.objects.get(name='Siti Baru').pk}/")
    assert "/undangan/" not in page.content.decode()


def test_a_link_ignores_the_host_of_the_request(regency: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    regency.post("/kantor/petugas/undang/", NEW, headers={"host": "evil.example"})
    letters.everything_is_sent()
    assert "evil.example" not in mail.outbox[0].body


def test_a_weak_password_is_refused_and_the_link_stays_good(regency: Client) -> None:
    path = invite(regency).removeprefix("http://127.0.0.1:8000")
    for weak in ("short", "123456789012345", "siti baru 2026"):
        assert Client().post(path, {"password": weak}).status_code == 200, weak
    assert Client().get(path).status_code == 200


def test_a_suspended_officer_s_link_is_void(regency: Client) -> None:
    path = invite(regency).removeprefix("http://127.0.0.1:8000")
    invited = Officer.objects.get(name="Siti Baru")
    regency.post(f"/kantor/petugas/{invited.pk}/tangguhkan/")
    assert Client().get(path).status_code == 410
    regency.post(f"/kantor/petugas/{invited.pk}/pulihkan/")
    assert Client().post(path, {"password": "gajah minum kopi susu"}).status_code == 410


def test_a_new_link_makes_the_old_one_void(regency: Client) -> None:
    old = invite(regency).removeprefix("http://127.0.0.1:8000")
    regency.post(f"/kantor/petugas/{Officer.objects.get(name='Siti Baru').pk}/undang-lagi/")
    assert Client().get(old).status_code == 410


def test_a_link_is_good_for_some_days_only(regency: Client, settings) -> None:
    path = invite(regency).removeprefix("http://127.0.0.1:8000")
    settings.CACAH_INVITATION_DAYS = -1
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "national", "area": ""},
        {"role": "province", "area": "33"},
        {"role": "regency", "area": "33.25"},
        {"role": "help_desk", "area": "33.25"},
        {"role": "statistician", "area": ""},
        {"role": "district", "area": "33.26.01"},
        {"role": "district", "area": "33.25"},
        {"role": "district", "area": "99.99.99"},
        {"role": "district", "area": ""},
        {"role": "district", "area": "'; DROP"},
        {"role": "coordinator", "area": ""},
        {"role": "coordinator", "area": "33.25", "institution": "1"},
        {"role": "", "area": "33.25.07"},
        {"email": "no address"},
        {"until_day": "2001-01-01"},
        {"from_day": "2090-01-02", "until_day": "2090-01-01"},
    ],
)
def test_nobody_is_invited_above_or_beside_oneself(regency: Client, changes: dict) -> None:
    area("33.26.01")
    before = Grant.objects.count()
    answer = regency.post("/kantor/petugas/undang/", NEW | changes)
    assert answer.status_code in (200, 404)
    assert Grant.objects.count() == before
    assert not Officer.objects.filter(email="baru@example.org").exists()


@pytest.mark.parametrize(("role", "where"), [(Role.NATIONAL, ""), (Role.REGENCY, "33.25")])
def test_only_who_holds_the_nation_is_told_to_leave_the_area_empty(
    client: Client, role: Role, where: str
) -> None:
    boss = signed_in(client, officer(role, where))
    page = boss.get("/en/kantor/petugas/undang/").content.decode()
    assert ("Leave it empty for the whole nation" in page) == (where == "")
    assert "Its code, as 33.25." in page


@pytest.mark.parametrize("role", ["district", "statistician", "help_desk"])
def test_who_may_not_invite_finds_no_such_page(client: Client, role: str) -> None:
    somebody = signed_in(client, officer(role, "33.25.07" if role == "district" else ""))
    for path in ("/kantor/petugas/", "/kantor/petugas/undang/", "/kantor/petugas/berkas/"):
        page = somebody.get(path)
        assert page.status_code == 404
        assert b"staff/office.css" not in page.content


def test_suspending_ends_sessions_with_the_next_request(regency: Client) -> None:
    below = officer(Role.DISTRICT, "33.25.07")
    theirs = signed_in(Client(), below)
    assert theirs.get("/kantor/").status_code == 200
    assert regency.post(f"/kantor/petugas/{below.pk}/tangguhkan/").status_code == 302
    assert theirs.get("/kantor/").status_code == 302
    regency.post(f"/kantor/petugas/{below.pk}/pulihkan/")
    assert Officer.objects.get(pk=below.pk).is_active


def test_a_role_taken_back_is_gone_with_the_next_request(regency: Client) -> None:
    below = officer(Role.DISTRICT, "33.25.07")
    theirs = signed_in(Client(), below)
    grant = Grant.objects.get(officer=below)
    regency.post(f"/kantor/petugas/peran/{grant.pk}/cabut/")
    assert theirs.get("/kantor/perkembangan/").status_code == 404


def test_officers_elsewhere_and_above_are_not_found(regency: Client) -> None:
    others = [
        officer(Role.DISTRICT, "33.26.01"),
        officer(Role.PROVINCE, "33"),
        officer(Role.REGENCY, "33.25"),
        officer(Role.NATIONAL),
    ]
    nobody = regency.get("/kantor/petugas/999999999/").content.replace(b"999999999", b"")
    for other in others:
        page = regency.get(f"/kantor/petugas/{other.pk}/").content
        assert page.replace(b"/%d/" % other.pk, b"//") == nobody
        grant = Grant.objects.get(officer=other)
        for verb in ("", "tangguhkan/", "pulihkan/", "undang-lagi/", "peran/"):
            address = f"/kantor/petugas/{other.pk}/{verb}"
            answer = regency.post(address) if verb else regency.get(address)
            assert answer.status_code == 404
        assert regency.post(f"/kantor/petugas/peran/{grant.pk}/cabut/").status_code == 404
        other.refresh_from_db()
        assert other.is_active
        assert other.email not in regency.get("/kantor/petugas/?q=officer").content.decode()


def test_who_also_holds_a_role_elsewhere_is_not_suspended_from_here(regency: Client) -> None:
    both = officer(Role.DISTRICT, "33.25.07")
    holds(both, Role.DISTRICT, "33.26.01")
    answer = regency.post(f"/kantor/petugas/{both.pk}/tangguhkan/")
    assert "33.26" not in answer.content.decode()
    assert Officer.objects.get(pk=both.pk).is_active


def test_a_role_holds_between_its_days_only(client: Client) -> None:
    ended = officer(Role.REGENCY, "33.25", until=timezone.localdate())
    Grant.objects.filter(officer=ended).update(
        from_day=timezone.localdate() - timedelta(days=9),
        until_day=timezone.localdate() - timedelta(days=1),
    )
    assert signed_in(client, ended).get("/kantor/petugas/").status_code == 404


def test_a_scope_is_made_of_the_grants_of_its_day_and_no_others() -> None:
    today = timezone.localdate()
    holder = officer(Role.REGENCY, "33.25", until=today)
    holds(holder, Role.DISTRICT, "33.26.01", until=today - timedelta(days=1))
    later = holds(holder, Role.PROVINCE, "33")
    Grant.objects.filter(pk=later.pk).update(from_day=today + timedelta(days=1))
    taken = holds(holder, Role.NATIONAL)
    Grant.objects.filter(pk=taken.pk).update(revoked_at=timezone.now())
    for ago in (-2, -1, 0, 1, 2):
        day = today - timedelta(days=ago)
        known = grants_on(day).filter(officer=holder).order_by("id")
        expected = [(each.role, each.area_id or "", each.institution) for each in known]
        held = scope_of(holder, on=day).grants
        assert [(each.role, each.area, each.institution) for each in held] == expected
    assert [each.area for each in scope_of(holder).grants] == ["3325"]


def test_a_second_role_needs_no_second_link(regency: Client) -> None:
    below = officer(Role.DISTRICT, "33.25.07", email="known@example.org")
    area("33.25.08")
    assert invite(regency, email="known@example.org", area="33.25.08") == ""
    assert Grant.objects.filter(officer=below).count() == 2
    assert invite(regency, email="known@example.org", area="33.25.08") == ""
    assert Grant.objects.filter(officer=below).count() == 2
    assert below.name != "Siti Baru"


def test_what_was_done_stands_in_the_trail(regency: Client) -> None:
    invite(regency)
    below = Officer.objects.get(name="Siti Baru")
    regency.post(f"/kantor/petugas/{below.pk}/tangguhkan/")
    verbs = AuditEntry.objects.filter(subject="baru@example.org").order_by("pk")
    assert [(e.verb, e.area) for e in verbs] == [
        ("staff.invited", "332507"),
        ("staff.suspended", "332507"),
    ]


def test_filters_of_any_kind_break_nothing(regency: Client) -> None:
    for query in ("page=-1", "page=x", "area=zz", "state=none", "role=x", "q=%00", "q=%25", "q='"):
        assert regency.get(f"/kantor/petugas/?{query}").status_code == 200
    assert regency.get("/kantor/petugas/?format=exe").status_code == 404
    assert regency.get("/kantor/petugas/?format=csv").status_code == 200
    assert regency.get("/kantor/petugas/undang/?institution=7").status_code == 404
    assert regency.get("/kantor/petugas/undang/?institution=zz").status_code in (200, 404)
