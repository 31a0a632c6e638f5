"""Who waits for whom among the writers of rosters, in one order, so that none waits in a ring.

1. the tree (institutions come, move, close), 2. the rosters: shared by all who change some
institutions' entries, alone by the fold, 3. the counters of those institutions, by their ids,
4. entries. The fold must be alone: an entry that is being added reads its household's case before
the fold follows it and would be committed after, with a state that nobody would ever correct.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from cacah.institutions.models import Participation

_TREE, _ROSTERS = 0x696E737401, 0x696E737402


def hold_tree() -> None:
    """Let nobody else change the tree until this transaction ends."""
    _execute("SELECT pg_advisory_xact_lock(%s)", _TREE)


def hold_rosters(institutions: Collection[int]) -> None:
    """Let nobody else change these institutions' rosters until this transaction ends."""
    _execute("SELECT pg_advisory_xact_lock_shared(%s)", _ROSTERS)
    list(
        Participation.objects.select_for_update()
        .filter(pk__in=institutions)
        .order_by("pk")
        .values_list("pk")
    )


def hold_all_rosters() -> None:
    """Let nobody else change any roster until this transaction ends."""
    _execute("SELECT pg_advisory_xact_lock(%s)", _ROSTERS)


def _execute(statement: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
