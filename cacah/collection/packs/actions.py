"""The only writer of session packs and of what they deliver."""

from __future__ import annotations

from datetime import datetime

from cacah.collection.models import Pack


def make_pack(
    *, public_key: bytes, session_code: str, instrument: str, valid_until: datetime, at: datetime
) -> Pack:
    """Let a pack sign from now on; the doer and the trail are the calling room's."""
    return Pack.objects.create(
        public_key=public_key,
        session_code=session_code,
        instrument=instrument,
        made_at=at,
        valid_until=valid_until,
    )


def revoke_pack(*, pack_id: int, at: datetime) -> bool:
    """Take nothing of a pack any more; False where it was revoked before, or never was.

    Waits for what is being delivered at this moment. The trail is the calling room's.
    """
    return Pack.objects.filter(pk=pack_id, revoked_at=None).update(revoked_at=at) == 1
