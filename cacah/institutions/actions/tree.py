"""Verbs of the tree of institutions: add, change, move, close, open again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Now, Substr
from django.utils.translation import gettext_lazy as _

from cacah.institutions.actions import locks
from cacah.institutions.models import Institution, Kind, Participation
from cacah.staff.actions import trace
from cacah.staff.models import Officer

DEEPEST = 8
_TOO_DEEP = _("Institutions can stand in eight levels at most.")


@dataclass(frozen=True, slots=True)
class NewInstitution:
    """What is said of an institution; a unit that says no area lies where its parent does."""

    name: str
    kind: str = Kind.UNIT
    parent: int | None = None
    # Undotted code; "" is the nation.
    area: str | None = None
    obliged: bool = True
    more: dict[str, Any] | None = None


def add_institution(*, by: Officer | None, new: NewInstitution) -> Institution:
    """Add an institution or a unit of one; raises ValidationError naming the field.

    `more` may hold `code`, `address`, `names_to_officers`.
    """
    with transaction.atomic():
        locks.hold_tree()
        parent = _open(new.parent)
        area = new.area if new.area is not None else (parent.area_id or "" if parent else "")
        institution = Institution(
            pk=_next_id(),
            parent=parent,
            kind=new.kind,
            name=" ".join(new.name.split()),
            area_id=area or None,
            obliged=new.obliged,
            **(new.more or {}),
        )
        institution.path = f"{parent.path if parent else '/'}{institution.pk}/"
        _check(institution, parent)
        institution.save(force_insert=True)
        Participation.objects.create(institution=institution)
        _trace(by, "institution_added", institution, name=institution.name, parent=new.parent)
    return institution


def change_institution(*, by: Officer | None, institution: int, **changes: Any) -> Institution:
    """Change name, kind, code, address, area or obliged; what stays as it was leaves no trace.

    Raises ValidationError naming the field, Institution.DoesNotExist for a closed one.
    """
    with transaction.atomic():
        locks.hold_tree()
        changed = Institution.objects.select_for_update().get(pk=institution, closed_at=None)
        now = {
            name: [was, value]
            for name, value in changes.items()
            if (was := getattr(changed, name)) != value
        }
        for name, (_was, value) in now.items():
            setattr(changed, name, value)
        _check(changed, changed.parent)
        if "area_id" in now:
            _check_units(changed)
        if now:
            changed.save()
            _trace(by, "institution_changed", changed, **now)
    return changed


def open_names(*, by: Officer | None, institution: int, mandate: str = "") -> Institution:
    """Let officers above see who has not taken part, by name, there and in all units below.

    `mandate` says which letter or decree allows it. Raises Institution.DoesNotExist for a closed
    one.
    """
    return _names(by, institution, is_open=True, mandate=mandate)


def close_names(*, by: Officer | None, institution: int) -> Institution:
    """Let officers above see counts only; raises Institution.DoesNotExist for a closed one."""
    return _names(by, institution, is_open=False)


def _names(by: Officer | None, institution: int, *, is_open: bool, **details: str) -> Institution:
    with transaction.atomic():
        found = Institution.objects.select_for_update().get(pk=institution, closed_at=None)
        if found.names_to_officers != is_open:
            found.names_to_officers = is_open
            found.save(update_fields=["names_to_officers"])
            _trace(by, "names_opened" if is_open else "names_closed", found, **details)
    return found


def move_institution(*, by: Officer | None, institution: int, parent: int | None) -> Institution:
    """Put an institution with all below it under another one, or on top.

    No counter changes: sums of subtrees are made when they are read. Raises ValidationError where
    it would come to lie below itself or outside the new parent's area.
    """
    with transaction.atomic():
        locks.hold_tree()
        moved = Institution.objects.select_for_update().get(pk=institution, closed_at=None)
        above = _open(parent)
        if above is not None and above.path.startswith(moved.path):
            raise ValidationError({"parent": _("It cannot be put below itself.")})
        old, moved.parent = moved.path, above
        moved.path = f"{above.path if above else '/'}{moved.pk}/"
        _check(moved, above)
        _check_depth(moved, old)
        moved.save(update_fields=["parent"])
        rest = Substr("path", len(old) + 1)
        Institution.objects.filter(path__startswith=old).update(
            path=Concat(Value(moved.path), rest)
        )
        _trace(by, "institution_moved", moved, before=old, after=moved.path)
    return moved


def close_institution(*, by: Officer | None, institution: int) -> int:
    """Follow an institution and all below it no more; return how many were closed."""
    with transaction.atomic():
        locks.hold_tree()
        closed = Institution.objects.get(pk=institution, closed_at=None)
        subtree = Institution.objects.filter(path__startswith=closed.path, closed_at=None)
        many = subtree.update(closed_at=Now())
        _trace(by, "institution_closed", closed, institutions=many)
    return many


def reopen_institution(*, by: Officer | None, institution: int) -> int:
    """Undo a closing: open again what was closed at that same moment; return how many.

    Raises ValidationError where the one above is closed, or a unit of this name has come since.
    """
    with transaction.atomic():
        locks.hold_tree()
        found = Institution.objects.get(pk=institution, closed_at__isnull=False)
        if found.parent_id is not None:
            _check_name(found, _open(found.parent_id))
        subtree = Institution.objects.filter(path__startswith=found.path, closed_at=found.closed_at)
        many = subtree.update(closed_at=None)
        _trace(by, "institution_reopened", found, institutions=many)
    return many


def _open(parent: int | None) -> Institution | None:
    if parent is None:
        return None
    found = Institution.objects.filter(pk=parent, closed_at=None).first()
    if found is None:
        raise ValidationError({"parent": _("There is no such institution, or it is closed.")})
    return found


def _check(institution: Institution, parent: Institution | None) -> None:
    """Raise ValidationError for what the database or the tree would not allow."""
    _check_name(institution, parent)
    _check_code(institution)
    empty = [name for name in ("parent", "area") if getattr(institution, f"{name}_id") is None]
    institution.full_clean(exclude=["path", "created_at", "closed_at", *empty])
    if parent is None:
        return
    if institution.path.count("/") - 1 > DEEPEST:
        raise ValidationError({"parent": _TOO_DEEP})
    if not (institution.area_id or "").startswith(parent.area_id or ""):
        raise ValidationError(
            {"area": _("A unit must lie in the area of the institution above it, or within it.")}
        )


def _check_name(institution: Institution, parent: Institution | None) -> None:
    """Raise ValidationError where another unit beside it is called the same."""
    beside = Institution.objects.filter(parent=parent, closed_at=None).exclude(pk=institution.pk)
    if parent is not None and beside.filter(name__iexact=institution.name).exists():
        raise ValidationError({"name": _("A unit beside it has this name already.")})


def _check_code(institution: Institution) -> None:
    """Raise ValidationError where the code is another one's, without a word about whose."""
    others = Institution.objects.exclude(code="").exclude(pk=institution.pk)
    if others.filter(code=institution.code).exists():
        raise ValidationError({"code": _("This code cannot be used; choose another one.")})


def _check_depth(moved: Institution, old: str) -> None:
    """Raise ValidationError where what lies below it would come to stand too deep."""
    paths = Institution.objects.filter(path__startswith=old).values_list("path", flat=True)
    below = max((path.count("/") for path in paths), default=0) - old.count("/")
    if moved.path.count("/") - 1 + below > DEEPEST:
        raise ValidationError({"parent": _TOO_DEEP})


def _check_units(institution: Institution) -> None:
    """Raise ValidationError where a unit would lie outside the institution's new area."""
    below = Institution.objects.filter(path__startswith=institution.path)
    codes = below.exclude(pk=institution.pk).values_list("area_id", flat=True)
    if not all((code or "").startswith(institution.area_id or "") for code in codes):
        raise ValidationError({"area": _("It has units outside this area.")})


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('institutions_institution', 'id'))")
        (number,) = cursor.fetchone()
    return int(number)


def _trace(by: Officer | None, verb: str, institution: Institution, **details: Any) -> None:
    trace(
        by=by,
        verb=f"institutions.{verb}",
        subject=str(institution.pk),
        area=institution.area_id or "",
        details=details,
    )
