"""What may be asked of session packs; the key that a pack signs with is known by its number."""

from __future__ import annotations

from cacah.collection.models import Pack


def pack_public_key(number: int) -> bytes | None:
    """Return the 32 bytes of a pack's Ed25519 key, also of one that was revoked; else None."""
    found = Pack.objects.filter(pk=number).values_list("public_key", flat=True).first()
    return None if found is None else bytes(found)
