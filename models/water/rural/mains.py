"""What mains are made of, when they were laid, how rough they have become."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.water.zone import Material
from twin.streams import Streams

Floats = NDArray[np.float64]

PERIODS = (1930, 1950, 1960, 1970, 1980, 1990, 2000, 2010, 2025)
SHARES = (0.08, 0.10, 0.20, 0.26, 0.16, 0.09, 0.06, 0.05)
"""Share of all metres laid in each period [U].

They respect: less than 40 % laid before 1970 in France (Husson et al., Inrae and OFB, 2021,
hal-03220970 [V]); in 2001, 10 % older than 50 years and 44 % older than 30 (IFEN and Association
des départements de France, quoted in the Senate's report 215 of 2002-2003, annex 71 [V]).
"""
MIX = (
    # cast iron, ductile iron, PVC, HDPE, asbestos cement, steel
    (0.85, 0.00, 0.00, 0.00, 0.05, 0.10),
    (0.60, 0.00, 0.10, 0.00, 0.20, 0.10),
    (0.30, 0.08, 0.45, 0.00, 0.15, 0.02),
    (0.00, 0.13, 0.82, 0.02, 0.03, 0.00),
    (0.00, 0.13, 0.85, 0.02, 0.00, 0.00),
    (0.00, 0.20, 0.75, 0.05, 0.00, 0.00),
    (0.00, 0.22, 0.65, 0.13, 0.00, 0.00),
    (0.00, 0.30, 0.50, 0.20, 0.00, 0.00),
)
"""Share of materials in each period [U].

They respect: PVC by far the most in the Loire-Bretagne basin (Husson et al. 2021 [V]); mostly cast
iron before 1970, mostly plastics after (IFEN 2001 [V], for France).
"""
ROUGHNESS_NEW = np.array([120.0, 135.0, 148.0, 148.0, 138.0, 130.0])
ROUGHNESS_PER_YEAR = np.array([0.8, 0.25, 0.1, 0.1, 0.2, 0.6])
ROUGHNESS_LEAST = np.array([70.0, 110.0, 138.0, 138.0, 120.0, 80.0])
"""Hazen-Williams C new, what a year takes, and its floor, by material [U] (handbook ranges)."""

OLD_FIRST = 0.35
"""Scatter of the order of laying, over the order of distance from the village [U]."""
COMMUNE_SPREAD = 0.25
"""Log-deviation of how early a commune was served [U]."""
PLASTIC_MOST_MM = 160.0
"""Wider mains are ductile iron where the period would have said plastic [U]."""


def laid(
    length_m: Floats, from_village_m: Floats, insee: str, streams: Streams
) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """Return the year each pipe was laid and its material, shape (pipes,) each.

    Pipes near the village come first, with scatter; the shares of periods hold by length within
    the commune, but for its being early or late.

    Parameters
    ----------
    length_m, from_village_m
        Pipes' length, and how far they are from the village.
    insee
        Names the dice.
    streams
        The dice.
    """
    rng = streams.generator("water", "laying of mains", insee)
    early = np.exp(COMMUNE_SPREAD * (rng.standard_normal() - COMMUNE_SPREAD))
    noise = rng.standard_normal(len(length_m))
    die = rng.random(len(length_m))
    rank = np.argsort(np.argsort(from_village_m, kind="stable"), kind="stable")
    score = rank / max(len(rank) - 1, 1) + OLD_FIRST * noise
    order = np.argsort(score, kind="stable")
    before = np.cumsum(length_m[order])
    u = np.empty(len(length_m))
    u[order] = (before - 0.5 * length_m[order]) / max(before[-1], 1e-9)
    cumulative = np.concatenate([[0.0], np.cumsum(SHARES)])
    year = np.floor(np.interp(u**early, cumulative / cumulative[-1], PERIODS)).astype(np.int16)
    period = np.clip(np.searchsorted(PERIODS, year, side="right") - 1, 0, len(SHARES) - 1)
    steps = np.cumsum(np.array(MIX), axis=1)[period]
    material = (die[:, None] * steps[:, -1:] >= steps).sum(axis=1).astype(np.int8)
    return year, material


def widened(material: NDArray[np.int8], diameter_m: Floats) -> NDArray[np.int8]:
    """Return the materials once diameters are known: no wide plastic."""
    plastic = (material == Material.PVC) | (material == Material.HDPE)
    wide = 1e3 * diameter_m > PLASTIC_MOST_MM
    return np.where(plastic & wide, np.int8(Material.DUCTILE_IRON), material).astype(np.int8)


def roughness(material: NDArray[np.int8], laid_year: NDArray[np.int16], year: int) -> Floats:
    """Return Hazen-Williams C in `year`; shape of `material`."""
    age = np.maximum(year - laid_year.astype(np.float64), 0.0)
    worn = ROUGHNESS_NEW[material] - ROUGHNESS_PER_YEAR[material] * age
    return np.asarray(np.maximum(worn, ROUGHNESS_LEAST[material]))
