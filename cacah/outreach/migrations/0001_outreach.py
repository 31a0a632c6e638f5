"""Makes the tables of outreach: teams, plan, sessions, souvenirs, invitations."""

import datetime

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import cacah.outreach.models.teams


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("areas", "0002_boundaries"),
        ("institutions", "0003_large_rosters_by_a_job"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Destination",
            fields=[
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="destination",
                        serialize=False,
                        to="institutions.institution",
                    ),
                ),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("opens", models.TimeField(null=True)),
                ("closes", models.TimeField(null=True)),
                (
                    "closed_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                ("minutes", models.SmallIntegerField(null=True)),
                ("priority", models.SmallIntegerField(default=1)),
                ("contact_name", models.CharField(blank=True, max_length=100)),
                ("contact_phone", models.CharField(blank=True, max_length=40)),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__isnull", False),
                                ("longitude__isnull", False),
                                ("latitude__range", (-90, 90)),
                                ("longitude__range", (-180, 180)),
                            ),
                            _connector="OR",
                        ),
                        name="destination_lies_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes", None), ("opens", None)),
                            models.Q(
                                ("closes__gt", models.F("opens")),
                                ("closes__isnull", False),
                                ("opens__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="destination_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_days__contained_by", [1, 2, 3, 4, 5, 6, 7])),
                        name="destination_is_closed_on_weekdays",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes", None), ("minutes__range", (5, 600)), _connector="OR"
                        ),
                        name="destination_takes_some_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__range", (0, 3))),
                        name="destination_priority_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuidedSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=7, unique=True)),
                ("title", models.CharField(max_length=150)),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(null=True)),
                ("expected", models.IntegerField(null=True)),
                ("offline", models.BooleanField(default=False)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("receipt_digest", models.BinaryField(max_length=16, unique=True)),
                ("household_id", models.BigIntegerField(null=True, unique=True)),
                ("handed_at", models.DateTimeField()),
                ("offline", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.item",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handouts",
                        to="outreach.place",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monday", models.DateField()),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("joined_at", models.DateTimeField()),
                ("block", models.CharField(blank=True, max_length=40)),
                ("block_since", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("joined", "Joined"),
                            ("started", "Filling in"),
                            ("stuck", "Stuck"),
                            ("finished", "Finished"),
                            ("not_finished", "Could not finish"),
                        ],
                        default="joined",
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("not_found", "Not found in the register"),
                            ("no_documents", "Documents not at hand"),
                            ("no_signal", "No signal"),
                            ("refused", "Refused"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                ("hint", models.CharField(max_length=300, null=True)),
                ("hint_at", models.DateTimeField(null=True)),
                ("household_id", models.BigIntegerField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                (
                    "session",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="outreach.guidedsession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StockMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pieces", models.IntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("transfer", "Transfer"),
                            ("counted", "Counted"),
                            ("handed_out", "Handed out"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="outreach.item",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="outreach.place",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("base_address", models.CharField(blank=True, max_length=250)),
                ("base_latitude", models.FloatField(null=True)),
                ("base_longitude", models.FloatField(null=True)),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(),
                        default=cacah.outreach.models.teams.office_week,
                        size=None,
                    ),
                ),
                ("visits_per_week", models.SmallIntegerField(default=10)),
                ("starts", models.TimeField(default=datetime.time(8, 0))),
                ("ends", models.TimeField(default=datetime.time(16, 0))),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("feed_key", models.CharField(max_length=43, unique=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_day", models.DateField()),
                ("until_day", models.DateField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="outreach.team",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="guidedsession",
            name="team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="outreach.team",
            ),
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rakorcam", "Sub-district coordination meeting"),
                            ("evaluation", "Evaluation meeting"),
                            ("other", "Other activity"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("day", models.DateField()),
                ("starts_at", models.TimeField()),
                ("minutes", models.SmallIntegerField(default=120)),
                ("place", models.CharField(blank=True, max_length=250)),
                ("agenda", models.TextField(blank=True, max_length=4000)),
                ("decisions", models.TextField(blank=True, max_length=4000)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("teams", models.ManyToManyField(related_name="activities", to="outreach.team")),
            ],
            options={
                "verbose_name_plural": "activities",
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("address", models.CharField(blank=True, max_length=250)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("day", models.DateField(null=True)),
                ("starts_at", models.TimeField(null=True)),
                ("minutes", models.SmallIntegerField(default=60)),
                ("position", models.SmallIntegerField(null=True)),
                ("locked", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("closed", "The place is closed"),
                            ("absent", "Nobody could receive the team"),
                            ("no_signal", "No signal there"),
                            ("team", "The team cannot go"),
                            ("weather", "Weather or road"),
                            ("other", "Another reason"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visit", "Institution"),
                            ("event", "Mass filling"),
                            ("village", "Village"),
                        ],
                        default="visit",
                        max_length=7,
                    ),
                ),
                ("cost", models.BigIntegerField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="outreach.visit",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="institutions.institution",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="outreach.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandoutDouble",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("receipt_digest", models.BinaryField(max_length=16)),
                ("handed_at", models.DateTimeField()),
                (
                    "found_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doubles",
                        to="outreach.handout",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.item",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.place",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.visit",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="handout",
            name="event",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handouts",
                to="outreach.visit",
            ),
        ),
        migrations.AddField(
            model_name="guidedsession",
            name="visit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="outreach.visit",
            ),
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("present", models.BooleanField(default=False)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="outreach.activity",
                    ),
                ),
                (
                    "institution",
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
                    models.UniqueConstraint(
                        fields=("activity", "name"), name="attendance_is_listed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "person"), ("institution", "institution")],
                        max_length=11,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("opened", models.IntegerField(default=0)),
                ("completed", models.IntegerField(default=0)),
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
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="institutions.rosterentry",
                    ),
                ),
                (
                    "institution",
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
                    models.UniqueConstraint(
                        condition=models.Q(("entry__isnull", False)),
                        fields=("entry",),
                        name="invitation_of_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "institution")),
                        fields=("institution",),
                        name="invitation_of_an_institution",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "person"),
                            models.Q(("institution__isnull", False), ("kind", "institution")),
                            _connector="OR",
                        ),
                        name="invitation_of_an_institution_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("completed__gte", 0), ("opened__gte", 0)),
                        name="invitation_counts",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("area", "name"),
                name="place_is_named_once",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["area", "monday", "asked_at"], name="proposal_of_a_week"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("area", "monday"),
                name="proposal_of_a_week_is_made_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("monday__iso_week_day", 1)), name="proposal_begins_on_monday"
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                fields=("session", "number"), name="seat_number_is_given_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="seat_number_is_counted"
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["joined", "started", "stuck", "finished", "not_finished"])
                ),
                name="seat_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "reason__in",
                            ["not_found", "no_documents", "no_signal", "refused", "other"],
                        ),
                        ("reason__isnull", False),
                        ("state", "not_finished"),
                    ),
                    models.Q(models.Q(("state", "not_finished"), _negated=True), ("reason", None)),
                    _connector="OR",
                ),
                name="seat_not_finished_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hint", None), ("hint_at", None)),
                    models.Q(("hint__isnull", False), ("hint_at__isnull", False)),
                    _connector="OR",
                ),
                name="seat_hint_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="stockmove",
            index=models.Index(fields=["place", "item"], name="move_of_an_item_at_a_place"),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "received"), ("pieces__gt", 0)),
                    models.Q(("kind", "handed_out"), ("pieces__lt", 0)),
                    models.Q(("kind", "transfer"), models.Q(("pieces", 0), _negated=True)),
                    ("kind", "counted"),
                    _connector="OR",
                ),
                name="move_has_the_sign_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "transfer"), ("other__isnull", False)),
                    models.Q(models.Q(("kind", "transfer"), _negated=True), ("other", None)),
                    _connector="OR",
                ),
                name="move_between_places_names_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("other", None),
                    models.Q(("other", models.F("place")), _negated=True),
                    _connector="OR",
                ),
                name="move_goes_somewhere_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("area", "name"),
                name="team_is_named_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("working_days__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                    ("working_days__len__gte", 1),
                ),
                name="team_works_on_weekdays",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("visits_per_week__range", (1, 60))),
                name="team_can_do_some_visits",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))),
                name="team_starts_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("base_latitude", None), ("base_longitude", None)),
                    models.Q(
                        ("base_latitude__isnull", False),
                        ("base_longitude__isnull", False),
                        ("base_latitude__range", (-90, 90)),
                        ("base_longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="team_base_lies_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_day", None)),
                fields=("team", "officer"),
                name="membership_is_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_day", None), ("until_day__gte", models.F("from_day")), _connector="OR"
                ),
                name="membership_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["day"], name="activity_by_day"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["rakorcam", "evaluation", "other"])),
                name="activity_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (5, 600))), name="activity_takes_some_minutes"
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["day"], name="visit_by_day"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("team", "day", "position"),
                name="visit_has_its_own_place_in_the_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("day", None), ("institution__isnull", False), ("state", "planned")
                ),
                fields=("institution",),
                name="visit_waits_once_for_an_institution",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("team", None), ("day__isnull", False), _connector="OR"),
                name="visit_of_a_team_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position", None),
                    models.Q(("position__gte", 1), ("team__isnull", False)),
                    _connector="OR",
                ),
                name="visit_position_is_in_a_teams_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("team", None),
                    ("state", "cancelled"),
                    ("position__isnull", False),
                    _connector="OR",
                ),
                name="visit_of_a_team_has_its_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("locked", False),
                    models.Q(("day__isnull", False), ("starts_at__isnull", False)),
                    _connector="OR",
                ),
                name="visit_locked_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "under_way", "done", "cancelled"])),
                name="visit_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "planned"),
                    models.Q(("position", None), ("state", "cancelled")),
                    models.Q(("state__in", ["under_way", "done"]), ("team__isnull", False)),
                    _connector="OR",
                ),
                name="visit_that_began_has_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "cancel_reason__in",
                            ["closed", "absent", "no_signal", "team", "weather", "other"],
                        ),
                        ("state", "cancelled"),
                    ),
                    models.Q(
                        models.Q(("state", "cancelled"), _negated=True), ("cancel_reason", "")
                    ),
                    _connector="OR",
                ),
                name="visit_cancelled_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("institution__isnull", False), ("kind", "visit")),
                    ("kind__in", ["event", "village"]),
                    _connector="OR",
                ),
                name="visit_to_an_institution_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (5, 600))), name="visit_takes_some_minutes"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost", None), ("cost__gte", 0), _connector="OR"),
                name="visit_costs_nothing_or_more",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("follows", None),
                    models.Q(("follows", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="visit_follows_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("longitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="visit_lies_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoutdouble",
            constraint=models.CheckConstraint(
                condition=models.Q(("receipt_digest__length", 16)), name="double_digest_is_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoutdouble",
            constraint=models.UniqueConstraint(
                fields=("receipt_digest", "place", "handed_at"), name="double_is_named_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="handout",
            constraint=models.CheckConstraint(
                condition=models.Q(("receipt_digest__length", 16)), name="handout_digest_is_whole"
            ),
        ),
        migrations.AddIndex(
            model_name="guidedsession",
            index=models.Index(fields=["opens_at"], name="session_by_opening"),
        ),
        migrations.AddConstraint(
            model_name="guidedsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__length", 7)), name="session_code_is_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="guidedsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes_at", None), ("closes_at__gt", models.F("opens_at")), _connector="OR"
                ),
                name="session_opens_before_it_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="guidedsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expected", None), ("expected__range", (1, 10000)), _connector="OR"
                ),
                name="session_expects_some_people",
            ),
        ),
    ]
