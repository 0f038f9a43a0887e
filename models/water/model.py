"""The water question as a model: each option lives a year of every world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from models.water.belief import belief_of
from models.water.bill import PRICE_ROWS
from models.water.customers.year import CustomersYear, customers_year
from models.water.figures import FIGURE_ROWS, WorldDice, dice_of, nominal_dice
from models.water.left import YearLeft, left_of
from models.water.outcomes import ALL, LOST, TOTAL_EUR
from models.water.record import Told, record_year
from models.water.settings import Settings
from models.water.stage import WaterStage, load_stage
from models.water.year import Belief, live_year
from twin.decide.robust import Requirement
from twin.lang import Text
from twin.links import prepare_links
from twin.ports import Link, Say
from twin.recorder import Kpi, Part, Recorder
from twin.scenario import Option, Scenario
from twin.study.kept import kept, name_of
from twin.study.plan import Task
from twin.study.standing import cheapest, keep_standing
from twin.workspace import Workspace
from twin.world import World

QUICK_DAYS, QUICK_SETTLING_DAYS = 91, 91
TRIAL_DAYS, TRIAL_SETTLING_DAYS = 119, 119
"""A trial of the most expected world: enough to compare options on the same dice."""
PINNED_DAYS, PINNED_SETTLING_DAYS = 182, 91
QUICK_PINNED_DAYS, QUICK_PINNED_SETTLING_DAYS = 42, 28
"""Years of sensitivity runs: they are compared among themselves."""
COMMON_ROWS = frozenset({"water_demand_factor", "water_night_factor"})
CUSTOMER_ROWS = frozenset({"water_consumer_leaks", "water_consumer_l_h"})
SEARCH_ROWS = frozenset({"water_marginal_eur_m3", "water_searcher_eur_day", "water_step_eur"})
"""Prices by which a service decides what is worth a search."""
MAINS_ROWS = frozenset(FIGURE_ROWS) - COMMON_ROWS - CUSTOMER_ROWS
RADIO_READINGS = ("daily", "hourly")


def build(scenario: Scenario, option: Option) -> WaterModel:
    """Return the model of one option."""
    return WaterModel(scenario, option, cast("Settings", option.settings["water"]))


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers: the cheapest in the most expected world."""
    return cheapest(scenario, workspace)


