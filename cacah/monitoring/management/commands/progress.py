"""`cacah progress`: fold what waits, publish, and compare the counts with every case."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cacah.areas import codes
from cacah.monitoring.actions import fold_all
from cacah.monitoring.public.actions import publish
from cacah.monitoring.recounting import differences


class Command(BaseCommand):
    help = "Fold the changes of progress, publish it, or compare it with a recount of every case."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("fold", help="fold all that waits now, as the worker does by itself")
        verbs.add_parser("publish", help="bring what everybody sees up to date, as the worker does")
        check = verbs.add_parser("check", help="compare what the pages show with every case")
        check.add_argument("area", nargs="?", default="", help="a code; the nation without one")

    def handle(self, *args: Any, verb: str, area: str = "", **options: Any) -> None:
        if verb == "fold":
            self.stdout.write(f"{fold_all()} changes folded")
        elif verb == "publish":
            self.stdout.write(f"{publish(at=timezone.now())} areas changed")
        else:
            self.check_area(area)

    def check_area(self, area: str) -> None:
        """Say where the counts are wrong, and end with 1 if anywhere."""
        try:
            wrong = differences(codes.parse(area) if area else "")
        except codes.NotAnAreaCode:
            raise CommandError(f"{area} is no area code, like 33.25 or 3325") from None
        except LookupError:
            raise CommandError(f"the area {area} is not loaded: `cacah areas load`") from None
        for each in wrong:
            self.stdout.write(f"{each.name}: shown {each.shown}, recounted {each.recounted}")
        if wrong:
            raise CommandError("the counts differ from the cases")
        self.stdout.write("every count is what the cases say")
