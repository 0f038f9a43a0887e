"""The desk's reading of loggers: falls of pressure against leaks of several sizes in each part.

The size of a leak is known from the district's flow, roughly: each part is asked of with several
sizes around it, and the chances of its sizes are added up.
"""

from __future__ import annotations

import numpy as np

from models.water.loggers import LoggedDistrict, LoggerPlan
from models.water.network.network import Floats
from models.water.policies.localise import expected_search_km, search_order
from models.water.policies.pressure_watch import PressureWatch, Signatures

OFF = (0.5, 0.7, 1.0, 1.4, 2.0)
"""Sizes asked of, over what the flow says."""
OFF_DEVIATION = 0.4
"""How far off the flow's word is, deviation of the logarithm [U]."""

Ranked = tuple[tuple[int, ...], tuple[float, ...], float]


class LoggerWatch(PressureWatch):
    """Loggers of all districts, with signatures that know how large the leak is."""

    def __init__(self, plan: LoggerPlan) -> None:
        super().__init__(plan.count, {})
        self._districts = {each.id: each for each in plan.districts}
        weight = np.exp(-0.5 * (np.log(OFF) / OFF_DEVIATION) ** 2)
        self._weight: Floats = weight / weight.sum()

    def rank(self, district: str, since_day: int, excess_m3h: float) -> Ranked | None:
        """Return parts in the order to search, their probabilities and the mean search, km."""
        one = self._districts.get(district)
        if one is None or excess_m3h <= 0.0:
            return None
        self.signatures = {district: self._sized(one, excess_m3h)}
        found = super().rank(district, since_day, excess_m3h)
        if found is None:
            return None
        parts = np.array(found[0]) % len(one.km)
        probability: Floats = np.zeros(len(one.km))
        np.add.at(probability, parts, found[1])
        order = search_order(probability, one.km)
        shares = tuple(probability[order].tolist())
        return tuple(order.tolist()), shares, expected_search_km(order, probability, one.km)

    def _sized(self, one: LoggedDistrict, excess_m3h: float) -> Signatures:
        """Return the signatures of each part with each size, as if they were so many parts."""
        heads = [one.signature_m(off * excess_m3h) / excess_m3h for off in OFF]
        return Signatures(
            loggers=one.first + np.arange(len(one.places)),
            heads_m=np.concatenate(heads),
            km=np.concatenate([each * one.km for each in self._weight]),
        )
