"""One world's network: the levels its dice give, and what stands in the field in a given year."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.lora.levels import placement_loss_db
from models.lora.load.dice import Dice
from models.lora.load.settings import FleetSection, LoadSection
from models.lora.load.settle import Settled, settle
from models.lora.load.stage import FleetStage, LoadStage
from models.lora.network import eu868
from models.lora.network.field import (
    FleetPlan,
    devices_table,
    fleets_table,
    gateways_table,
    least_level_dbm,
    links_table,
    planned_rate,
    radio,
)
from models.lora.network.setup import Channels, Devices, Links, Network, Radio
from models.lora.settings import Settings
from models.lora.static_levels import case_loss_db, downlink_gains_db, static_levels
from models.lora.use_cases import UseCase
from twin.device_keys import keys_of, mix

_CASES = {"bin": UseCase.BIN, "cabinet": UseCase.CABINET, "lamp": UseCase.LAMP}
_PHASE = np.uint64(0x5851F42D4C957F2D)


@dataclass(frozen=True)
class Field:
    """One option's field in one world, as large as it will be at the horizon.

    `born` is the growth each device exists from; `fleet`, `commune` index the option's fleets and
    the communes, all of shape (devices,). `settled` is where ADR has brought each device.
    """

    network: Network
    settled: Settled
    fleet: NDArray[np.int64]
    commune: NDArray[np.int64]
    placement: NDArray[np.uint8]
    born: NDArray[np.float64]
    growth: NDArray[np.float64]

    def present(self, growths: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the devices that exist once fleet i has grown by `growths[i]`."""
        return np.flatnonzero(self.born <= growths[self.fleet])

    def of(self, devices: NDArray[np.int64]) -> Network:
        """Return the network of some of the devices, in the state ADR has brought them to."""
        whole = self.network
        counts = np.diff(whole.links.indptr)[devices]
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        pick = np.repeat(whole.links.indptr[devices] - indptr[:-1], counts) + np.arange(indptr[-1])
        links = Links(indptr, whole.links.gateway[pick], whole.links.level_dbm[pick])
        given = Devices(*(column[devices] for column in whole.devices))  # type: ignore[arg-type] # same columns
        return whole._replace(devices=given, links=links)


def plans_of(stage: LoadStage) -> list[FleetPlan]:
    """Return how each fleet of an option talks."""
    return [plan_of(fleet.name, fleet.section) for fleet in stage.fleets]


def plan_of(name: str, fleet: FleetSection) -> FleetPlan:
    """Return how one fleet talks."""
    return FleetPlan(
        name=name,
        application_bytes=fleet.application_bytes,
        period_s=fleet.period_s,
        jitter_s=fleet.jitter_s,
        confirmed=fleet.confirmed,
        adr=fleet.adr,
        device_class=fleet.device_class,
    )


