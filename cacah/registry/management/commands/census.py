"""`cacah census`: say which census this is, when it is open and who helps."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cacah.registry import actions, queries

SHOWN = ("code", "name", "reference_date", "opens_at", "closes_at")
HELP = ("help_phone", "help_hours", "help_email")


def moment(text: str) -> datetime:
    """Read `2020-02-15` or `2020-02-15T08:00[+07:00]`; without an offset, the site's time zone."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else timezone.make_aware(when)


class Command(BaseCommand):
    help = "Shows or sets the census: name, window, reference date, help line."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="print what is set")
        change = verbs.add_parser("set", help="change what is given, keep the rest")
        change.add_argument("--code")
        change.add_argument("--name")
        change.add_argument("--reference-date", type=date.fromisoformat, metavar="YYYY-MM-DD")
        change.add_argument("--opens", dest="opens_at", type=moment, metavar="YYYY-MM-DD[THH:MM]")
        change.add_argument("--closes", dest="closes_at", type=moment, metavar="YYYY-MM-DD[THH:MM]")
        change.add_argument("--help-phone")
        change.add_argument("--help-hours")
        change.add_argument("--help-email")

    def handle(self, *, verb, **options):
        try:
            census = self._set(options) if verb == "set" else queries.census()
        except queries.NoCensus as error:
            raise CommandError(str(error)) from error
        for name in SHOWN + HELP:
            value = getattr(census, name)
            if isinstance(value, datetime):
                value = timezone.localtime(value).isoformat(timespec="minutes")
            self.stdout.write(f"{name:<15} {value}")

    def _set(self, options):
        given = {n: v for n in SHOWN + HELP if (v := options[n]) is not None}
        try:
            return actions.set_census(**given)
        except ValidationError as error:
            lines = (f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())
            raise CommandError("; ".join(lines)) from error
