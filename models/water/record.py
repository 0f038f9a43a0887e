"""From what a year left to indicators and ledgers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.water.bill import Amounts, Prices, yearly_bill
from models.water.customers.year import CustomersYear
from models.water.indicators.regulatory import (
    consumption_index,
    losses_index,
    uncounted_index,
    yield_share,
)
from models.water.indicators.threshold import passes, threshold_share
from models.water.indicators.unavoidable import ili, uarl_m3_day
from models.water.indicators.volumes import volumes_of
from models.water.left import YearLeft
from models.water.settings import Settings
from models.water.stage import WaterStage
from twin.recorder import Recorder

DAYS_A_YEAR = 365.0
BALANCE = 1e-6
"""Relative gap allowed between what was produced and what was used, lost or kept."""


@dataclass(frozen=True, eq=False)
class Told:
    """What a record is made of: the option's world, its mains and its customers, its prices."""

    stage: WaterStage
    left: YearLeft
    customers: CustomersYear
    settings: Settings
    prices: Prices
    discount: float
    km_per_day: float

    @property
    def scale(self) -> float:
        """Return how many times the days that count go into a year."""
        return DAYS_A_YEAR / self.settings.service.days


def record_year(say: Recorder, told: Told) -> None:
    """Record every indicator, scaled to a year of 365 days."""
    water, work = _water(told), _work(told)
    euros = _euros(told, water, work)
    for name, value in (water | work | _customers(told.customers) | euros).items():
        say.kpi(name, value)
    _rare(say, told)
    _services(say, told)
    _communes(say, told)
    _balance(say, told.left)


def _water(told: Told) -> dict[str, float]:
    left, scale, stage = told.left, told.scale, told.stage
    found = {
        "produced_m3": scale * float(left.produced_m3.sum()),
        "consumed_m3": scale * float(left.consumed_m3.sum()),
        "hidden_m3": scale * float(left.hidden_m3.sum()),
        "reported_m3": scale * float(left.reported_m3.sum()),
        "background_m3": scale * float(left.background_m3.sum()),
        "km": float(stage.km.sum()),
    }
    found["lost_m3"] = sum(found[name] for name in ("hidden_m3", "reported_m3", "background_m3"))
    return found | _indices(
        found["produced_m3"],
        found["consumed_m3"],
        told.customers.unregistered_m3,
        found["km"],
        found["lost_m3"],
        sum(float(each.gravity.zone.connections.sum()) for each in stage.zones),
        stage.pressure_m,
    )


def _indices(
    produced_m3: float,
    consumed_m3: float,
    unregistered_m3: float,
    km: float,
    lost_m3: float,
    connections: float,
    pressure_m: float,
) -> dict[str, float]:
    """Return the French indicators of a year; what stopped meters miss is authorised, unmetered."""
    missed = min(unregistered_m3, consumed_m3)
    volumes = volumes_of(
        produced_m3=produced_m3,
        metered_m3=consumed_m3 - missed,
        unmetered_m3=missed,
        mains_km=km,
    )
    ilc = float(consumption_index(volumes))
    least = float(uarl_m3_day(km, connections, pressure_m))
    return {
        "yield": float(yield_share(volumes)),
        "ilvnc": float(uncounted_index(volumes)),
        "ilp": float(losses_index(volumes)),
        "ilc": ilc,
        "ili": float(ili(lost_m3 / DAYS_A_YEAR, least)),
        "threshold": float(threshold_share(ilc)),
    }


def _work(told: Told) -> dict[str, float]:
    left, scale = told.left, told.scale
    seen = left.smallest_m3h <= told.settings.leak_m3h
    people = [float(each.gravity.zone.people.sum()) for each in told.stage.zones]
    return {
        "hidden_leaks": scale * left.hidden_begun,
        "alarms": scale * left.alarms,
        "false_alarms": scale * left.false_alarms,
        "explained": scale * left.explained,
        "let_be": scale * left.let_be,
        "in_vain": scale * left.in_vain,
        "searches": scale * left.searches,
        "step_tests": scale * left.step_tests,
        "searched_km": scale * left.searched_km,
        "repairs": scale * left.repairs,
        "urgent": scale * left.urgent,
        "meters": float(left.meters),
        "loggers": float(left.loggers),
        "dry_m3": scale * float(left.short_m3.sum()),
        "dry_people_h": scale * float((left.dry_h * people).sum()),
        "seen_share": float(left.district_km[seen].sum() / told.stage.km.sum()),
    }


def _customers(customers: CustomersYear) -> dict[str, float]:
    return {
        "next_day": customers.next_day,
        "quarter": customers.quarter,
        "customer_lost_m3": customers.customer_lost_m3,
        "forgiven_m3": customers.forgiven_m3,
        "unregistered_m3": customers.unregistered_m3,
        "alerts": customers.alerts,
        "customer_meters": float(customers.meters),
    }


