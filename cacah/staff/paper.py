"""Pages of a PDF in a font that has the letters of people's names: what every document is made of.

What Latin-1 has is written in the PDF's own Helvetica, which costs nothing. A text with other
letters (Ş, ē, ʻ, –, Đ, я) is written in Liberation Sans, whose letters are as wide; of it only
the letters that are used go into the file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF

FONTS = Path(__file__).parent / "data" / "fonts"
FILES = {"": FONTS / "LiberationSans-Regular.ttf", "B": FONTS / "LiberationSans-Bold.ttf"}
PLAIN, WIDE, OWN = "helvetica", "liberation", "own"
INK, QUIET = (17, 24, 39), (75, 85, 99)
SHADE, LINE = (241, 244, 242), (195, 203, 198)


class Paper(FPDF):
    """Pages of one size and margin, whose language and title a screen reader finds.

    `own_font` is a file that has every letter of the language: all is written in it.
    """

    def __init__(
        self,
        *,
        title: str,
        language: str,
        size: str | tuple[float, float] = "A4",
        margin: float = 15,
        foot: float = 0,
        own_font: Path | None = None,
    ) -> None:
        super().__init__(format=size)
        self.set_margin(margin)
        self.set_auto_page_break(True, margin + foot)
        self.set_lang(language)
        self.set_title(title)
        self.set_creator("cacah")
        self.own_font = own_font if own_font is not None and own_font.exists() else None
        if self.own_font is not None:
            for style in FILES:
                self.add_font(OWN, style, self.own_font)
            # Scripts whose letters join or change places need this package; others do without.
            self.set_text_shaping(find_spec("uharfbuzz") is not None)
        self.pen("")

    def pen(self, text: str, size: float = 10, *, bold: bool = False) -> str:
        """Set the font that has a text's letters; return the text as that font can write it."""
        style = "B" if bold else ""
        family = self._family(text)
        if family == WIDE and WIDE not in self.fonts:
            for each, file in FILES.items():
                self.add_font(WIDE, each, file)
        self.set_font(family, style, size)
        return self._written(text) if family == WIDE else text

    def pens(self, texts: Iterable[str], size: float = 10, *, bold: bool = False) -> list[str]:
        """Set one font for several texts; return each as it can be written."""
        texts = list(texts)
        self.pen("".join(texts), size, bold=bold)
        if self.font_family != WIDE:
            return texts
        return [self._written(text) for text in texts]

    def say(
        self, text: str, size: float = 10, ink: tuple[int, int, int] = INK, *, bold: bool = False
    ) -> None:
        """Write a paragraph across the page."""
        words = self.pen(text, size, bold=bold)
        self.set_text_color(*ink)
        self.multi_cell(0, size * 0.48, words, new_x="LMARGIN", new_y="NEXT", align="L")

    def _family(self, text: str) -> str:
        if self.own_font is not None:
            return OWN
        return PLAIN if all(letter <= "\xff" for letter in text) else WIDE

    def _written(self, text: str) -> str:
        """Return a text in the letters that the font of now has, or those nearest to them.

        A letter of a script that it lacks, as Chinese, becomes a question mark.
        """
        known = self.current_font.cmap  # type: ignore[union-attr]
        return "".join(each if each == "\n" else _nearest(each, known) for each in text)


def _nearest(letter: str, known: Container[int]) -> str:
    """Return the letter, or else the one without its marks; nothing for what is not seen.

    What turns the direction of writing is left out too: a name shall not rewrite its line.
    """
    if unicodedata.category(letter) in ("Cc", "Cf"):
        return ""
    if ord(letter) in known or unicodedata.combining(letter):
        return letter if ord(letter) in known else ""
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(each for each in parts if ord(each) in known) or "?"
