"""`cacah registry`: bring register files in, and say what became of them."""

from __future__ import annotations

import atexit
import os
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from cacah.registry.importing.reading import BadRegisterFile
from cacah.registry.importing.rejects import REASONS
from cacah.registry.importing.run import ImportRunning, NoAreas, import_register


class Command(BaseCommand):
    help = "Imports register files (CSV, xlsx or Parquet); docs/register.md describes them."
    # They would import every page first, which takes as long as 100,000 persons.
    requires_system_checks = ()

    def run_from_argv(self, argv):
        """Run as the command of a process of its own, and leave it at once.

        To take apart what an import has built takes Python half a second.
        """
        super().run_from_argv(argv)
        # As the interpreter does before it takes anything apart.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("import", help="bring files in; safe to repeat")
        load.add_argument("files", nargs="+", type=Path, metavar="FILE")
        load.add_argument(
            "--as-of",
            type=date.fromisoformat,
            default=None,
            metavar="YYYY-MM-DD",
            help="the day whose state the files show (default: today)",
        )

    def handle(self, *, verb, files, as_of, **options):
        try:
            with Bars() as bars:
                summary = import_register(
                    files, as_of=as_of or timezone.localdate(), progress=bars.show
                )
        except BadRegisterFile as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except ImportRunning as error:
            raise CommandError(_("another import is running; this one has done nothing")) from error
        except NoAreas as error:
            raise CommandError(_("no villages are loaded: run `cacah areas load` first")) from error
        except KeyboardInterrupt as error:
            raise CommandError(
                _("interrupted; the register is as it was"), returncode=130
            ) from error
        self.stdout.write("\n".join(lines(summary)))


class Bars:
    """One progress bar for reading, one for storing; none where nobody watches."""

    def __init__(self):
        self._bars = {}

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for bar in self._bars.values():
            bar.close()

    def show(self, stage, done, total):
        if stage not in self._bars:
            label = {"read": _("reading"), "store": _("storing")}[stage]
            self._bars[stage] = tqdm(total=total, desc=label, unit=_(" rows"), disable=None)
        bar = self._bars[stage]
        bar.update(done - bar.n)


def lines(summary):
    """Yield the lines of the summary: counts, never a name or a number of anybody."""
    stored = summary.stored
    families = (
        (_("new"), stored.new, stored.persons_new),
        (_("updated"), stored.updated, stored.persons_updated),
        (_("unchanged"), stored.unchanged, stored.persons_unchanged),
        (_("kept as they were (older file, or rows rejected)"), stored.kept, None),
        (_("rejected"), summary.families_rejected, None),
    )
    for label, count, persons in families:
        people = "" if persons is None else _(", {persons} persons").format(persons=f"{persons:,}")
        yield _("families {what}: {count}").format(what=label, count=f"{count:,}") + people
    yield _("rows read: {read}, rejected: {rejected}, loaded without a field: {fields}").format(
        read=f"{summary.rows:,}",
        rejected=f"{summary.rows_rejected:,}",
        fields=f"{summary.fields_left_empty:,}",
    )
    for reason, count in summary.reasons.most_common():
        column, code = reason.split(":")
        yield f"  {count:,} × {column}: {REASONS[code]}"
    for path in summary.rejects_files:
        yield _("see {path}").format(path=path)
    if summary.unused_columns:
        yield _("columns not used: {names}").format(names=", ".join(summary.unused_columns))
