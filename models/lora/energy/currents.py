"""What a device draws in each state: the figures a charge is computed from.

A profile is a table, not a model: currents at the battery, by state, as a source printed them. A
device fed through a linear regulator draws the same current from its battery as from its supply,
whatever the battery's voltage; a switching regulator would draw less [U].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.energy.ranges import require
from twin.errors import Fault, InputError
from twin.lang import Text

UAH_PER_MA_S = 1000.0 / 3600.0
"""Charge of one milliampere during one second, µAh."""


@dataclass(frozen=True)
class Phase:
    """A stretch every uplink goes through besides sending and listening (wake-up, ...)."""

    name: str
    duration_s: float
    current_ma: float


@dataclass(frozen=True)
class EmptyWindows:
    """Measured reception windows in which nothing came.

    `rx1_s` and `rx1_uah` are indexed by the window's data rate 0 to 5; RX2 was measured at one
    data rate only.
    """

    rx1_s: tuple[float, ...]
    rx1_uah: tuple[float, ...]
    rx2_s: float
    rx2_uah: float


@dataclass(frozen=True)
class CurrentProfile:
    """The currents of a device, by state.

    Attributes
    ----------
    name, source, status
        How to ask for it, where it is from, and the weakest status among its figures.
    supply_v
        Voltage the currents were given at.
    tx_dbm, tx_ma
        Current while sending against conducted power, ascending; of equal length.
    rx_ma
        While listening or receiving; 0 where the source counts transmission only.
    sleep_ua
        Radio and microcontroller asleep.
    quiescent_ua
        What the meter's own electronics draw all the time, on top of `sleep_ua`.
    standby_ma
        Radio idle, not asleep; told for completeness, no charge uses it.
    mcu_ma
        Added while sending and receiving: a microcontroller that stays awake.
    wait_ma
        Between the end of the frame and RX1, and between RX1 and RX2; 0 where it sleeps.
    phases
        Fixed stretches of every uplink.
    empty_windows
        Measured empty windows, if the source has any.
    """

    name: str
    source: str
    status: str
    supply_v: float
    tx_dbm: tuple[float, ...]
    tx_ma: tuple[float, ...]
    rx_ma: float
    sleep_ua: float
    quiescent_ua: float = 0.0
    standby_ma: float = 0.0
    mcu_ma: float = 0.0
    wait_ma: float = 0.0
    phases: tuple[Phase, ...] = ()
    empty_windows: EmptyWindows | None = None

    def __post_init__(self) -> None:
        for key in ("supply_v", "rx_ma", "sleep_ua", "quiescent_ua", "mcu_ma", "wait_ma"):
            require(key, getattr(self, key), 0.0)
        require("tx_ma", self.tx_ma, 0.0)
        rising = np.all(np.diff(self.tx_dbm) > 0.0)
        if not self.tx_dbm or len(self.tx_dbm) != len(self.tx_ma) or not rising:
            raise InputError(
                Fault(
                    key=f"{self.name}.tx_dbm",
                    value=str(self.tx_dbm),
                    expected=Text(
                        "des puissances croissantes, une par courant",
                        "ascending powers, one for each current",
                    ),
                    remedy=Text("corrigez le tableau", "correct the table"),
                )
            )

    @property
    def phases_uah(self) -> float:
        """Charge of the fixed stretches of one uplink, µAh."""
        return UAH_PER_MA_S * sum(p.duration_s * p.current_ma for p in self.phases)

    @property
    def asleep_ua(self) -> float:
        """What the device draws between frames, µA: sleep and the meter's electronics."""
        return self.sleep_ua + self.quiescent_ua


def tx_current_ma(profile: CurrentProfile, tx_dbm: ArrayLike) -> NDArray[np.float64]:
    """Return the current while sending at a conducted power, mA, elementwise.

    Linear between the table's points. Below the first one the current is held there: amplifiers
    stop saving below about 2 dBm (the tables are flat) [D]. `mcu_ma` is included.

    Raises
    ------
    InputError
        For a power above the last point: the device cannot send it.
    """
    power = np.asarray(tx_dbm, dtype=np.float64)
    require(f"tx_dbm ({profile.name})", power, -np.inf, profile.tx_dbm[-1])
    current = np.interp(power, profile.tx_dbm, profile.tx_ma)
    return np.asarray(current + profile.mcu_ma, dtype=np.float64)
