"""What exists in the registry: the census, its households, persons, cases and progress.

Household, Person and Case are hash-partitioned by the household's id (see the migrations), and no
foreign key points at them: a trigger for each of 270 million persons would cost more than the
import itself. The import writes all three in one transaction, and every other room only ever
updates a case that is there.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Length, Now

models.BinaryField.register_lookup(Length)


class State(models.TextChoices):
    """The states of a case; which may follow which is said in `cacah.registry.cases`."""

    EXPECTED = "expected", "expected"
    OPENED = "opened", "opened"
    SUBMITTED = "submitted", "submitted"
    REOPENED = "reopened", "reopened"
    NOT_HOME = "not_home", "not_home"
    REFUSED = "refused", "refused"
    MOVED = "moved", "moved"
    VACANT = "vacant", "vacant"
    NOT_FOUND = "not_found", "not_found"
    DUPLICATE = "duplicate", "duplicate"
    OUTSIDE = "outside", "outside"
    UNLISTED = "unlisted", "unlisted"
    VERIFIED = "verified", "verified"


class Mode(models.TextChoices):
    """How the answers came: alone on the web, in a session, to an officer, by ODK Collect."""

    CAWI = "cawi", "cawi"
    GUIDED = "guided", "guided"
    CAPI = "capi", "capi"
    ODK = "odk", "odk"


class Census(models.Model):
    """The census itself, a single row: what it is called, when it is open, who helps."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    reference_date = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    help_phone = models.CharField(max_length=40, blank=True)
    help_hours = models.CharField(max_length=80, blank=True)
    help_email = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="census_is_one"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="census_opens_before_it_closes",
            ),
        ]


class RegisterImport(models.Model):
    """One finished import of register files, and what it did; it names no person."""

    # The day whose state the files show; an older one never replaces a newer one.
    as_of = models.DateField()
    finished_at = models.DateTimeField()
    families_new = models.IntegerField()
    families_updated = models.IntegerField()
    families_unchanged = models.IntegerField()
    # In the register already, and left alone: the file is older, or some of its rows were bad.
    families_kept = models.IntegerField()
    families_rejected = models.IntegerField()
    persons = models.IntegerField()
    rows_rejected = models.IntegerField()


class Household(models.Model):
    """The people on one family card, as the register has them; or an unlisted family's own words.

    An unlisted household's id is negative, its `kk_digest` is that of its reference number, and
    its `source_id` is 0: no import brought it.
    """

    # cacah.registry.keys.household_id_of(kk_digest), or unlisted_id_of(that of the reference)
    id = models.BigIntegerField(primary_key=True)
    kk_digest = models.BinaryField(max_length=16)
    # A village, or the SLS in it where the register says so.
    area = models.CharField(max_length=16)
    persons = models.SmallIntegerField()
    # ServerKeys.seal_record; the plain text is described in docs/register.md.
    record = models.BinaryField()
    # A keyed digest of area, persons and plain record: tells whether a newer file says otherwise.
    content_digest = models.BinaryField(max_length=16)
    source = models.ForeignKey(
        RegisterImport, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(persons__range=(1, 60)), name="household_has_persons"
            ),
            models.CheckConstraint(
                condition=models.Q(kk_digest__length=16, content_digest__length=16),
                name="household_digests_are_whole",
            ),
        ]


class Person(models.Model):
    """One registered person: only what finds the household again."""

    pk = models.CompositePrimaryKey("household_id", "position")
    household = models.ForeignKey(
        Household, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="members"
    )
    # From 1, in the order of the record's `persons`.
    position = models.SmallIntegerField()
    nik_digest = models.BinaryField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["nik_digest"], name="person_by_nik")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(position__range=(1, 60)), name="person_position_is_counted"
            ),
            models.CheckConstraint(
                condition=models.Q(nik_digest__length=16), name="person_digest_is_whole"
            ),
        ]


