"""The door of the office: who comes in, and what everybody else gets."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cacah.staff.jobs import forget_ended
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


def test_an_officer_with_a_second_factor_comes_home(client: Client) -> None:
    page = signed_in(client, officer(Role.REGENCY, "33.25")).get("/kantor/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    page = client.get("/kantor/")
    assert (page.status_code, page.url) == (302, "/kantor/masuk/?next=/kantor/")


def test_ended_sessions_and_old_tries_are_forgotten(client: Client) -> None:
    signed_in(client, officer(Role.REGENCY, "33.25"))
    ended = client.session.session_key
    Session.objects.filter(session_key=ended).update(expire_date=timezone.now())
    cache.set("old", "try", timeout=-1)
    cache.set("new", "try", timeout=60)
    forget_ended()
    assert not Session.objects.filter(session_key=ended).exists()
    assert cache.get("new") == "try"
    assert not cache.get("old")


def test_after_a_form_that_came_too_late_sign_in_leads_home(client: Client) -> None:
    answer = client.post("/kantor/petugas/7/tangguhkan/")
    assert answer.url == "/kantor/masuk/?next=/kantor/"


def test_a_fragment_of_a_page_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get("/kantor/", headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/kantor/masuk/")
