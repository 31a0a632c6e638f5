"""Keeps which session pack has delivered answers that count."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collection", "0008_session_packs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brought",
            fields=[
                (
                    "receipt_digest",
                    models.BinaryField(max_length=16, primary_key=True, serialize=False),
                ),
                ("delivered_at", models.DateTimeField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collection.pack",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("receipt_digest__length", 16)),
                        name="brought_digest_is_whole",
                    )
                ],
            },
        ),
    ]
