"""One replication: the territory's water lives its days on one clock, over one link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import numpy as np

from models.water.crews import Crews, Pace
from models.water.district_meters import (
    contents,
    draw_failures,
    meters_fleet,
    play_failures,
)
from models.water.districts import DistrictPlan, plan_districts
from models.water.figures import WorldDice
from models.water.hazards import PowerCuts, restricted_days
from models.water.leaks.events import LeakEvents
from models.water.logger_fleet import loggers_fleet
from models.water.logger_watch import LoggerWatch
from models.water.loggers import place_loggers
from models.water.mains import Mains, lay_mains
from models.water.network.network import Floats
from models.water.night_use import NightUse
from models.water.policies.desk import DISTRICT_METERS, PRESSURE, LeakDesk
from models.water.policies.hand_readings import HAND_RULE
from models.water.policies.rules import BALANCE_RULE, NIGHT_RULE, DeskRules
from models.water.searching import searching_of
from models.water.settings import CrewsSection, DeskSection, Settings
from models.water.stage import WaterStage
from models.water.watch_keeping import WatchKeeping
from models.water.world_leaks import world_leaks
from twin.clock import Calendar, Clock
from twin.event_log import EventLog
from twin.ports import Link
from twin.signals import Fate
from twin.units import DAY_S


@dataclass(frozen=True, eq=False)
class WaterYear:
    """What a year left.

    Attributes
    ----------
    stage, plan, events, mains, keeping
        As they stand at the end.
    count_from_s, end_s : float
        The days that count.
    sent, delivered : int
        Frames of district meters over all days.
    meter_repairs : int
        Of district meters and loggers, in the days that count.
    loggers : int
        Pressure loggers.
    """

    stage: WaterStage
    plan: DistrictPlan
    events: LeakEvents
    mains: Mains
    keeping: WatchKeeping
    count_from_s: float
    end_s: float
    sent: int
    delivered: int
    meter_repairs: int
    loggers: int

    @property
    def desk(self) -> LeakDesk:
        """Return the desk."""
        return self.keeping.desk


@dataclass(frozen=True)
class Belief:
    """What a service believes of its own network.

    Attributes
    ----------
    night_use : NightUse
        Legitimate, by zone and day.
    condition : float
        Of its pipes: background leakage over the unavoidable one.
    hidden_share : float
        Of leaks that begin, those that nobody will call in soon.
    called_days : float
        Mean days until somebody calls about one of the others.
    """

    night_use: NightUse
    condition: float
    hidden_share: float
    called_days: float


def live_year(
    stage: WaterStage,
    settings: Settings,
    dice: WorldDice,
    belief: Belief,
    start: date,
    make_link: Callable[[], Link],
    completeness: Floats | None = None,
    make_loggers_link: Callable[[], Link] | None = None,
    log: EventLog | None = None,
) -> WaterYear:
    """Live the settling days and the year; return what is left.

    Parameters
    ----------
    make_link
        The link of district meters; asked for only where some are bought.
    completeness
        Share of each zone's customers' meters known of a day by the next evening, shape (zones,
        days); None where nobody knows any in time.
    make_loggers_link
        The link of pressure loggers; None: that of district meters.
    """
    service = settings.service
    days = service.settling_days + service.days
    clock = Clock(Calendar(datetime.combine(start, time())), log)
    world = world_leaks(stage, dice, start, days)
    plan = plan_districts(
        stage, settings.districts.meters, belief.night_use.mean(), belief.condition
    )
    demand = dice.figures.demand(settings.rural.people.litres_per_person_day)
    orders = restricted_days(settings.hazards, dice.streams, start, days)
    loggers = place_loggers(stage, plan, settings.loggers, belief.condition)
    mains = lay_mains(
        stage, plan, world, demand, dice, start, days, service.settling_days, orders, loggers
    )
    desk = LeakDesk(
        plan.districts,
        plan.meters,
        _rules(settings.desk, settings.districts.history),
        contents(mains, settings.districts),
        pressure=LoggerWatch(loggers) if loggers.count else None,
        night_use=belief.night_use.by_district(plan),
    )
    count_from_s = service.settling_days * DAY_S
    cuts = PowerCuts(settings.hazards.cuts, [each.id for each in stage.zones], start)
    keeping = WatchKeeping(
        clock=clock,
        stage=stage,
        mains=mains,
        events=world.events,
        desk=desk,
        crews={},
        figures=dice.figures,
        streams=dice.streams,
        hand_days=settings.desk.hand_readings_days,
        searching=searching_of(
            dice,
            settings.desk.pays_within_years,
            belief.hidden_share,
            belief.called_days,
            step_test=settings.crews.step_test,
        ),
        count_from_s=count_from_s,
        cuts=cuts,
        completeness=completeness,
    )
    keeping.crews.update(_hire(clock, stage, settings.crews, dice, keeping, count_from_s))
    keeping.start(days)
    sent, delivered, repairs = 0, 0, 0
    link = make_link() if plan.meters else None
    if link is not None:
        fleets = [(link, meters_fleet(stage, mains, settings.districts, dice.streams))]
        desk.attach(link.inbox, link.downlink)
        if loggers.count:
            other = link if make_loggers_link is None else make_loggers_link()
            fleets.append((other, loggers_fleet(stage, mains, settings, dice.streams)))
            if other is not link:
                other.inbox.subscribe(PRESSURE, desk.read_pressure)
        for carrier, fleet in fleets:
            ids = tuple(fleet.ids)
            carrier.uplink.register(fleet)
            failures = draw_failures(ids, settings.districts, dice.streams, days * DAY_S)
            dead = play_failures(clock, carrier, ids, failures)
            clock.process(dead, f"dead {fleet.name}", may_wait=True)
            repairs += sum(count_from_s <= each.end_s < days * DAY_S for each in failures)
        clock.process(cuts.silence(clock, link), "silent gateways", may_wait=True)
        for carrier in dict.fromkeys(carrier for carrier, _ in fleets):
            carrier.start(clock)
    clock.run(until=days * DAY_S)
    if link is not None:
        fates = link.tally().get(DISTRICT_METERS, {})
        sent = sum(fates.values()) - fates.get(Fate.IN_FLIGHT, 0)
        delivered = fates.get(Fate.DELIVERED, 0)
    return WaterYear(
        stage=stage,
        plan=plan,
        events=world.events,
        mains=mains,
        keeping=keeping,
        count_from_s=count_from_s,
        end_s=days * DAY_S,
        sent=sent,
        delivered=delivered,
        meter_repairs=repairs,
        loggers=loggers.count,
    )


def _rules(section: DeskSection, history: int) -> DeskRules:
    """Return the desk's rules as the scenario sets them."""
    k, h, nights = section.k, section.h, section.baseline_nights
    return DeskRules(
        valid_share=section.valid_share,
        economic_m3h=section.economic_m3h,
        night=replace(NIGHT_RULE, nights=nights, k=k, h=h),
        balance=replace(BALANCE_RULE, nights=nights, k=k, h=h),
        hand=replace(HAND_RULE, k=section.hand_k, h=section.hand_h),
        history=history,
        closes_s=section.hour * 3600.0,
    )


def _hire(
    clock: Clock,
    stage: WaterStage,
    section: CrewsSection,
    dice: WorldDice,
    keeping: WatchKeeping,
    count_from_s: float,
) -> dict[str, Crews]:
    """Return every service's crews, as many as its inhabitants pay for."""
    pace = Pace(dice.figures.search_km_day, round(dice.figures.notice_days), section.repair_hours)
    people = dict.fromkeys(stage.services, 0.0)
    for each in stage.zones:
        people[each.gravity.zone.service] += float(each.gravity.zone.people.sum())
    return {
        name: Crews.hire(
            clock,
            pace,
            _at_least_one(count, section.people_per_searcher),
            _at_least_one(count, section.people_per_repairer),
            keeping.close,
            count_from_s,
        )
        for name, count in people.items()
    }


def _at_least_one(people: float, each: float) -> int:
    return max(1, int(np.ceil(people / each)))
