"""Downlinks: what the server plans after a frame, and what a gateway and a device make of it.

Rules 5 and 7 of docs/method/network.md, compiled. Planning reserves the gateway and its duty.
"""

from __future__ import annotations

import numpy as np

from models.lora.duty import gateway_may_send, gateway_note_sent
from models.lora.network.compiled import compiled, hot
from models.lora.network.heap import push
from models.lora.network.received import fading_db, slow_db, slow_place, slow_term
from models.lora.network.setup import Network
from models.lora.network.state import MOST_PLANNED, NOBODY, Counters, State

AIR_HEAP, FREE_DOWN, DOWN_FREE = Counters.AIR_HEAP, Counters.FREE_DOWN, Counters.DOWN_FREE
REFUSED, PLANNED = Counters.REFUSED, Counters.PLANNED
FRAME_ENDS, DOWNLINK_ENDS, DOWNLINK_STARTS = 0, 1, 2
PLACES = 1 << 40
"""Codes on the air heap: what happens times PLACES, plus the row it happens to."""

IN_RX1, IN_RX2, AT_ONCE, TO_MANY = 1, 2, 3, 4
"""Windows of a downlink: after an uplink, to class C at once, multicast."""

HOUR_NS = 3.6e12


@compiled
def gateway_is_free(
    net: Network, st: State, g: int, band: int, start_s: float, airtime_s: float, now_s: float
) -> bool:
    """Return whether gateway `g` is up, unplanned and within its duty cycle for a downlink."""
    gateway = st.gateway[g]
    if not gateway.up:
        return False
    forget_past(st, g, now_s)
    if gateway.planned >= MOST_PLANNED:
        return False
    end_s = start_s + airtime_s
    for i in range(gateway.planned):
        if gateway.plan_start_s[i] < end_s and gateway.plan_end_s[i] > start_s:
            return False
    return within_duty(net, st, g, band, end_s, airtime_s)


@compiled
def within_duty(net: Network, st: State, g: int, band: int, end_s: float, airtime_s: float) -> bool:
    """Return whether the duty cycle of gateway `g` allows a downlink that ends at `end_s`."""
    budget_ns = round(net.bands.gateway_duty[band] * HOUR_NS)
    slots, slot_of = st.slots_ns[g, band], st.slot_of[g, band]
    return bool(gateway_may_send(slots, slot_of, end_s, airtime_s, budget_ns))


@compiled
def forget_past(st: State, g: int, now_s: float) -> None:
    """Take the downlinks that have ended off gateway `g`'s list."""
    gateway = st.gateway[g]
    kept = 0
    for i in range(gateway.planned):
        if gateway.plan_end_s[i] > now_s:
            gateway.plan_start_s[kept] = gateway.plan_start_s[i]
            gateway.plan_end_s[kept] = gateway.plan_end_s[i]
            kept += 1
    gateway.planned = kept


@compiled
def last_planned_end_s(st: State, g: int, now_s: float) -> float:
    """Return when gateway `g` has sent all it has planned; `now_s` if nothing."""
    gateway = st.gateway[g]
    latest = now_s
    for i in range(gateway.planned):
        latest = max(latest, gateway.plan_end_s[i])
    return latest


@compiled
def reserve(
    st: State, g: int, band: int, start_s: float, airtime_s: float, window: int, rate: int
) -> int:
    """Reserve a downlink of gateway `g`, put its start and end on the heap; return its row."""
    gateway = st.gateway[g]
    end_s = start_s + airtime_s
    gateway.plan_start_s[gateway.planned] = start_s
    gateway.plan_end_s[gateway.planned] = end_s
    gateway.planned += 1
    gateway_note_sent(st.slots_ns[g, band], st.slot_of[g, band], end_s, airtime_s)
    st.counters[PLANNED] += 1
    p = new_downlink(st)
    plan = st.downlink[p]
    plan.gateway = g
    plan.start_s = start_s
    plan.airtime_s = airtime_s
    plan.window = window
    plan.rate = rate
    plan.band = band
    counters = st.counters
    counters[AIR_HEAP] = push(
        st.air_s, st.air_code, counters[AIR_HEAP], start_s, DOWNLINK_STARTS * PLACES + p
    )
    counters[AIR_HEAP] = push(
        st.air_s, st.air_code, counters[AIR_HEAP], end_s, DOWNLINK_ENDS * PLACES + p
    )
    return p


