"""Names the part of the form that somebody has open, for the guide; never what stands in it."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cacah.collection import instruments


def block_name(block: str) -> str:
    """Return a name for what a device tells of itself: a route, or the path of a page."""
    named = {
        "identify": _("NIK and family card"),
        "card": _("Question about the card"),
        "tasks": _("List of tasks"),
        "summary": _("Summary"),
        "confirm": _("Before sending"),
        "sending": _("Sending"),
        "receipt": _("Receipt"),
        "waiting": _("Waiting room"),
        "unlisted": _("Not in the register"),
    }
    kind, _colon, path = block.partition(":")
    if kind != "page":
        return named.get(kind, _("Another page"))
    instrument = instruments.current()
    node = instrument.nodes.get(path)
    label = node.label.get(instrument.language(get_language() or "id")) if node else None
    # A label with a name or another answer in it is not shown.
    return label if isinstance(label, str) else path.rpartition("/")[2]
