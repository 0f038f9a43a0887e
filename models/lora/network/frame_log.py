"""What the engine writes of frames whose fate is known, and of messages never sent."""

from __future__ import annotations

import numpy as np

from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import ALARM, PERIODIC
from models.lora.network.fates import DELIVERED, NOT_SENT, FrameLog
from models.lora.network.state import NOBODY, Counters, State

LOG, HEARD = Counters.LOG, Counters.HEARD


@compiled
def log_unsent(
    st: State, log: FrameLog, d: int, kind: int, number: int, due_s: float, now_s: float
) -> None:
    """Log a message that was never sent."""
    st.tally[d].frames[NOT_SENT] += 1
    if kind == PERIODIC or kind == ALARM:  # noqa: PLR1714, SIM109 - compiled, a tuple is slower
        st.tally[d].lost[NOT_SENT] += 1
    if len(log.device) == 0:
        return
    row = st.counters[LOG]
    st.counters[LOG] += 1
    log.device[row] = d
    log.kind[row] = kind
    log.number[row] = number
    log.attempt[row] = 0
    log.due_s[row] = due_s
    log.start_s[row] = now_s
    log.airtime_s[row] = 0.0
    log.data_rate[row] = st.device[d].rate
    log.tx_index[row] = st.device[d].tx_index
    log.channel[row] = -1
    log.fate[row] = NOT_SENT
    log.gateways[row] = 0
    log.best_gateway[row] = NOBODY
    log.level_dbm[row] = np.nan
    log.first[row] = False


@hot
def log_frame(st: State, log: FrameLog, f: int, fate: int, decoded: int, first: bool) -> None:
    """Log a frame whose fate is known; the ranked gateways are those that decoded it."""
    if len(log.device) == 0:
        return
    frame = st.frame[f]
    row = st.counters[LOG]
    st.counters[LOG] += 1
    log.device[row] = frame.device
    log.kind[row] = frame.kind
    log.number[row] = frame.number
    log.attempt[row] = min(frame.attempt, 127)
    log.due_s[row] = frame.due_s
    log.start_s[row] = frame.start_s
    log.airtime_s[row] = frame.airtime_s
    log.data_rate[row] = frame.rate
    log.tx_index[row] = frame.tx_index
    log.channel[row] = frame.channel
    log.fate[row] = fate
    log.gateways[row] = decoded
    log.best_gateway[row] = st.rank_gateway[0] if fate == DELIVERED else NOBODY
    log.level_dbm[row] = st.rank_level[0] if fate == DELIVERED else np.nan
    log.first[row] = first
    if len(st.heard_gateway) > 0:
        for i in range(decoded):
            place = st.counters[HEARD]
            st.counters[HEARD] += 1
            st.heard_gateway[place] = st.rank_gateway[i]
            st.heard_level[place] = st.rank_level[i]
