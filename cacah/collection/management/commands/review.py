"""`cacah review`: the families of which two may have counted the same person."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cacah.collection import actions, pool, reviewing
from cacah.collection.models import Ruling


class Command(BaseCommand):
    help = "List and settle pairs of households that gave the same NIK; it names nobody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        show = verbs.add_parser("list", help="print the pairs that may be counted twice")
        show.add_argument(
            "--all",
            action="store_true",
            help="also where one has answered without the number, and all who share one with many",
        )
        show.add_argument("--most", type=int, default=200, help="pairs at once (200)")
        show.add_argument("--skip", type=int, default=0, help="pairs left out at the beginning")
        settle = verbs.add_parser("settle", help="take a pair off the list")
        settle.add_argument("lower", type=int, help="the two households' ids, as listed")
        settle.add_argument("higher", type=int)
        settle.add_argument("ruling", choices=Ruling.values, help="are they the same family?")
        verbs.add_parser(
            "gather", help="after a register import: find what no submission could notice"
        )

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "list":
            self.show(options["most"], options["skip"], everything=options["all"])
        elif verb == "settle":
            self.settle(options["lower"], options["higher"], Ruling(options["ruling"]))
        else:
            at = datetime.now(UTC)
            found = pool.run(lambda c: actions.gather_shared_numbers(c, at=at))
            self.stdout.write(f"{found} shared numbers are new on the list")

    def show(self, most: int, skip: int, *, everything: bool) -> None:
        if most < 1 or skip < 0:
            raise CommandError("--most is 1 or more, --skip 0 or more.")
        pairs = reviewing.pairs_to_review(most=most, skip=skip, everything=everything)
        for pair in pairs:
            since = timezone.localtime(pair.noticed_at).isoformat(timespec="minutes")
            self.stdout.write(
                f"{pair.lower_id} {pair.higher_id}  since {since}: {pair.numbers} shared, "
                f"{pair.counted_twice} counted twice"
            )
        length = reviewing.length_of_review()
        listed = length.pairs if everything else length.listed
        self.stdout.write(f"{listed} pairs, {length.counted_twice} counted twice")
        if skip + len(pairs) < listed:
            self.stdout.write(f"and {listed - skip - len(pairs)} more: --skip {skip + len(pairs)}")
        if not everything:
            self.stdout.write(
                f"{length.impossible} more where one has answered without the number, "
                f"{length.crowded} more that share a number with many: --all"
            )

    def settle(self, lower: int, higher: int, ruling: Ruling) -> None:
        first, second = sorted((lower, higher))
        at = datetime.now(UTC)
        if not actions.settle(lower_id=first, higher_id=second, ruling=ruling, at=at):
            raise CommandError("This pair is not on the list.")
        self.stdout.write(f"{first} {second}: {ruling.value}")
