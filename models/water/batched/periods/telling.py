"""What has to be told of a lane's solution, and why one may not be used: EPANET's own words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.water.batched.constants import FLOW_TOLERANCE_M3S
from models.water.batched.periods.rates import delivered_m3s, wanted_m3s
from models.water.batched.periods.simulation import EVENTS_PER_HOUR, Round, Why
from models.water.batched.status import CLOSED, FLOW_SHORT, NO_HEAD
from models.water.epanet.trouble import (
    Notice,
    State,
    UnsolvedError,
    notices_of,
    raise_if_cut_off,
    toggling,
    unsolved,
)
from models.water.network.network import Network
from twin.lang import Text

_NAME = "network"


def state_of(network: Network, found: Round, lane: int = 0) -> State:
    """Return a lane's solution for whoever examines it."""
    return State(
        name=_NAME,
        time_s=int(found.time_s[lane]),
        network=network,
        heads_m=found.solution.heads_m[:, lane],
        demand_m3s=delivered_m3s(network, found, lane),
        wanted_m3s=wanted_m3s(network, found, lane),
        status=found.code[:, lane],
    )


def notices(network: Network, found: Round, lane: int = 0) -> tuple[Notice, ...]:
    """Return what has to be told of a solution that may be used."""
    state = state_of(network, found, lane)
    dependent = network.options.pressure_dependent
    low = state.heads_m - network.nodes.elevation_m < 0.0
    odd = (state.status == NO_HEAD) | (state.status >= FLOW_SHORT)
    short = state.demand_m3s + FLOW_TOLERANCE_M3S < state.wanted_m3s
    if not dependent and not (low & state.junctions).any() and not odd.any():
        return ()
    if dependent and not short.any() and not odd.any():
        return ()
    return notices_of(state, pressure_dependent=dependent)


def stopped(
    network: Network, found: Round, changed: NDArray[np.bool_], lane: int = 0
) -> UnsolvedError:
    """Return the error of a lane that stops; `changed` are links that did within the step.

    Raises
    ------
    UnsolvedError
        Consumers cut off.
    """
    state = state_of(network, found, lane)
    if found.why[lane] == Why.TOGGLES:
        return toggling(_NAME, network, state.time_s, changed, EVENTS_PER_HOUR)
    raise_if_cut_off(state)
    balance = float(found.solution.balance[lane])
    return unsolved(state, Text("non équilibré", "unbalanced"), balance, network.options.trials)


class Changed:
    """Links that change status within a step."""

    def __init__(self, links: int) -> None:
        self.links = np.zeros(links, dtype=np.bool_)
        self._before: NDArray[np.bool_] | None = None

    def see(self, code: NDArray[np.int8], *, fresh: bool) -> None:
        """Look at a status; a fresh step forgets the changes of the one before."""
        is_open = code > CLOSED
        if fresh:
            self.links[:] = False
        if self._before is not None:
            self.links |= is_open != self._before
        self._before = is_open
