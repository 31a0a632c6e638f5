"""Names institutions in the audit trail; of the people on their rosters never."""

from __future__ import annotations

from collections.abc import Collection

from cacah.institutions.models import Institution
from cacah.institutions.verbs import WORDS
from cacah.staff.naming import Named, Namer

# Their subject is an officer's e-mail, or there is none.
OTHERS = ("institutions.digest_wanted", "institutions.digest_refused", "institutions.imported")


def institutions(ids: Collection[int]) -> dict[int, Named]:
    """Return institutions by id, closed ones too."""
    found = Institution.objects.filter(pk__in=ids).values_list("pk", "name", "area")
    return {pk: Named(name, area or "") for pk, name, area in found}


NAMERS: dict[str, Namer] = {verb: institutions for verb in WORDS if verb not in OTHERS}
