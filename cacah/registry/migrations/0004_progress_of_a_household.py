"""Lets a change of progress say whose it is, and has the table that it is soon taken from swept.

No row is rewritten: the columns are nullable or have a default that is the same for all rows that
are there. The settings lock out nobody.
"""

from django.db import migrations, models
from django.db.models.functions import Now

# Rows live for seconds: what they leave behind is swept by their number, not by the table's size.
SWEPT = """
ALTER TABLE registry_progressdelta SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_threshold = -1,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000,
    autovacuum_vacuum_cost_delay = 0
)
"""
AS_BEFORE = """
ALTER TABLE registry_progressdelta RESET (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_vacuum_insert_threshold, autovacuum_analyze_scale_factor,
    autovacuum_analyze_threshold, autovacuum_vacuum_cost_delay
)
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_unlisted_families")]

    operations = [
        migrations.AddField(
            model_name="progressdelta",
            name="household_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="progressdelta",
            name="opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="progressdelta",
            name="at",
            field=models.DateTimeField(db_default=Now()),
        ),
        migrations.RunSQL(SWEPT, AS_BEFORE),
    ]
