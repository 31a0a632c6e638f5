"""What other rooms may ask the registry."""

from __future__ import annotations

from cacah.registry.models import Census


class NoCensus(LookupError):
    """Raised while nobody has said which census this is: `cacah census set` does."""


def census() -> Census:
    """Return the census of this site; raises `NoCensus` before it is set up."""
    found = Census.objects.first()
    if found is None:
        raise NoCensus("run `cacah census set` first")
    return found
