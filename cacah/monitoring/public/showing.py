"""What the public pages and pictures say of an area, in sentences that name the denominator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cacah.areas.codes import dotted
from cacah.areas.models import Level
from cacah.collection.pages import known_census
from cacah.monitoring.places import BELOW
from cacah.monitoring.public import tabled
from cacah.monitoring.public.asking import Progress
from cacah.monitoring.public.disclosure import Public
from cacah.monitoring.public.everybody import SECONDS
from cacah.staff.numerals import clock, count, day, percent

# The languages that monitoring speaks; in another one the page is the Indonesian.
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
# Letters that fit one line of the picture at each size.
NAME_SIZES = ((24, 72), (34, 52), (60, 34))


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go, or to download from."""

    label: str
    url: str


def language() -> str:
    """Return the language of the page: that of the address, Indonesian where it has no words."""
    asked = get_language()
    return asked if asked in LANGUAGES else "id"


def address(name: str, area: str, **more: str) -> str:
    """Return the one path of a page of an area ("" for the nation)."""
    with override(language()):
        if name == "public-area" and not area:
            return reverse("public")
        return reverse(name, kwargs={"area": area, **more})


def full_address(name: str, area: str, **more: str) -> str:
    """Return the same as others write it into their pages."""
    return urljoin(settings.CACAH_PUBLIC_URL, address(name, area, **more))


def heading(name: str) -> str:
    """Return what a page, map or picture of an area is called."""
    return _("Census progress: %(area)s") % {"area": name}


def moment_of(found: Progress) -> str:
    """Return the time of the figures."""
    if found.as_of is None:
        return _("The first figures come within a few minutes.")
    here = timezone.localtime(found.as_of)
    return _("Figures as of %(day)s, %(time)s %(zone)s") % {
        "day": day(here.date()),
        "time": clock(here),
        "zone": here.tzname(),
    }


def families(own: Public) -> str:
    """Return how many families have responded, of those in the register."""
    if own.is_few("expected_families"):
        return _("The register has fewer than 5 families here.")
    expected = count(own.value("expected_families"))
    if own.is_few("responded_families"):
        words = (
            _("Fewer than 5 of the %(expected)s families in the register have responded.")
            if own.figures.level == Level.DISTRICT
            else _(
                "Too few of the %(expected)s families in the register have responded yet to give "
                "a figure."
            )
        )
        return words % {"expected": expected}
    return _("%(responded)s of the %(expected)s families in the register have responded.") % {
        "responded": count(own.value("responded_families")),
        "expected": expected,
    }


def persons(own: Public) -> str:
    """Return how many persons they are, of the projected population or of the register."""
    responded = own.value("responded_persons")
    projected = own.value("projected_percent")
    if not responded:
        return ""
    if projected is not None:
        words = _("They are %(persons)s people: %(share)s of the projected population.")
        return words % {"persons": count(responded), "share": percent(projected)}
    share = own.value("persons_percent")
    if share is None:
        return ""
    words = _("They are %(persons)s people: %(share)s of the people in the register.")
    return words % {"persons": count(responded), "share": percent(share)}


def target(own: Public) -> list[str]:
    """Say what is to be reached and how much of it is; nothing where nobody set a target."""
    figures = own.figures
    if figures.target_percent is None or not own.value("target_persons"):
        return []
    of = (
        _("Target: %(share)s of the projected population, %(persons)s people.")
        if figures.target_is_of_projection
        else _("Target: %(share)s of the people in the register, %(persons)s people.")
    )
    said = of % {
        "share": percent(float(figures.target_percent)),
        "persons": count(own.value("target_persons")),
    }
    reached = own.value("target_reached_percent")
    if reached is None:
        return [said]
    return [said, _("%(share)s of it is reached.") % {"share": percent(reached)}]


def context(found: Progress) -> dict[str, Any]:
    """Return what every page and picture of an area is made from."""
    own, area = found.own, found.own.figures.area
    census = known_census()
    name = own.figures.name
    return {
        "found": found,
        "area": area,
        "name": name,
        "name_size": next((size for most, size in NAME_SIZES if len(name) <= most), 26),
        "heading": heading(name),
        "census_name": census.name if census else _("Population census"),
        "as_of": moment_of(found),
        "sentence": families(own),
        "persons": persons(own),
        "target": target(own),
        "share": tabled.said(own, "families_percent") if own.value("families_percent") else "",
        "host": urlsplit(settings.CACAH_PUBLIC_URL).netloc,
        "cited": tabled.source(census),
        "page_url": full_address("public-area", area),
        "picture_url": full_address("public-picture", area, format="png"),
    }


def page_context(found: Progress) -> dict[str, Any]:
    """Return what the page has beyond that: tables, the way up, files, and how to share it."""
    area, own_level = found.own.figures.area, found.own.figures.level
    ways = [("", _("Indonesia")), *found.way]
    return context(found) | {
        "language": language(),
        "other": [
            Link(label, translated(code, area))
            for code, label in LANGUAGES.items()
            if code != language()
        ],
        "own_language": LANGUAGES[language()],
        "way": [Link(name, address("public-area", code)) for code, name in ways[:-1]],
        "below": BELOW[found.own.figures.level],
        "headings": tabled.headings(),
        "rows": [(each, address("public-area", each.code)) for each in tabled.rows(found)],
        "map_url": address("public-map", area),
        "course_url": address("public-course", area),
        "course": [(day(each), count(families)) for each, families in found.course if families],
        "files": [
            Link(format.upper(), address("public-file", area, format=format))
            for format in ("csv", "xlsx", "json")
        ],
        "is_sum": own_level < Level.DISTRICT,
        "seconds": SECONDS,
        "code": dotted(area),
        "embed_url": full_address("public-embed", area),
        "svg_url": full_address("public-picture", area, format="svg"),
    }


def translated(code: str, area: str) -> str:
    """Return the page of an area in another language."""
    with override(code):
        return address("public-area", area)