class Case(models.Model):
    """Where a household stands in the census; rooms above read this and no answer.

    An unlisted household that has answered stays `unlisted`, with a revision, until an officer has
    been there.
    """

    household = models.OneToOneField(
        Household, models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="case"
    )
    area = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=State, default=State.EXPECTED)
    mode = models.CharField(max_length=6, choices=Mode, null=True)
    # People counted by the last submission; 0 before the first.
    persons = models.SmallIntegerField(default=0)
    # 0 before the first submission, then 1, 2, …
    revision = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    # The seat in a guided session at which it answered, `<session's code>.<seat>`, and the code of
    # the invitation that it followed; what they mean only the room of outreach knows.
    guide = models.CharField(max_length=64, null=True)
    invitation = models.CharField(max_length=16, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["area"], name="case_by_area"),
            models.Index(
                fields=["guide"],
                opclasses=["varchar_pattern_ops"],
                condition=models.Q(guide__isnull=False),
                name="case_by_guide",
            ),
            models.Index(
                fields=["invitation"],
                opclasses=["varchar_pattern_ops"],
                condition=models.Q(invitation__isnull=False),
                name="case_by_invitation",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="case_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="case_mode_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(persons__gte=0, revision__gte=0), name="case_counts"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.SUBMITTED)
                | models.Q(
                    submitted_at__isnull=False,
                    mode__isnull=False,
                    revision__gte=1,
                ),
                name="case_submitted_says_when_and_how",
            ),
        ]


class Unlisted(models.Model):
    """A family that the register does not have: what fieldwork finds by area.

    Its words are in the household's record, where it stands in its case.
    """

    household = models.OneToOneField(
        Household, models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    area = models.CharField(max_length=16)
    at = models.DateTimeField()
    # It asks to be visited, because it cannot answer by itself.
    visit = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["area"], name="unlisted_by_area")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(household_id__lt=0), name="unlisted_id_is_negative"
            ),
        ]


class FieldReference(models.Model):
    """The reference number of an unlisted family that left word where there was no signal.

    Its id was derived there, under another key, and stays: so whoever has the number finds it here.
    """

    # ServerKeys.reference_digest
    digest = models.BinaryField(primary_key=True, max_length=16)
    household_id = models.BigIntegerField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__length=16), name="field_reference_digest_is_whole"
            ),
            models.CheckConstraint(
                condition=models.Q(household_id__lt=0), name="field_reference_is_unlisted"
            ),
        ]


class Reason(models.TextChoices):
    """Why a family asks to be visited instead of answering by itself."""

    NO_SIGNAL = "no_signal", "no_signal"
    NO_DEVICE = "no_device", "no_device"
    CANNOT_READ = "cannot_read", "cannot_read"
    NO_DOCUMENTS = "no_documents", "no_documents"
    OTHER = "other", "other"


class VisitRequest(models.Model):
    """A household that asks an officer to come; one row, however often it asks."""

    household = models.OneToOneField(
        Household, models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    area = models.CharField(max_length=16)
    # When it asked first.
    at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=Reason)
    # ServerKeys.seal_record of {"contact", "note"}
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["area"], name="visit_request_by_area")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=Reason.values), name="visit_request_reason_is_known"
            ),
        ]


class ProgressDelta(models.Model):
    """What one change adds to the counts of an area, day and mode; added here, folded away later.

    A number may be negative: a corrected submission can count fewer people than the one before.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.CharField(max_length=16)
    day = models.DateField()
    # Empty for expected and unlisted families: they have no mode yet.
    mode = models.CharField(max_length=6, blank=True)
    expected_families = models.IntegerField(default=0)
    expected_persons = models.IntegerField(default=0)
    opened_families = models.IntegerField(default=0)
    responded_families = models.IntegerField(default=0)
    responded_persons = models.IntegerField(default=0)
    complete_families = models.IntegerField(default=0)
    complete_persons = models.IntegerField(default=0)
    # Families that left word that the register does not have them, and the people they spoke of.
    unlisted_families = models.IntegerField(default=0, db_default=0)
    unlisted_persons = models.IntegerField(default=0, db_default=0)
    # Those of them who have answered, to be verified; not among the responded.
    unverified_families = models.IntegerField(default=0, db_default=0)
    unverified_persons = models.IntegerField(default=0, db_default=0)
    # Whose change this is; null where it is that of a whole area, as an import's.
    household_id = models.BigIntegerField(null=True)
    # When the family that answers had opened its form; its case keeps that too.
    opened_at = models.DateTimeField(null=True)
    # Since when it waits to be folded.
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode__in=["", *Mode.values]), name="progress_mode_is_known"
            ),
        ]
