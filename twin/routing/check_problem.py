"""What makes a problem malformed: every fault is collected, then raised once.

The triangle inequality is not asked for: road times hold it, measured distances along the fastest
path may not, and no method here leans on it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.routing.problem import Problem, Vehicle

MOST_NODES = 32_000
"""Nodes of a search are numbered in 16 bits."""
MOST_SKILLS = 62
POSITIVE = Text("un nombre fini plus grand que zéro", "a finite number above zero")
NOT_NEGATIVE = Text("un nombre fini, zéro ou davantage", "a finite number, zero or more")
ZERO_OR_MORE = Text("zéro ou davantage, infini admis", "zero or more, infinite allowed")


def check_problem(problem: Problem) -> None:
    """Raise one `InputError` with every fault of `problem`, or return.

    Raises
    ------
    InputError
        Matrices that are not square, alike, finite and without negative entries; arrays of stops
        of other lengths; an unknown location; a negative demand, service or prize; a vehicle
        without capacity, working time, or with a negative price; dumps missing for `ends_empty`.
    """
    faults = list(_matrix_faults(problem))
    if not faults:
        size = len(problem.distance_m)
        faults += _stop_faults(problem, size)
        for number, kind in enumerate(problem.vehicles):
            faults += _vehicle_faults(f"vehicle {number}", kind, size)
        if not problem.vehicles:
            remedy = Text("donnez au moins un véhicule", "give at least one vehicle")
            expected = Text("au moins un type de véhicule", "at least one kind of vehicle")
            faults.append(Fault(expected, remedy, key="vehicles", value="()"))
    if faults:
        raise InputError(*faults)


def _matrix_faults(problem: Problem) -> Iterator[Fault]:
    shape = problem.distance_m.shape
    for key, table in (("distance_m", problem.distance_m), ("time_s", problem.time_s)):
        if table.ndim != 2 or table.shape[0] != table.shape[1] or table.shape != shape:  # noqa: PLR2004 - rows and columns
            expected = Text("deux matrices carrées de même taille", "two square matrices alike")
            remedy = Text("recalculez les matrices", "compute the matrices again")
            yield Fault(expected, remedy, key=key, value=str(table.shape))
            continue
        # A sum tells NaN and infinity in one pass; the place is looked for only if there is one.
        if not np.isfinite(table.sum()) or (table.size and table.min() < 0.0):
            row, column = np.argwhere(~(np.isfinite(table) & (table >= 0.0)))[0]
            remedy = Text(
                "reliez ces points par la route, ou retirez-les",
                "join these points by road, or take them out",
            )
            where = f"{key}, row {row}, column {column}"
            yield Fault(NOT_NEGATIVE, remedy, key=where, value=f"{table[row, column]:g}")


def _stop_faults(problem: Problem, size: int) -> Iterator[Fault]:
    stops = problem.stops
    if len(stops) > MOST_NODES:
        expected = Text(f"au plus {MOST_NODES} arrêts", f"at most {MOST_NODES} stops")
        remedy = Text("partagez la journée en secteurs", "split the day into sectors")
        yield Fault(expected, remedy, key="stops", value=str(len(stops)))
    columns = ("location", "demand", "service_s", "prize", "skills")
    for key in columns:
        values = getattr(stops, key)
        if values.shape != (len(stops),):
            expected = Text(f"{len(stops)} valeurs", f"{len(stops)} values")
            remedy = Text("une valeur par arrêt", "one value a stop")
            yield Fault(expected, remedy, key=f"stops.{key}", value=str(values.shape))
            return
    place = stops.location
    known = Text(f"un lieu entre 0 et {size - 1}", f"a location from 0 to {size - 1}")
    yield from _rows("location", place, (place >= 0) & (place < size), known)
    for key in ("demand", "service_s"):
        values = getattr(stops, key)
        yield from _rows(key, values, np.isfinite(values) & (values >= 0.0), NOT_NEGATIVE)
    yield from _rows("prize", stops.prize, stops.prize >= 0.0, ZERO_OR_MORE)
    mask = Text(f"un masque de {MOST_SKILLS} bits au plus", f"a mask of {MOST_SKILLS} bits at most")
    fits = (stops.skills >= 0) & (stops.skills < 1 << MOST_SKILLS)
    yield from _rows("skills", stops.skills, fits, mask)


def _rows(
    key: str, values: NDArray[np.generic], sound: NDArray[np.bool_], expected: Text
) -> Iterator[Fault]:
    """Yield a fault for the first bad row of a column, with how many there are."""
    bad = np.flatnonzero(~sound)
    if bad.size:
        remedy = Text(
            f"corrigez cet arrêt ({bad.size} en tout)", f"correct this stop ({bad.size} in all)"
        )
        where = f"stops.{key}, row {bad[0]}"
        yield Fault(expected, remedy, key=where, value=str(values[bad[0]]))


def _vehicle_faults(name: str, kind: Vehicle, size: int) -> Iterator[Fault]:
    remedy = Text("corrigez ce véhicule", "correct this vehicle")
    known = Text(f"un lieu entre 0 et {size - 1}", f"a location from 0 to {size - 1}")
    places = [("start", kind.start), ("end", kind.end)]
    places += [("dumps", place) for place in kind.dumps]
    for key, place in places:
        if not 0 <= place < size:
            yield Fault(known, remedy, key=f"{name}.{key}", value=str(place))
    if kind.count < 0:
        expected = Text("zéro ou davantage", "zero or more")
        yield Fault(expected, remedy, key=f"{name}.count", value=str(kind.count))
    if not 0.0 < kind.capacity < np.inf:
        yield Fault(POSITIVE, remedy, key=f"{name}.capacity", value=f"{kind.capacity:g}")
    if not kind.work_s > 0.0:
        expected = Text("plus grand que zéro, infini admis", "above zero, infinite allowed")
        yield Fault(expected, remedy, key=f"{name}.work_s", value=f"{kind.work_s:g}")
    for key in ("dump_s", "fixed_cost", "cost_per_m", "cost_per_s"):
        value = getattr(kind, key)
        if not 0.0 <= value < np.inf:
            yield Fault(NOT_NEGATIVE, remedy, key=f"{name}.{key}", value=f"{value:g}")
    if kind.ends_empty and not kind.dumps:
        expected = Text("au moins un exutoire", "at least one dump")
        advice = Text("donnez `dumps`, ou ends_empty=False", "give `dumps`, or ends_empty=False")
        yield Fault(expected, advice, key=f"{name}.dumps", value="()")
    if not 0 <= kind.skills < 1 << MOST_SKILLS:
        expected = Text("un masque de bits", "a bit mask")
        yield Fault(expected, remedy, key=f"{name}.skills", value=str(kind.skills))
