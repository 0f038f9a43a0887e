"""From fleets, sites and levels to the tables of the engines; from a network to what it lacks.

The levels come from wherever they are known: a propagation model, a disc, a measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.airtime import MAC_OVERHEAD_BYTES
from models.lora.network.eu868 import uplink_airtimes_s
from models.lora.network.interference import sir_needed
from models.lora.network.setup import (
    CLASS_A,
    CLASS_B,
    CLASS_C,
    PERIODIC_ARRIVAL,
    POISSON_ARRIVAL,
    Devices,
    Fleets,
    Gateways,
    Links,
    Radio,
)
from models.lora.region import lowest_data_rate_for
from models.lora.sensitivity import noise_floor_dbm, sensitivity_dbm
from twin.errors import Fault, Faults, InputError
from twin.lang import Text

CLASSES = {"A": CLASS_A, "B": CLASS_B, "C": CLASS_C}
ARRIVALS = {"periodic": PERIODIC_ARRIVAL, "poisson": POISSON_ARRIVAL}
DEMODULATORS = {"SX1301": (8, 0), "SX1302": (8, 8), "SX1303": (8, 8)}
"""Chip -> demodulators for any spreading factor, and for SF5..SF10 only [V]."""
LEVEL_FACTORS = 7 + np.arange(6)


@dataclass(frozen=True)
class FleetPlan:
    """How one kind of devices talks; see `setup.Fleets` and `setup.Devices`."""

    name: str
    application_bytes: int
    period_s: float
    arrival: str = "periodic"
    jitter_s: float = 0.0
    confirmed: bool = False
    adr: bool = True
    device_class: str = "A"
    watched: bool = False

    @property
    def phy_bytes(self) -> int:
        """PHY payload of an uplink, bytes."""
        return self.application_bytes + MAC_OVERHEAD_BYTES


def fleets_table(plans: Sequence[FleetPlan], duty: float = 0.01) -> Fleets:
    """Return the fleets' table.

    Raises
    ------
    InputError
        Once, naming each fleet whose payload no data rate carries, or whose period breaks the duty
        cycle even at the fastest data rate on every sub-band it may use.
    """
    faults = Faults()
    lowest: list[int] = []
    for plan in plans:
        with faults.gathered():
            lowest.append(_lowest_rate(plan))
        faults.add(_period_faults(plan, duty))
    faults.raise_all()
    return Fleets(
        arrival=np.array([ARRIVALS[plan.arrival] for plan in plans], dtype=np.int64),
        jitter_s=np.array([plan.jitter_s for plan in plans], dtype=np.float64),
        confirmed=np.array([plan.confirmed for plan in plans], dtype=np.bool_),
        adr=np.array([plan.adr for plan in plans], dtype=np.bool_),
        device_class=np.array([CLASSES[plan.device_class] for plan in plans], dtype=np.int64),
        lowest_rate=np.array(lowest, dtype=np.int64),
        airtime_s=np.stack([uplink_airtimes_s(plan.phy_bytes) for plan in plans]),
        watched=np.array([plan.watched for plan in plans], dtype=np.bool_),
    )


def _lowest_rate(plan: FleetPlan) -> int:
    try:
        return lowest_data_rate_for(plan.application_bytes)
    except InputError as error:
        fault = error.faults[0]
        raise InputError(
            Fault(
                fault.expected,
                fault.remedy,
                key=f"{plan.name}.payload_bytes",
                value=str(plan.application_bytes),
            )
        ) from error


def _period_faults(plan: FleetPlan, duty: float) -> list[Fault]:
    if plan.arrival == "periodic" and plan.jitter_s > plan.period_s:
        return [
            Fault(
                Text("au plus la période", "the period at most"),
                Text("réduisez la dispersion", "spread less"),
                key=f"{plan.name}.jitter_s",
                value=f"{plan.jitter_s:g}",
            )
        ]
    fastest_s = float(uplink_airtimes_s(min(plan.phy_bytes, 255))[5])
    # Two sub-bands of 1 % each carry the usual channels.
    least_s = fastest_s / (2.0 * duty)
    if plan.period_s >= least_s:
        return []
    return [
        Fault(
            Text(
                f"au moins {least_s:.1f} s entre deux trames (rapport cyclique de 1 %, SF7)",
                f"at least {least_s:.1f} s between two uplinks (duty cycle of 1 %, SF7)",
            ),
            Text("allongez la période ou raccourcissez le message", "send less often, or less"),
            key=f"{plan.name}.period_s",
            value=f"{plan.period_s:g}",
        )
    ]


def gateways_table(
    keys: NDArray[np.uint64],
    chip: str = "SX1303",
    *,
    demodulators: tuple[int, int] | None = None,
    noise_rise_db: float = 0.0,
    rx1_gain_db: float = -6.0,
    rx2_gain_db: float = 7.0,
) -> Gateways:
    """Return alike gateways, one per key.

    The downlink gains: at equal ERP a downlink misses the gateway's antenna gain and the device
    hears less well, but only the level counts here: minus (antenna gain - cable) in the ordinary
    sub-bands, 13 dB more at RX2's 27 dBm ERP [D].

    Raises
    ------
    InputError
        Unknown chip.
    """
    count = len(keys)
    sensitivity = sensitivity_dbm(chip, LEVEL_FACTORS) + noise_rise_db
    pools = np.array(demodulators or DEMODULATORS[chip], dtype=np.int64)
    return Gateways(
        key=np.asarray(keys, dtype=np.uint64),
        demodulators=np.tile(pools, (count, 1)),
        sensitivity_dbm=np.tile(sensitivity, (count, 1)),
        noise_dbm=np.full(count, noise_floor_dbm() + noise_rise_db),
        rx1_gain_db=np.full(count, rx1_gain_db),
        rx2_gain_db=np.full(count, rx2_gain_db),
    )


def radio(
    interference: str = "goursaud",
    *,
    same_factor_db: float | None = None,
    energy: bool = True,
    grace_symbols: float = 0.0,
    cut_db: float = 12.0,
    fading_sigma_db: float = 3.0,
    rayleigh: bool = False,
    slow_sigma_db: float = 4.0,
    slow_rho: float = 0.7,
    slow_tau_s: float = 86_400.0,
    device_chip: str = "SX1272",
    device_noise_rise_db: float = 0.0,
) -> Radio:
    """Return the physics of receptions; the defaults are the twin's (`received`, status [U]).

    Links are looked at down to four standard deviations of everything that moves below the
    sensitivity (1 in 31,000 of their frames would be heard), at least down to `cut_db`.
    """
    spread_db = float(np.hypot(fading_sigma_db, slow_sigma_db)) + (2.0 if rayleigh else 0.0)
    return Radio(
        sir=sir_needed(interference, same_factor_db),
        energy=energy,
        grace_symbols=grace_symbols,
        cut_db=cut_db,
        reach_db=max(0.0, 4.0 * spread_db - cut_db),
        fading_sigma_db=fading_sigma_db,
        rayleigh=rayleigh,
        slow_sigma_db=slow_sigma_db,
        slow_rho=slow_rho,
        slow_tau_s=slow_tau_s,
        device_sensitivity_dbm=sensitivity_dbm(device_chip, LEVEL_FACTORS) + device_noise_rise_db,
    )


def links_table(
    devices: int,
    device: NDArray[np.int64],
    gateway: NDArray[np.int64],
    level_dbm: NDArray[np.float64],
    least_dbm: float,
) -> Links:
    """Return links in rows, strongest first, without those under `least_dbm`.

    `device`, `gateway` and `level_dbm` have shape (links,), in any order. Use
    `least_level_dbm(gateways, radio)` for what no engine would look at.
    """
    keep = np.flatnonzero(level_dbm >= least_dbm)
    order = keep[np.lexsort((gateway[keep], -level_dbm[keep], device[keep]))]
    counts = np.bincount(device[order], minlength=devices)
    return Links(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        gateway=np.ascontiguousarray(gateway[order], dtype=np.int64),
        level_dbm=np.ascontiguousarray(level_dbm[order], dtype=np.float64),
    )


def least_level_dbm(gateways: Gateways, physics: Radio) -> float:
    """Return the static level below which no frame of any spreading factor is looked at."""
    return float(gateways.sensitivity_dbm.min() - physics.cut_db - physics.reach_db)


def best_level_dbm(links: Links) -> NDArray[np.float64]:
    """Return each device's strongest static level, minus infinity where it has no link."""
    best = np.full(len(links.indptr) - 1, -np.inf)
    some = np.diff(links.indptr) > 0
    best[some] = links.level_dbm[links.indptr[:-1][some]]
    return best


