"""What every office page says of itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from cacah.staff import numerals

register = template.Library()
# The office speaks these two; residents' pages have more.
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The page that is shown, in another language."""

    code: str
    name: str
    url: str


@register.simple_tag(takes_context=True)
def other_languages(context: template.Context) -> list[InLanguage]:
    """Return the page that is being shown, in each language but its own."""
    request: HttpRequest | None = context.get("request")
    path = request.get_full_path() if request else "/"
    here = get_language()
    return [
        InLanguage(code, name, translate_url(path, code))
        for code, name in LANGUAGES.items()
        if code != here
    ]


@register.filter
def as_json(value: Any) -> str:
    """Return JSON for a data attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


register.filter("number", numerals.count)
register.filter("moment", numerals.moment)


@register.simple_tag
def provider_name() -> str:
    """Return what the OpenID Connect provider is called, "" where none is set."""
    return settings.CACAH_OIDC_NAME if settings.CACAH_OIDC_URL else ""
