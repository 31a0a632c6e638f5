"""`cacah unlisted`: who waits to be verified or visited, by area or by reference number."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cacah.areas import codes
from cacah.collection import numbers
from cacah.registry import queries
from cacah.registry.queries import UnlistedCase


class Command(BaseCommand):
    help = "Show unlisted families and requests for a visit; it names nobody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, words in (("list", "unlisted families"), ("visits", "who asks for a visit")):
            within = verbs.add_parser(verb, help=f"print {words} in an area, the oldest first")
            within.add_argument("area", type=codes.parse, help="code of an area, 33.25 or 3325")
        find = verbs.add_parser("find", help="find the family that quotes its reference number")
        find.add_argument("reference")

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "find":
            self.find(options["reference"])
        elif verb == "list":
            for family in queries.unlisted(area=options["area"]):
                self.stdout.write(line_of(family))
        else:
            for visit in queries.visits(area=options["area"]):
                self.stdout.write(
                    f"{visit.household_id}  {codes.dotted(visit.area)}  since {local(visit.at)}  "
                    f"{visit.state}, {visit.reason}"
                )

    def find(self, reference: str) -> None:
        try:
            found = queries.unlisted_by_reference(numbers.normalise(reference))
        except numbers.NotANumber as problem:
            raise CommandError(f"Not a reference number: {problem}.") from None
        if found is None:
            raise CommandError("No family has this reference number.")
        self.stdout.write(line_of(found))


def line_of(family: UnlistedCase) -> str:
    """Return what may be said of an unlisted family without naming it."""
    answered = (
        f"answered {local(family.answered_at)}, {family.persons} people"
        if family.answered_at
        else "has not answered"
    )
    wish = ", asks for a visit" if family.visit else ""
    area = codes.dotted(family.area)
    return f"{family.household_id}  {area}  since {local(family.at)}  {answered}{wish}"


def local(at: datetime) -> str:
    """Return a moment in the census's own time, to the minute."""
    return timezone.localtime(at).isoformat(timespec="minutes")
