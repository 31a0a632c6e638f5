"""The page on which souvenirs are handed out: a receipt each, scanned or typed, also offline."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from django import forms
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cacah.collection import receipts
from cacah.outreach import seats
from cacah.outreach.actions import handing as verbs
from cacah.outreach.models import Item, Place, Visit
from cacah.outreach.pages import souvenir_tables
from cacah.outreach.pages.taking import take
from cacah.outreach.queries import souvenirs as asked
from cacah.staff import numerals, tables
from cacah.staff.camera import with_camera
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

MOST_AT_ONCE = 500
EVENTS_OFFERED = 100
DOUBLES_ON_A_PAGE = 200


class ChoiceForm(forms.Form):
    """Where one stands, what one hands out, and at which event."""

    tempat = forms.ModelChoiceField(Place.objects.none(), label=gettext_lazy("Taken from"))
    barang = forms.ModelChoiceField(Item.objects.none(), label=gettext_lazy("Souvenir"))
    acara = forms.ModelChoiceField(
        Visit.objects.none(), label=gettext_lazy("Event or visit"), required=False
    )

    def __init__(self, *args: Any, request: OfficeRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = asked.places_seen(seats.sight(request))
        events = asked.events_seen(seats.sight(request))
        offered = {"tempat": places, "barang": asked.items_at(places), "acara": events}
        for name, found in offered.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        self.fields["acara"].choices = [  # type: ignore[attr-defined]
            ("", _("None")),
            *((e.pk, f"{numerals.day(e.day)} – {e.title}") for e in events[:EVENTS_OFFERED]),
        ]


class RuleForm(forms.Form):
    """Who gets a souvenir at an event."""

    first = forms.IntegerField(
        label=gettext_lazy("Only the first families"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Leave it empty where there is enough for everybody."),
        widget=forms.NumberInput({"inputmode": "numeric", "class": "short"}),
    )
    only_own = forms.BooleanField(
        label=gettext_lazy("Only people of this institution"), required=False
    )

    def __init__(self, *args: Any, event: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.institution_id is None:
            del self.fields["only_own"]


@require_safe
@office(Permission.RUN_OUTREACH)
@with_camera
def hand_out(request: OfficeRequest) -> HttpResponse:
    """Ask where, what and at which event; then scan one receipt after the other."""
    choice, context = _chosen(request)
    if context:
        store = asked.stores(Place.objects.filter(pk=context["place"].pk))[0]
        context["left"] = store.pieces.get(context["item"].pk, 0)
        context["worker"] = reverse("outreach-hand-out-worker")
        context["kept"] = reverse("outreach-hand-out-kept")
    context |= {"choice": choice, "is_ready": bool(context)}
    return render(request, "outreach/hand_out.html", context)


@require_safe
@office(Permission.RUN_OUTREACH)
@with_camera
def kept(request: OfficeRequest) -> HttpResponse:
    """Give the worker the page as it is kept for when there is no signal: with nobody's name."""
    _choice, context = _chosen(request)
    if not context:
        raise Http404
    context["now"] = numerals.moment(timezone.now())
    return render(request, "outreach/hand_out_kept.html", context)


@require_safe
@office(Permission.RUN_OUTREACH)
def worker(request: OfficeRequest) -> HttpResponse:
    """Serve the page's worker from beside it, because it may only look after what lies below."""
    script = Path(finders.find("outreach/handing_worker.js")).read_bytes()
    response = HttpResponse(script, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _chosen(request: OfficeRequest) -> tuple[ChoiceForm, dict[str, Any]]:
    """Return the form that asks where and what, and what it says; nothing where it does not."""
    choice = ChoiceForm(request.GET if "tempat" in request.GET else None, request=request)
    if not choice.is_valid():
        return choice, {}
    said = choice.cleaned_data
    return choice, {
        "place": said["tempat"],
        "item": said["barang"],
        "event": said["acara"],
        "key": b64encode(receipts.public_key().public_bytes_raw()).decode(),
    }


@require_POST
@office(Permission.RUN_OUTREACH)
def handed(request: OfficeRequest) -> HttpResponse:
    """Take what the page hands out: a form without script, or JSON with what waited offline."""
    if request.content_type == "application/json":
        return JsonResponse({"told": [take(request, one) for one in _listed(request)]})
    fields = ("tempat", "barang", "acara", "receipt")
    one = {name: request.POST.get(name, "") for name in fields}
    answer = take(request, one)
    tell = messages.success if answer["outcome"] == "given" else messages.error
    tell(request, answer["words"])
    query = urlencode({name: one[name] for name in fields[:3]})
    return redirect(f"{reverse('outreach-hand-out')}?{query}")


def _listed(request: OfficeRequest) -> list[dict[str, Any]]:
    """Return what a page reports; raises BadRequest for anything else."""
    try:
        found = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise BadRequest("JSON is expected") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadRequest("a list of objects is expected")
    if len(found) > MOST_AT_ONCE:
        raise BadRequest(f"at most {MOST_AT_ONCE} at once")
    return found


@require_safe
@office(Permission.RUN_OUTREACH)
def doubles(request: OfficeRequest) -> HttpResponse:
    """List the families that had two, by when and where; never which family."""
    found = asked.doubles_seen(seats.sight(request))
    if format := request.GET.get("format"):
        return tables.download(souvenir_tables.doubles(found.iterator()), format)
    context = {"doubles": found[:DOUBLES_ON_A_PAGE], "downloads": tables.downloads(request)}
    return render(request, "outreach/souvenir_doubles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def rule(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say who gets a souvenir at an event."""
    event = seats.visit(request, pk, to_plan=True)
    now = getattr(event, "souvenir_rule", None)
    before = {"first": now.first, "only_own": bool(now.people_of_id)} if now else {}
    form = RuleForm(request.POST or None, event=event, initial=before)
    if request.method == "POST" and form.is_valid():
        own = event.institution_id if form.cleaned_data.get("only_own") else None
        verbs.set_rule(
            by=request.officer, event=event, first=form.cleaned_data["first"], people_of=own
        )
        messages.success(request, _("Noted."))
        return redirect("outreach-visit", event.pk)
    return render(request, "outreach/souvenir_rule.html", {"event": event, "form": form})
