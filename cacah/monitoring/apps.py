"""Registers the monitoring room with Django."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "cacah.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from cacah.monitoring.verbs import WORDS
        from cacah.staff.verbs import tell

        tell(WORDS)
