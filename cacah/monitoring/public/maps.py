"""The map of the areas directly below one: from boundaries, or as squares where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cacah.areas.models import Boundary
from cacah.monitoring.public import tabled
from cacah.monitoring.public.disclosure import Public
from cacah.monitoring.public.tiles import grid
from cacah.staff.numerals import count, percent

# Steps of per cent that people count in; the first that reaches the highest in five classes.
STEPS = (1, 2, 4, 5, 10, 20)
CLASSES = 5
WIDTH, MOST_HIGH, TILE_HIGH = 960, 640, 64
TITLE_HIGH, LEGEND_HIGH, LEGEND_COLUMNS = 76, 26, 3
INK, PALE = "#1b1f1d", "#ffffff"
# Class → what fills it, and the letters on it; of contrast AA at least.
FILLS = {
    "c0": ("#e8f3ed", INK),
    "c1": ("#bfe0cf", INK),
    "c2": ("#86c3a4", INK),
    "c3": ("#2f7d58", PALE),
    "c4": ("#0a4a30", PALE),
    "few": ("url(#few)", INK),
    "none": ("#ffffff", INK),
}
MEASURE = "families_percent"


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the legend; `key` is one of `FILLS`."""

    key: str
    label: str
    areas: int
    x: int = 0
    y: int = 0

    @property
    def fill(self) -> str:
        """What its areas are filled with."""
        return FILLS[self.key][0]


@dataclass(frozen=True, slots=True)
class Shape:
    """One area as it is drawn: an outline, or a square at `x`, `y`."""

    key: str
    words: str
    path: str = ""
    x: int = 0
    y: int = 0
    label: str = ""
    value: str = ""

    @property
    def fill(self) -> str:
        """What it is filled with."""
        return FILLS[self.key][0]

    @property
    def ink(self) -> str:
        """The colour of letters on it."""
        return FILLS[self.key][1]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes within a view box; `across` and `high` are a square's size, 0 for outlines."""

    shapes: list[Shape]
    box: tuple[int, int, int, int]
    across: int = 0
    high: int = 0

    @property
    def height(self) -> int:
        """How high it is where it is `WIDTH` wide, or as high as it may be."""
        return min(MOST_HIGH, round(WIDTH * self.box[3] / self.box[2]))

    @property
    def inner(self) -> tuple[int, int]:
        """A square without the gap to the next."""
        return self.across - 2, self.high - 2

    @property
    def letters(self) -> int:
        """The size of letters in a square."""
        return 11 if self.across < 100 else 15


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of whole per cents: the first begins at `low`, each is `step` wide."""

    low: int
    step: int


def scale_of(found: Sequence[Public]) -> Scale:
    """Return the narrowest classes that reach from the lowest to the highest per cent."""
    values = [value for each in found if (value := each.value(MEASURE)) is not None]
    lowest, highest = min(values, default=0), max(values, default=0)
    for step in STEPS:
        low = int(lowest // step) * step
        if low + step * CLASSES > highest:
            return Scale(low, step)
    return Scale(0, STEPS[-1])


def class_of(each: Public, scale: Scale) -> str:
    """Return an area's style: `c0` to `c4`, `few`, or `none` where the register has too few."""
    if each.is_few("expected_families"):
        return "none"
    value = each.value(MEASURE)
    if value is None:
        return "few"
    return f"c{min(CLASSES - 1, int((value - scale.low) // scale.step))}"


def legend(found: Sequence[Public], scale: Scale) -> list[Class]:
    """Return the classes in words, each with how many areas it has."""
    keys = [class_of(each, scale) for each in found]
    bounds = [scale.low + n * scale.step for n in range(CLASSES + 1)]
    classes = [
        Class(
            f"c{n}",
            _("%(from)s to under %(to)s %%")
            % {"from": count(bounds[n]), "to": count(bounds[n + 1])}
            if n < CLASSES - 1
            else _("%(from)s %% and more") % {"from": count(bounds[n])},
            keys.count(f"c{n}"),
        )
        for n in range(CLASSES)
    ]
    few = Class("few", _("too few have responded to show"), keys.count("few"))
    none = Class("none", _("too few families to show"), keys.count("none"))
    return [*classes, *(each for each in (few, none) if each.areas)]


def map_svg(title: str, as_of: str, found: Sequence[Public], drawn: dict[str, Boundary]) -> str:
    """Return the map as SVG; from boundaries where at least one of the areas has one."""
    scale = scale_of(found)
    drawing = _outlined(found, drawn, scale) if drawn else _tiled(found, scale)
    top = TITLE_HIGH + drawing.height + LEGEND_HIGH
    classes = [
        replace(
            each,
            x=n % LEGEND_COLUMNS * (WIDTH // LEGEND_COLUMNS),
            y=top + n // LEGEND_COLUMNS * LEGEND_HIGH,
        )
        for n, each in enumerate(legend(found, scale))
    ]
    context = {
        "language": get_language(),
        "title": title,
        "as_of": as_of,
        "said": [words(each) for each in found],
        "drawing": drawing,
        "box": " ".join(map(str, drawing.box)),
        "legend": classes,
        "below_title": TITLE_HIGH,
        "width": WIDTH,
        "height": classes[-1].y + LEGEND_HIGH,
    }
    return render_to_string("monitoring/public/map.svg", context)


def words(each: Public) -> str:
    """Return an area with its per cent, as somebody would read it out."""
    if each.is_few("expected_families"):
        said = _("too few families to show")
    else:
        value = each.value(MEASURE)
        said = _("too few have responded to show") if value is None else percent(value)
    return f"{each.figures.name}: {said}"


def _outlined(found: Sequence[Public], drawn: dict[str, Boundary], scale: Scale) -> Drawing:
    shapes = [
        Shape(class_of(each, scale), words(each), drawn[each.figures.area].path)
        for each in found
        if each.figures.area in drawn
    ]
    left, top = min(b.left for b in drawn.values()), min(b.top for b in drawn.values())
    right, bottom = max(b.right for b in drawn.values()), max(b.bottom for b in drawn.values())
    # A little air, so that no outline is cut in half.
    air = max(right - left, bottom - top) // 100 + 1
    return Drawing(shapes, (left - air, top - air, right - left + 2 * air, bottom - top + 2 * air))


def _tiled(found: Sequence[Public], scale: Scale) -> Drawing:
    made = grid([(each.figures.area, each.figures.name) for each in found])
    across = WIDTH // made.columns
    high = min(across, TILE_HIGH)
    shapes = []
    for tile, each in zip(made.tiles, found, strict=True):
        value = tabled.said(each, "responded_families" if each.is_few(MEASURE) else MEASURE)
        x, y = tile.column * across, tile.row * high
        shapes.append(Shape(class_of(each, scale), words(each), "", x, y, tile.label, value))
    return Drawing(shapes, (0, 0, WIDTH, max(1, made.rows) * high), across, high)
