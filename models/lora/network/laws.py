"""What the surrogate knows of the others on the air: how often an audible frame survives them.

The laws are measured by the window engine on the network's present state, over a short span: for
each gateway, spreading factor and dB above the sensitivity, the share of audible frames that were
decoded, lost in a collision, for want of a demodulator, or while the gateway was sending; and how
often a downlink that was needed could be planned. Thin counts lean on the whole network's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.network.fates import COLLISION, DELIVERED, GATEWAY_DEAF, NO_DEMODULATOR
from models.lora.network.setup import Rules
from models.lora.network.state import Counters, State

LEAN = 200.0
"""A cell leans on the whole network as if that had been seen so many times in it."""


class Laws(NamedTuple):
    """What an audible frame meets at a gateway.

    `survives`, `collides`, `crowded` have shape (gateways, 6, MARGIN_BINS): the share of audible
    frames decoded, and cumulatively with those lost to collision, to want of a demodulator; the
    rest finds the gateway deaf. `answered` is the share of needed downlinks that were planned,
    `in_rx2` the share of those that had to wait for the second window.
    """

    survives: NDArray[np.float64]
    collides: NDArray[np.float64]
    crowded: NDArray[np.float64]
    answered: float
    in_rx2: float


def laws_of(state: State, rules: Rules) -> Laws:
    """Return the laws that the counts of a window engine show.

    Downlinks in the second window are counted by their airtime, as acknowledgements: the engine
    keeps the airtime by band, and only they are sent in that band.
    """
    counts = state.receptions_by.astype(np.float64)
    causes = np.stack(
        [counts[..., fate] for fate in (DELIVERED, COLLISION, NO_DEMODULATOR, GATEWAY_DEAF)], -1
    )
    shares = _leaning(causes)
    cumulated = np.cumsum(shares, axis=-1)
    planned = float(state.counters[Counters.PLANNED])
    refused = float(state.counters[Counters.REFUSED])
    second_s = float(state.gateway_airtime_s[:, rules.rx2_band].sum())
    second = second_s / float(rules.acknowledgement_s[rules.rx2_rate])
    return Laws(
        survives=np.ascontiguousarray(cumulated[..., 0]),
        collides=np.ascontiguousarray(cumulated[..., 1]),
        crowded=np.ascontiguousarray(cumulated[..., 2]),
        answered=(planned + 1.0) / (planned + refused + 1.0),
        in_rx2=min(1.0, second / max(planned, 1.0)),
    )


def _leaning(causes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares by cause; each level leans on the one above: network, gateway, factor, dB."""
    everywhere = causes.sum(axis=(0, 2), keepdims=True)  # by factor
    whole = causes.sum(axis=(0, 1, 2), keepdims=True)
    base = (whole + np.array([1.0, 0.0, 0.0, 0.0])) / (whole.sum(-1, keepdims=True) + 1.0)
    by_factor = _towards(everywhere, base)
    by_margin = _towards(causes.sum(axis=0, keepdims=True), by_factor)
    by_gateway = _towards(causes.sum(axis=2, keepdims=True), by_factor)
    # A gateway's own load shifts the network's law of the margin by the same ratio of losses.
    lost = 1.0 - by_gateway[..., :1]
    usual = np.maximum(1.0 - by_factor[..., :1], 1e-12)
    ratio = np.clip(lost / usual, 0.0, 10.0)
    shifted = by_margin * ratio
    shifted[..., 0] = np.clip(1.0 - shifted[..., 1:].sum(-1), 0.0, 1.0)
    shifted /= shifted.sum(-1, keepdims=True)
    return _towards(causes, shifted)


def _towards(counts: NDArray[np.float64], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((counts + LEAN * prior) / (counts.sum(-1, keepdims=True) + LEAN))