@compiled
def new_downlink(st: State) -> int:
    """Take a row of the downlink pool."""
    p = st.counters[FREE_DOWN]
    plan = st.downlink[p]
    st.counters[FREE_DOWN] = plan.next_free
    st.counters[DOWN_FREE] -= 1
    plan.gateway = NOBODY
    plan.device = NOBODY
    plan.command = NOBODY
    plan.multicast = NOBODY
    plan.new_rate = NOBODY
    plan.sent = False
    return int(p)


@compiled
def free_downlink(st: State, p: int) -> None:
    """Give a row of the downlink pool back."""
    st.downlink[p].next_free = st.counters[FREE_DOWN]
    st.counters[FREE_DOWN] = p
    st.counters[DOWN_FREE] += 1


@compiled
def plan_after_uplink(
    net: Network,
    st: State,
    decoded: int,
    end_s: float,
    band: int,
    rate: int,
    rx1_airtime_s: float,
    rx2_airtime_s: float,
    rx1_delay_s: float,
    rx2_delay_s: float,
) -> int:
    """Return the row of the downlink planned after a frame, RX1 first, then RX2; NOBODY if none.

    The airtimes are the downlink's at the rates of the two windows; the `decoded` gateways stand
    in `rank_gateway`, best first.
    """
    rules = net.rules
    start_s = end_s + rx1_delay_s
    down_rate = max(0, rate - rules.rx1_offset)
    for i in range(decoded):
        g = st.rank_gateway[i]
        if gateway_is_free(net, st, g, band, start_s, rx1_airtime_s, end_s):
            return reserve(st, g, band, start_s, rx1_airtime_s, IN_RX1, down_rate)
    start_s = end_s + rx2_delay_s
    down_rate = rules.rx2_rate
    for i in range(decoded):
        g = st.rank_gateway[i]
        if gateway_is_free(net, st, g, rules.rx2_band, start_s, rx2_airtime_s, end_s):
            return reserve(st, g, rules.rx2_band, start_s, rx2_airtime_s, IN_RX2, down_rate)
    st.counters[REFUSED] += 1
    return NOBODY


@hot
def rank_by_level(st: State, decoded: int) -> None:
    """Sort the decoding gateways by level, best first; equal levels keep their order."""
    for i in range(1, decoded):
        g, level_dbm = st.rank_gateway[i], st.rank_level[i]
        j = i
        while j > 0 and st.rank_level[j - 1] < level_dbm:
            st.rank_gateway[j] = st.rank_gateway[j - 1]
            st.rank_level[j] = st.rank_level[j - 1]
            j -= 1
        st.rank_gateway[j] = g
        st.rank_level[j] = level_dbm


@compiled
def level_down_dbm(
    net: Network, st: State, d: int, g: int, key: int, start_s: float, window: int
) -> float:
    """Return the level of a downlink from gateway `g` at device `d`; minus infinity: no link."""
    device, radio = st.device[d], net.radio
    for link in range(device.first_link, device.last_link):
        if net.links.gateway[link] == g:
            gain_db = (
                net.gateways.rx1_gain_db[g] if window == IN_RX1 else net.gateways.rx2_gain_db[g]
            )
            level_dbm = net.links.level_dbm[link] + gain_db
            if radio.slow_sigma_db > 0.0:
                place = slow_place(device.key, start_s, radio.slow_tau_s)
                common = slow_term(device.key, 0, place) if radio.slow_rho > 0.0 else 0.0
                level_dbm += slow_db(
                    device.key,
                    net.gateways.key[g],
                    place,
                    common,
                    radio.slow_sigma_db,
                    radio.slow_rho,
                )
            if radio.fading_sigma_db > 0.0 or radio.rayleigh:
                level_dbm += fading_db(
                    key,
                    net.gateways.key[g],
                    radio.fading_sigma_db,
                    radio.rayleigh,
                    True,  # noqa: FBT003 - compiled
                )
            return float(level_dbm)
    return -np.inf


@compiled
def is_heard(net: Network, st: State, p: int) -> bool:
    """Return whether the device hears planned downlink `p` at its end."""
    plan = st.downlink[p]
    device = st.device[plan.device]
    if not plan.sent or not st.gateway[plan.gateway].up or device.session != plan.session:
        return False
    if not device.powered or device.air_until_s > plan.start_s + plan.airtime_s:
        return False
    level_dbm = level_down_dbm(
        net, st, plan.device, plan.gateway, plan.key, plan.start_s, plan.window
    )
    return bool(level_dbm >= net.radio.device_sensitivity_dbm[5 - plan.rate])
