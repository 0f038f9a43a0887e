"""How long each device's battery lasts at the traffic simulated, and when they are replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.airtime import MAC_OVERHEAD_BYTES
from models.lora.energy.battery import Battery, battery_of, life_years
from models.lora.energy.charge import CONDUCTED_DBM, received_charge_uah, sending_charge_uah
from models.lora.energy.charge_tables import charge_tables
from models.lora.energy.currents import UAH_PER_MA_S, CurrentProfile, tx_current_ma
from models.lora.energy.lifetimes import CapacitySpread, capacity_factors
from models.lora.energy.published_currents import current_profile
from models.lora.energy.renewals import ReplacementWave, replacement_wave
from models.lora.energy.temperature import INDRE_AIR_C, ground_c
from models.lora.load.dice import Dice
from models.lora.load.live import Day
from models.lora.load.network import Field
from models.lora.load.settings import LoadSection
from models.lora.load.stage import LoadStage
from models.lora.meters import INDOOR, PIT

MAINS = "mains"
WAVE_YEARS = 20
BATTERIES_EACH = 4
"""Batteries of a device that differ; the later ones last as the last of these."""
INDOOR_C = 20.0


@dataclass(frozen=True)
class FleetBatteries:
    """The lives of one fleet's batteries, years: shape (devices, BATTERIES_EACH)."""

    name: str
    years: NDArray[np.float64]
    wave: ReplacementWave

    @property
    def first(self) -> NDArray[np.float64]:
        """Lives of the batteries fitted at installation."""
        return np.asarray(self.years[:, 0])


def fleet_batteries(
    stage: LoadStage, load: LoadSection, field: Field, day: Day, dice: Dice
) -> tuple[FleetBatteries, ...]:
    """Return the lives of the batteries of every fleet that has some; the day stands for the year.

    The devices are those of the first year: what growth adds to the air is not counted.
    """
    spread = CapacitySpread(variation=dice.figures.battery_spread)
    found = []
    for index, fleet in enumerate(stage.fleets):
        if fleet.section.battery == MAINS:
            continue
        rows = np.flatnonzero(field.fleet[day.devices] == index)
        figures = dice.figures
        quiescent = (
            figures.meter_quiescent_ua if fleet.section.meters else figures.sensor_quiescent_ua
        )
        profile = current_profile(load.current_profile, quiescent)
        charge = charge_uah(
            profile,
            day.tally[rows],
            fleet.section.application_bytes,
            day.span_s,
            load.rx2_data_rate,
        )
        current_ua = charge * (3_600.0 / day.span_s)
        who = day.devices[rows]
        factors = capacity_factors(
            dice.streams, field.network.devices.key[who], spread, BATTERIES_EACH
        )
        given = battery_of(fleet.section.battery)
        decay = min(given.self_discharge_per_year * figures.self_discharge_factor, 0.999)
        battery = replace(given, self_discharge_per_year=decay)
        years = _lives(current_ua, factors, battery, field.placement[who])
        wave = replacement_wave(
            years, np.zeros(len(rows), dtype=np.int64), WAVE_YEARS, zone_count=1
        )
        found.append(FleetBatteries(fleet.name, years, wave))
    return tuple(found)


def charge_uah(
    profile: CurrentProfile,
    tally: NDArray[Any],
    application_bytes: int,
    span_s: float,
    rx2_data_rate: int = 0,
) -> NDArray[np.float64]:
    """Return the charge each device drew in the span, µAh, its sleep included, shape (devices,)."""
    tables = charge_tables(
        profile, np.array([application_bytes + MAC_OVERHEAD_BYTES]), rx2_data_rate=rx2_data_rate
    )
    sending = tally["tx_s"] @ (UAH_PER_MA_S * tx_current_ma(profile, CONDUCTED_DBM))
    frames = tally["factors"].astype(np.float64)
    # A frame costs its fixed stretches and its waits too, whatever its length.
    fixed = float(sending_charge_uah(profile, 0.0, float(CONDUCTED_DBM[0])))
    waits = frames.sum(axis=1) * fixed + frames @ tables.rx2_wait_uah[::-1]
    listening = received_charge_uah(profile, tally["rx_s"])
    return np.asarray(sending + waits + listening + tables.sleep_uah_per_s * span_s)


def _lives(
    current_ua: NDArray[np.float64],
    factors: NDArray[np.float64],
    battery: Battery,
    placement: NDArray[np.uint8],
) -> NDArray[np.float64]:
    """Return the life of each battery, years, at the temperatures of its device's place."""
    years = np.empty_like(factors)
    for place in np.unique(placement):
        rows = placement == place
        temperature: ArrayLike = INDRE_AIR_C
        if place == PIT:
            temperature = ground_c()
        elif place == INDOOR:
            temperature = INDOOR_C
        years[rows] = life_years(current_ua[rows, None], battery, temperature, factors[rows])
    return years
