"""Why a stop is in no round, in words a planner can act on."""

from __future__ import annotations

from twin.lang import Text
from twin.routing.problem import Problem, Vehicle

HOUR_S = 3600.0


def explain(problem: Problem, stop: int) -> Text:
    """Return why no vehicle takes a stop: the first reason that holds for every vehicle.

    No vehicle at all; no crew with the skills; too heavy for each; too far for each shift; else
    every vehicle that could take it alone is full or at work elsewhere.
    """
    kinds = [kind for kind in problem.vehicles if kind.count > 0]
    if not kinds:
        return Text(
            f"arrêt {stop} : aucun véhicule disponible", f"stop {stop}: no vehicle is available"
        )
    needs = int(problem.stops.skills[stop])
    kinds = [kind for kind in kinds if not needs & ~kind.skills]
    if not kinds:
        return Text(
            f"arrêt {stop} : aucune équipe n'a les compétences demandées (masque {needs:b})",
            f"stop {stop}: no crew has the skills asked for (mask {needs:b})",
        )
    demand = float(problem.stops.demand[stop])
    most = max(kind.capacity for kind in kinds)
    kinds = [kind for kind in kinds if demand <= kind.capacity]
    if not kinds:
        return Text(
            f"arrêt {stop} : trop lourd pour chaque véhicule ({demand:g}, au plus {most:g})",
            f"stop {stop}: too heavy for every vehicle ({demand:g}, at most {most:g})",
        )
    least = min(((_alone_s(problem, kind, stop), kind) for kind in kinds), key=_over)
    if _over(least) > 0.0:
        took, shift = least[0] / HOUR_S, least[1].work_s / HOUR_S
        return Text(
            f"arrêt {stop} : trop loin pour chaque équipe "
            f"({took:.2f} h à lui seul, au plus {shift:.2f} h)",
            f"stop {stop}: too far for every shift ({took:.2f} h alone, at most {shift:.2f} h)",
        )
    return Text(
        f"arrêt {stop} : tous les véhicules sont pleins ou occupés ailleurs",
        f"stop {stop}: all vehicles are full or at work elsewhere",
    )


def _over(timed: tuple[float, Vehicle]) -> float:
    """Return by how much a round outlasts its shift."""
    return timed[0] - timed[1].work_s


def _alone_s(problem: Problem, kind: Vehicle, stop: int) -> float:
    """Return the working time of a round for this stop alone."""
    time_s, here = problem.time_s, int(problem.stops.location[stop])
    there = float(time_s[kind.start, here]) + float(problem.stops.service_s[stop])
    if not kind.ends_empty:
        return there + float(time_s[here, kind.end])
    unload = min(float(time_s[here, dump] + time_s[dump, kind.end]) for dump in kind.dumps)
    return there + unload + kind.dump_s
