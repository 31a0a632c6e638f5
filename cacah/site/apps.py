"""Registers the site room with Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "cacah.site"
    label = "site"
