"""Registers the institutions room with Django."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "cacah.institutions"
    label = "institutions"

    def ready(self) -> None:
        from cacah.institutions.naming import NAMERS
        from cacah.institutions.places import InstitutionPlaces
        from cacah.institutions.verbs import WORDS
        from cacah.staff import naming
        from cacah.staff.places import told_by
        from cacah.staff.verbs import tell

        told_by(InstitutionPlaces())
        tell(WORDS)
        naming.tell(NAMERS)
