"""Lets a page ask for the camera, which every other page of the site must not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def with_camera(view: View) -> View:
    """Allow the camera on the pages of this view; `staff/scan.html` is what they scan with."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
        return response

    return answered
