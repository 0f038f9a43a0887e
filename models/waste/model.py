"""The waste question as a model: each option lives a year of every world."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time
from typing import cast

from models.waste.figures import WorldDice, dice_of, nominal_dice
from models.waste.outcomes import ALL
from models.waste.policies.fixed import Schedule
from models.waste.record import record_year
from models.waste.rules import CALENDARS
from models.waste.schedules import load_schedules
from models.waste.settings import Settings
from models.waste.stage import WasteStage, load_stage
from models.waste.year import StreamYear, live_year
from twin.files import write_atomically
from twin.lang import Text
from twin.links import prepare_links
from twin.ports import Link, Say
from twin.recorder import Recorder
from twin.scenario import Option, Scenario
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import World

QUICK_DAYS, QUICK_SETTLING_DAYS = 91, 28
STANDING_DAYS = 91


def build(scenario: Scenario, option: Option) -> WasteModel:
    """Return the model of one option."""
    return WasteModel(scenario, option, cast("Settings", option.settings["waste"]))


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers: the cheapest in the most expected world."""
    asked = [option for option in scenario.options if option.answers] or list(scenario.options)
    costs = {option.id: _standing(workspace, option.id) for option in asked}
    return min(costs, key=lambda option: costs[option])


def _standing(workspace: Workspace, option: str) -> float:
    file = workspace.folder / f"standing-{option}.json"
    return float(json.loads(file.read_text(encoding="utf-8"))["total_eur"])


@dataclass
class WasteModel:
    """One option of the waste question."""

    scenario: Scenario
    option: Option
    settings: Settings
    _stage: WasteStage | None = None
    _schedules: dict[str, Schedule] | None = None

    @property
    def used(self) -> Settings:
        """Return the settings played: a quick study lives a quarter of a year."""
        if not self.scenario.quick:
            return self.settings
        service = self.settings.service
        fewer = {
            "days": min(service.days, QUICK_DAYS),
            "settling_days": min(service.settling_days, QUICK_SETTLING_DAYS),
        }
        return self.settings.model_copy(update={"service": service.model_copy(update=fewer)})

    def check(self) -> list[Text]:
        """Read every table the option names, without computing anything long."""
        from models.waste.check import check_waste

        return check_waste(self.scenario, self.option, self.settings)

    def prepare(self, workspace: Workspace, say: Say) -> None:
        """Load or make the stage, the calendars, and the option's standing."""
        self._stage = load_stage(self.scenario, self.settings, workspace, say)
        self._schedules = {}
        if self.settings.policy.kind in CALENDARS:
            self._schedules = load_schedules(
                self.scenario, self.settings, self._stage, workspace, say
            )
        if self.settings.sensors.share > 0.0:
            prepare_links(self.scenario, self.option, [self.settings.sensors.link], workspace, say)
        file = workspace.folder / f"standing-{self.option.id}.json"
        judged = self.option.answers or not any(each.answers for each in self.scenario.options)
        if judged and not file.is_file():
            what = Text(
                f"monde moyen : {self.option.name.fr}", f"usual world: {self.option.name.en}"
            )
            say(what, 0.0)
            total_eur = self._usual_cost(workspace)
            with write_atomically(file, "w") as handle:
                json.dump({"total_eur": total_eur}, handle)
            say(what, 1.0)

    def _usual_cost(self, workspace: Workspace) -> float:
        """Return the yearly cost in the most expected world, on a shorter year."""
        from models.waste.figures import NOMINAL

        recorder = Recorder(ALL)
        task = Task(self.option.id, NOMINAL)
        dice = nominal_dice(self.scenario)
        world = World(self.scenario, task, dice.streams, recorder, workspace)
        service = self.settings.service
        days = min(service.days, STANDING_DAYS)
        settings = self.settings.model_copy(
            update={"service": service.model_copy(update={"days": days})}
        )
        self._record(recorder, self._live(world, settings, dice), settings, dice)
        return recorder.part().get("total_eur")

    def play(self, world: World) -> None:
        """Meet one world and record the outcome."""
        for kpi in ALL:
            world.recorder.declare(kpi)
        dice, settings = dice_of(world), self.used
        self._record(world.recorder, self._live(world, settings, dice), settings, dice)

    def _live(self, world: World, settings: Settings, dice: WorldDice) -> list[StreamYear]:
        assert self._stage is not None and self._schedules is not None  # noqa: S101, PT018 - prepared first

        def link() -> Link:
            return world.link(settings.sensors.link)

        return live_year(
            self._stage,
            settings,
            dice,
            self._schedules,
            datetime.combine(self.scenario.study.start, time()),
            link,
            seed=self.scenario.study.seed,
        )

    def _record(
        self, recorder: Recorder, years: list[StreamYear], settings: Settings, dice: WorldDice
    ) -> None:
        discount = self.scenario.money.discount_rate
        record_year(recorder, years, settings, dice.prices, discount)
