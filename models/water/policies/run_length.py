"""How long a CUSUM runs before it signals, and the smallest leak it sees in time.

The sum is a Markov chain (Brook & Evans 1972, doi 10.1093/biomet/59.3.539 [V]): [0, h] is cut in
cells, a row of the matrix says where one normal observation takes the sum. k 0.5 and h 4 give 335.4
nights between false alarms on one side and 167.7 on two [V]. Centre and spread of the nights are
taken as known; :func:`smallest_leak_m3h` can count what learning them costs.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from models.water.policies.baseline import CARRIED, Method
from models.water.policies.cusum import Floats
from models.water.policies.refuse import refuse

CELLS = 200
"""Errors fall with its square: 7e-5 of the run length at k 0.5, h 4, 1.3e-3 of one of millions
(against the integral equation) [D]."""

LARGEST = 1.0e3
"""Shifts looked for, in standard deviations; one that is not enough is said to be infinite."""


def _moves(shift: float, k: float, h: float, cap: float) -> Floats:
    """Return the chances of going from cell to cell, shape (CELLS, CELLS); what lacks signals."""
    width = 2.0 * h / (2 * CELLS - 1)
    cells = np.arange(CELLS)
    edges = (cells[None, :] + 0.5) * width - cells[:, None] * width + k
    below = ndtr(edges - shift)
    below[edges >= cap] = 1.0
    below[edges < -cap] = 0.0
    moves = np.diff(below, axis=1, prepend=0.0)
    return np.asarray(moves)


def average_run_length(
    shift: float, k: float = 0.5, h: float = 4.0, *, two_sided: bool = False, cap: float = math.inf
) -> float:
    """Return the mean number of observations until a signal, the sum starting at zero.

    Parameters
    ----------
    shift
        By how many standard deviations the level has risen.
    k, h
        Allowance and decision interval, in standard deviations.
    two_sided
        Falls signal too: 1/ARL = 1/ARL(up) + 1/ARL(down) (Kemp 1961).
    cap
        Observations beyond this many deviations count as this many.
    """
    start = np.linalg.solve(np.eye(CELLS) - _moves(shift, k, h, cap), np.ones(CELLS))[0]
    if not two_sided:
        return float(start)
    return 1.0 / (1.0 / float(start) + 1.0 / average_run_length(-shift, k, h, cap=cap))


def signal_probability(
    shift: float,
    nights: int,
    k: float = 0.5,
    h: float = 4.0,
    *,
    cap: float = math.inf,
    known_share: float = 1.0,
) -> float:
    """Return the probability of a signal within `nights` of a rise, the sum starting at zero.

    Arguments are those of :func:`average_run_length`; each night is known with the probability
    `known_share`, independently. A sum above zero at the rise only signals sooner.
    """
    moves = known_share * _moves(shift, k, h, cap) + (1.0 - known_share) * np.eye(CELLS)
    state = np.zeros(CELLS)
    state[0] = 1.0
    for _ in range(nights):
        state = state @ moves
    return float(min(1.0, max(0.0, 1.0 - state.sum())))


def smallest_leak_m3h(
    sigma_m3h: float,
    days: int,
    probability: float = 0.9,
    k: float = 0.5,
    h: float = 4.0,
    *,
    cap: float = math.inf,
    known_share: float = 1.0,
    learnt: int | None = None,
    method: Method = "winsorised",
) -> float:
    """Return the least leak that signals within so many nights with at least that probability.

    Parameters
    ----------
    sigma_m3h
        Standard deviation of the district's night flow from night to night, m3/h.
    days
        Nights after the leak has begun; the desk speaks on the morning after the last.
    probability
        In (0, 1).
    k, h, cap, known_share
        As in :func:`signal_probability`.
    learnt, method
        Nights from which a :class:`~models.water.policies.baseline.Baseline` has learnt, and how;
        None: centre and spread are known.

    Returns
    -------
    float
        m3/h, to a millionth of `sigma_m3h`; infinite where no leak can do it (a cap that one night
        cannot outweigh, nights too seldom known).

    Raises
    ------
    ValueError
        `sigma_m3h` negative, `days` below 1, `probability` outside (0, 1).
    """
    refuse(
        (
            ("sigma_m3h", sigma_m3h, sigma_m3h >= 0.0, "a flow >= 0"),
            ("days", days, days >= 1, "at least 1 night"),
            ("probability", probability, 0.0 < probability < 1.0, "in (0, 1)"),
        )
    )

    def enough(shift: float) -> bool:
        seen = signal_probability(shift, days, k, h, cap=cap, known_share=known_share)
        return seen >= probability

    if not enough(LARGEST):
        return math.inf
    low, high = 0.0, LARGEST
    while high - low > 1.0e-6:  # noqa: PLR2004 - the millionth the docstring promises
        middle = 0.5 * (low + high)
        low, high = (low, middle) if enough(middle) else (middle, high)
    carried = 0.0 if learnt is None else CARRIED[method] / learnt
    return sigma_m3h * high * math.sqrt(1.0 + carried)
