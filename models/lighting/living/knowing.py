"""When a failure becomes known, and by what: the earliest of calls, patrols, meters and nodes.

Each channel has draws of its own, named by the thing that failed and how often it has failed: an
option without a channel leaves the others' draws as they are. What arrives over the radio comes
from the hearing alone, hence a dead link leaves calls and patrols, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.detection.cabinet_power import night_tells
from twin.device_keys import U8
from twin.units import DAY_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NextPatrol = Callable[[Ints, Floats], Floats]
"""Communes and moments to the next patrol of each, s; infinite without patrols."""


class Channel(IntEnum):
    """What told first."""

    CALL = 0
    PATROL = 1
    METER = 2
    NODE = 3
    SILENCE = 4


CHANNELS = len(Channel)
MOST_NIGHTS = 1e6
"""More nights of a meter than anyone waits."""


class Known(NamedTuple):
    """When things became known, s (infinite: never), and by which channel; equal lengths."""

    when_s: Floats
    channel: NDArray[np.int8]


@dataclass(frozen=True)
class Failing:
    """Things that failed: `keys` and `number` name their draws, `place` is their commune."""

    keys: U8
    number: Ints
    place: Ints
    begin_s: Floats


def by_people(failing: Failing, call_days: float, patrol: NextPatrol) -> Known:
    """Return what calls and patrols tell."""
    drawn = dice.exponentials(failing.keys, "call", failing.number)
    call_s = failing.begin_s + call_days * DAY_S * drawn
    seen_s = patrol(failing.place, failing.begin_s)
    return Known(
        np.minimum(call_s, seen_s),
        np.where(seen_s < call_s, Channel.PATROL, Channel.CALL).astype(np.int8),
    )


def sooner(known: Known, when_s: Floats, channel: Channel) -> Known:
    """Return what is known with one more channel, which speaks at `when_s`."""
    first = when_s < known.when_s
    return Known(
        np.where(first, when_s, known.when_s),
        np.where(first, channel, known.channel).astype(np.int8),
    )


def metered_nights(failing: Failing, share: Floats, noise: float) -> Floats:
    """Return how many nights of a cabinet's meter it takes to see a lamp of that share of power.

    Nights are independent (see :func:`models.lighting.detection.cabinet_power.night_tells`).
    """
    each = night_tells(share, noise)
    drawn = dice.units(failing.keys, "meter nights", failing.number)
    with np.errstate(divide="ignore", invalid="ignore"):
        nights = np.ceil(np.log(drawn) / np.log1p(-each))
    return np.where(each >= 1.0, 1.0, np.maximum(nights, 1.0))
