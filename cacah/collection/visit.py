"""Answers `visit`: a family that has found itself asks an officer to come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cacah.collection import pool, window
from cacah.collection.card import running
from cacah.collection.moments import utc
from cacah.collection.problems import Problem
from cacah.registry.actions import ask_for_a_visit
from cacah.registry.keys import server_keys

Answer = tuple[int, dict[str, Any]]


def please_visit(body: dict[str, Any], _client: str) -> Answer:
    """Note the family's wish; asked again, the answer is the same and the newer words count."""
    now = datetime.now(UTC)
    session = running(body["session"], now)
    window.current().check(now, begun=datetime.fromtimestamp(session.begun, UTC))
    household_id = session.household_id
    words = {name: body[name].strip() for name in ("contact", "note") if body.get(name)}
    sealed = server_keys().seal_record(household_id, words)
    first = pool.run(
        lambda connection: ask_for_a_visit(
            connection, household_id=household_id, reason=body["reason"], sealed=sealed, at=now
        )
    )
    if first is None:
        raise Problem("session-invalid")
    return 201, {"requested_at": utc(first)}
