"""`cacah areas`: load the tree of areas, set targets, make the packaged file anew."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cacah.areas import actions, packaged, targets


class Command(BaseCommand):
    help = "Loads provinces, regencies, districts and villages; sets projections and targets."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("load", help="load the packaged areas; safe to repeat")
        import_targets = verbs.add_parser(
            "import-targets", help="set projected population and target from a CSV"
        )
        import_targets.add_argument("file", type=Path)
        refresh = verbs.add_parser("refresh", help="make the packaged file from idn-area-data")
        refresh.add_argument("package", type=Path, help="the .tgz that `npm pack` gives")

    def handle(self, *, verb, **options):
        try:
            getattr(self, verb.replace("-", "_"))(options)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def load(self, options):
        written = actions.load()
        total = len(packaged.packaged_areas())
        self.stdout.write(f"{total:,} areas, {written:,} new or renamed")

    def import_targets(self, options):
        try:
            report = actions.import_targets(options["file"])
        except targets.BadTargetsFile as error:
            raise CommandError(f"{options['file']}: {error}") from error
        for reject in report.rejected:
            self.stderr.write(f"row {reject.row} {reject.column}: {reject.reason}")
        self.stdout.write(f"{report.updated:,} areas set, {len(report.rejected):,} rows rejected")
        if report.rejected:
            raise CommandError("some rows were not used, see above", returncode=2)

    def refresh(self, options):
        try:
            counts = packaged.refresh(options["package"])
        except packaged.BadAreaPackage as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"level {level}: {n:,}" for level, n in counts.items()))
