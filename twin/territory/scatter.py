"""Points scattered inside communes the way rural France is built: bourg, hamlets, lone farms.

Every commune has its own dice, named by its INSEE code: adding a commune, or points to another
one, moves no point of this one, and more points in a commune keep the first ones where they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault, RunError
from twin.lang import Text
from twin.streams import Streams
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune

Floats = NDArray[np.float64]

MODEL = "territory"
BOX_STEP_M = 1_000.0
MOST_PROPOSALS = 20_000_000


@dataclass(frozen=True)
class Settlement:
    """How dwellings sit in a rural commune. Every figure is an assumption, status [U].

    The share of points in the bourg is `bourg_share + bourg_share_per_decade * log10(pop / 100)`,
    at most `bourg_share_most`. The bourg is a Gaussian around the commune's point of standard
    deviation `bourg_sd_m + bourg_sd_growth_m * sqrt(pop)`: 270 m for 100 inhabitants, 378 m for
    1,000, about 1.2 km for 40,000. Of the points outside the bourg, `isolated_share` are uniform
    over the commune; the others sit in hamlets (Neyman-Scott clusters): a Poisson number of mean
    area / `hamlet_every_km2`, at least one, uniform in the commune, each a Gaussian of standard
    deviation uniform in [`hamlet_sd_low_m`, `hamlet_sd_high_m`]. Points that would fall in a
    neighbouring commune are drawn again, so a bourg at the limit keeps a smaller share.
    """

    bourg_share: float = 0.40
    bourg_share_per_decade: float = 0.15
    bourg_share_most: float = 0.90
    bourg_sd_m: float = 220.0
    bourg_sd_growth_m: float = 5.0
    isolated_share: float = 0.20
    hamlet_every_km2: float = 2.5
    hamlet_sd_low_m: float = 80.0
    hamlet_sd_high_m: float = 120.0

    def bourg_share_of(self, population: int) -> float:
        """Return the share of points proposed in the bourg."""
        decades = np.log10(max(population, 100) / 100.0)
        return float(min(self.bourg_share + self.bourg_share_per_decade * decades,
                         self.bourg_share_most))  # fmt: skip

    def bourg_sd_of(self, population: int) -> float:
        """Return the standard deviation of the bourg, m."""
        return float(self.bourg_sd_m + self.bourg_sd_growth_m * np.sqrt(population))


class Scattered(NamedTuple):
    """Positions in Lambert-93 and the index of each point's commune, commune after commune."""

    x_m: Floats
    y_m: Floats
    commune: NDArray[np.int16]


def scatter(
    areas: CommuneAreas,
    communes: Sequence[Commune],
    counts: NDArray[np.int64],
    streams: Streams,
    purpose: str,
    settlement: Settlement | None = None,
) -> Scattered:
    """Return `counts[i]` points inside the area of commune i.

    Parameters
    ----------
    areas
        Areas built from `communes` in the same order.
    communes
        The communes.
    counts
        Points wanted in each, shape (communes,).
    streams
        The dice; `purpose` names the draw (`meters`), so two fleets are independent.
    settlement
        The pattern; the rural default where none is given.

    Raises
    ------
    DataError
        Where a count is negative.
    RunError
        Where a commune's area is too small to be hit.
    """
    if len(counts) != len(communes) or np.min(counts, initial=0) < 0:
        raise DataError(
            Fault(
                key="counts",
                value=f"n = {len(counts)}, min = {np.min(counts, initial=0)}",
                expected=Text("un nombre positif ou nul par commune",
                              "a non-negative number for each commune"),
                remedy=Text("corrigez les nombres de points", "mend the numbers of points"),
            )
        )  # fmt: skip
    pattern = settlement or Settlement()
    boxes = _half_widths_m(areas, communes)
    xs, ys = [np.empty(0)], [np.empty(0)]
    for index, commune in enumerate(communes):
        if counts[index]:
            drawn = _Commune(areas, commune, index, boxes[index], pattern)
            x_m, y_m = drawn.points(int(counts[index]), streams, purpose)
            xs.append(x_m)
            ys.append(y_m)
    owner = np.repeat(np.arange(len(communes), dtype=np.int16), counts)
    return Scattered(np.concatenate(xs), np.concatenate(ys), owner)


