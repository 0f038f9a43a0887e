"""Sectors of today's calendar."""

from __future__ import annotations

import numpy as np

from models.waste.calendar.sectors import cut, giant_tour


def test_points_on_a_ring_are_toured_around_it() -> None:
    """From a depot on the ring, the tour goes around it once."""
    angle = 2.0 * np.pi * np.arange(12) / 12
    xy = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    gap = xy[:, None] - xy[None]
    distance = np.hypot(gap[..., 0], gap[..., 1])
    shuffled = np.random.default_rng(2).permutation(np.arange(1, 12))
    tour = giant_tour(distance[np.ix_(shuffled, shuffled)], distance[0, shuffled])
    around = shuffled[tour].tolist()
    assert around in (list(range(1, 12)), list(range(11, 0, -1)))


def test_sectors_are_stretches_of_equal_weight() -> None:
    """Sectors are numbered along the tour and their weights differ by less than one point."""
    rng = np.random.default_rng(5)
    order, weight = rng.permutation(60), rng.random(60)
    sector = cut(order, weight, 5)
    assert (np.diff(sector[order]) >= 0).all()
    loads = np.bincount(sector, weights=weight, minlength=5)
    assert float(np.ptp(loads)) < 2.0 * weight.max()
    assert cut(order, np.zeros(60), 5).max() == 4
