"""`cacah rehearsal`: makes a synthetic population, and lets it go through the census."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from cacah.areas import codes
from cacah.monitoring.public.actions import publish_anew
from cacah.registry.queries import NoCensus
from cacah.rehearsal.fates import Step
from cacah.rehearsal.files import write_register
from cacah.rehearsal.life import live
from cacah.rehearsal.population import REFERENCE, NoVillages, population
from cacah.rehearsal.province import SEED, NotARehearsal, province


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
        around = verbs.add_parser("province", help="the same of Kabupaten Batang and neighbours")
        around.add_argument("--families", required=True, type=int)
        around.add_argument("--seed", type=int, default=SEED)
        around.add_argument("--out", required=True, type=Path, help="name ends in .csv or .parquet")
        play = verbs.add_parser(
            "life", help="let the families of `province` answer as the weeks so far would have it"
        )
        play.add_argument("--families", required=True, type=int)
        play.add_argument("--seed", type=int, default=SEED)

    def handle(self, *, verb, families, **options):
        if families < 1:
            raise CommandError("--families must be at least 1")
        getattr(self, verb)(families, **options)

    def province(self, families, *, seed, out, **options):
        try:
            persons = write_register(province(families, seed), out)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{out}: {families:,} families, {persons:,} persons")

    def life(self, families, *, seed, **options):
        with tqdm(unit=" events", disable=None) as bar:
            try:
                done = live(province(families, seed), seed=seed, progress=partial(show, bar))
            except (NotARehearsal, NoCensus) as error:
                raise CommandError(str(error)) from error
        # What everybody sees goes through the same weeks.
        publish_anew(at=timezone.now())
        left_word = done[Step.LEAVE_WORD] + done[Step.LEAVE_WORD_AND_ANSWER]
        self.stdout.write(
            f"{done[Step.OPEN]:,} families opened their form and {done[Step.SUBMIT]:,} answered; "
            f"{left_word} that are not in the register left word; "
            f"{done[Step.VISIT]} asked for a visit"
        )

    def population(self, families, *, area, seed, reference_date, out, **options):
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


def show(bar, done, total):
    """Move a progress bar to where the work is."""
    bar.total = total
    bar.update(done - bar.n)
