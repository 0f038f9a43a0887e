"""A zone made of numbers alone: what demand and meters need of one."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from models.water.demand.figures import DemandFigures
from models.water.demand.timetable import Timetable, timetable
from models.water.network.network import Demands, Links, Network, NodeKind, Nodes, Pumps, Tanks
from models.water.zone import Zone
from twin.streams import Streams

START = date(2027, 1, 1)


def year(
    days: int = 365,
    start: date = START,
    figures: DemandFigures | None = None,
    seed: int = 1,
    restricted: ArrayLike | None = None,
) -> Timetable:
    """Return a timetable."""
    return timetable(start, days, figures or DemandFigures(), Streams(seed, 0), restricted)


def zone(
    people: ArrayLike,
    homes: ArrayLike,
    farm: ArrayLike = 0.0,
    industry: ArrayLike = 0.0,
    name: str = "36001",
) -> Zone:
    """Return a zone of as many nodes as people, without pipes."""
    who = np.asarray(people, dtype=np.float64)
    n = len(who)
    none, ints = np.zeros(0), np.zeros(0, dtype=np.int32)
    nodes = Nodes(
        ids=tuple(f"n{i}" for i in range(n)),
        kind=np.full(n, NodeKind.JUNCTION, dtype=np.int8),
        elevation_m=np.zeros(n),
        x_m=np.zeros(n),
        y_m=np.zeros(n),
        emitter=np.zeros(n),
        head_pattern=np.full(n, -1, dtype=np.int32),
    )
    bytes_, bools = np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.bool_)
    links = Links((), bytes_, ints, ints, none, none, none, none, bools, none, ints, none, none)
    network = Network(
        title=name,
        nodes=nodes,
        demands=Demands(ints, none, ints),
        links=links,
        tanks=Tanks(ints, none, none, none, none, none, ints, bools),
        pumps=Pumps(ints, bytes_, none, none, none, none, ints, ints),
    )
    return Zone(
        id=name,
        name=name,
        service="s",
        network=network,
        people=who,
        homes=np.broadcast_to(np.asarray(homes, dtype=np.float64), n).copy(),
        farm_m3_per_day=np.broadcast_to(np.asarray(farm, dtype=np.float64), n).copy(),
        industry_m3_per_day=np.broadcast_to(np.asarray(industry, dtype=np.float64), n).copy(),
        material=bytes_,
        laid_year=np.zeros(0, dtype=np.int16),
        connections=np.zeros(n, dtype=np.int32),
    )
