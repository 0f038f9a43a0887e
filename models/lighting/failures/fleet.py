"""The fleet, compiled: lamps that fail and are repaired, replication after replication.

Every lamp has dice of its own, hashed from its key and its replication: more lamps, other chunks or
another order move no draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lighting.failures.laws import Darkness, Life
from twin.device_keys import U8, mix
from twin.splitmix import mix64
from twin.streams import Streams

Floats = NDArray[np.float64]

_LIFE, _CALL, _NIGHT, _BEAT, _DEATH, _PHASE = (np.uint64(number) for number in range(1, 7))
_DRAWS = np.uint64(8)
_UNIT = 2.0**-53


@dataclass(frozen=True, eq=False)
class FleetLeft:
    """What replications left, by group; shape (replications, groups).

    `failures` counts, `dark_days` sums lamp-days between failure and repair within the horizon.
    """

    failures: NDArray[np.int64]
    dark_days: Floats


def play_fleet(
    streams: Streams,
    words: U8,
    group: NDArray[np.int32],
    laws: Sequence[tuple[Life, Darkness]],
    days: float,
    replications: int,
) -> FleetLeft:
    """Play a fleet whose lives begin at day 0.

    Parameters
    ----------
    streams
        Dice of the first replication; the others follow from it.
    words : uint64, shape (lamps,)
        What names each lamp.
    group : int32, shape (lamps,)
        Which of `laws` each lamp follows.
    days
        The horizon.
    """
    table = np.array([_row(life, darkness) for life, darkness in laws])
    failures = np.zeros((replications, len(laws)), dtype=np.int64)
    dark = np.zeros((replications, len(laws)))
    base = streams.key64("lighting", "fleet")
    _play(mix(base ^ mix(words)), group, table, days, failures, dark)
    return FleetLeft(failures, dark)


def _row(life: Life, darkness: Darkness) -> list[float]:
    return [
        life.scale_days, 1.0 / life.shape, darkness.call_days, darkness.patrol_days,
        darkness.beat_days, darkness.heard_share, float(darkness.misses), darkness.night_share,
        darkness.repair_days,
    ]  # fmt: skip


@njit(cache=True, error_model="numpy")
def _unit(key: Any, number: Any, purpose: Any) -> float:
    """Return a draw in (0, 1) of a lamp's n-th failure."""
    bits = mix64(key ^ (number * _DRAWS + purpose))
    return (float(bits >> np.uint64(11)) + 0.5) * _UNIT


@njit(cache=True, error_model="numpy")
def _known_after(key: Any, number: Any, law: Any, fails: float) -> float:
    """Return the days until a lamp that fails at day `fails` becomes known."""
    after = np.inf
    if law[2] < np.inf:
        after = -law[2] * np.log(_unit(key, number, _CALL))
    if law[3] < np.inf:
        since = (fails / law[3] + _unit(key, np.uint64(0), _PHASE)) % 1.0
        after = min(after, (1.0 - since) * law[3])
    if law[7] > 0.0:
        nights = np.ceil(np.log(_unit(key, number, _NIGHT)) / np.log1p(-law[7]))
        after = min(after, max(nights, 1.0))
    if law[6] > 0.0:
        missed = 0.0
        if law[5] < 1.0:
            drawn = np.floor(np.log(_unit(key, number, _BEAT)) / np.log(1.0 - law[5]))
            missed = min(drawn, law[6] - 1.0)
        beats = law[6] - missed - 1.0 + _unit(key, number, _DEATH)
        after = min(after, beats * law[4])
    return after


@njit(cache=True, error_model="numpy")
def _play(keys: Any, group: Any, table: Any, days: float, failures: Any, dark: Any) -> None:
    """Play every replication of every lamp."""
    for r in range(failures.shape[0]):
        for lamp in range(len(keys)):
            key = mix64(keys[lamp] + np.uint64(r))
            g = group[lamp]
            law = table[g]
            number = np.uint64(0)
            now = 0.0
            while True:
                life = -np.log(_unit(key, number, _LIFE))
                if law[1] != 1.0:
                    life = life ** law[1]
                fails = now + law[0] * life
                if fails >= days:
                    break
                lit = fails + _known_after(key, number, law, fails) + law[8]
                failures[r, g] += 1
                dark[r, g] += min(lit, days) - fails
                if lit >= days:
                    break
                now = lit
                number += np.uint64(1)
