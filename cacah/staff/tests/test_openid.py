"""Signing in through an OpenID Connect provider: who was invited, and nobody else."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from cacah.staff import actions
from cacah.staff.models import Officer
from cacah.staff.roles import Role
from cacah.staff.signin import OpenIdAccounts
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
PROVIDER = "https://sso.example.go.id"
BEGIN, BACK = "/kantor/masuk/oidc/oidc/", "/kantor/masuk/oidc/oidc/kembali/"


class _Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told

    def json(self) -> dict[str, Any]:
        return self.told

    def raise_for_status(self) -> None:
        pass


class _Provider:
    """Stands for the provider's three addresses; `claims` is whom it says it has signed in."""

    def __init__(self, claims: dict[str, Any]) -> None:
        self.claims = claims

    def __enter__(self) -> _Provider:
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def get(self, url: str, **kwargs: Any) -> _Answer:
        if url.endswith("/userinfo"):
            return _Answer(self.claims)
        ways = {
            f"{name}_endpoint": f"{PROVIDER}/{name}"
            for name in ("authorization", "token", "userinfo")
        }
        return _Answer(ways | {"issuer": PROVIDER, "jwks_uri": f"{PROVIDER}/keys"})

    def request(self, method: str, url: str, **kwargs: Any) -> _Answer:
        return _Answer({"access_token": "t", "token_type": "Bearer"})


@pytest.fixture(autouse=True)
def switched_on(settings: Any) -> None:
    app = {"provider_id": "oidc", "name": "SSO", "client_id": "c", "secret": "s"}
    app |= {"settings": {"server_url": PROVIDER}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    settings.CACAH_OIDC_URL = PROVIDER


def through(
    monkeypatch: pytest.MonkeyPatch, client: Client, *, process: str = "login", **claims: Any
) -> Any:
    """Go to the provider and come back as whom it claims."""
    provider = _Provider({"sub": "1"} | claims)
    monkeypatch.setattr(OpenIdAccounts, "get_requests_session", lambda self: provider)
    gone = client.get(BEGIN, {"process": process})
    assert gone.url.startswith(f"{PROVIDER}/authorization?")
    state = parse_qs(urlsplit(gone.url).query)["state"][0]
    return client.get(BACK, {"code": "x", "state": state})


def test_an_invited_officer_takes_up_the_invitation(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = actions.begin_again(by=None, officer=officer(Role.REGENCY, "33.25"))
    through(monkeypatch, client, email=invited.email, email_verified=True)
    invited.refresh_from_db()
    assert invited.is_active
    assert client.get("/kantor/").url == "/kantor/masuk/pengaman/"


def test_the_second_factor_is_asked_for_here_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = officer(Role.REGENCY, "33.25")
    answer = through(monkeypatch, client, email=known.email, email_verified=True)
    assert answer.url == "/kantor/masuk/langkah-kedua/"


@pytest.mark.parametrize("verified", [True, False])
def test_nobody_is_made_an_officer(
    client: Client, monkeypatch: pytest.MonkeyPatch, verified: bool
) -> None:
    answer = through(monkeypatch, client, email="stranger@example.org", email_verified=verified)
    assert "diundang" in answer.content.decode()
    assert not Officer.objects.exists()


def test_an_address_that_the_provider_has_not_verified_is_nobody_s(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = officer(Role.REGENCY, "33.25")
    through(monkeypatch, client, email=known.email, email_verified=False)
    assert client.get("/kantor/").url.startswith("/kantor/masuk/?next=")


def test_a_suspended_officer_is_not_let_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    known = actions.suspend(by=None, officer=officer(Role.REGENCY, "33.25"))
    through(monkeypatch, client, email=known.email, email_verified=True)
    assert client.get("/kantor/").url.startswith("/kantor/masuk/?next=")


def test_an_answer_that_nobody_asked_for_is_refused(client: Client) -> None:
    assert "Location" not in client.get(BACK, {"code": "x", "state": "y"}).headers
    assert client.get("/kantor/masuk/oidc/other/").status_code == 404


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_no_account_of_the_provider_is_tied_to_an_officer(
    client: Client, monkeypatch: pytest.MonkeyPatch, process: str
) -> None:
    signed_in(client, officer(Role.REGENCY, "33.25"))
    told = {"email": "thief@example.org", "email_verified": True}
    answer = through(monkeypatch, client, process=process, **told)
    assert answer.url == "/kantor/masuk/"
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("said", ["false", "true", 1, "yes"])
def test_only_a_plain_true_says_that_an_address_is_verified(
    client: Client, monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    known = officer(Role.REGENCY, "33.25")
    through(monkeypatch, client, email=known.email, email_verified=said)
    assert client.get("/kantor/").url.startswith("/kantor/masuk/?next=")
    assert client.get("/kantor/masuk/langkah-kedua/").status_code == 302
