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
