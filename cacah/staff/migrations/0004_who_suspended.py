"""Keeps who suspended an officer, read from the audit trail for those who are suspended now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The line of the trail was written in the same transaction, a moment after. A command on the
# server stays null.
READ = """
UPDATE staff_officer SET suspended_by_id = (
    SELECT entry.officer_id FROM staff_auditentry entry
    JOIN staff_officer doer ON doer.id = entry.officer_id
    WHERE entry.subject = staff_officer.email AND entry.verb = 'staff.suspended'
        AND entry.at >= staff_officer.suspended_at - interval '5 seconds'
    ORDER BY entry.at, entry.id LIMIT 1
)
WHERE suspended_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0003_team_role"),
    ]

    operations = [
        migrations.AddField(
            model_name="officer",
            name="suspended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(READ, migrations.RunSQL.noop),
    ]
