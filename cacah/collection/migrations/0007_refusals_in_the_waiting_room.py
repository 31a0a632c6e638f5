"""Server processes also report how many starts they sent to wait."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collection", "0006_numbers_for_rosters")]

    operations = [
        migrations.AddField("serving", "refusals", models.FloatField(default=0.0, db_default=0.0)),
    ]
