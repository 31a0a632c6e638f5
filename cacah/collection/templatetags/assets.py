"""Where a page finds its style sheet, the form, and itself in other languages."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from cacah.collection import pages, shell
from cacah.registry.models import Census

register = template.Library()


@register.simple_tag
def styles() -> list[str]:
    """Return the URLs of the style sheets: one when the shell is built, else its parts."""
    return shell.assets().styles


@register.simple_tag
def known_census() -> Census | None:
    """Return the census, which every page names; None while nobody has set it up."""
    return pages.known_census()


@register.simple_tag
def form_url() -> str:
    """Return the URL of the form in the page's language."""
    return shell.assets().forms[get_language() or "id"]


@register.simple_tag(takes_context=True)
def this_page_by_language(context: template.Context) -> list[pages.InLanguage]:
    """Return the page that is being shown in every language, this one first."""
    request: HttpRequest | None = context.get("request")
    path = (request.path if request else "/") + context.get("carried", "")
    return pages.by_language(get_language() or "id", lambda code: translate_url(path, code))
