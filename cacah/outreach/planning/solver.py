"""The plan of a week: OR-Tools' routing, begun with the greedy plan and never worse than it."""

from __future__ import annotations

from dataclasses import replace

from cacah.outreach.planning import vehicles
from cacah.outreach.planning.effort import Effort, Tell, is_large
from cacah.outreach.planning.greedy import greedy
from cacah.outreach.planning.pieces import improve
from cacah.outreach.planning.problem import Plan, Problem
from cacah.outreach.planning.routes import Routes, Timetable


def propose(problem: Problem, *, effort: Effort | None = None, tell: Tell | None = None) -> Plan:
    """Return the best plan that was found; what cannot be planned is left out, never refused.

    `tell` hears about once a second how far the search is, and ends it by raising. The same
    problem gives the same plan unless the machine is too slow for the effort.
    """
    table = Timetable(problem)
    first = greedy(table)
    plans = [(table.cost(first), "greedy", first)]
    if any(stop.pin is None for stop in problem.stops) and table.shifts:
        effort = effort or Effort.for_size(problem)
        search = _by_pieces if is_large(problem) else _whole
        plans += search(table, first, effort, tell)
    _cost, by, routes = min(plans, key=lambda plan: plan[0])
    return table.plan(routes, by)


# Cost, how it was found, and the routes.
Found = tuple[int, str, Routes]


def _whole(table: Timetable, first: Routes, effort: Effort, tell: Tell | None) -> list[Found]:
    """Search all teams at once: beyond a fair share nobody; then who has room, for what is left."""
    plans: list[Found] = []
    for by, fair in (("fair", True), ("full", False)):
        begun = min(plans, key=lambda plan: plan[0])[2] if plans else first
        found = vehicles.Model(table, fair=fair).solve(begun, effort, tell)
        if found is not None:
            plans.append((table.cost(found), by, found))
        if found is not None and not table.left_out(found):
            break
    return plans


def _by_pieces(table: Timetable, first: Routes, effort: Effort, tell: Tell | None) -> list[Found]:
    """Search a few neighbouring teams at a time."""
    done, whole = 0, effort.milliseconds

    def tell_of_all(seconds: int, _of: int) -> None:
        if tell is not None:
            tell(min(whole, done + 1000 * seconds) // 1000, whole // 1000)

    def search(part: Timetable, begun: Routes, fair: bool, milliseconds: int) -> Routes | None:
        nonlocal done
        little = replace(effort, milliseconds=milliseconds)
        found = vehicles.Model(part, fair=fair).solve(begun, little, tell_of_all)
        done += milliseconds
        return found

    found = improve(table, first, whole, search)
    return [(table.cost(found), "pieces", found)]
