"""What a pack's laptop has handed over to the centre."""

from django.db import migrations, models
from django.db.models import Q

KINDS = [(each, each) for each in ("unlisted", "submission", "visit", "seat")]
OUTCOMES = [(each, each) for each in ("stored", "again", "beside", "refused")]


class Migration(migrations.Migration):
    dependencies = [("outreach", "0004_what_changed_on_a_board")]

    operations = [
        migrations.CreateModel(
            name="Delivered",
            fields=[
                (
                    "key",
                    models.BinaryField(max_length=16, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=8)),
                ("why", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("key__length", 16)), name="delivered_key_is_whole"
                    ),
                    models.CheckConstraint(
                        condition=Q(("kind__in", [each for each, _ in KINDS])),
                        name="delivered_kind",
                    ),
                    models.CheckConstraint(
                        condition=Q(("outcome__in", [each for each, _ in OUTCOMES])),
                        name="delivered_outcome",
                    ),
                ],
            },
        )
    ]
