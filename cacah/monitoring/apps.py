"""Registers the monitoring room with Django."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "cacah.monitoring"
    label = "monitoring"
