"""The page of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cacah.areas.codes import dotted
from cacah.staff import trail as reading
from cacah.staff.door import OfficeRequest, office
from cacah.staff.forms import DayInput
from cacah.staff.models import AuditEntry
from cacah.staff.naming import Names
from cacah.staff.roles import Permission
from cacah.staff.tables import downloads, stream
from cacah.staff.taking import traced_download
from cacah.staff.verbs import WORDS, in_words


class TrailForm(forms.Form):
    """What is looked for in the trail; it stands in the URL."""

    who = forms.CharField(label=_("Who (name or e-mail)"), required=False, max_length=100)
    verb = forms.ChoiceField(label=_("What"), required=False)
    subject = forms.CharField(label=_("To whom or what"), required=False, max_length=120)
    area = forms.CharField(label=_("Area code"), required=False, max_length=20)
    from_day = forms.DateField(label=_("From"), required=False, widget=DayInput())
    until_day = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["verb"].choices = [  # type: ignore[attr-defined]
            ("", _("everything")),
            *sorted(((verb, in_words(verb)) for verb in WORDS), key=lambda each: each[1]),
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the page shows it; names are empty where none is known."""

    entry: AuditEntry
    who: str
    what: str
    subject: str
    area: str
    area_name: str
    details: str


def _lines(entries: Sequence[AuditEntry], names: Names) -> list[Line]:
    return [
        Line(
            entry=each,
            who=reading.who(each),
            what=in_words(each.verb),
            subject=names.subject(each),
            area=dotted(each.area) if each.area else "",
            area_name=names.areas.get(each.area, ""),
            details=reading.details(each, names),
        )
        for each in entries
    ]


@require_safe
@office(Permission.SEE_AUDIT)
def trail(request: OfficeRequest) -> HttpResponseBase:
    """Show the audit trail of one's own areas; the search stands in the URL."""
    form = TrailForm(request.GET)
    form.is_valid()  # what cannot be, looks for nothing
    search = reading.Search(**form.cleaned_data)
    if "format" in request.GET:
        most = reading.MOST_IN_A_WORKBOOK if request.GET["format"] == "xlsx" else None
        table = reading.table(request.scope, search, most=most)
        return traced_download(request, "staff.trail_exported", table, stream)
    search = replace(search, before=reading.place(request.GET.get("before", "")))
    entries, older = reading.page(request.scope, search)
    context = {
        "form": form,
        "lines": _lines(entries, Names(entries, request.scope)),
        "older": older,
        "is_first": search.before is None,
        "query": search.query(),
        "downloads": downloads(request),
        "most": reading.MOST_IN_A_WORKBOOK,
    }
    return render(request, "staff/trail.html", context)
