"""The lighting question as a model: each option lives years of every world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np

from models.lighting import dice
from models.lighting.bill import PRICE_ROWS
from models.lighting.class_hours import LevelHours
from models.lighting.figures import (
    FIGURE_ROWS,
    RADIO_ROWS,
    WorldDice,
    dice_of,
    lived_rows,
    nominal_dice,
)
from models.lighting.heard import Heard, play_hearing
from models.lighting.hearing.outages import draw_cuts
from models.lighting.hours import HoursTable
from models.lighting.light import Light, light_of, mixed
from models.lighting.living.by_events import live_by_events
from models.lighting.living.ears import Ears
from models.lighting.living.false_alarms import false_alarms
from models.lighting.living.fast.play import live_fast
from models.lighting.living.given import Told as RadioTold
from models.lighting.living.left import YearsLeft
from models.lighting.living.years import live_years
from models.lighting.night import nights_of
from models.lighting.outcomes import ALL, DARK_PEOPLE, TOTAL_EUR
from models.lighting.record import Told, bought_share, record_years
from models.lighting.renewal import plan_renewal
from models.lighting.right_light import YearOfNights
from models.lighting.settings import NightSection, Settings
from models.lighting.stage import LightingStage, load_stage
from twin.decide.robust import Requirement
from twin.lang import Text
from twin.links import prepare_links
from twin.ports import Say
from twin.recorder import Kpi, Part, Recorder
from twin.scenario import Option, Scenario
from twin.streams import Streams
from twin.study.drawn import NOMINAL
from twin.study.kept import kept, name_of
from twin.study.plan import Task
from twin.study.standing import cheapest, keep_standing
from twin.workspace import Workspace
from twin.world import World

QUICK_YEARS = 2
NEED_LED = ("dimmed", "detection")


def build(scenario: Scenario, option: Option) -> LightingModel:
    """Return the model of one option."""
    return LightingModel(scenario, option, cast("Settings", option.settings["lighting"]))


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers: the cheapest in the most expected world."""
    return cheapest(scenario, workspace)


