"""`cacah shell build`: make the form's static pages, script and style sheet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cacah.collection import shell


class Command(BaseCommand):
    help = "Build the resident's form: one immutable page for each language."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["build"])

    def handle(self, *args: Any, **options: Any) -> None:
        urls = shell.build()
        if options["verbosity"] > 0:
            for language, url in urls.forms.items():
                self.stdout.write(f"{language}: {url}")
