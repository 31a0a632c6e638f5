"""Answers `draft` and `draft/open`: what a family keeps under a code, to go on on another device.

The device encrypts; what comes here is a locator, of which a digest is kept, and sealed bytes. A
version replaces only the one that its device knew, so that nobody's answers are lost to whoever
came last (docs/decisions/0015-drafts-under-a-code.md).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from cacah.collection import (
    actions,
    bodies,
    draft_actions,
    guesses,
    identify,
    pool,
    queries,
    window,
)
from cacah.collection.card import running
from cacah.collection.forgetting import KEPT_FOR
from cacah.collection.moments import utc
from cacah.collection.problems import Problem
from cacah.collection.queries import Draw, Kept, Place
from cacah.collection.sessions import Session
from cacah.registry.keys import server_keys

Answer = tuple[int, dict[str, Any]]
# A household's places for drafts, and how many of them are open to whoever has only its numbers.
PLACES, OPEN_PLACES = 4, 2
# Two devices that start at once may want the same place: the second takes the next one.
MOST_TRIES = PLACES + 1


def keep(body: dict[str, Any], client: str) -> Answer:
    """Keep the next version of a draft, or remove it; see docs/door.md for refusals."""
    now = datetime.now(UTC)
    if bool(body.get("sealed")) == bool(body.get("remove")):
        wrong = {"path": "sealed", "message": "either `sealed` or `remove` is expected"}
        raise Problem("bad-request", problems=[wrong])
    session = running(body["session"], now)
    window.current().check(now, begun=datetime.fromtimestamp(session.begun, UTC))
    place = place_of(session, body["locator"], body["base"])
    draft = draft_actions.Sealed(
        household_id=place.household_id,
        revision=place.revision,
        locator=place.locator,
        base=place.base,
        sealed=bodies.sealed_draft(body.get("sealed") or ""),
    )
    draw = look(place, now)
    if draw.kept is None and (draft.base or body.get("remove")):
        identify.count_failure((place.wrong_key, guesses.network_key(client)), now)
        raise Problem("draft-not-found")
    if draw.kept is None:
        return start(draft, place, now)
    if draw.kept.version != draft.base:
        raise newer(draw.kept)
    return go_on(draft, place, now, remove=bool(body.get("remove")))


def open_draft(body: dict[str, Any], client: str) -> Answer:
    """Return the last version kept under a locator; a wrong one counts as a guess."""
    now = datetime.now(UTC)
    session = running(body["session"], now)
    window.current().check(now, begun=datetime.fromtimestamp(session.begun, UTC))
    place = place_of(session, body["locator"], 0)
    kept = look(place, now).kept
    if kept is None:
        identify.count_failure((place.wrong_key, guesses.network_key(client)), now)
        raise Problem("draft-not-found")
    return 200, shown(kept)


def place_of(session: Session, locator: str, base: int) -> Place:
    """Return where a session's drafts with this locator are."""
    return Place(
        household_id=session.household_id,
        revision=session.revision,
        locator=locator_digest(session.household_id, locator),
        base=base,
        places=PLACES if session.card_answered else OPEN_PLACES,
        wrong_key=guesses.draft_key(session.household_id),
    )


def locator_digest(household_id: int, locator: str) -> bytes:
    """Return the 16 bytes under which a draft is found; `locator` is base64url."""
    of = household_id.to_bytes(8, "big", signed=True) + locator.encode()
    return blake2b(of, key=server_keys().lookup, person=b"locator", digest_size=16).digest()


def look(place: Place, now: datetime) -> Draw:
    """Return what is there; raise Problem while the household's guesses are being slowed.

    Whether a locator is right is told only after that, so that no request tells it any faster.
    """
    draw = pool.run(
        lambda connection: queries.find_draft(
            connection, place=place, now=now, since=now - KEPT_FOR
        )
    )
    if draw is None:
        raise Problem("draft-not-found")
    wait = draw.wrong.wait(guesses.DRAFT, now)
    if wait:
        raise Problem("slow-down", retry_after=wait)
    if draw.revision != place.revision:
        raise Problem("already-submitted")
    return draw


def start(draft: draft_actions.Sealed, place: Place, now: datetime) -> Answer:
    """Keep a first version where the household has a place left."""
    # A start asks whether its locator is taken, so it costs what a guess does, but not the network:
    # forty families in one hall start forty drafts.
    keys = {place.wrong_key: guesses.DRAFT.forgotten_after}
    pool.run(lambda connection: actions.count_failures(connection, keys=keys, at=now))
    for _ in range(MOST_TRIES):
        started = pool.run(
            lambda connection: draft_actions.start_draft(
                connection, draft=draft, places=place.places, at=now, since=now - KEPT_FOR
            )
        )
        if started:
            return 201, saved(1, now)
        draw = pool.run(
            lambda connection: queries.find_draft(
                connection, place=place, now=now, since=now - KEPT_FOR
            )
        )
        if draw is not None and draw.kept is not None:
            raise newer(draw.kept)
        if draw is None or draw.taken >= place.places:
            raise Problem("drafts-full")
    raise Problem("try-later", retry_after=1)


def go_on(draft: draft_actions.Sealed, place: Place, now: datetime, *, remove: bool) -> Answer:
    """Replace or remove the version that the device knows, if no other was faster."""

    def write(connection: pool.Rows) -> bool:
        if remove:
            return draft_actions.remove_draft(connection, draft=draft)
        return draft_actions.replace_draft(connection, draft=draft, at=now)

    if pool.run(write):
        return (200, {"removed": True}) if remove else (201, saved(draft.base + 1, now))
    kept = look(place, now).kept
    raise newer(kept) if kept else Problem("draft-not-found")


def newer(kept: Kept) -> Problem:
    """Return the refusal that brings the version which the device does not know."""
    return Problem("draft-newer", **shown(kept))


def shown(kept: Kept) -> dict[str, Any]:
    """Return a draft as the door's answers say it."""
    sealed = urlsafe_b64encode(kept.sealed or b"").decode().rstrip("=")
    return {"version": kept.version, "sealed": sealed, "saved_at": utc(kept.saved_at)}


def saved(version: int, now: datetime) -> dict[str, Any]:
    """Return the answer to a draft that is kept."""
    return {"version": version, "expires_at": utc(now + KEPT_FOR)}
