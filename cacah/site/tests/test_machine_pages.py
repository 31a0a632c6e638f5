"""Health, readiness and metrics: what machines ask of the site."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from cacah.registry.models import ProgressDelta


@pytest.mark.django_db
def test_it_is_healthy_and_ready_with_a_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_it_is_healthy_but_not_ready_without_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr("cacah.site.views.connection.cursor", refuse)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db  # the page that says 404 names the help line
def test_it_shows_metrics_to_this_machine_only(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 404


@pytest.mark.django_db
def test_metrics_say_whether_folding_keeps_up(client: Client) -> None:
    assert b"\ncacah_progress_pending 0.0" in client.get("/metrics").content
    since = timezone.now() - timedelta(seconds=100)
    for _ in range(2):
        ProgressDelta.objects.create(area="33", day=since.date(), mode="", at=since)
    lines = client.get("/metrics").content.decode()
    assert "\ncacah_progress_pending 2.0" in lines
    assert "\ncacah_progress_pending_seconds 10" in lines


@pytest.mark.django_db  # the page that says 404 names the help line
def test_it_shows_metrics_to_the_bearer_of_the_token(client: Client, settings) -> None:
    settings.CACAH_METRICS_TOKEN = "a-long-token"
    assert client.get("/metrics").status_code == 404
    answer = client.get("/metrics", headers={"authorization": "Bearer a-long-token"})
    assert answer.status_code == 200


def test_every_page_carries_the_security_headers(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
