"""Isolation valves a planner lists: on which link, beside which node."""

from __future__ import annotations

from pathlib import Path

from models.water.disasters.valves import Valves, valves_named
from models.water.network.network import Network
from twin.tables import Column, Kind, read_table

COLUMNS = {"link": Column(Kind.TEXT), "node": Column(Kind.TEXT)}


def read_valves(path: Path | str, network: Network) -> Valves:
    """Read a table of valves: a `link` and the `node` beside which its valve stands.

    Raises
    ------
    DataError
        The table's own faults.
    InputError
        Names that are none, with the nearest ones; a node that is no end of its link.
    """
    table = read_table(Path(path), COLUMNS)
    return valves_named(network, table.texts("link"), table.texts("node"))
