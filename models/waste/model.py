"""The waste question as a model: each option lives a year of every world."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time
from typing import cast

from models.waste.bill import PRICE_ROWS
from models.waste.equal_price import equal_price, kept
from models.waste.figures import FIGURE_ROWS, WorldDice, dice_of, nominal_dice
from models.waste.outcomes import ALL, FULL_H, TOTAL_EUR
from models.waste.policies.fixed import Schedule
from models.waste.record import record_year
from models.waste.rules import CALENDARS
from models.waste.schedules import load_schedules
from models.waste.settings import Settings
from models.waste.stage import WasteStage, load_stage
from models.waste.year import StreamYear, live_year
from twin.decide.robust import Requirement
from twin.lang import Text
from twin.links import prepare_links
from twin.ports import Link, Say
from twin.recorder import Kpi, Part, Recorder
from twin.scenario import Option, Scenario
from twin.study.plan import Task
from twin.study.standing import cheapest, keep_standing
from twin.workspace import Workspace
from twin.world import World

QUICK_DAYS, QUICK_SETTLING_DAYS = 91, 28
TRIAL_DAYS, TRIAL_SETTLING_DAYS = 63, 28
"""A trial year of the most expected world: enough to compare options on the same dice."""


def build(scenario: Scenario, option: Option) -> WasteModel:
    """Return the model of one option."""
    return WasteModel(scenario, option, cast("Settings", option.settings["waste"]))


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers: the cheapest in the most expected world."""
    return cheapest(scenario, workspace)


@dataclass
class WasteModel:
    """One option of the waste question."""

    scenario: Scenario
    option: Option
    settings: Settings
    _stage: WasteStage | None = None
    _schedules: dict[str, Schedule] | None = None
    _lived: tuple[object, list[StreamYear]] | None = None

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
        if self.settings.policy.kind == "prize" and self.settings.policy.full_day_eur is None:
            self._set_price(workspace, say)
        keep_standing(
            self.scenario,
            self.option,
            workspace,
            say,
            lambda: self._trial(workspace, self.settings).get("total_eur"),
        )

    def _set_price(self, workspace: Workspace, say: Say) -> None:
        """Give the rule the price of a full day at which it keeps today's service."""
        what = Text(
            f"prix d'un jour plein : {self.option.name.fr}",
            f"price of a full day: {self.option.name.en}",
        )

        def make() -> float:
            say(what, 0.0)
            today = kept(
                workspace.folder / f"today-{self._world_key()}.json",
                "full_share",
                lambda: self._today_full_share(workspace, say),
            )
            found = equal_price(
                lambda eur: self._trial(workspace, self._priced(eur)).get("full_share"), today
            )
            say(what, 1.0)
            return found

        file = workspace.folder / f"price-{self.option.id}.json"
        self.settings = self._priced(kept(file, "full_day_eur", make))

    def _priced(self, full_day_eur: float) -> Settings:
        policy = self.settings.policy.model_copy(update={"full_day_eur": full_day_eur})
        return self.settings.model_copy(update={"policy": policy})

    def _world_key(self) -> str:
        """Return a name of everything but who decides and what is known."""
        kept_fields = self.settings.model_dump(exclude={"policy", "sensors", "service"})
        text = repr((sorted(kept_fields.items(), key=str), self.settings.service.days))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _today_full_share(self, workspace: Workspace, say: Say) -> float:
        """Return the time points are full under today's calendar, nothing being known."""
        today = self.settings.model_copy(
            update={
                "policy": self.settings.policy.model_copy(update={"kind": "current"}),
                "sensors": self.settings.sensors.model_copy(update={"share": 0.0}),
                "service": self.settings.service.model_copy(update={"knowledge": "none"}),
            }
        )
        assert self._stage is not None  # noqa: S101 - loaded before
        schedules = load_schedules(self.scenario, today, self._stage, workspace, say)
        return self._trial(workspace, today, schedules).get("full_share")

    def _trial(
        self,
        workspace: Workspace,
        settings: Settings,
        schedules: dict[str, Schedule] | None = None,
    ) -> Part:
        """Return the outcome of the most expected world, on a shorter year."""
        from twin.study.drawn import NOMINAL

        recorder = Recorder(ALL)
        dice = nominal_dice(self.scenario)
        world = World(
            self.scenario, Task(self.option.id, NOMINAL), dice.streams, recorder, workspace
        )
        service = settings.service
        shorter = {
            "days": min(service.days, TRIAL_DAYS),
            "settling_days": min(service.settling_days, TRIAL_SETTLING_DAYS),
        }
        used = settings.model_copy(update={"service": service.model_copy(update=shorter)})
        self._record(recorder, self._live(world, used, dice, schedules), used, dice)
        return recorder.part()

    @property
    def yardsticks(self) -> tuple[str, ...]:
        """What options are judged by: the first indicator, then a service."""
        return (TOTAL_EUR.name, FULL_H.name)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What an option must reach in a world to be acceptable there."""
        return ()

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """Every outcome a replication may record."""
        return ALL

    def play(self, world: World) -> None:
        """Meet one world and record the outcome."""
        dice, settings = dice_of(world), self.used
        years = self._years(world, settings, dice)
        self._record(world.recorder, years, settings, dice)

    def _years(self, world: World, settings: Settings, dice: WorldDice) -> list[StreamYear]:
        """Live the world; one that differs only in what things cost was lived already."""
        pins = tuple(pin for pin in world.task.pins if pin[0] in self._moving())
        name = (world.task.replication, pins)
        if world.task.pins and self._lived is not None and self._lived[0] == name:
            return self._lived[1]
        years = self._live(world, settings, dice)
        self._lived = (name, years) if world.task.pins and not pins else None
        return years

    def _moving(self) -> frozenset[str]:
        """Return the uncertain figures that change what happens, not only what it costs."""
        if self.settings.sensors.share > 0.0:
            return frozenset(self.scenario.assumptions) - frozenset(PRICE_ROWS)
        return frozenset(FIGURE_ROWS) - {"waste_failing_share"}

    def _live(
        self,
        world: World,
        settings: Settings,
        dice: WorldDice,
        schedules: dict[str, Schedule] | None = None,
    ) -> list[StreamYear]:
        assert self._stage is not None and self._schedules is not None  # noqa: S101, PT018 - prepared first

        def link() -> Link:
            return world.link(settings.sensors.link)

        return live_year(
            self._stage,
            settings,
            dice,
            self._schedules if schedules is None else schedules,
            datetime.combine(self.scenario.study.start, time()),
            link,
            seed=self.scenario.study.seed,
            log=world.log,
        )

    def _record(
        self, recorder: Recorder, years: list[StreamYear], settings: Settings, dice: WorldDice
    ) -> None:
        discount = self.scenario.money.discount_rate
        record_year(recorder, years, settings, dice.prices, discount)
