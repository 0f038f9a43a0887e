"""When one failure becomes known and by which channel: the laws of `knowing` and `senses`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from models.lighting.detection.cabinet_power import FALSE_ALARM_QUANTILE
from models.lighting.hearing.record import NEVER, heard_from, silent_from
from models.lighting.living.faults import Fault
from models.lighting.living.knowing import MOST_NIGHTS, Channel
from twin.splitmix import mix64
from twin.units import DAY_S

_DARK, _STUCK, _CABLE = int(Fault.CABINET_DARK), int(Fault.CABINET_STUCK), int(Fault.CABLE)
_NODE, _CLOCK = int(Fault.NODE), int(Fault.CLOCK)
_CALL, _PATROL, _METER = int(Channel.CALL), int(Channel.PATROL), int(Channel.METER)
_WORD, _SILENCE = int(Channel.NODE), int(Channel.SILENCE)
_S11 = np.uint64(11)


@njit(cache=True, error_model="numpy", inline="always")
def unit(key: Any, word: Any, number: int) -> float:
    """Return a draw in (0, 1) (see :func:`models.lighting.dice.units`)."""
    counted: Any = np.uint64(number)
    bits: Any = mix64(key ^ word ^ mix64(counted))
    return float(bits >> _S11) * 2.0**-53 + 2.0**-54


@njit(cache=True, error_model="numpy", inline="always")
def lamp_known(world: Any, now: Any, lamp: int) -> tuple[float, int]:
    """Return when a lamp, dark since it failed, becomes known."""
    telling, stock = world.telling, world.stock
    begin_s, key, number = now.dark_from_s[lamp], stock.lamp_keys[lamp], now.lives[lamp]
    when_s, channel = _people(telling, telling.call_s, key, number, stock.commune[lamp], begin_s)
    if telling.nodes.there:
        word_s = _word_s(telling.nodes, lamp, begin_s)
        if word_s < when_s:
            when_s, channel = word_s, _WORD
    if telling.clocks.there:
        cabinet = stock.cabinet[lamp]
        share = now.w[lamp] / now.cabinet_w[cabinet]
        metered_s = _metered_s(telling, key, number, cabinet, share, begin_s)
        if metered_s < when_s:
            when_s, channel = metered_s, _METER
    return when_s, channel


@njit(cache=True, error_model="numpy")
def fault_known(world: Any, fault: int) -> tuple[float, int]:
    """Return when a fault becomes known; infinite where nothing tells of it."""
    telling, stock = world.telling, world.stock
    what, asset, begin_s = (
        world.faults.what[fault], world.faults.asset[fault], world.faults.begin_s[fault]
    )  # fmt: skip
    of_lamp = what == _CABLE or what == _NODE  # noqa: PLR1714 - numba compiles this one
    cabinet = stock.cabinet[asset] if of_lamp else asset
    key = stock.lamp_keys[asset] if of_lamp else stock.cabinet_keys[asset]
    number = what * 1_000_000_000 + np.int64(begin_s)
    when_s, channel = np.inf, _CALL
    if what != _NODE and what != _CLOCK:  # noqa: PLR1714
        dark = what == _DARK or what == _CABLE  # noqa: PLR1714
        call_s = telling.street_call_s if dark else telling.call_s
        commune = stock.cabinet_commune[cabinet]
        when_s, channel = _people(telling, call_s, key, number, commune, begin_s)
    if telling.clocks.there:
        if what == _CLOCK:
            told_s, by = _silence_s(telling.clocks, cabinet, begin_s), _SILENCE
        else:
            share = 1.0
            if what == _CABLE:
                share = stock.behind[asset] / stock.lamps_of[cabinet]
            told_s, by = _metered_s(telling, key, number, cabinet, share, begin_s), _METER
        if told_s < when_s:
            when_s, channel = told_s, by
    if telling.nodes.there:
        lamp = asset if of_lamp else stock.first_lamp[cabinet]
        if what == _STUCK:
            told_s, by = _word_s(telling.nodes, lamp, begin_s), _WORD
        else:
            told_s, by = _silence_s(telling.nodes, lamp, begin_s), _SILENCE
        if told_s < when_s:
            when_s, channel = told_s, by
    return when_s, channel


@njit(cache=True, error_model="numpy", inline="always")
def _people(
    telling: Any, call_s: float, key: Any, number: int, commune: int, begin_s: float
) -> tuple[float, int]:
    """Return what calls and patrols tell."""
    called_s = begin_s - call_s * math.log(unit(key, telling.call_word, number))
    if telling.patrol_every_s == 0.0:
        return called_s, _CALL
    first_s = telling.patrol_first_s[commune]
    rounds = math.ceil(max(begin_s - first_s, 0.0) / telling.patrol_every_s)
    seen_s = first_s + rounds * telling.patrol_every_s
    if seen_s < called_s:
        return seen_s, _PATROL
    return called_s, _CALL


@njit(cache=True, error_model="numpy", inline="always")
def _metered_s(
    telling: Any, key: Any, number: int, cabinet: int, share: float, begin_s: float
) -> float:
    """Return when the meter of a cabinet has shown it and somebody has heard."""
    tells = 0.5 * math.erfc(-(share / telling.meter_noise - FALSE_ALARM_QUANTILE) / math.sqrt(2.0))
    nights = 1.0
    if tells < 1.0:
        drawn = unit(key, telling.meter_word, number)
        nights = max(math.ceil(math.log(drawn) / math.log1p(-tells)), 1.0)
    shown_s = (math.floor(begin_s / DAY_S) + min(nights, MOST_NIGHTS)) * DAY_S
    return _word_s(telling.clocks, cabinet, max(shown_s, begin_s))


@njit(cache=True, error_model="numpy", inline="always")
def _word_s(beats: Any, asset: int, from_s: float) -> float:
    """Return when the next word of an asset arrives."""
    beat = np.int64(math.ceil(from_s / beats.period_s))
    waited = heard_from(beats.heard, beats.device[asset], beat + beats.shift[asset])
    return np.inf if waited >= NEVER else (beat + waited + 1.0) * beats.period_s


@njit(cache=True, error_model="numpy", inline="always")
def _silence_s(beats: Any, asset: int, from_s: float) -> float:
    """Return when the silence of an asset, dead from then on, raises an alarm."""
    beat = np.int64(math.ceil(from_s / beats.period_s))
    device = beats.device[asset]
    waited = silent_from(
        beats.heard, beats.held, device, beat + beats.shift[asset], beats.misses[device]
    )
    return np.inf if waited >= NEVER else (beat + waited + 1.0) * beats.period_s
