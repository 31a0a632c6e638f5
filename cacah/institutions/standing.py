"""How far a person on a roster has come, as SQL: stored with the entry, and what is pending.

A person has come as far as the furthest household in which he or she was found, and a household
never goes back (docs/rosters.md). So what is stored was right when it was followed, what has
happened since stands in `registry_progressdelta` and `collection_newnumber` until the fold follows
it, and the further of both is exact in any one statement.
"""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

# Of a state, and of what a change makes of a household: the further, the higher.
RANKS = {"not_found": 0, "not_yet": 1, "opened": 2, "complete": 3}
RANK_OF_STATE = (
    "CASE {} WHEN 'complete' THEN 3 WHEN 'opened' THEN 2 WHEN 'not_yet' THEN 1 ELSE 0 END"
)
STATE_OF_RANK = (
    "CASE {} WHEN 3 THEN 'complete' WHEN 2 THEN 'opened' WHEN 1 THEN 'not_yet' ELSE 'not_found' END"
)
# Of a case: an answer counts for ever, also while it is reopened, and also before an officer has
# verified an unlisted family.
RANK_OF_CASE = (
    "CASE WHEN registry_case.revision > 0 THEN 3 WHEN registry_case.opened_at IS NOT NULL THEN 2"
    " ELSE 1 END"
)
_RANK_OF_DELTA = "CASE WHEN responded_families > 0 OR unverified_families > 0 THEN 3 ELSE 2 END"

# What an entry `e` comes to from nothing but the cases of the households where it was found.
# Each look-up is a subquery of its own: whatever the statistics say, no plan reads all cases.
DERIVED = f"""
CASE WHEN e.exempt_reason <> '' THEN 'exempt' ELSE coalesce(
    (SELECT {STATE_OF_RANK.format("max(rank)")} FROM (
        SELECT coalesce((SELECT {RANK_OF_CASE} FROM registry_case
            WHERE registry_case.household_id = f.household_id), 1) AS rank
        FROM institutions_finding f WHERE f.entry_id = e.id
    ) AS ranks HAVING count(*) > 0),
    CASE WHEN e.by_receipt THEN 'not_yet' ELSE 'not_found' END
) END
"""

_LEFT = "e.removed_at IS NULL AND e.state IN ('not_found', 'not_yet', 'opened')"
# `risen`: the entries that pending changes bring further, with their state `before` and the rank
# `after`. OFFSET 0 keeps the planner to one way, by index, which statistics cannot talk it out of:
# a join with a scope of a thousand is taken for one of five, and made a thousand times.
_PENDING = f"""
    SELECT household_id, {_RANK_OF_DELTA} AS rank FROM registry_progressdelta
    WHERE household_id IS NOT NULL AND (responded_families > 0 OR unverified_families > 0
        OR opened_families > 0 OR unlisted_families > 0)
"""
# Whom families have named since the last fold, as far as any of their households is.
_NAMED = f"""
    SELECT e.id, e.institution_id, e.state, greatest(
        (SELECT {RANK_OF_CASE} FROM registry_case
            WHERE registry_case.household_id = n.household_id),
        (SELECT max((SELECT {RANK_OF_CASE} FROM registry_case
            WHERE registry_case.household_id = f.household_id))
            FROM institutions_finding f WHERE f.entry_id = e.id)
    ) AS rank
    FROM collection_newnumber n CROSS JOIN LATERAL (
        SELECT e.id, e.institution_id, e.state FROM institutions_rosterentry e
        WHERE e.nik_digest = n.digest AND NOT e.by_receipt AND {_LEFT} OFFSET 0
    ) AS e
"""
_RISEN = f"""
    SELECT id AS entry_id, institution_id, state AS before, max(rank) AS after
    FROM touched GROUP BY id, institution_id, state
    HAVING max(rank) > {RANK_OF_STATE.format("state")}
"""
# Of entries that are given, as `{{entries}}`: all that is found of each is looked for in what is
# pending. Costs by their number, and a look through what is pending.
_OF_ENTRIES = f"""
pending AS NOT MATERIALIZED ({_PENDING}), touched AS (
    SELECT e.id, e.institution_id, e.state, pending.rank
    FROM {{entries}} CROSS JOIN LATERAL (
        SELECT household_id FROM institutions_finding WHERE entry_id = e.id OFFSET 0
    ) AS f
    JOIN pending USING (household_id)
    UNION ALL {_NAMED}
), risen AS ({_RISEN})
"""
# Of those of the institutions in `scope` (id).
RISEN = _OF_ENTRIES.format(
    entries="scope CROSS JOIN LATERAL (SELECT e.id, e.institution_id, e.state"
    " FROM institutions_rosterentry e WHERE e.institution_id = scope.id"
    f" AND {_LEFT} OFFSET 0) AS e"
)
# Of entries that are `chosen` already.
RISEN_OF_CHOSEN = _OF_ENTRIES.format(
    entries="(SELECT e.* FROM chosen e WHERE e.state IN ('not_found', 'not_yet', 'opened')) AS e"
)
# Of all rosters, also such as nobody asks about; costs by what is pending. Nearly everybody is
# found in one household, by which an index has the entry whole, and needs no grouping.
RISEN_ANYWHERE = f"""
pending AS MATERIALIZED (
    SELECT household_id, max(rank) AS rank FROM ({_PENDING}) AS changes
    GROUP BY household_id ORDER BY household_id
), named AS MATERIALIZED ({_NAMED}), touched AS (
    SELECT * FROM named
    UNION ALL
    SELECT e.id, e.institution_id, e.state, pending.rank
    FROM pending CROSS JOIN LATERAL (
        SELECT entry_id FROM institutions_finding
        WHERE household_id = pending.household_id AND shared OFFSET 0
    ) AS f
    CROSS JOIN LATERAL (
        SELECT e.id, e.institution_id, e.state FROM institutions_rosterentry e
        WHERE e.id = f.entry_id AND {_LEFT} OFFSET 0
    ) AS e
), risen AS (
    SELECT e.id AS entry_id, e.institution_id, e.state AS before, pending.rank AS after
    FROM pending CROSS JOIN LATERAL (
        SELECT e.id, e.institution_id, e.state FROM institutions_rosterentry e
        WHERE e.household_id = pending.household_id AND {_LEFT} OFFSET 0
    ) AS e
    WHERE NOT (e.state = 'opened' AND pending.rank = 2) AND e.id NOT IN (SELECT id FROM named)
    UNION ALL {_RISEN}
)
"""

COUNTED = ("complete", "opened", "not_yet", "not_found", "exempt")
# What `moved` (institution_id, before, after; null for an entry that comes or goes) adds up to.
GAINS = (
    "SELECT institution_id, "
    + ", ".join(
        f"count(*) FILTER (WHERE after = '{state}')"
        f" - count(*) FILTER (WHERE before = '{state}') AS {state}"
        for state in COUNTED
    )
    + " FROM moved GROUP BY institution_id"
)
COUNT_MOVED = (
    "UPDATE institutions_participation p SET "
    + ", ".join(f"{state} = p.{state} + gains.{state}" for state in COUNTED)
    + f" FROM ({GAINS}) AS gains WHERE p.institution_id = gains.institution_id"
)
