"""The page on which officers above see how many came and left, and let more of them leave."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cacah.institutions.actions.turnover import allow_leaving, standing_of
from cacah.institutions.managing.reach import reach
from cacah.institutions.managing.views import around
from cacah.institutions.models import Institution, Turnover
from cacah.staff.door import OfficeRequest, office
from cacah.staff.numerals import count, moment

MOST = 1_000_000


class AllowForm(forms.Form):
    """How many more may leave until tomorrow."""

    people = forms.IntegerField(
        label=gettext_lazy("How many more people may leave within a day"),
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput({"class": "short"}),
        help_text=gettext_lazy("As many as the file brought in by mistake. 0 takes it back."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office(None)
def page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show how a tree of rosters stands, and let more people leave it within a day."""
    found = reach(request, pk)
    if not found.may_set_mandate or found.institution.parent_id is not None:
        raise Http404
    kept = Turnover.objects.filter(pk=pk).first()
    initial = {"people": kept.refused_people if kept and kept.refused_people else None}
    form = AllowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            allow_leaving(by=request.officer, institution=pk, people=form.cleaned_data["people"])
        except Institution.DoesNotExist:
            raise Http404 from None
        messages.success(request, _("It is allowed until this time tomorrow."))
        return redirect("institution-turnover", pk)
    standing = standing_of(top=pk)
    context = around(request, found) | {
        "form": form,
        "left": count(standing.left),
        "most": count(standing.most),
        "refused": count(kept.refused_people) if kept and kept.refused_at else "",
        "refused_at": moment(kept.refused_at) if kept and kept.refused_at else "",
    }
    return render(request, "institutions/turnover.html", context)
