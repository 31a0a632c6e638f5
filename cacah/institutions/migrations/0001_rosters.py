"""Creates institutions, rosters, who was found where, counters, and uploads."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("areas", "0001_areas"),
        ("staff", "0001_officers"),
        ("registry", "0004_progress_of_a_household"),
        ("collection", "0006_numbers_for_rosters"),
    ]

    operations = [
        migrations.CreateModel(
            name="Institution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province_government", "Province government"),
                            ("regency_government", "Regency or city government"),
                            ("department", "Department of a regional government"),
                            ("vertical_agency", "Vertical agency"),
                            ("parliament", "Regional parliament"),
                            ("armed_forces", "Armed forces or police"),
                            ("state_company", "State-owned company"),
                            ("regional_company", "Company owned by a region"),
                            ("company", "Private company"),
                            ("university", "University"),
                            ("faculty", "Faculty"),
                            ("school", "School"),
                            ("unit", "Unit"),
                            ("other", "Other institution"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=250)),
                ("obliged", models.BooleanField()),
                ("names_to_officers", models.BooleanField(default=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="institutions.institution",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RosterEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nik_digest", models.BinaryField(max_length=16)),
                ("sealed", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("complete", "Complete"),
                            ("opened", "Opened"),
                            ("not_yet", "Not yet"),
                            ("not_found", "Not found"),
                            ("exempt", "Exempt"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "exempt_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("abroad", "Abroad during the census"),
                            ("not_resident", "Not a resident of Indonesia"),
                            ("left", "No longer with the institution"),
                            ("died", "Has died"),
                            ("visited", "Counted by an officer at home"),
                            ("other", "Another reason, known to the institution"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by_receipt", models.BooleanField(db_default=False, default=False)),
                ("receipt_digest", models.BinaryField(max_length=16, null=True, unique=True)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roster",
                        to="institutions.institution",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id",
                        "household_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("household_id", models.BigIntegerField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("register", "Register"),
                            ("submission", "Named by a family that answered"),
                            ("receipt", "Receipt handed in"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="institutions.rosterentry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("file_name", models.CharField(max_length=200)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("reading", "reading"),
                            ("refused", "refused"),
                            ("checked", "checked"),
                            ("storing", "storing"),
                            ("stored", "stored"),
                        ],
                        default="reading",
                        max_length=8,
                    ),
                ),
                ("rows_read", models.IntegerField(default=0)),
                ("rows_total", models.IntegerField(null=True)),
                ("problem", models.JSONField(null=True)),
                ("notes", models.JSONField(default=list)),
                ("sheets", models.JSONField(default=list)),
                ("sheet", models.SmallIntegerField(null=True)),
                ("result", models.JSONField(null=True)),
                (
                    "began_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "moved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UploadRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id",
                        "sheet",
                        "row",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sheet", models.SmallIntegerField()),
                ("row", models.IntegerField()),
                ("nik_digest", models.BinaryField(max_length=16, null=True)),
                ("name_digest", models.BinaryField(max_length=8, null=True)),
                ("unit", models.CharField(blank=True, max_length=150)),
                ("sealed", models.BinaryField()),
                ("problems", models.JSONField(default=list)),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="institutions.upload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="participation",
                        serialize=False,
                        to="institutions.institution",
                    ),
                ),
                ("complete", models.IntegerField(default=0)),
                ("opened", models.IntegerField(default=0)),
                ("not_yet", models.IntegerField(default=0)),
                ("not_found", models.IntegerField(default=0)),
                ("exempt", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("complete__gte", 0),
                            ("not_yet__gte", 0),
                            ("opened__gte", 0),
                            ("exempt__gte", 0),
                            ("not_found__gte", 0),
                        ),
                        name="participation_counts",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="institution",
            index=models.Index(
                fields=["path"], opclasses=["text_pattern_ops"], name="institution_by_path"
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("code",),
                name="institution_code_is_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None), ("parent__isnull", False)),
                fields=("parent", "name"),
                name="institution_unit_is_named_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "province_government",
                            "regency_government",
                            "department",
                            "vertical_agency",
                            "parliament",
                            "armed_forces",
                            "state_company",
                            "regional_company",
                            "company",
                            "university",
                            "faculty",
                            "school",
                            "unit",
                            "other",
                        ],
                    )
                ),
                name="institution_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(("path__regex", "^/([0-9]+/)+$")),
                name="institution_path_is_of_ids",
            ),
        ),
        migrations.AddIndex(
            model_name="rosterentry",
            index=models.Index(fields=["nik_digest"], name="roster_by_nik"),
        ),
        migrations.AddIndex(
            model_name="rosterentry",
            index=models.Index(
                condition=models.Q(("removed_at", None), _negated=True),
                fields=["removed_at"],
                name="roster_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterentry",
            constraint=models.UniqueConstraint(
                fields=("institution", "nik_digest"), name="roster_names_a_person_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("nik_digest__length", 16)), name="roster_digest_is_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["complete", "opened", "not_yet", "not_found", "exempt"])
                ),
                name="roster_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "exempt_reason__in",
                        ["", "abroad", "not_resident", "left", "died", "visited", "other"],
                    ),
                    models.Q(
                        models.Q(("exempt_reason__gt", ""), ("state", "exempt")),
                        models.Q(
                            models.Q(("state", "exempt"), _negated=True), ("exempt_reason", "")
                        ),
                        _connector="OR",
                    ),
                ),
                name="roster_exempt_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["household_id", "entry"], name="finding_by_household"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["register", "submission", "receipt"])),
                name="finding_way_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["institution", "began_at"], name="upload_by_institution"),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["expires_at"], name="upload_by_expiry"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage__in", ["reading", "refused", "checked", "storing", "stored"])
                ),
                name="upload_stage_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("began_at"))), name="upload_expires"
            ),
        ),
        migrations.AddIndex(
            model_name="uploadrow",
            index=models.Index(fields=["upload", "nik_digest"], name="upload_row_by_nik"),
        ),
    ]
