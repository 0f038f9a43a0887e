"""The dwellings of a zone, one by one: who lives there, who waters a garden, who obeys an order.

Both the demand of a node and the meters behind it are made of these, so that they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.water.demand.figures import DemandFigures
from models.water.zone import Zone
from twin.device_keys import U8, mix, name_words
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams

_S11 = np.uint64(11)
_PEOPLE, _SECOND, _GARDEN, _SIZE, _OBEYS = (np.uint64(word) for word in range(1, 6))
_PEOPLE_SIGMA = 0.45
"""Log-deviation of homes' persons and habits together [U]: the largest tenth of homes draws about
a fifth of the water; a quarter in England (UKWIR) [V]."""
_GARDEN_SIGMA = 0.8
"""Log-deviation of what gardens take [U]."""


@dataclass(frozen=True, eq=False)
class Homes:
    """Dwellings in use, in the order of nodes; arrays of shape (homes,) unless said otherwise.

    Attributes
    ----------
    first : NDArray[np.int64]
        Homes `first[i]` to `first[i + 1]` are node i's; shape (nodes + 1,).
    node : NDArray[np.int32]
    key : NDArray[np.uint64]
        What names the home's dice.
    second : NDArray[np.bool_]
        A second home.
    people : NDArray[np.float64]
        Persons by whom the home's use is reckoned: a node's main homes share its inhabitants by
        size and habits. Of a second home, persons when it is in use.
    garden : NDArray[np.float64]
        Persons by whom outdoor use is reckoned; 0 without a garden.
    obeys : NDArray[np.bool_]
        Whether the garden stays dry under a drought order.
    """

    first: NDArray[np.int64]
    node: NDArray[np.int32]
    key: U8
    second: NDArray[np.bool_]
    people: NDArray[np.float64]
    garden: NDArray[np.float64]
    obeys: NDArray[np.bool_]

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """Return second (0 or 1), people, garden, garden of who disobeys; shape (4, homes)."""
        disobeyed = np.where(self.obeys, 0.0, self.garden)
        return np.stack([self.second.astype(np.float64), self.people, self.garden, disobeyed])

    def __len__(self) -> int:
        """Return the number of homes."""
        return len(self.node)


def node_keys(zone: Zone, streams: Streams) -> U8:
    """Return what names each node's dice, from the names of zone and node alone."""
    return mix(streams.key64("water", "demand", zone.id) ^ mix(name_words(zone.network.nodes.ids)))


def homes_of(zone: Zone, figures: DemandFigures, streams: Streams) -> Homes:
    """Return the dwellings of a zone.

    Main homes are the inhabitants over `people_per_home`, one at least where anybody lives and no
    more than dwellings; of the other dwellings `second_share` are second homes and the rest stand
    empty and are left out. Where people are said to live in no dwelling at all, one is assumed.

    Raises
    ------
    InputError
        Inhabitants or dwellings that are negative or not finite.
    """
    people = np.asarray(zone.people, dtype=np.float64)
    homes = np.asarray(zone.homes, dtype=np.float64)
    bad = ~(np.isfinite(people) & np.isfinite(homes) & (people >= 0.0) & (homes >= 0.0))
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(
            Fault(
                key=f"{zone.id}: {zone.network.nodes.ids[row]}",
                value=f"people = {people[row]:g}, homes = {homes[row]:g}",
                expected=Text("des nombres finis, positifs ou nuls", "finite numbers >= 0"),
                remedy=Text("corrigez la zone", "mend the zone"),
            )
        )
    dwellings = np.rint(homes).astype(np.int64)
    wanted = np.rint(people / figures.people_per_home).astype(np.int64)
    main = np.where(people > 0.0, np.maximum(np.minimum(wanted, dwellings), 1), 0)
    count = np.maximum(dwellings, main)
    node: NDArray[np.int32] = np.repeat(np.arange(len(people), dtype=np.int32), count)
    rank = np.arange(len(node)) - np.repeat(np.cumsum(count) - count, count)
    key = mix(node_keys(zone, streams)[node] ^ mix(rank.astype(np.uint64)))
    second = rank >= main[node]
    kept = ~second | (_units(key, _SECOND) < figures.second_share)
    node, key, second = node[kept], key[kept], second[kept]
    size = np.exp(_PEOPLE_SIGMA * _normals(key, _PEOPLE))
    whole = np.bincount(node[~second], weights=size[~second], minlength=len(people))
    shared = np.divide(people, whole, out=np.zeros_like(people), where=whole > 0.0)
    persons = np.where(second, figures.second_people, size * shared[node])
    watered = np.exp(_GARDEN_SIGMA * _normals(key, _SIZE) - 0.5 * _GARDEN_SIGMA**2)
    has_garden = _units(key, _GARDEN) < figures.garden_homes_share
    garden = np.where(has_garden & ~second, persons * watered, 0.0)
    if figures.garden_homes_share > 0.0:
        garden /= figures.garden_homes_share
    return Homes(
        first=np.concatenate([[0], np.cumsum(np.bincount(node, minlength=len(people)))]),
        node=node,
        key=key,
        second=second,
        people=persons,
        garden=garden,
        obeys=_units(key, _OBEYS) < figures.obeys_share,
    )


def _units(key: U8, purpose: np.uint64) -> NDArray[np.float64]:
    """Return one draw in (0, 1) a home."""
    return np.asarray((mix(key ^ mix(purpose)) >> _S11) * 2.0**-53 + 2.0**-54)


def _normals(key: U8, purpose: np.uint64) -> NDArray[np.float64]:
    from scipy.special import ndtri

    return np.asarray(ndtri(_units(key, purpose)))
