"""Finds unlisted families by reference numbers that were given where there was no signal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_guided_and_invited"),
    ]

    operations = [
        migrations.CreateModel(
            name="FieldReference",
            fields=[
                ("digest", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("household_id", models.BigIntegerField(unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__length", 16)),
                        name="field_reference_digest_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("household_id__lt", 0)),
                        name="field_reference_is_unlisted",
                    ),
                ],
            },
        ),
    ]
