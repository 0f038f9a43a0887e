"""Adaptive data rate: what the server orders, and what a device does when nobody answers.

Server: the default algorithm of ChirpStack ("LoRa only"), facts and figures from
chirpstack/src/adr/default.rs (history 20, steps of 3 dB, loss table),
chirpstack/src/uplink/data.rs (what enters the history, when it is emptied),
chirpstack/src/maccommand/link_adr.rs (emptied on an accepted order) and
chirpstack/src/config.rs (required SNR, margin 10 dB) [V].
Device: LoRaWAN TS001-1.0.4, 4.3.1.1 and its table 9 (power, data rate, transmissions), with the
limits 64 and 32 of RP002 [V].

State stands in arrays of the caller, one row a device: `f_cnts` int64 (devices, 20), `snrs`
float32 or float64 (devices, 20) in dB, `tx_indices` int8 (devices, 20), `counts` int64
(devices,), the number of entries ever written since the row was last emptied. Entry i is in
column i % 20. Every function is compiled, scalar, and callable from a kernel and from Python.
Arguments are not checked: this is the inside of a loop over frames.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lora.sensitivity import SNR_FLOOR_DB

HISTORY = 20
"""Uplinks the server remembers, and must have before it trusts a loss or adds power [V]."""

INSTALLATION_MARGIN_DB = 10.0
"""SNR the server leaves unused, ChirpStack's default, dB [V]."""

STEP_DB = 3.0
"""SNR surplus worth one step of data rate or of power, dB [V]."""

HIGHEST_LORA_DR = 5
"""Highest data rate of 125 kHz LoRa in EU868; the algorithm goes no further [V]."""

NB_TRANS_TABLE = ((1, 1, 2), (1, 2, 3), (2, 3, 3), (3, 3, 3))
"""Transmissions a frame, by class of loss (row) and transmissions so far 1..3 (column) [V]."""

LOSS_CLASSES_PERCENT = (5.0, 10.0, 30.0)
"""Upper ends (excluded) of the table's first three classes of loss, % [V]."""

ADR_ACK_LIMIT = 64
"""Uplinks without a downlink after which a device asks for an answer [V]."""

ADR_ACK_DELAY = 32
"""Further uplinks without a downlink before each step back [V]."""

_NO_SNR_DB = -999.0
_COUNTER_MASK = 0xFFFFFFFF


@njit(cache=True)
def note_uplink(
    d: int,
    f_cnt: int,
    max_snr_db: float,
    tx_index: int,
    f_cnts: NDArray[np.int64],
    snrs: NDArray[np.floating],
    tx_indices: NDArray[np.int8],
    counts: NDArray[np.int64],
) -> None:
    """Remember an uplink of device d; a repetition of the newest frame counter is ignored.

    `max_snr_db` is the best SNR over the gateways that heard it. `tx_index` is the power index
    the *server* believes in: it cannot see the device's.
    """
    count = counts[d]
    if count > 0 and f_cnts[d, (count - 1) % HISTORY] == f_cnt:
        return
    column = count % HISTORY
    f_cnts[d, column] = f_cnt
    snrs[d, column] = max_snr_db
    tx_indices[d, column] = tx_index
    counts[d] = count + 1


@njit(cache=True)
def forget(d: int, counts: NDArray[np.int64]) -> None:
    """Empty the history of device d: after a join, and when a device accepts a changed order."""
    counts[d] = 0


@njit(cache=True)
def follow_data_rate(
    d: int, heard_dr: int, known_dr: int, tx_index: int, counts: NDArray[np.int64]
) -> int:
    """Return the power index the server believes in after hearing device d at `heard_dr`.

    A data rate other than the known one means the device moved by itself and may have gone back
    to full power: index 0, history emptied. To be called before `note_uplink`.
    """
    if heard_dr == known_dr:
        return int(tx_index)
    counts[d] = 0
    return 0


@njit(cache=True)
def required_snr_db(dr: int) -> float:
    """Return the SNR floor of an EU868 data rate, dB; 0 for FSK (DR7), as the server takes it."""
    if dr <= HIGHEST_LORA_DR:
        return SNR_FLOOR_DB[HIGHEST_LORA_DR - dr]
    if dr == HIGHEST_LORA_DR + 1:
        return SNR_FLOOR_DB[0]
    return 0.0


