"""Splits submissions into 16 partitions by the household's id, while the table is empty."""

from django.db import migrations

PARTITIONS = 16

SPLIT = """
ALTER TABLE collection_submission RENAME TO collection_submission_whole;
CREATE TABLE collection_submission
    (LIKE collection_submission_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY HASH (household_id);
DROP TABLE collection_submission_whole;
ALTER TABLE collection_submission ADD PRIMARY KEY (household_id, revision);
CREATE INDEX submission_by_receipt ON collection_submission (receipt_digest);
-- Sealed bytes cannot be compressed, and 2 KB are read as one piece: no second table for them.
ALTER TABLE collection_submission ALTER COLUMN sealed SET STORAGE EXTERNAL;
"""
PARTITION = """
CREATE TABLE collection_submission_{n:02} PARTITION OF collection_submission
    FOR VALUES WITH (MODULUS {of}, REMAINDER {n}) WITH (toast_tuple_target = 8160);
ALTER TABLE collection_submission_{n:02} ALTER COLUMN sealed SET STORAGE EXTERNAL;
"""


class Migration(migrations.Migration):
    dependencies = [("collection", "0001_submissions")]

    operations = [
        migrations.RunSQL(
            SPLIT + "".join(PARTITION.format(n=n, of=PARTITIONS) for n in range(PARTITIONS)),
            migrations.RunSQL.noop,
        ),
    ]
