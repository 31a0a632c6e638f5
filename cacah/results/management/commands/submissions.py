"""`cacah submissions`: print answers, given the office's private key."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from cacah.collection.numbers import NotANumber
from cacah.collection.sealing import CannotOpen, read_private_key
from cacah.results import opening


class Command(BaseCommand):
    help = "Open sealed answers with the office's private key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        open_ = verbs.add_parser("open", help="print one family's answers as JSON")
        open_.add_argument("--key", type=Path, required=True, help="office.private")
        whose = open_.add_mutually_exclusive_group(required=True)
        whose.add_argument("--receipt", help="a receipt number: that submission")
        whose.add_argument("--household", type=int, help="a household's id: every revision of it")
        beside = verbs.add_parser(
            "beside", help="print answers that session packs delivered too late to count, as JSON"
        )
        beside.add_argument("--key", type=Path, required=True, help="office.private")
        of_a_pack = verbs.add_parser(
            "pack", help="print the answers that count and came with a session pack, as JSON"
        )
        of_a_pack.add_argument("number", type=int, help="the pack's number, as in the trail")
        of_a_pack.add_argument("--key", type=Path, required=True, help="office.private")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = read_private_key(options["key"])
            found: Any
            if options["verb"] == "beside":
                found = [
                    {"pack": kept.pack_id, "delivered_at": kept.delivered_at}
                    | dataclasses.asdict(each)
                    for kept, each in opening.beside(key)
                ]
            elif options["verb"] == "pack":
                found = [
                    dataclasses.asdict(each) for each in opening.delivered(options["number"], key)
                ]
            elif options["receipt"]:
                found = dataclasses.asdict(opening.by_receipt(options["receipt"], key))
            else:
                revisions = opening.by_household(options["household"], key)
                found = [dataclasses.asdict(each) for each in revisions]
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from None
        except NotANumber as problem:
            raise CommandError(f"Not a receipt number: {problem}.") from None
        except opening.NoSubmission as problem:
            raise CommandError(f"Not found: {problem}.") from None
        except CannotOpen as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
