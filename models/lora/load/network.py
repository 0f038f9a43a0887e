"""One world's network: the levels its dice give, and what stands in the field in a given year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.levels import Losses, fixed_gain_db, placement_loss_db
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
from models.lora.sensitivity import sensitivity_dbm
from models.lora.settings import RadioSection, Settings
from models.lora.shadowing import ShadowingField, shadowing_db
from models.lora.use_cases import UseCase, placement
from twin.device_keys import keys_of, mix

RX2_ADVANTAGE_DB = 13.0
"""27 dBm ERP in RX2's sub-band against 14 dBm elsewhere [V]."""

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
    gain_db = settings.radio.gateway_gain_dbi - settings.radio.cable_loss_db
    gateways = gateways_table(
        keys,
        settings.radio.chip,
        noise_rise_db=figures.noise_rise_db,
        rx1_gain_db=-gain_db,
        rx2_gain_db=RX2_ADVANTAGE_DB - gain_db,
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
    from models.lora.model import height_effect_db

    section, figures, links = settings.radio, dice.figures, fleet.links
    rows = links.rows()
    height_db = height_effect_db(links.height_effect_db, figures.antenna_height_quantile)
    slowest_dbm = float(sensitivity_dbm(section.chip, section.spreading_factor))
    side_db = side_loss_db(fleet, settings, dice)
    level = (
        fixed_gain_db(section)
        + slowest_dbm
        - links.loss_db.astype(np.float64)
        - height_db[links.site]
        - side_db[rows]
    )
    sigma = figures.shadowing_sigma_db
    alive = np.flatnonzero(level >= least_dbm - 3.0 * sigma)
    field = ShadowingField(
        sigma_db=sigma,
        rho=section.shadowing_correlation,
        decorrelation_m=section.decorrelation_m,
    )
    places = fleet.points.places
    here = rows[alive]
    shadow = shadowing_db(
        field,
        dice.streams,
        stage.sites.ids,
        links.site[alive],
        places.x_m[here],
        places.y_m[here],
    )
    return here + start, links.site[alive].astype(np.int64), level[alive] + shadow


def side_loss_db(fleet: FleetStage, settings: Settings, dice: Dice) -> NDArray[np.float64]:
    """Return every loss on the device's side but the noise rise, dB, shape (devices,)."""
    figures, section = dice.figures, settings.radio
    # The meters' dice are those of the gateway question: same world, same walls.
    purpose = "building entry" if fleet.section.meters else f"building entry/{fleet.name}"
    losses = Losses(
        pit_db=figures.pit_loss_db,
        clutter_db=figures.clutter_loss_db,
        antenna_db=figures.meter_antenna_loss_db,
        noise_rise_db=0.0,
        bias_db=figures.propagation_bias_db,
        entry_probability=dice.streams.generator("lora", purpose).uniform(
            0.001, 0.999, len(fleet.points)
        ),
    )
    loss = placement_loss_db(
        section, fleet.points.placement(fleet.section, settings.meters), losses
    )
    return loss + _case_db(fleet.section, section, losses)


def _case_db(fleet: FleetSection, section: RadioSection, losses: Losses) -> float:
    """Return what the use case adds to the losses of a meter outdoors, dB."""
    if fleet.place not in _CASES:
        return 0.0
    what = placement(_CASES[fleet.place], section.frequency_mhz, section.building)
    clear_db = 0.0 if what.clutter_db > 0.0 else losses.clutter_db
    return what.entry_db - clear_db
