"""Pressure loggers: where in a metered district they stand, and what the service's model says.

A part of a district is what belongs to one node: the pipe that brings its water. The model is the
zone at its mean demand, its pipes seeping as the service believes, its tower as at the start. Head
lost to a leak grows faster than the leak (Hazen-Williams: q^1.852): signatures are kept for several
sizes.

Loggers are placed one by one where they tell apart most pairs of parts, weighed by kilometres: two
parts whose leaks differ by d metres at a logger of deviation s are confused with a chance of at
most exp(-d^2 / 8 s^2) / 2 (Bhattacharyya's bound for two normal laws of equal spread).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.water.batched.signatures import leak_signatures
from models.water.batched.state import State, state_at
from models.water.districts import DistrictPlan
from models.water.leaks.background import background_coefficients
from models.water.leaks.figures import LeakFigures
from models.water.network.network import Floats, Ints
from models.water.placement.greedy import greedy
from models.water.placement.problem import PlacementProblem
from models.water.sectors.supply import far_ends
from models.water.settings import LoggersSection
from models.water.stage import WaterStage, ZoneStage
from twin.units import HOUR_S

Nodes = NDArray[np.int64]

SIZES_M3H = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Leaks whose signatures are kept; between them heads a m3/h are linear in log(size)."""
_TINY = 1e-9
PLACED_FOR_M3H = 1.0
"""The leak that loggers are placed for: what a desk sees of one in its first weeks [U]."""
PLACED_FOR_M = 0.2
"""Deviation of a logger's daily residual: tower, demand and the model, see water-year.md [D]."""


@dataclass(frozen=True, eq=False)
class LoggedDistrict:
    """One metered district with loggers.

    Attributes
    ----------
    id : str
    zone : int
    nodes : NDArray[np.int64]
        The node of each part, in the zone; shape (parts,).
    km : Floats
        Mains of each part, above zero; shape (parts,).
    places : NDArray[np.int64]
        Nodes where loggers stand, in the order chosen; shape (loggers,).
    first : int
        Number of its first logger in the fleet; the others follow.
    heads_m : Floats
        Head lost at each logger to a leak in each part, metres a m3/h; shape (sizes, parts,
        loggers).
    flow_m3h : Floats
        Those leaks, a little less than `SIZES_M3H` where pressure is low; shape (sizes, parts).
    far : Ints
        The node to which each of the zone's links belongs; shape (links,).
    """

    id: str
    zone: int
    nodes: Nodes
    km: Floats
    places: Nodes
    first: int
    heads_m: Floats
    flow_m3h: Floats
    far: Ints

    def signature_m(self, leak_m3h: float) -> Floats:
        """Return the head lost at each logger to such a leak in each part; (parts, loggers)."""
        known = np.log(np.maximum(self.flow_m3h, _TINY))
        part = np.arange(len(self.km))
        low = np.clip((self.flow_m3h < leak_m3h).sum(axis=0) - 1, 0, len(known) - 2)
        one, other = known[low, part], known[low + 1, part]
        way = (np.log(leak_m3h) - one) / np.maximum(other - one, _TINY)
        way = np.clip(way, 0.0, 1.0)[:, None]
        heads = (1.0 - way) * self.heads_m[low, part] + way * self.heads_m[low + 1, part]
        return np.asarray(leak_m3h * heads)


@dataclass(frozen=True, eq=False)
class LoggerPlan:
    """The loggers of an option, zone by zone; `districts` are those that have some."""

    districts: tuple[LoggedDistrict, ...] = ()

    @property
    def count(self) -> int:
        """Return the number of loggers."""
        return sum(len(each.places) for each in self.districts)

    @property
    def zone(self) -> Nodes:
        """Return the zone of each logger, ascending; shape (loggers,)."""
        return np.repeat(
            np.array([each.zone for each in self.districts], dtype=np.int64),
            [len(each.places) for each in self.districts],
        )

    @property
    def node(self) -> Nodes:
        """Return the node of each logger in its zone; shape (loggers,)."""
        return np.concatenate([np.zeros(0, np.int64), *(each.places for each in self.districts)])


