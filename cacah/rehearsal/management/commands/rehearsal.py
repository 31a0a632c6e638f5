"""`cacah rehearsal`: makes a synthetic population to try everything out with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from cacah.areas import codes
from cacah.rehearsal.files import write_register
from cacah.rehearsal.population import REFERENCE, NoVillages, population


class Command(BaseCommand):
    help = "Makes synthetic families for demo, training and tests; none of them exists."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("population", help="write a register file of synthetic families")
        make.add_argument("--area", required=True, help="where they live: 33.25 or 3325")
        make.add_argument("--families", required=True, type=int)
        make.add_argument("--seed", type=int, default=1, help="the same seed gives the same file")
        make.add_argument("--reference-date", type=date.fromisoformat, default=REFERENCE)
        make.add_argument("--out", required=True, type=Path, help="name ends in .csv or .parquet")

    def handle(self, *, verb, area, families, seed, reference_date, out, **options):
        if families < 1:
            raise CommandError("--families must be at least 1")
        try:
            drawn = population(codes.parse(area), families, seed, reference_date)
            shown = tqdm(drawn, total=families, unit=" families", disable=None)
            persons = write_register(shown, out)
        except codes.NotAnAreaCode as error:
            raise CommandError(f"{area} is no area code, such as 33.25 or 3325") from error
        except NoVillages as error:
            raise CommandError(f"there is no village in {area}") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{out}: {families:,} families, {persons:,} persons")