@njit(cache=True)
def loss_percent(d: int, f_cnts: NDArray[np.int64], counts: NDArray[np.int64]) -> float:
    """Return the missing frames of device d's history over the 20 received, %; 0 before 20.

    The gaps between neighbours add up to the distance of the ends, so two entries are enough.
    Over the frames *received*, not sent: it may exceed 100 %.
    """
    count = counts[d]
    if count < HISTORY:
        return 0.0
    newest = f_cnts[d, (count - 1) % HISTORY]
    oldest = f_cnts[d, count % HISTORY]
    # The server counts in unsigned 32 bits: a counter that ran backwards reads as a huge loss.
    missing = (newest - oldest - (HISTORY - 1)) & _COUNTER_MASK
    return float(missing * 100.0 / HISTORY)


@njit(cache=True)
def nb_trans_for(loss_percent: float, current: int) -> int:
    """Return the transmissions a frame should get, 1 to 3, from the loss and those so far."""
    column = min(max(current, 1), 3) - 1
    row = 0
    for end in LOSS_CLASSES_PERCENT:
        if loss_percent >= end:
            row += 1
    return NB_TRANS_TABLE[row][column]


@njit(cache=True)
def ideal_dr_and_power(
    n_step: int, tx_index: int, dr: int, max_tx_index: int, max_dr: int
) -> tuple[int, int]:
    """Return (dr, tx_index) after n_step steps.

    Positive: data rate up to `max_dr`, then power down (index up) to `max_tx_index`. Negative:
    power up (index down) to index 0; the data rate is never lowered. What cannot be used is
    dropped.
    """
    if n_step < 0:
        return int(dr), int(max(tx_index + n_step, 0))
    faster = min(n_step, max(max_dr - dr, 0))
    softer = min(n_step - faster, max(max_tx_index - tx_index, 0))
    return int(dr + faster), int(tx_index + softer)


@njit(cache=True)
def decide(  # noqa: PLR0917 - state is the arrays of the caller
    d: int,
    dr: int,
    tx_index: int,
    nb_trans: int,
    max_dr: int,
    max_tx_index: int,
    margin_db: float,
    f_cnts: NDArray[np.int64],
    snrs: NDArray[np.floating],
    tx_indices: NDArray[np.int8],
    counts: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Return the (dr, tx_index, nb_trans) the server wants of device d; no order if unchanged.

    Parameters
    ----------
    d
        Row of the device.
    dr, tx_index, nb_trans
        Data rate just heard, power index and transmissions a frame the server believes in.
    max_dr, max_tx_index
        Bounds of the network; `max_dr` is cut to DR5, ChirpStack's `max_tx_index` is 7 in EU868.
    margin_db
        Installation margin, dB.
    f_cnts, snrs, tx_indices, counts
        History, as in the module's description.
    """
    ceiling = min(max_dr, HIGHEST_LORA_DR)
    bounded_dr = int(min(dr, ceiling))
    wanted_nb_trans = nb_trans_for(loss_percent(d, f_cnts, counts), nb_trans)

    entries = min(counts[d], HISTORY)
    best_db = _NO_SNR_DB
    for column in range(entries):
        best_db = max(best_db, snrs[d, column])
    # The floor is that of the data rate heard, even where it is above the ceiling.
    n_step = int((best_db - required_snr_db(dr) - margin_db) / STEP_DB)

    if n_step < 0:
        same_power = 0
        for column in range(entries):
            same_power += tx_indices[d, column] == tx_index
        if same_power != HISTORY:
            return bounded_dr, int(tx_index), wanted_nb_trans
    new_dr, new_tx_index = ideal_dr_and_power(n_step, tx_index, bounded_dr, max_tx_index, ceiling)
    return new_dr, new_tx_index, wanted_nb_trans


@njit(cache=True)
def wants_answer(uplinks_since_downlink: int) -> bool:
    """Return whether a device sets ADRACKReq: 64 uplinks or more without a downlink."""
    return uplinks_since_downlink >= ADR_ACK_LIMIT


@njit(cache=True)
def node_back_off(
    uplinks_since_downlink: int, dr: int, tx_index: int, nb_trans: int, lowest_dr: int
) -> tuple[int, int, int]:
    """Return a device's (dr, tx_index, nb_trans) after an uplink, stepped back where it is due.

    Due at 96 uplinks without a downlink and every 32 after. One step each time: full power if
    it is not yet, else one data rate down to `lowest_dr`, else one transmission a frame [V]. A
    device at full power does not spend a step on it [U].
    """
    overdue = uplinks_since_downlink - (ADR_ACK_LIMIT + ADR_ACK_DELAY)
    new_dr, new_tx_index, new_nb_trans = int(dr), int(tx_index), int(nb_trans)
    if overdue >= 0 and overdue % ADR_ACK_DELAY == 0:
        if tx_index > 0:
            new_tx_index = 0
        elif dr > lowest_dr:
            new_dr -= 1
        else:
            new_nb_trans = 1
    return new_dr, new_tx_index, new_nb_trans
