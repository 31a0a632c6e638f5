"""`cacah languages`: which languages are there, and the catalogues of one to translate."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from babel.core import UnknownLocaleError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cacah.questionnaire.problems import Broken
from cacah.site import catalogues


class Command(BaseCommand):
    help = "List the languages of the site, or make and refresh the catalogues of one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="print code and name of each language that is there")
        refresh = actions.add_parser("refresh", help="write its catalogues, with what is new empty")
        refresh.add_argument("code", help="the language, as in jv or zh-hans (ISO 639, BCP 47)")

    def handle(self, *args: Any, action: str, code: str = "", **options: Any) -> None:
        if action == "list":
            for each, name in settings.LANGUAGES:
                self.stdout.write(f"{each}: {name}")
            return
        try:
            for file in catalogues.refresh(code, settings.CACAH_INSTRUMENT):
                self.stdout.write(f"{file.path}: {file.empty} of {file.messages} not translated")
        except (OSError, ValueError, UnknownLocaleError, Broken) as problem:
            raise CommandError(str(problem)) from problem
