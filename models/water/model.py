"""The water question as a model: each option lives a year of every world."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from models.water.belief import belief_of
from models.water.bill import PRICE_ROWS
from models.water.customers.year import CustomersYear, customers_year
from models.water.figures import WorldDice, dice_of, nominal_dice
from models.water.outcomes import ALL
from models.water.record import record_year
from models.water.settings import Settings
from models.water.stage import WaterStage, load_stage
from models.water.year import Belief, WaterYear, live_year
from twin.files import write_atomically
from twin.lang import Text
from twin.links import prepare_links
from twin.ports import Link, Say
from twin.recorder import Part, Recorder
from twin.scenario import Option, Scenario
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import World

QUICK_DAYS, QUICK_SETTLING_DAYS = 91, 91
TRIAL_DAYS, TRIAL_SETTLING_DAYS = 182, 182
"""A trial of the most expected world: enough to compare options on the same dice."""
RADIO_READINGS = ("daily", "hourly")


def build(scenario: Scenario, option: Option) -> WaterModel:
    """Return the model of one option."""
    return WaterModel(scenario, option, cast("Settings", option.settings["water"]))


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers: the cheapest in the most expected world."""
    asked = [option for option in scenario.options if option.answers] or list(scenario.options)
    costs = {option.id: _standing(workspace, option.id) for option in asked}
    return min(costs, key=lambda option: costs[option])


def _standing(workspace: Workspace, option: str) -> float:
    file = workspace.folder / f"standing-{option}.json"
    return float(json.loads(file.read_text(encoding="utf-8"))["total_eur"])


@dataclass(frozen=True, eq=False)
class Lived:
    """What one world left: the mains, and the customers."""

    year: WaterYear
    customers: CustomersYear


@dataclass
class WaterModel:
    """One option of the water question."""

    scenario: Scenario
    option: Option
    settings: Settings
    _stage: WaterStage | None = None
    _belief: Belief | None = None
    _lived: tuple[object, Lived] | None = None

    @property
    def used(self) -> Settings:
        """Return the settings played: a quick study lives a quarter of a year."""
        if not self.scenario.quick:
            return self.settings
        return self._shorter(QUICK_DAYS, QUICK_SETTLING_DAYS)

    @property
    def links(self) -> list[str]:
        """Return the links that carry something in this option."""
        found = []
        if self.settings.districts.meters:
            found.append(self.settings.districts.link)
        if self.settings.customers.reading in RADIO_READINGS:
            found.append(self.settings.customers.link)
        return found

    def check(self) -> list[Text]:
        """Read every table the option names, without computing anything long."""
        from models.water.check import check_water

        return check_water(self.scenario, self.option, self.settings, self.links)

    def prepare(self, workspace: Workspace, say: Say) -> None:
        """Load or make the networks, what the service believes, and the option's standing."""
        self._stage = load_stage(self.scenario, self.settings, workspace, say)
        self._belief = belief_of(self.scenario, self.settings, self._stage, self.used.service)
        prepare_links(self.scenario, self.option, self.links, workspace, say)
        file = workspace.folder / f"standing-{self.option.id}.json"
        judged = self.option.answers or not any(each.answers for each in self.scenario.options)
        if judged and not file.is_file():
            what = Text(
                f"monde moyen : {self.option.name.fr}", f"usual world: {self.option.name.en}"
            )
            say(what, 0.0)
            total_eur = self._trial(workspace).get("total_eur")
            with write_atomically(file, "w") as handle:
                json.dump({"total_eur": total_eur}, handle)
            say(what, 1.0)

    def play(self, world: World) -> None:
        """Meet one world and record the outcome."""
        for kpi in ALL:
            world.recorder.declare(kpi)
        dice, settings = dice_of(world), self.used
        lived = self._live_once(world, settings, dice)
        self._record(world.recorder, lived, settings, dice)

    def _live_once(self, world: World, settings: Settings, dice: WorldDice) -> Lived:
        """Live the world; one that differs only in what things cost was lived already."""
        pins = tuple(pin for pin in world.task.pins if pin[0] not in PRICE_ROWS)
        name = (world.task.replication, pins)
        if world.task.pins and self._lived is not None and self._lived[0] == name:
            return self._lived[1]
        lived = self._live(world, settings, dice)
        self._lived = (name, lived) if world.task.pins and not pins else None
        return lived

    def _live(self, world: World, settings: Settings, dice: WorldDice) -> Lived:
        assert self._stage is not None and self._belief is not None  # noqa: S101, PT018 - prepared first
        start, service = self.scenario.study.start, settings.service

        def meters_link() -> Link:
            return world.link(settings.districts.link)

        def customers_link() -> Link:
            return world.link(settings.customers.link)

        customers = customers_year(
            [each.gravity.zone for each in self._stage.zones],
            settings.customers,
            dice.figures,
            settings.rural.people.litres_per_person_day,
            dice.streams,
            start,
            service.settling_days,
            service.days,
            customers_link,
        )
        told = settings.customers.reading in RADIO_READINGS
        year = live_year(
            self._stage,
            settings,
            dice,
            self._belief,
            start,
            meters_link,
            customers.completeness if told else None,
        )
        return Lived(year, customers)

    def _trial(self, workspace: Workspace) -> Part:
        """Return the outcome of the most expected world, on a shorter year."""
        from models.water.figures import NOMINAL

        recorder = Recorder(ALL)
        dice = nominal_dice(self.scenario)
        world = World(
            self.scenario, Task(self.option.id, NOMINAL), dice.streams, recorder, workspace
        )
        used = self._shorter(TRIAL_DAYS, TRIAL_SETTLING_DAYS)
        self._record(recorder, self._live(world, used, dice), used, dice)
        return recorder.part()

    def _shorter(self, days: int, settling_days: int) -> Settings:
        service = self.settings.service
        fewer = {
            "days": min(service.days, days),
            "settling_days": min(service.settling_days, settling_days),
        }
        return self.settings.model_copy(update={"service": service.model_copy(update=fewer)})

    def _record(
        self, recorder: Recorder, lived: Lived, settings: Settings, dice: WorldDice
    ) -> None:
        discount = self.scenario.money.discount_rate
        record_year(recorder, lived.year, lived.customers, settings, dice.prices, discount)
