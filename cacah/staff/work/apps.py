"""Registers the work behind the pages with Django."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "cacah.staff.work"
    label = "work"
