"""Where an officer's roles hold today, and what may be seen and done there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cacah.staff.roles import PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Held:
    """A role and where it holds: an area ("" is the nation), or an institution's subtree.

    A coordinator's area only says where the institution lies; it opens nothing.
    """

    role: Role
    area: str
    institution: int | None

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Scope:
    """All that an officer holds on one day."""

    grants: tuple[Held, ...]

    def may(self, permission: Permission) -> bool:
        """Tell whether any role allows this anywhere."""
        return any(held.may(permission) for held in self.grants)

    def areas(self, permission: Permission) -> tuple[str, ...]:
        """Return the undotted codes under which it is allowed, none within another; "" is all."""
        codes = sorted({held.area for held in self._in_areas(permission)})
        return tuple(c for c in codes if not any(c != o and c.startswith(o) for o in codes))

    def sees(self, area_code: str, permission: Permission) -> bool:
        """Tell whether it is allowed for an area: one of `areas` is the area or lies above it."""
        return any(area_code.startswith(held.area) for held in self._in_areas(permission))

    def institutions(self, permission: Permission) -> tuple[int, ...]:
        """Return the institutions in whose subtrees it is allowed."""
        roots = {held.institution for held in self.grants if held.may(permission)}
        return tuple(sorted(root for root in roots if root is not None))

    def _in_areas(self, permission: Permission) -> Iterator[Held]:
        return (h for h in self.grants if h.institution is None and h.may(permission))


NOWHERE = Scope(())
