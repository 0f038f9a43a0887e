"""Who hears each place, by exact profiles: level, margin, gateways and their probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.object_budget import CentralBudget
from models.lora.profiles import path_losses_db
from models.lora.reception import probability_heard
from twin.terrain.grid import Terrain

PLACES_AT_ONCE = 4096
"""Places looked at together: some 100,000 paths, a few MB."""

NONE = -1

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Network:
    """The gateways looked at, shape (gateways,): Lambert-93 place, antenna height above ground.

    `kinds` are keys of `sites.KIND_LABELS`.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    height_m: Floats

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Reception:
    """What the network makes of each place, shape (places,).

    `best` is the index of the strongest gateway within range (NONE without one), `level_dbm` and
    `margin_db` its median level and margin (minus infinity without one). `count` are the gateways
    with a margin >= 0; `probability` has shape (places, 2): heard by at least 1, 2 gateways under
    shadowing correlated between gateways. `void_paths` are gateways within range left out because
    the path crosses a void of the terrain.
    """

    best: NDArray[np.int64]
    level_dbm: Floats
    margin_db: Floats
    count: NDArray[np.int64]
    probability: Floats
    void_paths: NDArray[np.int64]


def hear(
    terrain: Terrain,
    network: Network,
    budget: CentralBudget,
    x_m: Floats,
    y_m: Floats,
    height_m: Floats,
    offset_db: Floats,
) -> Reception:
    """Return the reception of places, each by the exact profiles of all gateways within range.

    Parameters
    ----------
    x_m, y_m, height_m
        Lambert-93 places and antenna heights above ground, shape (places,).
    offset_db
        Level for no path loss (`CentralBudget.offset_db` of each place's use case), dBm.
    """
    parts = [
        _hear(terrain, network, budget, x_m[part], y_m[part], height_m[part], offset_db[part])
        for part in (
            slice(start, start + PLACES_AT_ONCE) for start in range(0, len(x_m), PLACES_AT_ONCE)
        )
    ]
    return Reception(
        best=np.concatenate([part.best for part in parts]),
        level_dbm=np.concatenate([part.level_dbm for part in parts]),
        margin_db=np.concatenate([part.margin_db for part in parts]),
        count=np.concatenate([part.count for part in parts]),
        probability=np.concatenate([part.probability for part in parts]),
        void_paths=np.concatenate([part.void_paths for part in parts]),
    )


def _hear(
    terrain: Terrain,
    network: Network,
    budget: CentralBudget,
    x_m: Floats,
    y_m: Floats,
    height_m: Floats,
    offset_db: Floats,
) -> Reception:
    radio = budget.radio
    reach_m = 1000.0 * radio.max_range_km
    squares = (x_m[:, None] - network.x_m) ** 2 + (y_m[:, None] - network.y_m) ** 2
    place, gateway = np.nonzero(squares <= reach_m**2)
    losses = path_losses_db(
        terrain,
        network.x_m[gateway],
        network.y_m[gateway],
        network.height_m[gateway],
        x_m[place],
        y_m[place],
        height_m[place],
        frequency_mhz=radio.frequency_mhz,
        model=radio.model,
        step_m=radio.profile_step_m,
    )
    # A path that crosses a void has no loss that could be defended: counted, and not heard.
    known = ~np.isnan(losses)
    voids = np.bincount(place[~known], minlength=len(x_m))
    place, gateway = place[known], gateway[known]
    level = offset_db[place] - losses[known]
    table = np.full((len(x_m), len(network)), -np.inf)
    table[place, gateway] = level
    best = np.argmax(table, axis=1)  # the first on ties, as in the rasters
    strongest = table[np.arange(len(x_m)), best]
    margin = level - budget.threshold_dbm()
    indptr = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(x_m)))])
    return Reception(
        best=np.where(np.isfinite(strongest), best, NONE),
        level_dbm=strongest,
        margin_db=strongest - budget.threshold_dbm(),
        count=np.bincount(place[margin >= 0.0], minlength=len(x_m)),
        probability=probability_heard(
            indptr, margin, budget.sigma_db, radio.shadowing_correlation, 2
        ),
        void_paths=voids,
    )
