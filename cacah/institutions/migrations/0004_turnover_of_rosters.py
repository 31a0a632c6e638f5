"""Keeps what was refused and allowed of people who came onto rosters and left them at once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0003_large_rosters_by_a_job")]

    operations = [
        migrations.CreateModel(
            name="Turnover",
            fields=[
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="turnover",
                        serialize=False,
                        to="institutions.institution",
                    ),
                ),
                ("refused_at", models.DateTimeField(null=True)),
                ("refused_people", models.IntegerField(default=0)),
                ("allowed_at", models.DateTimeField(null=True)),
                ("allowed_people", models.IntegerField(default=0)),
            ],
        ),
        migrations.AddConstraint(
            model_name="turnover",
            constraint=models.CheckConstraint(
                condition=models.Q(refused_people__gte=0, allowed_people__gte=0),
                name="turnover_counts",
            ),
        ),
    ]
