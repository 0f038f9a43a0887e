"""Prizes: every point has a worth today; the router decides whom the detour pays for.

The rolling horizon is in the worth. Had the point to be visited anyway once full, a visit at share
f of its cycle wastes 1 - f of what a visit costs: its worth without any risk is f times that cost
(the relative value of a renewal-reward process at its average cost). To this comes what going today
saves in full bins until the next round. A visit whose worth exceeds its marginal cost on today's
tours is made, however little urgent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.waste.policies.outlook import Outlook, Selection
from models.waste.policies.risk import full_days, full_probability


@dataclass(frozen=True)
class Worth:
    """What the desk is told a full bin costs and how early a visit is worth something.

    Attributes
    ----------
    full_day_eur : float
        Cost of one point full for one day, what the service is worth included.
    must : float
        P(full before the next round) from which the visit is required.
    cycle_share : float
        Fill at which a visit wastes nothing: nobody plans to find every bin brim-full.
    patience : float
        Power applied to the share of the cycle: 1 is the average-cost argument; more waits.
    """

    full_day_eur: float
    must: float = 0.95
    cycle_share: float = 0.9
    patience: float = 1.0


class PrizeCollecting:
    """Give each point its worth and let the rounds collect it."""

    until_planning = False

    def __init__(self, worth: Worth, *, least_share: float = 0.45) -> None:
        self._worth = worth
        self._least_share = least_share

    def select(self, outlook: Outlook) -> Selection:
        """Return today's points and prizes."""
        worth = self._worth
        probability = full_probability(outlook)
        required = (probability > worth.must) | outlook.reported
        cycle = np.clip(outlook.level_l / (worth.cycle_share * outlook.capacity_l), 0.0, 1.0)
        prize = outlook.visit_eur * cycle**worth.patience
        prize += worth.full_day_eur * full_days(outlook)
        # Hardly begun cycles are no candidates: they would only slow the router down.
        prize[(cycle < self._least_share) & (probability < 0.01)] = 0.0  # noqa: PLR2004 - no risk
        return Selection(required, prize)


class OverflowPrize:
    """The rule of Wouda, Aerts-Veenstra & Van Foreest 2024: a prize of rho times P(full).

    Required above `must` (0.99 in the paper); there a prize is counted in metres of detour, here in
    the cost unit of the rounds. P(full) is that until the next hour of planning, as there.
    """

    until_planning = True

    def __init__(self, rho: float, must: float = 0.99) -> None:
        self._rho = rho
        self._must = must

    def select(self, outlook: Outlook) -> Selection:
        """Return today's points and prizes."""
        probability = full_probability(outlook)
        prize = self._rho * probability
        # Below a metre's worth nobody goes: such points need not be looked at.
        prize[prize < 1.0] = 0.0
        return Selection((probability > self._must) | outlook.reported, prize)
