"""`cacah session`: packs with which a session is held where there is no signal.

`prepare` runs at the centre. The others need a pack's keys: `cacah.site.laptop.opening.enter` has
made this process the pack's before Django is set up, so nothing here may import a model.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cacah.registry.sealed_lines import BadPack

# What needs a pack's keys.
ON_THE_LAPTOP = ("serve", "deliver", "outbox")


def port(text: str) -> int:
    """Return a port's number, as argparse asks for it."""
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise ValueError(text)
    return int(text)


class Command(BaseCommand):
    help = "Sessions without a signal: prepares a pack, serves it on a laptop, delivers it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        self.add_prepare(verbs.add_parser("prepare", help="at the centre: write a session's pack"))
        self.add_serve(self.of_a_pack(verbs, "serve", "on the laptop: hold the session"))
        self.of_a_pack(verbs, "outbox", "on the laptop: say what waits to be delivered")
        deliver = self.of_a_pack(verbs, "deliver", "on the laptop: send all of it to the centre")
        deliver.add_argument("--to", metavar="URL", help="default: where the pack was prepared")

    def of_a_pack(self, verbs: Any, verb: str, what: str) -> ArgumentParser:
        """Return the parser of a subcommand that opens a pack."""
        found: ArgumentParser = verbs.add_parser(verb, help=what)
        found.add_argument("pack", type=Path, metavar="FILE")
        found.add_argument(
            "--passphrase-file", type=Path, metavar="F", help="else it is asked for, or piped in"
        )
        found.set_defaults(host="localhost", port=8080, tls_cert=None, tls_key=None)
        return found

    def add_prepare(self, prepare: ArgumentParser) -> None:
        prepare.add_argument("code", help="the session's code")
        prepare.add_argument("--out", type=Path, required=True, metavar="FILE.cacah")
        prepare.add_argument(
            "--area", action="append", default=[], metavar="CODE",
            help="whose families come along, as 33.25.01.2001; again for more areas",
        )  # fmt: skip
        prepare.add_argument("--days", type=int, default=14, help="how long the pack is good")

    def add_serve(self, serve: ArgumentParser) -> None:
        serve.add_argument("--host", default="0.0.0.0", help="default: every network")  # noqa: S104
        serve.add_argument("--port", type=port, default=8080, metavar="N")
        serve.add_argument("--tls-cert", type=Path, metavar="F", help="certificate chain, PEM")
        serve.add_argument("--tls-key", type=Path, metavar="F", help="its private key, PEM")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            getattr(self, f"_{verb}")(Namespace(**options))
        except BadPack as problem:
            raise CommandError(str(problem)) from None

    def _prepare(self, options: Namespace) -> None:
        from cacah.site.laptop.preparing import prepare

        prepare(options, self.say)

    def _serve(self, options: Namespace) -> None:
        from cacah.site.laptop.serving import run

        run(options, self.say)

    def _deliver(self, options: Namespace) -> None:
        from cacah.site.laptop.delivering import deliver

        deliver(options, self.say)

    def _outbox(self, options: Namespace) -> None:
        from cacah.site.laptop.delivering import outbox

        outbox(options, self.say)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
