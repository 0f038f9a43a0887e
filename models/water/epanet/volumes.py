"""Cubic metres that went through a network, and the ledger they must balance in."""

from __future__ import annotations

from typing import NamedTuple

from twin.lang import Text
from twin.recorder import Ledger, RecordError

TOLERANCE = 1e-6
"""Of the inflow: what a solution balanced to 1e-5 must hold, step by step."""


ROUNDING_M3S = 1e-6
"""3.6 litres an hour: EPANET gives a still pipe a conductance of up to 1e7 cfs a foot, so that the
last digit of a head is worth 1e-7 m3/s; Net2's worst step was 4e-7 [D]."""


class Rates(NamedTuple):
    """Flows in and out of the pipes at one time, m3/s; all but the last two zero or more.

    `produced` comes from reservoirs and from junctions that feed in; `returned` goes back to
    reservoirs; `drawn_in` enters by leaks where the pressure is negative; `seeped` passes from
    tanks and reservoirs through links that are closed (EPANET's way: a hundred millionth of a cubic
    foot a second by foot of head), less than 0 the other way.
    """

    produced: float
    consumed: float
    leaked: float
    returned: float
    drawn_in: float
    into_tanks: float
    seeped: float = 0.0

    @property
    def gap(self) -> float:
        """In less out."""
        out = self.consumed + self.leaked + self.returned + self.into_tanks
        return self.produced + self.drawn_in + self.seeped - out

    @property
    def through(self) -> float:
        """All that comes in: from sources, and from tanks that empty."""
        return self.produced + self.drawn_in + max(-self.into_tanks, 0.0)


class Volumes:
    """Volumes since the start, m3.

    `stored_m3` is what tanks hold now. `spilled_m3` is what tanks were given and do not hold: the
    overflow of those that may, and what EPANET rounds off when a tank gets full or empty, two
    seconds' flow an event; less than 0 where tanks gave more than they held.
    """

    def __init__(self, stored_m3: float) -> None:
        self.opening_m3 = stored_m3
        self.stored_m3 = stored_m3
        self.produced_m3 = 0.0
        self.consumed_m3 = 0.0
        self.leaked_m3 = 0.0
        self.returned_m3 = 0.0
        self.drawn_in_m3 = 0.0
        self.spilled_m3 = 0.0
        self.seeped_m3 = 0.0
        self.steps = 0
        self.worst_gap = 0.0
        """Largest imbalance of a step, relative to what came in."""

    def add(self, rates: Rates, seconds: int, change_m3: float) -> None:
        """Count a time of steady flows, and the change of what tanks hold over it.

        Raises
        ------
        RecordError
            The flows do not balance to 1e-6 of what comes in (plus a rounding of 1e-6 m3/s).
        """
        into_m3 = rates.into_tanks * seconds
        gap, through = abs(rates.gap), rates.through
        if not gap <= TOLERANCE * through + ROUNDING_M3S:  # a NaN balances nothing
            raise RecordError(
                Text(
                    f"bilan d'un pas faux de {gap:.2g} m3/s ({rates})",
                    f"a step is off by {gap:.2g} m3/s ({rates})",
                )
            )
        if through > 0.0:
            self.worst_gap = max(self.worst_gap, gap / through)
        self.steps += 1
        self.produced_m3 += rates.produced * seconds
        self.consumed_m3 += rates.consumed * seconds
        self.leaked_m3 += rates.leaked * seconds
        self.returned_m3 += rates.returned * seconds
        self.seeped_m3 += rates.seeped * seconds
        self.drawn_in_m3 += rates.drawn_in * seconds
        self.spilled_m3 += into_m3 - change_m3
        self.stored_m3 += change_m3

    def ledger(self, name: str) -> Ledger:
        """Return the volumes as a closed ledger: check() raises unless they balance to 1e-6."""
        ledger = Ledger(name, "m3", opening=self.opening_m3, tolerance=TOLERANCE)
        ledger.enter(self.produced_m3, "produced")
        ledger.enter(self.drawn_in_m3, "drawn in by leaks")
        ledger.enter(max(-self.spilled_m3, 0.0), "rounded at empty tanks")
        ledger.enter(max(self.seeped_m3, 0.0), "seeped in through closed links")
        ledger.leave(self.consumed_m3, "consumed")
        ledger.leave(self.leaked_m3, "leaked")
        ledger.leave(self.returned_m3, "returned to reservoirs")
        ledger.leave(max(self.spilled_m3, 0.0), "spilled and rounded at full tanks")
        ledger.leave(max(-self.seeped_m3, 0.0), "seeped out through closed links")
        ledger.close(self.stored_m3)
        return ledger
