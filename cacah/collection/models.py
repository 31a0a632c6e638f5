"""What exists in the collection room: sealed submissions, and counters of wrong guesses."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length

from cacah.registry.models import Mode

models.BinaryField.register_lookup(Length)


class Submission(models.Model):
    """One sealed revision of a household's answers, and how its receipt is found again.

    Hash-partitioned by the household's id (see the migrations); rows are only ever added.
    """

    pk = models.CompositePrimaryKey("household_id", "revision")
    household_id = models.BigIntegerField()
    # 1, 2, … ; the highest one counts.
    revision = models.SmallIntegerField()
    # Whole seconds: the receipt says the same time to the letter.
    issued_at = models.DateTimeField()
    mode = models.CharField(max_length=6, choices=Mode)
    persons = models.SmallIntegerField()
    # The instrument's digest, 16 hex digits.
    instrument = models.CharField(max_length=16)
    # receipts.submission_key_digest and receipts.number_digest
    key_digest = models.BinaryField(max_length=16)
    receipt_digest = models.BinaryField(max_length=16)
    # ServerKeys.nik_digest of each person counted who has a NIK, to find who is counted twice.
    nik_digests = ArrayField(models.BinaryField(max_length=16))
    # OfficePublicKey.seal
    sealed = models.BinaryField()
    # Of an unlisted household that no officer has verified yet; the receipt says so.
    to_be_verified = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["receipt_digest"], name="submission_by_receipt")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revision__gte=1, persons__range=(0, 60)),
                name="submission_counts",
            ),
            models.CheckConstraint(
                condition=models.Q(key_digest__length=16, receipt_digest__length=16),
                name="submission_digests_are_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="submission_mode_is_known"
            ),
        ]


class Guess(models.Model):
    """How often somebody guessed wrong lately; the rules are in `cacah.collection.guesses`."""

    # One letter for what is counted, then 16 bytes of a keyed digest.
    key = models.BinaryField(primary_key=True, max_length=17)
    failures = models.IntegerField(default=1)
    last_at = models.DateTimeField()
    # After this the row means nothing and is removed.
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="guess_by_expiry")]


class Ruling(models.TextChoices):
    """What two households that share a number turned out to be."""

    SAME = "same", "same"
    DIFFERENT = "different", "different"


class ForeignNumber(models.Model):
    """A NIK that families gave although the register does not have it for their household.

    One row for each number, so that two families who give it at the same moment wait for each
    other here and one of them sees both (docs/decisions/0012-duplicates-at-intake.md).
    """

    # ServerKeys.nik_digest
    digest = models.BinaryField(primary_key=True, max_length=16)
    households = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__length=16), name="foreign_number_digest_is_whole"
            ),
        ]


class NewNumber(models.Model):
    """A foreign number that a household has just given; gone once rosters were looked through."""

    id = models.BigAutoField(primary_key=True)
    digest = models.BinaryField(max_length=16)
    household_id = models.BigIntegerField()


class SharedNumber(models.Model):
    """The review list: one number that two households have given, or one gave and one has."""

    pk = models.CompositePrimaryKey("lower_id", "higher_id", "digest")
    lower_id = models.BigIntegerField()
    higher_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)
    noticed_at = models.DateTimeField()
    # When somebody looked at the two families, and what it was found to be.
    settled_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=9, choices=Ruling, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lower_id__lt=models.F("higher_id")),
                name="shared_number_lower_first",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, ruling__isnull=True)
                | models.Q(settled_at__isnull=False, ruling__in=Ruling.values),
                name="shared_number_settled_with_ruling",
            ),
        ]


class Arrival(models.Model):
    """How many places in the waiting room were given in one second; removed once passed."""

    # Seconds since 1970 on the site's clock.
    second = models.BigIntegerField(primary_key=True)
    places = models.IntegerField()


class Frontier(models.Model):
    """The one row that says who may start: everybody who arrived before `stands_at`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    # Microseconds since 1970 on the site's clock.
    stands_at = models.BigIntegerField()
    # Somebody waits, so that whoever comes now must wait too.
    is_full = models.BooleanField(default=False)
    moved_at = models.DateTimeField()
    # pacing.Pace
    capacity = models.FloatField()
    rate = models.FloatField()
    speed = models.FloatField()
    turnout = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="frontier_is_one"),
        ]


