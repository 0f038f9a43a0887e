"""The compiled heart of demand: every hour of every node from hashes alone.

A draw is named by (node or home, hour or day or week since the year 1, purpose): asking for other
hours, nodes or zones moves none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.demand.spread import quantile, row_of
from twin.splitmix import mix64

HOURS = 24
HOUSEHOLD, FARM, INDUSTRY = 0, 1, 2

HOME_DAY, FARM_HOUR, FARM_DAY, WORK_HOUR, WORK_DAY, WEEK = (
    np.uint64(word)
    for word in (
        0xA5B35705F39C2D11,
        0xC2B2AE3D27D4EB4F,
        0x9FB21C651E98DF25,
        0xD6E8FEB86659FD93,
        0x8EBC6AF09C88C6E3,
        0xE7037ED1A0B428DB,
    )
)
_S11 = np.uint64(11)
_STEP = 2.0**-53
_M3S = 1e-3 / 3600.0


@njit(cache=True, inline="always")
def is_in(key: Any, week_word: Any, share: float) -> bool:
    """Tell whether a home is in use in a week, where `share` of them are."""
    return bool((mix64(key ^ WEEK ^ week_word) >> _S11) * _STEP < share)


@njit(cache=True)
def _node_hours(
    out: NDArray[np.float64],
    words: NDArray[np.uint64],
    rates: NDArray[np.float64],
    event_l: NDArray[np.float64],
    key: Any,
    factor: float,
    table: NDArray[np.float32],
    uses: NDArray[np.float64],
) -> None:
    """Add to `out` m3/s of a compound law of mean `factor * rates` L/h, hour by hour."""
    n = len(out)
    for i in range(n):
        uses[i] = factor * rates[i] / event_l[i]
    bits = uses.view(np.int64)
    for i in range(n):
        value = quantile(table, row_of(bits[i]), mix64(key ^ words[i]))
        out[i] += value * factor * rates[i] * _M3S


@njit(cache=True)
def draw_hours(  # noqa: C901, PLR0917 - one loop, whole for the compiler
    out: NDArray[np.float64],
    first_hour: int,
    hour_words: NDArray[np.uint64],
    day_words: NDArray[np.uint64],
    week_words: NDArray[np.uint64],
    node_keys: NDArray[np.uint64],
    home_first: NDArray[np.int64],
    home_keys: NDArray[np.uint64],
    home_values: NDArray[np.float64],
    node_l_h: NDArray[np.float64],
    rates: NDArray[np.float64],
    event_l: NDArray[np.float64],
    days: NDArray[np.float64],
    spreads: NDArray[np.float64],
    table: NDArray[np.float32],
) -> None:
    """Fill `out`, shape (1 or 3, nodes, n), with m3/s; kinds apart where there are three.

    `home_values` has rows second (0 or 1), people, garden, garden of who disobeys; `node_l_h` has
    rows farm, industry; `days` has rows absent share, second share, restricted, zone's factor;
    `spreads` is uses that make up a home's day, a farm's, a workshop's, then volumes (L) of one use
    on farms and in workshops.
    """
    kinds, nodes, n = out.shape
    apart = kinds > 1
    words = hour_words[first_hour : first_hour + n]
    mixed = np.empty(n)
    plain = np.empty(n)
    volume = np.empty(n)
    uses = np.empty(n)
    lam = np.empty(1)
    lam_bits = lam.view(np.int64)
    for node in range(nodes):
        for kind in range(kinds):
            for i in range(n):
                out[kind, node, i] = 0.0
        key = node_keys[node]
        begin, end = home_first[node], home_first[node + 1]
        has_farm, has_work = node_l_h[0, node] > 0.0, node_l_h[1, node] > 0.0
        i = 0
        while i < n:
            hour = first_hour + i
            day = hour // HOURS
            stop = min(n, i + HOURS - hour % HOURS)
            day_word = day_words[day]
            zone_factor = days[3, day]
            if end > begin:
                people = 0.0
                garden = 0.0
                inside = 0
                row = 3 if days[2, day] > 0.0 else 2
                for home in range(begin, end):
                    share = days[1, day] if home_values[0, home] > 0.0 else 1.0 - days[0, day]
                    if is_in(home_keys[home], week_words[day], share):
                        people += home_values[1, home]
                        inside += 1
                    garden += home_values[row, home]
                if people + garden > 0.0:
                    lam[0] = max(inside, 1) * spreads[0]
                    state = mix64(key ^ HOME_DAY ^ day_word)
                    factor = zone_factor * quantile(table, row_of(lam_bits[0]), state)
                    for j in range(i, stop):
                        h = first_hour + j
                        mixed[j] = people * rates[0, h] + garden * rates[1, h]
                    _node_hours(
                        out[HOUSEHOLD, node, i:stop], words[i:stop], mixed[i:stop],
                        event_l[first_hour + i : first_hour + stop], key, factor, table,
                        uses[i:stop],
                    )  # fmt: skip
            for kind in range(2):
                if not (has_farm if kind == 0 else has_work):
                    continue
                lam[0] = spreads[1 + kind]
                salt = FARM_DAY if kind == 0 else WORK_DAY
                state = mix64(key ^ salt ^ day_word)
                factor = node_l_h[kind, node] * quantile(table, row_of(lam_bits[0]), state)
                for j in range(i, stop):
                    plain[j] = rates[2 + kind, first_hour + j]
                    volume[j] = spreads[3 + kind]
                hour_salt = FARM_HOUR if kind == 0 else WORK_HOUR
                _node_hours(
                    out[1 + kind if apart else 0, node, i:stop], words[i:stop], plain[i:stop],
                    volume[i:stop], key ^ hour_salt, factor, table, uses[i:stop],
                )  # fmt: skip
            i = stop
