"""From counts of devices to shares of fleets and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.load.live import Day
from models.lora.load.network import Field
from models.lora.load.outcomes import CAUSES
from models.lora.load.stage import LoadStage
from models.lora.meters import INDOOR, OUTDOOR, PIT
from models.lora.network.fates import (
    COLLISION,
    GATEWAY_DEAF,
    GATEWAY_DOWN,
    NO_DEMODULATOR,
    NOT_SENT,
    OUT_OF_REACH,
)
from models.lora.network.field import best_level_dbm

FATES = dict(
    zip(
        CAUSES,
        (OUT_OF_REACH, COLLISION, NO_DEMODULATOR, GATEWAY_DEAF, GATEWAY_DOWN, NOT_SENT),
        strict=True,
    )
)
PLACES = {"outdoor": OUTDOOR, "indoor": INDOOR, "pit": PIT}


@dataclass(frozen=True)
class Shares:
    """A share in each zone that has something to share."""

    zones: tuple[str, ...]
    values: NDArray[np.float64]

    def get(self, zone: str) -> float | None:
        """Return the share of a zone, None where it has nothing."""
        return float(self.values[self.zones.index(zone)]) if zone in self.zones else None


@dataclass(frozen=True)
class Groups:
    """Devices by zone: `member[z]` masks the devices of `zones[z]`, by fleet or among the meters.

    Zones: "" (the meters, or everything where an option has none), each fleet, and of the meters
    each EPCI, commune and placement.
    """

    fleets: Mapping[str, NDArray[np.bool_]]
    main: NDArray[np.bool_]
    epci: NDArray[np.int64]
    epcis: tuple[str, ...]
    commune: NDArray[np.int64]
    communes: tuple[str, ...]
    placement: NDArray[np.uint8]

    def shares(self, part: NDArray[np.float64], whole: NDArray[np.float64]) -> Shares:
        """Return sum(part) / sum(whole) in each zone with a whole, shape (devices,) each."""
        zones: list[str] = []
        values: list[float] = []
        masks = {"": self.main, **self.fleets}
        masks |= {name: self.main & (self.placement == code) for name, code in PLACES.items()}
        for zone, mask in masks.items():
            total = float(whole[mask].sum())
            if total > 0.0:
                zones.append(zone)
                values.append(float(part[mask].sum()) / total)
        for names, index in ((self.epcis, self.epci), (self.communes, self.commune)):
            count = len(names)
            good = np.bincount(index[self.main], weights=part[self.main], minlength=count)
            of = np.bincount(index[self.main], weights=whole[self.main], minlength=count)
            some = np.flatnonzero(of > 0.0)
            zones += [names[each] for each in some]
            values += (good[some] / of[some]).tolist()
        return Shares(tuple(zones), np.array(values))


def groups(stage: LoadStage, field: Field, devices: NDArray[np.int64]) -> Groups:
    """Return the zones of some of the field's devices."""
    epcis = tuple(sorted({commune.epci for commune in stage.communes}))
    of_epci = np.array([epcis.index(commune.epci) for commune in stage.communes])
    fleet, commune = field.fleet[devices], field.commune[devices]
    masks = {each.name: fleet == index for index, each in enumerate(stage.fleets)}
    counted = [each.name for each in stage.fleets if each.section.meters]
    main = masks[counted[0]] if counted else np.ones(len(devices), dtype=np.bool_)
    return Groups(
        fleets=masks,
        main=main,
        epci=of_epci[commune],
        epcis=epcis,
        commune=commune,
        communes=tuple(each.insee for each in stage.communes),
        placement=field.placement[devices],
    )


def delivery(of: Groups, day: Day) -> Shares:
    """Return the share of the messages settled in the span that were delivered."""
    good = day.tally["delivered"].astype(np.float64)
    return of.shares(good, good + day.tally["lost"].sum(axis=1))


def collection(of: Groups, day: Day) -> Shares:
    """Return, of the devices with a reading due in the span, the share with one delivered."""
    read = (day.tally["delivered"] > 0).astype(np.float64)
    due = (day.tally["messages"] > 0).astype(np.float64)
    return of.shares(read * due, due)


def losses(of: Groups, day: Day) -> Shares:
    """Return, of the messages settled, the share lost to each cause: all, and `cause/fleet`."""
    lost = day.tally["lost"]
    settled = day.tally["delivered"] + lost.sum(axis=1)
    zones, values = [], []
    everyone = np.ones(len(settled), dtype=np.bool_)
    for suffix, mask in {"": everyone, **{f"/{name}": m for name, m in of.fleets.items()}}.items():
        total = float(settled[mask].sum())
        for cause, fate in FATES.items():
            zones.append(cause + suffix)
            values.append(float(lost[mask, fate].sum()) / total if total else 0.0)
    return Shares(tuple(zones), np.array(values))


def factors(of: Groups, day: Day) -> Shares:
    """Return the share of the frames sent at each spreading factor: all, and `sf7/fleet`."""
    zones, values = [], []
    everyone = np.ones(len(day.tally), dtype=np.bool_)
    for suffix, mask in {"": everyone, **{f"/{name}": m for name, m in of.fleets.items()}}.items():
        frames = day.tally["factors"][mask].sum(axis=0)
        for factor in range(6):
            zones.append(f"sf{7 + factor}{suffix}")
            values.append(float(frames[factor]) / max(float(frames.sum()), 1.0))
    return Shares(tuple(zones), np.array(values))


def unheard(of: Groups, field: Field, devices: NDArray[np.int64]) -> Shares:
    """Return how many devices stand below every gateway's sensitivity at the slowest rate."""
    network = field.network
    best = best_level_dbm(network.links)[devices]
    slowest = network.fleets.lowest_rate[field.fleet[devices]]
    need = network.gateways.sensitivity_dbm.min(axis=0)[5 - slowest]
    deaf = best < need
    zones = ["", *of.fleets]
    values = [float(deaf.sum()), *(float(deaf[mask].sum()) for mask in of.fleets.values())]
    return Shares(tuple(zones), np.array(values))