class Serving(models.Model):
    """What one server process did in the last second (pacing.Report)."""

    process = models.CharField(max_length=16, primary_key=True)
    reported_at = models.DateTimeField()
    load = models.FloatField()
    starts = models.FloatField()
    submits = models.FloatField()
    sessions = models.FloatField()
    refusals = models.FloatField(default=0.0, db_default=0.0)


class Draft(models.Model):
    """Answers not sent yet, encrypted on a family's device under a code that is not kept here.

    A household has four places (`slot`): two for whoever has its two numbers, two more for whoever
    also answered the card question, so that a leaked pair of numbers cannot take them all.
    Hash-partitioned by the household's id (see the migrations).
    """

    pk = models.CompositePrimaryKey("household_id", "slot")
    household_id = models.BigIntegerField()
    slot = models.SmallIntegerField()
    # drafts.locator_digest
    locator_digest = models.BinaryField(max_length=16)
    # The case's revision that these answers follow; a later one makes them history.
    revision = models.SmallIntegerField()
    # 1, 2, …; a device that replaces a version must know it.
    version = models.IntegerField()
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["saved_at"], name="draft_by_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["household_id", "locator_digest"], name="draft_by_locator"
            ),
            models.CheckConstraint(
                condition=models.Q(slot__range=(1, 4), version__gte=1), name="draft_places"
            ),
            models.CheckConstraint(
                condition=models.Q(locator_digest__length=16, sealed__length__lte=49152),
                name="draft_sizes",
            ),
        ]


class Pack(models.Model):
    """A session pack: a laptop that takes answers in where there is no signal, and signs for them.

    What it holds lies in its own encrypted file; here is only what tells its deliveries and its
    proofs from made-up ones.
    """

    # Ed25519, 32 bytes; the private half is in the pack alone.
    public_key = models.BinaryField(max_length=32)
    # Of the guided session for which it was made; what it means only the room of outreach knows.
    session_code = models.CharField(max_length=12)
    # The digest of the form that it asks, 16 hex digits.
    instrument = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    # Until when it should be served; what was answered by then may be delivered later.
    valid_until = models.DateTimeField()
    # Since when nothing of it is taken and its proofs count no more.
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["session_code"], name="pack_by_session")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(public_key__length=32), name="pack_key_is_whole"
            ),
        ]


class Beside(models.Model):
    """Answers that a pack delivered after the family had answered otherwise: kept, not counted."""

    # receipts.number_digest
    receipt_digest = models.BinaryField(primary_key=True, max_length=16)
    household_id = models.BigIntegerField()
    # What the laptop took it for; the submission of that revision is another one.
    revision = models.SmallIntegerField()
    issued_at = models.DateTimeField()
    mode = models.CharField(max_length=6, choices=Mode)
    persons = models.SmallIntegerField()
    instrument = models.CharField(max_length=16)
    sealed = models.BinaryField()
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["household_id"], name="beside_by_household")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(receipt_digest__length=16), name="beside_digest_is_whole"
            ),
            models.CheckConstraint(
                condition=models.Q(revision__gte=1, persons__range=(0, 60)), name="beside_counts"
            ),
        ]


class Brought(models.Model):
    """Counted answers that a pack has delivered: a lost laptop's are found, whatever it says."""

    # receipts.number_digest
    receipt_digest = models.BinaryField(primary_key=True, max_length=16)
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(receipt_digest__length=16), name="brought_digest_is_whole"
            ),
        ]


class PackVisit(models.Model):
    """A request for a visit that a pack has delivered, by which a repeat of it is known."""

    # packs.actions.visit_digest
    digest = models.BinaryField(primary_key=True, max_length=16)
    pack = models.ForeignKey(Pack, models.PROTECT, db_index=False, related_name="+")
