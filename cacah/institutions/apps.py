"""Registers the institutions room with Django."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "cacah.institutions"
    label = "institutions"

    def ready(self) -> None:
        from cacah.institutions.places import InstitutionPlaces
        from cacah.staff.places import told_by

        told_by(InstitutionPlaces())
