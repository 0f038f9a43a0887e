"""Meters over many networks: the next goes where it saves most."""

from __future__ import annotations

from collections.abc import Sequence

from models.water.sectors.order import CutOrder, by_value


def spread(orders: Sequence[CutOrder], meters: int) -> list[int]:
    """Return how many cuts of each order to make with at most `meters` meters in all.

    Blocks of each order's concave envelope, by falling saving by meter: at the end of each block no
    other choice of beginnings of the orders saves more. A block that does not fit is passed over,
    with the rest of its order; what is then left buys single cuts that save anything.
    """
    made = [0] * len(orders)
    left = meters
    stopped: set[int] = set()
    for block in by_value([order.cuts for order in orders]):
        if block.owner in stopped:
            continue
        if block.meters > left:
            stopped.add(block.owner)
            continue
        made[block.owner] = block.cuts
        left -= block.meters
    while True:
        fits = [
            (cut.gain / len(cut.links), -at)
            for at, order in enumerate(orders)
            if made[at] < len(order.cuts)
            for cut in [order.cuts[made[at]]]
            if len(cut.links) <= left and cut.gain > 0.0
        ]
        if not fits:
            return made
        at = -max(fits)[1]
        left -= len(orders[at].cuts[made[at]].links)
        made[at] += 1
