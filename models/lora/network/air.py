"""Frames on the air: what each gateway makes of a frame, from its start to its end, compiled.

Rules 3 and 4 of docs/method/network.md. A reception is one frame at one gateway; those on one
channel of one gateway form a list in order of start, so that sums of interference are made in the
same order whatever the engine.
"""

from __future__ import annotations

import math

from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import OUTSIDE, OUTSIDE_LEVEL, normal, unit
from models.lora.network.fates import (
    COLLISION,
    DELIVERED,
    GATEWAY_DEAF,
    GATEWAY_DOWN,
    NO_DEMODULATOR,
    OUT_OF_REACH,
    RECEIVING,
)
from models.lora.network.received import (
    TX_STEP_DB,
    fading_db,
    milliwatt,
    slow_db,
    slow_place,
    slow_term,
)
from models.lora.network.setup import Network
from models.lora.network.state import MARGIN_BINS, NOBODY, Counters, State

FREE_RX, RX_FREE = Counters.FREE_RX, Counters.RX_FREE
SLOWEST_LOW = 3
"""Demodulators of the second kind take factors up to this index (SF10)."""


@hot
def open_receptions(net: Network, st: State, f: int, best_sensitivity_dbm: float) -> None:
    """Put frame `f` on the air: one reception at every gateway that its level concerns."""
    radio = net.radio
    frame = st.frame[f]
    d = frame.device
    device = st.device[d]
    factor = 5 - frame.rate
    step_db = TX_STEP_DB * frame.tx_index
    start_s = frame.start_s
    place = 0.0
    common = 0.0
    if radio.slow_sigma_db > 0.0:
        place = slow_place(device.key, start_s, radio.slow_tau_s)
        if radio.slow_rho > 0.0:
            common = slow_term(device.key, 0, place)
    least_dbm = best_sensitivity_dbm - radio.cut_db - radio.reach_db
    frame.first_rx = NOBODY
    frame.last_rx = NOBODY
    for link in range(device.first_link, device.last_link):
        median_dbm = net.links.level_dbm[link] - step_db
        if median_dbm < least_dbm:
            break
        g = net.links.gateway[link]
        gateway_key = net.gateways.key[g]
        level_dbm = median_dbm
        if radio.slow_sigma_db > 0.0:
            level_dbm += slow_db(
                device.key, gateway_key, place, common, radio.slow_sigma_db, radio.slow_rho
            )
        if radio.fading_sigma_db > 0.0 or radio.rayleigh:
            level_dbm += fading_db(
                frame.key,
                gateway_key,
                radio.fading_sigma_db,
                radio.rayleigh,
                False,  # noqa: FBT003 - compiled
            )
        if level_dbm >= net.gateways.sensitivity_dbm[g, factor] - radio.cut_db:
            _open_one(net, st, f, g, level_dbm, factor)


@hot
def _open_one(net: Network, st: State, f: int, g: int, level_dbm: float, factor: int) -> None:
    radio = net.radio
    frame = st.frame[f]
    r = st.counters[FREE_RX]
    new = st.reception[r]
    st.counters[FREE_RX] = new.next
    st.counters[RX_FREE] -= 1
    sensitivity_dbm = net.gateways.sensitivity_dbm[g, factor]
    new.power_mw = milliwatt(level_dbm)
    new.need_mw = needed_mw(net, st, f, g, sensitivity_dbm)
    new.level_dbm = level_dbm
    new.start_s = frame.start_s
    new.end_s = frame.start_s + frame.airtime_s
    new.safe_s = frame.start_s + radio.grace_symbols * net.rules.symbol_s[5 - factor]
    for k in range(6):
        new.sums[k] = 0.0
    new.gateway = g
    c = frame.channel
    new.channel = c
    new.factor = factor
    new.pool = 0
    new.sibling = NOBODY
    other = st.heads[g, c]
    while other != NOBODY:
        _disturb(st, r, other, radio.energy)
        other = st.reception[other].next
    # In order of start: the new one goes last.
    tail = st.tails[g, c]
    new.previous = tail
    new.next = NOBODY
    if tail == NOBODY:
        st.heads[g, c] = r
    else:
        st.reception[tail].next = r
    st.tails[g, c] = r
    if frame.last_rx == NOBODY:
        frame.first_rx = r
    else:
        st.reception[frame.last_rx].sibling = r
    frame.last_rx = r
    new.state = _first_state(st, r, g, level_dbm >= sensitivity_dbm)