@dataclass
class LightingModel:
    """One option of the lighting question."""

    scenario: Scenario
    option: Option
    settings: Settings
    _stage: LightingStage | None = None

    @property
    def used(self) -> Settings:
        """Return the settings played: a quick study lives two years."""
        if not self.scenario.quick:
            return self.settings
        service = self.settings.service
        shorter = service.model_copy(update={"years": min(service.years, QUICK_YEARS)})
        return self.settings.model_copy(update={"service": shorter})

    @property
    def links(self) -> list[str]:
        """Return the links that carry something in this option."""
        return [] if self.settings.control == "clock" else [self.settings.link]

    def check(self) -> list[Text]:
        """Read every table the option names, without computing anything long."""
        from models.lighting.check import check_lighting

        return check_lighting(self.scenario, self.option, self.settings, self.links)

    def prepare(self, workspace: Workspace, say: Say) -> None:
        """Load or make the lamps, the path losses of what speaks, and the option's standing."""
        self._stage = load_stage(self.scenario, self.settings, workspace, say)
        prepare_links(self.scenario, self.option, self.links, workspace, say)
        keep_standing(
            self.scenario, self.option, workspace, say,
            lambda: self._trial(workspace).get("total_eur"),
        )  # fmt: skip

    @property
    def yardsticks(self) -> tuple[str, ...]:
        """What options are judged by: the first indicator, then a service."""
        return (TOTAL_EUR.name, DARK_PEOPLE.name)

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
        self._record(world.recorder, world, dice_of(world))

    def _record(self, recorder: Recorder, world: World, drawn: WorldDice) -> None:
        assert self._stage is not None  # noqa: S101 - prepared first
        assert world.workspace is not None  # noqa: S101
        before, after = self._nights(drawn)
        renewal = plan_renewal(self._stage.inventory, self.settings.renewal)
        light = mixed(before.light, after.light, bought_share(renewal, self.used.service.years))
        folder = world.workspace.folder / "years"
        heard = None
        if self.settings.control != "clock":
            heard = kept(
                folder, self._name(world.task, "heard"), Heard, lambda: self._hear(world, drawn)
            )
        left = kept(
            folder, self._name(world.task, "years"), YearsLeft,
            lambda: self._live(world, drawn, light, heard),
        )  # fmt: skip
        record_years(
            recorder,
            Told(
                stage=self._stage,
                settings=self.used,
                figures=drawn.figures,
                prices=drawn.prices,
                discount=self.scenario.money.discount_rate,
                before=before,
                after=after,
                renewal=renewal,
                left=left,
                heard_share=None if heard is None else heard.hearing().share,
                start_year=self.scenario.study.start.year,
            ),
        )

    def _nights(self, drawn: WorldDice) -> tuple[YearOfNights, YearOfNights]:
        """Return the nights before and after a commune's renewal: what needs LED waits for it."""
        stage = self._stage
        assert stage is not None  # noqa: S101 - prepared first
        after = self._night(self.settings.night, stage.tables, stage.levels, drawn)
        if not (self.settings.renewal.led and self.settings.night.kind in NEED_LED):
            return after, after
        return self._night(self.settings.today, stage.today, stage.today_levels, drawn), after

    def _night(
        self,
        night: NightSection,
        tables: Sequence[HoursTable],
        levels: tuple[LevelHours, ...],
        drawn: WorldDice,
    ) -> YearOfNights:
        assert self._stage is not None  # noqa: S101 - prepared first
        chosen = nights_of(
            night, self._stage.inventory.communes, drawn.figures.off_share, drawn.streams
        ).chosen
        light = light_of(tables, chosen, drawn.figures.threshold_deg)
        return YearOfNights(light, levels, chosen)

    def _hear(self, world: World, drawn: WorldDice) -> Heard:
        assert self._stage is not None  # noqa: S101 - prepared first
        return play_hearing(
            self._stage.inventory, self.settings, self.scenario.study.start,
            lambda: world.link(self.settings.link),
            lambda gateways, days: draw_cuts(
                drawn.streams, gateways, drawn.figures.gateway_outages_year,
                drawn.figures.gateway_outage_h, days,
            ),
        )  # fmt: skip

    def _live(self, world: World, drawn: WorldDice, light: Light, heard: Heard | None) -> YearsLeft:
        assert self._stage is not None  # noqa: S101 - prepared first
        # Compiled years keep no log: a replication that is followed is lived event by event.
        play = live_fast if world.log is None else partial(live_by_events, log=world.log)
        return live_years(
            self._stage.ground, self.used, drawn.figures, world.streams,
            self.scenario.study.start, light.daily_h, self._told(world.streams, heard), play,
        )  # fmt: skip

    def _told(self, streams: Streams, heard: Heard | None) -> RadioTold:
        """Return what the radio tells of an option's assets."""
        if heard is None:
            return RadioTold()
        assert self._stage is not None  # noqa: S101 - prepared first
        inventory, hearing = self._stage.inventory, heard.hearing()
        cabinets, communes = len(inventory.cabinets), len(inventory.communes)
        node = self.settings.control == "node"
        keys = None
        if node:
            keys = dice.keys_of(streams, "lamps", self._stage.ground.lamp_words)
        device = inventory.lamps.cabinet.astype(np.int64) if node else np.arange(cabinets)
        commune = inventory.lamp_commune if node else inventory.cabinets.commune
        ears = Ears(hearing, device, keys)
        days = self.used.service.years * 365.25
        checks = false_alarms(hearing, device, commune.astype(np.int64), ears.shift, days)
        deaf = ~heard.acknowledged[device]
        orders = np.bincount(commune, minlength=communes)
        lost = np.bincount(commune[deaf], minlength=communes)
        by_hand = np.bincount(inventory.cabinets.commune[~heard.acknowledged], minlength=communes)
        return RadioTold(
            clocks=None if node else ears,
            nodes=ears if node else None,
            checks=checks,
            orders=orders,
            lost=lost,
            by_hand=by_hand,
        )

    def _name(self, task: Task, what: str) -> str:
        """Return the name of what is kept, by all that touches it in this study."""
        own, lived = set(FIGURE_ROWS) - set(RADIO_ROWS), lived_rows(self.settings.control)
        sections = {"inventory", "control", "clocks", "nodes", "hearing"}
        if what == "years":
            sections |= {"night", "renewal", "crews", "service"}
        pins = [
            pin
            for pin in task.pins
            if pin[0] not in PRICE_ROWS
            and ((what == "years" and pin[0] in lived) or (pin[0] not in own and self._radio))
        ]
        return name_of(
            what,
            {
                # A link without physics throws no dice: what it lets through is one for all worlds.
                "replication": task.replication if what == "years" or self._radio else None,
                "pins": pins,
                "settings": self.used.model_dump(mode="json", include=sections),
                "links": [repr(self.option.link(name)) for name in self.links],
            },
        )

    @property
    def _radio(self) -> bool:
        """Whether figures of the radio touch this option."""
        return bool(set(self.links) - {"none", "ideal"})

    def _trial(self, workspace: Workspace) -> Part:
        """Return the outcome of the most expected world."""
        recorder = Recorder(ALL)
        drawn = nominal_dice(self.scenario)
        world = World(
            self.scenario, Task(self.option.id, NOMINAL), drawn.streams, recorder, workspace
        )
        self._record(recorder, world, drawn)
        return recorder.part()
