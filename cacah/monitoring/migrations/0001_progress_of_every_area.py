"""Creates the folded progress of every area, with room in its pages for rows that change often."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "area",
                        "day",
                        "mode",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=16)),
                ("day", models.DateField()),
                ("mode", models.CharField(blank=True, max_length=6)),
                ("expected_families", models.IntegerField()),
                ("expected_persons", models.IntegerField()),
                ("opened_families", models.IntegerField()),
                ("responded_families", models.IntegerField()),
                ("responded_persons", models.IntegerField()),
                ("complete_families", models.IntegerField()),
                ("complete_persons", models.IntegerField()),
                ("unlisted_families", models.IntegerField()),
                ("unlisted_persons", models.IntegerField()),
                ("unverified_families", models.IntegerField()),
                ("unverified_persons", models.IntegerField()),
                ("finished_families", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["", "cawi", "guided", "capi", "odk"])),
                        name="folded_mode_is_known",
                    )
                ],
            },
        ),
        # The new version of a row fits beside the old one, and no index changes.
        migrations.RunSQL(
            "ALTER TABLE monitoring_progress SET (fillfactor = 70)", migrations.RunSQL.noop
        ),
    ]
