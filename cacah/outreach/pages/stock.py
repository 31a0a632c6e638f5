"""Pages of the stock of souvenirs: what lies where, and one place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cacah.outreach import seats
from cacah.outreach.actions import stock as verbs
from cacah.outreach.forms import AreaForm, code_of
from cacah.outreach.models import Item, Place, Team
from cacah.outreach.pages import souvenir_tables
from cacah.outreach.queries import souvenirs as asked
from cacah.staff import tables
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

MOVES_ON_A_PAGE = 50


class PlaceForm(AreaForm):
    """A place where souvenirs are kept."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    field_order = ("name", "area")


class TeamsForm(forms.Form):
    """Which teams hand out from a place."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Teams that hand out from here"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "days"}),
        help_text=gettext_lazy("Their members see this place, and nobody else who goes out."),
    )

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = teams  # type: ignore[attr-defined]


def _pieces(**more: Any) -> forms.IntegerField:
    numbers = forms.NumberInput({"inputmode": "numeric", "class": "short"})
    return forms.IntegerField(label=gettext_lazy("Pieces"), widget=numbers, **more)


def _note() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)


class ReceiveForm(forms.Form):
    """What comes in."""

    kind = forms.CharField(
        label=gettext_lazy("Souvenir"), max_length=60, widget=forms.TextInput({"list": "kinds"})
    )
    pieces = _pieces(min_value=1)
    note = _note()


class CountForm(forms.Form):
    """What was counted."""

    item = forms.ModelChoiceField(Item.objects.none(), label=gettext_lazy("Souvenir"))
    pieces = _pieces(min_value=0)
    note = _note()

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class TransferForm(CountForm):
    """What goes to another place."""

    to = forms.ModelChoiceField(Place.objects.none(), label=gettext_lazy("To"))
    pieces = _pieces(min_value=1)
    field_order = ("item", "to", "pieces", "note")

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = places  # type: ignore[attr-defined]


@require_safe
@office(Permission.RUN_OUTREACH)
def souvenirs(request: OfficeRequest) -> HttpResponse:
    """Show what lies at each place of the officer's areas."""
    places = asked.places_seen(seats.sight(request))
    items = list(asked.items_at(places))
    found = asked.stores(places)
    if format := request.GET.get("format"):
        return tables.download(souvenir_tables.stock(found, items), format)
    context = {
        "items": items,
        "rows": [(store, [store.pieces.get(item.pk, 0) for item in items]) for store in found],
        "doubles": asked.doubles_seen(seats.sight(request)).count(),
        "may_plan": request.scope.may(Permission.PLAN_OUTREACH),
        "downloads": tables.downloads(request),
    }
    return render(request, "outreach/souvenirs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def new_place(request: OfficeRequest) -> HttpResponse:
    """Add a place."""
    first = request.scope.areas(Permission.PLAN_OUTREACH)[0]
    form = PlaceForm(request.POST or None, scope=request.scope, initial={"area": code_of(first)})
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.add_place(by=request.officer, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The place is there. Now note what has come in."))
            return redirect("outreach-place", made.pk)
    return render(request, "outreach/place_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.RUN_OUTREACH)
def place(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a place's stock and what moved; take in, pass on, count and close."""
    found = asked.places_seen(seats.sight(request)).filter(pk=seats.known_id(pk)).first()
    if found is None:
        raise Http404
    moves = asked.moves_of(found)
    if format := request.GET.get("format"):
        return tables.download(souvenir_tables.moves(found, moves.iterator()), format)
    doing = request.POST.get("lakukan", "")
    given = _forms(request, found, doing)
    if request.method == "POST":
        if doing not in DOINGS:
            raise Http404
        if DOINGS[doing](request, found, given.get(doing)):
            closed = doing == "tutup"
            return redirect("outreach-souvenirs") if closed else redirect("outreach-place", pk)
    return render(request, "outreach/place.html", _context(request, found, moves, given, doing))


def _context(
    request: OfficeRequest, found: Place, moves: Any, given: dict[str, forms.Form], doing: str
) -> dict[str, Any]:
    [store] = asked.stores(Place.objects.filter(pk=found.pk))
    items = list(asked.items_at(Place.objects.filter(pk=found.pk)))
    return {
        "place": found,
        "rows": [(item, store.pieces.get(item.pk, 0)) for item in items],
        "moves": moves[:MOVES_ON_A_PAGE],
        "kinds": Item.objects.order_by("kind"),
        "forms": given,
        "doing": doing,
        "may_plan": request.scope.sees(found.area_id, Permission.PLAN_OUTREACH),
        "downloads": tables.downloads(request),
    }


def _forms(request: OfficeRequest, found: Place, doing: str) -> dict[str, forms.Form]:
    items = asked.items_at(Place.objects.filter(pk=found.pk))
    others = asked.places_seen(seats.sight(request)).exclude(pk=found.pk)

    def said(name: str) -> Any:
        return request.POST if doing == name else None

    return {
        "terima": ReceiveForm(said("terima"), auto_id="terima_%s"),
        "pindah": TransferForm(said("pindah"), items=items, places=others, auto_id="pindah_%s"),
        "hitung": CountForm(said("hitung"), items=items, auto_id="hitung_%s"),
        "tim": TeamsForm(
            said("tim"),
            teams=seats.own_teams(request),
            initial={"teams": found.teams.all()},
            auto_id="tim_%s",
        ),
    }


def _receive(request: OfficeRequest, found: Place, form: Any) -> bool:
    return _done(
        request, form, lambda said: verbs.receive(by=request.officer, place=found.pk, **said)
    )


def _transfer(request: OfficeRequest, found: Place, form: Any) -> bool:
    def do(said: dict[str, Any]) -> Any:
        said |= {"to": said["to"].pk, "item": said["item"].pk}
        return verbs.transfer(by=request.officer, place=found.pk, **said)

    return _done(request, form, do)


def _count(request: OfficeRequest, found: Place, form: Any) -> bool:
    def do(said: dict[str, Any]) -> Any:
        said["item"] = said["item"].pk
        return verbs.count(by=request.officer, place=found.pk, **said)

    return _done(request, form, do)


def _teams(request: OfficeRequest, found: Place, form: Any) -> bool:
    """Set the teams among those that the officer sees; others that are there stay."""
    _plans_it(request, found)
    others = found.teams.exclude(pk__in=seats.own_teams(request).values("pk"))

    def do(said: dict[str, Any]) -> Any:
        return verbs.set_teams(by=request.officer, place=found.pk, teams=[*said["teams"], *others])

    return _done(request, form, do)


def _plans_it(request: OfficeRequest, found: Place) -> None:
    if not request.scope.sees(found.area_id, Permission.PLAN_OUTREACH):
        raise Http404


def _close(request: OfficeRequest, found: Place, form: Any) -> bool:
    _plans_it(request, found)
    try:
        verbs.close_place(by=request.officer, place=found.pk)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return False
    messages.success(request, _("%(place)s is closed.") % {"place": found.name})
    return True


def _done(request: OfficeRequest, form: forms.Form, do: Any) -> bool:
    """Do what a form asks for; False where it is refused, as the form then says."""
    if not form.is_valid():
        return False
    try:
        do(dict(form.cleaned_data))
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    messages.success(request, _("Noted."))
    return True


DOINGS = {
    "terima": _receive,
    "pindah": _transfer,
    "hitung": _count,
    "tim": _teams,
    "tutup": _close,
}
