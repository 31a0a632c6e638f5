"""Souvenirs: where they lie, what came and went, and who of the families has had one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Now
from django.utils.translation import gettext_lazy as _

from cacah.areas.models import Area
from cacah.institutions.models import Institution
from cacah.outreach.models.plan import Visit
from cacah.outreach.models.teams import Team

models.BinaryField.register_lookup(Length)


class Place(models.Model):
    """Where souvenirs are kept: a store, a team's car, a hall."""

    name = models.CharField(max_length=100)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    # Those that hand out from it, and see it.
    teams = models.ManyToManyField(Team, related_name="places")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"], condition=Q(closed_at=None), name="place_is_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """A kind of souvenir: pens, notebooks."""

    kind = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.kind


class MoveKind(models.TextChoices):
    """Why stock changes."""

    RECEIVED = "received", _("Received")
    TRANSFER = "transfer", _("Transfer")
    COUNTED = "counted", _("Counted")
    HANDED_OUT = "handed_out", _("Handed out")


class StockMove(models.Model):
    """One change of the stock of an item at a place; the stock is the sum of them."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="moves")
    item = models.ForeignKey(Item, models.PROTECT, related_name="moves")
    # What it adds here: a handing out and the giving side of a transfer are negative, a count is
    # the difference between what was counted and what was thought to be there.
    pieces = models.IntegerField()
    kind = models.CharField(max_length=10, choices=MoveKind)
    # The other place of a transfer, which has a move of its own.
    other = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["place", "item"], name="move_of_an_item_at_a_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="received", pieces__gt=0)
                | Q(kind="handed_out", pieces__lt=0)
                | (Q(kind="transfer") & ~Q(pieces=0))
                | Q(kind="counted"),
                name="move_has_the_sign_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="transfer", other__isnull=False)
                | (~Q(kind="transfer") & Q(other=None)),
                name="move_between_places_names_both",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("place")), name="move_goes_somewhere_else"
            ),
        ]


class SouvenirRule(models.Model):
    """Who gets a souvenir at an event: the first so many families, or those of an institution."""

    event = models.OneToOneField(
        Visit, models.CASCADE, primary_key=True, related_name="souvenir_rule"
    )
    first = models.IntegerField(null=True)
    # Families in which somebody stands on a roster of this institution or of a unit of it.
    people_of = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first=None) | Q(first__gte=1), name="souvenir_rule_counts"
            ),
            models.CheckConstraint(
                condition=~Q(first=None, people_of=None), name="souvenir_rule_says_something"
            ),
        ]


class Handout(models.Model):
    """A souvenir handed out for a receipt: one for each family."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="handouts")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # cacah.collection.receipts.number_digest
    receipt_digest = models.BinaryField(max_length=16, unique=True)
    # Whose receipt it is; null while only a laptop without a signal has seen it.
    household_id = models.BigIntegerField(null=True, unique=True)
    event = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="handouts")
    handed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    offline = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(receipt_digest__length=16), name="handout_digest_is_whole"
            ),
        ]


class HandoutDouble(models.Model):
    """A handing out, without a signal, to a family that had had one: found when it was reported."""

    first = models.ForeignKey(Handout, models.PROTECT, related_name="doubles")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    receipt_digest = models.BinaryField(max_length=16)
    event = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(receipt_digest__length=16), name="double_digest_is_whole"
            ),
            # The same report delivered twice finds the same double.
            models.UniqueConstraint(
                fields=["receipt_digest", "place", "handed_at"], name="double_is_named_once"
            ),
        ]
