"""The load question as a model: the planned gateways live a day, now and in ten years."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lora.load import measure
from models.lora.load.batteries import fleet_batteries
from models.lora.load.dice import ASSUMPTIONS, Dice, dice_of, nominal_dice
from models.lora.load.live import Day, live
from models.lora.load.measure import Groups, Shares
from models.lora.load.network import Field, make_field
from models.lora.load.outcomes import ALL
from models.lora.load.settings import DAY_S, LoadSection
from models.lora.load.stage import LoadStage, load_stage
from models.lora.load.storm import STEP_S, Storm, storm
from models.lora.load.verdict import Standing, judge, recommended, years_held
from models.lora.network.eu868 import BAND_NAMES
from models.lora.settings import Settings
from twin.decide.robust import Requirement
from twin.files import write_atomically
from twin.lang import Text
from twin.ports import Say
from twin.recorder import Kpi, Recorder
from twin.scenario import Option, Scenario
from twin.workspace import Workspace
from twin.world import World

ENERGY_ONLY = frozenset(
    {
        "battery_spread",
        "meter_quiescent_ua",
        "sensor_quiescent_ua",
        "self_discharge_factor",
        "battery_replacement_eur",
        "growth_factor",
    }
)
"""Figures that change nothing on the air in the first year: a sensitivity run keeps its day."""

QUICK_SPAN_S = DAY_S / 4.0
QUICK_MESSAGES = 1_000_000.0
"""Readings a day above which a quick study watches a quarter of the day."""
QUICK_SETTLING = 20
BACK_STEP_MIN = 10


def messages_per_day(stage: LoadStage) -> float:
    """Return the readings due in a day of the first year."""
    return sum(
        DAY_S / each.section.period_s * float((each.points.born <= 1.0).sum())
        for each in stage.fleets
    )


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers: the most frequent readings that hold every target."""
    asked = [option for option in scenario.options if option.answers] or scenario.options
    return recommended([read_standing(workspace, option.id) for option in asked])


def standing_file(workspace: Workspace, option: str) -> Path:
    """Return where an option's standing in the most expected world is kept."""
    return workspace.folder / f"standing-{option}.json"


def read_standing(workspace: Workspace, option: str) -> Standing:
    """Return an option's standing in the most expected world."""
    return Standing(**json.loads(standing_file(workspace, option).read_text(encoding="utf-8")))


