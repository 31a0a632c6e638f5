"""The picture of an area's progress, with its date in it, as SVG and as PNG."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import vl_convert
from django.template.loader import render_to_string
from django.utils.translation import get_language
from PIL import Image

from cacah.monitoring.public.asking import Progress

# What social networks and newspapers show without cutting.
WIDTH, HEIGHT, MARGIN = 1200, 630, 60
BAR = WIDTH - 2 * MARGIN
# How wide a letter is on average, of its size.
LETTER = 0.52
# A picture of a few plain colours and the edges of letters: a tenth of the bytes.
COLOURS = 32


def picture_svg(found: Progress, context: dict[str, Any]) -> str:
    """Return the picture as SVG of 1,200 by 630 units, without a script or a style sheet."""
    share = found.own.value("families_percent")
    context = context | {
        "language": get_language(),
        "width": WIDTH,
        "height": HEIGHT,
        "bar": BAR,
        "sentence_size": min(34, int(BAR / (LETTER * len(context["sentence"])))),
        "filled": round(BAR * min(100, share or 0) / 100),
    }
    return render_to_string("monitoring/public/picture.svg", context)


def png(svg: str) -> bytes:
    """Return a picture as PNG, a dot for each unit."""
    drawn = Image.open(BytesIO(vl_convert.svg_to_png(svg, scale=1))).convert("RGB")
    out = BytesIO()
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
