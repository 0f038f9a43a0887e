"""The published periodic terms of the Earth's orbit and of nutation."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FOLDER = Path(__file__).parent


class Nutation(NamedTuple):
    """`factors` shape (63, 5) multiply the five arguments; the rest are shape (63,)."""

    factors: Floats
    a: Floats
    b: Floats
    c: Floats
    d: Floats


@lru_cache(maxsize=1)
def earth_terms() -> dict[tuple[str, int], Floats]:
    """Return by series (L, B, R) and power the terms a, b, c, shape (terms, 3)."""
    found: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    for row in _rows("earth_terms.csv"):
        terms = found.setdefault((row["series"], int(row["power"])), [])
        terms.append((float(row["a"]), float(row["b"]), float(row["c"])))
    return {key: np.array(terms) for key, terms in found.items()}


@lru_cache(maxsize=1)
def nutation_terms() -> Nutation:
    """Return the terms of nutation."""
    table = np.array(
        [[float(cell) for cell in row.values()] for row in _rows("nutation_terms.csv")]
    )
    return Nutation(table[:, :5], *table[:, 5:].T)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))
