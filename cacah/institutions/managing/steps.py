"""The steps that are confirmed first: move, close, open again, open or close names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cacah.institutions.actions import tree
from cacah.institutions.managing.forms import MandateForm, MoveForm
from cacah.institutions.managing.reach import Reach, reach
from cacah.institutions.managing.views import around
from cacah.institutions.models import Institution, RosterEntry
from cacah.institutions.seats import whole_number
from cacah.staff.door import OfficeRequest, office
from cacah.staff.models import Officer
from cacah.staff.numerals import count


@dataclass(frozen=True, slots=True)
class Step:
    """A step of which the page asks whether it is meant."""

    is_allowed: Callable[[Reach], bool]
    do: Callable[..., Any]
    template: str
    said: str | Promise


CLOSE = Step(
    lambda found: found.may_close,
    tree.close_institution,
    "institutions/close.html",
    gettext_lazy("It is closed, and counted no more."),
)
REOPEN = Step(
    lambda found: found.may_reopen,
    tree.reopen_institution,
    "institutions/reopen.html",
    gettext_lazy("It is open again, with all that was closed with it."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@office(None)
def close(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask whether an institution is to be followed no more, and close it."""
    return _step(request, pk, CLOSE)


@require_http_methods(["GET", "HEAD", "POST"])
@office(None)
def reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask whether a closed institution is to be followed again, and open it."""
    return _step(request, pk, REOPEN)


def _step(request: OfficeRequest, pk: int, step: Step) -> HttpResponse:
    found = reach(request, pk)
    if not step.is_allowed(found):
        raise Http404
    context = around(request, found) | _weight(found)
    if request.method == "POST":
        try:
            step.do(by=request.officer, institution=pk)
        except Institution.DoesNotExist:
            raise Http404 from None
        except ValidationError as refused:
            context["problems"] = refused.messages
        else:
            messages.success(request, str(step.said))
            return _back(found, step)
    return render(request, step.template, context)


def _back(found: Reach, step: Step) -> HttpResponse:
    """Lead to the institution; a coordinator to the one above what was closed."""
    if step is CLOSE and not found.by_area:
        return redirect("institution-manage", found.institution.parent_id)
    return redirect("institution-manage", found.institution.pk)


def _weight(found: Reach) -> dict[str, Any]:
    """Return how many units and people a step is about.

    Officers above learn only whether there are people: few of them are no number for them
    (`apart`), and several institutions' numbers less each other would be.
    """
    held = found.institution
    below = Institution.objects.filter(path__startswith=held.path, closed_at=held.closed_at)
    on_rosters = RosterEntry.objects.filter(institution__in=below, removed_at=None)
    units = below.count() - 1
    told: dict[str, Any] = {"units": units, "units_shown": count(units)}
    if not found.is_own:
        return told | {"has_people": on_rosters.exists()}
    people = on_rosters.count()
    return told | {"people": people, "n": count(people)}


@require_http_methods(["GET", "HEAD", "POST"])
@office(None)
def move(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask below which institution it is to stand, show what that means, and move it."""
    found = reach(request, pk)
    if not found.may_move:
        raise Http404
    form = MoveForm(request.POST or None, scope=request.scope, found=found)
    context = around(request, found) | {"form": form}
    if request.method == "POST" and form.is_valid():
        target = form.parent
        if not request.POST.get("yakin"):
            context |= {"target": target, **_weight(found)}
        elif _moved(request.officer, found, whole_number(target.value) or None, form):
            messages.success(request, _("It has been moved."))
            return redirect("institution-manage", pk)
    return render(request, "institutions/move.html", context)


def _moved(by: Officer, found: Reach, parent: int | None, form: MoveForm) -> bool:
    """Move it, or tell the form why not."""
    try:
        tree.move_institution(by=by, institution=found.institution.pk, parent=parent)
    except Institution.DoesNotExist:
        raise Http404 from None
    except ValidationError as refused:
        form.add_error("parent", refused.messages)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@office(None)
def names(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask for the mandate and open the names to officers above, or close them."""
    found = reach(request, pk)
    if not found.may_set_mandate:
        raise Http404
    wanted = request.POST.get("lakukan", "")
    form = MandateForm(request.POST if wanted == "open" else None)
    try:
        if wanted == "close":
            tree.close_names(by=request.officer, institution=pk)
            messages.success(request, _("Officers above see counts only."))
            return redirect("institution-manage", pk)
        if wanted == "open" and form.is_valid():
            mandate = form.cleaned_data["mandate"]
            tree.open_names(by=request.officer, institution=pk, mandate=mandate)
            messages.success(request, _("Officers above see names."))
            return redirect("institution-manage", pk)
    except Institution.DoesNotExist:
        raise Http404 from None
    asked = None if found.institution.names_to_officers else form
    context = around(request, found) | {"form": asked} | _weight(found)
    return render(request, "institutions/names.html", context)
