"""One replication: the option's streams live their year on one clock, over one link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.waste.bins import Bins, Manners
from models.waste.crews import Events, Tally
from models.waste.dice import daily_units, lognormals, units
from models.waste.expected import expected_cv
from models.waste.figures import WorldDice
from models.waste.filling.draw import hourly_l
from models.waste.filling.factors import day_factors
from models.waste.filling.hours import hours_of
from models.waste.filling.law import Kind, Law
from models.waste.filling.neighbours import Neighbours
from models.waste.filling.places import Places
from models.waste.fitting import fitted_points
from models.waste.foresight import DepositCounts, PerfectForesight, TrueLevels
from models.waste.habits import common_factors, factors_of
from models.waste.policies.desk import DAY_S, FILL, Desk, Facts, Foresight
from models.waste.policies.fixed import Schedule
from models.waste.rounds import Effort
from models.waste.rules import make_rule
from models.waste.sensors import SILENT, Faults, FillSensors, Quality, draw_faults
from models.waste.settings import Settings
from models.waste.stage import StreamStage, WasteStage
from models.waste.stream import Habits, Luck, Stream
from twin.clock import Calendar, Clock
from twin.device_keys import name_words
from twin.event_log import EventLog
from twin.ports import Link
from twin.signals import AssetId, Fate, Fleet

Floats = NDArray[np.float64]
FIRST_FILL = 0.6
"""Most a point holds at the start: uniform below; the settling days let it be forgotten."""


class Traffic(NamedTuple):
    """What the sensors of one stream did: fitted, repairs in the days that count, readings."""

    fitted: NDArray[np.int64]
    repairs: float
    sent: int
    delivered: int


@dataclass(frozen=True, eq=False)
class StreamYear:
    """What one stream's year left."""

    stage: StreamStage
    stream: Stream
    traffic: Traffic

    @property
    def tally(self) -> Tally:
        """Return what its trucks did."""
        return self.stream.tally


def live_year(
    stage: WasteStage,
    settings: Settings,
    dice: WorldDice,
    schedules: Mapping[str, Schedule],
    start: datetime,
    make_link: Callable[[], Link],
    *,
    seed: int,
    log: EventLog | None = None,
) -> list[StreamYear]:
    """Live every stream's settling days and year; return what is left, stream by stream."""
    calendar = Calendar(start)
    clock = Clock(calendar, log)
    service = settings.service
    days = service.settling_days + service.days
    link = make_link() if settings.sensors.share > 0.0 else None
    chosen = fitted_points(stage.streams, settings, dice)
    found = []
    for each in stage.streams:
        bins = _bins(each, settings, dice, calendar, days)
        desk = Desk(_facts(each, settings, calendar, days), _look(each, settings, dice, bins))
        rule = make_rule(settings.policy, each, schedules.get(each.name))
        habits = _habits(each, settings, dice, seed)
        luck = _luck(each, settings, dice, days)
        stream = Stream(
            clock,
            bins,
            desk,
            rule,
            each.depots,
            stage.roads,
            each.service,
            habits,
            luck,
            service.settling_days * DAY_S,
            ids=each.points.ids,
        )
        devices = _fit(each, settings, dice, chosen[each.name], bins, desk, link, clock, days)
        clock.process(stream.live(days), f"planning {each.name}")
        found.append((each, stream, devices))
    if link is not None:
        link.start(clock)
    end_s = calendar.at(start) + _seconds(calendar, start, days)
    clock.run(until=end_s)
    for _, stream, _ in found:
        stream.bins.advance(end_s)
    tally = {} if link is None else link.tally()
    return [
        StreamYear(each, stream, _traffic(each, settings, devices, tally))
        for each, stream, devices in found
    ]


def _seconds(calendar: Calendar, start: datetime, days: int) -> float:
    from datetime import timedelta

    return calendar.at(start + timedelta(days=days))


