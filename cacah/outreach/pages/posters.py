"""Posters of invitations: an A4 page each, with a large QR code of the link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import segno
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cacah.staff.paper import INK, LINE, QUIET, Paper

MARGIN = 20
QR_MM = 110


@dataclass(frozen=True, slots=True)
class Poster:
    """A link, and what stands above it: an institution's name or nothing."""

    address: str
    inviting: str = ""
    # Whom to give it to; stands below a line to cut along.
    holder: str = ""


def pdf(posters: Iterable[Poster], census: str) -> bytes:
    """Return the posters as a PDF in the language that is active."""
    language = pgettext("locales", "en-GB").partition(",")[0]
    made = Paper(title=_("Invitation"), language=language, margin=MARGIN)
    made.set_auto_page_break(False)
    for poster in posters:
        made.add_page()
        _draw(made, poster, census)
    return bytes(made.output())


def _draw(made: Paper, poster: Poster, census: str) -> None:
    made.say(census, 16, QUIET)
    made.ln(4)
    made.say(_("Have yourself counted, at home, by phone"), 32, INK, bold=True)
    made.ln(4)
    if poster.inviting:
        words = _("%(institution)s invites you.") % {"institution": poster.inviting[:150]}
        made.say(words, 18, INK)
        made.ln(2)
    png = BytesIO()
    segno.make(poster.address, error="m", micro=False).save(png, kind="png", scale=8, border=2)
    made.image(png, x=(made.w - QR_MM) / 2, w=QR_MM, alt_text=poster.address, link=poster.address)
    made.say(_("Scan the code, or open this address:"), 14, INK)
    made.say(poster.address, 14, INK, bold=True)
    made.ln(3)
    made.say(_("Have your family card (KK) ready. It counts how many, never who."), 12, QUIET)
    if poster.holder:
        _strip(made, poster.holder)


def _strip(made: Paper, holder: str) -> None:
    """Write whom the poster is for where it is cut off: it hangs without a name."""
    made.set_draw_color(*LINE)
    made.set_dash_pattern(dash=2, gap=2)
    made.line(0, made.h - MARGIN, made.w, made.h - MARGIN)
    made.set_dash_pattern()
    made.set_y(made.h - MARGIN + 4)
    made.say(_("Cut off before hanging up. For: %(name)s") % {"name": holder[:80]}, 10, QUIET)