def place_loggers(
    stage: WaterStage, plan: DistrictPlan, section: LoggersSection, condition: float
) -> LoggerPlan:
    """Return where loggers go: `per_district` in each metered district of more than `least_km`.

    Parameters
    ----------
    stage, plan
    section
    condition
        Infrastructure condition the service believes in.
    """
    found: list[LoggedDistrict] = []
    if not section.per_district:
        return LoggerPlan()
    count = 0
    for row in range(len(stage.zones), len(plan.districts)):
        if plan.districts[row].km <= section.least_km:
            continue
        zone = int(plan.zone_of[row])
        number = row - plan.zones[zone].first_row
        inside = plan.zones[zone].sectors.district == number
        one = _placed(stage.zones[zone], inside.tobytes(), section.per_district, condition)
        one = replace(one, id=plan.districts[row].id, zone=zone, first=count)
        found.append(one)
        count += len(one.places)
    return LoggerPlan(tuple(found))


@lru_cache(maxsize=512)  # a pure function of fixed parts, asked for by every world in turn
def _placed(each: ZoneStage, inside: bytes, wanted: int, condition: float) -> LoggedDistrict:
    """Return the loggers of the district whose nodes these are, as bytes of a mask."""
    own = np.frombuffer(inside, dtype=np.bool_) & (each.weights.km > 0.0)
    nodes = np.flatnonzero(own).astype(np.int64)
    km = each.weights.km[nodes]
    heads, flow = _signatures(each, nodes, condition)
    far = far_ends(each.gravity.zone.network)
    usual = heads[SIZES_M3H.index(PLACED_FOR_M3H)] * PLACED_FOR_M3H
    chosen = _telling(usual, km, min(wanted, len(nodes)))
    return LoggedDistrict("", 0, nodes, km, nodes[chosen], 0, heads[:, :, chosen], flow, far)


def _signatures(each: ZoneStage, nodes: Nodes, condition: float) -> tuple[Floats, Floats]:
    """Return head lost at each node to a leak at each, metres a m3/h, and the leaks' flows.

    Shapes (sizes, leaks, nodes) and (sizes, leaks).
    """
    zone = each.gravity.zone
    holes = np.array(SIZES_M3H) / (HOUR_S * np.sqrt(max(each.pressure_m, 1.0)))
    found = leak_signatures(
        zone.network,
        np.tile(nodes, len(SIZES_M3H)),
        half=np.repeat(holes, len(nodes)),
        state=_believed(each, condition),
        solver=each.solver,
    )
    flow_m3h = HOUR_S * found.leak_m3s
    lost = -found.dh_m[nodes] / np.where(flow_m3h > 0.0, flow_m3h, np.inf)
    shape = (len(SIZES_M3H), len(nodes))
    return lost.T.reshape(*shape, len(nodes)), flow_m3h.reshape(shape)


def _believed(each: ZoneStage, condition: float) -> State:
    """Return the zone at its mean demand and with the background leakage it is believed to have."""
    zone = each.gravity.zone
    demand = np.zeros(len(zone.network.nodes))
    np.add.at(demand, zone.network.demands.node, zone.network.demands.base_m3s)
    seeping = background_coefficients(zone, LeakFigures(background_condition=condition))
    return replace(state_at(zone.network), demand_m3s=demand, three_halves=seeping)


def _telling(heads_m: Floats, km: Floats, wanted: int) -> list[int]:
    """Return the places whose loggers tell apart most pairs of parts; `heads_m` (parts, places)."""
    one, other = np.triu_indices(len(km), 1)
    if not len(one):
        return [0]
    off = (heads_m[one] - heads_m[other]).T / PLACED_FOR_M
    problem = PlacementProblem.create(np.exp(-0.125 * off * off), 1.0, km[one] * km[other])
    return list(greedy(problem, wanted).chosen)
