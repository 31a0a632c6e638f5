"""System checks of the door: what a site needs before the first family comes, with the remedy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from cacah.collection.sealing import read_public_key
from cacah.registry.keys import server_keys
from cacah.registry.models import Census

PREFILLS = ("none", "names", "card", "all")


@register(Tags.security, deploy=True)
def keys_are_there(**_kwargs: Any) -> list[CheckMessage]:
    """Say which keys are missing; runs with `cacah check --deploy`."""
    found: list[CheckMessage] = []
    try:
        server_keys()
    except ImproperlyConfigured as problem:
        found.append(Error(str(problem), hint="Run `cacah keys create`.", id="cacah.E001"))
    try:
        read_public_key(settings.CACAH_KEYS / "office.public")
    except ImproperlyConfigured as problem:
        hint = "Copy office.public from another server of this site, or run `cacah keys create`."
        found.append(Error(str(problem), hint=hint, id="cacah.E002"))
    return found


@register(Tags.security, deploy=True)
def private_key_is_elsewhere(**_kwargs: Any) -> list[CheckMessage]:
    """Warn while the office's private key lies beside the site."""
    path = settings.CACAH_HOME / "office" / "office.private"
    if not path.exists():
        return []
    hint = "Move it to two safe places off this machine: who has it reads every answer."
    return [Warning(f"{path} is still on this machine.", hint=hint, id="cacah.W003")]


@register
def prefill_is_known(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a CACAH_PREFILL that means nothing, rather than show too much or too little."""
    if settings.CACAH_PREFILL in PREFILLS:
        return []
    hint = f"Set it to one of {', '.join(PREFILLS)} (docs/operations.md)."
    message = f"CACAH_PREFILL is {settings.CACAH_PREFILL!r}."
    return [Error(message, hint=hint, id="cacah.E004")]


@register(Tags.database)
def census_is_set(databases: list[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Warn while nobody has said which census this is; the door stays closed until then."""
    if not databases:
        return []
    try:
        if "registry_census" not in connections["default"].introspection.table_names():
            return []
        if Census.objects.exists():
            return []
    except DatabaseError:
        return []
    hint = "Run `cacah census set --opens … --closes …`."
    return [Warning("There is no census yet: the door is closed.", hint=hint, id="cacah.W005")]
