"""What this room writes into the audit trail, in words."""

from __future__ import annotations

from django.utils.functional import Promise

WORDS: dict[str, str | Promise] = {}
