"""`cacah questionnaire`: check a questionnaire, or export it for other programs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cacah.questionnaire import cli


class Command(BaseCommand):
    """Hands the arguments to `cacah.questionnaire.cli`."""

    help = "Check a questionnaire (.md or .xlsx), or export it"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="print everything that is wrong with it")
        check.add_argument("file", type=Path)
        check.add_argument("--census", action="store_true", help="ask for what a census form needs")
        export = actions.add_parser("export", help="write XForm, xlsx and codebook")
        export.add_argument("file", type=Path)
        export.add_argument("--out", type=Path, default=Path(), help="the folder to write into")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "check":
            code = cli.check(options["file"], self.stdout.write, census=options["census"])
        else:
            code = cli.export(options["file"], options["out"], self.stdout.write)
        sys.exit(code)
