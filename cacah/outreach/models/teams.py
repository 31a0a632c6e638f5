"""Teams that visit institutions and villages, and who belongs to them when."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cacah.areas.models import Area
from cacah.outreach.models.places import WEEKDAYS, lies_on_earth


def office_week() -> list[int]:
    """Return Monday to Friday."""
    return [1, 2, 3, 4, 5]


class Team(models.Model):
    """A few officers who go out together from one base."""

    name = models.CharField(max_length=80)
    # The area that it works for; who plans there plans it.
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    base_address = models.CharField(max_length=250, blank=True)
    base_latitude = models.FloatField(null=True)
    base_longitude = models.FloatField(null=True)
    # ISO weekdays, 1 is Monday.
    working_days = ArrayField(models.SmallIntegerField(), default=office_week)
    # Kupang's teams visited 10 to 11 institutions a week.
    visits_per_week = models.SmallIntegerField(default=10)
    starts = models.TimeField(default=time(8))
    ends = models.TimeField(default=time(16))
    phone = models.CharField(max_length=40, blank=True)
    # Whoever knows it reads the team's calendar; a new one makes the old address void.
    feed_key = models.CharField(max_length=43, unique=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"], condition=Q(closed_at=None), name="team_is_named_once"
            ),
            models.CheckConstraint(
                condition=Q(working_days__contained_by=list(WEEKDAYS), working_days__len__gte=1),
                name="team_works_on_weekdays",
            ),
            models.CheckConstraint(
                condition=Q(visits_per_week__range=(1, 60)), name="team_can_do_some_visits"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="team_starts_before_it_ends"
            ),
            lies_on_earth("team_base_lies_on_earth", "base_"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An officer who belongs to a team between two days."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_day = models.DateField()
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "officer"],
                condition=Q(until_day=None),
                name="membership_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gte=F("from_day")),
                name="membership_ends_after_it_begins",
            ),
        ]
