"""The proof of completion as a PDF of one A5 page, made from the signed text alone."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext, ngettext, override, pgettext, to_locale
from fpdf import FPDF, TextStyle

from cacah.collection import receipts
from cacah.collection.receipts import Receipt
from cacah.registry.queries import NoCensus, census

# A language whose letters Helvetica lacks brings a font beside its catalogue.
FONTS, FONT_FILE = Path(__file__).parent / "locale", "receipt.ttf"
MARGIN = 15
A5_MM = (148, 210)
QR_MM = 52
INK = (17, 24, 39)
QUIET = (75, 85, 99)


def receipt_pdf(signed: str, language: str) -> bytes:
    """Return the PDF in a language; raises receipts.NotAReceipt for a text we did not sign."""
    receipt = receipts.verify(signed)
    url = receipt.as_answer(signed.strip())["verify_url"]
    with override(language):
        pdf = page(language)
        title(pdf, receipt)
        facts(pdf, receipt)
        code(pdf, url)
        foot(pdf)
        return bytes(pdf.output())


def page(language: str) -> FPDF:
    """Return an empty A5 page whose language and title a screen reader finds."""
    pdf = FPDF(format=A5_MM)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    pdf.set_lang(pgettext("locales", "en-GB").partition(",")[0])
    pdf.set_title(gettext("Proof of completion"))
    pdf.set_creator("cacah")
    family = font(pdf, FONTS / to_locale(language) / FONT_FILE)
    pdf.set_section_title_styles(TextStyle(family, "B", 20, INK, l_margin=MARGIN, b_margin=1))
    pdf.add_page()
    pdf.set_font(family)
    return pdf


def font(pdf: FPDF, file: Path) -> str:
    """Return the family to write in: that of the language's file, else the PDF's own Helvetica."""
    if not file.exists():
        return "helvetica"
    for style in ("", "B"):
        pdf.add_font("receipt", style, file)
    # Scripts whose letters join or change places need this package; others do without.
    pdf.set_text_shaping(find_spec("uharfbuzz") is not None)
    return "receipt"


def title(pdf: FPDF, receipt: Receipt) -> None:
    """Write the heading and which census this is."""
    pdf.start_section(gettext("Proof of completion"))
    line(pdf, census_name(receipt), 12, QUIET)
    pdf.ln(3)


def census_name(receipt: Receipt) -> str:
    """Return the census's name, or its code where the receipt is another census's."""
    try:
        known = census()
    except NoCensus:
        return receipt.census
    return known.name if known.code == receipt.census else receipt.census


def facts(pdf: FPDF, receipt: Receipt) -> None:
    """Write number, time and people: what the signature vouches for."""
    at = receipt.issued_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    persons = ngettext("%(n)d person", "%(n)d people", receipt.persons) % {"n": receipt.persons}
    when = f"{formats.date_format(at, 'j F Y')}, {at:%H.%M} {at.tzname()}"
    for name, value, size in (
        (gettext("Receipt number"), receipt.number, 20),
        (gettext("Safely received"), when, 12),
        (gettext("Counted in this family"), persons, 12),
    ):
        line(pdf, name, 9, QUIET)
        line(pdf, value, size, INK, bold=True)
        pdf.ln(1.5)
    if receipt.revision > 1:
        words = gettext("This is correction %(n)d; it replaces the proof before it.")
        line(pdf, words % {"n": receipt.revision - 1}, 10, INK)
    if receipt.to_be_verified:
        line(pdf, gettext("To be verified: the register does not have this family yet."), 10, INK)


def code(pdf: FPDF, url: str) -> None:
    """Draw the QR code, with its content as its alternative text."""
    png = BytesIO()
    segno.make(url, error="m", micro=False).save(png, kind="png", scale=8, border=2)
    pdf.image(png, x=(pdf.w - QR_MM) / 2, w=QR_MM, alt_text=url, link=url)
    line(pdf, gettext("Anyone can scan the code to check that this proof is genuine."), 10, INK)
    address = f"{settings.CACAH_PUBLIC_URL.rstrip('/')}/bukti/"
    line(pdf, gettext("Or enter the number at %(address)s") % {"address": address}, 10, INK)
    pdf.ln(1)


def foot(pdf: FPDF) -> None:
    """Write what the proof does not say, and what it is good for."""
    words = gettext(
        "This proof says when a family answered and how many people it counted, never who. With "
        "its number your family can correct the answers while the census is open. Keep it."
    )
    line(pdf, words, 9, QUIET)


def line(pdf: FPDF, text: str, size: int, ink: tuple[int, int, int], *, bold: bool = False) -> None:
    """Write a paragraph across the page; what the PDF's own fonts lack becomes a question mark."""
    pdf.set_font(pdf.font_family, "B" if bold else "", size)
    pdf.set_text_color(*ink)
    plain = text if pdf.is_ttf_font else text.encode("latin-1", "replace").decode("latin-1")
    pdf.multi_cell(0, size * 0.48, plain, new_x="LMARGIN", new_y="NEXT", align="L")