def _euros(told: Told, water: dict[str, float], work: dict[str, float]) -> dict[str, float]:
    """Return the service's bill, and what leaks cost customers."""
    customers, prices = told.customers, told.prices
    amounts = Amounts(
        lost_m3=water["lost_m3"],
        forgiven_m3=customers.forgiven_m3,
        unregistered_m3=customers.unregistered_m3,
        searcher_days=work["searched_km"] / told.km_per_day,
        step_tests=work["step_tests"],
        repairs=work["repairs"],
        urgent=work["urgent"],
        meters=work["meters"],
        loggers=work["loggers"],
        meter_repairs=told.scale * told.left.meter_repairs,
        customer_meters=float(customers.meters),
        readings=customers.readings_per_year,
        alerts=customers.alerts,
    )
    bill = yearly_bill(prices, told.discount, told.settings.customers.reading, amounts)
    return {
        "water_eur": bill.water_eur,
        "unpaid_eur": bill.unpaid_eur,
        "search_eur": bill.search_eur,
        "repair_eur": bill.repair_eur,
        "districts_eur": bill.districts_eur,
        "customers_eur": bill.customers_eur,
        "total_eur": bill.total_eur,
        "paid_eur": customers.paid_by_customers_m3 * prices.sold_eur_m3,
    }


def _rare(say: Recorder, told: Told) -> None:
    """Record what has no value in some options."""
    left, customers = told.left, told.customers
    if left.hidden_begun:
        say.kpi("run_days", left.hidden_days / left.hidden_begun)
    finite = np.isfinite(left.smallest_m3h)
    if finite.any():
        mean = np.average(left.smallest_m3h[finite], weights=left.district_km[finite])
        say.kpi("smallest_m3h", float(mean))
    if left.nights_asked:
        say.kpi("nights_known", left.nights_known / left.nights_asked)
    if left.sent:
        say.kpi("read_share", left.delivered / left.sent)
    if customers.sent:
        say.kpi("customer_read", customers.delivered / customers.sent)
    if np.isfinite(customers.customer_days):
        say.kpi("customer_days", customers.customer_days)


def _services(say: Recorder, told: Told) -> None:
    """Record the French indicators of each service; territory: how many meet the threshold."""
    left, scale, stage = told.left, told.scale, told.stage
    service_of = np.array([each.gravity.zone.service for each in stage.zones])
    consumed = scale * left.consumed_m3
    missed = told.customers.unregistered_m3 / max(float(consumed.sum()), 1.0)
    met = []
    for service in stage.services:
        mine = service_of == service
        zones = [each for each, own in zip(stage.zones, mine, strict=True) if own]
        weights = [float(each.gravity.zone.connections.sum()) for each in zones]
        volumes = {
            "produced_m3": scale * float(left.produced_m3[mine].sum()),
            "consumed_m3": float(consumed[mine].sum()),
            "lost_m3": scale * float(left.lost_m3[mine].sum()),
            "km": float(stage.km[mine].sum()),
        }
        found = _indices(
            volumes["produced_m3"],
            volumes["consumed_m3"],
            volumes["consumed_m3"] * missed,
            volumes["km"],
            volumes["lost_m3"],
            sum(weights),
            float(np.average([each.pressure_m for each in zones], weights=weights)),
        )
        met.append(bool(passes(found["yield"], found["ilc"])))
        for name, value in (volumes | found).items():
            say.kpi(name, value, service)
    say.kpi("compliant", float(np.mean(met)))


def _communes(say: Recorder, told: Told) -> None:
    """Record what a map shows, by commune."""
    left = told.left
    names = [each.id for each in told.stage.zones]
    say.by_zone("lost_m3", names, told.scale * left.lost_m3)
    say.by_zone("hidden_m3", names, told.scale * left.hidden_m3)
    say.by_zone("meters", names, left.zone_meters)
    if not left.meters:
        return
    worst = np.full(len(names), np.nan)
    for zone, value in zip(left.district_zone.astype(int), left.smallest_m3h, strict=True):
        if np.isfinite(value):
            worst[zone] = np.fmax(worst[zone], value)
    say.by_zone("smallest_m3h", names, worst)


def _balance(say: Recorder, left: YearLeft) -> None:
    """Open the ledger: produced + stored before = consumed + lost + stored after, m3."""
    ledger = say.ledger("m3 of water", "m³", float(left.opening_m3.sum()))
    ledger.tolerance = BALANCE
    ledger.enter(float(left.produced_m3.sum()), "produced")
    ledger.leave(float(left.consumed_m3.sum()), "consumed")
    ledger.leave(float(left.hidden_m3.sum()), "hidden leaks")
    ledger.leave(float(left.reported_m3.sum()), "leaks that surface")
    ledger.leave(max(float(left.background_m3.sum()), 0.0), "background leakage")
    ledger.close(float(left.stored_m3.sum()))
