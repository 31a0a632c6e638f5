"""Signing in: password, second step, what a thief of one of them can do, and what nobody learns."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from cacah.staff import actions, letters
from cacah.staff.models import AuditEntry, Officer
from cacah.staff.roles import Role
from cacah.staff.tests.cast import PASSWORD, TOTP_SECRET, officer, signed_in

pytestmark = pytest.mark.django_db
SIGN_IN, SECOND = "/kantor/masuk/", "/kantor/masuk/langkah-kedua/"


def code(shift: int = 0) -> str:
    """Return the app's code of so many steps from now."""
    step = int(time.time()) // 30 + shift
    return totp.format_hotp_value(totp.hotp_value(TOTP_SECRET, step))


def first_step(client: Client, who: Officer, **more: str):
    return client.post(SIGN_IN, {"login": who.email, "password": PASSWORD} | more)


@pytest.fixture
def somebody() -> Officer:
    return officer(Role.REGENCY, "33.25")


def test_password_and_code_lead_home(client: Client, somebody: Officer) -> None:
    assert first_step(client, somebody).url == SECOND
    assert client.get("/kantor/").status_code == 302
    assert client.post(SECOND, {"code": code()}).url == "/kantor/"
    assert client.get("/kantor/").status_code == 200
    assert list(AuditEntry.objects.filter(officer=somebody).values_list("verb", "area")) == [
        ("staff.signed_in", "3325")
    ]


def test_a_code_is_good_once_even_while_it_is_valid(somebody: Officer) -> None:
    used = code()
    thief = Client()
    for client in (Client(), thief):
        first_step(client, somebody)
        client.post(SECOND, {"code": used})
    assert thief.get("/kantor/").status_code == 302
    app = Authenticator.objects.get(user=somebody)
    assert len(app.data["used"]) in (1, 2)
    # The cache may forget it, or the clock be put back: it stays used.
    from django.core.cache import cache

    cache.clear()
    first_step(thief, somebody)
    thief.post(SECOND, {"code": used})
    assert thief.get("/kantor/").status_code == 302


