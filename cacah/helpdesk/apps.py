"""Registers the help desk with Django."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "cacah.helpdesk"
    label = "helpdesk"

    def ready(self) -> None:
        from cacah.helpdesk.verbs import WORDS
        from cacah.staff.verbs import tell

        tell(WORDS)
