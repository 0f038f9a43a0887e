"""The surrogate: a year in seconds, device by device, with the others as laws.

It answers the same calls as the window engine and keeps the same records. Its laws are measured on
the window engine, started from the devices' present state over a span of traffic, at the beginning
and whenever the load has moved since: the airtime of a reading summed over the devices changed by
more than `drift`. Outages need no new measurement: a gateway that is down hears nothing. Channel
disturbance is drawn frame by frame as in the engine.

What it cannot do it refuses by name: joins, power cuts, commands and multicast belong to the window
engine, whose records it shares.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.lora.network.canonical import canonical, canonical_network
from models.lora.network.draws import FADING, SURVIVAL
from models.lora.network.fates import FrameLog
from models.lora.network.laws import Laws, laws_of
from models.lora.network.lone import first_readings, live_alone
from models.lora.network.quick_draws import places_of, quantile_table
from models.lora.network.rows import joined, picked
from models.lora.network.setup import (
    ALARM_ORDER,
    CHANNEL_ORDER,
    GATEWAY_ORDER,
    Groups,
    Network,
    Orders,
    no_orders,
)
from models.lora.network.state import Counters, State, fresh_state
from models.lora.network.surroundings import Surroundings
from models.lora.network.window import (
    Window,
    WindowEngine,
    alarms_taken_in,
    empty_log,
    empty_window,
)
from twin.errors import Fault, InputError
from twin.lang import Text

LOG_ROWS = 262_144
LOG_MARGIN = 32_768
"""Rows kept free before a device is played: its frames within one span."""

CALIBRATION_FRAMES = 100_000
"""Traffic the laws are measured on, frames; a span has at least LEAST_SPAN_S."""
LEAST_SPAN_S = 3_600.0
DRIFT = 0.10
"""Share by which the load may move before the laws are measured again."""


class SurrogateEngine:
    """The network, device by device; see the module and `WindowEngine`.

    Attributes
    ----------
    calibrations
        How often the laws were measured.
    """

    def __init__(self, network: Network, groups: Groups | None = None) -> None:
        _refuse(network.radio.rayleigh, "radio.rayleigh")
        _refuse(not bool(network.devices.joined.all()), "joined")
        _refuse(groups is not None and len(groups.device) > 0, "groups")
        self.network = network = canonical_network(network)
        self.now_s = 0.0
        self.state: State = fresh_state(network)
        self.calibrations = 0
        self._laws: Laws | None = None
        self._load = 0.0
        self._logging = bool(network.fleets.watched.any())
        self._held: FrameLog = empty_log(0)
        # Kept: zeroing it anew in every window would cost more than a small network.
        self._log = empty_log(LOG_ROWS if self._logging else 0)
        widest = int(np.diff(network.links.indptr).max(initial=0))
        self._nodes = np.zeros((3, widest + 6))
        self._table = quantile_table()
        self._fading_of = places_of(network.gateways.key, FADING)
        self._survival_of = places_of(network.gateways.key, SURVIVAL)
        self._begun = False

    @property
    def on_air(self) -> int:
        """Frames on the air now: the surrogate settles every frame it starts."""
        return 0

    def on_their_way(self) -> NDArray[np.int64]:
        """Return, by device, messages that count as delivered by a frame that has not ended yet.

        Frames of devices that nobody watches are not logged, hence not told.
        """
        devices = self._held.device[self._held.first]
        return np.bincount(devices, minlength=len(self.network.devices.joined)).astype(np.int64)

    def run(self, until_s: float, orders: Orders | None = None) -> Window:
        """Live until `until_s`; return the frames that ended before then.

        Raises
        ------
        InputError
            An order of a kind the surrogate does not model.
        """
        orders = canonical(orders or no_orders())
        kinds = {ALARM_ORDER, CHANNEL_ORDER, GATEWAY_ORDER}
        _refuse(bool(set(orders.kind.tolist()) - kinds), "orders")
        if not self._begun:
            self._begun = True
            first_readings(self.network, self.state)
        parts: list[FrameLog] = [self._held]
        for start, end in _cuts(orders, until_s, self.now_s):
            self._live(end, _within(orders, start, end), parts)
            for row in np.flatnonzero((orders.kind == CHANNEL_ORDER) & (orders.at_s == end)):
                self.state.outside_per_s[orders.who[row]] = orders.value[row]
        self.now_s = until_s
        frames = joined(parts)
        over = frames.start_s + frames.airtime_s >= until_s
        self._held = picked(frames, over)
        return empty_window(picked(frames, ~over))

    def _live(self, until_s: float, orders: Orders, parts: list[FrameLog]) -> None:
        devices = len(self.state.device)
        own, state = alarms_taken_in(self.state, orders)
        self.state = state
        alarms = orders.kind == ALARM_ORDER
        alarms_of, alarm_rows = _by_row(orders.who[alarms], own.number[alarms], devices)
        changes = orders.kind == GATEWAY_ORDER
        gateways = len(self.state.gateway)
        changes_of, change = _by_row(orders.who[changes], np.flatnonzero(changes), gateways)
        life = Surroundings(
            alarms_of,
            alarm_rows,
            changes_of,
            orders.at_s[change],
            orders.number[change] == 1,
            self._nodes,
            np.zeros(2, dtype=np.uint64),
            self._table,
            self._fading_of,
            self._survival_of,
        )
        laws = self._present_laws()
        first = 0
        while first < devices:
            first = live_alone(
                self.network,
                self.state,
                laws,
                first,
                devices,
                until_s,
                life,
                self._log,
                LOG_MARGIN,
            )
            rows = int(self.state.counters[Counters.LOG])
            parts.append(picked(self._log, slice(rows)))
            self.state.counters[Counters.LOG] = 0
        for gateway in range(gateways):
            span = change[changes_of[gateway] : changes_of[gateway + 1]]
            if len(span):
                self.state.gateway["up"][gateway] = orders.number[span[-1]] == 1

    def _present_laws(self) -> Laws:
        """Return the laws, measured again where the load has moved."""
        load = _load(self.network, self.state)
        if self._laws is None or abs(load - self._load) > DRIFT * self._load:
            self._load = load
            self._laws = self._measure()
            self.calibrations += 1
        return self._laws

    def _measure(self) -> Laws:
        device = self.state.device
        given = self.network.devices
        per_s = float(np.sum(1.0 / given.period_s))
        span_s = max(LEAST_SPAN_S, CALIBRATION_FRAMES / max(per_s, 1e-9))
        now_s = self.now_s
        period_s = given.period_s
        ahead = np.where(np.isfinite(period_s), np.maximum(device["due_s"] - now_s, 0.0), 0.0)
        fleets = self.network.fleets
        twin = self.network._replace(
            fleets=fleets._replace(watched=np.zeros_like(fleets.watched)),
            devices=given._replace(
                phase_s=ahead,
                data_rate=device["rate"].copy(),
                tx_index=device["tx_index"].copy(),
                nb_trans=device["nb_trans"].copy(),
            ),
            channels=self.network.channels._replace(
                outside_per_s=np.zeros_like(self.state.outside_per_s)
            ),
        )
        engine = WindowEngine(twin)
        engine.run(span_s)
        return laws_of(engine.state, self.network.rules)


def _refuse(refused: bool, key: str) -> None:
    if refused:
        raise InputError(
            Fault(
                Text(
                    "des objets déjà connectés, sans coupure, commande ni diffusion",
                    "devices that have joined, no power cut, no command and no multicast",
                ),
                Text('choisissez engine = "window"', 'choose engine = "window"'),
                key=key,
                value="surrogate",
            )
        )


def _load(network: Network, state: State) -> float:
    """Return the airtime of the devices' readings, Erlangs."""
    fleet, rate = network.devices.fleet, state.device["rate"]
    airtime_s = network.fleets.airtime_s[fleet, rate]
    return float(np.sum(airtime_s * state.device["nb_trans"] / network.devices.period_s))


def _cuts(orders: Orders, until_s: float, now_s: float) -> list[tuple[float, float]]:
    """Return the spans between changes of a channel's disturbance."""
    at_s = orders.at_s[orders.kind == CHANNEL_ORDER]
    edges = [now_s, *np.unique(at_s[at_s > now_s]).tolist(), until_s]
    return list(pairwise(edges))


def _within(orders: Orders, from_s: float, to_s: float) -> Orders:
    keep = (orders.at_s >= from_s) & (orders.at_s < to_s)
    return picked(orders, keep)


def _by_row(
    who: NDArray[np.int64], what: NDArray[np.int64], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return compressed rows of `what` by `who`, in their order."""
    order = np.argsort(who, kind="stable")
    counts = np.bincount(who, minlength=rows)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), what[order]
