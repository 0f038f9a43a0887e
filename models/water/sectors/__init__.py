"""District metered areas: which pipes to meter, which to close, and what it is worth."""

from models.water.sectors.closing import close_valves
from models.water.sectors.cuts import Cut, CutOrder, cut_order
from models.water.sectors.design import Design, design_sectors, total_loss
from models.water.sectors.exact import BestCuts, best_cuts
from models.water.sectors.faults import links_named, nodes_named
from models.water.sectors.loss import HiddenLeaks, LeakFigures, Loss
from models.water.sectors.prices import Prices
from models.water.sectors.programme import spread
from models.water.sectors.sectors import OUTSIDE, Sectors, assemble
from models.water.sectors.weights import Weights, weigh

__all__ = [
    "OUTSIDE",
    "BestCuts",
    "Cut",
    "CutOrder",
    "Design",
    "HiddenLeaks",
    "LeakFigures",
    "Loss",
    "Prices",
    "Sectors",
    "Weights",
    "assemble",
    "best_cuts",
    "close_valves",
    "cut_order",
    "design_sectors",
    "links_named",
    "nodes_named",
    "spread",
    "total_loss",
    "weigh",
]