def test_a_clock_that_was_ahead_shuts_nobody_out(
    client: Client, somebody: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    with monkeypatch.context() as ahead:
        ahead.setattr(totp.time, "time", lambda: now + 86_400 * 365)
        first_step(client, somebody)
        ahead_code = totp.format_hotp_value(
            totp.hotp_value(TOTP_SECRET, int(now + 86_400 * 365) // 30)
        )
        assert client.post(SECOND, {"code": ahead_code}).status_code == 302
    again = Client()
    first_step(again, somebody)
    assert again.post(SECOND, {"code": code()}).url == "/kantor/"


@pytest.mark.parametrize("wrong", ["", "000000", "1" * 400, "12345a", "' OR 1=1"])
def test_a_wrong_code_opens_nothing(client: Client, somebody: Officer, wrong: str) -> None:
    first_step(client, somebody)
    assert client.post(SECOND, {"code": wrong}).status_code == 200
    assert client.get("/kantor/").status_code == 302


def test_guessing_codes_and_passwords_is_slowed(client: Client, somebody: Officer) -> None:
    first_step(client, somebody)
    for _ in range(6):
        answer = client.post(SECOND, {"code": "000000"})
    assert "Terlalu banyak" in answer.content.decode()
    # The right code too must wait now.
    assert client.post(SECOND, {"code": code()}).status_code == 200


def test_a_recovery_code_stands_in_once(client: Client, somebody: Officer) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    spare = RecoveryCodes.activate(somebody).get_unused_codes()[0]
    first_step(client, somebody)
    assert client.post(SECOND, {"code": spare}).url == "/kantor/"
    again = Client()
    first_step(again, somebody)
    assert again.post(SECOND, {"code": spare}).status_code == 200


def test_without_a_second_factor_no_page_opens(client: Client) -> None:
    bare = officer(Role.COORDINATOR, institution=7, second_factor=False)
    assert first_step(client, bare).status_code == 302
    assert client.get("/kantor/").url == "/kantor/masuk/pengaman/"
    assert client.get("/kantor/petugas/").url == "/kantor/masuk/pengaman/"


def test_a_session_from_before_the_second_factor_must_show_it(client: Client) -> None:
    bare = officer(Role.REGENCY, "33.25", second_factor=False)
    thief = Client()
    first_step(thief, bare)
    totp.TOTP.activate(bare, TOTP_SECRET)
    asked = "/kantor/masuk/langkah-kedua/lagi/"
    for path in ("/kantor/", "/kantor/masuk/pengaman/", "/kantor/masuk/pengaman/aplikasi/lepas/"):
        assert thief.get(path).url.startswith(asked), path
    assert thief.post("/kantor/masuk/sandi/", {}).url.startswith(asked)


def test_the_last_second_factor_cannot_be_taken_off(client: Client, somebody: Officer) -> None:
    signed_in(client, somebody)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [r | {"reauthenticated": True} for r in records]
    session.save()
    client.post("/kantor/masuk/pengaman/aplikasi/lepas/")
    assert Authenticator.objects.filter(user=somebody, type="totp").exists()


def test_secrets_of_the_second_factor_lie_encrypted(somebody: Officer) -> None:
    assert TOTP_SECRET not in str(Authenticator.objects.get(user=somebody).data)


@pytest.mark.parametrize(
    "next_url",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_sign_in_leads_nowhere_else(client: Client, somebody: Officer, next_url: str) -> None:
    first_step(client, somebody, next=next_url)
    assert client.post(SECOND, {"code": code()}).url == "/kantor/"


def test_sign_in_leads_on_to_the_page_that_was_asked_for(client: Client, somebody: Officer) -> None:
    first_step(client, somebody, next="/kantor/petugas/?state=invited")
    assert client.post(SECOND, {"code": code()}).url == "/kantor/petugas/?state=invited"


def test_the_session_has_a_new_name_after_sign_in(client: Client, somebody: Officer) -> None:
    client.get(SIGN_IN)
    first_step(client, somebody)
    before = client.session.session_key
    client.post(SECOND, {"code": code()})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_an_unknown_e_mail_and_a_wrong_password_look_alike(somebody: Officer) -> None:
    invited = officer(Role.DISTRICT, "33.25.07")
    actions.begin_again(by=None, officer=invited)
    pages = []
    for email in ("nobody@example.org", somebody.email, invited.email):
        answer = Client().post(SIGN_IN, {"login": email, "password": "wrong wrong wrong"})
        page = answer.content.decode().replace(email, "")
        pages.append((answer.status_code, page.partition("<main")[2].split("csrf")[0]))
    assert pages[0] == pages[1] == pages[2]


def test_asking_for_a_new_password_tells_nobody_who_has_access(somebody: Officer) -> None:
    answers = [
        Client().post("/kantor/masuk/lupa/", {"email": email})
        for email in ("nobody@example.org", somebody.email)
    ]
    assert {(a.status_code, a.url) for a in answers} == {(302, "/kantor/masuk/lupa/terkirim/")}
    letters.everything_is_sent()
    assert [each.to for each in mail.outbox] == [[somebody.email]]
    assert "http://127.0.0.1:8000/kantor/masuk/lupa/" in mail.outbox[0].body


def test_a_new_password_by_mail_still_needs_the_second_factor(somebody: Officer) -> None:
    client = Client()
    client.post("/kantor/masuk/lupa/", {"email": somebody.email})
    letters.everything_is_sent()
    link = next(w for w in mail.outbox[0].body.split() if w.startswith("http"))
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    new = {"password1": "gajah minum kopi susu", "password2": "gajah minum kopi susu"}
    client.post(page.request["PATH_INFO"], new)
    answer = client.post(SIGN_IN, {"login": somebody.email, "password": new["password1"]})
    assert answer.url == SECOND


def test_failed_sign_ins_stand_in_the_trail_without_passwords(somebody: Officer) -> None:
    for login in (somebody.email, "nobody@example.org"):
        Client().post(SIGN_IN, {"login": login, "password": "geheim geheim"})
    failed = AuditEntry.objects.filter(verb="staff.sign_in_failed").order_by("pk")
    assert [(e.subject, e.officer_id) for e in failed] == [
        (somebody.email, somebody.pk),
        ("nobody@example.org", None),
    ]
    assert all(e.network == "127.0.0.1" for e in failed)
    assert "geheim" not in str([e.details for e in failed])


def test_a_session_ends_when_it_is_not_used_and_when_it_is_old(
    client: Client, somebody: Officer
) -> None:
    signed_in(client, somebody).get("/kantor/")
    session = Session.objects.get(session_key=client.session.session_key)
    assert session.expire_date < timezone.now() + timedelta(minutes=31)
    store = client.session
    store["office_began"] = time.time() - 13 * 3600
    store.save()
    assert client.get("/kantor/").status_code == 302


def test_a_forged_form_is_refused(somebody: Officer) -> None:
    client = signed_in(Client(enforce_csrf_checks=True), somebody)
    assert client.post("/kantor/petugas/undang/", {"email": "x@example.org"}).status_code == 403


def test_nobody_can_register(client: Client) -> None:
    for path in ("/kantor/masuk/signup/", "/kantor/masuk/daftar/", "/accounts/signup/"):
        assert client.get(path).status_code == 404


def test_pages_for_residents_know_no_session(client: Client, somebody: Officer) -> None:
    signed_in(client, somebody)
    page = client.get("/bukti/")
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client) -> None:
    page = client.get(SIGN_IN)
    for cookie in page.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.django_db(transaction=True)
def test_the_code_that_set_the_app_up_signs_nobody_in(client: Client) -> None:
    bare = officer(Role.REGENCY, "33.25", second_factor=False)
    signed_in(client, bare).get("/kantor/masuk/pengaman/aplikasi/")
    secret = client.session[totp.SECRET_SESSION_KEY]
    used = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    client.post("/kantor/masuk/pengaman/aplikasi/", {"code": used})
    assert client.get("/kantor/").status_code == 200
    thief = Client()
    first_step(thief, bare)
    thief.post(SECOND, {"code": used})
    assert thief.get("/kantor/").status_code == 302
    following = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + 1))
    assert thief.post(SECOND, {"code": following}).url == "/kantor/"


def test_behind_a_proxy_each_address_has_a_limit_of_its_own(
    client: Client, somebody: Officer, settings
) -> None:
    settings.CACAH_TRUSTED_PROXIES = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}

    def tries(address: str, proxy: str = "10.0.0.1") -> int:
        """Return the status of a sign-in from an address, as the office's proxy tells it."""
        told = {"login": "nobody@example.org", "password": "wrong wrong wrong"}
        return client.post(
            SIGN_IN, told, headers={"X-Forwarded-For": address}, REMOTE_ADDR=proxy
        ).status_code

    assert [tries("198.51.100.7") for _ in range(4)] == [200, 200, 200, 429]
    # Neither another proxy nor what the client itself writes before it makes him somebody else.
    assert tries("198.51.100.7", "10.0.0.2") == 429
    assert tries("203.0.113.9, 198.51.100.7") == 429
    assert tries("203.0.113.9") == 200
    # Nobody is believed where no proxy is ours.
    settings.CACAH_TRUSTED_PROXIES = 0
    assert tries("198.51.100.7", "192.0.2.1") == 200
