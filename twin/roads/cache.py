"""Travel between points kept on disk, named by everything it depends on."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from twin.files import write_atomically
from twin.roads.graph import RoadGraph
from twin.roads.matrix import Rows, TravelSettings, travel
from twin.roads.travel import Travel

ARRAYS = ("distance_m", "time_s", "snapped_m")


def cached_travel(
    cache: Path,
    graph: RoadGraph,
    x_m: ArrayLike,
    y_m: ArrayLike,
    settings: TravelSettings | None = None,
    rows: Rows | None = None,
) -> Travel:
    """Return :func:`twin.roads.matrix.travel`, computed once and kept in the folder `cache`.

    A damaged file is computed again and replaced. Nothing is kept of points that are refused.

    Raises
    ------
    DataError, InputError
        As :func:`twin.roads.matrix.measure`.
    OSError
        The folder cannot be written.
    """
    settings = settings or TravelSettings()
    path = cache / f"roads-{travel_key(graph, x_m, y_m, settings)}.npz"
    count = len(np.atleast_1d(np.asarray(x_m)))
    known = _read(path, graph.source, count)
    if known is not None:
        return known
    found = travel(graph, x_m, y_m, settings, rows)
    with write_atomically(path) as handle:
        np.savez(handle, **{name: getattr(found, name) for name in ARRAYS})
    return found


def travel_key(graph: RoadGraph, x_m: ArrayLike, y_m: ArrayLike, settings: TravelSettings) -> str:
    """Return the name of what these roads, points, settings and this folder's source give."""
    summary = hashlib.sha256(f"{graph.digest} {settings!r}".encode())
    for values in (x_m, y_m):
        summary.update(np.ascontiguousarray(values, dtype=np.float64).tobytes())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        summary.update(source.name.encode() + b"\0" + source.read_bytes())
    return summary.hexdigest()[:24]


def _read(path: Path, source: str, count: int) -> Travel | None:
    """Return what a file holds; None where it is absent or damaged."""
    try:
        with np.load(path, allow_pickle=False) as held:
            distance_m, time_s, snapped_m = (held[name] for name in ARRAYS)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    whole = distance_m.shape == time_s.shape == (count, count) and snapped_m.shape == (count,)
    return Travel(distance_m, time_s, snapped_m, source) if whole else None
