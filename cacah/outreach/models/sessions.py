"""Guided sessions and the seats in them; neither holds a name or an answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cacah.areas.models import Area
from cacah.institutions.models import Institution
from cacah.outreach.models.plan import Visit
from cacah.outreach.models.teams import Team

models.CharField.register_lookup(Length)


class GuidedSession(models.Model):
    """People who fill in together, guided, between two moments; they join by its code."""

    # Six characters of Crockford's base32 and the check symbol.
    code = models.CharField(max_length=7, unique=True)
    title = models.CharField(max_length=150)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="sessions")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="sessions")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    # Null while it is open.
    closes_at = models.DateTimeField(null=True)
    # Seats that the guide reckons with.
    expected = models.IntegerField(null=True)
    # It is served by a laptop without a signal, which brings it back later.
    offline = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["opens_at"], name="session_by_opening")]
        constraints = [
            models.CheckConstraint(condition=Q(code__length=7), name="session_code_is_whole"),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="session_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(expected=None) | Q(expected__range=(1, 10_000)),
                name="session_expects_some_people",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SeatState(models.TextChoices):
    """How far somebody in a session is, as the board shows it."""

    JOINED = "joined", pgettext_lazy("state of a seat", "Joined")
    STARTED = "started", pgettext_lazy("state of a seat", "Filling in")
    STUCK = "stuck", pgettext_lazy("state of a seat", "Stuck")
    FINISHED = "finished", pgettext_lazy("state of a seat", "Finished")
    NOT_FINISHED = "not_finished", pgettext_lazy("state of a seat", "Could not finish")


class SeatReason(models.TextChoices):
    """Why somebody could not finish."""

    NOT_FOUND = "not_found", _("Not found in the register")
    NO_DOCUMENTS = "no_documents", _("Documents not at hand")
    NO_SIGNAL = "no_signal", _("No signal")
    REFUSED = "refused", _("Refused")
    OTHER = "other", _("Another reason")


class Seat(models.Model):
    """Somebody in a session, known by a number alone."""

    session = models.ForeignKey(GuidedSession, models.CASCADE, db_index=False, related_name="seats")
    # What people see of themselves and the guide of them: "Nomor 12".
    number = models.SmallIntegerField()
    joined_at = models.DateTimeField()
    # The part of the form that is open, as its name in the questionnaire.
    block = models.CharField(max_length=40, blank=True)
    block_since = models.DateTimeField(null=True)
    # When the form was last heard of; null where it has no script, and before it has opened.
    heard_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=SeatState, default=SeatState.JOINED)
    reason = models.CharField(max_length=12, choices=SeatReason, null=True)
    hint = models.CharField(max_length=300, null=True)
    hint_at = models.DateTimeField(null=True)
    household_id = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    # The transaction that last changed what a board shows of it; a trigger notes it.
    changed_in = models.BigIntegerField(db_default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="seat_number_is_given_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="seat_number_is_counted"),
            models.CheckConstraint(
                condition=Q(state__in=SeatState.values), name="seat_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="not_finished", reason__isnull=False, reason__in=SeatReason.values
                )
                | (~Q(state="not_finished") & Q(reason=None)),
                name="seat_not_finished_says_why",
            ),
            models.CheckConstraint(
                condition=Q(hint=None, hint_at=None) | Q(hint__isnull=False, hint_at__isnull=False),
                name="seat_hint_says_when",
            ),
        ]
