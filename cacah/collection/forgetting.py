"""Forgets drafts: those of families that have submitted within a second, others when they are old.

It runs behind the door (see `cacah.collection.opened`), so that no submission waits for it.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from functools import partial

from cacah.collection import draft_actions, metrics, pool

KEPT_FOR = timedelta(days=14)
MOST_AT_ONCE = 2000

_answered: deque[int] = deque(maxlen=200_000)


def answered(household_id: int) -> None:
    """Remember that this family has submitted, which costs the submission nothing else."""
    _answered.append(household_id)


def forget() -> int:
    """Remove the drafts of families that submitted just now; return how many.

    Raises pool.DatabaseUnreachable; those are tried again the next time. What a crash forgets in
    this second is removed when it is old; no new session can reach it.
    """
    gone = 0
    while _answered:
        taken = [_answered.popleft() for _ in range(min(len(_answered), MOST_AT_ONCE))]
        try:
            gone += pool.run(partial(draft_actions.forget_drafts_of, household_ids=taken))
        except pool.DatabaseUnreachable:
            _answered.extend(taken)
            raise
    metrics.DRAFTS_FORGOTTEN.labels("submitted").inc(gone)
    return gone


def forget_old() -> int:
    """Remove the drafts that nobody has saved for `KEPT_FOR`; return how many."""
    since, gone, last = datetime.now(UTC) - KEPT_FOR, 0, draft_actions.MOST_OLD_DRAFTS
    # All at once might take longer than a statement may, after servers have stood still for days.
    while last == draft_actions.MOST_OLD_DRAFTS:
        last = pool.run(lambda connection: draft_actions.forget_old_drafts(connection, since=since))
        gone += last
    metrics.DRAFTS_FORGOTTEN.labels("old").inc(gone)
    return gone
