"""From what years left to indicators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lighting.bill import Prices
from models.lighting.demand.curves import Losses
from models.lighting.figures import Figures
from models.lighting.inventory.inventory import Inventory
from models.lighting.light import Light, mixed
from models.lighting.living.clock_errors import mean_error_h
from models.lighting.living.knowing import Channel
from models.lighting.living.left import YearsLeft
from models.lighting.living.place import Laws
from models.lighting.load import NODE_W
from models.lighting.renewal import Renewal
from models.lighting.right_light import RightLight, Span, YearOfNights, right_light
from models.lighting.settings import Settings
from models.lighting.spent import Spent
from models.lighting.stage import LightingStage
from twin.decide.costs import annuity
from twin.recorder import Recorder
from twin.units import YEAR_S

Floats = NDArray[np.float64]

SWITCHINGS = {"today": 1.4, "all-night": 1.0, "part-night": 2.0, "dimmed": 1.0, "detection": 1.0,
              "file": 1.5}  # fmt: skip
"""Stretches of light a night, that a wrong clock shifts."""


@dataclass(frozen=True, eq=False)
class Told:
    """What a record is made of."""

    stage: LightingStage
    settings: Settings
    figures: Figures
    prices: Prices
    discount: float
    before: YearOfNights
    after: YearOfNights
    renewal: Renewal
    left: YearsLeft
    heard_share: float | None
    start_year: int

    @property
    def light(self) -> Light:
        """Return the light of a mean year."""
        return mixed(self.before.light, self.after.light, self.bought_share)

    @property
    def bought_share(self) -> Floats:
        """Return the share of the years each commune has its new lanterns, shape (communes,)."""
        return bought_share(self.renewal, self.left.years)


def bought_share(renewal: Renewal, years: float) -> Floats:
    """Return the share of some years after each commune's renewal, shape (communes,)."""
    return np.asarray(1.0 - np.minimum(renewal.when_s / (years * YEAR_S), 1.0))


def record_years(say: Recorder, told: Told) -> None:
    """Record every indicator, a mean year of those lived."""
    kwh, laws = _energy(told)
    right = _right_light(told, laws)
    service = _service(told, right)
    work = _work(told)
    spent = Spent(
        told.stage.inventory, told.settings, told.renewal, told.left, told.bought_share,
        told.discount,
    )  # fmt: skip
    bill, kva = spent.bill(told.prices, kwh), spent.kva()
    energy = {
        "points": float(len(told.stage.inventory.lamps)),
        "kwh": float(kwh.sum()),
        "day_kwh": _day_kwh(told),
        "overlit_kwh": float(right.beyond_kwh.sum()),
        "overlit_eur": float(right.beyond_kwh.sum()) * told.prices.energy_eur_kwh,
        "kva": float(kva.sum()),
        "co2_t": float(kwh.sum()) * told.prices.co2_kg_kwh / 1e3,
    }
    money = {**bill.summed(), "invested_eur": spent.invested_eur(told.prices)}
    money["horizon_eur"] = money["total_eur"] * annuity(told.discount, round(told.left.years))
    for name, value in (energy | service | work | money).items():
        say.kpi(name, value)
    _rare(say, told)
    names = list(told.stage.inventory.communes)
    say.by_zone("kwh", names, kwh)
    say.by_zone("dark_h", names, told.left.dark_h / told.left.years)
    say.by_zone("outside_h", names, _with_failures(told, right, right.outside_h))
    say.by_zone("total_eur", names, bill.total_eur)


def _lamps(told: Told) -> Floats:
    inventory = told.stage.inventory
    counts = np.bincount(inventory.lamp_commune, minlength=len(inventory.communes))
    return np.asarray(counts, dtype=np.float64)


def watts(inventory: Inventory, kind: NDArray[np.int32], w: Floats) -> Floats:
    """Return watts drawn at any level and in proportion to it, by commune: shape (2, communes).

    `w` is each lamp's power at full light.
    """
    fixed = inventory.fixed_share[kind] * w
    communes = len(inventory.communes)
    return np.stack(
        [
            np.bincount(inventory.lamp_commune, fixed, communes),
            np.bincount(inventory.lamp_commune, w - fixed, communes),
        ]
    )


