"""A field in which an area or an institution is searched for as one types, and then chosen.

Typing asks the server for what may be meant (`views.pick`) and shows it as radio buttons. Without
a script the form itself does it: what is typed and means only one is taken, for several they are
shown to choose from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from cacah.areas import finding
from cacah.areas.codes import dotted
from cacah.areas.models import Area
from cacah.areas.queries import full_name
from cacah.institutions.managing import reach
from cacah.institutions.models import Institution
from cacah.institutions.queries import ancestors
from cacah.institutions.seats import whole_number
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

MOST = 15
LONGEST_TEXT = 80
NATION = "indonesia"
ON_TOP = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be meant: `value` is what the form sends, `about` where it lies."""

    value: str
    name: str
    about: str = ""


class Finder(Protocol):
    """Says what a text may mean, and what a value that was chosen is."""

    def find(self, text: str) -> list[Choice]: ...

    def known(self, value: str) -> Choice | None: ...


class Areas:
    """The areas in which an officer manages institutions; the nation too, where it is all."""

    def __init__(self, scope: Scope) -> None:
        self.within = scope.areas(Permission.MANAGE_INSTITUTIONS)

    def find(self, text: str) -> list[Choice]:
        found = [
            Choice(each.code, each.name, " · ".join(filter(None, [each.path, dotted(each.code)])))
            for each in finding.find(text, within=self.within)[:MOST]
        ]
        nation = self.known(NATION)
        is_meant = nation is not None and NATION.startswith(text.strip().lower())
        return [nation, *found] if nation and is_meant else found

    def known(self, value: str) -> Choice | None:
        if value == NATION:
            return (
                Choice(NATION, _("Indonesia"), _("the whole nation")) if "" in self.within else None
            )
        if not any(value.startswith(code) for code in self.within):
            return None
        area = Area.objects.filter(code=value).first()
        return Choice(area.code, full_name(area.code), dotted(area.code)) if area else None


class Parents:
    """The institutions below which an officer may put others; none, where that is offered."""

    def __init__(self, scope: Scope, *, on_top: bool) -> None:
        self.scope, self.on_top = scope, on_top

    def find(self, text: str) -> list[Choice]:
        wanted = Q(name__icontains=text.strip()) | Q(code=text.strip())
        found = reach.places(self.scope).filter(wanted).select_related("area")
        return [_parent(each) for each in found.order_by("path")[:MOST]] if text.strip() else []

    def known(self, value: str) -> Choice | None:
        if value == ON_TOP:
            return Choice(ON_TOP, _("None: it stands by itself")) if self.on_top else None
        found = reach.places(self.scope).filter(pk=whole_number(value)).select_related("area")
        return next(map(_parent, found), None)


def _parent(found: Institution) -> Choice:
    above = [each.name for each in reversed(ancestors(found)[:-1])]
    area = found.area.name if found.area else _("Indonesia")
    return Choice(str(found.pk), found.name, " · ".join([*above, area]))


class Pick(forms.Widget):
    """A text to search by, and radio buttons of what was found."""

    template_name = "institutions/pick.html"

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.offered: Sequence[Choice] = ()
        self.chosen = ""
        self.text = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return data.get(name, ""), data.get(f"{name}_teks", "").replace("\0", "")[:LONGEST_TEXT]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"] |= {
            "what": self.what,
            "offered": self.offered,
            "chosen": self.chosen,
            "text": self.text,
        }
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Tell the browser nothing: a radio button may say what the text does not."""
        return False


class PickField(forms.Field):
    """A field whose value is a `Choice` of its finder; None where nothing was typed."""

    widget: Pick

    def __init__(
        self, finder: Finder, *, what: str, always: Sequence[str] = (), **more: Any
    ) -> None:
        super().__init__(widget=Pick(what), **more)
        self.finder = finder
        self.always = [each for value in always if (each := finder.known(value))]
        self.show(self.always, "")

    def show(self, offered: Sequence[Choice], chosen: str, text: str = "") -> None:
        """Say what the widget shows."""
        self.widget.offered, self.widget.chosen, self.widget.text = offered, chosen, text

    def start_with(self, value: str) -> None:
        """Show what is chosen already."""
        choice = self.finder.known(value)
        if choice is not None:
            rest = [each for each in self.always if each != choice]
            self.show([choice, *rest], choice.value)

    def clean(self, value: Any) -> Choice | None:
        chosen, text = value
        if not text.strip():
            choice = self.finder.known(chosen) if chosen else None
            if choice is not None:
                self.start_with(choice.value)
            elif self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return choice
        found = self.finder.find(text)
        choice = next((each for each in found if each.value == chosen), None)
        choice = choice or (found[0] if len(found) == 1 else None)
        if choice is None:
            self.show([*found, *self.always], "", text)
            raise ValidationError(_said(text, found))
        self.start_with(choice.value)
        return choice


def _said(text: str, found: Sequence[Choice]) -> str:
    if found:
        return _("Choose one of these.")
    return _("Nothing in your area is called “%(text)s”. Try a part of the name, or the code.") % {
        "text": text.strip()
    }
