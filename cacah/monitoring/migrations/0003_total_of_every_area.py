"""Keeps the sum of an area's progress over all days and modes, and fills it from what there is."""

from django.db import migrations, models

COUNTS = (
    "expected_families, expected_persons, opened_families, responded_families, responded_persons,"
    " complete_families, complete_persons, unlisted_families, unlisted_persons,"
    " unverified_families, unverified_persons, finished_families"
)
SUMS = ", ".join(f"sum({name.strip()})" for name in COUNTS.split(","))
FILL = f"""
ALTER TABLE monitoring_total SET (fillfactor = 70);
LOCK TABLE monitoring_progress IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO monitoring_total (area, {COUNTS})
SELECT area, {SUMS} FROM monitoring_progress GROUP BY area
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_samples_for_walls")]

    operations = [
        migrations.CreateModel(
            name="Total",
            fields=[(name.strip(), models.IntegerField()) for name in COUNTS.split(",")]
            + [
                (
                    "area",
                    models.CharField(blank=True, max_length=16, primary_key=True, serialize=False),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
