"""The lighting as a typed graph: cabinets feed lamps, lamps feed the next ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.lighting.inventory.inventory import FED_BY_CABINET, Inventory

if TYPE_CHECKING:
    import networkx as nx


def feeder_graph(inventory: Inventory) -> nx.DiGraph:
    """Return a directed graph from cabinets to the ends of their feeders.

    Nodes carry `kind` (cabinet or lamp), `x_m`, `y_m`, and `kva` or `w`; edges `length_m`.
    """
    import networkx as nx

    graph = nx.DiGraph()
    cabinets, lamps = inventory.cabinets, inventory.lamps
    for row, name in enumerate(cabinets.ids):
        graph.add_node(
            name, kind="cabinet", x_m=float(cabinets.x_m[row]), y_m=float(cabinets.y_m[row]),
            kva=float(cabinets.subscribed_kva[row]),
        )  # fmt: skip
    watts = inventory.system_w.tolist()
    x_m, y_m = lamps.x_m.tolist(), lamps.y_m.tolist()
    for row, name in enumerate(lamps.ids):
        graph.add_node(name, kind="lamp", x_m=x_m[row], y_m=y_m[row], w=watts[row])
    length_m = feeder_lengths_m(inventory).tolist()
    for row, before in enumerate(lamps.fed_by.tolist()):
        fed = lamps.ids[before] if before != FED_BY_CABINET else cabinets.ids[lamps.cabinet[row]]
        graph.add_edge(fed, lamps.ids[row], length_m=length_m[row])
    return graph


def feeder_lengths_m(inventory: Inventory) -> np.ndarray:
    """Return the length of cable from what feeds each lamp, as the crow flies, shape (lamps,)."""
    lamps, cabinets = inventory.lamps, inventory.cabinets
    from_cabinet = lamps.fed_by == FED_BY_CABINET
    before = np.where(from_cabinet, 0, lamps.fed_by)
    x_m = np.where(from_cabinet, cabinets.x_m[lamps.cabinet], lamps.x_m[before])
    y_m = np.where(from_cabinet, cabinets.y_m[lamps.cabinet], lamps.y_m[before])
    return np.hypot(lamps.x_m - x_m, lamps.y_m - y_m)
