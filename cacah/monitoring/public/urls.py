"""URLs of the public pages of progress."""

from __future__ import annotations

from django.urls import path, register_converter

import cacah.monitoring.urls  # noqa: F401 (registers what an area is)
from cacah.monitoring.public import views


class Picture:
    """What a picture can be."""

    regex = "svg|png"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class File(Picture):
    """What a file of figures can be."""

    regex = "csv|xlsx|json"


register_converter(Picture, "picture")
register_converter(File, "file")

urlpatterns = [
    path("", views.page, name="public"),
    path("<area:area>/", views.page, name="public-area"),
    path("<area:area>/sematan/", views.embed, name="public-embed"),
    path("<area:area>/gambar.<picture:format>", views.picture, name="public-picture"),
    path("<area:area>/peta.svg", views.map_of, name="public-map"),
    path("<area:area>/perjalanan.svg", views.course_of, name="public-course"),
    path("<area:area>/data.<file:format>", views.file, name="public-file"),
]
