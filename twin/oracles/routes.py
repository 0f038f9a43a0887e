"""Known truths of rounds: days solved by hand."""

from __future__ import annotations

from twin.lang import Text
from twin.oracle import Oracle


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of rounds."""
    hand = "by hand: 10 + 2 + 1 + 1 + 12 km on a straight road"
    what = Text(
        "deux pleins à 10 et 11 km, décharge à 12 km : la meilleure tournée",
        "two full loads at 10 and 11 km, dump at 12 km: the best round",
    )
    time = Text(
        "sa durée à 10 m/s, deux vidages de 60 s", "its time at 10 m/s, two unloadings of 60 s"
    )
    return (
        Oracle("routes.dump.km", what, hand, "km", 26.0, 1e-9, lambda: _round()[0] / 1e3),
        Oracle("routes.dump.time", time, hand, "s", 2_720.0, 1e-9, lambda: _round()[1]),
    )


def _round() -> tuple[float, float]:
    """Return length, m, and time, s, of the best day."""
    import numpy as np

    from twin.routing.problem import Problem, Stops, Vehicle
    from twin.routing.solve import solve

    places_m = [0.0, 12_000.0, 10_000.0, 11_000.0]
    distance_m = np.abs(np.subtract.outer(places_m, places_m))
    stops = Stops(
        location=np.array([2, 3]),
        demand=np.array([5.0, 5.0]),
        service_s=np.zeros(2),
        prize=np.full(2, np.inf),
        skills=np.zeros(2, dtype=np.int64),
    )
    kind = Vehicle(0, 0, 2, 5.0, dumps=(1,), dump_s=60.0, ends_empty=True, cost_per_s=0.0)
    plan = solve(Problem(distance_m, distance_m / 10.0, stops, (kind,)), seed=0, iterations=200)
    return float(plan.distance_m), float(plan.time_s)