@dataclass
class WaterModel:
    """One option of the water question."""

    scenario: Scenario
    option: Option
    settings: Settings
    _stage: WaterStage | None = None
    _belief: Belief | None = None

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
            if self.settings.loggers.per_district and self.settings.loggers.link:
                found.append(self.settings.loggers.link)
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
        keep_standing(
            self.scenario,
            self.option,
            workspace,
            say,
            lambda: self._trial(workspace).get("total_eur"),
        )

    @property
    def yardsticks(self) -> tuple[str, ...]:
        """What options are judged by: the first indicator, then a service."""
        return (TOTAL_EUR.name, LOST.name)

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
        settings = self._pinned if world.task.pins else self.used
        self._record(world.recorder, world, settings, dice_of(world))

    @property
    def _pinned(self) -> Settings:
        """Return the settings of a sensitivity run: a shorter year, the same for all of them."""
        if self.scenario.quick:
            return self._shorter(QUICK_PINNED_DAYS, QUICK_PINNED_SETTLING_DAYS)
        return self._shorter(PINNED_DAYS, PINNED_SETTLING_DAYS)

    def _record(
        self, recorder: Recorder, world: World, settings: Settings, dice: WorldDice
    ) -> None:
        assert self._stage is not None and world.workspace is not None  # noqa: S101, PT018 - prepared first
        folder = world.workspace.folder / "years"
        customers = kept(
            folder,
            self._name(world.task, "customers", settings),
            CustomersYear,
            lambda: self._customers(world, settings, dice),
        )
        left = kept(
            folder,
            self._name(world.task, "mains", settings),
            YearLeft,
            lambda: self._mains(world, settings, dice, customers),
        )
        told = Told(
            self._stage,
            left,
            customers,
            settings,
            dice.prices,
            self.scenario.money.discount_rate,
            dice.figures.search_km_day,
        )
        record_year(recorder, told)

    def _customers(self, world: World, settings: Settings, dice: WorldDice) -> CustomersYear:
        assert self._stage is not None  # noqa: S101 - prepared first
        service = settings.service
        return customers_year(
            [each.gravity.zone for each in self._stage.zones],
            settings.customers,
            dice.figures,
            settings.rural.people.litres_per_person_day,
            dice.streams,
            self.scenario.study.start,
            service.settling_days,
            service.days,
            lambda: world.link(settings.customers.link),
        )

    def _mains(
        self, world: World, settings: Settings, dice: WorldDice, customers: CustomersYear
    ) -> YearLeft:
        assert self._stage is not None and self._belief is not None  # noqa: S101, PT018 - prepared first
        return left_of(
            live_year(
                self._stage,
                settings,
                dice,
                self._belief,
                self.scenario.study.start,
                lambda: world.link(settings.districts.link),
                customers.completeness if self._balanced(settings) else None,
                self._loggers_link(world, settings),
                world.log,
            )
        )

    @staticmethod
    def _loggers_link(world: World, settings: Settings) -> Callable[[], Link] | None:
        """Return what makes the loggers' link; None where it is that of the meters."""
        if settings.loggers.link in ("", settings.districts.link):
            return None
        return lambda: world.link(settings.loggers.link)

    def _balanced(self, settings: Settings) -> bool:
        """Whether customers' meters tell of districts: both must be there."""
        return settings.customers.reading in RADIO_READINGS and settings.districts.meters > 0

    def _name(self, task: Task, what: str, settings: Settings) -> str:
        """Return the name of a year by all that touches it in this study."""
        both = self._balanced(settings)
        customers, mains = what == "customers" or both, what == "mains"
        radio = (customers and settings.customers.reading in RADIO_READINGS) or (
            mains and settings.districts.meters > 0
        )
        sections = {"rural", "services", "service"}
        sections |= {"customers"} if customers else set()
        sections |= {"districts", "loggers", "desk", "crews", "hazards"} if mains else set()
        names = {
            settings.customers.link
            if customers and settings.customers.reading in RADIO_READINGS
            else "none",
            settings.districts.link if mains and settings.districts.meters else "none",
            settings.loggers.link
            if mains
            and settings.districts.meters
            and settings.loggers.per_district
            and settings.loggers.link
            else "none",
        }
        heard = radio and bool(names - {"none", "ideal"})
        pins = [
            pin
            for pin in task.pins
            if self._touches(pin[0], customers=customers, mains=mains, radio=heard)
        ]
        return name_of(
            what,
            {
                "replication": task.replication,
                "pins": pins,
                "settings": settings.model_dump(mode="json", include=sections),
                "links": [repr(self.option.link(name)) for name in sorted(names)],
            },
        )

    @staticmethod
    def _touches(row: str, *, customers: bool, mains: bool, radio: bool) -> bool:
        """Whether an uncertain figure may change such a year."""
        if row in SEARCH_ROWS:
            return mains
        if row in PRICE_ROWS:
            return False
        if row not in FIGURE_ROWS:
            return radio
        return mains if row in MAINS_ROWS else customers or row in COMMON_ROWS

    def _trial(self, workspace: Workspace) -> Part:
        """Return the outcome of the most expected world, on a shorter year."""
        from twin.study.drawn import NOMINAL

        recorder = Recorder(ALL)
        dice = nominal_dice(self.scenario)
        world = World(
            self.scenario, Task(self.option.id, NOMINAL), dice.streams, recorder, workspace
        )
        used = self.used if self.scenario.quick else self._shorter(TRIAL_DAYS, TRIAL_SETTLING_DAYS)
        self._record(recorder, world, used, dice)
        return recorder.part()

    def _shorter(self, days: int, settling_days: int) -> Settings:
        service = self.settings.service
        fewer = {
            "days": min(service.days, days),
            "settling_days": min(service.settling_days, settling_days),
        }
        return self.settings.model_copy(update={"service": service.model_copy(update=fewer)})