def planned_rate(
    links: Links,
    gateways: Gateways,
    lowest_rate: NDArray[np.int64],
    margin_db: float = 10.0,
) -> NDArray[np.int64]:
    """Return the fastest data rate whose sensitivity each device's best link beats by a margin.

    Never slower than `lowest_rate` (devices,); a device that beats none gets that.
    """
    rate = np.array(lowest_rate, dtype=np.int64)
    best = best_level_dbm(links)
    sensitivity = gateways.sensitivity_dbm.min(axis=0)
    for fast in range(6):
        enough = best - margin_db >= sensitivity[5 - fast]
        rate = np.where(enough, np.maximum(rate, fast), rate)
    return rate


def devices_table(
    keys: NDArray[np.uint64],
    fleet: NDArray[np.int64],
    plans: Sequence[FleetPlan],
    phase_s: NDArray[np.float64],
    data_rate: NDArray[np.int64],
    *,
    joined: bool = True,
) -> Devices:
    """Return devices at full power, one transmission a frame; all arrays have shape (devices,)."""
    count = len(keys)
    period_s = np.array([plan.period_s for plan in plans], dtype=np.float64)
    return Devices(
        key=np.asarray(keys, dtype=np.uint64),
        fleet=np.asarray(fleet, dtype=np.int64),
        period_s=period_s[fleet],
        phase_s=np.asarray(phase_s, dtype=np.float64),
        data_rate=np.asarray(data_rate, dtype=np.int64),
        tx_index=np.zeros(count, dtype=np.int64),
        nb_trans=np.ones(count, dtype=np.int64),
        joined=np.full(count, joined, dtype=np.bool_),
    )
