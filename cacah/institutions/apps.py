"""Registers the institutions room with Django."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "cacah.institutions"
    label = "institutions"
