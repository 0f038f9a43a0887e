"""What a lane has of its own: leaks, links held closed, demand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.leak_table import Leak
from models.water.network.network import Floats, Network, NodeKind
from twin.errors import Fault, InputError
from twin.lang import Text


@dataclass(frozen=True)
class Closed:
    """A link held closed from `start_s` to `end_s` whatever controls say: a repair, a power cut."""

    link: int
    start_s: float = 0.0
    end_s: float = math.inf

    def during(self, time_s: float) -> bool:
        """Tell whether it is closed at a time; its start is in, its end is out."""
        return self.start_s <= time_s < self.end_s


@dataclass(frozen=True, eq=False)
class LaneEvents:
    """One lane.

    Leaks and closures act from the first step at or after their start to the first at or after
    their end, as in EPANET's own runs here.

    Attributes
    ----------
    leaks : tuple of Leak
    closed : tuple of Closed
    demand_factor : float
        Multiplies demand.
    demand_m3s : NDArray[np.float64] | None
        Instead of the network's categories and patterns: demand by pattern step and node, shape
        (pattern steps, nodes), the last for ever after. m3/s.
    """

    leaks: tuple[Leak, ...] = ()
    closed: tuple[Closed, ...] = ()
    demand_factor: float = 1.0
    demand_m3s: Floats | None = None

    def changes_s(self, step_s: int) -> list[int]:
        """Return the times of steps at which something starts or ends, in order."""
        found = set()
        events: tuple[Leak | Closed, ...] = (*self.leaks, *self.closed)
        for event in events:
            for time_s in (event.start_s, event.end_s):
                if 0.0 < time_s < math.inf:
                    found.add(math.ceil(time_s / step_s) * step_s)
        return sorted(found)


def check_events(network: Network, lanes: Sequence[LaneEvents]) -> None:
    """Raise InputError with every lane's faults: no junction, no link, a leak below zero..."""
    faults = []
    nodes, links = len(network.nodes), len(network.links)
    for at, lane in enumerate(lanes):
        for leak in lane.leaks:
            able = 0 <= leak.node < nodes and network.nodes.kind[leak.node] == NodeKind.JUNCTION
            if not able or not 0.0 <= leak.coefficient < math.inf:
                faults.append(_fault(at, f"leak {leak.id}", f"{leak.node}, {leak.coefficient:g}"))
        faults += [
            _fault(at, "closed", str(closed.link))
            for closed in lane.closed
            if not 0 <= closed.link < links
        ]
        if not 0.0 <= lane.demand_factor < math.inf:
            faults.append(_fault(at, "demand_factor", f"{lane.demand_factor:g}"))
        own = lane.demand_m3s
        if own is not None and (
            own.ndim != 2 or own.shape[1] != nodes or not len(own) or not np.isfinite(own).all()  # noqa: PLR2004
        ):
            faults.append(_fault(at, "demand_m3s", str(own.shape)))
    if faults:
        raise InputError(*faults)


class Active:
    """What of the lanes' events acts now.

    Attributes
    ----------
    emitter : NDArray[np.float64] | None
        Coefficients of leaks by node and lane, m3/s at 1 m; None where no lane ever leaks.
    """

    def __init__(self, network: Network, lanes: Sequence[LaneEvents], step_s: int) -> None:
        self._events = lanes
        self._changes = [lane.changes_s(step_s) for lane in lanes]
        self._due_s = np.zeros(len(lanes), dtype=np.int64)
        leaking = any(lane.leaks for lane in lanes)
        self.emitter = np.zeros((len(network.nodes), len(lanes))) if leaking else None
        links = sorted({closed.link for lane in lanes for closed in lane.closed})
        self._links = np.array(links, dtype=np.int64)
        self._held = np.zeros((len(links), len(lanes)), dtype=np.bool_)

    def meet(self, lanes: NDArray[np.int64], time_s: NDArray[np.int64]) -> None:
        """Start and end what is due in these lanes at their times."""
        for at in np.flatnonzero(self._due_s[lanes] <= time_s).tolist():
            lane, now = int(lanes[at]), int(time_s[at])
            events = self._events[lane]
            later = [time for time in self._changes[lane] if time > now]
            self._due_s[lane] = later[0] if later else np.iinfo(np.int64).max
            if self.emitter is not None:
                for leak in events.leaks:
                    self.emitter[leak.node, at] = 0.0
                for leak in events.leaks:
                    if leak.during(now):
                        self.emitter[leak.node, at] += leak.coefficient
            for closed in events.closed:
                self._held[np.searchsorted(self._links, closed.link), at] = False
            for closed in events.closed:
                if closed.during(now):
                    self._held[np.searchsorted(self._links, closed.link), at] = True

    def allowed(self, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which links nothing but a tank closes, (links, lanes)."""
        if not len(self._links):
            return is_open
        allowed = is_open.copy()
        allowed[self._links] &= ~self._held
        return allowed

    def keep(self, which: NDArray[np.intp]) -> None:
        """Go on with some lanes."""
        if self.emitter is not None:
            self.emitter = np.ascontiguousarray(self.emitter[:, which])
        self._held = np.ascontiguousarray(self._held[:, which])


def _fault(lane: int, what: str, value: str) -> Fault:
    return Fault(
        key=f"lane {lane}, {what}",
        value=value,
        expected=Text(
            "une jonction, un tronçon, des valeurs finies d'au moins zéro, une demande par pas de "
            "modulation et par nœud",
            "a junction, a link, finite values of zero or more, a demand by pattern step and node",
        ),
        remedy=Text("corriger la voie", "mend the lane"),
    )
