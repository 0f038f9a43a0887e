"""From what a year left to indicators and ledgers."""

from __future__ import annotations

import numpy as np

from models.water.bill import Amounts, Bill, Prices, yearly_bill
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
from models.water.network.network import Floats
from models.water.seen import seen_within
from models.water.settings import Settings
from models.water.year import WaterYear
from twin.recorder import Recorder
from twin.units import DAY_S

DAYS_A_YEAR = 365.0
BALANCE = 1e-6
"""Relative gap allowed between what was produced and what was used, lost or kept."""


def record_year(
    say: Recorder,
    year: WaterYear,
    customers: CustomersYear,
    settings: Settings,
    prices: Prices,
    discount: float,
) -> None:
    """Record every indicator, scaled to a year of 365 days."""
    scale = DAYS_A_YEAR / settings.service.days
    water = _water(year, customers, scale)
    work = _work(year, scale)
    bill = _bill(water, work, year, customers, settings, prices, discount, scale)
    for name, value in (water | work | _customers(customers) | _euros(bill)).items():
        say.kpi(name, value)
    _rare(say, year, customers)
    _services(say, year, customers, scale)
    _communes(say, year, scale)
    _balance(say, year)


def _by_zone(year: WaterYear, leaks: Floats) -> Floats:
    """Return sums over zones of a quantity by leak."""
    sums = np.bincount(year.events.zone, weights=leaks, minlength=len(year.stage.zones))
    return sums.astype(np.float64)


