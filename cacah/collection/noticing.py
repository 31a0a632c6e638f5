"""The statements that notice a person whom two families count.

A NIK that the register does not have for the household that gives it is *foreign*; only foreign
ones are written down, so a family that counts its own people costs nothing more.
"""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

from cacah.collection.statements import BYTEAS, INT8, TIMESTAMPTZ, Statement

# A number stands in one row, so of two families that give it at the same moment the second waits
# for the first and sees it. Of each number the first 64 households are kept: beyond that it is a
# joke or an attack, and everybody is still paired with those.
NOTICED = """
met AS (
    INSERT INTO collection_foreignnumber AS known (digest, households)
    SELECT given.digest, ARRAY[%(household_id)] FROM {given} ORDER BY given.digest
    ON CONFLICT (digest) DO UPDATE SET households = CASE
        WHEN %(household_id) = ANY(known.households) OR cardinality(known.households) >= 64
        THEN known.households ELSE known.households || %(household_id) END
    RETURNING digest, households
), told AS (
    INSERT INTO collection_newnumber (digest, household_id) SELECT digest, %(household_id) FROM met
), paired AS (
    INSERT INTO collection_sharednumber (lower_id, higher_id, digest, noticed_at)
    SELECT least(other.id, %(household_id)), greatest(other.id, %(household_id)), met.digest, %(at)
    FROM met CROSS JOIN LATERAL (
        SELECT unnest(met.households) AS id
        UNION SELECT household_id FROM registry_person WHERE nik_digest = met.digest
    ) AS other
    WHERE other.id <> %(household_id)
    ON CONFLICT DO NOTHING
)
"""
# As `actions.SUBMIT` with the same names, for a family with foreign NIKs or without a register row.
SUBMIT_NOTICING = (
    """
WITH moved AS (
    UPDATE registry_case
    SET state = CASE state WHEN 'unlisted' THEN state ELSE %(target) END, mode = %(mode),
        persons = %(persons), revision = %(revision),
        submitted_at = %(at), opened_at = coalesce(opened_at, %(at)),
        guide = coalesce(nullif(%(guide), ''), guide),
        invitation = coalesce(nullif(%(invitation), ''), invitation)
    WHERE household_id = %(household_id) AND revision = %(revision) - 1
        AND state = ANY(%(sources))
    RETURNING area, opened_at, (opened_at = submitted_at)::int AS opened,
        (state = 'unlisted')::int AS unlisted
), counted AS (
    INSERT INTO registry_progressdelta (area, day, mode, expected_families, expected_persons,
        opened_families, responded_families, responded_persons,
        complete_families, complete_persons, unverified_families, unverified_persons,
        household_id, opened_at)
    SELECT area, %(day), %(mode), 0, 0, opened, listed * %(families), listed * %(more_persons),
        listed * %(families), listed * %(more_persons),
        unlisted * %(families), unlisted * %(more_persons), %(household_id), opened_at
    FROM (SELECT area, opened_at, opened, unlisted, 1 - unlisted AS listed FROM moved) AS kinds
), """
    + NOTICED.format(given="moved, unnest(%(foreign)) AS given (digest)")
    + """
INSERT INTO collection_submission (household_id, revision, issued_at, mode, persons, instrument,
    key_digest, receipt_digest, nik_digests, sealed, to_be_verified)
SELECT %(household_id), %(revision), %(issued_at), %(mode), %(persons), %(instrument),
    %(key_digest), %(receipt_digest), %(nik_digests), %(sealed), unlisted = 1
FROM moved
RETURNING to_be_verified::int
"""
)
NOTICE = Statement(
    b"door_notice",
    "WITH "
    + NOTICED.format(given="unnest(%(foreign)) AS given (digest)")
    + "SELECT count(*) FROM met",
    {"household_id": INT8, "at": TIMESTAMPTZ, "foreign": BYTEAS},
)
# What no submission could notice.
GATHER = """
INSERT INTO collection_sharednumber (lower_id, higher_id, digest, noticed_at)
SELECT one.household_id, other.household_id, one.nik_digest, %(at)s
FROM registry_person one JOIN registry_person other USING (nik_digest)
WHERE one.household_id < other.household_id
UNION
SELECT least(given.id, p.household_id), greatest(given.id, p.household_id), known.digest, %(at)s
FROM collection_foreignnumber known CROSS JOIN LATERAL unnest(known.households) AS given (id)
JOIN registry_person p ON p.nik_digest = known.digest AND p.household_id <> given.id
ON CONFLICT DO NOTHING
"""
