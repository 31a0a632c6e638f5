"""Registers the collection room with Django."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    name = "cacah.collection"
    label = "collection"

    def ready(self) -> None:
        """Register the system checks."""
        from cacah.collection import checks  # noqa: F401
