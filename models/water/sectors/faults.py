"""What a planner may have got wrong in a division: each fault named, with its remedy."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Floats, Ints, Network
from twin.errors import DataError, Fault, InputError
from twin.lang import Text

_SHOWN = 5


def listed(names: Sequence[str]) -> str:
    """Return the first few names, as a person reads them."""
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def links_named(network: Network, names: Sequence[str], key: str = "links") -> Ints:
    """Return the positions of links called `names`.

    Raises
    ------
    InputError
        Every name that is no link, with the nearest names.
    """
    return _positions(network.links.ids, names, key, Text("le nom d'une conduite", "a link's name"))


def nodes_named(network: Network, names: Sequence[str], key: str = "nodes") -> Ints:
    """Return the positions of nodes called `names`.

    Raises
    ------
    InputError
        Every name that is no node, with the nearest names.
    """
    return _positions(network.nodes.ids, names, key, Text("le nom d'un nœud", "a node's name"))


def checked_links(network: Network, links: ArrayLike, key: str) -> Ints:
    """Return positions of links as a sorted array without repeats.

    Raises
    ------
    InputError
        Positions outside the network.
    """
    return _inside(links, len(network.links), key)


def checked_nodes(network: Network, nodes: ArrayLike, key: str) -> Ints:
    """Return positions of nodes as a sorted array without repeats.

    Raises
    ------
    InputError
        Positions outside the network.
    """
    return _inside(nodes, len(network.nodes), key)


def checked_weights(key: str, values: ArrayLike, count: int) -> Floats:
    """Return finite weights of zero or more, shape (count,).

    Raises
    ------
    InputError
        Another shape, a negative weight or one that is no number.
    """
    array = np.asarray(values, dtype=np.float64)
    remedy = Text(f"corriger {key}", f"correct {key}")
    if array.shape != (count,):
        expected = Text(f"{count} valeurs", f"{count} values")
        raise InputError(Fault(expected, remedy, key=key, value=str(array.shape)))
    bad = np.flatnonzero(~(np.isfinite(array) & (array >= 0.0)))
    if bad.size:
        expected = Text("un nombre fini, positif ou nul", "a finite number, zero or more")
        where = f"{key}[{bad[0]}]"
        raise InputError(Fault(expected, remedy, key=where, value=str(array[bad[0]])))
    return array


def refuse_dry(network: Network, dry: Sequence[int], key: str = "") -> None:
    """Raise a DataError that names junctions no water reaches; return if there are none."""
    if not len(dry):
        return
    raise DataError(
        Fault(
            Text(
                f"chaque nœud relié à une ressource ou à un réservoir ({len(dry)} ne le sont pas)",
                f"every junction joined to a reservoir or a tank ({len(dry)} are not)",
            ),
            Text("ouvrir une conduite, ou retirer ces nœuds", "open a link, or remove these nodes"),
            key=key or "network",
            value=listed([network.nodes.ids[i] for i in dry]),
        )
    )


def _positions(ids: Sequence[str], names: Sequence[str], key: str, expected: Text) -> Ints:
    place = {name: i for i, name in enumerate(ids)}
    faults = []
    for name in names:
        if name not in place:
            near = difflib.get_close_matches(name, ids, n=3, cutoff=0.6) or list(ids[:3])
            shown = ", ".join(near)
            remedy = Text(f"par exemple {shown}", f"for instance {shown}")
            faults.append(Fault(expected, remedy, key=key, value=name))
    if faults:
        raise InputError(*faults)
    return np.array([place[name] for name in names], dtype=np.int32)


def _inside(positions: ArrayLike, count: int, key: str) -> Ints:
    array = np.unique(np.asarray(positions, dtype=np.int64))
    outside = array[(array < 0) | (array >= count)]
    if outside.size:
        raise InputError(
            Fault(
                Text(f"un numéro entre 0 et {count - 1}", f"a number from 0 to {count - 1}"),
                Text("retirer ce numéro", "remove this number"),
                key=key,
                value=", ".join(str(i) for i in outside[:_SHOWN]),
            )
        )
    return array.astype(np.int32)
