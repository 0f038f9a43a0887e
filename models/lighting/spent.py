"""What an option pays for in a mean year of those lived, commune by commune."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lighting.bill import Amounts, Bill, Prices, yearly_bill
from models.lighting.demand.tariff import subscribed_kva
from models.lighting.inventory.inventory import Inventory
from models.lighting.living.knowing import Channel
from models.lighting.living.left import YearsLeft
from models.lighting.renewal import Renewal
from models.lighting.settings import Settings

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spent:
    """Amounts and euros by commune.

    Crews' hours and kilometres are shared among communes by time on site: who called a crew out on
    a day when it had work elsewhere pays no more for it.
    """

    inventory: Inventory
    settings: Settings
    renewal: Renewal
    left: YearsLeft
    bought_share: Floats
    discount: float

    def bill(self, prices: Prices, kwh: Floats) -> Bill:
        """Return the bill of a mean year; `kwh` by commune."""
        left, years = self.left, self.left.years
        share = left.site_s / max(float(left.site_s.sum()), 1e-9)
        return yearly_bill(
            prices,
            self.discount,
            Amounts(
                kwh=kwh,
                kva=self.kva(),
                crew_h=(left.crew_h * share + left.patrol_h) / years,
                km=(left.km * share + left.patrol_km) / years,
                lamps=left.lamps_changed / years,
                lantern_repairs=left.lanterns_repaired / years,
                cabinet_repairs=left.cabinets_repaired / years,
                cable_repairs=left.cables_repaired / years,
                calls=(left.known[Channel.CALL] + left.false_alarms) / years,
                clocks=self._clocks,
                clock_repairs=left.clocks_replaced / years,
                nodes=self._nodes,
                node_repairs=left.nodes_replaced / years,
                lantern_years=self._bought * self.bought_share,
            ),
        )

    def kva(self) -> Floats:
        """Return the power subscribed, a mean of the years."""
        cabinets, settings = self.inventory.cabinets, self.settings
        kva = cabinets.subscribed_kva
        if settings.renewal.led and settings.renewal.resubscribe:
            w = np.array([each.system_w for each in self.inventory.types])[self.renewal.into]
            connected_w = np.asarray(np.bincount(self.inventory.lamps.cabinet, w, len(kva)))
            after = np.minimum(subscribed_kva(connected_w.astype(np.float64)), kva)
            share = self.bought_share[cabinets.commune]
            kva = kva * (1.0 - share) + after * share
        return self._by_commune(cabinets.commune, kva)

    def invested_eur(self, prices: Prices) -> float:
        """Return what is paid at purchase."""
        return float(
            self._clocks.sum() * prices.clock_eur
            + self._nodes.sum() * prices.node_eur
            + self._bought.sum() * prices.lantern_eur
        )

    @property
    def _clocks(self) -> Floats:
        speaks = self.settings.control == "remote-clock"
        return speaks * self._by_commune(self.inventory.cabinets.commune)

    @property
    def _nodes(self) -> Floats:
        return (self.settings.control == "node") * self._by_commune(self.inventory.lamp_commune)

    @property
    def _bought(self) -> Floats:
        """Return the lanterns bought."""
        inventory = self.inventory
        old = inventory.lamp_commune[~inventory.is_led[inventory.lamps.type]]
        return self.settings.renewal.led * self._by_commune(old)

    def _by_commune(self, commune: NDArray[np.int32], weights: Floats | None = None) -> Floats:
        found = np.bincount(commune, weights, len(self.inventory.communes))
        return np.asarray(found, dtype=np.float64)
