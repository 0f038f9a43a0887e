"""The numbers of the answer, read from the store and the stage: nothing here is drawn or worded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.water.answer.cells import (
    PARTS,
    Part,
    current_of,
    meters_family,
    over,
    readings_family,
    speaks,
    unstruck,
)
from models.water.answer.decision import Decision, Verdict, decide
from models.water.answer.judged import Judged, judge
from models.water.answer.ranking import NextMeter, rank_meters
from models.water.answer.resilience import CommuneNetwork, hours_of, stress
from models.water.bill import district_meter_eur
from models.water.figures import nominal_dice
from models.water.network.network import Floats
from models.water.stage import load_stage
from models.water.zone import Zone
from twin.lang import Text
from twin.study import judged
from twin.study.conduct import Run
from twin.territory.communes import Commune, read_communes

TORNADO_KPI = "total_eur"


@dataclass(frozen=True)
class Ground:
    """Where things are.

    Attributes
    ----------
    communes : tuple of Commune
    networks : tuple of CommuneNetwork
        One a commune that has a network, in any order.
    meters : tuple of NextMeter
        In the order in which they are bought.
    meter_eur : float
        What a district meter costs a year, at mean prices.
    zones : tuple of Zone
        The whole networks, to be written.
    """

    communes: tuple[Commune, ...]
    networks: tuple[CommuneNetwork, ...]
    meters: tuple[NextMeter, ...]
    meter_eur: float
    zones: tuple[Zone, ...] = ()


@dataclass(frozen=True)
class Findings(judged.Findings[Judged]):
    """Everything the report says in numbers; `ground` is None where no map is wanted."""

    ground: Ground | None = None

    @cached_property
    def current(self) -> Judged:
        """Return scenario 0."""
        return current_of(self.options)

    @cached_property
    def decision(self) -> Decision:
        """Return what the whole study leads to."""
        return decide(self.options, self.current)

    @cached_property
    def family(self) -> list[Judged]:
        """Return scenario 0 and the options with more and more district meters."""
        return meters_family(self.options, self.current)

    @cached_property
    def readings(self) -> dict[str, Judged]:
        """Return the options by how customers' meters are read."""
        return readings_family(self.options, self.current)

    @cached_property
    def losses(self) -> list[tuple[Judged, Part, Judged | None, Judged | None]]:
        """Return each option that speaks, whose meters do, and it over a perfect and a dead radio."""
        found: list[tuple[Judged, Part, Judged | None, Judged | None]] = []
        for each in self.options.values():
            for part in PARTS:
                if not speaks(each, part) or getattr(each.settings, part).link in ("ideal", "none"):
                    continue
                ideal = over(each, part, "ideal", self.options)
                dead = over(each, part, "none", self.options)
                if ideal is not None or dead is not None:
                    found.append((each, part, ideal, dead))
        return found

    @cached_property
    def struck(self) -> list[tuple[Judged, Judged]]:
        """Return the options that play power cuts or droughts, each with its calm twin."""
        return [
            (each, calm)
            for each in self.options.values()
            if (calm := unstruck(each, self.options)) is not None
        ]

    @property
    def services(self) -> list[str]:
        """Return the water services, those that lose most first."""
        lost = {
            zone: self.current.mean("lost_m3", zone) or 0.0
            for kpi, zone in self.current.series
            if kpi == "yield" and zone
        }
        return sorted(lost, key=lambda zone: -lost[zone])

    @cached_property
    def metered(self) -> Judged | None:
        """Return the option whose meters are told: the one to take, else the cheapest that buys."""
        told = self.decision.told
        if told.meters:
            return told
        buys = [each for each in self.family if each.meters]
        return min(buys, key=lambda each: each.mean("total_eur") or 0.0) if buys else None

    @property
    def taken(self) -> tuple[NextMeter, ...]:
        """Return the meters of that option, in their order."""
        if self.ground is None or self.metered is None:
            return ()
        most = self.metered.meters
        return tuple(each for each in self.ground.meters if most in each.held)

    @property
    def saves(self) -> bool:
        """Whether the worlds settle that the option to take costs less than scenario 0."""
        return self.decision.verdict is Verdict.SAVES

    @cached_property
    def hours(self) -> Floats:
        """Return how long each commune's tower lasts without power, shape (worlds, communes)."""
        assert self.ground is not None  # noqa: S101 - asked for with a ground
        networks = self.ground.networks
        lost = [self.current.series.get(("lost_m3", each.insee), {}) for each in networks]
        worlds = sorted(set.intersection(*(set(each) for each in lost))) if lost else []
        if not worlds:
            return hours_of(networks, np.zeros((1, len(networks))))
        return hours_of(networks, np.array([[each[world] for each in lost] for world in worlds]))

    def service_named(self, zone: str) -> Text:
        """Return a service's name, or that it is the whole territory."""
        name = self.scenario.territory.name
        return Text(zone, zone) if zone else Text(f"{name}, en tout", f"{name}, in all")


def gather(run: Run) -> Findings:
    """Return the findings of a finished run."""
    bare = judged.gather(Findings, run, judge, TORNADO_KPI)
    return replace(bare, ground=ground_of(bare))


def ground_of(findings: Findings) -> Ground:
    """Return the study's communes, networks and meters."""
    run = findings.run
    scenario = run.scenario
    stage = load_stage(
        scenario, findings.current.settings, run.workspace, lambda _what, _share: None
    )
    territory = scenario.territory
    tried = [each.meters for each in findings.options.values()]
    return Ground(
        communes=read_communes(territory.communes, territory.merged_communes),
        networks=stress(stage),
        meters=rank_meters(stage, tried),
        meter_eur=district_meter_eur(nominal_dice(scenario).prices, scenario.money.discount_rate),
        zones=stage.whole,
    )
