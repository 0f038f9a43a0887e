"""A network of a few devices for tests: EU868, eight channels, sensible defaults, all to override.

One fleet, one gateway in reach of every device at -80 dBm, 20 B uplinks, no fading, Goursaud's
matrix. What a test is about it says; the rest it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.lora.airtime import symbol_s, time_on_air_s
from models.lora.network.interference import sir_needed
from models.lora.network.setup import (
    CLASS_A,
    MULTICAST_ORDER,
    PERIODIC_ARRIVAL,
    Bands,
    Channels,
    Devices,
    Fleets,
    Gateways,
    Links,
    Network,
    Orders,
    Radio,
    Rules,
)

BAND_L, BAND_M, BAND_P = range(3)
SF_BY_RATE = np.arange(12, 6, -1)
APPLICATION_BYTES = 20
_MIX = 0x9E3779B97F4A7C15


def airtimes_s(phy_bytes: int, *, crc: bool = True) -> np.ndarray:
    """Return airtimes by data rate 0..5 (SF12..SF7), seconds."""
    return time_on_air_s(phy_bytes, SF_BY_RATE, crc=crc)


UPLINK_S = airtimes_s(APPLICATION_BYTES + 13)


def little_network(
    levels_dbm: Sequence[Sequence[float]] = ((-80.0,),),
    *,
    data_rate: int | Sequence[int] = 5,
    tx_index: int | Sequence[int] = 0,
    nb_trans: int | Sequence[int] = 1,
    joined: bool | Sequence[bool] = True,
    period_s: float | Sequence[float] = 1_000.0,
    phase_s: float | Sequence[float] = 100.0,
    fleet: int | Sequence[int] = 0,
    demodulators: tuple[int, int] = (8, 8),
    duty: tuple[float, float, float] = (0.01, 0.01, 0.10),
    device_duty: tuple[float, float, float] | None = None,
    channels: int = 8,
    interference: str = "goursaud",
    fleets: dict[str, Any] | None = None,
    gateways: dict[str, Any] | None = None,
    outside: dict[str, Any] | None = None,
    radio: dict[str, Any] | None = None,
    rules: dict[str, Any] | None = None,
) -> Network:
    """Return a network.

    Parameters
    ----------
    levels_dbm
        Static levels, one row a device, one column a gateway; -inf: no link.
    data_rate, tx_index, nb_trans, joined, period_s, phase_s, fleet
        One value, or one a device.
    demodulators
        Of any factor, of SF7..SF10 only; at every gateway.
    duty, device_duty
        Duty cycles of bands L, M, P, for gateways and (unless given) devices.
    channels
        The first of 868.1 .3 .5 (M), 867.1 .3 .5 .7 .9 (L).
    fleets, gateways, outside, radio, rules
        Fields of these tables to replace; scalars are repeated.
    """
    levels = np.asarray(levels_dbm, dtype=np.float64)
    devices, stations = levels.shape
    kinds = int(np.max(np.atleast_1d(np.asarray(fleet)))) + 1

    def each(value: Any, kind: Any) -> np.ndarray:
        return np.full(devices, value, dtype=kind)

    return Network(
        fleets=_fleets(kinds, fleets or {}),
        devices=Devices(
            key=np.arange(1, devices + 1, dtype=np.uint64) * np.uint64(_MIX),
            fleet=each(fleet, np.int64),
            period_s=each(period_s, np.float64),
            phase_s=each(phase_s, np.float64),
            data_rate=each(data_rate, np.int64),
            tx_index=each(tx_index, np.int64),
            nb_trans=each(nb_trans, np.int64),
            joined=each(joined, np.bool_),
        ),
        links=_links(levels),
        gateways=_gateways(stations, demodulators, gateways or {}),
        channels=_channels(channels, outside or {}),
        bands=Bands(
            device_duty=np.array(duty if device_duty is None else device_duty),
            gateway_duty=np.array(duty),
        ),
        radio=_radio(interference, radio or {}),
        rules=_rules(rules or {}),
    )


def little_orders(*orders: tuple[float, int, int, float], phy_bytes: int = 17) -> Orders:
    """Return orders from rows (time, kind, who, number or value), in order of time."""
    rows = sorted(orders, key=lambda row: row[0])
    at_s, kind, who, number = (list(column) for column in zip(*rows, strict=True))
    value = np.array(number, dtype=np.float64)
    value[np.array(kind) == MULTICAST_ORDER] = 0.0  # the data rate, RX2's
    return Orders(
        at_s=np.array(at_s, dtype=np.float64),
        kind=np.array(kind, dtype=np.int64),
        who=np.array(who, dtype=np.int64),
        number=np.array(number).astype(np.int64),
        value=value,
        airtime_s=np.tile(airtimes_s(phy_bytes), (len(rows), 1)),
    )


def _fleets(kinds: int, given: dict[str, Any]) -> Fleets:
    fields = {
        "arrival": PERIODIC_ARRIVAL,
        "jitter_s": 0.0,
        "confirmed": False,
        "adr": False,
        "device_class": CLASS_A,
        "lowest_rate": 0,
        "watched": False,
    } | given
    airtime_s = np.broadcast_to(fields.pop("airtime_s", UPLINK_S), (kinds, 6)).copy()
    types = {"jitter_s": np.float64, "confirmed": np.bool_, "adr": np.bool_, "watched": np.bool_}
    return Fleets(
        airtime_s=airtime_s,
        **{k: np.full(kinds, v, dtype=types.get(k, np.int64)) for k, v in fields.items()},
    )


def _links(levels: np.ndarray) -> Links:
    gateway, level_dbm, indptr = [], [], [0]
    for row in levels:
        ranked = [int(g) for g in np.argsort(-row, kind="stable") if row[g] > -np.inf]
        gateway += ranked
        level_dbm += [float(row[g]) for g in ranked]
        indptr.append(len(gateway))
    return Links(
        indptr=np.array(indptr, dtype=np.int64),
        gateway=np.array(gateway, dtype=np.int64),
        level_dbm=np.array(level_dbm, dtype=np.float64),
    )


def _gateways(stations: int, demodulators: tuple[int, int], given: dict[str, Any]) -> Gateways:
    fields = {
        "noise_dbm": -117.0,
        "rx1_gain_db": 0.0,
        "rx2_gain_db": 13.0,
    } | given
    sensitivity = fields.pop("sensitivity_dbm", [-127.0, -129.0, -132.5, -135.5, -138.0, -141.0])
    return Gateways(
        key=np.arange(1, stations + 1, dtype=np.uint64) * np.uint64(0xD1B54A32D192ED03),
        demodulators=np.tile(np.array(demodulators, dtype=np.int64), (stations, 1)),
        sensitivity_dbm=np.broadcast_to(np.array(sensitivity), (stations, 6)).copy(),
        **{k: np.full(stations, v, dtype=np.float64) for k, v in fields.items()},
    )


def _channels(count: int, given: dict[str, Any]) -> Channels:
    hz = np.array([868.1, 868.3, 868.5, 867.1, 867.3, 867.5, 867.7, 867.9]) * 1e6
    fields = {
        "outside_per_s": 0.0,
        "outside_airtime_s": 0.1,
        "outside_level_dbm": -110.0,
        "outside_sigma_db": 0.0,
    } | given
    return Channels(
        frequency_hz=hz[:count].astype(np.int64),
        band=np.array([BAND_M] * 3 + [BAND_L] * 5, dtype=np.int64)[:count],
        **{k: np.full(count, v, dtype=np.float64) for k, v in fields.items()},
    )


def _radio(interference: str, given: dict[str, Any]) -> Radio:
    fields: dict[str, Any] = {
        "sir": sir_needed(interference),
        "energy": True,
        "grace_symbols": 0.0,
        "cut_db": 12.0,
        "reach_db": 0.0,
        "fading_sigma_db": 0.0,
        "rayleigh": False,
        "slow_sigma_db": 0.0,
        "slow_rho": 0.5,
        "slow_tau_s": 86_400.0,
        "device_sensitivity_dbm": np.array([-124.0, -127.0, -130.0, -133.0, -135.0, -137.0]),
    }
    return Radio(**(fields | given))


def _rules(given: dict[str, Any]) -> Rules:
    fields: dict[str, Any] = {
        "rx1_delay_s": 1.0,
        "rx2_delay_s": 2.0,
        "join_rx1_delay_s": 5.0,
        "join_rx2_delay_s": 6.0,
        "rx1_offset": 0,
        "rx2_rate": 0,
        "rx2_band": BAND_P,
        "join_channels": 3,
        "most_confirmed": 8,
        "most_command_tries": 3,
        "response_timeout_s": 8.0,
        "adr_margin_db": 10.0,
        "max_rate": 5,
        "max_tx_index": 5,
        "join_spread_s": 60.0,
        "symbol_s": symbol_s(SF_BY_RATE),
        "join_request_s": airtimes_s(23),
        "join_accept_s": airtimes_s(33, crc=False),
        "answer_s": airtimes_s(14),
        "acknowledgement_s": airtimes_s(12, crc=False),
        "adr_order_s": airtimes_s(17, crc=False),
    }
    return Rules(**(fields | given))