def _half_widths_m(areas: CommuneAreas, communes: Sequence[Commune]) -> Floats:
    """Return the half side of a square around each commune's point that holds its area.

    Rounded up to whole kilometres: a solver's last bits must not move a uniform draw.
    """
    row, column = np.nonzero(areas.owner >= 0)
    owner = areas.owner[row, column].astype(np.int64)
    x_m = areas.west_m + (column + 0.5) * areas.resolution_m
    y_m = areas.north_m - (row + 0.5) * areas.resolution_m
    site_x, site_y = np.array([c.x_m for c in communes]), np.array([c.y_m for c in communes])
    reach = np.maximum(np.abs(x_m - site_x[owner]), np.abs(y_m - site_y[owner]))
    widest = np.zeros(len(communes))
    np.maximum.at(widest, owner, reach + areas.resolution_m)
    return np.maximum(np.ceil(widest / BOX_STEP_M), 1.0) * BOX_STEP_M


@dataclass(frozen=True)
class _Commune:
    """The proposal law of one commune and its acceptance."""

    areas: CommuneAreas
    commune: Commune
    index: int
    half_m: float
    pattern: Settlement

    def _mine(self, x_m: Floats, y_m: Floats) -> NDArray[np.bool_]:
        return np.asarray(self.areas.at(x_m, y_m) == self.index)

    def _uniform(self, u: Floats, v: Floats) -> tuple[Floats, Floats]:
        x_m = self.commune.x_m + (2.0 * u - 1.0) * self.half_m
        y_m = self.commune.y_m + (2.0 * v - 1.0) * self.half_m
        return x_m, y_m

    def _accepted(self, rng: np.random.Generator, count: int, hamlets: Floats | None) -> Floats:
        """Return the first `count` accepted proposals, shape (count, 3): x, y and a spare die.

        Proposals are rows of four dice read in order, so block sizes change nothing.
        """
        kept: list[Floats] = []
        found, proposed = 0, 0
        block = count + count // 2 + 16
        while found < count:
            if proposed > MOST_PROPOSALS:
                raise RunError(f"commune {self.commune.insee}: no room found inside its area")
            dice = rng.random((block, 4))
            proposed += block
            x_m, y_m = (
                self._uniform(dice[:, 2], dice[:, 3])
                if hamlets is None
                else self._settled(dice, hamlets)
            )
            mine = self._mine(x_m, y_m)
            kept.append(np.stack([x_m[mine], y_m[mine], dice[mine, 0]], axis=1))
            found += int(mine.sum())
            block = min(max(2 * (count - found), 64), 1_000_000)
        return np.concatenate(kept)[:count]

    def _settled(self, dice: Floats, hamlets: Floats) -> tuple[Floats, Floats]:
        """Return proposals in the bourg, in `hamlets` (x, y, sd) or anywhere, as the dice say."""
        p = self.pattern
        bourg = p.bourg_share_of(self.commune.population)
        isolated = bourg + (1.0 - bourg) * p.isolated_share
        choice = np.minimum((dice[:, 1] * len(hamlets)).astype(np.int64), len(hamlets) - 1)
        in_bourg = dice[:, 0] < bourg
        centre_x = np.where(in_bourg, self.commune.x_m, hamlets[choice, 0])
        centre_y = np.where(in_bourg, self.commune.y_m, hamlets[choice, 1])
        sd_m = np.where(in_bourg, p.bourg_sd_of(self.commune.population), hamlets[choice, 2])
        radius = sd_m * np.sqrt(-2.0 * np.log1p(-dice[:, 2]))  # Box-Muller
        angle = 2.0 * np.pi * dice[:, 3]
        alone = (dice[:, 0] >= bourg) & (dice[:, 0] < isolated)
        flat_x, flat_y = self._uniform(dice[:, 2], dice[:, 3])
        return (
            np.where(alone, flat_x, centre_x + radius * np.cos(angle)),
            np.where(alone, flat_y, centre_y + radius * np.sin(angle)),
        )

    def _hamlets(self, streams: Streams, purpose: str) -> Floats:
        """Return hamlet centres and spreads, shape (hamlets, 3)."""
        p = self.pattern
        name = f"{purpose}/hamlet number"
        mean = self.commune.area_km2 / p.hamlet_every_km2
        number = int(streams.generator(MODEL, name, self.commune.insee).poisson(mean))
        rng = streams.generator(MODEL, f"{purpose}/hamlets", self.commune.insee)
        hamlets = self._accepted(rng, max(number, 1), None)
        hamlets[:, 2] = p.hamlet_sd_low_m + hamlets[:, 2] * (p.hamlet_sd_high_m - p.hamlet_sd_low_m)
        return hamlets

    def points(self, count: int, streams: Streams, purpose: str) -> tuple[Floats, Floats]:
        """Return `count` points of this commune."""
        hamlets = self._hamlets(streams, purpose)
        rng = streams.generator(MODEL, purpose, self.commune.insee)
        accepted = self._accepted(rng, count, hamlets)
        return accepted[:, 0].copy(), accepted[:, 1].copy()
