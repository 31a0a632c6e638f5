"""Creates the drafts that families keep under a code, in 16 partitions by the household's id."""

from django.db import migrations, models

PARTITIONS = 16

CREATE = """
CREATE TABLE collection_draft (
    household_id bigint NOT NULL,
    slot smallint NOT NULL,
    locator_digest bytea NOT NULL,
    revision smallint NOT NULL,
    version integer NOT NULL,
    sealed bytea NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (household_id, slot),
    CONSTRAINT draft_by_locator UNIQUE (household_id, locator_digest),
    CONSTRAINT draft_places CHECK (slot BETWEEN 1 AND 4 AND version >= 1),
    CONSTRAINT draft_sizes CHECK (length(locator_digest) = 16 AND length(sealed) <= 49152)
) PARTITION BY HASH (household_id);
CREATE INDEX draft_by_age ON collection_draft (saved_at);
-- What is encrypted cannot be compressed.
ALTER TABLE collection_draft ALTER COLUMN sealed SET STORAGE EXTERNAL;
"""
PARTITION = """
CREATE TABLE collection_draft_{n:02} PARTITION OF collection_draft
    FOR VALUES WITH (MODULUS {of}, REMAINDER {n});
ALTER TABLE collection_draft_{n:02} ALTER COLUMN sealed SET STORAGE EXTERNAL;
"""

DRAFT = migrations.CreateModel(
    name="Draft",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "household_id",
                "slot",
                blank=True,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        ("household_id", models.BigIntegerField()),
        ("slot", models.SmallIntegerField()),
        ("locator_digest", models.BinaryField(max_length=16)),
        ("revision", models.SmallIntegerField()),
        ("version", models.IntegerField()),
        ("sealed", models.BinaryField()),
        ("saved_at", models.DateTimeField()),
    ],
    options={
        "indexes": [models.Index(fields=["saved_at"], name="draft_by_age")],
        "constraints": [
            models.UniqueConstraint(
                fields=["household_id", "locator_digest"], name="draft_by_locator"
            ),
            models.CheckConstraint(
                condition=models.Q(("slot__range", (1, 4)), ("version__gte", 1)),
                name="draft_places",
            ),
            models.CheckConstraint(
                condition=models.Q(("locator_digest__length", 16), ("sealed__length__lte", 49152)),
                name="draft_sizes",
            ),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [("collection", "0004_waiting_room")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    CREATE
                    + "".join(PARTITION.format(n=n, of=PARTITIONS) for n in range(PARTITIONS)),
                    "DROP TABLE collection_draft",
                )
            ],
            state_operations=[DRAFT],
        )
    ]
