"""What the fixed calendar is made from: points, trucks, roads, working days, accepted risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.roads.travel import Travel
from twin.routing.problem import Vehicle

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Effort: TypeAlias = Literal["quick", "full"]


@dataclass(frozen=True, eq=False)
class CalendarInputs:
    """Everything :func:`models.waste.calendar.optimise.optimise` needs; arrays (points,).

    Attributes
    ----------
    rate_l, cv, capacity_l
        Mean litres a day, coefficient of variation of one day, litres a point holds.
    demand_per_l
        What a litre weighs in the unit of the vehicles' capacity (kg/l, or 1 for litres).
    service_s
        Time of a visit.
    travel
        Roads between locations: points, depots, dumps.
    location, depot
        Rows of `travel`: where each point is, and the depot whose trucks visit it.
    vehicles
        The fleet of every working day; a depot's trucks are those that start there.
    weekdays, first_weekday
        Days worked, and the weekday of the cycle's first day; 0 is Monday.
    risk
        Most probable share of intervals that find a point full: P(full before its next visit).
    longest_days
        The longest wait of each point, shape (points,), where it is decided elsewhere: the risk is
        then not asked.
    cycle_weeks
        The calendar repeats after so many weeks, 1 to 8.
    slack_days
        Days the worst gap of a rhythm may exceed the most regular one's.
    rate_sd, correlation
        Relative doubt about the rates and lag-1 correlation of daily amounts: see
        :mod:`models.waste.calendar.demand`.
    full_cost
        Cost of one visit that comes too late, in the vehicles' unit of cost: above 0, a point is
        visited more often than the risk demands where that is nearly free.
    load_share
        Share of a vehicle's capacity the expected loads may fill: what is left takes the chance.
    strict
        Refuse points that no calendar can serve at the risk; otherwise they get the smallest worst
        gap there is and are named in the result.
    seed, effort
        Dice of the search; "full" searches four times as long as "quick".
    """

    rate_l: Floats
    cv: Floats
    capacity_l: Floats
    demand_per_l: float
    service_s: Floats
    travel: Travel
    location: Ints
    depot: Ints
    vehicles: tuple[Vehicle, ...]
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    first_weekday: int = 0
    risk: float = 0.05
    longest_days: Ints | None = None
    cycle_weeks: int = 4
    slack_days: int = 1
    rate_sd: float = 0.0
    correlation: float = 0.0
    full_cost: float = 0.0
    load_share: float = 1.0
    strict: bool = True
    seed: int = 0
    effort: Effort = "full"

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.rate_l)

    def demand(self) -> Floats:
        """Return what a point receives in a day, in the unit of the vehicles' capacity."""
        return np.asarray(self.rate_l * self.demand_per_l, dtype=np.float64)

    def check(self) -> None:
        """Raise one InputError with every fault of shape, place or fleet."""
        faults = [*_shapes(self), *_ranges(self)]
        if not faults:
            faults = _places(self)
        if faults:
            raise InputError(*faults)


def _shapes(inputs: CalendarInputs) -> list[Fault]:
    return [
        Fault(
            key=key,
            value=str(np.shape(getattr(inputs, key))),
            expected=Text(f"une valeur par point, {len(inputs)}", f"one per point, {len(inputs)}"),
            remedy=Text("complétez la colonne", "complete the column"),
        )
        for key in ("rate_l", "cv", "capacity_l", "service_s", "location", "depot")
        if np.shape(getattr(inputs, key)) != (len(inputs),) or not len(inputs)
    ]


def _ranges(inputs: CalendarInputs) -> list[Fault]:
    bounds = {
        "demand_per_l": (0.0, np.inf),
        "full_cost": (0.0, np.inf),
        "load_share": (0.01, 1.0),
        "slack_days": (0.0, 2.0),
        "service_s": (0.0, np.inf),
    }
    faults = []
    for key, (low, high) in bounds.items():
        values = np.asarray(getattr(inputs, key), dtype=np.float64)
        if not bool(((values >= low) & (values <= high) & np.isfinite(values)).all()):
            faults.append(
                Fault(
                    key=key,
                    value=f"{values.min():g}",
                    expected=Text(f"de {low:g} à {high:g}", f"from {low:g} to {high:g}"),
                    remedy=Text("corrigez cette valeur", "mend this value"),
                )
            )
    if inputs.effort not in ("quick", "full"):
        faults.append(
            Fault(
                key="effort",
                value=str(inputs.effort),
                expected=Text("quick ou full", "quick or full"),
                remedy=Text("choisissez l'un des deux", "choose one of the two"),
            )
        )
    return faults


def _places(inputs: CalendarInputs) -> list[Fault]:
    known = len(inputs.travel)
    faults = [
        Fault(
            key=f"{key}[{row}]",
            value=str(getattr(inputs, key)[row]),
            expected=Text(f"un lieu de 0 à {known - 1}", f"a place from 0 to {known - 1}"),
            remedy=Text(
                "ajoutez ce lieu aux matrices de trajet", "add this place to the travel matrices"
            ),
        )
        for key in ("location", "depot")
        for row in np.flatnonzero((getattr(inputs, key) < 0) | (getattr(inputs, key) >= known))[:5]
    ]
    starts = {vehicle.start for vehicle in inputs.vehicles if vehicle.count > 0}
    faults.extend(
        Fault(
            key="vehicles",
            value=str(sorted(starts)),
            expected=Text(
                f"un véhicule qui parte du dépôt {depot}", f"a vehicle that starts from {depot}"
            ),
            remedy=Text(
                "ajoutez un véhicule, ou rattachez ces points à un autre dépôt",
                "add a vehicle, or give these points to another depot",
            ),
        )
        for depot in sorted({int(d) for d in inputs.depot} - starts)
    )
    return faults
