"""Registers the areas room with Django."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "cacah.areas"
    label = "areas"
