"""Draws the weekly report as a PDF of A4 pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cacah.areas.codes import dotted
from cacah.institutions.outsiders import Row
from cacah.monitoring import tabled
from cacah.monitoring.figures import Ranked
from cacah.monitoring.places import BELOW, LEVELS
from cacah.monitoring.reports.gathering import MOST, Evaluation, sibling_of
from cacah.monitoring.reports.page import QUIET, Pages
from cacah.staff.numerals import clock, count, day, percent, written

DAYS = 14


def report_pdf(report: Evaluation, language: str) -> bytes:
    """Return the report in a language as the bytes of a PDF."""
    with override(language):
        title = _("Weekly evaluation: %(area)s") % {"area": report.found.figures.name}
        pdf = Pages(language, title, f"{report.census.name} · {title} · {moment_of(report)}")
        _head(pdf, report, title)
        _key_figures(pdf, report)
        _days(pdf, report)
        _places(pdf, report)
        _modes(pdf, report)
        _waiting(pdf, report)
        _institutions(pdf, report)
        return bytes(pdf.output())


def moment_of(report: Evaluation) -> str:
    """Return the day and time of the figures."""
    here = timezone.localtime(report.found.as_of)
    return _("Figures as of %(day)s, %(time)s %(zone)s") % {
        "day": day(here.date()),
        "time": clock(here),
        "zone": here.tzname(),
    }


def _head(pdf: Pages, report: Evaluation, title: str) -> None:
    own = report.found.figures
    pdf.say(report.census.name, 10, QUIET)
    pdf.ln(1)
    pdf.say(title, 19, bold=True)
    pdf.ln(1)
    code = f" · {dotted(own.area)}" if own.area else ""
    pdf.say(f"{LEVELS[own.level]}{code} · {moment_of(report)}", 10, QUIET)
    pdf.ln(3)
    pdf.say(verdict(report), 12, bold=True)


def verdict(report: Evaluation) -> str:
    """Return in one sentence how the area stands."""
    own, trend = report.found.figures, report.found.trend
    if own.standing == "missing" and trend.needed is None:
        words = _("The census is over and the target was not reached: %(gap)s people lack.")
        return words % {"gap": count(own.gap)}
    said = {
        "empty": _("The register has nobody here."),
        "none": _("No target is set for this area."),
        "done": _("The target is reached."),
        "early": _("Too early to tell: %(needed)s people a day are needed."),
        "begun": _("On course: %(pace)s people a day, %(needed)s are needed."),
        "missing": _("Behind: %(pace)s people a day, %(needed)s are needed."),
    }
    return said[own.standing] % {"pace": count(trend.week), "needed": count(trend.needed)}


def _key_figures(pdf: Pages, report: Evaluation) -> None:
    pdf.heading(_("Where we stand"))
    pdf.grid(
        ["", pgettext("how many", "Number"), _("Per cent"), _("Out of")],
        list(_stands(report)),
        (44, 16, 14, 56),
        last_is_text=True,
    )


def _stands(report: Evaluation) -> Iterator[Sequence[str]]:
    own, trend = report.found.figures, report.found.trend
    families = _("%(n)s families in the register") % {"n": count(own.expected_families)}
    people = _("%(n)s people in the register") % {"n": count(own.expected_persons)}
    responded = count(own.responded_families)
    yield _("Families responded"), responded, percent(own.families_percent), families
    complete = count(own.complete_families)
    yield _("Families complete"), complete, percent(own.complete_percent), families
    persons = count(own.responded_persons)
    yield _("Persons responded"), persons, percent(own.persons_percent), people
    if own.projected_population is not None:
        of = _("%(n)s people projected") % {"n": count(own.projected_population)}
        yield _("Persons responded"), persons, percent(own.projected_percent), of
    if own.target_persons is not None:
        of = _("target of %(n)s people") % {"n": count(own.target_persons)}
        yield _("Persons responded"), persons, percent(own.target_reached_percent), of
        yield _("Persons lacking to the target"), count(own.gap), "", ""
    opened = _("%(n)s families that opened the form") % {"n": count(own.opened_families)}
    yield (
        _("Families that finished"),
        count(own.finished_families),
        percent(own.finished_percent),
        opened,
    )
    pace = _("persons a day, over the seven days before today")
    yield _("Pace reached"), count(trend.week), "", pace
    if trend.needed is not None:
        left = _("persons a day, with %(n)s days left") % {"n": count(trend.days_left)}
        yield _("Pace needed"), count(trend.needed), "", left
    if (place := report.found.rank) is not None and place.value is not None:
        beside = _("of %(n)s, by per cent of the people in the register") % {
            "n": count(report.found.beside)
        }
        yield _("Rank among the areas beside it"), count(place.rank), "", beside


def _days(pdf: Pages, report: Evaluation) -> None:
    pdf.heading(_("Persons responded on each of the last 14 days"), room=75)
    came = {each.day: each.responded_persons for each in report.found.days}
    last = [report.found.today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    needed = report.found.trend.needed
    words = _("Needed: %(n)s a day") % {"n": count(needed)}
    pdf.bars([(each, came.get(each, 0)) for each in last], needed, words)
    pdf.say(_("The last bar is today, which is not over."), 8, QUIET)


def _places(pdf: Pages, report: Evaluation) -> None:
    if not report.places:
        return
    below = str(BELOW[report.found.figures.level])
    if not report.last:
        pdf.heading(below, room=50)
        _ranking(pdf, report.best)
        return
    pdf.heading(_("%(areas)s: the first %(n)s") % {"areas": below, "n": MOST}, room=50)
    _ranking(pdf, report.best)
    pdf.heading(_("%(areas)s: the last %(n)s") % {"areas": below, "n": MOST}, room=50)
    _ranking(pdf, report.last)


def _ranking(pdf: Pages, places: Sequence[Ranked]) -> None:
    headings = [
        _("Area"),
        _("Rank"),
        _("Persons responded"),
        _("Persons in the register"),
        _("Per cent of the register"),
        _("Pace a day (7 days)"),
        _("Pace needed"),
    ]
    rows = []
    for place in places:
        each = sibling_of(place)
        rows.append(
            (
                each.name,
                count(place.rank),
                count(each.responded_persons),
                count(each.expected_persons),
                percent(place.value),
                count(each.week),
                count(each.needed),
            )
        )
    pdf.grid(headings, rows, (40, 18, 22, 22, 20, 20, 18))


def _modes(pdf: Pages, report: Evaluation) -> None:
    table = tabled.modes(report.found)
    pdf.heading(_("How the answers came"), room=45)
    kinds = [column.kind for column in table.columns]
    rows = [
        [written(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in table.rows
    ]
    pdf.grid([column.heading for column in table.columns], rows, (50, 26, 30, 26, 30))


def _waiting(pdf: Pages, report: Evaluation) -> None:
    own = report.found.figures
    pdf.heading(_("Waiting for an officer"), room=40)
    rows = [
        (_("Families that are not in the register, to be verified"), count(report.to_be_verified)),
        (_("Families that ask for a visit and have not answered"), count(report.to_be_visited)),
        (_("Families that opened the form and have not finished"), count(own.unfinished_families)),
    ]
    pdf.grid([_("Families that wait"), pgettext("how many", "Number")], rows, (110, 30))


def _institutions(pdf: Pages, report: Evaluation) -> None:
    if not report.institutions:
        return
    pdf.heading(_("Institutions"), room=50)
    headings = [
        _("Institution"),
        _("Rank"),
        _("People complete"),
        _("People asked"),
        _("Per cent of them"),
    ]
    shown, left_out = _first_and_last(report.institutions)
    pdf.grid(headings, [_institution(row) for row in shown], (70, 14, 24, 24, 24))
    pdf.ln(1)
    if left_out:
        words = _("Between the first and the last %(n)s institutions are left out here.")
        pdf.say(words % {"n": count(left_out)}, 8, QUIET)
    words = _("Asked: on the roster and not exempt. Fewer than 5 people are not shown apart.")
    pdf.say(words, 8, QUIET)


def _first_and_last(rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
    """Return the rows to be shown, and how many between them are not."""
    if len(rows) <= 2 * MOST + 1:
        return rows, 0
    return [*rows[:MOST], *rows[-MOST:]], len(rows) - 2 * MOST


def _institution(row: Row) -> Sequence[str]:
    name = row.name or _("%(n)s small ones together") % {"n": count(row.several)}
    rank = count(row.rank) if row.rank else ""
    if row.counts is None:
        return name, rank, "", _("too few to be shown"), ""
    return (
        name,
        rank,
        count(row.counts.complete),
        count(row.counts.asked),
        percent(row.counts.percent),
    )
