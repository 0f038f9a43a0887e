"""A few bins, a few days: what a policy costs, and what knowing every coming fill would cost.

Both are charged by the same code: kilometres, stops, litres overflowed, and the levels left at the
end at what they add to the rounds to come. That charge is a dual price
(:func:`~.collection.shares_eur`): a last round of usual bins never pays by itself, and litres left
are charged what litres cost in the cheapest mix of rounds, so nothing is gained by leaving the work
to the day after the horizon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.collection import Collection, RoundPrices, price_rounds
from models.waste.inventory.outlook import known
from models.waste.inventory.schedule import cheapest_schedule
from twin.errors import Fault, InputError, RunError
from twin.lang import Text, same

Decide = Callable[[int, NDArray[np.float64]], Iterable[int]]
"""(day, levels seen that morning in litres, shape (bins,)) -> bins to empty."""

_AGREE = 1e-6
_SPARE = 1e-9


@dataclass(frozen=True, eq=False)
class WasteInstance:
    """A collection, its levels on the first morning (bins,) and its fills (days, bins), litres."""

    collection: Collection
    level_l: NDArray[np.float64]
    fill_l: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse levels outside the bins and fills that are not numbers from 0."""
        bins = len(self.collection)
        level, fill = self.level_l, self.fill_l
        good_level = level.shape == (bins,) and bool(
            np.all((level >= 0.0) & (level <= self.collection.capacity_l))
        )
        good_fill = fill.shape[1:] == (bins,) and bool(np.all(np.isfinite(fill) & (fill >= 0.0)))
        faults = [
            Fault(expected, Text("corrigez ce tableau", "correct this table"), key=key)
            for key, kept, expected in (
                ("level_l", good_level, same(f"({bins},), 0 <= level_l <= capacity_l")),
                ("fill_l", good_fill, same(f"(days, {bins}), fill_l >= 0")),
            )
            if not kept
        ]
        if faults:
            raise InputError(*faults)

    @property
    def days(self) -> int:
        """Return the length of the horizon."""
        return len(self.fill_l)


@dataclass(frozen=True)
class Bill:
    """What was done and what it costs: `km_eur + stops_eur + over_eur + left_eur`."""

    km: float
    stops: int
    over_l: float
    km_eur: float
    stops_eur: float
    over_eur: float
    left_eur: float

    @property
    def cost_eur(self) -> float:
        """Return the sum."""
        return self.km_eur + self.stops_eur + self.over_eur + self.left_eur


def play(instance: WasteInstance, decide: Decide, prices: RoundPrices | None = None) -> Bill:
    """Return the bill of a policy that sees each morning's levels and nothing of what comes.

    The bins asked for are split into the cheapest rounds that the truck can carry.

    Raises
    ------
    InputError
        The policy asks for a bin that does not exist, or for more than the day's loads carry.
    """
    collection = instance.collection
    prices = prices or price_rounds(collection)
    level = instance.level_l.copy()
    km = over_l = 0.0
    stops = 0
    for day, fill_l in enumerate(instance.fill_l):
        chosen = sorted(set(decide(day, level.copy())))
        rounds = _rounds(collection, prices, day, level, chosen)
        km += sum(float(prices.tours.length[subset]) for subset in rounds)
        stops += len(chosen)
        level[chosen] = 0.0
        level += fill_l
        over_l += float(np.maximum(level - collection.capacity_l, 0.0).sum())
        level = np.minimum(level, collection.capacity_l)
    return Bill(
        km,
        stops,
        over_l,
        collection.eur_per_km * km,
        collection.eur_per_stop * stops,
        collection.eur_per_l_over * over_l,
        float(prices.stop_eur @ (level / collection.capacity_l)),
    )


def perfect_information(instance: WasteInstance, prices: RoundPrices | None = None) -> Bill:
    """Return the least bill of any policy, every coming fill known: a bound on all of them.

    Raises
    ------
    RunError
        HiGHS failed, or its objective is not what its schedule costs when played.
    """
    collection = instance.collection
    prices = prices or price_rounds(collection)
    outlook = known(collection, instance.level_l, instance.fill_l)
    schedule = cheapest_schedule(collection, prices, outlook)
    bill = play(instance, lambda day, _: np.flatnonzero(schedule.visit[day]).tolist(), prices)
    if abs(bill.cost_eur - schedule.cost_eur) > _AGREE * max(1.0, schedule.cost_eur):
        raise RunError(f"schedule played: {bill.cost_eur}; programme: {schedule.cost_eur}")
    return bill


def cheapest_rounds(
    prices: RoundPrices, level_l: NDArray[np.float64], wanted: int, truck_l: float, loads: int
) -> tuple[float, tuple[int, ...]]:
    """Return the cheapest split of a subset into rounds the truck can carry: (EUR, subsets).

    Infinite, and no subset, where the day's loads do not carry it.
    """
    if not wanted:
        return 0.0, ()
    bins = np.flatnonzero(wanted >> np.arange(len(level_l)) & 1)
    fits = float(level_l[bins].sum()) <= truck_l * (1.0 + _SPARE)
    best: tuple[float, tuple[int, ...]] = (np.inf, ())
    if fits:
        best = (float(prices.eur[wanted]), (wanted,))
    if loads == 1:
        return best
    part = wanted
    while part := (part - 1) & wanted:
        if part < wanted ^ part:
            continue  # the other half of the split has been, or will be, the part
        here, first = cheapest_rounds(prices, level_l, part, truck_l, 1)
        if here < best[0]:
            rest, others = cheapest_rounds(prices, level_l, wanted ^ part, truck_l, loads - 1)
            if here + rest < best[0]:
                best = (here + rest, (*first, *others))
    return best


def _rounds(
    collection: Collection,
    prices: RoundPrices,
    day: int,
    level: NDArray[np.float64],
    chosen: list[int],
) -> tuple[int, ...]:
    """Return the rounds of a day as subsets; refuse what cannot be done."""
    bins = len(collection)
    cost = np.inf
    rounds: tuple[int, ...] = ()
    if all(0 <= bin_ < bins for bin_ in chosen):
        wanted = sum(1 << bin_ for bin_ in chosen)
        cost, rounds = cheapest_rounds(prices, level, wanted, collection.truck_l, collection.loads)
    if not np.isfinite(cost):
        raise InputError(
            Fault(
                key=f"day {day}",
                value=str(chosen),
                expected=Text(
                    f"des bacs de 0 à {bins - 1} qui tiennent en {collection.loads} tournée(s) de"
                    f" {collection.truck_l:g} L",
                    f"bins 0 to {bins - 1} that fit in {collection.loads} round(s) of"
                    f" {collection.truck_l:g} L",
                ),
                remedy=Text("corrigez la règle de décision", "correct the policy"),
            )
        )
    return rounds
