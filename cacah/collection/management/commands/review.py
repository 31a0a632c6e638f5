"""`cacah review`: the families of which two may have counted the same person."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cacah.collection import actions, pool, queries
from cacah.collection.models import Ruling


class Command(BaseCommand):
    help = "List and settle pairs of households that gave the same NIK; it names nobody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        show = verbs.add_parser("list", help="print the pairs that may be counted twice")
        show.add_argument(
            "--all", action="store_true", help="also where one has answered without the number"
        )
        settle = verbs.add_parser("settle", help="take a pair off the list")
        settle.add_argument("lower", type=int, help="the two households' ids, as listed")
        settle.add_argument("higher", type=int)
        settle.add_argument("ruling", choices=Ruling.values, help="are they the same family?")
        verbs.add_parser(
            "gather", help="after a register import: find what no submission could notice"
        )

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "list":
            self.show(everything=options["all"])
        elif verb == "settle":
            self.settle(options["lower"], options["higher"], Ruling(options["ruling"]))
        else:
            at = datetime.now(UTC)
            found = pool.run(lambda c: actions.gather_shared_numbers(c, at=at))
            self.stdout.write(f"{found} shared numbers are new on the list")

    def show(self, *, everything: bool) -> None:
        pairs = queries.pairs_to_review()
        shown = [pair for pair in pairs if everything or pair.possible]
        for pair in shown:
            since = timezone.localtime(pair.noticed_at).isoformat(timespec="minutes")
            self.stdout.write(
                f"{pair.lower_id} {pair.higher_id}  since {since}: {pair.numbers} shared, "
                f"{pair.counted_twice} counted twice"
            )
        self.stdout.write(
            f"{len(shown)} pairs, {sum(pair.counted_twice > 0 for pair in shown)} counted twice; "
            f"{len(pairs) - len(shown)} where one has answered without the number are not shown"
        )

    def settle(self, lower: int, higher: int, ruling: Ruling) -> None:
        first, second = sorted((lower, higher))
        at = datetime.now(UTC)
        if not actions.settle(lower_id=first, higher_id=second, ruling=ruling, at=at):
            raise CommandError("This pair is not on the list.")
        self.stdout.write(f"{first} {second}: {ruling.value}")
