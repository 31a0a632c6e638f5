"""Lets a case say in which session, and by whose invitation, its family answered.

No row is rewritten: both columns are nullable and without a default. The indexes hold only the
few cases that say so; they are built part by part beside whoever reads and writes, which is why
this migration is no transaction. Run again after it was broken off, it goes on.
"""

from django.db import migrations, models
from django.db.models import Q

PARTS = tuple(f"registry_case_{n:02}" for n in range(16))


def indexed(column):
    """Return the statements that index a column of every part without holding anybody up."""
    for part in PARTS:
        # One that was broken off is there and not valid: it is built anew.
        yield f"DROP INDEX CONCURRENTLY IF EXISTS {part}_by_{column}"
        yield (
            f"CREATE INDEX CONCURRENTLY {part}_by_{column} ON {part} "
            f"({column} varchar_pattern_ops) WHERE {column} IS NOT NULL"
        )
    yield (
        f"CREATE INDEX case_by_{column} ON ONLY registry_case "
        f"({column} varchar_pattern_ops) WHERE {column} IS NOT NULL"
    )
    for part in PARTS:
        yield f"ALTER INDEX case_by_{column} ATTACH PARTITION {part}_by_{column}"


def undone(column):
    return [f"DROP INDEX IF EXISTS case_by_{column}"]


def index(column):
    """Return the operation that indexes a column as the model's Meta says it."""
    stated = models.Index(
        fields=[column],
        opclasses=["varchar_pattern_ops"],
        condition=Q((f"{column}__isnull", False)),
        name=f"case_by_{column}",
    )
    return migrations.RunSQL(
        [*undone(column), *indexed(column)],
        undone(column),
        state_operations=[migrations.AddIndex("case", stated)],
    )


def column(name, digits):
    """Return the operation that adds a column; a second time it finds it there."""
    return migrations.RunSQL(
        f"ALTER TABLE registry_case ADD COLUMN IF NOT EXISTS {name} varchar({digits}) NULL",
        f"ALTER TABLE registry_case DROP COLUMN IF EXISTS {name}",
        state_operations=[
            migrations.AddField("case", name, models.CharField(max_length=digits, null=True))
        ],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0004_progress_of_a_household")]

    operations = [
        column("guide", 64),
        column("invitation", 16),
        index("guide"),
        index("invitation"),
    ]
