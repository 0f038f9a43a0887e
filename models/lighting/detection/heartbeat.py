"""Missed heartbeats in closed form: false alarms and delays of an alarm after k in a row.

Beats every T arrive with probability p, independently; q = 1 - p (sheet A6, checked by simulation
[D]). Losses that come in runs (a gateway down) are not in these formulas: see the watch's gate.
"""

from __future__ import annotations

import math


def beats_between_false_alarms(p: float, misses: int) -> float:
    """Return the mean number of beats until k are missed in a row: (1 - q^k) / (p q^k)."""
    q = 1.0 - p
    if q == 0.0:
        return math.inf
    return (1.0 - q**misses) / (p * q**misses)


def mean_delay_beats(p: float, misses: int) -> float:
    """Return the mean delay from death to alarm, in beats: k - 1/2 - sum of q^j, j below k."""
    q = 1.0 - p
    return misses - 0.5 - sum(q**j for j in range(1, misses))


def fewest_misses(p: float, beats_a_year: float, false_alarms_a_year: float) -> int:
    """Return the fewest misses in a row that keep a device's false alarms under so many a year.

    Raises
    ------
    ValueError
        Nothing is ever heard, or no false alarm at all is asked of a lossy link.
    """
    if not 0.0 < p <= 1.0 or (false_alarms_a_year <= 0.0 and p < 1.0):
        raise ValueError(f"p = {p}, {false_alarms_a_year} false alarms a year")
    q = 1.0 - p
    if q == 0.0:
        return 1
    # beats = (q^-k - 1) / p at least beats_a_year / false_alarms_a_year
    wanted = beats_a_year / false_alarms_a_year
    return max(1, math.ceil(math.log(1.0 + p * wanted) / -math.log(q) - 1e-9))
