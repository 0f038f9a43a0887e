"""From the fleets of a link to the network its engine plays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.link.gateways import GatewaySites
from models.lora.link.level_model import LevelModel
from models.lora.link.network_settings import NetworkSettings
from models.lora.network import eu868
from models.lora.network.field import (
    FleetPlan,
    best_level_dbm,
    devices_table,
    fleets_table,
    gateways_table,
    least_level_dbm,
    links_table,
    planned_rate,
    radio,
)
from models.lora.network.setup import Channels, Gateways, Links, Network, Radio
from twin.device_keys import device_keys
from twin.errors import Fault, Faults
from twin.lang import Text
from twin.signals import Fleet
from twin.streams import Streams


@dataclass(frozen=True)
class Built:
    """A network, where each fleet's devices stand in its tables, and who is unheard.

    `unheard` counts, by fleet, the devices whose static level at TXPower 0 lies under the
    sensitivity of every gateway at the slowest data rate they may use. They are in the network all
    the same: weather and luck may let a frame of theirs through.
    """

    network: Network
    places: dict[str, slice]
    unheard: dict[str, int]


def build_network(
    streams: Streams,
    fleets: Sequence[Fleet],
    gateways: GatewaySites,
    levels: LevelModel,
    settings: NetworkSettings,
) -> Built:
    """Return the network of these fleets (at least one) and gateways.

    Raises
    ------
    InputError
        With every fault, naming its fleet: a payload no data rate carries, or not the one asked
        for; a period that breaks the duty cycle; a jitter longer than the period; a phase before 0.
    """
    plans = [_plan(fleet, settings) for fleet in fleets]
    faults = Faults()
    with faults.gathered():
        table = fleets_table(plans)
    for fleet in fleets:
        faults.add(_time_faults(fleet))
    if not faults.found and settings.data_rate is not None:
        for fleet, lowest in zip(fleets, table.lowest_rate, strict=True):
            faults.add(_rate_faults(fleet, int(lowest), settings.data_rate))
    faults.raise_all()
    sizes = [fleet.size for fleet in fleets]
    begins = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    of_fleet = np.repeat(np.arange(len(fleets)), sizes)
    towers = towers_of(streams, gateways.ids, settings)
    physics = physics_of(settings)
    links = _links(fleets, begins, gateways, levels, least_level_dbm(towers, physics))
    lowest_rate = table.lowest_rate[of_fleet]
    if settings.data_rate is None:
        rate = planned_rate(links, towers, lowest_rate, settings.planning_margin_db)
    else:
        rate = np.full(int(begins[-1]), settings.data_rate, dtype=np.int64)
    devices = devices_table(
        np.concatenate([device_keys(streams, fleet) for fleet in fleets]),
        of_fleet,
        plans,
        np.concatenate([fleet.phase_s for fleet in fleets]),
        rate,
        joined=settings.joined,
    )
    channels = _channels(settings)
    rules = eu868.rules(
        rx2_rate=settings.rx2_rate,
        adr_margin_db=settings.adr_margin_db,
        join_spread_s=settings.join_spread_s,
        join_channels=min(3, settings.channels),
    )
    slowest = lowest_rate if settings.adr or not settings.joined else rate
    network = Network(table, devices, links, towers, channels, eu868.bands(), physics, rules)
    places = {
        fleet.name: slice(int(begin), int(end))
        for fleet, begin, end in zip(fleets, begins[:-1], begins[1:], strict=True)
    }
    return Built(network, places, _unheard(places, links, towers, slowest))


def towers_of(streams: Streams, gateway_ids: Sequence[str], settings: NetworkSettings) -> Gateways:
    """Return the gateways' table; their dice are named by the gateways."""
    return gateways_table(
        np.array([streams.key64("link", "gateway", name) for name in gateway_ids]),
        settings.chip,
        noise_rise_db=settings.noise_rise_db,
        rx1_gain_db=settings.rx1_gain_db,
        rx2_gain_db=settings.rx2_gain_db,
    )


def physics_of(settings: NetworkSettings) -> Radio:
    """Return the physics of receptions."""
    return radio(
        settings.interference,
        fading_sigma_db=settings.fading_sigma_db,
        rayleigh=settings.rayleigh,
        slow_sigma_db=settings.slow_sigma_db,
        slow_rho=settings.slow_rho,
        slow_tau_s=settings.slow_tau_s,
    )


def _plan(fleet: Fleet, settings: NetworkSettings) -> FleetPlan:
    return FleetPlan(
        name=fleet.name,
        application_bytes=fleet.payload_bytes,
        period_s=fleet.period_s,
        arrival=fleet.arrival,
        jitter_s=fleet.jitter_s,
        confirmed=fleet.confirmed,
        adr=settings.adr,
        device_class=fleet.device_class,
        # The latest value of any device may be asked for at any time: every delivery is kept.
        watched=True,
    )


def _links(
    fleets: Sequence[Fleet],
    begins: NDArray[np.int64],
    gateways: GatewaySites,
    levels: LevelModel,
    least_dbm: float,
) -> Links:
    found = [levels.links(fleet, gateways) for fleet in fleets]
    device = [begin + rows[0] for begin, rows in zip(begins[:-1], found, strict=True)]
    return links_table(
        int(begins[-1]),
        np.concatenate(device),
        np.concatenate([rows[1] for rows in found]),
        np.concatenate([rows[2] for rows in found]),
        least_dbm,
    )


def _channels(settings: NetworkSettings) -> Channels:
    table = eu868.channels(settings.channels)
    outside, count = settings.outside, settings.channels
    if not outside.per_s:
        per_s = np.zeros(count)
    else:
        per_s = np.broadcast_to(np.array(outside.per_s, dtype=np.float64), (count,)).copy()
    # Written on quiet channels too: a disturbance may come later.
    return table._replace(
        outside_per_s=per_s,
        outside_airtime_s=np.full(count, outside.airtime_s),
        outside_level_dbm=np.full(count, outside.level_dbm),
        outside_sigma_db=np.full(count, outside.sigma_db),
    )


def _unheard(
    places: dict[str, slice], links: Links, gateways: Gateways, slowest_rate: NDArray[np.int64]
) -> dict[str, int]:
    least_dbm = gateways.sensitivity_dbm.min(axis=0)[5 - slowest_rate]
    deaf = best_level_dbm(links) < least_dbm
    return {name: int(np.count_nonzero(deaf[its])) for name, its in places.items()}


def _time_faults(fleet: Fleet) -> Iterator[Fault]:
    remedy = Text(f"corriger la flotte « {fleet.name} »", f"correct the fleet '{fleet.name}'")
    if fleet.size and float(np.min(fleet.phase_s)) < 0.0:
        expected = Text("un instant >= 0", "a time >= 0")
        first_s = float(np.min(fleet.phase_s))
        yield Fault(expected, remedy, key=f"{fleet.name}.phase_s", value=f"{first_s:g}")


def _rate_faults(fleet: Fleet, lowest: int, asked: int) -> Iterator[Fault]:
    if asked < lowest:
        yield Fault(
            Text(
                f"data_rate >= {lowest} pour {fleet.payload_bytes} octets",
                f"data_rate >= {lowest} for {fleet.payload_bytes} bytes",
            ),
            Text(
                "raccourcir le message, ou laisser planifier le débit",
                "shorten the payload, or let the data rate be planned",
            ),
            key=f"{fleet.name}.payload_bytes",
            value=f"{fleet.payload_bytes}, data_rate {asked}",
        )
