"""Points that no truck can serve: too far for one shift, or holding more than a truck takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.waste.points import StreamPoints
from models.waste.rounds import Depot, Service
from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text
from twin.roads.travel import Travel

Floats = NDArray[np.float64]


def alone_s(depot: Depot, service: Service, travel: Travel) -> Floats:
    """Return the time of a round to each of a depot's points alone, shape (its points,), seconds.

    Out, the visit, on to the dump that is best on the way home, unloading, home.
    """
    vehicle, time_s = depot.vehicle, travel.time_s
    where = service.location[depot.points]
    way_s = time_s[vehicle.start, where] + service.service_s[depot.points]
    dumps = np.array(vehicle.dumps, dtype=np.int64)
    if not len(dumps):
        return np.asarray(way_s + time_s[where, vehicle.end])
    home_s = time_s[np.ix_(where, dumps)] + time_s[dumps, vehicle.end]
    return np.asarray(way_s + home_s.min(axis=1) + vehicle.dump_s)


def refuse_unreachable(
    stream: str,
    points: StreamPoints,
    depots: Sequence[Depot],
    service: Service,
    travel: Travel,
    file: str,
) -> None:
    """Refuse points whose round alone takes longer than a shift; `file` is where they come from.

    Raises
    ------
    DataError
        Once, with every such point.
    """
    faults = []
    for depot in depots:
        taken_s = alone_s(depot, service, travel)
        most_s = max(each.work_s for each in depot.vehicles)
        faults += [
            Fault(
                file=file,
                key=points.ids[depot.points[row]],
                value=_hours(float(taken_s[row])),
                expected=Text(
                    f"au plus {_hours(most_s)} depuis le dépôt {depot.name}"
                    " (aller, service, vidage, retour)",
                    f"at most {_hours(most_s)} from depot {depot.name}"
                    " (out, service, unloading, home)",
                ),
                remedy=Text(
                    f"corriger le point, ajouter un dépôt plus proche, ou allonger "
                    f"waste.streams.{stream}.shift",
                    f"mend the point, add a nearer depot, or lengthen waste.streams.{stream}.shift",
                ),
            )
            for row in np.flatnonzero(taken_s > most_s).tolist()
        ]
    raise_all(faults)


def cut_to_truck(points: StreamPoints, truck_l: float) -> StreamPoints:
    """Return the points, none of which holds more than one truck takes, litres as in bins."""
    if not np.any(points.capacity_l > truck_l):
        return points
    return replace(points, capacity_l=np.minimum(points.capacity_l, truck_l))


def cut_notice(stream: str, points: StreamPoints, truck_l: float) -> list[Text]:
    """Return what to tell of points that hold more than a truck takes: nothing, or one notice."""
    larger = np.flatnonzero(points.capacity_l > truck_l)
    if not len(larger):
        return []
    names = ", ".join(points.ids[row] for row in larger[:5].tolist())
    names += ", …" if len(larger) > 5 else ""  # noqa: PLR2004 - as many as are named
    return [
        Text(
            f"{stream} : {len(larger)} point(s) contiennent plus qu'un camion, comptés à sa"
            f" capacité ({truck_l / 1e3:.1f} m3) : {names}",
            f"{stream}: {len(larger)} point(s) hold more than a truck, counted at its"
            f" capacity ({truck_l / 1e3:.1f} m3): {names}",
        )
    ]


def _hours(seconds: float) -> str:
    minutes = round(seconds / 60.0)
    return f"{minutes // 60} h {minutes % 60:02d}"
