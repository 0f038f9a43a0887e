"""What a power cut, a shut pipe and a fire ask of each commune's network, on the study's zones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.water.batched.state import state_at
from models.water.disasters.fire import REQUIRED_M3, REQUIRED_M3H, RESIDUAL_M
from models.water.disasters.isolation import people_by_segment
from models.water.disasters.segments import find_segments
from models.water.disasters.storage import hours_until_empty
from models.water.disasters.valves import default_valves
from models.water.network.network import Floats, NodeKind
from models.water.stage import WaterStage, ZoneStage
from twin.units import HOUR_S

HORIZON_H = 480
"""Twenty days: no cut lasts longer."""


@dataclass(frozen=True)
class CommuneNetwork:
    """One commune's network under stress.

    Attributes
    ----------
    insee, commune, service : str
    people, km : float
        Inhabitants, and kilometres of mains.
    stored_m3 : float
        In the tower at the level where filling starts: what a cut finds at the worst moment.
    demand_m3h : float
        Mean demand.
    cut_people, cut_worst : float
        People without water when one pipe is shut: median over the length of mains, and the worst.
    fire_share : float
        Share of junctions that give 60 m3/h at 1 bar, the homes' mean demand besides; nought where
        the tower and what fills it do not give 120 m3 in two hours.
    """

    insee: str
    commune: str
    service: str
    people: float
    km: float
    stored_m3: float
    demand_m3h: float
    cut_people: float
    cut_worst: float
    fire_share: float


def stress(stage: WaterStage) -> tuple[CommuneNetwork, ...]:
    """Return every commune's network under stress, in the order of the stage."""
    return tuple(_stress(zone) for zone in stage.zones)


def hours_of(networks: tuple[CommuneNetwork, ...], lost_m3: Floats) -> Floats:
    """Return the hours each tower lasts without power, in each world; shape (worlds, communes).

    Parameters
    ----------
    lost_m3
        Water lost a year by commune, shape (worlds, communes).

    Twenty days at most. Demand and losses are those of a mean hour.
    """
    stored = np.array([each.stored_m3 for each in networks])
    demand = np.array([each.demand_m3h for each in networks])
    found = [
        hours_until_empty(stored, np.tile((demand + lost / 8760.0)[:, None], (1, HORIZON_H)))
        for lost in lost_m3
    ]
    return np.minimum(np.array(found).reshape(len(lost_m3), len(networks)), float(HORIZON_H))


def _stress(zone: ZoneStage) -> CommuneNetwork:
    gravity = zone.gravity
    own = gravity.zone
    stored = gravity.area_m2 * gravity.starts_m
    refilled = gravity.filling_m3s * HOUR_S * REQUIRED_M3 / REQUIRED_M3H
    median, worst = _shut(zone)
    return CommuneNetwork(
        insee=zone.id,
        commune=own.name,
        service=own.service,
        people=float(own.people.sum()),
        km=zone.km,
        stored_m3=stored,
        demand_m3h=float(own.network.demands.base_m3s.sum()) * HOUR_S,
        cut_people=median,
        cut_worst=worst,
        fire_share=_fire_share(zone) if stored + refilled >= REQUIRED_M3 else 0.0,
    )


def _shut(zone: ZoneStage) -> tuple[float, float]:
    """Return people without water when one pipe is shut: median over length, and the worst."""
    own = zone.gravity.zone
    network = own.network
    segments = find_segments(network, default_valves(network))
    dry = people_by_segment(network, segments, own.people)[segments.link]
    length = np.where(network.pipes, network.links.length_m, 0.0)
    order = np.argsort(dry, kind="stable")
    passed = np.cumsum(length[order])
    if not len(passed) or passed[-1] == 0.0:
        return 0.0, 0.0
    half = int(np.searchsorted(passed, 0.5 * passed[-1]))
    return float(dry[order][half]), float(dry[network.pipes].max())


def _fire_share(zone: ZoneStage) -> float:
    """Return the share of junctions that keep 1 bar while a hydrant there draws 60 m3/h.

    One lane a junction. A lane without solution is counted as one that does not give it.
    """
    gravity = zone.gravity
    network = gravity.zone.network
    junctions = np.flatnonzero(network.nodes.kind == NodeKind.JUNCTION)
    if not junctions.size:
        return 0.0
    mean = np.zeros(len(network.nodes))
    np.add.at(mean, network.demands.node, network.demands.base_m3s)
    demand = np.tile(mean[:, None], (1, junctions.size))
    demand[junctions, np.arange(junctions.size)] += REQUIRED_M3H / HOUR_S
    state = state_at(network)
    heads = np.full(
        state.fixed_head_m.shape, network.nodes.elevation_m[gravity.tank] + gravity.starts_m
    )
    solved = zone.solver.solve(
        replace(state, demand_m3s=demand, fixed_head_m=heads), allow_unconverged=True
    )
    pressure = solved.pressures_m(network)[junctions, np.arange(junctions.size)]
    return float(np.mean((pressure >= RESIDUAL_M) & solved.converged))
