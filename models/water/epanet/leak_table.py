"""Leaks a planner lists: where, how much at which pressure, from when to when."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.water.network.network import Network, NodeKind
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.tables import Column, Kind, Table, read_table

HOUR_S = 3600.0

COLUMNS = {
    "id": Column(Kind.TEXT, unique=True),
    "node": Column(Kind.TEXT),
    "flow_m3h": Column(minimum=0.0, default=math.nan),
    "pressure_m": Column(minimum=0.1, default=math.nan),
    "coefficient_m3h_per_sqrt_m": Column(minimum=0.0, default=math.nan),
    "start_h": Column(minimum=0.0, default=0.0),
    "end_h": Column(minimum=0.0, default=math.nan),
}

_NEAR = 0.6


@dataclass(frozen=True)
class Leak:
    """One leak: a flow C p^n out of a node from `start_s` to `end_s`.

    `coefficient` is C, m3/s at 1 m of pressure; n is the network's emitter exponent. `end_s` is
    infinite for a leak nobody mends.
    """

    id: str
    node: int
    coefficient: float
    start_s: float = 0.0
    end_s: float = math.inf

    def during(self, time_s: float) -> bool:
        """Tell whether it leaks at a time; its start is in, its end is out."""
        return self.start_s <= time_s < self.end_s


def read_leaks(path: Path | str, network: Network) -> tuple[Leak, ...]:
    """Read a table of leaks.

    A row says `id`, `node`, and how much in one of two ways: `flow_m3h` at a stated `pressure_m`
    (2.2 m3/h at 50 m), or `coefficient_m3h_per_sqrt_m`; then `start_h` (0 if empty) and `end_h`
    (never if empty), hours from the start of the simulation.

    Raises
    ------
    DataError
        With every fault: the table's own, a node that does not exist (with near names) or is no
        junction, a leak without a size or with two, one that ends before it starts.
    """
    table = read_table(path, COLUMNS)
    faults: list[Fault] = []
    leaks = []
    where = {name: at for at, name in enumerate(network.nodes.ids)}
    exponent = network.options.emitter_exponent
    columns = {name: table.numbers(name) for name in COLUMNS if name not in ("id", "node")}
    for row, name in enumerate(table.texts("node")):
        here = {key: float(values[row]) for key, values in columns.items()}
        row_faults = [
            *_node_faults(table, row, name, network, where),
            *_size_faults(table, row, here, exponent),
            *_time_faults(table, row, here),
        ]
        faults += row_faults
        if row_faults:
            continue
        coefficient = here["coefficient_m3h_per_sqrt_m"]
        if math.isnan(coefficient):
            coefficient = here["flow_m3h"] / here["pressure_m"] ** exponent
        end_h = here["end_h"]
        leaks.append(
            Leak(
                id=table.texts("id")[row],
                node=where[name],
                coefficient=coefficient / HOUR_S,
                start_s=here["start_h"] * HOUR_S,
                end_s=math.inf if math.isnan(end_h) else end_h * HOUR_S,
            )
        )
    if faults:
        raise DataError(*faults)
    return tuple(leaks)


def coefficients_at(leaks: Sequence[Leak], time_s: float, own: np.ndarray) -> np.ndarray:
    """Return the emitter coefficient of each node at a time: its own, plus its leaks'."""
    total = own.copy()
    for leak in leaks:
        if leak.during(time_s):
            total[leak.node] += leak.coefficient
    return total


def _node_faults(
    table: Table, row: int, name: str, network: Network, where: dict[str, int]
) -> Iterator[Fault]:
    if name not in where:
        near = difflib.get_close_matches(name, where, n=3, cutoff=_NEAR)
        remedy = Text("corriger le nom", "mend the name")
        if near:
            listed = ", ".join(near)
            remedy = Text(f"peut-être : {listed}", f"perhaps: {listed}")
        expected = Text("un nœud du réseau", "a node of the network")
        yield table.fault(row, "node", name, expected, remedy)
    elif network.nodes.kind[where[name]] != NodeKind.JUNCTION:
        yield table.fault(
            row,
            "node",
            name,
            Text("un nœud de conduite, ni réservoir ni bâche", "a junction, no tank or reservoir"),
            Text("mettre la fuite au nœud voisin", "put the leak at the neighbouring junction"),
        )


def _size_faults(
    table: Table, row: int, here: dict[str, float], exponent: float
) -> Iterator[Fault]:
    flow, pressure = here["flow_m3h"], here["pressure_m"]
    coefficient = here["coefficient_m3h_per_sqrt_m"]
    if math.isnan(flow) == math.isnan(coefficient):
        yield table.fault(
            row,
            "flow_m3h",
            "" if math.isnan(flow) else f"{flow:g}",
            Text(
                "soit flow_m3h (avec pressure_m), soit coefficient_m3h_per_sqrt_m",
                "either flow_m3h (with pressure_m) or coefficient_m3h_per_sqrt_m",
            ),
            Text("en garder un seul", "keep one of the two"),
        )
    elif not math.isnan(flow) and math.isnan(pressure):
        yield table.fault(
            row,
            "pressure_m",
            "",
            Text("la pression à laquelle ce débit fuit", "the pressure at which that flow leaks"),
            Text("donner des mètres d'eau : 50 pour 5 bar", "give metres of water: 50 for 5 bar"),
        )
    elif not math.isnan(coefficient) and not math.isclose(exponent, 0.5):
        yield table.fault(
            row,
            "coefficient_m3h_per_sqrt_m",
            f"{coefficient:g}",
            Text(
                f"un réseau d'exposant 0,5 ; le sien est {exponent:g}",
                f"a network of exponent 0.5; this one's is {exponent:g}",
            ),
            Text("donner flow_m3h et pressure_m", "give flow_m3h and pressure_m"),
        )


def _time_faults(table: Table, row: int, here: dict[str, float]) -> Iterator[Fault]:
    if here["end_h"] <= here["start_h"]:
        yield table.fault(
            row,
            "end_h",
            f"{here['end_h']:g}",
            Text("une fin après le début", "an end after the start"),
            Text("laisser vide une fuite jamais réparée", "leave empty for a leak never mended"),
        )