@dataclass
class LoadModel:
    """One option of the load question."""

    scenario: Scenario
    option: Option
    settings: Settings
    _stage: LoadStage | None = None
    _played: tuple[object, Field, Day] | None = None

    @property
    def load(self) -> LoadSection:
        """Return the section of the question."""
        assert self.settings.load is not None  # noqa: S101 - the settings ask for it
        given = self.settings.load
        if not self.scenario.quick:
            return given
        fewer = min(given.settling_frames, QUICK_SETTLING)
        storm_s = min(given.storm.watched_s, QUICK_SPAN_S)
        return given.model_copy(
            update={
                "settling_frames": fewer,
                "warm_up_s": given.warm_up_s / 2.0,
                "storm": given.storm.model_copy(update={"watched_s": storm_s}),
            }
        )

    def _used(self) -> Settings:
        return self.settings.model_copy(update={"load": self.load})

    def check(self) -> list[Text]:
        """Read every table the option names, without computing anything long."""
        from models.lora.load.check import check_load

        return check_load(self.scenario, self.option, self.settings, ASSUMPTIONS)

    def prepare(self, workspace: Workspace, say: Say) -> None:
        """Load or make the stage and this option's standing in the most expected world."""
        self._stage = load_stage(self.scenario, self.settings, workspace, say)
        file = standing_file(workspace, self.option.id)
        judged = self.option.answers or not any(each.answers for each in self.scenario.options)
        if judged and not file.is_file():
            what = Text(f"jour type : {self.option.name.fr}", f"usual day: {self.option.name.en}")
            say(what, 0.0)
            standing = self._standing()
            with write_atomically(file, "w") as handle:
                json.dump(asdict(standing), handle)
            say(what, 1.0)

    def _standing(self) -> Standing:
        """Live the first year of the most expected world."""
        # A quick study too lives the whole day here, so that it recommends what a full one does.
        stage, load = self._ready(), self.load
        dice = nominal_dice(self.scenario)
        field = make_field(stage, self.settings, dice)
        _, day = live(field, self._present(field, first=True), load.warm_up_s, DAY_S)
        of = measure.groups(stage, field, day.devices)
        read = _by_fleet(stage, measure.collection(of, day))
        reach = {
            each.name: float((each.first >= load.targets.battery_years).mean())
            for each in fleet_batteries(stage, load, field, day, dice)
        }
        duty = float(day.duty.max(initial=0.0))
        verdict = judge(load.targets, read, reach, duty)
        ratios = [share / load.targets.collection for share in read.values()]
        ratios += [share / load.targets.battery_share for share in reach.values()]
        return Standing(
            option=self.option.id,
            answers=self.option.answers,
            period_s=min(
                (each.section.period_s for each in stage.fleets if each.section.meters),
                default=min(each.section.period_s for each in stage.fleets),
            ),
            held=verdict.held,
            everything=verdict.everything,
            worst=min([1.0, *ratios]),
        )

    @property
    def yardsticks(self) -> tuple[str, ...]:
        """What options are judged by: the first indicator, then a service."""
        return ("collection",)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What an option must reach in a world to be acceptable there."""
        return (Requirement("holds_all", 1.0),)

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """Every outcome a replication may record."""
        return ALL

    def play(self, world: World) -> None:
        """Meet one world and record the outcome."""
        stage, load, say = self._ready(), self.load, world.recorder
        dice = dice_of(world)
        has_fleet = any(each.name == load.storm.fleet for each in stage.fleets)
        # A quick study cuts the mains of its calmer options only.
        storms = has_fleet and not dice.pinned and self._span_s() == DAY_S
        field, day, burst = self._first_year(world, dice, with_storm=storms)
        of = measure.groups(stage, field, day.devices)
        _balance(say, stage, field, day)
        read = measure.collection(of, day)
        _record(say, "collection", read)
        _record(say, "delivery", measure.delivery(of, day))
        _record(say, "loss", measure.losses(of, day))
        _record(say, "factor", measure.factors(of, day))
        _record(say, "unheard", measure.unheard(of, field, day.devices))
        self._record_counts(say, of, day)
        self._record_duty(say, day)
        reach = self._record_batteries(world, field, day, dice)
        verdict = judge(
            load.targets, _by_fleet(stage, read), reach, float(day.duty.max(initial=0.0))
        )
        say.kpi("holds_collection", float(verdict.collection))
        say.kpi("holds_battery", float(verdict.battery))
        say.kpi("holds_duty", float(verdict.duty))
        say.kpi("holds_all", float(verdict.everything))
        if burst is not None:
            self._record_storm(say, burst)
        # A quick study grows only the options it may recommend.
        if not dice.pinned and (self.option.answers or not self.scenario.quick):
            self._record_later(say, field, read)

    def _first_year(
        self, world: World, dice: Dice, *, with_storm: bool
    ) -> tuple[Field, Day, Storm | None]:
        """Live a day of the first year; a sensitivity run off the air takes up a day lived."""
        stage, load = self._ready(), self.load
        on_air = tuple(pin for pin in world.task.pins if pin[0] not in ENERGY_ONLY)
        name = (world.task.replication, on_air)
        if dice.pinned and self._played is not None and self._played[0] == name:
            return self._played[1], self._played[2], None
        field = make_field(stage, self._used(), dice)
        span_s = self._span_s(pinned=dice.pinned)
        engine, day = live(field, self._present(field, first=True), load.warm_up_s, span_s)
        burst = storm(stage, load.storm, field, engine, day) if with_storm else None
        # Only a sensitivity run off the air asks again; a field weighs 200 MB, so one is kept.
        self._played = (name, field, day) if dice.pinned and not on_air else None
        return field, day, burst

    def _ready(self) -> LoadStage:
        assert self._stage is not None  # noqa: S101 - prepared first
        return self._stage

    def _span_s(self, *, pinned: bool = False) -> float:
        """Return how long the network is watched: a quick study cuts the busiest days short."""
        if not self.scenario.quick:
            return DAY_S
        busy = messages_per_day(self._ready()) > QUICK_MESSAGES
        if busy and not self.option.answers:
            return QUICK_SPAN_S / 2.0
        return QUICK_SPAN_S if busy or pinned else DAY_S

    @staticmethod
    def _present(field: Field, *, first: bool) -> NDArray[np.int64]:
        return field.present(np.ones_like(field.growth) if first else field.growth)

    def _record_counts(self, say: Recorder, of: Groups, day: Day) -> None:
        masks = {"": np.ones(len(day.devices), dtype=np.bool_), **of.fleets}
        frames = day.tally["factors"].sum(axis=1)
        for zone, mask in masks.items():
            say.kpi("messages", float(day.tally["messages"][mask].sum()), zone)
            sent = float(frames[mask].sum())
            if sent:
                say.kpi("gateways_per_frame", float(day.tally["gateways"][mask].sum()) / sent, zone)

    def _record_duty(self, say: Recorder, day: Day) -> None:
        say.kpi("refused", day.refused / max(day.answered + day.refused, 1))
        busiest = day.duty.max(axis=0)
        for band, name in enumerate(BAND_NAMES):
            say.kpi("duty_most", float(busiest[:, band].max(initial=0.0)), name)
            say.kpi("duty_median", float(np.median(busiest[:, band])), name)
        say.kpi("duty_most", float(busiest.max(initial=0.0)))
        say.kpi("duty_median", float(np.median(busiest.max(axis=1))))
        say.by_zone("duty_gateway", self._ready().sites.ids, busiest.max(axis=1))

    def _record_batteries(
        self, world: World, field: Field, day: Day, dice: Dice
    ) -> dict[str, float]:
        """Record the lives of batteries; return the share that lasts as aimed at, by fleet."""
        stage, load, say = self._ready(), self.load, world.recorder
        reach: dict[str, float] = {}
        per_year = np.zeros(0)
        replaced = 0.0
        for each in fleet_batteries(stage, load, field, day, dice):
            share = float((each.first >= load.targets.battery_years).mean())
            reach[each.name] = share
            yearly = each.wave.per_year.astype(np.float64)
            per_year = yearly if not len(per_year) else per_year + yearly
            number = float(yearly[: load.horizon_years].sum())
            replaced += number
            main = next(one for one in stage.fleets if one.name == each.name).section.meters
            for zone in (each.name, "") if main else (each.name,):
                say.kpi("battery_p05", float(np.quantile(each.first, 0.05)), zone)
                say.kpi("battery_median", float(np.median(each.first)), zone)
                say.kpi("battery_reach", share, zone)
            say.kpi("replaced", number, each.name)
            say.by_zone(
                "replaced_in",
                [f"{each.name}/y{year + 1:02d}" for year in range(len(yearly))],
                yearly,
            )
        if reach:
            say.kpi("replaced", replaced)
            say.kpi("replaced_eur", replaced * dice.figures.battery_replacement_eur)
            say.by_zone(
                "replaced_in", [f"y{year + 1:02d}" for year in range(len(per_year))], per_year
            )
        return reach

    def _record_later(self, say: Recorder, field: Field, first: Shares) -> None:
        """Live the last year and record what became of the reading target meanwhile."""
        stage, load = self._ready(), self.load
        span_s = min(self._span_s(), load.later_span_s)
        _, day = live(field, self._present(field, first=False), load.warm_up_s, span_s)
        of = measure.groups(stage, field, day.devices)
        last = measure.collection(of, day)
        _record(say, "delivery_later", measure.delivery(of, day))
        _record(say, "collection_later", last)
        say.kpi("devices_later", float(len(day.devices)))
        for name, mask in of.fleets.items():
            say.kpi("devices_later", float(mask.sum()), name)
        say.kpi("duty_most_later", float(day.duty.max(initial=0.0)))
        both = [zone for zone in first.zones if zone in last.zones]
        held = [
            years_held(
                first.get(zone) or 0.0,
                last.get(zone) or 0.0,
                load.targets.collection,
                load.horizon_years,
            )
            for zone in both
        ]
        say.by_zone("years_held", both, held)

    def _record_storm(self, say: Recorder, burst: Storm) -> None:
        for share, name in ((0.5, "back_50_min"), (0.95, "back_95_min"), (1.0, "back_100_min")):
            until = burst.minutes_until(share)
            if np.isfinite(until):
                say.kpi(name, until)
        # Once all are back nothing more was watched: they stay.
        span = int(self.load.storm.watched_s / STEP_S)
        minutes = np.arange(BACK_STEP_MIN, span + 1, BACK_STEP_MIN)
        back = burst.joined[np.minimum(minutes, len(burst.joined)) - 1]
        say.by_zone("back", [f"m{minute:03d}" for minute in minutes], back)
        say.kpi("join_requests", burst.requests / max(len(burst.cut), 1))
        others = np.ones(len(burst.others.devices), dtype=np.bool_)
        others[burst.cut] = False
        good = float(burst.others.tally["delivered"][others].sum())
        lost = float(burst.others.tally["lost"][others].sum())
        say.kpi("storm_delivery", good / max(good + lost, 1.0))
        say.kpi("storm_duty", burst.duty)


def _record(say: Recorder, name: str, shares: Shares) -> None:
    say.by_zone(name, shares.zones, shares.values)


def _by_fleet(stage: LoadStage, shares: Shares) -> dict[str, float]:
    told = {each.name: shares.get(each.name) for each in stage.fleets}
    return {name: share for name, share in told.items() if share is not None}


def _balance(say: Recorder, stage: LoadStage, field: Field, day: Day) -> None:
    """Open a ledger a fleet: readings under way and begun = delivered + lost + under way."""
    for index, fleet in enumerate(stage.fleets):
        rows = field.fleet[day.devices] == index
        book = say.ledger(f"messages/{fleet.name}", "1", float(day.opening[rows].sum()))
        book.enter(float(day.tally["messages"][rows].sum()), "begun")
        book.leave(float(day.tally["delivered"][rows].sum()), "delivered")
        for cause, fate in measure.FATES.items():
            book.leave(float(day.tally["lost"][rows, fate].sum()), cause)
        book.close(float(day.in_flight[rows].sum()))