def _water(year: WaterYear, customers: CustomersYear, scale: float) -> dict[str, float]:
    volumes, hidden = year.mains.volumes, year.mains.hidden
    found = {
        "produced_m3": scale * float(volumes.produced_m3.sum()),
        "consumed_m3": scale * float(volumes.consumed_m3.sum()),
        "hidden_m3": scale * float(volumes.leaks_m3[hidden].sum()),
        "reported_m3": scale * float(volumes.leaks_m3[~hidden].sum()),
        "background_m3": scale * float(volumes.background_m3.sum()),
        "km": float(year.stage.km.sum()),
    }
    found["lost_m3"] = sum(found[name] for name in ("hidden_m3", "reported_m3", "background_m3"))
    return found | _indices(
        found["produced_m3"],
        found["consumed_m3"],
        customers.unregistered_m3,
        found["km"],
        found["lost_m3"],
        sum(float(each.gravity.zone.connections.sum()) for each in year.stage.zones),
        year.stage.pressure_m,
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


def _work(year: WaterYear, scale: float) -> dict[str, float]:
    crews, tally = year.keeping.crews.values(), year.keeping.tally
    starts = year.events.start_s
    counted = year.mains.hidden & (starts >= year.count_from_s) & (starts < year.end_s)
    return {
        "hidden_leaks": scale * float(counted.sum()),
        "alarms": scale * tally.alarms,
        "false_alarms": scale * tally.false_alarms,
        "searches": scale * sum(each.effort.searches for each in crews),
        "searched_km": scale * sum(each.effort.searched_km for each in crews),
        "repairs": scale * sum(each.effort.repairs for each in crews),
        "urgent": scale * sum(each.effort.urgent for each in crews),
        "meters": float(year.plan.meters),
        "dry_m3": scale * float(year.mains.volumes.short_m3.sum()),
        "seen_share": _seen_share(year),
    }


def _seen_share(year: WaterYear) -> float:
    """Return the share of mains where the reference leak is seen in time."""
    if not year.plan.meters:
        return 0.0
    seen = seen_within(year)
    return float(seen.km[seen.smallest_m3h <= year.leak_m3h].sum() / year.stage.km.sum())


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


def _bill(
    water: dict[str, float],
    work: dict[str, float],
    year: WaterYear,
    customers: CustomersYear,
    settings: Settings,
    prices: Prices,
    discount: float,
    scale: float,
) -> tuple[Bill, float]:
    """Return the service's bill, and what leaks cost customers."""
    pace = next(iter(year.keeping.crews.values())).pace.km_per_day
    amounts = Amounts(
        lost_m3=water["lost_m3"],
        forgiven_m3=customers.forgiven_m3,
        unregistered_m3=customers.unregistered_m3,
        searcher_days=work["searched_km"] / pace,
        repairs=work["repairs"],
        urgent=work["urgent"],
        meters=float(year.plan.meters),
        meter_repairs=scale * year.meter_repairs,
        loggers=0.0,
        valves=0.0,
        customer_meters=float(customers.meters),
        readings=customers.readings_per_year,
        alerts=customers.alerts,
    )
    bill = yearly_bill(prices, discount, settings.customers.reading, amounts)
    return bill, customers.paid_by_customers_m3 * prices.sold_eur_m3


def _euros(bill: tuple[Bill, float]) -> dict[str, float]:
    service, spared = bill
    return {
        "water_eur": service.water_eur,
        "unpaid_eur": service.unpaid_eur,
        "search_eur": service.search_eur,
        "repair_eur": service.repair_eur,
        "districts_eur": service.districts_eur,
        "customers_eur": service.customers_eur,
        "total_eur": service.total_eur,
        "paid_eur": spared,
    }


def _rare(say: Recorder, year: WaterYear, customers: CustomersYear) -> None:
    """Record what has no value in some options."""
    starts, ends = year.events.start_s, year.mains.leaks.end_s
    hidden = year.mains.hidden
    begun = hidden & (starts >= year.count_from_s) & (starts < year.end_s)
    ran_s = np.minimum(ends, year.end_s) - np.maximum(starts, year.count_from_s)
    if begun.any():
        days = float(np.maximum(ran_s[hidden], 0.0).sum()) / DAY_S / float(begun.sum())
        say.kpi("run_days", days)
    if year.plan.meters:
        seen = seen_within(year)
        finite = np.isfinite(seen.smallest_m3h)
        if finite.any():
            mean = np.average(seen.smallest_m3h[finite], weights=seen.km[finite])
            say.kpi("smallest_m3h", float(mean))
        metered = slice(len(year.stage.zones), None)
        asked, known = year.desk.flows.asked[metered], year.desk.flows.known[metered]
        say.kpi("nights_known", float(known.sum() / max(asked.sum(), 1)))
    if year.sent:
        say.kpi("read_share", year.delivered / year.sent)
    if customers.sent:
        say.kpi("customer_read", customers.delivered / customers.sent)
    if np.isfinite(customers.customer_days):
        say.kpi("customer_days", customers.customer_days)


def _services(say: Recorder, year: WaterYear, customers: CustomersYear, scale: float) -> None:
    """Record the French indicators of each service; territory: how many meet the threshold."""
    volumes = year.mains.volumes
    lost = volumes.background_m3 + _by_zone(year, volumes.leaks_m3)
    service_of = np.array([each.gravity.zone.service for each in year.stage.zones])
    missed = customers.unregistered_m3 / max(float(volumes.consumed_m3.sum()) * scale, 1.0)
    met = []
    for service in year.stage.services:
        mine = service_of == service
        consumed = scale * float(volumes.consumed_m3[mine].sum())
        zones = [each for each, own in zip(year.stage.zones, mine, strict=True) if own]
        weights = [float(each.gravity.zone.connections.sum()) for each in zones]
        found = _indices(
            scale * float(volumes.produced_m3[mine].sum()),
            consumed,
            consumed * missed,
            float(year.stage.km[mine].sum()),
            scale * float(lost[mine].sum()),
            sum(weights),
            float(np.average([each.pressure_m for each in zones], weights=weights)),
        )
        met.append(bool(passes(found["yield"], found["ilc"])))
        for name, value in found.items():
            say.kpi(name, value, service)
        say.kpi("km", float(year.stage.km[mine].sum()), service)
        say.kpi("lost_m3", scale * float(lost[mine].sum()), service)
        say.kpi("produced_m3", scale * float(volumes.produced_m3[mine].sum()), service)
        say.kpi("consumed_m3", consumed, service)
    say.kpi("compliant", float(np.mean(met)))


def _communes(say: Recorder, year: WaterYear, scale: float) -> None:
    """Record what a map shows, by commune."""
    volumes = year.mains.volumes
    names = [each.id for each in year.stage.zones]
    lost = volumes.background_m3 + _by_zone(year, volumes.leaks_m3)
    hidden = _by_zone(year, np.where(year.mains.hidden, volumes.leaks_m3, 0.0))
    say.by_zone("lost_m3", names, scale * lost)
    say.by_zone("hidden_m3", names, scale * hidden)
    meters = [float(len(each.sectors.metered)) for each in year.plan.zones]
    say.by_zone("meters", names, meters)
    if not year.plan.meters:
        return
    seen = seen_within(year)
    worst = np.full(len(names), np.nan)
    for zone, value in zip(seen.zone.astype(int), seen.smallest_m3h, strict=True):
        if np.isfinite(value):
            worst[zone] = np.fmax(worst[zone], value)
    say.by_zone("smallest_m3h", names, worst)


def _balance(say: Recorder, year: WaterYear) -> None:
    """Open the ledger: produced + stored before = consumed + lost + stored after, m3."""
    volumes, hidden = year.mains.volumes, year.mains.hidden
    ledger = say.ledger("m3 of water", "m³", float(volumes.opening_m3.sum()))
    ledger.tolerance = BALANCE
    ledger.enter(float(volumes.produced_m3.sum()), "produced")
    ledger.leave(float(volumes.consumed_m3.sum()), "consumed")
    ledger.leave(float(volumes.leaks_m3[hidden].sum()), "hidden leaks")
    ledger.leave(float(volumes.leaks_m3[~hidden].sum()), "leaks that surface")
    ledger.leave(max(float(volumes.background_m3.sum()), 0.0), "background leakage")
    ledger.close(float(volumes.stored_m3.sum()))
