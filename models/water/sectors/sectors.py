"""A division of a network: districts, the meters at their ends, the valves kept closed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.network.network import Floats, Ints, Network
from models.water.sectors.faults import checked_links, refuse_dry
from models.water.sectors.prices import Prices
from models.water.sectors.supply import components, dry_junctions, far_ends, sources, sums, usable
from models.water.sectors.weights import Weights

OUTSIDE = -1
"""A source, or a node of a part whose supply is not metered throughout."""


@dataclass(frozen=True, eq=False)
class Sectors:
    """Districts, numbered from 0 by their first node.

    Attributes
    ----------
    district : Ints
        District of each node, shape (nodes,); `OUTSIDE` where none is.
    link_district : Ints
        District in which a leak of each link is seen: that of its end farther from the sources,
        since a meter stands at the nearer one. Shape (links,).
    metered : Ints
        Links with a meter, ascending.
    leaves, enters : Ints
        District that a flow from the link's start to its end leaves, and enters, by meter;
        `OUTSIDE` for a source. Shape (meters,).
    closed : Ints
        Links kept closed by a valve, ascending.
    km, homes : Floats
        What each district holds; shape (districts,).
    """

    district: Ints
    link_district: Ints
    metered: Ints
    leaves: Ints
    enters: Ints
    closed: Ints
    km: Floats
    homes: Floats

    @property
    def count(self) -> int:
        """Number of districts."""
        return int(self.km.size)

    @property
    def idle(self) -> Ints:
        """Metered links with the same district at both ends: such a meter tells nothing."""
        idle: Ints = self.metered[self.leaves == self.enters]
        return idle

    @property
    def signs(self) -> NDArray[np.int8]:
        """What each meter's flow adds to each district's net inflow: 1, -1 or 0.

        Shape (districts, meters); net inflow = signs @ flow.
        """
        numbers = np.arange(self.count)[:, None]
        enters = (self.enters == numbers).astype(np.int8)
        return np.asarray(enters - (self.leaves == numbers).astype(np.int8))

    def capital_eur(self, prices: Prices) -> float:
        """Return what meters and valves cost on the first day."""
        return prices.capital_eur(self.metered.size, self.closed.size)

    def yearly_eur(self, prices: Prices) -> float:
        """Return what meters and valves cost a year."""
        return prices.yearly_eur(self.metered.size, self.closed.size)


def assemble(
    network: Network, weights: Weights, metered: ArrayLike, closed: ArrayLike = ()
) -> Sectors:
    """Return the districts that meters and closed valves make.

    A part joined to a source by a link without a meter is `OUTSIDE`: nobody can balance it.

    Parameters
    ----------
    network, weights
        What is divided; see `weigh`.
    metered, closed
        Positions of links; see `links_named` for names.

    Raises
    ------
    InputError
        A link that does not exist.
    DataError
        Closing leaves junctions without any way to a source: they are named.
    """
    meters = checked_links(network, metered, "metered")
    shut = checked_links(network, closed, "closed")
    refuse_dry(network, dry_junctions(network, usable(network, shut)).tolist(), "closed")
    fixed = sources(network)
    label = components(network, usable(network, [*meters.tolist(), *shut.tolist()]), fixed)
    outside = label[fixed][0]
    numbers = np.full(int(label.max()) + 1, OUTSIDE, dtype=np.int32)
    inner = np.array([n for n in range(numbers.size) if n != outside], dtype=np.int64)
    numbers[inner] = np.arange(inner.size)
    district = numbers[label].astype(np.int32)
    far = far_ends(network)
    return Sectors(
        district,
        np.where(far >= 0, district[far], OUTSIDE).astype(np.int32),
        meters,
        district[network.links.start[meters]],
        district[network.links.end[meters]],
        shut,
        sums(district, weights.km, inner.size),
        sums(district, weights.homes, inner.size),
    )
