"""A network lives: first unwatched, then hour by hour through a day, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lora.load.network import Field
from models.lora.network.draws import PERIODIC
from models.lora.network.setup import Network
from models.lora.network.state import NOBODY, Counters
from models.lora.network.window import WindowEngine

HOUR_S = 3_600.0


@dataclass(frozen=True)
class Day:
    """What a network did in the span watched.

    `devices` are rows of the field, `tally` what each did (a record as `network.state.TALLY`, the
    counts of the span alone), `opening` and `in_flight` the messages of each that were under way
    at its start and at its end. `duty` holds the airtime gateways sent in each hour over what the
    law allows, shape (hours, gateways, bands). `answered` and `refused` count the answers the
    server planned, and those no gateway could send in time.
    """

    devices: NDArray[np.int64]
    tally: NDArray[Any]
    opening: NDArray[np.int64]
    in_flight: NDArray[np.int64]
    duty: NDArray[np.float64]
    span_s: float
    answered: int = 0
    refused: int = 0


def live(
    field: Field, devices: NDArray[np.int64], warm_up_s: float, span_s: float
) -> tuple[WindowEngine, Day]:
    """Return the engine after the span, and what happened in it."""
    network: Network = field.of(devices)
    engine = WindowEngine(network)
    settled = field.settled.of(devices)
    engine.remember(
        f_cnt=settled.f_cnt,
        uplinks_since=settled.uplinks_since,
        history_f_cnt=settled.history_f_cnt,
        history_snr_db=settled.history_snr_db,
        history_tx=settled.history_tx,
        history_count=settled.history_count,
    )
    engine.run(warm_up_s)
    return engine, watch(engine, devices, span_s)


def watch(engine: WindowEngine, devices: NDArray[np.int64], span_s: float) -> Day:
    """Let the network live on for a span and return what happened in it."""
    start_s = engine.now_s
    before, opening = _copy(engine), in_flight(engine)
    sent_s = engine.state.gateway_airtime_s.copy()
    answers = answers_of(engine)
    duty = []
    while engine.now_s < start_s + span_s:
        until_s = min(engine.now_s + HOUR_S, start_s + span_s)
        engine.run(until_s)
        now_sent_s = engine.state.gateway_airtime_s
        duty.append((now_sent_s - sent_s) / (HOUR_S * engine.network.bands.gateway_duty))
        sent_s = now_sent_s.copy()
    return Day(
        devices,
        difference(_copy(engine), before),
        opening,
        in_flight(engine),
        np.stack(duty),
        span_s,
        *(now - then for now, then in zip(answers_of(engine), answers, strict=True)),
    )


def answers_of(engine: WindowEngine) -> tuple[int, int]:
    """Return how many answers were planned and how many refused since the beginning."""
    counters = engine.state.counters
    return int(counters[Counters.PLANNED]), int(counters[Counters.REFUSED])


def in_flight(engine: WindowEngine) -> NDArray[np.int64]:
    """Return the readings each device has begun and whose fate is open, counted on the devices."""
    device = engine.state.device
    in_hand = device["engaged"] & ~device["delivered"] & (device["kind"] == PERIODIC)
    return np.asarray(in_hand.astype(np.int64) + (device["waiting"] != NOBODY), dtype=np.int64)


def _copy(engine: WindowEngine) -> NDArray[Any]:
    return engine.state.tally.copy()


def difference(after: NDArray[Any], before: NDArray[Any]) -> NDArray[Any]:
    """Return the counts of a span; what cannot be subtracted (last day, longest) is left."""
    change = after.copy()
    for name in after.dtype.names or ():
        if name not in {"day", "longest_delay_s"}:
            change[name] = after[name] - before[name]
    return change