def make_field(stage: LoadStage, settings: Settings, dice: Dice) -> Field:
    """Return the field of one world."""
    load, figures = settings.load, dice.figures
    assert load is not None  # noqa: S101 - the settings ask for it
    plans = plans_of(stage)
    fleets = fleets_table(plans)
    keys = np.array(
        [dice.streams.key64("lora", "gateway", site) for site in stage.sites.ids], dtype=np.uint64
    )
    rx1_gain_db, rx2_gain_db = downlink_gains_db(settings.radio)
    gateways = gateways_table(
        keys,
        settings.radio.chip,
        noise_rise_db=figures.noise_rise_db,
        rx1_gain_db=rx1_gain_db,
        rx2_gain_db=rx2_gain_db,
    )
    physics = physics_of(load, dice)
    least_dbm = least_level_dbm(gateways, physics)
    sizes = [len(fleet.points) for fleet in stage.fleets]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    parts = [
        _levels(stage, fleet, settings, dice, least_dbm, int(start))
        for fleet, start in zip(stage.fleets, starts[:-1], strict=True)
    ]
    device, gateway, level = (np.concatenate(each) for each in zip(*parts, strict=True))
    total = int(starts[-1])
    fleet_of = np.repeat(np.arange(len(sizes)), sizes)
    links = links_table(total, device, gateway, level, least_dbm)
    slowest = fleets.lowest_rate[fleet_of]
    named = np.concatenate(
        [keys_of(dice.streams, fleet.name, fleet.points.word) for fleet in stage.fleets]
    )
    period_s = np.array([plan.period_s for plan in plans])[fleet_of]
    # Each device starts at an instant of its own: readings are spread over the whole period [U].
    phase_s = period_s * ((mix(named ^ _PHASE) >> np.uint64(11)) * 2.0**-53)
    devices = devices_table(
        named,
        fleet_of,
        plans,
        phase_s,
        planned_rate(links, gateways, slowest, load.adr_margin_db),
    )
    rules = eu868.rules(
        rx2_rate=load.rx2_data_rate,
        adr_margin_db=load.adr_margin_db,
        join_spread_s=load.storm.spread_s,
    )
    settled = settle(fleets, devices, links, gateways, physics, rules, load.settling_frames)
    network = Network(
        fleets=fleets,
        devices=devices._replace(
            data_rate=settled.rate, tx_index=settled.tx_index, nb_trans=settled.nb_trans
        ),
        links=links,
        gateways=gateways,
        channels=_channels(load, figures.outside_frames_per_s),
        bands=eu868.bands(),
        radio=physics,
        rules=rules,
    )
    growth = np.array(
        [
            (1.0 + fleet.section.growth_per_year * figures.growth_factor) ** load.horizon_years
            for fleet in stage.fleets
        ]
    )
    return Field(
        network=network,
        settled=settled,
        fleet=fleet_of,
        commune=np.concatenate([each.points.places.commune for each in stage.fleets]).astype(
            np.int64
        ),
        placement=np.concatenate(
            [each.points.placement(each.section, settings.meters) for each in stage.fleets]
        ),
        born=np.concatenate([each.points.born for each in stage.fleets]),
        growth=growth,
    )


def physics_of(load: LoadSection, dice: Dice) -> Radio:
    """Return the physics of receptions in one world."""
    return radio(
        dice.figures.matrix,
        fading_sigma_db=load.fading_sigma_db,
        slow_sigma_db=dice.figures.slow_sigma_db,
        slow_rho=dice.figures.slow_correlation,
    )


def _channels(load: LoadSection, outside_per_s: float) -> Channels:
    bare = eu868.channels()

    def same(value: float) -> NDArray[np.float64]:
        return np.full(len(bare.band), value)

    return bare._replace(
        outside_per_s=same(outside_per_s),
        outside_airtime_s=same(load.outside_airtime_s),
        outside_level_dbm=same(load.outside_level_dbm),
        outside_sigma_db=same(load.outside_sigma_db),
    )


def _levels(
    stage: LoadStage,
    fleet: FleetStage,
    settings: Settings,
    dice: Dice,
    least_dbm: float,
    start: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return (device, gateway, static level) of a fleet's links that may ever be looked at."""
    places = fleet.points.places
    device, gateway, level = static_levels(
        settings.radio,
        fleet.links,
        side_loss_db(fleet, settings, dice),
        dice.figures,
        dice.streams,
        stage.sites.ids,
        places.x_m,
        places.y_m,
        least_dbm,
    )
    return device + start, gateway, level


def side_loss_db(fleet: FleetStage, settings: Settings, dice: Dice) -> NDArray[np.float64]:
    """Return every loss on the device's side but the noise rise, dB, shape (devices,)."""
    section = settings.radio
    # The meters' dice are those of the gateway question: same world, same walls.
    purpose = "building entry" if fleet.section.meters else f"building entry/{fleet.name}"
    losses = replace(
        dice.figures.losses,
        entry_probability=dice.streams.generator("lora", purpose).uniform(
            0.001, 0.999, len(fleet.points)
        ),
    )
    loss = placement_loss_db(
        section, fleet.points.placement(fleet.section, settings.meters), losses
    )
    case = _CASES.get(fleet.section.place)
    return loss + (0.0 if case is None else case_loss_db(case, section, losses))
