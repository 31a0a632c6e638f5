"""Splits households, persons and cases into 16 partitions by the household's id, while empty."""

from django.db import migrations

PARTITIONS = 16

SPLIT = """
ALTER TABLE {table} RENAME TO {table}_whole;
CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY HASH ({key});
DROP TABLE {table}_whole;
ALTER TABLE {table} ADD PRIMARY KEY ({primary_key});
"""
PARTITION = """
CREATE TABLE {table}_{n:02} PARTITION OF {table}
    FOR VALUES WITH (MODULUS {of}, REMAINDER {n}) {storage};
"""


def split(table, key, primary_key, then="", storage=""):
    """Return the SQL that replaces an empty table by a partitioned one of the same columns."""
    parts = (
        PARTITION.format(table=table, n=n, of=PARTITIONS, storage=storage)
        for n in range(PARTITIONS)
    )
    return SPLIT.format(table=table, key=key, primary_key=primary_key) + "".join(parts) + then


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_register")]

    operations = [
        migrations.RunSQL(split("registry_household", "id", "id"), migrations.RunSQL.noop),
        migrations.RunSQL(
            split(
                "registry_person",
                "household_id",
                "household_id, position",
                then="CREATE INDEX person_by_nik ON registry_person (nik_digest);",
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            split(
                "registry_case",
                "household_id",
                "household_id",
                then="CREATE INDEX case_by_area ON registry_case (area);",
                # A case is updated two or three times; room in the page keeps that off the indexes.
                storage="WITH (fillfactor = 70)",
            ),
            migrations.RunSQL.noop,
        ),
    ]
