"""The only writer of institutions, rosters and their counters."""

from cacah.institutions.actions.following import follow
from cacah.institutions.actions.roster import Person, add_entries, remove_entries
from cacah.institutions.actions.tree import NewInstitution, add_institution

__all__ = ["NewInstitution", "Person", "add_entries", "add_institution", "follow", "remove_entries"]
