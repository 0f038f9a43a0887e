"""What a device meets when it is played alone, and the slow terms of its levels as it goes.

The slow terms are those of `received`, draw for draw; here their nodes are kept from one frame of a
device to the next instead of being drawn again for each.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.network.compiled import hot
from models.lora.network.draws import SLOW, unit
from models.lora.network.quick_draws import normal_of
from models.lora.network.setup import Network
from models.lora.network.state import State
from twin.splitmix import mix64

PHASE, SHIFTED = 4, 5
"""Columns of `Surroundings.nodes`, row 2; see `common_term_db`."""


class Surroundings(NamedTuple):
    """What a device meets within a span besides the laws, and the kernel's room to work in.

    Alarms of each device and changes of each gateway (when, and whether it comes back) stand in
    compressed rows, ordered by time. `nodes` has shape (3, links of a device at most + 6), see
    `common_term_db`, `mixed` (2,); `table`, `fading_of` and `survival_of` come from `quick_draws`.
    """

    alarms_of: NDArray[np.int64]
    alarm_rows: NDArray[np.int64]
    changes_of: NDArray[np.int64]
    change_s: NDArray[np.float64]
    change_up: NDArray[np.bool_]
    nodes: NDArray[np.float64]
    mixed: NDArray[np.uint64]
    table: NDArray[np.float64]
    fading_of: NDArray[np.uint64]
    survival_of: NDArray[np.uint64]


@hot
def common_term_db(net: Network, st: State, d: int, life: Surroundings) -> float:
    """Return the slow term common to the device's links, and place `nodes` at the frame's time.

    `nodes` holds the values at the nodes before (row 0) and after (row 1) for the common term
    (column 0) and the links that were asked for, `mixed` the hashes of the two; row 2 the node's
    number, how many links are known at both nodes, the weights of the two, the device's phase
    (`PHASE`), and for how many links the node before is the last frame's node after (`SHIFTED`).
    """
    radio, device, nodes = net.radio, st.device[d], life.nodes
    if radio.slow_sigma_db == 0.0:
        return 0.0
    place = st.frame[0].start_s / radio.slow_tau_s + nodes[2, PHASE]
    node = math.floor(place)
    after = place - node
    before = 1.0 - after
    if nodes[2, 0] != node:
        next_one = nodes[2, 0] == node - 1
        life.mixed[0] = mix64(node)
        life.mixed[1] = mix64(node + 1)
        nodes[0, 0] = nodes[1, 0] if next_one else _node(device.key, life.mixed[0], life.table)
        nodes[2, SHIFTED] = nodes[2, 1] if next_one else 0.0
        nodes[1, 0] = _node(device.key, life.mixed[1], life.table)
        nodes[2, 0] = node
        nodes[2, 1] = 0.0
    scale = 1.0 / math.sqrt(before * before + after * after)
    nodes[2, 2] = before * scale
    nodes[2, 3] = after * scale
    common = nodes[2, 2] * nodes[0, 0] + nodes[2, 3] * nodes[1, 0]
    return float(radio.slow_sigma_db * math.sqrt(radio.slow_rho) * common)


@hot
def _node(device_key: int, place: int, table: NDArray[np.float64]) -> float:
    """Return `slow_node`, a slow term at one node; `place`: the node mixed, xor a gateway's key."""
    return normal_of(unit(device_key, SLOW, place), table)


@hot
def own_term(st: State, d: int, gateway_key: int, link: int, life: Surroundings) -> float:
    """Return a link's own slow term, of unit variance; links are asked for in order."""
    device, nodes = st.device[d], life.nodes
    i = link - device.first_link + 1
    if i > nodes[2, 1]:
        nodes[0, i] = (
            nodes[1, i]
            if i <= nodes[2, SHIFTED]
            else _node(device.key, life.mixed[0] ^ gateway_key, life.table)
        )
        nodes[1, i] = _node(device.key, life.mixed[1] ^ gateway_key, life.table)
        nodes[2, 1] = i
    return float(nodes[2, 2] * nodes[0, i] + nodes[2, 3] * nodes[1, i])
