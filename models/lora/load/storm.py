"""A mains cut over many lamp nodes: everybody comes back at once and asks to join.

The cut begins at the end of the day simulated; gateways keep their power (a battery-backed mast
[U]). Lamps have lost their session: each sends join-requests, at growing intervals, until the
server's accept reaches it; every accept takes airtime on which gateways are deaf.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.load.live import Day, difference
from models.lora.load.network import Field
from models.lora.load.settings import StormSection
from models.lora.load.stage import LoadStage
from models.lora.network.setup import POWER_ORDER, Orders
from models.lora.network.window import WindowEngine

STEP_S = 60.0
LEAST_MINUTES = 60
"""Watched at least so long, that the airtime of an hour be known."""


@dataclass(frozen=True)
class Storm:
    """How the lamps came back.

    `joined` is the share back at the end of each minute after the power, `requests` what they
    sent, `others` the day record of the span for all devices, `cut` the rows of `others` that lost
    their mains. `duty` is the most any gateway used of its legal airtime in an hour.
    """

    joined: NDArray[np.float64]
    requests: int
    cut: NDArray[np.int64]
    others: Day
    duty: float

    def minutes_until(self, share: float) -> float:
        """Return the minutes until so large a share is back; NaN if not within the span."""
        reached = np.flatnonzero(self.joined >= share)
        return float(reached[0] + 1) if len(reached) else float("nan")


def storm(
    stage: LoadStage, section: StormSection, field: Field, engine: WindowEngine, day: Day
) -> Storm | None:
    """Cut the mains of an area, give it back and watch; None where the option has no such fleet."""
    names = [fleet.name for fleet in stage.fleets]
    if section.fleet not in names:
        return None
    cut = _area(stage, field, day, names.index(section.fleet), section.devices)
    start_s = engine.now_s
    engine.run(start_s + section.cut_s, _orders(cut, start_s, on=False))
    back_s = engine.now_s
    nonces = engine.state.device["nonce"][cut].copy()
    sent_s = engine.state.gateway_airtime_s.copy()
    engine.run(back_s + 1e-3, _orders(cut, back_s, on=True))
    parts, joined = [], []
    minutes = int(np.ceil(section.watched_s / STEP_S))
    before = engine.state.tally.copy()
    for minute in range(minutes):
        engine.run(back_s + (minute + 1) * STEP_S)
        joined.append(float(engine.state.device["joined"][cut].mean()))
        parts.append(engine.state.gateway_airtime_s.copy())
        if joined[-1] >= 1.0 and minute + 1 >= LEAST_MINUTES:
            break
    airtime = np.stack([sent_s, *parts])
    minutes = len(joined)
    width = min(60, minutes)
    hourly = (airtime[width:] - airtime[:-width]) / (3_600.0 * engine.network.bands.gateway_duty)
    others = Day(
        day.devices,
        difference(engine.state.tally.copy(), before),
        day.opening,
        day.in_flight,
        hourly,
        minutes * STEP_S,
    )
    requests = int((engine.state.device["nonce"][cut] - nonces).sum())
    return Storm(np.array(joined), requests, cut, others, float(hourly.max(initial=0.0)))


def _area(stage: LoadStage, field: Field, day: Day, fleet: int, devices: int) -> NDArray[np.int64]:
    """Return the rows of the devices that lose their mains: those nearest the largest town."""
    rows = np.flatnonzero(field.fleet[day.devices] == fleet)
    points = stage.fleets[fleet].points
    first = int(np.flatnonzero(field.fleet == fleet)[0])
    places = day.devices[rows] - first
    town = max(stage.communes, key=lambda commune: (commune.population, commune.insee))
    far = np.hypot(points.places.x_m[places] - town.x_m, points.places.y_m[places] - town.y_m)
    return np.sort(rows[np.argsort(far, kind="stable")[:devices]])


def _orders(who: NDArray[np.int64], at_s: float, *, on: bool) -> Orders:
    count = len(who)
    return Orders(
        at_s=np.full(count, at_s),
        kind=np.full(count, POWER_ORDER, dtype=np.int64),
        who=who,
        number=np.full(count, int(on), dtype=np.int64),
        value=np.zeros(count),
        airtime_s=np.zeros((count, 6)),
    )
