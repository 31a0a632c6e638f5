"""Creates the census, its households, persons and cases, and what progress is counted from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("finished_at", models.DateTimeField()),
                ("families_new", models.IntegerField()),
                ("families_updated", models.IntegerField()),
                ("families_unchanged", models.IntegerField()),
                ("families_kept", models.IntegerField()),
                ("families_rejected", models.IntegerField()),
                ("persons", models.IntegerField()),
                ("rows_rejected", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Census",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("reference_date", models.DateField()),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("help_phone", models.CharField(blank=True, max_length=40)),
                ("help_hours", models.CharField(blank=True, max_length=80)),
                ("help_email", models.EmailField(blank=True, max_length=254)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="census_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="census_opens_before_it_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressDelta",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("area", models.CharField(max_length=16)),
                ("day", models.DateField()),
                ("mode", models.CharField(blank=True, max_length=6)),
                ("expected_families", models.IntegerField(default=0)),
                ("expected_persons", models.IntegerField(default=0)),
                ("opened_families", models.IntegerField(default=0)),
                ("responded_families", models.IntegerField(default=0)),
                ("responded_persons", models.IntegerField(default=0)),
                ("complete_families", models.IntegerField(default=0)),
                ("complete_persons", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["", "cawi", "guided", "capi", "odk"])),
                        name="progress_mode_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kk_digest", models.BinaryField(max_length=16)),
                ("area", models.CharField(max_length=16)),
                ("persons", models.SmallIntegerField()),
                ("record", models.BinaryField()),
                ("content_digest", models.BinaryField(max_length=16)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.registerimport",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "household",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="case",
                        serialize=False,
                        to="registry.household",
                    ),
                ),
                ("area", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("expected", "expected"),
                            ("opened", "opened"),
                            ("submitted", "submitted"),
                            ("reopened", "reopened"),
                            ("not_home", "not_home"),
                            ("refused", "refused"),
                            ("moved", "moved"),
                            ("vacant", "vacant"),
                            ("not_found", "not_found"),
                            ("duplicate", "duplicate"),
                            ("outside", "outside"),
                            ("unlisted", "unlisted"),
                            ("verified", "verified"),
                        ],
                        default="expected",
                        max_length=10,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("cawi", "cawi"),
                            ("guided", "guided"),
                            ("capi", "capi"),
                            ("odk", "odk"),
                        ],
                        max_length=6,
                        null=True,
                    ),
                ),
                ("persons", models.SmallIntegerField(default=0)),
                ("revision", models.SmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["area"], name="case_by_area")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "expected",
                                    "opened",
                                    "submitted",
                                    "reopened",
                                    "not_home",
                                    "refused",
                                    "moved",
                                    "vacant",
                                    "not_found",
                                    "duplicate",
                                    "outside",
                                    "unlisted",
                                    "verified",
                                ],
                            )
                        ),
                        name="case_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["cawi", "guided", "capi", "odk"])),
                        name="case_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("persons__gte", 0), ("revision__gte", 0)),
                        name="case_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "submitted"), _negated=True),
                            models.Q(
                                ("mode__isnull", False),
                                ("revision__gte", 1),
                                ("submitted_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="case_submitted_says_when_and_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "household_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("nik_digest", models.BinaryField(max_length=16)),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="members",
                        to="registry.household",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["nik_digest"], name="person_by_nik")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__range", (1, 60))),
                        name="person_position_is_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nik_digest__length", 16)),
                        name="person_digest_is_whole",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(("persons__range", (1, 60))), name="household_has_persons"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_digest__length", 16), ("kk_digest__length", 16)),
                name="household_digests_are_whole",
            ),
        ),
    ]
