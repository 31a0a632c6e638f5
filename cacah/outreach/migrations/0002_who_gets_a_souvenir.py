"""Lets an event say who gets a souvenir: the first so many families, or an institution's own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0005_households_of_entries"),
        ("outreach", "0001_outreach"),
    ]

    operations = [
        migrations.CreateModel(
            name="SouvenirRule",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="souvenir_rule",
                        serialize=False,
                        to="outreach.visit",
                    ),
                ),
                ("first", models.IntegerField(null=True)),
                (
                    "people_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first", None), ("first__gte", 1), _connector="OR"),
                        name="souvenir_rule_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first", None), ("people_of", None), _negated=True),
                        name="souvenir_rule_says_something",
                    ),
                ],
            },
        ),
    ]
