"""Forms of the help desk: two numbers, a reference number, a wish for a visit."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from cacah.collection import numbers
from cacah.helpdesk.telling import REASONS

SEPARATORS = re.compile(r"[\s.\-–]")


class SixteenDigits(forms.CharField):
    """A number of 16 digits as people read it out, with spaces or points between them."""

    widget = forms.TextInput(
        {"inputmode": "numeric", "autocomplete": "off", "class": "short", "spellcheck": "false"}
    )

    def clean(self, value: str | None) -> str:
        text = SEPARATORS.sub("", super().clean(value))
        if not re.fullmatch(r"[0-9]{16}", text):
            raise forms.ValidationError(
                _("This number has 16 digits; %(n)s characters were entered."),
                "digits",
                {"n": len(text)},
            )
        return text


class CardForm(forms.Form):
    """The two numbers that open the door; the desk asks for both, too."""

    nik = SixteenDigits(
        label=_("NIK"), max_length=40, help_text=_("16 digits, of any member on the card")
    )
    kk = SixteenDigits(
        label=_("Family card (KK) number"),
        max_length=40,
        help_text=_("16 digits, at the top of the family card"),
    )


class ReferenceForm(forms.Form):
    """The number of a family that the register does not have."""

    reference = forms.CharField(
        label=_("Reference number"),
        max_length=40,
        help_text=_("For example 7XK2-9QPM-4TDR-2"),
        widget=forms.TextInput({"autocomplete": "off", "class": "short", "spellcheck": "false"}),
    )

    def clean_reference(self) -> str:
        try:
            return numbers.normalise(self.cleaned_data["reference"])
        except numbers.NotANumber:
            raise forms.ValidationError(
                _("This is no reference number: compare it sign by sign. It has 13.")
            ) from None


class VisitForm(forms.Form):
    """What the officer who comes should know."""

    reason = forms.ChoiceField(
        label=_("What keeps the family from filling in?"),
        choices=[("", _("Choose")), *REASONS.items()],
    )
    contact = forms.CharField(
        label=_("How to reach them"),
        max_length=100,
        required=False,
        help_text=_("A phone number, if they want to be called before"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("What the officer should know"),
        max_length=1000,
        required=False,
        help_text=_("For example when somebody is at home. No answers to the questionnaire."),
        widget=forms.Textarea({"rows": 3}),
    )

    def words(self) -> dict[str, str]:
        """Return `contact` and `note`, those that say something."""
        return {
            name: self.cleaned_data[name] for name in ("contact", "note") if self.cleaned_data[name]
        }