def _energy(told: Told) -> tuple[Floats, Laws]:
    """Return kWh a year by commune, and the powers they come from."""
    inventory, left = told.stage.inventory, told.left
    old, new = told.before.light, told.after.light
    laws = Laws(inventory, told.figures, np.unique(told.renewal.into))
    kind, into = inventory.lamps.type, told.renewal.into
    before = watts(inventory, kind, laws.w[kind])
    after = watts(inventory, into, laws.renewed_w(kind, into))
    share = told.bought_share
    before, after = before * (1.0 - share), after * share
    losses = Losses()
    wh = before[0] * old.on_h + before[1] * old.level_h
    wh = wh + after[0] * new.on_h + after[1] * new.level_h
    if told.settings.control == "node":
        wh = wh + NODE_W * _lamps(told) * new.night_h
    kwh = (1.0 + losses.cable_share) * wh / 1e3
    cabinets = np.bincount(inventory.cabinets.commune, minlength=len(inventory.communes))
    kwh = kwh + losses.clock_w * 8_766.0 / 1e3 * cabinets
    kwh = kwh + (left.stuck_kwh - left.dark_kwh) / left.years
    return kwh, laws


def _right_light(told: Told, laws: Laws) -> RightLight:
    """Return hours outside the class and energy beyond it, a mean of the years."""
    service = told.settings.service
    return right_light(
        told.stage.inventory, (told.before, told.after), told.renewal, laws,
        Span(told.start_year, told.left.years), service.quiet_classes, told.figures.light_factor,
    )  # fmt: skip


def _day_kwh(told: Told) -> float:
    """Return the energy burnt by day: stuck contactors, and clocks that are wrong."""
    wrong_h = _wrong_h(told)
    mean_w = float(told.stage.inventory.system_w.sum())
    return float(told.left.stuck_kwh.sum()) / told.left.years + wrong_h * mean_w / 1e3


def _wrong_h(told: Told) -> float:
    """Return hours a year that a clock nothing corrects leaves a lamp dark, or burning."""
    visit_days = told.settings.service.clock_visit_days
    if told.settings.control != "clock" or not visit_days:
        return 0.0
    return 365.0 * SWITCHINGS[told.settings.night.kind] * mean_error_h(told.figures, visit_days)


def _failed_h(told: Told) -> Floats:
    """Return hours a point is dark though light is due: failed, or by a wrong clock."""
    failed = told.left.dark_h / told.left.years / np.maximum(_lamps(told), 1.0)
    return np.asarray(failed + _wrong_h(told))


def _with_failures(told: Told, right: RightLight, hours: Floats) -> Floats:
    """Return some hours of night a point with those of failures, which strike the others alike."""
    others = 1.0 - np.minimum(hours / right.night_h, 1.0)
    return np.asarray(hours + others * _failed_h(told))


def _service(told: Told, right: RightLight) -> dict[str, float]:
    light, left, lamps = told.light, told.left, _lamps(told)
    people = np.array([float(each.population) for each in told.stage.communes])
    due = lamps * left.due_h / left.years
    lost = np.minimum(left.dark_h / left.years / np.maximum(due, 1.0), 1.0)
    weights = np.maximum(lamps, 1e-9)
    people_h, lit_h = people * light.people_h, people * light.lit_people_h * (1.0 - lost)
    return {
        "dark_h": float(left.dark_h.sum()) / left.years,
        "dark_share": float(left.dark_h.sum()) / left.years / float(due.sum()),
        "unlit_h": float(np.average(_with_failures(told, right, right.unlit_h), weights=weights)),
        "outside_h": float(
            np.average(_with_failures(told, right, right.outside_h), weights=weights)
        ),
        "lit_share": float(lit_h.sum() / people_h.sum()),
        "dark_people_h": float((people_h - lit_h).sum()),
    }


def _work(told: Told) -> dict[str, float]:
    left = told.left
    told_of = left.known.sum(axis=1) / left.years
    false_alarms = float(left.false_alarms.sum()) / left.years
    return {
        "failures": (left.lamp_failures + left.lantern_failures) / left.years,
        "faults": (left.cabinet_faults + left.cable_faults) / left.years,
        "calls": float(told_of[Channel.CALL]),
        "alarms": float(told_of[[Channel.METER, Channel.NODE, Channel.SILENCE]].sum())
        + false_alarms,
        "false_alarms": false_alarms,
        "trips": left.trips / left.years,
        "stops": left.stops / left.years,
        "km": (left.km + float(left.patrol_km.sum())) / left.years,
        "crew_h": (left.crew_h + float(left.patrol_h.sum())) / left.years,
        "commands": left.commands / left.years,
        "lost_commands": left.lost_commands / left.years,
        "by_hand": left.by_hand / left.years,
    }


def _rare(say: Recorder, told: Told) -> None:
    """Record what has no value in some options."""
    left = told.left
    known = float(left.known.sum())
    if known:
        say.kpi("known_days", left.known_days / known)
    if left.repaired:
        say.kpi("repair_days", left.repaired_days / left.repaired)
    if told.heard_share is not None:
        say.kpi("heard", told.heard_share)
