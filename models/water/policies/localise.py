"""Where in a district to begin: what pressures fell by, against what a leak in each part would do.

Signatures come from the service's own hydraulic model: metres of head that a leak of 1 m3/h in a
part takes from each logger. The angle between falls and signature is a published rank (Casillas,
Garza-Castanon & Puig 2013, ECC [V]); with the size of the leak known from the night flow, the
likelihood of each part says more, and it still speaks with a single logger.
"""

from __future__ import annotations

import numpy as np

from models.water.policies.cusum import Counts, Floats


def alignment(fall_m: Floats, heads_m: Floats) -> Floats:
    """Return the cosine between what pressures fell by and each part's signature, in [-1, 1].

    Parameters
    ----------
    fall_m
        By logger, positive for a fall; NaN where nothing is known.
    heads_m
        Head lost to a leak of 1 m3/h; shape (parts, loggers).

    Returns
    -------
    NDArray
        Shape (parts,); zero where a part moves no logger.
    """
    known = ~np.isnan(fall_m)
    fall, heads = fall_m[known], heads_m[:, known]
    lengths = np.linalg.norm(heads, axis=1) * np.linalg.norm(fall)
    return np.where(lengths > 0.0, heads @ fall / np.where(lengths > 0.0, lengths, 1.0), 0.0)


def part_probabilities(
    fall_m: Floats, heads_m: Floats, excess_m3h: float, sigma_m: Floats, km: Floats
) -> Floats:
    """Return the probability that the leak is in each part, shape (parts,), summing to 1.

    Normal errors of `sigma_m` a logger around `excess_m3h` times the signature (heads taken as
    proportional to small leaks); before any pressure is seen, a part is as likely as it is long.
    Other arguments are those of :func:`alignment`.
    """
    known = ~np.isnan(fall_m)
    off = (fall_m[known] - excess_m3h * heads_m[:, known]) / sigma_m[known]
    log = np.log(km) - 0.5 * np.sum(off * off, axis=1)
    odds = np.exp(log - log.max())
    return np.asarray(odds / odds.sum())


def search_order(probability: Floats, km: Floats) -> Counts:
    """Return parts by probability per kilometre, highest first: the least mean search there is.

    Smith's rule (1956, doi 10.1002/nav.3800030106): exchanging two neighbours of any other order
    never lengthens the search.
    """
    return np.argsort(-probability / km, kind="stable")


def expected_search_km(order: Counts, probability: Floats, km: Floats) -> float:
    """Return the mean kilometres walked until the leak, met on average halfway through its part."""
    before = np.cumsum(km[order]) - 0.5 * km[order]
    return float(np.sum(probability[order] * before))
