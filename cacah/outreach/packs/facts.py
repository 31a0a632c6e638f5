"""What a session pack says of itself: the session, the census, the form, and until when."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.conf import settings

from cacah.registry.field_keys import FieldKeys
from cacah.registry.keys import server_keys


@dataclass(frozen=True, slots=True)
class Facts:
    """The first line of a pack without its secrets; moments as ISO texts with their offset."""

    # The version of cacah that prepared it.
    cacah: str
    # Its number at the centre, and which of its session's packs it is, from 1.
    pack: int
    serial: int
    centre: str
    session: dict[str, str]
    # As `registry.actions.CensusChanges`.
    census: dict[str, str]
    # `name` of the form's file, `files` (base64 by name) with its catalogues, and its `digest`.
    instrument: dict[str, Any]
    # The text of office.public.
    office: str
    # Settings that must be as at the centre, by the names of their environment variables.
    settings: dict[str, str]
    made_at: str
    valid_until: str
    families: int
    # Families of its areas that could not be taken, because the register lacks their KK number.
    left_out: int

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def until(self) -> datetime:
        return datetime.fromisoformat(self.valid_until)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """Return the facts of a pack's first line."""
        return cls(**{name: told[name] for name in cls.__dataclass_fields__})


def here() -> Facts | None:
    """Return the facts of the pack that this site serves; None at the centre."""
    if not settings.CACAH_PACK:
        return None
    keys = server_keys()
    return Facts.of(dict(keys.facts)) if isinstance(keys, FieldKeys) else None


def text_of(secrets: Iterable[bytes]) -> str:
    """Return bytes as they stand in a pack."""
    return b64encode(b"".join(secrets)).decode()
