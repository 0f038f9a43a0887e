"""The numbers of the answer, read from the store: nothing here is drawn or worded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from models.waste.answer.breakeven import BreakEven, break_even
from models.waste.answer.cells import (
    calendar_of,
    current_of,
    family_of,
    fitted_options,
    main_family,
    planned_of,
    twin_of,
)
from models.waste.answer.decision import Decision, decide
from models.waste.answer.judged import Judged, judge
from models.waste.answer.ranking import Place, rank_places
from models.waste.depots import Yards
from models.waste.figures import nominal_dice
from models.waste.settings import Settings
from models.waste.stage import load_stage
from twin.decide.priors import Prior
from twin.lang import Text
from twin.study import judged
from twin.study.conduct import Run
from twin.territory.communes import Commune

TORNADO_KPI = "total_eur"
SENSOR_PRICE = "waste_sensor_eur"


@dataclass(frozen=True)
class Ground:
    """Where things are: communes, depots, points in the order in which they deserve a sensor."""

    communes: tuple[Commune, ...]
    yards: Yards
    places: tuple[Place, ...]


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

    @property
    def shown(self) -> list[Judged]:
        """Return scenario 0 and the options that answer, in the scenario's order."""
        return [
            each for each in self.options.values() if each is self.current or each.option.answers
        ]

    @property
    def streams(self) -> dict[str, Text]:
        """Return the name of each stream."""
        sections = self.current.settings.streams
        return {name: Text(each.label, each.label_en) for name, each in sections.items()}

    @cached_property
    def calendar(self) -> Judged | None:
        """Return the optimised calendar alone."""
        return calendar_of(self.options)

    @cached_property
    def planned(self) -> Judged | None:
        """Return planning every morning with nothing but the file."""
        return planned_of(self.options)

    @cached_property
    def family(self) -> list[Judged]:
        """Return the options alike but for the share fitted, by share."""
        return main_family(self.options)

    @cached_property
    def fitted(self) -> list[Judged]:
        """Return the options of the main family that fit sensors, by share."""
        return [each for each in self.family if twin_of(each, self.options) is not None]

    @cached_property
    def best_fitted(self) -> Judged | None:
        """Return the sensors' best case: the cheapest fitted option that answers, else of all."""
        fitted = fitted_options(self.options)
        asked = [each for each in fitted if each.option.answers] or fitted
        return min(asked, key=lambda each: each.mean("total_eur") or 0.0) if asked else None

    def break_even(self, judged: Judged, zone: str = "") -> BreakEven | None:
        """Return the break-even prices of an option's sensors, None where it has no twin."""
        return break_even(judged, self.options, zone)

    def twin(self, judged: Judged) -> Judged | None:
        """Return the option alike without sensors."""
        return twin_of(judged, self.options)

    def family_of(self, judged: Judged) -> list[Judged]:
        """Return the options alike but for the share fitted."""
        return family_of(judged, self.options)

    @property
    def sensor_price(self) -> Prior | None:
        """Return the assumption on a sensor's price."""
        return self.scenario.assumptions.get(SENSOR_PRICE)


def gather(run: Run) -> Findings:
    """Return the findings of a finished run."""
    bare = judged.gather(Findings, run, judge, TORNADO_KPI)
    return replace(bare, ground=ground_of(bare))


def ground_of(findings: Findings) -> Ground:
    """Return the places of the study, ranked as its sensors are placed."""
    run = findings.run
    chosen = findings.decision.chosen or findings.prechosen
    ranked = findings.best_fitted or chosen
    settings: Settings = ranked.settings
    stage = load_stage(run.scenario, settings, run.workspace, lambda _what, _share: None)
    shares = sorted({each.settings.sensors.share for each in findings.family} - {0.0})
    places = rank_places(stage, settings, chosen.settings, shares, nominal_dice(run.scenario))
    return Ground(stage.communes, stage.yards, places)
