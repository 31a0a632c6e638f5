"""What exists in the institutions room: institutions, their rosters, who was found, and counts.

Who leads an institution is no row here but a coordinator's grant (`cacah.staff.models.Grant`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cacah.areas.models import Area

models.BinaryField.register_lookup(Length)
models.CharField.register_lookup(Length)


class Kind(models.TextChoices):
    """What sort of institution it is; a unit of any of them is a `unit`."""

    PROVINCE_GOVERNMENT = "province_government", _("Province government")
    REGENCY_GOVERNMENT = "regency_government", _("Regency or city government")
    DEPARTMENT = "department", _("Department of a regional government")
    VERTICAL_AGENCY = "vertical_agency", _("Vertical agency")
    PARLIAMENT = "parliament", _("Regional parliament")
    ARMED_FORCES = "armed_forces", _("Armed forces or police")
    STATE_COMPANY = "state_company", _("State-owned company")
    REGIONAL_COMPANY = "regional_company", _("Company owned by a region")
    COMPANY = "company", _("Private company")
    UNIVERSITY = "university", _("University")
    FACULTY = "faculty", _("Faculty")
    SCHOOL = "school", _("School")
    UNIT = "unit", _("Unit")
    OTHER = "other", _("Other institution")


class Institution(models.Model):
    """An institution that must or may take part, or a unit of one; units have units.

    An officer sees it who sees its area, and what lies below it lies in the same area or one
    within: a unit in another regency is never counted where only this one may be seen.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="units")
    # Its own id last: "/12/45/" is unit 45 of institution 12.
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=150)
    # The office's own code, by which an import finds it again; may be empty.
    code = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=250, blank=True)
    # Null: the nation, as of a ministry.
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    # By a letter or decree; else it is invited.
    obliged = models.BooleanField()
    # The mandate says that officers above may see who has not taken part, by name.
    names_to_officers = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    # It is no longer followed; what it reached stays, and is counted no more.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["path"], opclasses=["text_pattern_ops"], name="institution_by_path"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="institution_code_is_unique"
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(parent__isnull=False, closed_at=None),
                name="institution_unit_is_named_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="institution_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(path__regex="^/([0-9]+/)+$"), name="institution_path_is_of_ids"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Standing(models.TextChoices):
    """How far a person on a roster has come; docs/rosters.md says from what it follows."""

    COMPLETE = "complete", pgettext_lazy("of a person", "Complete")
    OPENED = "opened", _("Opened")
    NOT_YET = "not_yet", _("Not yet")
    NOT_FOUND = "not_found", _("Not found")
    EXEMPT = "exempt", _("Exempt")


class Exemption(models.TextChoices):
    """Why somebody on a roster is not asked; no free text, which would hold people's affairs."""

    ABROAD = "abroad", _("Abroad during the census")
    NOT_RESIDENT = "not_resident", _("Not a resident of Indonesia")
    LEFT = "left", _("No longer with the institution")
    DIED = "died", _("Has died")
    VISITED = "visited", _("Counted by an officer at home")
    OTHER = "other", _("Another reason, known to the institution")


class Way(models.TextChoices):
    """By what a person on a roster was found."""

    REGISTER = "register", _("Register")
    SUBMISSION = "submission", _("Named by a family that answered")
    RECEIPT = "receipt", _("Receipt handed in")


