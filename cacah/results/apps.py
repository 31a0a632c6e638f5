"""Registers the results room with Django."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "cacah.results"
    label = "results"
