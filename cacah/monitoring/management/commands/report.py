"""`cacah report weekly`: the evaluation report of an area as a PDF."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cacah.areas.codes import NotAnAreaCode, parse
from cacah.monitoring.reports.gathering import evaluation
from cacah.monitoring.reports.pdf import report_pdf
from cacah.registry.queries import NoCensus


class Command(BaseCommand):
    help = "Writes the weekly evaluation report of an area."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        weekly = verbs.add_parser("weekly", help="the report for the evaluation meeting")
        weekly.add_argument("--area", default="", help="33.25; the nation where it is left out")
        weekly.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
        weekly.add_argument("--language", choices=("id", "en"), default=settings.LANGUAGE_CODE)

    def handle(self, *, area, out, language, **options):
        try:
            code = parse(area) if area else ""
            report = evaluation(code)
        except NotAnAreaCode as error:
            raise CommandError(f"{area} is no area code") from error
        except NoCensus as error:
            raise CommandError(str(error)) from error
        if report is None:
            raise CommandError(f"{area} is not loaded, or lies below the districts")
        content = report_pdf(report, language)
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        self.stdout.write(f"{out}: {len(content):,} bytes")
