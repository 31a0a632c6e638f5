"""A week as OR-Tools' routing knows it, and the search for better routes in it."""

from __future__ import annotations

import time

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from cacah.outreach.planning.effort import Effort, Tell
from cacah.outreach.planning.routes import Routes, Timetable

DAY = 24 * 60


class Model:
    """A timetable in the words of OR-Tools: a vehicle for each shift, a depot for each base."""

    def __init__(self, table: Timetable, *, fair: bool) -> None:
        self.table, self.fair = table, fair
        self.shifts = [n for n, shift in enumerate(table.shifts) if not shift.is_full]
        self.vehicle_of = {n: vehicle for vehicle, n in enumerate(self.shifts)}
        self.allowed = {
            n: [self.vehicle_of[each] for each in table.allowed(stop)]
            for n, stop in enumerate(table.stops)
            if stop.pin is None
        }
        pinned = {n: [v] for v, s in enumerate(self.shifts) for n in table.shifts[s].pinned}
        self.vehicles = pinned | {n: found for n, found in self.allowed.items() if found}
        # A node for each stop that can be planned, then one for each base.
        self.stops = sorted(self.vehicles)
        self.node_of = {stop: node for node, stop in enumerate(self.stops)}
        bases = [len(self.stops) + table.shifts[n].crew for n in self.shifts]
        nodes = len(self.stops) + len(table.problem.crews)
        self.places = [*self.stops, *range(len(table.stops), len(table.ways))]
        self.manager = pywrapcp.RoutingIndexManager(nodes, len(self.shifts), bases, bases)
        self.routing = pywrapcp.RoutingModel(self.manager)

    def solve(self, begun: Routes, effort: Effort, tell: Tell | None) -> Routes | None:
        """Return better routes than those begun with, where the search finds any."""
        if not self.shifts or not self.stops:
            return None
        self._ways_and_hours()
        self._stops()
        self._quotas()
        parameters = self._parameters(effort)
        self.routing.CloseModelWithParameters(parameters)
        ended = self._listen(effort, tell)
        hint = self.routing.ReadAssignmentFromRoutes(self._hint(begun), True)
        found = (
            self.routing.SolveFromAssignmentWithParameters(hint, parameters)
            if hint
            else self.routing.SolveWithParameters(parameters)
        )
        if ended:
            raise ended[0]
        return self._routes(found) if found else None

    def _ways_and_hours(self) -> None:
        ways = [[self.table.ways[a][b] for b in self.places] for a in self.places]
        stays = [self.table.stops[n].minutes for n in self.stops]
        stays += [0] * (len(self.places) - len(stays))
        way = self.routing.RegisterTransitMatrix(ways)
        self.routing.SetArcCostEvaluatorOfAllVehicles(way)
        taken = [[way + stay for way in row] for row, stay in zip(ways, stays, strict=True)]
        evaluator = self.routing.RegisterTransitMatrix(taken)
        self.routing.AddDimension(evaluator, DAY, 2 * DAY, False, "time")
        self.time = self.routing.GetDimensionOrDie("time")
        for vehicle, n in enumerate(self.shifts):
            shift = self.table.shifts[n]
            starts, ends = max(0, shift.starts), min(2 * DAY, shift.ends)
            self.time.CumulVar(self.routing.Start(vehicle)).SetRange(starts, ends)
            self.time.CumulVar(self.routing.End(vehicle)).SetRange(starts, ends)

    def _stops(self) -> None:
        for node, n in enumerate(self.stops):
            stop, index = self.table.stops[n], self.manager.NodeToIndex(node)
            if stop.pin:
                self.time.CumulVar(index).SetValue(stop.pin.begins)
            else:
                self.routing.AddDisjunction([index], stop.weight)
                self.time.CumulVar(index).SetRange(
                    max(0, stop.opens), max(0, stop.opens, stop.closes - stop.minutes)
                )
            if len(self.vehicles[n]) < len(self.shifts):
                nobody = [] if stop.pin else [-1]
                self.routing.VehicleVar(index).SetValues([*nobody, *self.vehicles[n]])

    def _quotas(self) -> None:
        """Let no team do more visits in its days than its share, or than it can."""
        counts = [int(self.table.stops[n].counts) for n in self.stops]
        counts += [0] * (len(self.places) - len(counts))
        evaluator = self.routing.RegisterUnaryTransitVector(counts)
        daily = [self.table.shifts[n].most for n in self.shifts]
        self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, daily, True, "visits")
        visits = self.routing.GetDimensionOrDie("visits")
        for crew, (share, most) in enumerate(self.table.quotas):
            ends = [
                visits.CumulVar(self.routing.End(vehicle))
                for vehicle, n in enumerate(self.shifts)
                if self.table.shifts[n].crew == crew
            ]
            quota = (share if self.fair else most) - self._fixed(crew)
            if ends and quota < len(self.stops):
                solver = self.routing.solver()
                solver.Add(solver.Sum(ends) <= max(0, quota))

    def _fixed(self, crew: int) -> int:
        """Return the visits of a crew in shifts that are full as they are."""
        full = [shift for shift in self.table.shifts if shift.is_full and shift.crew == crew]
        return sum(self.table.stops[n].counts for shift in full for n in shift.pinned)

    def _parameters(self, effort: Effort) -> object:
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        strategies = routing_enums_pb2.FirstSolutionStrategy
        parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
        searches = routing_enums_pb2.LocalSearchMetaheuristic
        parameters.local_search_metaheuristic = searches.GUIDED_LOCAL_SEARCH
        parameters.time_limit.FromMilliseconds(effort.milliseconds)
        parameters.solution_limit = effort.solutions
        return parameters

    def _listen(self, effort: Effort, tell: Tell | None) -> list[BaseException]:
        """Have the search say how far it is; what `tell` raises ends it and is returned."""
        ended: list[BaseException] = []
        began, said, seconds = time.monotonic(), 0.0, effort.milliseconds // 1000

        def heard() -> None:
            nonlocal said
            now = time.monotonic()
            if tell is None or ended or now - said < 1:
                return
            said = now
            try:
                tell(min(seconds, int(now - began)), seconds)
            except BaseException as raised:
                ended.append(raised)
                self.routing.CancelSearch()

        self.routing.AddAtSolutionCallback(heard)
        return ended

    def _hint(self, begun: Routes) -> list[list[int]]:
        return [
            [self.manager.NodeToIndex(self.node_of[stop]) for stop in begun[n]] for n in self.shifts
        ]

    def _routes(self, found: pywrapcp.Assignment) -> Routes:
        routes = self.table.agreed()
        for vehicle, n in enumerate(self.shifts):
            order, index = [], self.routing.Start(vehicle)
            while not self.routing.IsEnd(index):
                node = self.manager.IndexToNode(index)
                if node < len(self.stops):
                    order.append(self.stops[node])
                index = found.Value(self.routing.NextVar(index))
            routes[n] = order
        return routes
