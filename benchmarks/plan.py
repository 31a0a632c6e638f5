"""Weeks of outreach planned: Kupang's six teams, and forty teams with 1,200 institutions.

Each plan is checked in plain words (`cacah/outreach/tests/judge.py`), and compared with the plan
that an officer would make by hand and with a cost that no plan can go below. `gained_percent` is
how much of what lies between these two it has gained; the bound forgets routes, so that a hundred
cannot be had. `holds`: each is planned in its time, and gains as much as is asked of it.

Usage: .venv/bin/python benchmarks/plan.py [--only NAME …] [--teams 40 --institutions 1200]
           [--seconds S, of search, in place of those that the office takes]
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from dataclasses import replace
from typing import Any

from telling import tell

from cacah.outreach.planning.bound import lower_bound
from cacah.outreach.planning.effort import Effort
from cacah.outreach.planning.explain import explain
from cacah.outreach.planning.greedy import greedy
from cacah.outreach.planning.problem import Crew, Problem, Spot, Stop
from cacah.outreach.planning.routes import Timetable
from cacah.outreach.planning.solver import propose
from cacah.outreach.planning.weights import usual_minutes, weight
from cacah.outreach.tests.judge import check

# Kupang, and how far its institutions lie from the middle, in degrees.
MIDDLE, TOWN, REGENCY = (-10.17, 123.60), 0.05, 0.30
WEEK = frozenset(range(5))
BUDGETS = {"kupang": 10, "kupang without coordinates": 10, "forty teams": 120, "scarce teams": 120}

# What a plan must have gained, in percent; a short search of a small week gains as much.
LEAST_GAIN = 25


def main() -> int:
    asked = arguments()
    large = {"teams": asked.teams, "institutions": asked.institutions, "spread": REGENCY}
    problems = {
        "kupang": lambda: week(6, 63, visits=11, spread=TOWN),
        "kupang without coordinates": lambda: week(6, 63, visits=11, spread=None),
        # Everybody can be visited, each for three quarters of an hour.
        "forty teams": lambda: week(**large, visits=32, minutes=45),
        # Ten or eleven visits a team: most have to be left out, and which is the question.
        "scarce teams": lambda: week(**large, visits=11),
    }
    figures = {
        name: measured(make(), asked.seconds)
        for name, make in problems.items()
        if name in asked.only
    }
    for name, each in figures.items():
        each["budget_seconds"] = BUDGETS[name]
        each["least_gain_percent"] = LEAST_GAIN
        in_time = each["seconds"] <= BUDGETS[name]
        each["holds"] = in_time and each["gained_percent"] >= LEAST_GAIN
        note(f"{name}: {each['seconds']} s, cost {each['cost']} (by hand {each['greedy_cost']})")
    used = resource.getrusage(resource.RUSAGE_SELF)
    result = {
        **figures,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "memory_megabytes": used.ru_maxrss // 1024,
        "holds": bool(figures) and all(each["holds"] for each in figures.values()),
    }
    return tell(result, "ortools")


def measured(problem: Problem, search: float | None) -> dict[str, Any]:
    """Plan a week as the office does; return what it took and how good it is."""
    effort = Effort.for_size(problem)
    if search is not None:
        effort = replace(effort, milliseconds=int(1000 * search))
    began = time.perf_counter()
    plan = propose(problem, effort=effort)
    findings = explain(problem, plan)
    seconds = time.perf_counter() - began
    check(problem, plan)
    table = Timetable(problem)
    by_hand = greedy(table)
    bound = lower_bound(table)
    many = [sum(v.crew == crew.id for v in plan.visits) for crew in problem.crews]
    return {
        "teams": len(problem.crews),
        "institutions": len(problem.stops),
        "seconds": round(seconds, 1),
        "planned": len(plan.visits),
        "left_out": len(plan.left_out),
        "left_out_by_hand": len(table.left_out(by_hand)),
        "fewest_and_most_visits": [min(many), max(many)],
        "minutes_on_the_way": plan.travel,
        "minutes_on_the_way_by_hand": table.ways_of(by_hand),
        "cost": plan.cost,
        "greedy_cost": table.cost(by_hand),
        "no_plan_below": bound,
        "above_bound_percent": round(100 * (plan.cost - bound) / max(1, bound), 1),
        "gained_percent": round(gained(table.cost(by_hand), plan.cost, bound), 1),
        "found_by": plan.by,
        "findings": [each.cause.value for each in findings],
    }


def gained(by_hand: int, cost: int, bound: int) -> float:
    """Return how much of what a plan could at most have gained it has, in percent."""
    return 100 * (by_hand - cost) / (by_hand - bound) if by_hand > bound else 100.0


def week(
    teams: int, institutions: int, *, visits: int, spread: float | None, minutes: int = 0
) -> Problem:
    """Return a week of a made-up town: few large offices and many small ones, as towns have."""
    drawn = random.Random(2020)
    crews = tuple(
        Crew(n, somewhere(drawn, spread, "5371"), WEEK, 480, 960, visits, -(-visits // 5) + 1)
        for n in range(teams)
    )
    stops = []
    for n in range(institutions):
        left = min(900, int(12 * drawn.paretovariate(1.1)))
        stops.append(
            Stop(
                n,
                somewhere(drawn, spread, f"5371{drawn.randint(1, 6):02}1{drawn.randint(1, 9):03}"),
                minutes or usual_minutes(left),
                drawn.choice([450, 480, 480, 480, 540]),
                drawn.choice([720, 900, 930, 930, 960]),
                frozenset(day for day in WEEK if drawn.random() > 0.1),
                weight(left, 1),
            )
        )
    return Problem(crews, tuple(stops))


def somewhere(drawn: random.Random, spread: float | None, area: str) -> Spot:
    if spread is None:
        return Spot(area)
    around = [middle + drawn.uniform(-spread, spread) for middle in MIDDLE]
    return Spot(area, *around)


def note(line: str) -> None:
    print(line, file=sys.stderr)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(BUDGETS), default=list(BUDGETS))
    parser.add_argument("--teams", type=int, default=40)
    parser.add_argument("--institutions", type=int, default=1200)
    parser.add_argument("--seconds", type=float)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
