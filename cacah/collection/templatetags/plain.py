"""The words of the plain form, for its templates."""

from __future__ import annotations

from typing import Any

from django import template

from cacah.collection.plain import words

register = template.Library()


@register.simple_tag
def say(key: str, **values: Any) -> str:
    """Return a text by its key; what stands in it is escaped by the template."""
    return words.say(key, **values)
