"""Registers the staff room with Django."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "cacah.staff"
    label = "staff"

    def ready(self) -> None:
        from cacah.staff import listening

        listening.listen()
