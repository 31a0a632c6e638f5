"""Where teams may go, the visits of a plan, what proposed it, and meetings in the same calendar."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cacah.areas.models import Area
from cacah.institutions.models import Institution
from cacah.outreach.models.places import WEEKDAYS, lies_on_earth
from cacah.outreach.models.teams import Team


class Destination(models.Model):
    """What a team needs to know of an institution before it goes there."""

    institution = models.OneToOneField(
        Institution, models.PROTECT, primary_key=True, related_name="destination"
    )
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    # Both null: office hours, as the team's own.
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    # ISO weekdays on which nobody is there.
    closed_days = ArrayField(models.SmallIntegerField(), default=list)
    # Null: follows from how many people are left there.
    minutes = models.SmallIntegerField(null=True)
    # 0 is only if there is time, 3 is before everybody else.
    priority = models.SmallIntegerField(default=1)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            lies_on_earth("destination_lies_on_earth"),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens")),
                name="destination_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(closed_days__contained_by=list(WEEKDAYS)),
                name="destination_is_closed_on_weekdays",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__range=(5, 600)),
                name="destination_takes_some_minutes",
            ),
            models.CheckConstraint(
                condition=Q(priority__range=(0, 3)), name="destination_priority_is_known"
            ),
        ]


class VisitKind(models.TextChoices):
    """What a team goes to."""

    VISIT = "visit", pgettext_lazy("kind of a visit", "Institution")
    EVENT = "event", pgettext_lazy("kind of a visit", "Mass filling")
    VILLAGE = "village", pgettext_lazy("kind of a visit", "Village")


class VisitState(models.TextChoices):
    """How far a visit is."""

    PLANNED = "planned", pgettext_lazy("state of a visit", "Planned")
    UNDER_WAY = "under_way", pgettext_lazy("state of a visit", "Under way")
    DONE = "done", pgettext_lazy("state of a visit", "Done")
    CANCELLED = "cancelled", pgettext_lazy("state of a visit", "Cancelled")


class CancelReason(models.TextChoices):
    """Why a visit does not take place."""

    CLOSED = "closed", _("The place is closed")
    ABSENT = "absent", _("Nobody could receive the team")
    NO_SIGNAL = "no_signal", _("No signal there")
    TEAM = "team", _("The team cannot go")
    WEATHER = "weather", _("Weather or road")
    OTHER = "other", _("Another reason")


class Visit(models.Model):
    """A visit of a team to an institution or a village, or an event; at first without team and day.

    Only the verbs of `cacah.outreach.actions.plan` write it, and each adds one to `version`, so
    that nobody changes what he or she has not seen.
    """

    # Null until planned.
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="visits")
    # An event or a village has none.
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="visits")
    title = models.CharField(max_length=150)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    address = models.CharField(max_length=250, blank=True)
    # Of an event or a village; an institution's stand in its destination.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    day = models.DateField(null=True)
    # The site's time; as planned, or as agreed where the visit is locked.
    starts_at = models.TimeField(null=True)
    minutes = models.SmallIntegerField(default=60)
    # Its place in the team's day, from 1; null while it is in nobody's day.
    position = models.SmallIntegerField(null=True)
    # Team, day and time are agreed: no proposal changes them.
    locked = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=VisitState, default=VisitState.PLANNED)
    cancel_reason = models.CharField(max_length=9, choices=CancelReason, blank=True)
    kind = models.CharField(max_length=7, choices=VisitKind, default=VisitKind.VISIT)
    # Rupiah, where the office enters them.
    cost = models.BigIntegerField(null=True)
    # The visit whose unfinished work it takes up.
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["day"], name="visit_by_day")]
        constraints = [
            # Deferrable, so that a day is put into another order in one statement.
            models.UniqueConstraint(
                fields=["team", "day", "position"],
                deferrable=Deferrable.DEFERRED,
                name="visit_has_its_own_place_in_the_day",
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(state="planned", day=None, institution__isnull=False),
                name="visit_waits_once_for_an_institution",
            ),
            models.CheckConstraint(
                condition=Q(team=None) | Q(day__isnull=False), name="visit_of_a_team_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(position=None) | Q(team__isnull=False, position__gte=1),
                name="visit_position_is_in_a_teams_day",
            ),
            models.CheckConstraint(
                condition=Q(team=None) | Q(state="cancelled") | Q(position__isnull=False),
                name="visit_of_a_team_has_its_place",
            ),
            models.CheckConstraint(
                condition=Q(locked=False) | Q(day__isnull=False, starts_at__isnull=False),
                name="visit_locked_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VisitState.values), name="visit_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="planned")
                | Q(state="cancelled", position=None)
                | Q(state__in=["under_way", "done"], team__isnull=False),
                name="visit_that_began_has_a_team",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancel_reason__in=CancelReason.values)
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="visit_cancelled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind="visit", institution__isnull=False)
                | Q(kind__in=["event", "village"]),
                name="visit_to_an_institution_names_it",
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 600)), name="visit_takes_some_minutes"
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0), name="visit_costs_nothing_or_more"
            ),
            models.CheckConstraint(
                condition=Q(follows=None) | ~Q(follows=F("id")), name="visit_follows_another"
            ),
            lies_on_earth("visit_lies_on_earth"),
        ]

    def __str__(self) -> str:
        return self.title


class Proposal(models.Model):
    """One proposal of a week for an area: that it was asked for, and what came of it."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    monday = models.DateField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    # Figures of the plan, and what could not be planned and why; null until it has ended.
    result = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area", "monday", "asked_at"], name="proposal_of_a_week")]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "monday"],
                condition=Q(ended_at=None),
                name="proposal_of_a_week_is_made_once",
            ),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=1), name="proposal_begins_on_monday"
            ),
        ]


class ActivityKind(models.TextChoices):
    """What sort of meeting it is."""

    RAKORCAM = "rakorcam", _("Sub-district coordination meeting")
    EVALUATION = "evaluation", _("Evaluation meeting")
    OTHER = "other", _("Other activity")


class Activity(models.Model):
    """A meeting in the teams' calendar: what is to be talked about, and what was decided."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ActivityKind)
    title = models.CharField(max_length=150)
    day = models.DateField()
    starts_at = models.TimeField()
    minutes = models.SmallIntegerField(default=120)
    place = models.CharField(max_length=250, blank=True)
    agenda = models.TextField(max_length=4000, blank=True)
    decisions = models.TextField(max_length=4000, blank=True)
    # Teams that come: no proposal sends them elsewhere meanwhile.
    teams = models.ManyToManyField(Team, related_name="activities")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["day"], name="activity_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ActivityKind.values), name="activity_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 600)), name="activity_takes_some_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Somebody who is expected at a meeting, for an institution or not, and whether they came."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendances")
    name = models.CharField(max_length=100)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    present = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "name"], name="attendance_is_listed_once"),
        ]
