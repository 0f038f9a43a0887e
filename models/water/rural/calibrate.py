"""Background leakage that gives a target: so many m3/km/day, or such a yield.

Water seeps along every metre of main by FAVAD, Q = Cd sqrt(2g) (A0 h^0.5 + m h^1.5). What the
material and the age of a pipe make of A0 and m is an assumption; one factor over all of them is
found, so that leakage at the given pressures meets the target. The answer is linear in the factor:
no search is needed, but where leakage itself lowers the pressures (:func:`settle`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import NodeKind
from models.water.zone import Zone
from twin.errors import Fault, InputError
from twin.lang import Text

Floats = NDArray[np.float64]
Pressures = Callable[[Zone], Floats]

SECONDS_A_DAY = 86_400.0
REFERENCE_M = 40.0
DISCHARGE_M = 0.6 * np.sqrt(2.0 * 9.81)
"""Cd sqrt(2g): flow in m3/s of 1 m2 under 1 m of water, Cd 0.6."""

RATE_NEW = np.array([1.0, 0.5, 0.4, 0.3, 0.9, 1.0])
RATE_PER_DECADE = np.array([0.25, 0.10, 0.10, 0.10, 0.25, 0.30])
"""Seepage of a metre under 40 m, new and what ten years add, by material, relative [U]."""
EXPANDING = np.array([0.2, 0.2, 0.7, 0.9, 0.4, 0.2])
"""Share of it, under 40 m, that passes through area that grows with pressure [U].

N1 = 0.5 + share there: about 0.7 for iron, 1.2 to 1.4 for plastics (van Zyl & Clayton 2007 give
0.5 to 1.5 and more, the higher for plastics).
"""


@dataclass(frozen=True)
class Target:
    """What is to be met: exactly one of the two.

    `ilp_m3_per_km_day` leakage per kilometre of main and day; `yield_share` what is drawn over
    what is put in (rendement, no exports). `share` of that leakage is background; the rest is left
    to bursts.
    """

    ilp_m3_per_km_day: float | None = None
    yield_share: float | None = None
    share: float = 1.0

    def __post_init__(self) -> None:
        given = [each for each in (self.ilp_m3_per_km_day, self.yield_share) if each is not None]
        ilp, ratio = self.ilp_m3_per_km_day, self.yield_share
        fits = (ilp is None or ilp >= 0.0) and (ratio is None or 0.0 < ratio <= 1.0)
        if len(given) == 1 and fits and 0.0 <= self.share <= 1.0:
            return
        raise InputError(
            Fault(
                key="target",
                value=f"ilp {ilp}, yield {ratio}, share {self.share:g}",
                expected=Text(
                    "un ILP positif ou nul, ou un rendement entre 0 et 1, et une part de 0 à 1",
                    "an index of at least 0, or a yield between 0 and 1, and a share of 0 to 1",
                ),
                remedy=Text("donner l'un des deux", "give one of the two"),
            )
        )

    def leakage_m3s(self, demand_m3s: float, length_m: float) -> float:
        """Return the background leakage that meets the target, m3/s."""
        if self.yield_share is not None:
            return self.share * demand_m3s * (1.0 / self.yield_share - 1.0)
        assert self.ilp_m3_per_km_day is not None  # noqa: S101 - one of the two is given
        return self.share * self.ilp_m3_per_km_day * length_m / 1e3 / SECONDS_A_DAY


@dataclass(frozen=True, eq=False)
class Background:
    """Background leakage of one zone.

    `half`, `three_halves` by node, q = half p^0.5 + three_halves p^1.5 in m3/s with p in metres,
    shape (nodes,); `area_m2_per_m`, `expansion_m2_per_m2` by pipe, as EPANET wants them, shape
    (links,).
    """

    half: Floats
    three_halves: Floats
    area_m2_per_m: Floats
    expansion_m2_per_m2: Floats

    def flow_m3s(self, pressure_m: Floats) -> Floats:
        """Return what each node loses, m3/s; pressures of shape (..., nodes)."""
        p = np.maximum(pressure_m, 0.0)
        return np.asarray(np.sqrt(p) * (self.half + self.three_halves * p))


def mean_demand_m3s(zone: Zone) -> float:
    """Return the zone's mean demand, m3/s."""
    demands = zone.network.demands
    means = np.array([pattern.values.mean() for pattern in zone.network.patterns])
    shape = np.where(demands.pattern >= 0, means[demands.pattern], 1.0)
    return float((demands.base_m3s * shape).sum()) * zone.network.options.demand_multiplier


