"""What exists in the staff room: officers, what each may do where, and the audit trail."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Now

from cacah.areas.models import Area
from cacah.staff.roles import Role


class Officers(BaseUserManager["Officer"]):
    """Finds officers by e-mail in whatever letters; only `actions` makes them."""

    def get_by_natural_key(self, username: str | None) -> Officer:
        return self.get(email=(username or "").lower())


class Officer(AbstractBaseUser):
    """Somebody of the office or an institution who may sign in; made by an invitation."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=40, blank=True)
    invited_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="invited")
    invited_at = models.DateTimeField(db_default=Now())
    # The last link's serial: a new link makes the older ones void. Null once it was used.
    invitation = models.CharField(max_length=22, null=True)
    accepted_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    # Null where a command on the server did it; whoever stands as high may lift it (`ranks`).
    suspended_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # The last time; sessions from before it stay ended.
    reinstated_at = models.DateTimeField(null=True)

    objects = Officers()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")), name="officer_email_is_lower"
            )
        ]

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the officer may sign in; Django asks on each request, so a session ends too."""
        return self.suspended_at is None and self.accepted_at is not None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must know to go on; Django's own, and another once reinstated."""
        known: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{known}{self.reinstated_at.timestamp()}" if self.reinstated_at else known

    def __str__(self) -> str:
        return self.name or self.email


class Grant(models.Model):
    """A role that holds for an area's or an institution's subtree between two days."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    # Null: the nation. A coordinator's is where the institution lies, so that others find it.
    area = models.ForeignKey(Area, models.PROTECT, null=True)
    institution = models.BigIntegerField(null=True)
    from_day = models.DateField()
    until_day = models.DateField(null=True)
    granted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="granted")
    granted_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["institution"], name="grant_institution"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.COORDINATOR, institution__isnull=False)
                | (~Q(role=Role.COORDINATOR) & Q(institution=None)),
                name="grant_coordinator_has_institution",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.NATIONAL) | Q(area=None), name="grant_national_has_no_area"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.PROVINCE, Role.REGENCY, Role.DISTRICT])
                | Q(area__isnull=False),
                name="grant_area_officer_has_area",
            ),
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gte=F("from_day")),
                name="grant_ends_after_it_begins",
            ),
        ]


class AuditEntry(models.Model):
    """One sign-in, read of a person or change; the database refuses to alter or remove it.

    Django must not truncate its table, so the migration makes it; the officer's id is kept
    without a foreign key for the same reason.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    # Null: a command on the server, or somebody who is no officer.
    officer = models.ForeignKey(
        Officer, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    # `room.verb`, as `institutions.roster_uploaded`.
    verb = models.CharField(max_length=60)
    # What it was done to, as its page's id or its e-mail; never a NIK nor a name.
    subject = models.CharField(max_length=120, default="")
    # Undotted code of where it was done; "" where it concerns the nation.
    area = models.CharField(max_length=16, default="")
    network = models.CharField(max_length=45, default="")
    details = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "staff_auditentry"
        indexes = [
            models.Index("at", "id", name="audit_at"),
            models.Index("officer", "at", "id", name="audit_officer"),
            models.Index("verb", "at", "id", name="audit_verb"),
            models.Index("subject", "at", "id", name="audit_subject"),
            models.Index(Left("area", 2), "at", "id", name="audit_province"),
            models.Index(Left("area", 4), "at", "id", name="audit_regency"),
            models.Index(Left("area", 6), "at", "id", name="audit_district"),
        ]
