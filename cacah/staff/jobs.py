"""Forgets what signing in leaves behind: sessions that ended and tries that no longer count."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from procrastinate.contrib.django import app


@app.periodic(cron="41 * * * *")
@app.task(name="staff.forget", queueing_lock="staff.forget")
def forget(timestamp: int) -> None:
    """Forget both, every hour."""
    forget_ended()


def forget_ended() -> None:
    """Remove the rows of ended sessions and of the cache that have run out."""
    SessionStore.clear_expired()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staff_cache WHERE expires < now()")
