"""The link table: the path loss from every meter to every candidate site within range.

Computed once with exact profiles, then shared by every option and replication; kept in a cache
that is keyed by everything the losses depend on, the formulas' own source code included.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lora.meters import Meters
from models.lora.settings import RadioSection
from models.lora.sites import Sites
from twin.errors import DataError, Fault
from twin.files import write_atomically
from twin.lang import Text
from twin.terrain import Terrain

LARGEST_LOSS_DB = 175.0
"""Losses above this are dropped: 14 dBm ERP, 12 dBi and -142.5 dBm leave nothing there to hear."""

HEIGHT_SAMPLE = 40
"""One meter in so many tells what a higher or lower antenna is worth."""

LEAST_SAMPLED = 250
"""Meters the effect of antenna heights is learnt from, where there are as many."""

_SOURCES = (
    "diffraction.py",
    "free_space.py",
    "hata.py",
    "links.py",
    "log_distance.py",
    "path_kernel.py",
    "profiles.py",
    "propagation.py",
    "spherical_earth.py",
)
"""The code the losses come from: a change in any of them makes the kept tables void."""

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class LinkTable:
    """Losses in compressed rows, one row a meter.

    Meter `m` has links `indptr[m]:indptr[m + 1]`, ordered by site: `site` int32, `loss_db`
    float32 (basic loss at the mode of the antenna height). `height_effect_db` has shape (sites, 2):
    the mean change of loss when the site's antenna is at the low and at the high end of its range.
    `void_paths` counts the pairs within range left out because their path crosses a void.
    """

    indptr: NDArray[np.int64]
    site: NDArray[np.int32]
    loss_db: NDArray[np.float32]
    height_effect_db: NDArray[np.float64]
    void_paths: int = 0

    def rows(self) -> NDArray[np.int64]:
        """Return the meter of each link, shape (links,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def of(self, meters: NDArray[np.int64]) -> LinkTable:
        """Return the rows of `meters` only, in their order."""
        counts = np.diff(self.indptr)[meters]
        indptr = np.concatenate([[0], np.cumsum(counts)])
        first = np.repeat(self.indptr[meters] - indptr[:-1], counts)
        pick = first + np.arange(indptr[-1])
        return LinkTable(
            indptr, self.site[pick], self.loss_db[pick], self.height_effect_db, self.void_paths
        )


def link_table(
    meters: Meters,
    sites: Sites,
    terrain: Terrain,
    radio: RadioSection,
    cache: Path,
    say: Callable[[float], None] = lambda _share: None,
) -> LinkTable:
    """Return the losses, from the cache where nothing they depend on has changed.

    Raises
    ------
    DataError
        Where a site or a meter stands on no terrain.
    """
    check_ground(meters, sites, terrain)
    file = cache / f"links-{_fingerprint(meters, sites, terrain, radio)[:24]}.npz"
    if file.is_file():
        with np.load(file) as kept:
            return LinkTable(
                kept["indptr"],
                kept["site"],
                kept["loss_db"],
                kept["height_effect_db"],
                int(kept["void_paths"]),
            )
    table = _compute(meters, sites, terrain, radio, say)
    with write_atomically(file) as handle:
        np.savez(
            handle,
            indptr=table.indptr,
            site=table.site,
            loss_db=table.loss_db,
            height_effect_db=table.height_effect_db,
            void_paths=table.void_paths,
        )
    return table


def check_ground(meters: Meters, sites: Sites, terrain: Terrain) -> None:
    """Refuse sites and meters under which the terrain has no height."""
    bare = np.flatnonzero(np.isnan(terrain.height_m(sites.x_m, sites.y_m)))
    remedy = Text(
        "fournir un terrain qui couvre ce point, ou combler ses lacunes",
        "give a terrain that covers this point, or fill its voids",
    )
    faults = [
        Fault(
            expected=Text("une altitude du sol sous le site", "a ground height under the site"),
            remedy=remedy,
            file=terrain.source.fr,
            key=sites.ids[index],
            value=f"x_m = {sites.x_m[index]:.0f}, y_m = {sites.y_m[index]:.0f}",
        )
        for index in bare[:20]
    ]
    lost = int(np.isnan(terrain.height_m(meters.x_m, meters.y_m)).sum())
    if lost:
        faults.append(
            Fault(
                expected=Text(
                    "une altitude du sol sous chaque compteur", "a ground height under every meter"
                ),
                remedy=remedy,
                file=terrain.source.fr,
                key="meters",
                value=f"{lost} / {len(meters)}",
            )
        )
    if faults:
        raise DataError(*faults)


def _pairs(
    meters: Meters, sites: Sites, reach_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (meter, site) of every pair within reach, ordered by meter then site."""
    found: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = [(_NONE, _NONE)]
    for start in range(0, len(meters), 4096):  # a table of distances that stays small
        part = slice(start, start + 4096)
        east_m = meters.x_m[part, None] - sites.x_m
        north_m = meters.y_m[part, None] - sites.y_m
        meter, site = np.nonzero(east_m**2 + north_m**2 <= reach_m**2)
        found.append((meter + start, site))
    meter, site = (np.concatenate(column) for column in zip(*found, strict=True))
    return meter, site


def _losses(
    meters: Meters,
    sites: Sites,
    terrain: Terrain,
    radio: RadioSection,
    meter: NDArray[np.int64],
    site: NDArray[np.int64],
    end: int,
) -> NDArray[np.float64]:
    """Return each pair's basic loss; `end` 0, 1, 2: site antennas at low, mode or high height."""
    from models.lora.profiles import path_losses_db

    return path_losses_db(
        terrain,
        sites.x_m[site],
        sites.y_m[site],
        sites.height_m[site, end],
        meters.x_m[meter],
        meters.y_m[meter],
        meters.height_m[meter],
        frequency_mhz=radio.frequency_mhz,
        model=radio.model,
        step_m=radio.profile_step_m,
    )


def _compute(
    meters: Meters,
    sites: Sites,
    terrain: Terrain,
    radio: RadioSection,
    say: Callable[[float], None],
) -> LinkTable:
    meter, site = _pairs(meters, sites, radio.max_range_km * 1000.0)
    loss = np.empty(len(meter), dtype=np.float32)
    chunk = 100_000  # small enough that progress moves, large enough to keep both cores busy
    for start in range(0, len(meter), chunk):
        part = slice(start, start + chunk)
        loss[part] = _losses(meters, sites, terrain, radio, meter[part], site[part], 1)
        say(min(1.0, (start + chunk) / max(len(meter), 1)))
    effect = _height_effect(meters, sites, terrain, radio, meter, site, loss)
    # A path that crosses a void has no loss that could be defended: counted, and not heard.
    keep = np.flatnonzero(loss <= LARGEST_LOSS_DB)
    counts = np.bincount(meter[keep], minlength=len(meters))
    return LinkTable(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        site=site[keep].astype(np.int32),
        loss_db=loss[keep],
        height_effect_db=effect,
        void_paths=int(np.isnan(loss).sum()),
    )


def _height_effect(
    meters: Meters,
    sites: Sites,
    terrain: Terrain,
    radio: RadioSection,
    meter: NDArray[np.int64],
    site: NDArray[np.int64],
    loss: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Return, per site, the mean change of loss at the low and high antenna heights.

    Averaged over sampled links between 105 and 150 dB, the ones that decide who is heard.
    """
    step = max(1, min(HEIGHT_SAMPLE, len(meters) // LEAST_SAMPLED))
    pick = np.flatnonzero((meter % step == 0) & (loss > 105.0) & (loss < 150.0))  # noqa: PLR2004 - see the docstring
    effect = np.zeros((len(sites), 2))
    for column, end in enumerate((0, 2)):
        moved = _losses(meters, sites, terrain, radio, meter[pick], site[pick], end)
        # Rounded as `loss` is, so that a height that does not move changes nothing at all.
        change = moved.astype(np.float32).astype(np.float64) - loss[pick]
        total = np.bincount(site[pick], weights=change, minlength=len(sites))
        count = np.bincount(site[pick], minlength=len(sites))
        overall = float(change.mean()) if len(change) else 0.0
        effect[:, column] = np.where(count > 0, total / np.maximum(count, 1), overall)
    return effect


def _fingerprint(meters: Meters, sites: Sites, terrain: Terrain, radio: RadioSection) -> str:
    """Return a hash of everything the table depends on."""
    summary = hashlib.sha256()
    here = Path(__file__).parent
    for name in _SOURCES:
        summary.update((here / name).read_bytes())
    for array in (
        meters.x_m,
        meters.y_m,
        meters.height_m,
        sites.x_m,
        sites.y_m,
        sites.height_m,
        terrain.heights_m,
    ):
        summary.update(repr((array.shape, array.dtype.str)).encode())
        summary.update(np.ascontiguousarray(array).tobytes())
    frame = (terrain.west_m, terrain.north_m, terrain.resolution_m)
    radio_key = (radio.frequency_mhz, radio.model, radio.max_range_km, radio.profile_step_m)
    summary.update(repr((frame, radio_key)).encode())
    return summary.hexdigest()
