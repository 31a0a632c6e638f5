"""What exists in monitoring: the folded progress of every area."""

from __future__ import annotations

from django.db import models

from cacah.registry.models import Mode


class Folded(models.Model):
    """The counts of registry.ProgressDelta, and which families have finished what they opened."""

    expected_families = models.IntegerField()
    expected_persons = models.IntegerField()
    opened_families = models.IntegerField()
    responded_families = models.IntegerField()
    responded_persons = models.IntegerField()
    complete_families = models.IntegerField()
    complete_persons = models.IntegerField()
    unlisted_families = models.IntegerField()
    unlisted_persons = models.IntegerField()
    unverified_families = models.IntegerField()
    unverified_persons = models.IntegerField()
    # Of the families that opened their form (on this day): those that have answered (on any day).
    finished_families = models.IntegerField()

    class Meta:
        abstract = True


class Progress(Folded):
    """What all changes of one day and mode that are folded add up to in an area.

    There are rows of every level: the nation is area "", then 2, 4, 6, 10 and 16 digits. A page
    adds the changes that wait to be folded.
    """

    pk = models.CompositePrimaryKey("area", "day", "mode")
    area = models.CharField(max_length=16, blank=True)
    day = models.DateField()
    mode = models.CharField(max_length=6, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode__in=["", *Mode.values]), name="folded_mode_is_known"
            ),
        ]


class Sample(models.Model):
    """How many families had responded in an area at some minute; kept for a few hours.

    Of the nation, its provinces and regencies: what a wall draws its last hour from.
    """

    pk = models.CompositePrimaryKey("area", "at")
    area = models.CharField(max_length=4, blank=True)
    at = models.DateTimeField()
    responded_families = models.BigIntegerField()


class Total(Folded):
    """What all of an area's Progress adds up to, so that a list of areas reads one row of each."""

    area = models.CharField(primary_key=True, max_length=16, blank=True)


class Published(models.Model):
    """What everybody sees of the nation (area ""), a province, a regency or a district.

    A district's numbers go by steps of five families; the others are sums of their districts'.
    """

    area = models.CharField(primary_key=True, max_length=6, blank=True)
    # When this changed last; of the nation: when everything was counted last.
    at = models.DateTimeField()
    expected_families = models.IntegerField()
    expected_persons = models.IntegerField()
    responded_families = models.IntegerField()
    responded_persons = models.IntegerField()
    complete_families = models.IntegerField()
    complete_persons = models.IntegerField()


class PublishedDay(models.Model):
    """How many families everybody saw to have responded at the end of a day, from the first on."""

    pk = models.CompositePrimaryKey("area", "day")
    area = models.CharField(max_length=6, blank=True)
    day = models.DateField()
    responded_families = models.IntegerField()


class Report(models.Model):
    """A weekly report that an officer asked for; nobody else is given it."""

    # Undotted; "" is the nation.
    area = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=5)
    officer = models.ForeignKey("staff.Officer", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    # The job that makes it, once it has begun.
    job_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    pdf = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["officer", "-asked_at"], name="report_by_officer")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(made_at__isnull=True, pdf__isnull=True)
                | models.Q(made_at__isnull=False, pdf__isnull=False),
                name="report_is_made_or_not",
            ),
        ]


class WeeklyReport(models.Model):
    """An officer's wish to find the report of an area ready on Monday morning."""

    area = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=5)
    officer = models.ForeignKey("staff.Officer", models.CASCADE, related_name="+")
    # The Monday for which it was made last.
    made_for = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "area"], name="weekly_report_once"),
        ]
