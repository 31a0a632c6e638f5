"""What may be asked of the review list: households that gave the same NIK, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# Of pairs that share one number so many are listed: what a crowd of families has typed is a joke
# or somebody's example, and each of them would stand before real cases with dozens of others.
MOST_OF_A_NUMBER = 8
# Who has answered without the number does not count it; who has not answered yet may.
PAIRS = """
WITH pairs AS (
    SELECT s.lower_id, s.higher_id, min(s.noticed_at) AS noticed_at, count(*) AS numbers,
        count(*) FILTER (
            WHERE s.digest = ANY(one.nik_digests) AND s.digest = ANY(other.nik_digests)
        ) AS twice,
        count(*) FILTER (WHERE s.digest = ANY(one.nik_digests) IS NOT FALSE
            AND s.digest = ANY(other.nik_digests) IS NOT FALSE) AS possible,
        min(s.place) AS place
    FROM (
        SELECT *, row_number() OVER (
            PARTITION BY digest ORDER BY noticed_at, lower_id, higher_id
        ) AS place
        FROM collection_sharednumber WHERE settled_at IS NULL
    ) AS s
    LEFT JOIN LATERAL (
        SELECT nik_digests FROM collection_submission
        WHERE household_id = s.lower_id ORDER BY revision DESC LIMIT 1
    ) AS one ON true
    LEFT JOIN LATERAL (
        SELECT nik_digests FROM collection_submission
        WHERE household_id = s.higher_id ORDER BY revision DESC LIMIT 1
    ) AS other ON true
    GROUP BY s.lower_id, s.higher_id
)
"""
FIND = (
    PAIRS
    + """
SELECT lower_id, higher_id, noticed_at, numbers, twice, possible FROM pairs
WHERE %(everything)s OR (possible > 0 AND place <= %(crowd)s)
ORDER BY twice DESC, possible DESC, noticed_at, lower_id, higher_id
LIMIT %(most)s OFFSET %(skip)s
"""
)
COUNT = (
    PAIRS
    + """
SELECT count(*), count(*) FILTER (WHERE twice > 0), count(*) FILTER (WHERE possible = 0),
    count(*) FILTER (WHERE possible > 0 AND place > %(crowd)s)
FROM pairs
"""
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two households on the review list; of people it says how many, never who."""

    lower_id: int
    higher_id: int
    noticed_at: datetime
    # NIKs that they share, those that the last answers of both count, and those that may yet be:
    # neither family has answered without them.
    numbers: int
    counted_twice: int
    possible: int


@dataclass(frozen=True, slots=True)
class Length:
    """How long the list is, in pairs; those `crowded` share a number with too many others."""

    pairs: int
    counted_twice: int
    impossible: int
    crowded: int

    @property
    def listed(self) -> int:
        """Return how many pairs are listed unless everything is asked for."""
        return self.pairs - self.impossible - self.crowded


def pairs_to_review(*, most: int, skip: int = 0, everything: bool = False) -> list[Pair]:
    """Return a page of the list, pairs that are sure to be counted twice first.

    `everything` also where one has answered without the number, and all of a crowd.
    """
    with connection.cursor() as cursor:
        page = {"most": most, "skip": skip, "everything": everything, "crowd": MOST_OF_A_NUMBER}
        cursor.execute(FIND, page)
        return [Pair(*row) for row in cursor.fetchall()]


def length_of_review() -> Length:
    """Return how long the list is."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"crowd": MOST_OF_A_NUMBER})
        return Length(*cursor.fetchone())
