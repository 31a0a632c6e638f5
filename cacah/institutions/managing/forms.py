"""Forms on which institutions are added, changed, moved and their names opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cacah.institutions.actions.founding import Coordinator
from cacah.institutions.actions.tree import NewInstitution
from cacah.institutions.managing.picking import NATION, ON_TOP, Areas, Choice, Parents, PickField
from cacah.institutions.managing.reach import Reach
from cacah.institutions.models import Institution, Kind
from cacah.institutions.seats import whole_number
from cacah.staff.appointing import Refused
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

OBLIGED = [
    ("1", _("Obliged to take part, by a letter or decree")),
    ("0", _("Invited to take part")),
]
# Of a refused invitation: the form's field for each of the invitation's.
INVITED = {"email": "coordinator_email", "name": "coordinator_name"}


class InstitutionForm(forms.Form):
    """What is said of an institution, by somebody who may set its area and duty or may not."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *Kind.choices])
    name = forms.CharField(label=_("Name"), max_length=150)
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    obliged = forms.ChoiceField(label=_("Duty"), choices=OBLIGED, widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"class": "short", "autocomplete": "off"}),
        help_text=_("Your own code, by which a later CSV finds it again. It may stay empty."),
    )

    def __init__(self, *args: Any, scope: Scope, mandated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mandated = mandated
        if mandated:
            self.fields["area"] = PickField(
                Areas(scope),
                what="area",
                always=[NATION] if "" in scope.areas(Permission.MANAGE_INSTITUTIONS) else [],
                label=_("Area"),
                required=False,
                help_text=_(
                    "Type a part of its name or its code. A unit without one lies where the "
                    "institution above it does."
                ),
            )
        else:
            del self.fields["obliged"], self.fields["code"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for name in ("name", "address"):
            told[name] = " ".join(told.get(name, "").split())
        return told

    @property
    def area(self) -> str | None:
        """Return the undotted code that was chosen, "" for the nation, None for none."""
        chosen: Choice | None = self.cleaned_data.get("area")
        if chosen is None:
            return None
        return "" if chosen.value == NATION else chosen.value

    def tell(self, refused: ValidationError) -> None:
        """Show what the verb refused beside its field."""
        for field, sentences in refused.message_dict.items():
            place = field if field in self.fields else None
            self.add_error(place, [str(each) for each in sentences])


class AddForm(InstitutionForm):
    """A new institution, or a unit of one, and perhaps who is to coordinate it."""

    coordinator_email = forms.EmailField(
        label=_("E-mail of the coordinator"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("Leave it empty to invite somebody later."),
    )
    coordinator_name = forms.CharField(
        label=_("Name of the coordinator"), max_length=100, required=False
    )
    field_order = (
        *("parent", "kind", "name", "address", "area", "obliged", "code"),
        *("coordinator_email", "coordinator_name"),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        by_area = scope.may(Permission.MANAGE_INSTITUTIONS)
        super().__init__(*args, scope=scope, mandated=by_area, **kwargs)
        self.scope = scope
        parents = Parents(scope, on_top=by_area)
        label = _("Stands below")
        always = [ON_TOP] if by_area else []
        help_text = _("Type a part of the name of the institution above it.")
        self.fields["parent"] = PickField(
            parents, what="parent", always=always, label=label, help_text=help_text
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        email, name = told.get("coordinator_email"), told.get("coordinator_name")
        if email and not name:
            self.add_error("coordinator_name", _("Write the name of whom you invite."))
        if name and not email and "coordinator_email" not in self.errors:
            self.add_error("coordinator_email", _("Write the e-mail of whom you invite."))
        if self.mandated and not self.errors:
            self._clean_area()
        return told

    def _clean_area(self) -> None:
        """Ask for an area where nothing else says it.

        One that is said is the officer's, and that of the one above, which is within reach too.
        """
        if self.area is None and self.parent is None:
            self.add_error("area", _("Say in which area it lies."))

    @property
    def parent(self) -> int | None:
        return whole_number(self.cleaned_data["parent"].value) or None

    def new(self) -> NewInstitution:
        """Return what was filled in, of a valid form; a unit of a coordinator has the same duty."""
        told = self.cleaned_data
        above = Institution.objects.filter(pk=self.parent or 0).first()
        obliged = told["obliged"] == "1" if self.mandated else bool(above and above.obliged)
        more = {"address": told["address"], "code": told.get("code", "").strip()}
        return NewInstitution(told["name"], told["kind"], self.parent, self.area, obliged, more)

    def coordinator(self) -> Coordinator | None:
        told = self.cleaned_data
        if not told["coordinator_email"]:
            return None
        return Coordinator(told["coordinator_email"], told["coordinator_name"])

    def tell_refused(self, refused: Refused) -> None:
        """Show why the coordinator cannot be invited."""
        for each in refused.problems:
            self.add_error(INVITED.get(each.field, "coordinator_email"), str(each.sentence))


class ChangeForm(InstitutionForm):
    """An institution as it is, to be changed."""

    field_order = ("kind", "name", "address", "area", "obliged", "code")

    def __init__(self, *args: Any, scope: Scope, found: Reach, **kwargs: Any) -> None:
        held = found.institution
        initial = {
            "kind": held.kind,
            "name": held.name,
            "address": held.address,
            "obliged": "1" if held.obliged else "0",
            "code": held.code,
        }
        super().__init__(
            *args, scope=scope, mandated=found.may_set_mandate, initial=initial, **kwargs
        )
        if self.mandated:
            area = self.fields["area"]
            area.required = True
            area.help_text = _("Type a part of its name or its code to choose another one.")
            area.start_with(held.area_id or NATION)  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def changes(self) -> Mapping[str, Any]:
        """Return what was filled in, of a valid form, by the model's names."""
        told = self.cleaned_data
        changes = {name: told[name] for name in ("kind", "name", "address")}
        if self.mandated:
            changes |= {
                "obliged": told["obliged"] == "1",
                "code": told["code"].strip(),
                "area_id": self.area or None,
            }
        return changes


class MoveForm(forms.Form):
    """Where an institution is to stand."""

    def __init__(self, *args: Any, scope: Scope, found: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        always = [ON_TOP] if found.by_area and found.institution.parent_id else []
        self.fields["parent"] = PickField(
            Parents(scope, on_top=bool(always)),
            what="parent",
            always=always,
            label=_("Is to stand below"),
            help_text=_("Type a part of the name of the institution above it."),
        )
        self.stands_below = str(found.institution.parent_id or ON_TOP)

    def clean_parent(self) -> Choice:
        chosen: Choice = self.cleaned_data["parent"]
        if chosen.value == self.stands_below:
            raise ValidationError(_("It stands there already. Choose another one."))
        return chosen

    @property
    def parent(self) -> Choice:
        chosen: Choice = self.cleaned_data["parent"]
        return chosen


class MandateForm(forms.Form):
    """What lets officers above see names."""

    mandate = forms.CharField(
        label=_("Letter or decree that allows it"),
        max_length=120,
        help_text=_("Its number and date, as 470/123/2020 of 20 January 2020. The trail keeps it."),
    )
