"""A household's partition is computed here as PostgreSQL computes it."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection

from cacah.registry.partitions import PARTITIONS, partition_of

AGREES = """
SELECT count(*) FROM unnest(%s::int8[], %s::int[]) AS given (id, part)
WHERE satisfies_hash_partition(%s::regclass, %s, part, id)
"""
TABLES = ("registry_household", "registry_person", "registry_case", "collection_submission")


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_server_agrees_in_which_partition_a_household_is(table):
    drawn = Random(1)
    ids = [drawn.randrange(-(2**63), 2**63) for _ in range(2000)]
    ids += [0, 1, -1, 2**63 - 1, -(2**63), 2**32, -(2**32)]
    parts = [partition_of(each) for each in ids]
    with connection.cursor() as cursor:
        cursor.execute(AGREES, [ids, parts, table, PARTITIONS])
        assert cursor.fetchone() == (len(ids),)
    assert set(parts) == set(range(PARTITIONS))


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_as_many_partitions_under_the_names_that_statements_use(table):
    listed = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"
    with connection.cursor() as cursor:
        cursor.execute(listed, [table])
        assert {row[0] for row in cursor} == {f"{table}_{n:02}" for n in range(PARTITIONS)}
