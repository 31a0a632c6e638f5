"""`cacah areas`: load the tree, set targets, take boundaries, make the packaged file anew."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cacah.areas import actions, codes, packaged, targets

# A file whose every feature is wrong is understood from its first ones.
MOST_SAID = 50


class Command(BaseCommand):
    help = "Loads provinces, regencies, districts and villages; sets targets and boundaries."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("load", help="load the packaged areas; safe to repeat")
        import_targets = verbs.add_parser(
            "import-targets", help="set projected population and target from a CSV"
        )
        import_targets.add_argument("file", type=Path)
        refresh = verbs.add_parser("refresh", help="make the packaged file from idn-area-data")
        refresh.add_argument("package", type=Path, help="the .tgz that `npm pack` gives")

        boundaries = verbs.add_parser("boundaries", help="take boundaries for maps from GeoJSON")
        boundaries.add_argument(
            "file",
            type=Path,
            help="a level in WGS 84, 512 MB at most: a larger one by province, or simplified first",
        )
        boundaries.add_argument(
            "--code-property", default="", metavar="KODE", help="where a feature has its area code"
        )

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

    def boundaries(self, options):
        # shapely and NumPy are large, and no other command needs them.
        from cacah.areas import outlines

        file = options["file"]
        try:
            drawn, wrong = outlines.read(file, options["code_property"])
            if wrong:
                self.say_wrong(wrong)
                raise CommandError(f"{file}: {len(wrong):,} features are wrong, nothing was taken")
            stored = actions.put_boundaries(drawn)
        except outlines.BadBoundaryFile as error:
            raise CommandError(f"{file}: {error}; nothing was taken") from error
        except actions.NotLoaded as error:
            known = ", ".join(codes.dotted(code) for code in error.codes[:MOST_SAID])
            raise CommandError(
                f"{file}: {len(error.codes):,} areas are not loaded, nothing was taken: {known}"
            ) from error
        self.stdout.write(f"{stored:,} boundaries, {sum(len(e.path) for e in drawn):,} bytes drawn")

    def say_wrong(self, wrong):
        for each in wrong[:MOST_SAID]:
            area = f" {codes.dotted(each.code)}" if each.code else ""
            self.stderr.write(f"feature {each.feature}{area}: {each.reason}")
        if len(wrong) > MOST_SAID:
            self.stderr.write(f"and {len(wrong) - MOST_SAID:,} more")
