"""The same fleet as one SimPy process a lamp: readable, slow, the oracle of the compiled one."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from models.lighting.failures.laws import Darkness, Life


class Left:
    """Counts of one replication, by group."""

    def __init__(self, groups: int) -> None:
        self.failures = np.zeros(groups, dtype=np.int64)
        self.dark_days = np.zeros(groups)


def live_fleet(
    dice: np.random.Generator,
    group: NDArray[np.int32],
    laws: Sequence[tuple[Life, Darkness]],
    days: float,
) -> Left:
    """Live one replication, one process a lamp."""
    env, left = simpy.Environment(), Left(len(laws))
    for number in group.tolist():
        life, darkness = laws[number]
        env.process(_lamp(env, dice, number, life, darkness, left, days))
    env.run(until=days)
    return left


def _lamp(
    env: simpy.Environment,
    dice: np.random.Generator,
    number: int,
    life: Life,
    darkness: Darkness,
    left: Left,
    days: float,
) -> Generator[simpy.Event, Any, None]:
    """Burn, fail, wait to be known and repaired, begin again."""
    phase = float(dice.random())
    while True:
        yield env.timeout(life.scale_days * float(dice.weibull(life.shape)))
        fails = env.now
        left.failures[number] += 1
        known = fails + _first_word(dice, darkness, fails, phase)
        left.dark_days[number] += min(known + darkness.repair_days, days) - fails
        yield env.timeout(known + darkness.repair_days - fails)


def _first_word(dice: np.random.Generator, darkness: Darkness, fails: float, phase: float) -> float:
    """Return the days until the earliest channel speaks."""
    words = [float("inf")]
    if np.isfinite(darkness.call_days):
        words.append(float(dice.exponential(darkness.call_days)))
    if np.isfinite(darkness.patrol_days):
        words.append((1.0 - (fails / darkness.patrol_days + phase) % 1.0) * darkness.patrol_days)
    if darkness.night_share > 0.0:
        words.append(float(dice.geometric(darkness.night_share)))
    if darkness.misses:
        words.append(_silence(dice, darkness))
    return min(words)


def _silence(dice: np.random.Generator, darkness: Darkness) -> float:
    """Play beats until so many in a row are missed, the first ones by chance before death."""
    missed = 0
    while missed < darkness.misses - 1 and dice.random() > darkness.heard_share:
        missed += 1
    return (darkness.misses - missed - 1 + float(dice.random())) * darkness.beat_days
