"""The pages of one person on a roster, and of a receipt that is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cacah.institutions import receipts, shown
from cacah.institutions.actions import people as verbs
from cacah.institutions.actions import receipts as receipt_verbs
from cacah.institutions.actions.roster import remove_entries
from cacah.institutions.actions.turnover import TooManyLeave
from cacah.institutions.draft_pages import file_sentence
from cacah.institutions.models import Exemption, Institution, RosterEntry
from cacah.institutions.people import Listed, person
from cacah.institutions.receipts import Refused
from cacah.institutions.reminders import advice
from cacah.institutions.seats import Seat, own_seat, whole_number
from cacah.staff.actions import trace
from cacah.staff.camera import with_camera
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

Doing = Callable[[OfficeRequest, int, int], None]


def _exempt(request: OfficeRequest, institution: int, entry: int) -> None:
    reason = request.POST.get("reason", "")
    verbs.exempt(by=request.officer, institution=institution, entry=entry, reason=reason)


def _move(request: OfficeRequest, institution: int, entry: int) -> None:
    given = request.POST.get("unit", "")
    unit = whole_number(given)
    try:
        verbs.move_entry(by=request.officer, institution=institution, entry=entry, unit=unit)
    except Institution.DoesNotExist:
        raise ValidationError({"unit": _("Choose one of your units.")}) from None


def _remove(request: OfficeRequest, institution: int, entry: int) -> None:
    if not remove_entries(by=request.officer, institution=institution, entries=[entry]):
        raise RosterEntry.DoesNotExist


def _plainly(verb: Callable[..., None]) -> Doing:
    def do(request: OfficeRequest, institution: int, entry: int) -> None:
        verb(by=request.officer, institution=institution, entry=entry)

    return do


# What a button of the page does, and what is said then.
DOINGS: dict[str, tuple[Doing, Any]] = {
    "exempt": (_exempt, gettext_lazy("This person is exempt.")),
    "ask": (_plainly(verbs.ask_again), gettext_lazy("This person is asked again.")),
    "move": (_move, gettext_lazy("This person has been moved.")),
    "remove": (_remove, None),
    "restore": (
        _plainly(verbs.restore_entry),
        gettext_lazy("This person is on the roster again."),
    ),
    "receipt": (
        _plainly(receipt_verbs.wait_for_receipt),
        gettext_lazy("This person is not looked up by NIK any more."),
    ),
    "nik": (_plainly(receipt_verbs.look_up_again), gettext_lazy("The receipt was given back.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_ROSTER)
def roster_person(request: OfficeRequest, pk: int, entry: int) -> HttpResponse:
    """Show one person to a coordinator, and do what is asked for."""
    seat = own_seat(request, pk)
    units = {each.pk: each for each in seat.units()}
    if request.method != "POST":
        return _person(request, seat, units, entry)
    do, said = DOINGS.get(request.POST.get("lakukan", ""), (None, None))
    if do is None:
        raise Http404
    name = _listed(units, entry, missing_ok=True)
    try:
        do(request, pk, entry)
    except RosterEntry.DoesNotExist:
        raise Http404 from None
    except ValidationError as problem:
        return _person(request, seat, units, entry, problems=problem.messages)
    except TooManyLeave as refused:
        return _person(request, seat, units, entry, problems=[file_sentence(refused.problem)])
    if said is None:
        context = _around(seat) | {"name": name.name if name else ""}
        return render(request, "institutions/removed.html", context)
    messages.success(request, said)
    return redirect("institution-person", pk, entry)


class HandInForm(forms.Form):
    """A receipt, and the name of who hands it in where the roster does not have that person."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy(
            "The person is put on the roster without a NIK. You can enter the receipt later."
        ),
    )
    number = forms.CharField(label=gettext_lazy("Staff number"), max_length=40, required=False)
    unit = forms.TypedChoiceField(label=gettext_lazy("Unit"), coerce=int)  # its choices below
    receipt = forms.CharField(
        label=gettext_lazy("Receipt number"),
        max_length=receipts.LONGEST,
        help_text=gettext_lazy(
            "As it stands on the proof of completion, such as 7K3M-9QXA-2B4C-D. You may also paste "
            "the address that the QR code holds."
        ),
    )

    def __init__(self, *args: Any, units: list[Institution], known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        self.fields["receipt"].widget.attrs.update(attributes, **{"data-receipt": ""})
        self.fields["receipt"].required = known
        choices = [(each.pk, each.name) for each in units]
        self.fields["unit"] = forms.TypedChoiceField(label=_("Unit"), coerce=int, choices=choices)
        if known:
            del self.fields["name"], self.fields["number"], self.fields["unit"]
        elif len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0].pk


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_ROSTER)
@with_camera
def hand_in(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a receipt from somebody on the roster (`?orang=`), or from a person by name."""
    seat = own_seat(request, pk)
    units = seat.units()
    asked = request.GET.get("orang", "")
    known = None
    if asked:
        known = _listed({each.pk: each for each in units}, whole_number(asked))
    given = HandInForm(request.POST or None, units=units, known=known is not None)
    if request.method == "POST" and given.is_valid():
        entry = known.entry if known else _added(request, given.cleaned_data)
        if not given.cleaned_data["receipt"]:
            messages.success(request, _("The person is on the roster; the receipt is awaited."))
            return redirect("institution-person", pk, entry)
        try:
            receipts.hand_in(
                by=request.officer, institution=pk, entry=entry, given=given.cleaned_data["receipt"]
            )
        except Refused as refused:
            if known is None:
                messages.error(request, _said(refused))
                return redirect(f"{request.path}?orang={entry}")
            given.add_error("receipt", _said(refused))
        else:
            messages.success(request, _("The receipt is genuine. This person is complete."))
            return redirect("institution-person", pk, entry)
    context = _around(seat) | {"form": given, "known": known}
    return render(request, "institutions/hand_in.html", context)


def _added(request: OfficeRequest, said: dict[str, Any]) -> int:
    return receipt_verbs.add_by_name(
        by=request.officer, institution=said["unit"], name=said["name"], number=said["number"]
    ).pk


def _said(refused: Refused) -> str:
    """Return in words why a receipt is not taken; never whose it is."""
    minutes = max(1, -(-refused.wait // 60))
    words = {
        "slow": ngettext(
            "Too many numbers were wrong. Try again in %(n)d minute.",
            "Too many numbers were wrong. Try again in %(n)d minutes.",
            minutes,
        )
        % {"n": minutes},
        "number": _(
            "This is not a receipt number: it has 13 letters and digits, and the last one tells "
            "whether the others are right. Compare it with the proof once more."
        ),
        "signature": _("This code is damaged, or this census did not issue it."),
        "unknown": _("There is no receipt with this number. Compare it with the proof once more."),
        "used": _(
            "This receipt has been handed in before. Each person hands in a receipt of their own; "
            "who answers again gets a new one."
        ),
    }
    return words[refused.code]


def _person(
    request: OfficeRequest,
    seat: Seat,
    units: dict[int, Institution],
    entry: int,
    problems: list[str] | None = None,
) -> HttpResponse:
    found = _listed(units, entry)
    trace(
        by=request.officer,
        verb="institutions.person_read",
        subject=seat.institution.pk,
        area=seat.institution.area_id or "",
        details={"entry": entry},
        request=request,
    )
    context = _around(seat) | {
        "listed": found,
        "person": shown.person(found, units),
        "reasons": Exemption.choices,
        "units": [(each.pk, each.name) for each in units.values()],
        "problems": problems or [],
        "advice": advice(found),
    }
    return render(request, "institutions/person.html", context)


def _listed(units: dict[int, Institution], entry: int, missing_ok: bool = False) -> Any:
    found: Listed | None = person(list(units), entry)
    if found is None and not missing_ok:
        raise Http404
    return found


def _around(seat: Seat) -> dict[str, Any]:
    return {
        "institution": seat.institution,
        "seat": seat,
        "crumbs": shown.crumbs([seat.institution], seen=[seat.institution.pk]),
    }
