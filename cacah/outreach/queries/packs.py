"""The packs of a session, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from cacah.areas.queries import names
from cacah.outreach.models import GuidedSession, SessionPack


class PackState(models.TextChoices):
    """Whether a laptop may still be held with a pack, and whether the centre takes what it has."""

    GOOD = "good", pgettext_lazy("state of a pack", "Good")
    OVER = "over", pgettext_lazy("state of a pack", "Over: it can only be delivered")
    REVOKED = "revoked", pgettext_lazy("state of a pack", "Taken back")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pack as its session's page lists it."""

    pack: SessionPack
    made_at: datetime
    valid_until: datetime
    state: PackState
    # The villages' names; of an institution's people there are none.
    areas: str


def packs_of(session: GuidedSession) -> list[Prepared]:
    """Return a session's packs, the newest first."""
    packs = SessionPack.objects.filter(session=session).select_related("pack", "made_by")
    found = list(packs.order_by("-serial"))
    called, now = names({area for each in found for area in each.areas}), timezone.now()
    return [
        Prepared(
            each,
            each.pack.made_at,
            each.pack.valid_until,
            state_of(each, now),
            ", ".join(called.get(area, area) for area in each.areas),
        )
        for each in found
    ]


def state_of(pack: SessionPack, now: datetime) -> PackState:
    """Return where a pack stands at a moment."""
    if pack.pack.revoked_at is not None:
        return PackState.REVOKED
    return PackState.OVER if now >= pack.pack.valid_until else PackState.GOOD