class RosterEntry(models.Model):
    """One person on one institution's roster, and how far he or she has come."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, db_index=False, related_name="roster"
    )
    # ServerKeys.nik_digest
    nik_digest = models.BinaryField(max_length=16)
    # rosters.seal of {"name", "nik" (its last four digits), "number" (the staff number, or "")}
    sealed = models.BinaryField()
    # As followed last: changes still in registry_progressdelta come on top (see `pending`).
    state = models.CharField(max_length=9, choices=Standing)
    exempt_reason = models.CharField(max_length=12, choices=Exemption, blank=True)
    # The household in which he or she was found, where it is only one: kept by the database from
    # the findings, so that what a household does is looked up with one step.
    household_id = models.BigIntegerField(null=True)
    # The person asked not to be looked up by NIK: only a receipt counts.
    by_receipt = models.BooleanField(default=False, db_default=False)
    # receipts.number_digest; one receipt is bound to one entry.
    receipt_digest = models.BinaryField(max_length=16, null=True, unique=True)
    added_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["nik_digest"], name="roster_by_nik"),
            # Who may yet be brought further by a household; whole, so that no row is read.
            models.Index(
                fields=["household_id"],
                include=["id", "institution", "state"],
                condition=Q(removed_at=None, state__in=["not_found", "not_yet", "opened"]),
                name="roster_left_by_household",
            ),
            models.Index(
                fields=["removed_at"], name="roster_removed", condition=~Q(removed_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "nik_digest"], name="roster_names_a_person_once"
            ),
            models.CheckConstraint(
                condition=Q(nik_digest__length=16), name="roster_digest_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(state__in=Standing.values), name="roster_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(exempt_reason__in=["", *Exemption.values])
                & (
                    Q(state=Standing.EXEMPT, exempt_reason__gt="")
                    | (~Q(state=Standing.EXEMPT) & Q(exempt_reason=""))
                ),
                name="roster_exempt_has_reason",
            ),
        ]


class Turnover(models.Model):
    """What was refused and allowed of people who came onto a tree's rosters and left at once.

    One row for the institution on top of the tree (`actions.turnover`).
    """

    institution = models.OneToOneField(
        Institution, models.PROTECT, primary_key=True, related_name="turnover"
    )
    # The last time that more would have left than may, and how many in all that day.
    refused_at = models.DateTimeField(null=True)
    refused_people = models.IntegerField(default=0)
    # An officer above lets so many more leave within a day.
    allowed_at = models.DateTimeField(null=True)
    allowed_people = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refused_people__gte=0, allowed_people__gte=0), name="turnover_counts"
            ),
        ]


class Finding(models.Model):
    """A household in which a person on a roster was found; of several the one that is furthest."""

    pk = models.CompositePrimaryKey("entry_id", "household_id")
    entry = models.ForeignKey(RosterEntry, models.CASCADE, db_index=False, related_name="findings")
    household_id = models.BigIntegerField()
    way = models.CharField(max_length=10, choices=Way)
    # The person was found in other households too; kept by the database from the findings.
    shared = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["household_id", "entry"], name="finding_by_household"),
            models.Index(
                fields=["household_id"],
                include=["entry"],
                condition=Q(shared=True),
                name="finding_shared",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(way__in=Way.values), name="finding_way_is_known"),
        ]


class Participation(models.Model):
    """How many of an institution's own roster, units' left out, stand where; always exact.

    Sums of a subtree are made when they are read, so moving it changes no counter.
    """

    institution = models.OneToOneField(
        Institution, models.PROTECT, primary_key=True, related_name="participation"
    )
    complete = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)
    not_yet = models.IntegerField(default=0)
    not_found = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(complete__gte=0, opened__gte=0, not_yet__gte=0)
                & Q(not_found__gte=0, exempt__gte=0),
                name="participation_counts",
            ),
        ]


class Stage(models.TextChoices):
    """How far an upload has come."""

    READING = "reading", "reading"
    # The file as such cannot be used: `problem` says why.
    REFUSED = "refused", "refused"
    # Rows are kept, sealed, until somebody corrects, takes or drops them.
    CHECKED = "checked", "checked"
    STORING = "storing", "storing"
    STORED = "stored", "stored"


class Upload(models.Model):
    """A roster file's rows before they are taken; the file itself is never kept."""

    id = models.UUIDField(primary_key=True)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.READING)
    # Rows read so far; about how many there are, judged by the part of the file that is read.
    rows_read = models.IntegerField(default=0)
    rows_total = models.IntegerField(null=True)
    # [{"code", …}]: why the file cannot be used or was not stored, and what was forgiven or left
    # out.
    problem = models.JSONField(null=True)
    notes = models.JSONField(default=list)
    # Names of the workbook's sheets that hold people; one of them is taken.
    sheets = models.JSONField(default=list)
    sheet = models.SmallIntegerField(null=True)
    # While it is stored: {"by": officer, "replace": …, "units": {name: institution}}, and the job.
    wish = models.JSONField(null=True)
    job_id = models.BigIntegerField(null=True)
    # What came of it: people added, changed, unchanged, removed.
    result = models.JSONField(null=True)
    began_at = models.DateTimeField(db_default=Now())
    # While it is read or stored; one that stands still was broken off.
    moved_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["institution", "began_at"], name="upload_by_institution"),
            models.Index(fields=["expires_at"], name="upload_by_expiry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="upload_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("began_at")), name="upload_expires"
            ),
        ]


class UploadRow(models.Model):
    """One row of an upload: ready to be taken where `problems` is empty, else as it was typed."""

    pk = models.CompositePrimaryKey("upload_id", "sheet", "row")
    upload = models.ForeignKey(Upload, models.CASCADE, db_index=False, related_name="rows")
    sheet = models.SmallIntegerField()
    # Its number in the file; the first row is 1.
    row = models.IntegerField()
    nik_digest = models.BinaryField(max_length=16, null=True)
    # Eight bytes of a keyed digest of the name, to tell a repeated row from another person's.
    name_digest = models.BinaryField(max_length=8, null=True)
    unit = models.CharField(max_length=150, blank=True)
    # rosters.seal for the entry to be; while it is wrong, rosters.seal_cells of what was typed.
    sealed = models.BinaryField()
    # ["column:code:more", …]
    problems = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["upload", "nik_digest"], name="upload_row_by_nik"),
        ]


class ReminderIntro(models.Model):
    """What an institution writes above the reminders to its people and those of its units."""

    institution = models.OneToOneField(
        Institution, models.PROTECT, primary_key=True, related_name="reminder_intro"
    )
    text = models.TextField(max_length=600)


class Digest(models.Model):
    """One coordinator's e-mail of one week: the row is there before the mail goes out."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The Monday of its week, in the site's time zone.
    week = models.DateField()
    # Null: it was being sent when the server went down, and is not sent again.
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "week"], name="digest_is_sent_once"),
        ]


class DigestRefusal(models.Model):
    """A coordinator who does not want the weekly e-mail."""

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+"
    )
    since = models.DateTimeField(db_default=Now())
