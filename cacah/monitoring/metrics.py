"""Whether folding keeps up, for Prometheus: asked of the database when somebody looks."""

from __future__ import annotations

from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from cacah.monitoring.queries import pending


def lines() -> bytes:
    """Return how many changes wait to be folded, and for how long the oldest has.

    Raises django.db.DatabaseError. The same from whichever process answers, unlike what processes
    count.
    """
    registry = CollectorRegistry()
    number, oldest = pending()
    seconds = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    for name, meaning, value in (
        ("cacah_progress_pending", "Changes of progress that wait to be folded.", number),
        ("cacah_progress_pending_seconds", "Age of the oldest of them; 0 without one.", seconds),
    ):
        Gauge(name, meaning, registry=registry).set(value)
    return bytes(generate_latest(registry))