def law_of(each: StreamStage, settings: Settings, dice: WorldDice) -> Law:
    """Return how a stream's points truly fill in this world: the file's rates, and its errors."""
    filling, figures = settings.filling, dice.figures
    doubt = lognormals(units(dice.streams, "true rate", each.points.words), figures.rate_doubt)
    return Law(
        mean_l_day=each.points.rate_l * figures.kg_factor * doubt,
        kind=Kind(filling.law),
        stream=each.name,
        cv=None if filling.law == "deposits" else figures.daily_cv,
        factors=factors_of(settings.filling, set(each.points.ids)),
        neighbours=Neighbours(cv=filling.common_cv, decorrelation_m=filling.decorrelation_km * 1e3)
        if filling.common_cv > 0.0
        else None,
    )


def _places(each: StreamStage) -> Places:
    return Places(each.points.ids, each.points.x_m, each.points.y_m)


def _bins(
    each: StreamStage, settings: Settings, dice: WorldDice, calendar: Calendar, days: int
) -> Bins:
    law = law_of(each, settings, dice)
    hourly = hourly_l(law, _places(each), dice.streams, calendar, calendar.start.date(), days)
    first = units(dice.streams, "first level", each.points.words)
    return Bins(
        each.points.capacity_l,
        hourly,
        each.carry,
        Manners(settings.filling.carried, settings.filling.beside),
        FIRST_FILL * first * each.points.capacity_l,
    )


def _facts(each: StreamStage, settings: Settings, calendar: Calendar, days: int) -> Facts:
    """Return what a planner has on file: expectations, never the world's figures."""
    points, sensors, service = each.points, settings.sensors, settings.service
    usual = _usual_days(settings, each, calendar, days)
    noise = float(np.hypot(sensors.noise, sensors.fitting))
    return Facts(
        capacity_l=points.capacity_l,
        rate_l=points.rate_l,
        rate_sd_l=service.rate_doubt * points.rate_l,
        cv=expected_cv(settings, points.rate_l),
        level_l=0.5 * FIRST_FILL * points.capacity_l,
        level_sd_l=FIRST_FILL / np.sqrt(12.0) * points.capacity_l,
        sensor_sd_l=noise * points.capacity_l,
        drift=service.drift,
        visit_eur=each.visit_eur,
        usual_days=usual,
    )


def _usual_days(settings: Settings, each: StreamStage, calendar: Calendar, days: int) -> Floats:
    """Return usual days since the start at every hour: weekdays, season and hours are no secret."""
    factors = common_factors(settings.filling)
    first = calendar.start.date()
    hours = hours_of(calendar, first, days, factors.hour_shares)
    one = Places(each.points.ids[:1], each.points.x_m[:1], each.points.y_m[:1])
    by_day = day_factors(factors, one, first, days)[:, 0]
    per_hour = hours.share * np.repeat(by_day, np.diff(hours.first_row))
    return np.concatenate([[0.0], np.cumsum(per_hour)])


def _look(each: StreamStage, settings: Settings, dice: WorldDice, bins: Bins) -> Foresight | None:
    knowledge = settings.service.knowledge
    if knowledge == "levels":
        return TrueLevels(bins)
    if knowledge == "foresight":
        return PerfectForesight(bins)
    if knowledge == "counts":
        from models.waste.filling.law import Volume

        volume = Volume()
        cycles = daily_units(dice.streams, "counted deposits", each.points.words, 400)
        return DepositCounts(bins, volume.mean_l, float(np.sqrt(volume.variance_l2)), cycles)
    return None


def _habits(each: StreamStage, settings: Settings, dice: WorldDice, seed: int) -> Habits:
    service = settings.service
    told = service.knowledge in ("driver", "levels", "foresight")
    plan: time = each.section.shift.plan
    return Habits(
        shift=each.shift,
        plan_s=plan.hour * 3600.0 + plan.minute * 60.0,
        seen_share=service.seen_share if told else 0.0,
        weighbridge=service.weighbridge,
        call_share=dice.figures.call_share,
        breakdown_share=service.breakdown_share,
        weekdays=each.section.shift.weekdays,
        effort=Effort().scaled(service.effort),
        seed=seed,
    )


