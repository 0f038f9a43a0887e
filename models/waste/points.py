"""The drop-off points of each stream: the planner's own table, or synthetic ones by population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.waste.dice import lognormals, units
from models.waste.settings import PointsSection, StreamSection
from twin.device_keys import U8, name_words
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.points import read_points
from twin.streams import Streams
from twin.tables import Column, Kind
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune
from twin.territory.scatter import scatter

Floats = NDArray[np.float64]
DAYS_A_YEAR = 365.25

COLUMNS = {
    "id": Column(Kind.TEXT),
    "stream": Column(Kind.TEXT),
    "containers": Column(Kind.INTEGER, minimum=1, maximum=100, default=1),
    "capacity_m3": Column(minimum=0.05, maximum=500.0, default=np.nan),
    "l_per_day": Column(minimum=0.0, maximum=1e5, default=np.nan),
}


@dataclass(frozen=True, eq=False)
class StreamPoints:
    """The points of one stream, arrays of shape (points,).

    `capacity_l` of all containers of a point together; `rate_l` what a planner expects people to
    bring on a usual day; `commune` the index of its commune.
    """

    ids: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    commune: NDArray[np.int64]
    containers: NDArray[np.int64]
    capacity_l: Floats
    rate_l: Floats

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.ids)

    @cached_property
    def words(self) -> U8:
        """Return 64 bits that name each point."""
        return name_words(self.ids)


def read_stream_points(
    path: Path, streams: dict[str, StreamSection], areas: CommuneAreas
) -> dict[str, StreamPoints]:
    """Return the planner's own points by stream.

    A point without `l_per_day` is taken at the rate that fills it in the stream's design days.

    Raises
    ------
    DataError
        As :func:`twin.points.read_points`; also an unknown stream, a point named twice in one, a
        stream without any point.
    """
    table = read_points(path, COLUMNS, inside=areas.contains)
    named = np.array(table.table.texts("stream"))
    ids = table.table.texts("id")
    faults = [
        table.table.fault(
            int(row),
            "stream",
            str(named[row]),
            Text(f"un flux de la section : {', '.join(streams)}", f"one of {', '.join(streams)}"),
            Text("corriger le flux, ou l'ajouter au scénario", "mend it, or add the stream"),
        )
        for row in np.flatnonzero(~np.isin(named, list(streams)))
    ]
    seen: set[tuple[str, str]] = set()
    for row, key in enumerate(zip(ids, named, strict=True)):
        if key in seen:
            faults.append(
                table.table.fault(
                    row,
                    "id",
                    key[0],
                    Text("un nom unique par flux", "one unique name per stream"),
                    Text("renommer, ou additionner les conteneurs", "rename, or add up containers"),
                )
            )
        seen.add(key)
    faults += [
        Fault(
            file=path.name,
            key="col. stream",
            value=name,
            expected=Text(f"au moins un point « {name} »", f"at least one point '{name}'"),
            remedy=Text("ajouter des points, ou ôter le flux du scénario",
                        "add points, or remove the stream from the scenario"),
        )
        for name in streams
        if not np.any(named == name)
    ]  # fmt: skip
    if faults:
        raise DataError(*faults)
    commune = areas.at(table.x_m, table.y_m).astype(np.int64)
    found = {}
    for name, section in streams.items():
        rows = np.flatnonzero(named == name)
        containers = table.table.integers("containers")[rows]
        given = table.table.numbers("capacity_m3")[rows]
        capacity_l = 1e3 * np.where(np.isnan(given), containers * section.container_m3, given)
        rate = table.table.numbers("l_per_day")[rows]
        found[name] = StreamPoints(
            tuple(f"{name}/{ids[row]}" for row in rows),
            table.x_m[rows],
            table.y_m[rows],
            commune[rows],
            containers,
            capacity_l,
            np.where(np.isnan(rate), capacity_l / section.design_days, rate),
        )
    return found


def synthetic_points(
    section: PointsSection,
    streams: dict[str, StreamSection],
    communes: Sequence[Commune],
    areas: CommuneAreas,
) -> dict[str, StreamPoints]:
    """Return points scattered by population: one for so many inhabitants, at least one a commune.

    A point serves a share of its commune's people, lognormal of log-deviation `spread`; it has as
    many containers as hold what they bring in the stream's design days. All of it is synthetic.
    """
    dice = Streams(section.seed, 0)
    kept = np.array([index % section.one_in == 0 for index in range(len(communes))])
    people = np.array([commune.population for commune in communes], dtype=np.float64)
    counts = np.maximum(1, np.rint(people / section.inhabitants_per_point)).astype(np.int64) * kept
    placed = scatter(areas, communes, counts, dice, "drop-off points")
    commune = placed.commune.astype(np.int64)
    number = np.concatenate([np.arange(count) for count in counts])
    sites = [f"{communes[c].insee}-{k + 1}" for c, k in zip(commune, number, strict=True)]
    weight = lognormals(units(dice, "people of a point", name_words(sites)), section.spread)
    share = weight / np.bincount(commune, weights=weight, minlength=len(communes))[commune]
    served = people[commune] * share
    found = {}
    for name, each in streams.items():
        rate_l = served * each.kg_per_inhabitant / DAYS_A_YEAR / each.density_kg_m3 * 1e3
        one_l = each.container_m3 * 1e3
        containers = np.maximum(1, np.ceil(rate_l * each.design_days / one_l)).astype(np.int64)
        found[name] = StreamPoints(
            tuple(f"{name}/{site}" for site in sites),
            placed.x_m,
            placed.y_m,
            commune,
            containers,
            np.asarray(containers * one_l, dtype=np.float64),
            rate_l,
        )
    return found
