"""Where the next district meter goes: the order in which the study's meters are bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.water.sectors.order import by_value
from models.water.sectors.programme import spread
from models.water.stage import WaterStage, ZoneStage

ALIKE = 0.05
"""Expected savings so close are one: the figures they come from are much less sure."""


@dataclass(frozen=True)
class NextMeter:
    """One district meter.

    Attributes
    ----------
    rank : int
        From 1, the first to buy.
    bundle : int
        Meters of one number pay only together; from 1.
    insee, commune, link : str
        The commune, its name, the id of the pipe in its network.
    x_m, y_m : float
        Where the pipe begins, Lambert-93.
    opening : bool
        Whether it is (one of) the first of its commune, at the foot of the tower.
    km, homes : float
        Of the district it makes.
    yearly_eur : float
        Expected yearly saving of its bundle, by meter: water and searches, the meter not paid.
    held : tuple of int
        The numbers of meters tried in the study that hold it, ascending.
    """

    rank: int
    bundle: int
    insee: str
    commune: str
    link: str
    x_m: float
    y_m: float
    opening: bool
    km: float
    homes: float
    yearly_eur: float
    held: tuple[int, ...]


def rank_meters(stage: WaterStage, tried: Sequence[int]) -> tuple[NextMeter, ...]:
    """Return every meter that is expected to save anything, the first to buy first.

    `tried` are the numbers of meters of the study's options. Where a bundle does not fit into what
    is left of a number, :func:`spread` passes it over: `held` follows what was truly played.
    """
    orders = [zone.order for zone in stage.zones]
    made = {count: spread(orders, count) for count in sorted(set(tried)) if count > 0}
    done = [0] * len(orders)
    found: list[NextMeter] = []
    for number, block in enumerate(by_value([order.cuts for order in orders]), start=1):
        zone = stage.zones[block.owner]
        for at in range(done[block.owner], block.cuts):
            cut = zone.order.cuts[at]
            held = tuple(count for count, cuts in made.items() if at < cuts[block.owner])
            for link in cut.links:
                x_m, y_m = _start(zone, link)
                found.append(
                    NextMeter(
                        rank=len(found) + 1,
                        bundle=number,
                        insee=zone.id,
                        commune=zone.gravity.zone.name,
                        link=zone.gravity.zone.network.links.ids[link],
                        x_m=x_m,
                        y_m=y_m,
                        opening=at == 0,
                        km=cut.km,
                        homes=cut.homes,
                        yearly_eur=block.gain / block.meters,
                        held=held,
                    )
                )
        done[block.owner] = block.cuts
    return tuple(found)


def worth_buying(ranked: Sequence[NextMeter], meter_eur: float) -> int:
    """Return how many meters are expected to save more a year than one costs."""
    return sum(each.yearly_eur > meter_eur for each in ranked)


def alike(ranked: Sequence[NextMeter], share: float = ALIKE) -> int:
    """Return how many first meters are worth the same but for `share` of the first one's saving."""
    least = (1.0 - share) * ranked[0].yearly_eur if ranked else 0.0
    return sum(each.yearly_eur >= least for each in ranked)


def _start(zone: ZoneStage, link: int) -> tuple[float, float]:
    network = zone.gravity.zone.network
    node = int(network.links.start[link])
    return float(network.nodes.x_m[node]), float(network.nodes.y_m[node])
