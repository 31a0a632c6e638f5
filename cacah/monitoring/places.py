"""Areas in the office's URLs: `33.25.01` or `indonesia`, and which of them an officer sees."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cacah.areas.codes import dotted, level_of, lineage, parent_of, parse
from cacah.areas.queries import ancestors
from cacah.monitoring.queries import NATION
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

NATION_IN_URLS = "indonesia"
# By level: what the area is, and what the areas directly below it are called; an SLS has none.
LEVELS: tuple[Promise, ...] = (
    _("Nation"),
    _("Province"),
    _("Regency or city"),
    _("District"),
    _("Village"),
    _("SLS"),
)
BELOW: tuple[Promise, ...] = (
    _("Provinces"),
    _("Regencies and cities"),
    _("Districts"),
    _("Villages"),
    _("SLS"),
)


class AreaConverter:
    """An area of a URL as its undotted code, "" for the nation; anything else is no URL."""

    regex = r"[0-9.]{2,20}|indonesia"

    def to_python(self, value: str) -> str:
        return "" if value == NATION_IN_URLS else parse(value)

    def to_url(self, value: str) -> str:
        return dotted(value) if value else NATION_IN_URLS


@dataclass(frozen=True, slots=True)
class Crumb:
    """One area on the way down; `url` is empty where the officer may not look, and for the last."""

    name: str
    url: str


def must_see(scope: Scope, area: str) -> None:
    """Raise Http404, as for an area that does not exist, unless the scope holds it."""
    if not scope.sees(area, Permission.SEE_PROGRESS):
        raise Http404


def parent_in(scope: Scope, area: str) -> str | None:
    """Return the area around this one ("" for the nation) if the scope holds it, else None."""
    if not area:
        return None
    parent = parent_of(area) or ""
    return parent if scope.sees(parent, Permission.SEE_PROGRESS) else None


def page_of(area: str) -> str:
    """Return the URL of an area's page."""
    return reverse("progress-area", args=[area])


def crumbs(scope: Scope, area: str, name: str) -> list[Crumb]:
    """Return the way from the nation down to this area, itself last and without a link."""
    around = parent_of(area) if area else None
    names = {each.code: each.name for each in ancestors(around)} if around else {}
    names |= {"": NATION, area: name}
    way = ["", *(lineage(area) if area else [])]
    return [
        Crumb(
            names[code],
            page_of(code) if code != area and scope.sees(code, Permission.SEE_PROGRESS) else "",
        )
        for code in way
        if code in names
    ]


def level(area: str) -> int:
    """Return 0 for the nation, 1 for a province … 5 for an SLS."""
    return level_of(area) if area else 0
