"""Lets an upload say how it is to be stored, and which job does that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0002_reminders_and_digests")]

    operations = [
        migrations.AddField(model_name="upload", name="wish", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="upload", name="job_id", field=models.BigIntegerField(null=True)
        ),
    ]
