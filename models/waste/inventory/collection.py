"""Bins that fill, one truck a day, and what it all costs: what everybody knows of an instance.

The coming fills are not in here, so that a policy built from it cannot see them.

A day: in the morning the levels are read and bins are chosen; the truck empties them wholly; then
the day's fill arrives, and what does not fit in a bin overflows and is charged by the litre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.program import Program
from models.waste.inventory.tours import MOST_PLACES, Tours, optimal_tours
from twin.errors import Fault, InputError, RunError
from twin.lang import Text, same

FILL_AT_EMPTYING = 0.8
"""Mean fill of the bins that perfect information empties: 0.81 to 0.84 on random instances [D].

Charging the levels left as if bins were emptied full makes the end too cheap: the clairvoyant then
leaves its bins fuller than at any time before (docs/method/inventory.md).
"""


@dataclass(frozen=True, eq=False)
class Collection:
    """Arrays of bins have shape (bins,).

    Attributes
    ----------
    distance_km : NDArray[np.float64]
        Shape (bins + 1, bins + 1); row 0 is the depot, where the truck empties itself.
    capacity_l, rate_l : NDArray[np.float64]
        What a bin holds, and its expected fill a day, litres.
    variation : float
        Coefficient of variation of a day's fill (gamma, days independent).
    truck_l : float
        Litres a round brings back, at least the largest bin.
    loads : int
        Rounds a day; each starts and ends at the depot.
    eur_per_km, eur_per_stop, eur_per_l_over : float
        Price of a kilometre, of a stop, of a litre overflowed.
    """

    distance_km: NDArray[np.float64]
    capacity_l: NDArray[np.float64]
    rate_l: NDArray[np.float64]
    variation: float
    truck_l: float
    loads: int
    eur_per_km: float
    eur_per_stop: float
    eur_per_l_over: float

    def __post_init__(self) -> None:
        """Refuse what no truck could collect."""
        bins = len(self)
        rules = (
            ("bins", str(bins), 1 <= bins <= MOST_PLACES, same(f"1 ... {MOST_PLACES}")),
            (
                "distance_km",
                str(self.distance_km.shape),
                self.distance_km.shape == (bins + 1, bins + 1),
                same(f"({bins + 1}, {bins + 1})"),
            ),
            (
                "capacity_l, rate_l",
                str(self.rate_l.shape),
                self.rate_l.shape == (bins,)
                and bool(np.all(self.capacity_l > 0.0) and np.all(self.rate_l > 0.0)),
                Text("un nombre positif par bac", "a positive number a bin"),
            ),
            (
                "truck_l",
                f"{self.truck_l:g}",
                bool(self.truck_l >= self.capacity_l.max(initial=0.0)),
                Text("au moins le plus grand bac", "at least the largest bin"),
            ),
            ("loads", str(self.loads), self.loads >= 1, same(">= 1")),
            (
                "eur_per_km, eur_per_stop, eur_per_l_over, variation",
                str((self.eur_per_km, self.eur_per_stop, self.eur_per_l_over, self.variation)),
                min(self.eur_per_km, self.eur_per_stop, self.eur_per_l_over) >= 0.0
                and self.variation > 0.0,
                Text("des prix non négatifs, variation > 0", "prices from 0, variation > 0"),
            ),
        )
        faults = [
            Fault(wanted, Text("corrigez cette valeur", "correct this value"), key=key, value=value)
            for key, value, kept, wanted in rules
            if not kept
        ]
        if faults:
            raise InputError(*faults)

    def __len__(self) -> int:
        """Return the number of bins."""
        return len(self.capacity_l)


@dataclass(frozen=True, eq=False)
class RoundPrices:
    """What every round costs; bit i of a subset is bin i.

    Attributes
    ----------
    tours : Tours
        Shortest rounds, km.
    eur : NDArray[np.float64]
        Shape (2^bins,): price of the round through each subset, stops included.
    stop_eur : NDArray[np.float64]
        Shape (bins,): what a full bin adds to the rounds to come (see :func:`shares_eur`).
    """

    tours: Tours
    eur: NDArray[np.float64]
    stop_eur: NDArray[np.float64]


def price_rounds(collection: Collection) -> RoundPrices:
    """Return the price of every round, and each bin's share."""
    tours = optimal_tours(collection.distance_km)
    stops = membership(len(collection)).sum(axis=1)
    eur = collection.eur_per_km * tours.length + collection.eur_per_stop * stops
    return RoundPrices(tours, eur, shares_eur(collection, eur))


def membership(bins: int) -> NDArray[np.bool_]:
    """Return which subset holds which bin, shape (2^bins, bins)."""
    return (np.arange(1 << bins)[:, None] >> np.arange(bins) & 1).astype(np.bool_)


def shares_eur(collection: Collection, eur: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a full bin adds to the rounds to come, shape (bins,).

    Bins are emptied at :data:`FILL_AT_EMPTYING`, any fraction of a round a day: the cheapest mix of
    rounds that keeps up with the fill costs sum(share x rate / capacity) a day, and the shares are
    its dual prices. So no round of bins at that fill costs less than their levels are charged, and
    together the charges pay for the mix, no more.

    Raises
    ------
    RunError
        HiGHS found no optimum.
    """
    member = membership(len(collection))
    load_l = FILL_AT_EMPTYING * (member @ collection.capacity_l)
    program = Program()
    columns = program.columns(-collection.rate_l / collection.capacity_l)
    for subset in np.flatnonzero(load_l <= collection.truck_l):
        if subset:
            program.row(-np.inf, float(eur[subset]), (columns[member[subset]], FILL_AT_EMPTYING))
    best = program.minimise()
    if best is None:
        raise RunError("the shares of the rounds have no optimum")
    return best.values
