"""The course of an area as SVG: the share of families that had responded after each day.

A polyline in a template: it costs a millisecond, and anybody may ask for any of 7,800 of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cacah.monitoring.figures import percent
from cacah.monitoring.public.asking import Progress
from cacah.monitoring.public.maps import STEPS
from cacah.staff.numerals import count, short_day
from cacah.staff.numerals import percent as written

WIDTH, HEIGHT = 640, 260
LEFT, TOP, RIGHT, BOTTOM = 56, 44, 576, 220
LINES = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of an axis: what is written, and where."""

    label: str
    at: int


def course_svg(found: Progress, title: str) -> str:
    """Return the course as SVG; without a line where nothing may be shown yet."""
    expected = found.own.value("expected_families")
    shares = (
        [(day, percent(n, int(expected)) or 0.0) for day, n in found.course] if expected else []
    )
    highest = max((share for _, share in shares), default=0.0)
    step = next((step for step in STEPS if step * LINES >= highest), 25)
    top = step * LINES
    points = _points(shares, top)
    context = {
        "language": get_language(),
        "title": title,
        "unit": _("Per cent of the families in the register that had responded"),
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "bottom": BOTTOM,
        "lines": [Mark(count(step * n), _height(step * n, top)) for n in range(LINES + 1)],
        "line": " ".join(f"{x},{y}" for x, y in points),
        "end": points[-1] if points else None,
        "last": written(shares[-1][1]) if shares else "",
        "days": _days(shares),
    }
    return render_to_string("monitoring/public/course.svg", context)


def _points(shares: list[tuple[date, float]], top: int) -> list[tuple[int, int]]:
    """Return the corners of a line that keeps its height until the next day."""
    if not shares:
        return []
    first, last = shares[0][0], shares[-1][0]
    span = max(1, (last - first).days)
    corners: list[tuple[int, int]] = []
    for day, share in shares:
        x = LEFT + round((RIGHT - LEFT) * (day - first).days / span)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, _height(share, top)))
    return corners


def _height(share: float, top: int) -> int:
    return BOTTOM - round((BOTTOM - TOP) * share / top)


def _days(shares: list[tuple[date, float]]) -> list[Mark]:
    if not shares:
        return []
    first, last = shares[0][0], shares[-1][0]
    ends = [Mark(short_day(first), LEFT)]
    return ends if first == last else [*ends, Mark(short_day(last), RIGHT)]
