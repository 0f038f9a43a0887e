"""Bills of the days that count: what leaks put on them, who pays, what the law forgives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.customers.played import Floats, Played
from models.water.customers.practice import Days
from models.water.customers.rounds import Periods, between_m3
from models.water.customers.told import Told
from models.water.metering.warsmann import abnormal_bill, certified
from twin.units import DAY_S


@dataclass(frozen=True)
class Bills:
    """What bills say of the played meters of a zone.

    Attributes
    ----------
    forgiven_m3, paid_m3 : float
        Of the leaks that are followed, what is registered: not billed by the law, and billed.
    told : float
        High volumes told of because of them.
    told_in_vain : int
        High volumes of framed meters without any leak, in the days that count.
    """

    forgiven_m3: float
    paid_m3: float
    told: float
    told_in_vain: int


def bills_of(
    played: Played,
    periods: Periods,
    leak_m3: Floats,
    followed_m3: Floats,
    told: Told,
    days: Days,
) -> Bills:
    """Return what bills say of leaks.

    A bill of an index tells of its volume at latest (the law's "at latest with the bill"): the
    month for the certificate runs from there, or from an alert by radio before. What a bill says is
    shared among its leaks by volume, so that those that are followed get theirs.

    Parameters
    ----------
    leak_m3, followed_m3
        What meters register of all leaks, and of those that are followed; (meters, all days).
    """
    touched, shown = _leaks_in(played, periods, told)
    bill = abnormal_bill(
        periods.volume_m3, periods.usual_m3, informed=True, certified=shown,
        housing=played.meters.housing[:, np.newaxis],
    )  # fmt: skip
    leaked = between_m3(periods, leak_m3, days)
    ours = between_m3(periods, followed_m3, days)
    share = np.divide(ours, leaked, out=np.zeros_like(ours), where=leaked > 0.0)
    forgiven = np.minimum(bill.forgiven_m3, leaked) * share
    in_vain = periods.abnormal & ~touched & days.counts(periods.told_s)
    return Bills(
        forgiven_m3=float(forgiven.sum()),
        paid_m3=float((ours - forgiven).sum()),
        told=float(share[periods.abnormal].sum()),
        told_in_vain=int(in_vain[played.framed].sum()),
    )


def _leaks_in(
    played: Played, periods: Periods, told: Told
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which periods had a leak, and which of them end in a certificate that counts."""
    leaks = played.leaks
    begin_s, end_s = periods.begin[leaks.meter] * DAY_S, periods.end[leaks.meter] * DAY_S
    inside = (leaks.start_s[:, np.newaxis] < end_s) & (told.end_s[:, np.newaxis] > begin_s)
    informed_s = np.fmin(told.told_s[:, np.newaxis], periods.told_s[leaks.meter])
    shows = inside & certified(informed_s, told.end_s[:, np.newaxis], leaks.on_pipe[:, np.newaxis])
    touched = np.zeros(periods.end.shape, dtype=np.bool_)
    shown = np.zeros(periods.end.shape, dtype=np.bool_)
    np.logical_or.at(touched, leaks.meter, inside)
    np.logical_or.at(shown, leaks.meter, shows)
    return touched, shown
