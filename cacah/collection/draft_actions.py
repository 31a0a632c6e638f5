"""The only writer of drafts: what a device has sealed, kept until the family has submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from cacah.collection.statements import Rows

# A case that has moved on has no use for a draft. The highest free place is taken, so that those
# that anybody may take stay free for as long as there are others.
START_DRAFT = """
INSERT INTO collection_draft
    (household_id, slot, locator_digest, revision, version, sealed, saved_at)
SELECT household_id, free.slot, %(locator)b::bytea, revision, 1, %(sealed)b::bytea, %(at)s
FROM registry_case, LATERAL (
    SELECT slot FROM generate_series(1, %(places)s) AS slot
    EXCEPT SELECT slot FROM collection_draft WHERE household_id = %(household_id)s::int8
    ORDER BY slot DESC LIMIT 1
) AS free
WHERE household_id = %(household_id)s::int8 AND revision = %(revision)s
ON CONFLICT DO NOTHING
"""
OUTDATED_DRAFTS = """
DELETE FROM collection_draft WHERE household_id = %(household_id)s::int8
    AND (saved_at <= %(since)s OR revision <> %(revision)s)
"""
REPLACE_DRAFT = """
UPDATE collection_draft SET version = version + 1, sealed = %(sealed)b::bytea, saved_at = %(at)s
WHERE household_id = %(household_id)s::int8 AND locator_digest = %(locator)b::bytea
    AND version = %(base)s AND revision = %(revision)s
"""
REMOVE_DRAFT = """
DELETE FROM collection_draft
WHERE household_id = %(household_id)s::int8 AND locator_digest = %(locator)b::bytea
    AND version = %(base)s
"""
MOST_OLD_DRAFTS = 1000
# Every process forgets: what another is at just now is left to it. The ids stand there twice, so
# that the drafts are found by them and not by reading all.
FORGET_OLD_DRAFTS = f"""
WITH old AS MATERIALIZED (
    SELECT household_id, slot FROM collection_draft WHERE saved_at <= %(since)s
    LIMIT {MOST_OLD_DRAFTS} FOR UPDATE SKIP LOCKED
)
DELETE FROM collection_draft WHERE household_id = ANY(ARRAY(SELECT household_id FROM old))
    AND (household_id, slot) IN (SELECT household_id, slot FROM old)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Sealed:
    """A draft as a device sends it: to follow version `base` (0: the first) under a locator."""

    household_id: int
    # The case's revision that these answers follow.
    revision: int
    locator: bytes
    base: int
    sealed: bytes


def start_draft(
    connection: Rows, *, draft: Sealed, places: int, at: datetime, since: datetime
) -> bool:
    """Keep the first version in one of the household's first `places`; False if it cannot be.

    Drafts of the household that were last saved before `since`, or follow another revision, go.
    """
    values = asdict(draft) | {"places": places, "at": at, "since": since}
    connection.execute(OUTDATED_DRAFTS, values)
    return connection.execute(START_DRAFT, values).rowcount == 1


def replace_draft(connection: Rows, *, draft: Sealed, at: datetime) -> bool:
    """Keep version `base` + 1; False, and nothing is changed, where `base` is not the last one."""
    return connection.execute(REPLACE_DRAFT, asdict(draft) | {"at": at}).rowcount == 1


def remove_draft(connection: Rows, *, draft: Sealed) -> bool:
    """Forget a draft of which `base` is the last version; False where it is not."""
    return connection.execute(REMOVE_DRAFT, asdict(draft)).rowcount == 1


def forget_old_drafts(connection: Rows, *, since: datetime) -> int:
    """Remove drafts last saved at `since` or before, MOST_OLD_DRAFTS at most; return how many."""
    return connection.execute(FORGET_OLD_DRAFTS, {"since": since}).rowcount


def forget_drafts_of(connection: Rows, *, household_ids: Sequence[int]) -> int:
    """Remove every draft of these households; return how many."""
    return connection.execute(
        "DELETE FROM collection_draft USING unnest(%(ids)s::int8[]) AS done (id) "
        "WHERE household_id = done.id",
        {"ids": sorted(household_ids)},
    ).rowcount
