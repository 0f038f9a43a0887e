"""Where ADR has brought each device before the study looks: months of frames, in one compiled loop.

A network that has lived is not where an installer left it. ChirpStack keeps the *best* SNR of 20
frames and never lowers a data rate, so that devices whose link varies drift to faster rates than
their mean level allows, and are then told to repeat their frames. To start from installation would
show a first day of orders instead of an ordinary one.

Each device exchanges `frames` frames with the server alone: levels vary as in the engine
(`models.lora.network.received`), nobody collides, every order arrives [D, no collisions]. Frames
are at least `LEAST_SPACING_S` apart, so that slow changes are met by fast talkers too.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.adr import ADR_ACK_LIMIT, HISTORY, decide, forget, note_uplink
from models.lora.network.draws import PERIODIC, message_key
from models.lora.network.received import TX_STEP_DB, fading_db, slow_db, slow_place, slow_term
from models.lora.network.setup import Devices, Fleets, Gateways, Links, Radio, Rules

LEAST_SPACING_S = 43_200.0
OLD_MESSAGES = 1 << 40
"""Numbers of the frames sent before the study: far from any it will see, so dice never repeat."""
MOST_LINKS = 4
"""Gateways looked at per frame: the strongest ones decide the best SNR."""


class Settled(NamedTuple):
    """What ADR has made of each device, and what server and device remember of it."""

    rate: NDArray[np.int64]
    tx_index: NDArray[np.int64]
    nb_trans: NDArray[np.int64]
    f_cnt: NDArray[np.int64]
    uplinks_since: NDArray[np.int64]
    history_f_cnt: NDArray[np.int64]
    history_snr_db: NDArray[np.float64]
    history_tx: NDArray[np.int8]
    history_count: NDArray[np.int64]

    def of(self, devices: NDArray[np.int64]) -> Settled:
        """Return the rows of `devices`."""
        return Settled(*(column[devices] for column in self))  # type: ignore[arg-type] # same columns


def settle(
    fleets: Fleets,
    devices: Devices,
    links: Links,
    gateways: Gateways,
    radio: Radio,
    rules: Rules,
    frames: int,
) -> Settled:
    """Return the state of every device after so many frames exchanged with the server."""
    count = len(devices.key)
    # A device hears from the server once in 64 frames at least: each is somewhere in its round.
    since = (devices.key % np.uint64(ADR_ACK_LIMIT)).astype(np.int64)
    settled = Settled(
        rate=devices.data_rate.copy(),
        tx_index=devices.tx_index.copy(),
        nb_trans=devices.nb_trans.copy(),
        f_cnt=np.zeros(count, dtype=np.int64),
        uplinks_since=since,
        history_f_cnt=np.zeros((count, HISTORY), dtype=np.int64),
        history_snr_db=np.zeros((count, HISTORY)),
        history_tx=np.zeros((count, HISTORY), dtype=np.int8),
        history_count=np.zeros(count, dtype=np.int64),
    )
    if frames:
        _settle(fleets, devices, links, gateways, radio, rules, frames, settled)
    return settled


@njit(cache=True, nogil=True)
def _settle(
    fleets: Fleets,
    devices: Devices,
    links: Links,
    gateways: Gateways,
    radio: Radio,
    rules: Rules,
    frames: int,
    out: Settled,
) -> None:
    for d in range(devices.key.size):
        if not fleets.adr[devices.fleet[d]]:
            continue
        spacing_s = max(devices.period_s[d], LEAST_SPACING_S)
        for turn in range(frames):
            at_s = devices.phase_s[d] - (frames - turn) * spacing_s
            out.f_cnt[d] += 1
            best_dbm = -np.inf
            for attempt in range(out.nb_trans[d]):
                key = message_key(devices.key[d], PERIODIC, OLD_MESSAGES + turn, attempt)
                level = _best_level_dbm(
                    devices.key[d], key, at_s, out.rate[d], out.tx_index[d],
                    links.indptr[d], links.indptr[d + 1], links, gateways, radio,
                )  # fmt: skip
                if level > best_dbm:
                    best_dbm = level
                    break
            if best_dbm == -np.inf:
                continue
            note_uplink(
                d, out.f_cnt[d], best_dbm - gateways.noise_dbm[0], out.tx_index[d],
                out.history_f_cnt, out.history_snr_db, out.history_tx, out.history_count,
            )  # fmt: skip
            rate, tx_index, nb_trans = decide(
                d, out.rate[d], out.tx_index[d], out.nb_trans[d],
                rules.max_rate, rules.max_tx_index, rules.adr_margin_db,
                out.history_f_cnt, out.history_snr_db, out.history_tx, out.history_count,
            )  # fmt: skip
            if rate != out.rate[d] or tx_index != out.tx_index[d] or nb_trans != out.nb_trans[d]:
                out.rate[d], out.tx_index[d], out.nb_trans[d] = rate, tx_index, nb_trans
                forget(d, out.history_count)


@njit(cache=True, nogil=True)
def _best_level_dbm(
    device_key: int,
    key: int,
    at_s: float,
    rate: int,
    tx_index: int,
    first: int,
    last: int,
    links: Links,
    gateways: Gateways,
    radio: Radio,
) -> float:
    """Return the best level above the sensitivity at the strongest gateways, or minus infinity."""
    best_dbm = -np.inf
    place = slow_place(device_key, at_s, radio.slow_tau_s)
    common = slow_term(device_key, 0, place) if radio.slow_sigma_db > 0.0 else 0.0
    spread_db = 2.0 * math.hypot(radio.slow_sigma_db, radio.fading_sigma_db)
    for link in range(first, min(last, first + MOST_LINKS)):
        gateway = links.gateway[link]
        level = links.level_dbm[link] - TX_STEP_DB * tx_index
        if level + radio.reach_db < gateways.sensitivity_dbm[gateway, 5 - rate]:
            break
        if level + spread_db < best_dbm:
            break  # the next ones are weaker still
        name = gateways.key[gateway]
        level += slow_db(device_key, name, place, common, radio.slow_sigma_db, radio.slow_rho)
        level += fading_db(key, name, radio.fading_sigma_db, radio.rayleigh, False)  # noqa: FBT003 - compiled, positional
        if level >= gateways.sensitivity_dbm[gateway, 5 - rate]:
            best_dbm = max(best_dbm, level)
    return best_dbm
