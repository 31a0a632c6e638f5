"""A page that hangs in the database ends with a clear message; jobs and commands have time."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from cacah.staff.door import office
from cacah.staff.patience import is_out_of_time, tell_the_database
from cacah.staff.tests.cast import officer, signed_in

PAGE = "/en/kantor/lama/"


@office(None)
def hanging(request: HttpRequest) -> HttpResponse:
    """Ask the database for something that takes long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    return HttpResponse()


@pytest.fixture
def hung(transactional_db: None, settings: Any, client: Client) -> Iterator[Client]:
    settings.ROOT_URLCONF = "cacah.staff.tests.test_patience"
    signed_in(client, officer("national"))
    settings.CACAH_PAGE_SECONDS = 1
    yield client
    tell_the_database(0)


SITE = import_module(settings.ROOT_URLCONF)
urlpatterns = [path("en/kantor/lama/", hanging), *SITE.urlpatterns]


def test_a_page_that_hangs_ends_with_a_message(hung: Client):
    answer = hung.get(PAGE)
    assert answer.status_code == 503 and answer["Retry-After"]
    said = answer.content.decode()
    assert "This took too long" in said and PAGE in said
    # The connection serves the next page.
    assert hung.get("/kantor/").status_code == 200


def test_what_was_sent_is_not_sent_once_more_by_a_link(hung: Client):
    answer = hung.post(PAGE)
    assert answer.status_code == 503 and 'role="button"' not in answer.content.decode()


def test_other_mistakes_are_no_question_of_patience():
    assert not is_out_of_time(OperationalError("connection lost"))
    assert not is_out_of_time(ValueError())


@pytest.mark.django_db
def test_without_a_limit_the_database_takes_its_time(client: Client, settings):
    settings.CACAH_PAGE_SECONDS = 0
    signed_in(client, officer("national"))
    assert client.get("/kantor/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
