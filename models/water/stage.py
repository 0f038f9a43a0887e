"""What every replication shares: zones, their solvers, and where the next meter saves most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.water.batched.solver import BatchedSolver
from models.water.batched.state import State, state_at
from models.water.figures import Figures, nominal_dice
from models.water.gravity import Gravity, gravity_of
from models.water.leaks.balance import expected_balance
from models.water.network.network import Floats
from models.water.rural.services import services_of
from models.water.rural.settings import RuralSettings
from models.water.rural.store import load_zones
from models.water.sectors.cuts import CutOrder, cut_order
from models.water.sectors.loss import HiddenLeaks
from models.water.sectors.loss import LeakFigures as SectorFigures
from models.water.sectors.weights import Weights, weigh
from models.water.settings import Settings
from models.water.zone import Zone
from twin.lang import Text
from twin.ports import Say
from twin.scenario import Scenario
from twin.scenario.schema import TerritorySection
from twin.territory.communes import read_communes
from twin.territory.ground import read_ground
from twin.territory.limits import territory_areas
from twin.territory.territory import build_territory
from twin.workspace import Workspace

ACCURACY = 1e-5
"""Residual flows over flows: heads within a millimetre (tests/models/water/test_gravity.py), and
above what rounding leaves of valves through which a household trickles (1e-6)."""
MOST_CUTS = 12
"""Districts beyond so many in one commune are not looked for."""


@dataclass(frozen=True, eq=False)
class ZoneStage:
    """The fixed part of one zone.

    Attributes
    ----------
    gravity : Gravity
    solver : BatchedSolver
    weights : Weights
        Kilometres and homes by node.
    order : CutOrder
        Where meters go in this zone, first to last.
    pressure_m : float
        Mean over connections at the mean hour.
    """

    gravity: Gravity
    solver: BatchedSolver
    weights: Weights
    order: CutOrder
    pressure_m: float

    @property
    def id(self) -> str:
        """Return the commune's code."""
        return self.gravity.zone.id

    @property
    def km(self) -> float:
        """Return the length of its mains."""
        return float(self.weights.km.sum())


@dataclass(frozen=True, eq=False)
class WaterStage:
    """The fixed part of an option's world: the zones, and their whole networks as made."""

    zones: tuple[ZoneStage, ...]
    whole: tuple[Zone, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """Return the water services, in the order of the zones."""
        return tuple(dict.fromkeys(each.gravity.zone.service for each in self.zones))

    @property
    def km(self) -> Floats:
        """Return the length of mains by zone."""
        return np.array([each.km for each in self.zones])

    @property
    def pressure_m(self) -> float:
        """Return the mean pressure over connections."""
        weights = [float(each.gravity.zone.connections.sum()) for each in self.zones]
        return float(np.average([each.pressure_m for each in self.zones], weights=weights))


def load_stage(
    scenario: Scenario, settings: Settings, workspace: Workspace, say: Say
) -> WaterStage:
    """Return the stage; zones are made once and kept in the workspace's cache."""
    what = Text("réseaux d'eau", "water networks")
    say(what, 0.0)
    dice = nominal_dice(scenario)
    prices = dice.prices
    stage = _stage(
        scenario.territory,
        settings.rural,
        settings.services,
        scenario.study.seed,
        scenario.study.start.year,
        workspace.cache,
        dice.figures,
        (prices.marginal_eur_m3, prices.searcher_eur_day / dice.figures.search_km_day),
        (settings.desk.k, settings.desk.h),
    )
    say(what, 1.0)
    return stage


@lru_cache(maxsize=2)  # a pure function of frozen inputs, asked for by every option in turn
def _stage(
    territory: TerritorySection,
    rural: RuralSettings,
    services: Path | None,
    seed: int,
    year: int,
    cache: Path,
    figures: Figures,
    prices: tuple[float, float],
    cusum: tuple[float, float],
) -> WaterStage:
    communes = read_communes(territory.communes, territory.merged_communes)
    areas = territory_areas(territory, communes)
    terrain = read_ground(territory, communes, cache)
    run_by = services_of(communes, services)
    zones = load_zones(build_territory(communes, areas), terrain, rural, seed, cache, run_by)
    gravities = [gravity_of(zone) for zone in zones]
    balance = expected_balance([each.zone for each in gravities], figures.leaks(), year)
    hidden = float(balance.leaks_per_year[[1, 3]].sum()) / balance.length_km
    usual = SectorFigures(
        per_km_year=hidden,
        mean_m3h=figures.hidden_m3h,
        k=cusum[0],
        h=cusum[1],
        survey_years=figures.survey_years,
        hear_share=figures.hear_share,
        km_per_day=figures.search_km_day,
    )
    loss = HiddenLeaks(usual, *prices)
    return WaterStage(tuple(_zone(each, loss) for each in gravities), zones)


def _zone(gravity: Gravity, loss: HiddenLeaks) -> ZoneStage:
    zone = gravity.zone
    weights = weigh(zone.network, zone.homes)
    solver = BatchedSolver(zone.network, ACCURACY)
    pressures = solver.solve(_mean_state(gravity)).pressures_m(zone.network)[:, 0]
    return ZoneStage(
        gravity=gravity,
        solver=solver,
        weights=weights,
        order=cut_order(zone.network, weights, loss, MOST_CUTS),
        pressure_m=float(np.average(pressures, weights=np.maximum(zone.connections, 1e-9))),
    )


def _mean_state(gravity: Gravity) -> State:
    """Return the zone at its mean demand, its tower as at the start."""
    network = gravity.zone.network
    state = state_at(network)
    mean = np.zeros(len(network.nodes))
    np.add.at(mean, network.demands.node, network.demands.base_m3s)
    return replace(state, demand_m3s=mean)