def _luck(each: StreamStage, settings: Settings, dice: WorldDice, days: int) -> Luck:
    service, streams = settings.service, dice.streams
    names = [f"{each.name}/{depot.name}" for depot in each.depots]
    trucks = [
        f"{name}/{k}"
        for name, depot in zip(names, each.depots, strict=True)
        for k in range(depot.vehicle.count)
    ]
    points = each.points.words
    traffic = daily_units(streams, "traffic", name_words(names), days)
    hindrance = daily_units(streams, "hindrance", points, days)
    repair = daily_units(streams, "repair time", name_words([each.name]), days)[:, 0]
    return Luck(
        traffic=lognormals(traffic, service.traffic),
        service=lognormals(hindrance, service.hindrance),
        breakdown=daily_units(streams, "breakdown", name_words(trucks), days),
        calls=daily_units(streams, "calls", points, days),
        repair_s=-3600.0 * service.repair_hours * np.log(repair),
    )


@dataclass(frozen=True, eq=False)
class _Devices:
    """The sensors of one stream."""

    points: NDArray[np.int64]
    faults: Faults
    from_s: float
    to_s: float


def _fit(
    each: StreamStage,
    settings: Settings,
    dice: WorldDice,
    chosen: NDArray[np.int64],
    bins: Bins,
    desk: Desk,
    link: Link | None,
    clock: Clock,
    days: int,
) -> _Devices:
    """Fit the option's share of the points with sensors and let their word reach the desk."""
    sensors, points = settings.sensors, each.points
    counted_s = settings.service.settling_days * DAY_S
    none = Faults(*(np.zeros(0, dtype=kind) for kind in (np.int64, float, float, np.int64)))
    if link is None or not len(chosen):
        return _Devices(np.zeros(0, dtype=np.int64), none, counted_s, days * DAY_S)
    quality = Quality(
        sensors.noise,
        sensors.fitting,
        sensors.odd_share,
        dice.figures.failing_share if sensors.fail else 0.0,
        sensors.repair_days,
    )
    words = points.words[chosen]
    ids = tuple(AssetId(points.ids[point]) for point in chosen)
    faults = draw_faults(dice.streams, ids, words, quality, days * DAY_S)
    seen = FillSensors(
        dice.streams, words, chosen, points.capacity_l[chosen], bins.sample_l, quality, faults
    )
    fleet = f"{each.name}-fill"
    plan = each.section.shift.plan
    aligned_s = (plan.hour * 3600.0 + plan.minute * 60.0 - 3600.0) % sensors.period_s
    spread_s = sensors.period_s * units(dice.streams, "phase", words)
    link.uplink.register(
        Fleet(
            name=fleet,
            signal=FILL,
            x_m=points.x_m[chosen],
            y_m=points.y_m[chosen],
            height_m=np.full(len(chosen), sensors.height_m),
            period_s=sensors.period_s,
            phase_s=np.full(len(chosen), aligned_s) if sensors.aligned else spread_s,
            payload_bytes=sensors.payload_bytes,
            sample=seen.sample,
            use_case="bin",
            asset_ids=ids,
        )
    )
    desk.knows(fleet, chosen)
    desk.attach(link.inbox, link.downlink)
    clock.process(_silence(clock, link, ids, faults), f"failures of {fleet}", may_wait=True)
    return _Devices(chosen, faults, counted_s, days * DAY_S)


def _silence(clock: Clock, link: Link, ids: Sequence[AssetId], faults: Faults) -> Events:
    """Cut and restore the power of sensors that say nothing."""
    rows = np.flatnonzero(faults.manner == SILENT)
    changes = sorted(
        [(float(faults.begin_s[row]), int(faults.device[row]), False) for row in rows]
        + [(float(faults.end_s[row]), int(faults.device[row]), True) for row in rows]
    )
    for when_s, device, on in changes:
        if when_s > clock.now:
            yield clock.until(when_s)
        link.power(ids[device], on=on)


def _traffic(
    each: StreamStage,
    settings: Settings,
    devices: _Devices,
    tally: Mapping[str, Mapping[Fate, int]],
) -> Traffic:
    fates = tally.get(f"{each.name}-fill", {})
    sent = sum(fates.values()) - fates.get(Fate.IN_FLIGHT, 0)
    ends = devices.faults.end_s
    repaired = float(((ends >= devices.from_s) & (ends < devices.to_s)).sum())
    yearly = repaired * 365.0 / settings.service.days
    return Traffic(devices.points, yearly, sent, fates.get(Fate.DELIVERED, 0))
