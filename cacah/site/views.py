"""What machines ask of the site: is it alive, may it get traffic, what did it count."""

from __future__ import annotations

import os
from contextlib import suppress
from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from cacah.collection import metrics as door_metrics
from cacah.monitoring import metrics as progress_metrics


def healthy(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer at all."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when a family could be served now: the database answers; else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus the counters of all worker processes; 404 to whoever may not ask.

    With CACAH_METRICS_TOKEN set, the bearer of that token may; without it only this machine, and
    not through a proxy.
    """
    if not may_read_metrics(request):
        raise Http404
    door_metrics.flush()
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    counted = generate_latest(registry)
    # What processes count must be seen while the database is away too.
    with suppress(DatabaseError):
        counted += progress_metrics.lines()
    return HttpResponse(counted, content_type=CONTENT_TYPE_LATEST)


def may_read_metrics(request: HttpRequest) -> bool:
    """Tell whether the request carries the token, or comes straight from this machine."""
    if settings.CACAH_METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {settings.CACAH_METRICS_TOKEN}".encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
