"""The pages of managing an institution: what it is, adding one, changing it, and searching."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cacah.areas.queries import full_name
from cacah.institutions import shown
from cacah.institutions.actions.founding import found_institution
from cacah.institutions.actions.tree import change_institution
from cacah.institutions.managing.forms import AddForm, ChangeForm
from cacah.institutions.managing.picking import (
    LONGEST_TEXT,
    NATION,
    ON_TOP,
    Areas,
    Finder,
    Parents,
)
from cacah.institutions.managing.reach import Reach, in_areas, may_add_somewhere, places, reach
from cacah.institutions.models import Institution
from cacah.institutions.queries import ancestors
from cacah.institutions.seats import whole_number
from cacah.staff.appointing import Appointment, Refused, problems
from cacah.staff.door import OfficeRequest, office
from cacah.staff.handing import send_link
from cacah.staff.queries import coordinators, officers_below
from cacah.staff.roles import Permission, Role

ON_A_PAGE = 50


@require_safe
@office(None)
def manage(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show what an institution is, who looks after it, and what may be done with it."""
    found = reach(request, pk)
    held = found.institution
    context = around(request, found) | {
        "area": full_name(held.area_id) if held.area_id else _("Indonesia"),
        "coordinators": _coordinators(request, held),
        "may_invite": _may_invite(request, held),
        "names_opened_at": [each for each in ancestors(held) if each.names_to_officers],
        "units": Institution.objects.filter(parent=held, closed_at=None).order_by("name"),
        "closed": _closed_below(found),
        "shows_turnover": found.may_set_mandate and held.parent_id is None,
    }
    return render(request, "institutions/manage.html", context)


def around(request: OfficeRequest, found: Reach) -> dict[str, Any]:
    """Return what every page of an institution's management shows."""
    above = ancestors(found.institution)
    seen = places(request.scope).filter(pk__in=[each.pk for each in above])
    return {
        "reach": found,
        "institution": found.institution,
        "kind": found.institution.get_kind_display(),
        "crumbs": shown.crumbs(above, seen=seen.values_list("pk", flat=True)),
    }


def _coordinators(request: OfficeRequest, held: Institution) -> list[tuple[Any, bool]]:
    """Return who coordinates it, of those whom this officer could have invited."""
    named = coordinators(held.pk)
    below = officers_below(request.scope).filter(pk__in=[each.pk for each in named])
    seen = set(below.values_list("pk", flat=True))
    return [(each, each.accepted_at is not None) for each in named if each.pk in seen]


def _may_invite(request: OfficeRequest, held: Institution) -> bool:
    if not request.scope.may(Permission.INVITE):
        return False
    wanted = Appointment(Role.COORDINATOR, institution=held.pk)
    return not problems(wanted, request.scope, timezone.localdate())


def _closed_below(found: Reach) -> list[Institution]:
    """Return closed units directly below it, for who may open them again."""
    if not found.by_area:
        return []
    below = Institution.objects.filter(parent=found.institution, closed_at__isnull=False)
    return list(below.order_by("name"))


@require_http_methods(["GET", "HEAD", "POST"])
@office(None)
def add(request: OfficeRequest) -> HttpResponse:
    """Add an institution, or a unit below one (`?induk=`), and invite its coordinator if wanted."""
    if not may_add_somewhere(request.scope):
        raise Http404
    form = AddForm(request.POST or None, scope=request.scope, initial={"obliged": "1"})
    above = request.GET.get("induk", "")
    if above:
        parent = places(request.scope).filter(pk=whole_number(above)).first()
        if parent is None:
            raise Http404
        _start(form, parent)
    elif form.mandated:
        form.fields["parent"].start_with(ON_TOP)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and (made := _added(request, form)):
        return redirect("institution-manage", made.pk)
    return render(request, "institutions/add.html", {"form": form})


def _start(form: AddForm, parent: Institution) -> None:
    """Fill in what a unit of this one is likely to be."""
    form.fields["parent"].start_with(str(parent.pk))  # type: ignore[attr-defined]
    form.initial = {"kind": "unit", "obliged": "1" if parent.obliged else "0"}


def _added(request: OfficeRequest, form: AddForm) -> Institution | None:
    """Add it and send the invitation, or tell the form why not."""
    try:
        made, officer = found_institution(
            by=request.officer, new=form.new(), coordinator=form.coordinator()
        )
    except ValidationError as refused:
        form.tell(refused)
        return None
    except Refused as refused:
        form.tell_refused(refused)
        return None
    messages.success(request, _("%(name)s was added.") % {"name": made.name})
    if officer is not None:
        send_link(request, officer)
    return made


@require_http_methods(["GET", "HEAD", "POST"])
@office(None)
def change(request: OfficeRequest, pk: int) -> HttpResponse:
    """Change what is said of an institution; what the scope does not allow is not asked."""
    found = reach(request, pk)
    if not found.may_change:
        raise Http404
    form = ChangeForm(request.POST or None, scope=request.scope, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_institution(by=request.officer, institution=pk, **form.changes())
        except Institution.DoesNotExist:
            raise Http404 from None
        except ValidationError as refused:
            form.tell(refused)
        else:
            messages.success(request, _("The changes are stored."))
            return redirect("institution-manage", pk)
    return render(request, "institutions/change.html", around(request, found) | {"form": form})


@require_safe
@office(None)
def pick(request: OfficeRequest, what: str) -> HttpResponse:
    """Give what a text may mean, as radio buttons: areas, or institutions to stand below."""
    scope = request.scope
    text = request.GET.get(f"{what}_teks", "").replace("\0", "")[:LONGEST_TEXT].strip()
    on_top = scope.may(Permission.MANAGE_INSTITUTIONS)
    finders: dict[str, Finder] = {"area": Areas(scope), "parent": Parents(scope, on_top=on_top)}
    may = {"area": on_top, "parent": may_add_somewhere(scope)}
    if not may.get(what):
        raise Http404
    found = finders[what].find(text) if text else []
    always = [each for value in (NATION, ON_TOP) if (each := finders[what].known(value))]
    offered = [*found, *(each for each in always if each not in found)]
    widget = {"what": what, "offered": offered, "chosen": ""}
    context = {"widget": widget, "is_searched": bool(text), "found": found}
    return render(request, "institutions/pick_choices.html", context)


@require_safe
@office(Permission.MANAGE_INSTITUTIONS)
def closed(request: OfficeRequest) -> HttpResponse:
    """List the closed institutions of the officer's areas, the last one first."""
    found = in_areas(request.scope).filter(closed_at__isnull=False).select_related("area")
    last = max(1, -(-found.count() // ON_A_PAGE))
    page = shown.page_number(request, last=last)
    start = (page - 1) * ON_A_PAGE
    context = {
        "closed": found.order_by("-closed_at", "path")[start : start + ON_A_PAGE],
        "pages": shown.pages(request, page, last=last),
    }
    return render(request, "institutions/closed.html", context)
