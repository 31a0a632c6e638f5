"""`cacah institutions`: bring a table in, match rosters again, send coordinators their e-mail."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.institutions import digest
from cacah.institutions.actions.importing import import_institutions
from cacah.institutions.actions.matching import rematch
from cacah.institutions.files.problems import FILES, BadRoster


class Command(BaseCommand):
    help = "Imports institutions from CSV, all or none; docs/rosters.md describes the columns."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("import", help="bring a table of institutions in; safe to repeat")
        load.add_argument("file", type=Path, metavar="FILE")
        verbs.add_parser("rematch", help="look for everybody on every roster again")
        weekly = verbs.add_parser(
            "digest", help="send this week's e-mails that are not sent yet, as the worker does"
        )
        weekly.add_argument(
            "--dry-run", action="store_true", help="show them, and send and note nothing"
        )

    def handle(self, *, verb, file=None, **options):
        if verb == "digest":
            self.digest(show=options["dry_run"])
            return
        if verb == "rematch":
            self.stdout.write(_("moved: %(people)s") % {"people": rematch()})
            return
        try:
            with file.open("rb") as opened:
                result = import_institutions(by=None, file=opened)
        except BadRoster as error:
            raise CommandError(str(FILES[error.code]) % error.more) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if result.wrong:
            lines = [f"{each.row}, {each.column}: {each.sentence}" for each in result.wrong]
            raise CommandError("\n".join([*lines, _("Nothing was stored.")]))
        self.stdout.write(
            _("added: %(added)s, changed: %(changed)s")
            % {"added": result.added, "changed": result.changed}
        )

    def digest(self, *, show):
        """Send coordinators the e-mails of this week, or show them."""
        today = timezone.localdate()
        for mail, is_sent in digest.preview(today) if show else ():
            note = " (sent this week already)" if is_sent else ""
            self.stdout.write(f"To: {mail.to[0]}{note}\nSubject: {mail.subject}\n\n{mail.body}\n")
        if show:
            return
        done = digest.send(today)
        self.stdout.write(f"{done.sent} e-mails sent, {done.before} had gone out before")
        if done.failed:
            raise CommandError(f"{done.failed} could not be sent; they are tried again every hour")
