"""Levels on the territory's relief: the load question's propagation, for any utility's devices.

Path losses come from exact profiles (`models.lora.links`), kept in a cache by the content of the
positions; what stands between a device and the sky is its `Fleet.use_case`; shadowing and the
uncertain figures are one world's.

Indoors each device draws its building's loss (P.2109 [V]) by its own name, where the load question
draws fleet by fleet: a device more moves no other's wall.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lora.levels import placement_loss_db
from models.lora.link.gateways import GatewaySites
from models.lora.link.level_model import PairLevels
from models.lora.link.planned_ground import PlannedGround
from models.lora.links import LinkTable, link_table
from models.lora.meters import INDOOR, OUTDOOR, Meters
from models.lora.object_budget import METER_PLACES
from models.lora.radio_figures import RadioFigures
from models.lora.settings import RadioSection
from models.lora.static_levels import case_loss_db, static_levels
from models.lora.use_cases import UseCase
from twin.device_keys import device_keys, mix
from twin.errors import DataError, Fault, InputError
from twin.lang import Text
from twin.ports import Say
from twin.signals import Fleet
from twin.streams import Streams

_ENTRY = np.uint64(0x9FB21C651E98DF25)
_SURELY = 0.001
"""Entry losses are drawn between the quantiles 0.001 and 0.999, as in the load question."""


@dataclass(frozen=True)
class TerrainLevels:
    """Static levels of uplinks on relief; see :class:`models.lora.link.level_model.LevelModel`.

    `figures` and `streams` are one world's; links three deviations of shadowing short of
    `least_dbm` are left out; path losses are kept in `cache`.
    """

    ground: PlannedGround
    radio: RadioSection
    figures: RadioFigures
    streams: Streams
    least_dbm: float
    cache: Path

    def links(self, fleet: Fleet, gateways: GatewaySites) -> PairLevels:
        """Return the levels of a fleet at the ground's own gateways.

        Raises
        ------
        InputError
            A use case that is not known.
        DataError
            Devices under which the terrain has no height.
        """
        if gateways.ids != self.ground.sites.ids:
            raise ValueError("these levels are those of the planned gateways, in their order")
        return static_levels(
            self.radio,
            path_losses(fleet, self.ground, self.radio, self.cache),
            self.side_loss_db(fleet),
            self.figures,
            self.streams,
            self.ground.sites.ids,
            np.asarray(fleet.x_m, dtype=np.float64),
            np.asarray(fleet.y_m, dtype=np.float64),
            self.least_dbm,
        )

    def side_loss_db(self, fleet: Fleet) -> NDArray[np.float64]:
        """Return every loss on the device's side but the noise rise, dB, shape (devices,).

        Raises
        ------
        InputError
            A use case that is not known.
        """
        cases = use_cases(fleet)
        kinds = [UseCase(case) for case in cases.words]
        places = np.array([METER_PLACES.get(case, OUTDOOR) for case in kinds], dtype=np.uint8)
        losses = self.figures.losses
        extra_db = np.array(
            [0.0 if kind in METER_PLACES else self._case_db(kind) for kind in kinds]
        )
        if np.any(places == INDOOR):
            keys = mix(device_keys(self.streams, fleet) ^ _ENTRY)
            drawn = ((keys >> np.uint64(11)) + 0.5) * 2.0**-53
            inside: NDArray[np.float64] = np.asarray(_SURELY + (1.0 - 2.0 * _SURELY) * drawn)
            losses = replace(losses, entry_probability=inside)
        loss = placement_loss_db(self.radio, places[cases.rows], losses)
        return np.asarray(loss + extra_db[cases.rows], dtype=np.float64)

    def _case_db(self, case: UseCase) -> float:
        return case_loss_db(case, self.radio, self.figures.losses)


@dataclass(frozen=True)
class Cases:
    """The use cases of a fleet: which there are, and which is each device's (shape (devices,))."""

    words: tuple[str, ...]
    rows: NDArray[np.int64]


def use_cases(fleet: Fleet) -> Cases:
    """Return what stands between each device of a fleet and the sky.

    Raises
    ------
    InputError
        Once, naming every use case that is not known.
    """
    if isinstance(fleet.use_case, str):
        found = Cases((fleet.use_case,), np.zeros(fleet.size, dtype=np.int64))
    else:
        words, rows = np.unique(np.array(fleet.use_case, dtype=np.str_), return_inverse=True)
        found = Cases(tuple(map(str, words)), rows)
    known = ", ".join(UseCase)
    faults = [
        Fault(
            Text(f"un de : {known}", f"one of: {known}"),
            Text(f"corriger la flotte « {fleet.name} »", f"correct the fleet '{fleet.name}'"),
            key=f"{fleet.name}.use_case",
            value=word,
        )
        for word in found.words
        if word not in set(UseCase)
    ]
    if faults:
        raise InputError(*faults)
    return found


def path_losses(
    fleet: Fleet,
    ground: PlannedGround,
    radio: RadioSection,
    cache: Path,
    say: Say = lambda _what, _share: None,
) -> LinkTable:
    """Return the path losses of a fleet, from the cache where these places were met before.

    Raises
    ------
    DataError
        Devices or gateways under which the terrain has no height.
    """
    x_m, y_m = (np.asarray(at, dtype=np.float64) for at in (fleet.x_m, fleet.y_m))
    lost = int(np.isnan(ground.terrain.height_m(x_m, y_m)).sum())
    if lost:
        raise DataError(
            Fault(
                Text("une altitude du sol sous chaque objet", "a ground height under every device"),
                Text(
                    "fournir un terrain qui couvre ces points, ou les corriger",
                    "give a terrain that covers these points, or correct them",
                ),
                file=ground.terrain.source.fr,
                key=fleet.name,
                value=f"{lost} / {fleet.size}",
            )
        )
    nowhere = np.zeros(fleet.size)
    places = Meters(
        x_m,
        y_m,
        np.asarray(fleet.height_m, dtype=np.float64),
        commune=nowhere.astype(np.int32),
        place=nowhere,
    )
    count = len(ground.sites)
    what = Text(
        f"{fleet.name} : {fleet.size} objets x {count} passerelles",
        f"{fleet.name}: {fleet.size} devices x {count} gateways",
    )
    return link_table(
        places, ground.sites, ground.terrain, radio, cache, lambda share: say(what, share)
    )
