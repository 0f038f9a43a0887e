"""The published current profiles, by name, and the one the twin uses unless told otherwise.

[V] means the figures are those of the named source, not that the source is right about a meter.
"""

from __future__ import annotations

from dataclasses import replace

from models.lora.energy.currents import CurrentProfile, EmptyWindows, Phase
from models.lora.energy.ranges import require
from twin.errors import Fault, InputError
from twin.lang import Text, same

_FLORA_DBM = tuple(float(dbm) for dbm in range(2, 15))
_FLORA_MA = (24.0, 24.0, 24.0, 25.0, 25.0, 25.0, 25.0, 26.0, 31.0, 32.0, 34.0, 35.0, 44.0)
_LORASIM_DBM = tuple(float(dbm) for dbm in range(-2, 21))
_LORASIM_MA = (22.0, 22.0, 22.0, 23.0, *_FLORA_MA, 82.0, 85.0, 90.0, 105.0, 115.0, 125.0)
_UP_TO_14_DBM = 17
"""Points of LoRaSim's row from -2 to 14 dBm: the SX1272 without its high-power output."""

_MEASURED_V = 3.3
"""Supply of the LoRaEnergySim measurements, which are in mW [U]."""


def _uah(energy_mj: float) -> float:
    return energy_mj / _MEASURED_V / 3.6


def _ma(power_mw: float) -> float:
    return power_mw / _MEASURED_V


SX1272 = CurrentProfile(
    name="sx1272",
    source=(
        "TX: FLoRa 1.2's SX1272 row, below 2 dBm LoRaSim's [V]; RX 11.5 mA, sleep 1.8 µA [U] "
        "(ns-3 has 11.2 mA, LoRaEnergySim measured 1.7 µA [V])"
    ),
    status="U",
    supply_v=3.3,
    tx_dbm=_LORASIM_DBM[:_UP_TO_14_DBM],
    tx_ma=_LORASIM_MA[:_UP_TO_14_DBM],
    rx_ma=11.5,
    sleep_ua=1.8,
)
"""The twin's device: 44 mA at 14 dBm, asleep between its windows, no electronics of its own."""

FLORA = CurrentProfile(
    name="flora",
    source="FLoRa 1.2, energyConsumptionParameters, SX1272 [V]",
    status="V",
    supply_v=3.3,
    tx_dbm=_FLORA_DBM,
    tx_ma=_FLORA_MA,
    rx_ma=9.7,
    sleep_ua=0.1,  # its idle state
)

LORASIM = CurrentProfile(
    name="lorasim",
    source="LoRaSim 0.2.1 (Bor et al., MSWiM 2016): transmission only [V]",
    status="V",
    supply_v=3.0,
    tx_dbm=_LORASIM_DBM,
    tx_ma=_LORASIM_MA,
    rx_ma=0.0,
    sleep_ua=0.0,
)

NS3 = CurrentProfile(
    name="ns3",
    source="signetlabdei/lorawan for ns-3: one TX current whatever the power [V]",
    status="V",
    supply_v=3.3,
    tx_dbm=(14.0,),
    tx_ma=(28.0,),
    rx_ma=11.2,
    sleep_ua=1.5,
    standby_ma=1.4,
)

LORAENERGYSIM = CurrentProfile(
    name="loraenergysim",
    source="LoRaEnergySim (Callebaut et al., WCNC 2019), measured in mW [V]; at 3.3 V [U]",
    status="U",
    supply_v=_MEASURED_V,
    tx_dbm=(2.0, 5.0, 8.0, 11.0, 14.0),
    tx_ma=tuple(_ma(power) for power in (91.8, 95.9, 101.6, 120.8, 146.5)),
    rx_ma=_ma(39.0),
    sleep_ua=1000.0 * _ma(0.0057),
    phases=(Phase("transmission preparation", 0.040, _ma(0.5 / 0.040)),),
    empty_windows=EmptyWindows(
        rx1_s=(0.170, 0.090, 0.047, 0.038, 0.021, 0.015),
        rx1_uah=tuple(_uah(energy) for energy in (6.4, 3.3, 1.6, 1.3, 0.7, 0.5)),
        rx2_s=0.040,
        rx2_uah=_uah(1.3),
    ),
)
"""Its RX2 of 40 ms fits SF9 (The Things Network), not SF12 [U]."""

LORAWAN_SIM = CurrentProfile(
    name="lorawan-sim",
    source="LoRaWAN-SIM 2026 (Zorbas) [V]; its 30 mA taken as added while awake [U]",
    status="U",
    supply_v=3.5,
    tx_dbm=(2.0, 5.0, 8.0, 11.0, 14.0, 17.0, 20.0),
    tx_ma=(12.0, 20.0, 32.0, 51.0, 76.0, 90.0, 105.0),
    rx_ma=46.0,
    sleep_ua=0.0,
    mcu_ma=30.0,
    wait_ma=30.0,
)

SX1276 = CurrentProfile(
    name="sx1276",
    source="SX1276 datasheet from memory; from 13 to 17 dBm the output changes [U]",
    status="U",
    supply_v=3.3,
    tx_dbm=(7.0, 13.0, 17.0, 20.0),
    tx_ma=(20.0, 29.0, 87.0, 120.0),
    rx_ma=11.5,
    sleep_ua=0.2,
    standby_ma=1.6,
)

_CASALS_RX1_S = (0.26214, 0.13107, 0.09830, 0.04915, 0.02458, 0.01229)
CASALS = CurrentProfile(
    name="casals",
    source=(
        "Casals et al., Sensors 17(10) 2364, 2017: MultiConnect mDot (SX1272), measured; "
        "figures as two public programs restate them [V], the paper's own table not read [U]"
    ),
    status="U",
    supply_v=3.3,
    tx_dbm=(14.0,),
    tx_ma=(83.0,),
    rx_ma=38.1,
    sleep_ua=45.0,
    wait_ma=27.0,
    phases=(
        Phase("wake-up", 0.1682, 22.1),
        Phase("radio preparation", 0.0838, 13.3),
        Phase("radio off", 0.1474, 13.2),
        Phase("post-processing", 0.268, 21.0),
        Phase("turn-off", 0.0386, 13.3),
    ),
    empty_windows=EmptyWindows(
        rx1_s=_CASALS_RX1_S,
        rx1_uah=tuple(38.1 * seconds / 3.6 for seconds in _CASALS_RX1_S),
        rx2_s=0.033,
        rx2_uah=35.0 * 0.033 / 3.6,
    ),
)
"""A development module that stays awake at 27 mA between frame and windows: not a meter."""

PROFILES = {
    profile.name: profile
    for profile in (SX1272, FLORA, LORASIM, NS3, LORAENERGYSIM, LORAWAN_SIM, SX1276, CASALS)
}


def current_profile(name: str = "sx1272", quiescent_ua: float = 0.0) -> CurrentProfile:
    """Return a published profile, with the quiescent current of the meter's electronics.

    Parameters
    ----------
    name
        One of `PROFILES`.
    quiescent_ua
        What the meter draws all the time besides its radio, µA. 5 to 20 µA is usual for an
        electronic register [U]; often it decides the life more than the radio does.

    Raises
    ------
    InputError
        Unknown name (the known ones are told) or negative current.
    """
    require("quiescent_ua", quiescent_ua, 0.0)
    if name not in PROFILES:
        raise InputError(
            Fault(
                key="profile",
                value=name,
                expected=same(", ".join(PROFILES)),
                remedy=Text("choisissez un profil connu", "choose a known profile"),
            )
        )
    return replace(PROFILES[name], quiescent_ua=quiescent_ua)
