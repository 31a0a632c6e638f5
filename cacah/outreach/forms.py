"""Forms of outreach's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cacah.areas.codes import NotAnAreaCode, dotted, parse
from cacah.areas.models import Area
from cacah.outreach.models import Activity, Destination, Team, Visit, VisitKind
from cacah.outreach.models.teams import office_week
from cacah.staff.forms import DayInput
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)


class TimeInput(forms.TimeInput):
    """A time of day, with the browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class Weekdays(forms.TypedMultipleChoiceField):
    """Days of the week, as boxes to tick; a list of ISO weekdays."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.CheckboxSelectMultiple(attrs={"class": "days"})
        super().__init__(choices=WEEKDAYS, coerce=int, widget=widget, **kwargs)


def _degrees(label: Any, most: int) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=-most,
        max_value=most,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal", "class": "short"}),
    )


class AreaField(forms.CharField):
    """The code of an area that somebody plans."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Area"),
            max_length=20,
            help_text=_("Its code, as 53.71."),
            widget=forms.TextInput({"list": "areas", "autocomplete": "off", "class": "short"}),
            **kwargs,
        )

    def area_in(
        self, text: str, scope: Scope, permission: Permission = Permission.PLAN_OUTREACH
    ) -> Area:
        """Return the area of a code; raises ValidationError where it is not the officer's."""
        try:
            code = parse(text)
        except NotAnAreaCode:
            raise forms.ValidationError(_("Write the code in digits, as 53.71.")) from None
        area = Area.objects.filter(pk=code).first()
        if area is None or not scope.sees(code, permission):
            raise forms.ValidationError(_("There is no area with this code within your own."))
        return area


class AreaForm(forms.Form):
    """A form of something new in an area where the officer holds `permission`."""

    area = AreaField()
    permission = Permission.PLAN_OUTREACH

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_area(self) -> Area:
        field: AreaField = self.fields["area"]  # type: ignore[assignment]
        return field.area_in(self.cleaned_data["area"], self.scope, self.permission)


class Told(forms.ModelForm):
    """A form whose verb checks what was filled in, in the same words for every caller."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self._meta.model._meta.fields:
            if field.null and field.name in self.fields:
                self.fields[field.name].required = False

    def _post_clean(self) -> None:
        self.instance = forms.models.construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )

    def tell(self, refused: forms.ValidationError) -> None:
        """Show what a verb refused beside its field."""
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused.messages)
            return
        for name, messages in refused.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)


class Scoped(Told):
    """A form of something that lies in an area of the officer's own."""

    area = AreaField()

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_area(self) -> Area:
        field: AreaField = self.fields["area"]  # type: ignore[assignment]
        return field.area_in(self.cleaned_data["area"], self.scope)


class TeamForm(Scoped):
    """A team."""

    working_days = Weekdays(label=_("Working days"), initial=office_week)
    base_latitude = _degrees(_("Latitude of the base"), 90)
    base_longitude = _degrees(_("Longitude of the base"), 180)

    class Meta:
        model = Team
        fields = (
            "name",
            "area",
            "working_days",
            "starts",
            "ends",
            "visits_per_week",
            "base_address",
            "base_latitude",
            "base_longitude",
            "phone",
        )
        labels = {
            "name": _("Name"),
            "starts": _("The day begins"),
            "ends": _("The day ends"),
            "visits_per_week": _("Visits a week"),
            "base_address": _("Base, address"),
            "phone": _("Phone"),
        }
        help_texts = {
            "visits_per_week": _("As many as the team can do; 10 or 11 is usual."),
            "base_address": _("Where its days begin and end."),
        }
        widgets = {"starts": TimeInput(), "ends": TimeInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visits_per_week"].min_value = 1  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["area"]

    def changes(self) -> dict[str, Any]:
        """Return what was filled in, of a valid form."""
        return dict(self.cleaned_data)


class EventForm(Scoped):
    """A visit to a village, or an event."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(k.value, k.label) for k in (VisitKind.EVENT, VisitKind.VILLAGE)]
    )
    latitude = _degrees(_("Latitude"), 90)
    longitude = _degrees(_("Longitude"), 180)

    class Meta:
        model = Visit
        fields = (
            "kind",
            "title",
            "area",
            "address",
            "day",
            "starts_at",
            "minutes",
            "latitude",
            "longitude",
        )
        labels = {
            "title": _("What is it called?"),
            "address": _("Address"),
            "day": _("Day"),
            "starts_at": _("Begins"),
            "minutes": _("Minutes"),
        }
        help_texts = {"day": _("Leave day and time empty where they are not fixed yet.")}
        widgets = {"day": DayInput(), "starts_at": TimeInput()}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("starts_at") and not told.get("day"):
            self.add_error("day", _("Give the day, too."))
        if (told.get("latitude") is None) != (told.get("longitude") is None):
            self.add_error("latitude", _("Give both coordinates or neither."))
        return told


class DestinationForm(Told):
    """What a team needs to know of an institution."""

    closed_days = Weekdays(label=_("Closed on these weekdays"), required=False)
    latitude = _degrees(_("Latitude"), 90)
    longitude = _degrees(_("Longitude"), 180)
    minutes = forms.IntegerField(
        label=_("Minutes of a visit"),
        required=False,
        min_value=5,
        max_value=600,
        help_text=_("Leave it empty: it follows from how many people are left."),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        choices=[
            (0, _("if there is time")),
            (1, _("usual")),
            (2, _("important")),
            (3, _("before all others")),
        ],
    )

    class Meta:
        model = Destination
        fields = (
            "latitude",
            "longitude",
            "opens",
            "closes",
            "closed_days",
            "minutes",
            "priority",
            "contact_name",
            "contact_phone",
            "note",
        )
        labels = {
            "opens": _("Opens"),
            "closes": _("Closes"),
            "contact_name": _("Contact, name"),
            "contact_phone": _("Contact, phone"),
            "note": _("Note for the team"),
        }
        help_texts = {
            "opens": _("Leave both empty for office hours, Monday to Friday."),
        }
        widgets = {"opens": TimeInput(), "closes": TimeInput()}


class MeetingForm(Scoped):
    """A meeting."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Teams that come"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "days"}),
    )

    class Meta:
        model = Activity
        fields = ("kind", "title", "area", "day", "starts_at", "minutes", "place", "agenda")
        labels = {
            "kind": _("Kind"),
            "title": _("What is it called?"),
            "day": _("Day"),
            "starts_at": _("Begins"),
            "minutes": _("Minutes"),
            "place": _("Place"),
            "agenda": _("Agenda"),
        }
        widgets = {
            "day": DayInput(),
            "starts_at": TimeInput(),
            "agenda": forms.Textarea({"rows": 5}),
        }

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = teams  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["teams"].initial = self.instance.teams.all()
            del self.fields["area"]

    def changes(self) -> dict[str, Any]:
        """Return what was filled in without the teams, of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "teams"}


def code_of(area: str) -> str:
    """Return an area's code as a form shows it."""
    return dotted(area) if area else ""
