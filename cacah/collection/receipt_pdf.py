"""The proof of completion as a PDF of one A5 page, made from the signed text alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext, ngettext, override, pgettext, to_locale
from fpdf import TextStyle

from cacah.collection import receipts
from cacah.collection.receipts import Receipt
from cacah.registry.queries import NoCensus, census
from cacah.staff.paper import INK, QUIET, Paper

# A language whose letters Helvetica lacks brings a font beside its catalogue.
FONTS, FONT_FILE = Path(__file__).parent / "locale", "receipt.ttf"
A5_MM = (148, 210)
QR_MM = 52


def receipt_pdf(signed: str, language: str) -> bytes:
    """Return the PDF in a language; raises receipts.NotAReceipt for a text we did not sign."""
    receipt = receipts.verify(signed)
    url = receipt.as_answer(signed.strip())["verify_url"]
    with override(language):
        pdf = page(language, receipt)
        title(pdf, receipt)
        facts(pdf, receipt)
        code(pdf, url)
        foot(pdf)
        return bytes(pdf.output())


def heading(receipt: Receipt) -> str:
    """Return what this proof is called."""
    return gettext("Provisional proof") if receipt.pack else gettext("Proof of completion")


def page(language: str, receipt: Receipt) -> Paper:
    """Return an empty A5 page; the proof's heading is a bookmark."""
    pdf = Paper(
        title=heading(receipt),
        language=pgettext("locales", "en-GB").partition(",")[0],
        size=A5_MM,
        own_font=FONTS / to_locale(language) / FONT_FILE,
    )
    pdf.add_page()
    return pdf


def title(pdf: Paper, receipt: Receipt) -> None:
    """Write the heading and which census this is."""
    words = pdf.pen(heading(receipt), 20, bold=True)
    style = TextStyle(pdf.font_family, "B", 20, INK, l_margin=pdf.l_margin, b_margin=1)
    pdf.set_section_title_styles(style)
    pdf.start_section(words)
    pdf.say(census_name(receipt), 12, QUIET)
    pdf.ln(3)


def census_name(receipt: Receipt) -> str:
    """Return the census's name, or its code where the receipt is another census's."""
    try:
        known = census()
    except NoCensus:
        return receipt.census
    return known.name if known.code == receipt.census else receipt.census


def facts(pdf: Paper, receipt: Receipt) -> None:
    """Write number, time and people: what the signature vouches for."""
    at = receipt.issued_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    persons = ngettext("%(n)d person", "%(n)d people", receipt.persons) % {"n": receipt.persons}
    when = f"{formats.date_format(at, 'j F Y')}, {at:%H.%M} {at.tzname()}"
    for name, value, size in (
        (gettext("Receipt number"), receipt.number, 20),
        (gettext("Stored on the laptop") if receipt.pack else gettext("Safely received"), when, 12),
        (gettext("Counted in this family"), persons, 12),
    ):
        pdf.say(name, 9, QUIET)
        pdf.say(value, size, INK, bold=True)
        pdf.ln(1.5)
    if receipt.revision > 1:
        words = gettext("This is correction %(n)d; it replaces the proof before it.")
        pdf.say(words % {"n": receipt.revision - 1}, 10, INK)
    if receipt.to_be_verified:
        pdf.say(gettext("To be verified: the register does not have this family yet."), 10, INK)
    if receipt.pack:
        words = gettext(
            "The answers lie sealed on the laptop of the census team and are sent on as soon as "
            "there is a signal. After some days the code shows whether they have arrived."
        )
        pdf.say(words, 10, INK)


def code(pdf: Paper, url: str) -> None:
    """Draw the QR code, with its content as its alternative text."""
    png = BytesIO()
    segno.make(url, error="m", micro=False).save(png, kind="png", scale=8, border=2)
    pdf.image(png, x=(pdf.w - QR_MM) / 2, w=QR_MM, alt_text=url, link=url)
    pdf.say(gettext("Anyone can scan the code to check that this proof is genuine."), 10, INK)
    address = f"{receipts.proofs_url()}/bukti/"
    pdf.say(gettext("Or enter the number at %(address)s") % {"address": address}, 10, INK)
    pdf.ln(1)


def foot(pdf: Paper) -> None:
    """Write what the proof does not say, and what it is good for."""
    words = gettext(
        "This proof says when a family answered and how many people it counted, never who. With "
        "its number your family can correct the answers while the census is open. Keep it."
    )
    pdf.say(words, 9, QUIET)
