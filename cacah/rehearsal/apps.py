"""Registers the rehearsal room with Django."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "cacah.rehearsal"
    label = "rehearsal"