def calibrate(
    zones: Sequence[Zone], pressures_m: Sequence[Floats], target: Target, *, year: int = 2026
) -> tuple[Background, ...]:
    """Return the background of zones that together meet a target, at given pressures.

    One factor for all of them: an older or higher-pressed zone leaks more than its share. Give
    zones one by one for each to meet the target by itself.

    Parameters
    ----------
    zones
        The zones.
    pressures_m
        Pressures of each, shape (nodes,) or (hours, nodes): leakage is averaged over hours.
    target
        What the zones together are to lose.
    year
        In which pipes have their age.
    """
    plain = [_relative(zone, year) for zone in zones]
    lost = sum(
        float(each.flow_m3s(p).sum(axis=-1).mean())
        for each, p in zip(plain, pressures_m, strict=True)
    )
    demand = sum(mean_demand_m3s(zone) for zone in zones)
    length = sum(zone.network.length_km for zone in zones) * 1e3
    factor = target.leakage_m3s(demand, length) / lost if lost > 0.0 else 0.0
    return tuple(
        Background(
            factor * each.half,
            factor * each.three_halves,
            factor * each.area_m2_per_m,
            factor * each.expansion_m2_per_m2,
        )
        for each in plain
    )


def settle(
    zones: Sequence[Zone],
    pressures_of: Pressures,
    target: Target,
    *,
    year: int = 2026,
    rounds: int = 3,
) -> tuple[Background, ...]:
    """Return the background of zones, with the pressures that hold while it leaks.

    `pressures_of` solves a zone, leakage of its pipes included, and returns pressures (nodes,) or
    (hours, nodes). Leakage lowers them a little: the factor is found again on the new ones, which
    settles at once where mains are wide.
    """
    found = calibrate(zones, [pressures_of(zone) for zone in zones], target, year=year)
    for _ in range(rounds - 1):
        leaking = [leaky(zone, each) for zone, each in zip(zones, found, strict=True)]
        found = calibrate(zones, [pressures_of(zone) for zone in leaking], target, year=year)
    return found


def leaky(zone: Zone, background: Background) -> Zone:
    """Return the zone with the leakage on its pipes, as EPANET reads it."""
    links = replace(
        zone.network.links,
        leak_area_m2_per_m=background.area_m2_per_m,
        leak_expansion_m2_per_m2=background.expansion_m2_per_m2,
    )
    return replace(zone, network=replace(zone.network, links=links))


def _relative(zone: Zone, year: int) -> Background:
    """Return the background for a factor of 1: a new cast iron main seeps 1 m3/s a metre."""
    links, nodes = zone.network.links, zone.network.nodes
    pipes = zone.network.pipes
    decades = np.maximum(year - zone.laid_year.astype(np.float64), 0.0) / 10.0
    rate = RATE_NEW[zone.material] + RATE_PER_DECADE[zone.material] * decades
    expanding = EXPANDING[zone.material]
    root = np.sqrt(REFERENCE_M)
    half = np.where(pipes, rate * (1.0 - expanding) / root, 0.0)
    three = np.where(pipes, rate * expanding / root / REFERENCE_M, 0.0)
    fixed = nodes.kind != NodeKind.JUNCTION
    # EPANET halves a pipe's leakage between its ends; a tank or a reservoir takes none of it.
    start_fixed, end_fixed = fixed[links.start], fixed[links.end]
    to_start = np.where(start_fixed, 0.0, np.where(end_fixed, 1.0, 0.5)) * links.length_m
    to_end = np.where(end_fixed, 0.0, np.where(start_fixed, 1.0, 0.5)) * links.length_m

    def by_node(per_metre: Floats) -> Floats:
        count = len(nodes)
        return np.asarray(
            np.bincount(links.start, weights=per_metre * to_start, minlength=count)
            + np.bincount(links.end, weights=per_metre * to_end, minlength=count)
        )

    return Background(by_node(half), by_node(three), half / DISCHARGE_M, three / DISCHARGE_M)
