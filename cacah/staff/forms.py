"""Forms of the officers' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from cacah.areas.codes import NotAnAreaCode, parse
from cacah.staff.appointing import Appointment, Problem
from cacah.staff.models import Officer
from cacah.staff.roles import MAY_INVITE, Role
from cacah.staff.scope import Scope


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AppointmentForm(forms.Form):
    """A role, where it holds and when."""

    role = forms.ChoiceField(label=_("Role"))
    area = forms.CharField(
        label=_("Area"),
        required=False,
        max_length=20,
        help_text=_("Its code, as 33.25. Leave it empty for the whole nation."),
        widget=forms.TextInput({"list": "areas", "autocomplete": "off", "class": "short"}),
    )
    institution = forms.IntegerField(required=False, widget=forms.HiddenInput)
    from_day = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    until_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty where no end is known."),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = {role for held in scope.grants for role in MAY_INVITE[held.role]}
        institution = self["institution"].value()
        offered = {Role.COORDINATOR} if institution else mine - {Role.COORDINATOR}
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in Role if role in offered & mine
        ]
        if institution:
            del self.fields["area"]
        elif not any(held.area == "" for held in scope.grants):
            self.fields["area"].help_text = _("Its code, as 33.25.")

    def clean_area(self) -> str:
        text = self.cleaned_data["area"].strip()
        try:
            return parse(text) if text else ""
        except NotAnAreaCode:
            raise forms.ValidationError(
                _("Write the code in digits, as 33 or 33.25 or 33.25.07.")
            ) from None

    def appointment(self) -> Appointment:
        """Return what was filled in, of a valid form."""
        told = self.cleaned_data
        return Appointment(
            Role(told["role"]),
            told.get("area", ""),
            told["institution"],
            told["from_day"],
            told["until_day"],
        )

    def tell(self, problems: tuple[Problem, ...]) -> None:
        """Show what was refused beside its field."""
        for each in problems:
            self.add_error(each.field if each.field in self.fields else None, str(each.sentence))


class InvitationForm(AppointmentForm):
    """Somebody new, or one more role for somebody known."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}), max_length=254
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    field_order = ("email", "name", "phone", "role", "area", "from_day", "until_day")


class EmailForm(forms.Form):
    """Another address for an officer."""

    email = forms.EmailField(
        label=_("New e-mail"), widget=forms.EmailInput({"autocomplete": "off"}), max_length=254
    )


class AcceptanceForm(forms.Form):
    """A password of one's own, to take up an invitation."""

    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        max_length=200,
        help_text=_("At least 12 characters; four words that do not belong together are good."),
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer = officer

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.officer)
        return password


class FileForm(forms.Form):
    """A file with officers."""

    file = forms.FileField(
        label=_("CSV file"), widget=forms.ClearableFileInput({"accept": ".csv,text/csv"})
    )


class FiltersForm(forms.Form):
    """What the list of officers is cut down to; it stands in the URL."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("all")), *Role.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            ("active", _("active")),
            ("invited", _("not accepted yet")),
            ("factorless", _("without a second factor")),
            ("ending", _("ends within two weeks")),
            ("suspended", _("suspended")),
        ],
    )
    area = forms.CharField(label=_("Area code"), required=False, max_length=20)
