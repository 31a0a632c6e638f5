"""Charts of progress as SVG, drawn by Altair and vl-convert; import it only where one is drawn.

The first import and drawing cost half a second and 70 MB, each further chart 40 ms: see
docs/decisions/0021-charts.md. Lines differ by dash and label too, so that greyscale, print and
colour-blind eyes lose nothing; the ground is white whatever the page's colours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import vl_convert
from babel import Locale
from django.utils.formats import get_format

VEGA_LITE = "6.1"
INK, QUIET, LINE = "#1b1f1d", "#4a544f", "#d5dbd8"
# Okabe and Ito's blue and vermilion: told apart by every kind of colour-blindness, and in grey.
BLUE, VERMILION = "#0072b2", "#b34700"
WIDTH, NARROW, HEIGHT = 640, 290, 220
SMALL_WIDTH, SMALL_HEIGHT = 150, 70
KEY_WIDTH, KEY_HIGH = 30, 12
# A day is a day, whatever zone the server lives in.
UTC = alt.Scale(type="utc")


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says, in the reader's language."""

    language: str
    title: str
    y: str
    # Of the dashed line; unused where there is none.
    goal: str = ""


Points = tuple[tuple[date, float], ...]


def growth(points: Points, goal: float | None, words: Words, *, narrow: bool = False) -> str:
    """Draw a number that grows over days, and the line that it is to reach."""
    line = _base(points).mark_line(color=BLUE, strokeWidth=2.5)
    area = _base(points).mark_area(color=BLUE, opacity=0.15)
    return _drawn(_with_goal([area, line], goal, words, narrow), words, narrow=narrow)


def daily(points: Points, goal: float | None, words: Words, *, narrow: bool = False) -> str:
    """Draw a bar for each day, and the line that each is to reach."""
    bars = _base(points).mark_bar(color=BLUE, width={"band": 0.8})
    bars = bars.encode(x=_days(kind="T", unit="utcyearmonthdate", band=0.5))
    return _drawn(_with_goal([bars], goal, words, narrow), words, narrow=narrow)


def areas(lines: Iterable[tuple[str, Points]], top: float, columns: int, words: Words) -> str:
    """Draw a small chart for each area, all from nothing to `top`, so that they can be compared."""
    values = [
        {"area": name, "day": day.isoformat(), "n": n}
        for name, points in lines
        for day, n in points
    ]
    order = list(dict.fromkeys(each["area"] for each in values))
    small = (
        alt.Chart(alt.Data(values=values))
        .mark_area(color=BLUE, opacity=0.25, line={"color": BLUE, "strokeWidth": 2})
        .encode(
            x=alt.X(
                "day:T",
                title=None,
                scale=UTC,
                axis=alt.Axis(format="%-d %b", tickCount=2, grid=False),
            ),
            y=alt.Y(
                "n:Q",
                title=None,
                scale=alt.Scale(domain=[0, top], nice=True),
                axis=alt.Axis(tickCount=3),
            ),
        )
        .properties(width=SMALL_WIDTH, height=SMALL_HEIGHT)
        .facet(
            facet=alt.Facet(
                "area:N",
                sort=order,
                title=None,
                header=alt.Header(labelFontWeight="bold", labelAnchor="start", labelLimit=150),
            ),
            columns=columns,
        )
    )
    return _drawn(small, words)


def _base(points: Points) -> alt.Chart:
    values = [{"day": day.isoformat(), "n": n} for day, n in points]
    x = _days()
    return alt.Chart(alt.Data(values=values)).encode(x=x, y=alt.Y("n:Q", title=None))


def _days(kind: str = "T", unit: str | None = None, band: float | None = None) -> alt.X:
    axis = alt.Axis(format="%-d %b", labelOverlap=True, tickCount=8, grid=False)
    given: dict[str, Any] = {"timeUnit": unit} if unit else {}
    if band is not None:
        given["bandPosition"] = band
    return alt.X(f"day:{kind}", title=None, scale=UTC, axis=axis, **given)


def _with_goal(
    layers: list[alt.Chart], goal: float | None, words: Words, narrow: bool
) -> alt.LayerChart:
    if goal is not None:
        at = alt.Chart(alt.Data(values=[{"goal": goal, "label": words.goal}]))
        line = at.mark_rule(color=VERMILION, strokeDash=[6, 4], strokeWidth=2)
        layers.append(line.encode(y="goal:Q"))
        # What the line is stands above the chart, where no bar is behind it.
        above = alt.value(-KEY_HIGH)
        layers.append(line.encode(y=above, x=alt.value(0), x2=alt.value(KEY_WIDTH)))
        label = at.mark_text(color=VERMILION, align="left", baseline="middle", dx=KEY_WIDTH + 6)
        layers.append(label.encode(text="label:N", x=alt.value(0), y=above))
    return alt.layer(*layers).properties(width=NARROW if narrow else WIDTH, height=HEIGHT)


def _drawn(chart: Any, words: Words, *, narrow: bool = False) -> str:
    # On a telephone the name of the area takes a line of its own.
    said: str | list[str] = words.title.split(": ", 1) if narrow else words.title
    titled = chart.properties(
        title=alt.TitleParams(said, subtitle=words.y, anchor="start", color=INK)
    ).configure(
        background="white",
        font="sans-serif",
        padding=8,
        axis=alt.AxisConfig(
            labelColor=QUIET, labelFontSize=12, gridColor=LINE, domainColor=QUIET, tickColor=QUIET
        ),
        text=alt.MarkConfig(fontSize=12, fontWeight="bold"),
        title=alt.TitleConfig(
            fontSize=12 if narrow else 14, subtitleFontSize=12, subtitleColor=QUIET, offset=8
        ),
        view=alt.ViewConfig(stroke=None),
        header=alt.HeaderConfig(labelFontSize=12, labelColor=INK),
    )
    return str(
        vl_convert.vegalite_to_svg(
            titled.to_dict(validate=False),
            vl_version=VEGA_LITE,
            format_locale=_numbers(words.language),
            time_format_locale=_times(words.language),
        )
    )


def _numbers(language: str) -> dict[str, Any]:
    return {
        "decimal": str(get_format("DECIMAL_SEPARATOR", language)),
        "thousands": str(get_format("THOUSAND_SEPARATOR", language)),
        "grouping": [3],
        "currency": ["", ""],
    }


def _times(language: str) -> dict[str, Any]:
    """Return names of days and months as d3 wants them, from CLDR."""
    locale = Locale.parse(language, sep="-")
    days, months = locale.days["format"], locale.months["format"]
    week = (6, 0, 1, 2, 3, 4, 5)
    return {
        "dateTime": "%A, %-d %B %Y %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [days["wide"][n] for n in week],
        "shortDays": [days["abbreviated"][n] for n in week],
        "months": [months["wide"][n] for n in range(1, 13)],
        "shortMonths": [months["abbreviated"][n] for n in range(1, 13)],
    }