@hot
def _disturb(st: State, new: int, old: int, energy: bool) -> None:
    """Let two receptions on the air disturb each other; `old` started no later than `new`."""
    late, early = st.reception[new], st.reception[old]
    both_end_s = min(late.end_s, early.end_s)
    hurt_late_s = both_end_s - late.safe_s
    hurt_early_s = both_end_s - max(late.start_s, early.safe_s)
    if hurt_late_s > 0.0:
        if energy:
            late.sums[early.factor] += early.power_mw * hurt_late_s
        elif early.power_mw > late.sums[early.factor]:
            late.sums[early.factor] = early.power_mw
    if hurt_early_s > 0.0:
        if energy:
            early.sums[late.factor] += late.power_mw * hurt_early_s
        elif late.power_mw > early.sums[late.factor]:
            early.sums[late.factor] = late.power_mw


@hot
def needed_mw(net: Network, st: State, f: int, g: int, sensitivity_dbm: float) -> float:
    """Return the power frame `f` needs at gateway `g`, raised if somebody else's frame hits it."""
    frame = st.frame[f]
    c = frame.channel
    need_mw = milliwatt(sensitivity_dbm)
    rate = st.outside_per_s[c]
    if rate > 0.0:
        other_s = net.channels.outside_airtime_s[c]
        hit = 1.0 - math.exp(-rate * (frame.airtime_s + other_s))
        key = net.gateways.key[g]
        if unit(frame.key, OUTSIDE, key) < hit:
            level_dbm = net.channels.outside_level_dbm[c] + net.channels.outside_sigma_db[
                c
            ] * normal(frame.key, OUTSIDE_LEVEL, key)
            share = min(1.0, other_s / frame.airtime_s)
            need_mw *= 1.0 + share * milliwatt(level_dbm - net.gateways.noise_dbm[g])
    return need_mw


@hot
def _first_state(st: State, r: int, g: int, audible: bool) -> int:
    """Return what a gateway does with a frame that begins, taking a demodulator if it listens."""
    gateway = st.gateway[g]
    if not audible:
        return OUT_OF_REACH
    if not gateway.up:
        return GATEWAY_DOWN
    if gateway.sending:
        return GATEWAY_DEAF
    new = st.reception[r]
    if new.factor <= SLOWEST_LOW and gateway.free_low > 0:
        gateway.free_low -= 1
        new.pool = 2
    elif gateway.free_any > 0:
        gateway.free_any -= 1
        new.pool = 1
    else:
        return NO_DEMODULATOR
    return RECEIVING


@compiled
def stop_listening(st: State, g: int, state: int) -> None:
    """Turn every frame gateway `g` is receiving into `state`: deaf, or down."""
    for c in range(st.heads.shape[1]):
        r = st.heads[g, c]
        while r != NOBODY:
            if st.reception[r].state == RECEIVING:
                st.reception[r].state = state
            r = st.reception[r].next


@hot
def close_receptions(net: Network, st: State, f: int) -> tuple[int, int]:
    """Take frame `f` off the air; return its fate and how many gateways decoded it.

    The decoding gateways and their levels are left in `rank_gateway` and `rank_level`, in the order
    of the device's links.
    """
    frame = st.frame[f]
    fate = OUT_OF_REACH
    decoded = 0
    r = frame.first_rx
    while r != NOBODY:
        one = st.reception[r]
        g = one.gateway
        if one.state == RECEIVING:
            one.state = DELIVERED if _survives(net, st, r, frame.airtime_s) else COLLISION
        if one.pool == 1:
            st.gateway[g].free_any += 1
        elif one.pool == 2:  # noqa: PLR2004 - the second kind of demodulators
            st.gateway[g].free_low += 1
        if one.state == DELIVERED:
            st.rank_gateway[decoded] = g
            st.rank_level[decoded] = one.level_dbm
            decoded += 1
        fate = max(fate, one.state)
        if one.state != OUT_OF_REACH:
            over = one.level_dbm - net.gateways.sensitivity_dbm[g, one.factor]
            st.receptions_by[g, one.factor, min(int(over), MARGIN_BINS - 1), one.state] += 1
        _unlink(st, r)
        following = one.sibling
        one.next = st.counters[FREE_RX]
        st.counters[FREE_RX] = r
        st.counters[RX_FREE] += 1
        r = following
    return fate, decoded


@hot
def _survives(net: Network, st: State, r: int, airtime_s: float) -> bool:
    one = st.reception[r]
    if one.power_mw < one.need_mw:
        return False
    strength = one.power_mw * airtime_s if net.radio.energy else one.power_mw
    for k in range(6):
        if one.sums[k] > 0.0 and strength < net.radio.sir[one.factor, k] * one.sums[k]:
            return False
    return True


@hot
def _unlink(st: State, r: int) -> None:
    one = st.reception[r]
    g, c = one.gateway, one.channel
    if one.previous == NOBODY:
        st.heads[g, c] = one.next
    else:
        st.reception[one.previous].next = one.next
    if one.next == NOBODY:
        st.tails[g, c] = one.previous
    else:
        st.reception[one.next].previous = one.previous
