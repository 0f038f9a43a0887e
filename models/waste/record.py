"""From what a year left to indicators and ledgers."""

from __future__ import annotations

from collections.abc import Sequence

from models.waste.bill import KG_CO2_PER_L, Bill, Prices, yearly_bill
from models.waste.settings import Settings
from models.waste.year import StreamYear
from twin.decide.costs import yearly_share
from twin.recorder import Recorder

DAYS_A_YEAR = 365.0
HOURS_A_DAY = 24.0


def record_year(
    say: Recorder,
    years: Sequence[StreamYear],
    settings: Settings,
    prices: Prices,
    discount: float,
) -> None:
    """Record every indicator, by stream and for all, scaled to a year of 365 days."""
    scale = DAYS_A_YEAR / settings.service.days
    parts = [_stream(say, year, settings, prices, discount, scale) for year in years]
    names = parts[0].keys()
    _say(say, "", {name: sum(part[name] for part in parts) for name in names}, prices, discount)
    for year in years:
        _balance(say, year)


def _stream(
    say: Recorder,
    year: StreamYear,
    settings: Settings,
    prices: Prices,
    discount: float,
    scale: float,
) -> dict[str, float]:
    tally, flows, stage = year.tally, year.stream.counted(), year.stage
    collected_l = tally.collected_l + tally.picked_up_l
    lifts = float((tally.visits_at * stage.points.containers).sum())
    km = scale * tally.distance_m / 1e3
    hours = scale * tally.worked_s / 3600.0
    full_h = scale * float(flows.full_h.sum())
    amounts = {
        "km": km,
        "bound_km": scale * float((stage.bound_m_per_l * year.stream.collected_at_l).sum()) / 1e3,
        "stops": scale * tally.visits,
        "rounds": scale * tally.rounds,
        "unloadings": scale * tally.unloadings,
        "hours": hours,
        "overtime_h": scale * tally.overtime_s / 3600.0,
        "queue_h": scale * tally.queued_s / 3600.0,
        "fuel_l": km * prices.fuel_l_km + scale * lifts * prices.fuel_l_lift,
        "full_h": full_h,
        "full_of": scale * len(stage.points) * settings.service.days * HOURS_A_DAY,
        "refused": scale * float(flows.refused_l.sum()),
        "brought": scale * float(flows.brought_l.sum()),
        "beside_m3": scale * float(flows.left_l.sum()) / 1e3,
        "lost_t": scale * float(flows.elsewhere_l.sum()) * stage.kg_per_l / 1e3,
        "tonnes": scale * collected_l * stage.kg_per_l / 1e3,
        "fill": scale * tally.fill_sum,
        "early": scale * tally.found_empty,
        "unserved": scale * (tally.unserved + tally.dropped),
        "breakdowns": scale * tally.breakdowns,
        "sensors": float(len(year.traffic.fitted)),
        "sent": float(year.traffic.sent),
        "delivered": float(year.traffic.delivered),
        "repairs": year.traffic.repairs,
    }
    _say(say, stage.name, amounts, prices, discount)
    return amounts


def _say(
    say: Recorder, zone: str, amounts: dict[str, float], prices: Prices, discount: float
) -> None:
    bill = bill_of(amounts, prices, discount)
    visits = max(amounts["stops"], 1.0)
    told = {
        name: amounts[name]
        for name in (
            "km", "bound_km", "stops", "rounds", "unloadings", "hours", "overtime_h", "queue_h",
            "fuel_l", "full_h", "beside_m3", "lost_t", "tonnes", "unserved", "breakdowns",
            "sensors", "repairs",
        )
    }  # fmt: skip
    told |= {
        "co2_t": amounts["fuel_l"] * KG_CO2_PER_L / 1e3,
        "full_share": amounts["full_h"] / amounts["full_of"],
        "refused_share": amounts["refused"] / max(amounts["brought"], 1.0),
        "fill": amounts["fill"] / visits,
        "early_share": amounts["early"] / visits,
        "drive_eur": bill.drive_eur,
        "crew_eur": bill.crew_eur,
        "clean_eur": bill.clean_eur,
        "sensor_eur": bill.sensor_eur,
        "operation_eur": bill.operation_eur,
        "total_eur": bill.total_eur,
    }
    per_year = yearly_share(prices.sensor_life_years, discount)
    repairs = amounts["repairs"] / amounts["sensors"] if amounts["sensors"] else 0.0
    told["sensor_price_per_year"] = per_year
    told["sensor_other_eur"] = (
        prices.sensor_fitting_eur * per_year
        + prices.sensor_year_eur
        + repairs * prices.sensor_repair_eur
    )
    for name, value in told.items():
        say.kpi(name, value, zone)
    if amounts["sent"] > 0.0:
        say.kpi("read_share", amounts["delivered"] / amounts["sent"], zone)


def bill_of(amounts: dict[str, float], prices: Prices, discount: float) -> Bill:
    """Return the bill of these amounts."""
    return yearly_bill(
        prices,
        discount,
        km=amounts["km"],
        hours=amounts["hours"],
        full_days=amounts["full_h"] / HOURS_A_DAY,
        sensors=int(amounts["sensors"]),
        repairs=amounts["repairs"],
    )


def _balance(say: Recorder, year: StreamYear) -> None:
    """Open a stream's ledger: brought = collected + in bins + beside + gone elsewhere, kg."""
    stage, stream, flows = year.stage, year.stream, year.stream.counted()
    kg = stage.kg_per_l
    ledger = say.ledger(f"kg of {stage.name}", "kg", stream.opening_l * kg)
    ledger.enter(float(flows.brought_l.sum()) * kg, "brought")
    ledger.leave(year.tally.collected_l * kg, "collected from bins")
    ledger.leave(year.tally.picked_up_l * kg, "picked up beside")
    ledger.leave(float(flows.elsewhere_l.sum()) * kg, "gone elsewhere")
    ledger.close(float(stream.bins.level_l.sum() + stream.bins.beside_l.sum()) * kg)
    moved = say.ledger(f"kg of {stage.name} carried on", "kg")
    moved.enter(float(flows.carried_l.sum()) * kg, "carried from full points")
    moved.leave(float(flows.received_l.sum()) * kg, "received by their neighbours")
    moved.close(0.0)
