"""The compiled engine of the network: a window of time in, the fate of every frame out.

The engine keeps the whole state of the network between windows, so the cut of time into windows
changes nothing: a frame on the air at the end of one is settled in the next.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.network.advance import DONE, FULL_LOG, advance, begin
from models.lora.network.canonical import canonical, canonical_network
from models.lora.network.draws import ALARM
from models.lora.network.fates import CommandLog, FrameLog, HeardLog, HearingLog
from models.lora.network.rows import joined, picked
from models.lora.network.setup import (
    ALARM_ORDER,
    COMMAND_ORDER,
    MULTICAST_ORDER,
    Groups,
    Network,
    Orders,
    no_groups,
    no_orders,
)
from models.lora.network.state import NOBODY, Counters, State, fresh_state, grown_pool

LOG_ROWS = 65_536
COMMAND_ROWS = 4_096


class Window(NamedTuple):
    """What became known during a window."""

    frames: FrameLog
    commands: CommandLog
    hearings: HearingLog
    heard: HeardLog


class WindowEngine:
    """The network, living window by window.

    Parameters
    ----------
    network
        What stands in the field.
    groups
        Multicast groups, for multicast orders.
    heard
        Keep which gateways decoded each logged frame, and at what level (`Window.heard`).

    Attributes
    ----------
    now_s
        Until when the network has lived.
    state
        Everything that changes; its arrays may be read between windows (`tally` by device,
        `receptions_by` gateway, factor, margin and state), never written.
    """

    def __init__(
        self, network: Network, groups: Groups | None = None, *, heard: bool = False
    ) -> None:
        self.network = network = canonical_network(network)
        self.groups = canonical(groups or no_groups())
        self.now_s = 0.0
        widest = int(np.diff(network.links.indptr).max(initial=0))
        self.state: State = fresh_state(network, heard=LOG_ROWS + widest if heard else 0)
        self._logging = bool(network.fleets.watched.any())
        self._log = empty_log(LOG_ROWS if self._logging else 0)
        self._commands = _empty_commands(COMMAND_ROWS)
        self._begun = False

    def remember(
        self,
        *,
        f_cnt: NDArray[np.int64],
        uplinks_since: NDArray[np.int64],
        history_f_cnt: NDArray[np.int64],
        history_snr_db: NDArray[np.float64],
        history_tx: NDArray[np.int8],
        history_count: NDArray[np.int64],
    ) -> None:
        """Give devices and server what they remember of frames before the first window.

        `f_cnt`, `uplinks_since` and `history_count` have shape (devices,), the histories
        (devices, 20), as `models.lora.adr` keeps them.

        Raises
        ------
        ValueError
            The engine has already begun.
        """
        if self._begun:
            raise ValueError("memories are given before the first window")
        state = self.state
        state.device["f_cnt"] = f_cnt
        state.device["uplinks_since"] = uplinks_since
        state.history_f_cnt[:] = history_f_cnt
        state.history_snr_db[:] = history_snr_db
        state.history_tx[:] = history_tx
        state.history_count[:] = history_count

    def run(self, until_s: float, orders: Orders | None = None) -> Window:
        """Live until `until_s` (not included) and return what became known meanwhile.

        `orders` are sorted by time and fall within the window.

        Raises
        ------
        ValueError
            Orders out of order or outside the window.
        """
        orders = canonical(orders or no_orders())
        self._check(orders, until_s)
        own = self._taken_in(orders)
        hearings = _empty_hearings(self._hearing_rows(orders))
        if not self._begun:
            self._begun = True
            begin(self.network, self.state)
        counters = self.state.counters
        counters[Counters.ORDER] = 0
        counters[Counters.HEARING_LOG] = 0
        parts: list[FrameLog] = []
        heard: list[HeardLog] = []
        told: list[CommandLog] = []
        while True:
            outcome = advance(
                self.network,
                self.state,
                own,
                self.groups,
                until_s,
                self._log,
                self._commands,
                hearings,
            )
            counters = self.state.counters
            if outcome in {DONE, FULL_LOG} or self._log_is_half_full():
                parts.append(picked(self._log, slice(int(counters[Counters.LOG]))))
                counters[Counters.LOG] = 0
                kept = HeardLog(self.state.heard_gateway, self.state.heard_level)
                heard.append(picked(kept, slice(int(counters[Counters.HEARD]))))
                counters[Counters.HEARD] = 0
            told.append(picked(self._commands, slice(int(counters[Counters.COMMAND_LOG]))))
            counters[Counters.COMMAND_LOG] = 0
            if outcome == DONE:
                break
            if outcome != FULL_LOG:
                self._enlarge()
        self.now_s = until_s
        rows = int(counters[Counters.HEARING_LOG])
        return Window(joined(parts), joined(told), picked(hearings, slice(rows)), joined(heard))

    @property
    def on_air(self) -> int:
        """Frames on the air now: their fate is not known yet."""
        return int(self.state.counters[Counters.ON_AIR])

    @property
    def events(self) -> int:
        """Events lived through."""
        return int(self.state.counters[Counters.EVENTS])

    def _log_is_half_full(self) -> bool:
        return bool(self._logging and self.state.counters[Counters.LOG] > LOG_ROWS // 2)

    def _check(self, orders: Orders, until_s: float) -> None:
        at_s = orders.at_s
        if len(at_s) and (np.any(np.diff(at_s) < 0.0) or at_s[0] < self.now_s):
            raise ValueError("orders must be sorted by time and not lie in the past")
        if len(at_s) and at_s[-1] >= until_s:
            raise ValueError("orders must lie within the window")

    def _hearing_rows(self, orders: Orders) -> int:
        groups = orders.who[orders.kind == MULTICAST_ORDER]
        # A multicast ordered near the end of a window is heard in the next one.
        return int(np.diff(self.groups.indptr)[groups].sum()) + len(self.groups.device)

    def _taken_in(self, orders: Orders) -> Orders:
        """Return the orders with alarms and commands replaced by their rows in the pools."""
        own, self.state = alarms_taken_in(self.state, orders)
        number = own.number
        commands = np.flatnonzero(orders.kind == COMMAND_ORDER)
        if len(commands):
            old = len(self.state.command)
            command = np.zeros(old + len(commands), dtype=self.state.command.dtype)
            command[:old] = self.state.command
            command["number"][old:] = orders.number[commands]
            command["device"][old:] = orders.who[commands]
            command["airtime_s"][old:] = orders.airtime_s[commands]
            command["next"][old:] = NOBODY
            command["open"][old:] = True
            number[commands] = old + np.arange(len(commands))
            self.state = self.state._replace(command=command)
        return orders._replace(number=number)

    def _enlarge(self) -> None:
        """Double every pool that is nearly used up."""
        state, counters = self.state, self.state.counters
        pools: dict[str, NDArray[Any]] = {}
        for name, link, head, free, least in (
            ("frame", "next_free", Counters.FREE_FRAME, Counters.FRAMES_FREE, 2),
            (
                "reception",
                "next",
                Counters.FREE_RX,
                Counters.RX_FREE,
                len(state.rank_gateway) + 1,
            ),
            (
                "downlink",
                "next_free",
                Counters.FREE_DOWN,
                Counters.DOWN_FREE,
                len(state.gateway) + 3,
            ),
        ):
            while counters[free] < least:
                pool = pools.get(name, getattr(state, name))
                counters[free] += len(pool)
                pools[name], counters[head] = grown_pool(pool, link, int(counters[head]))
        for times, codes, size, spare in (
            ("air_s", "air_code", Counters.AIR_HEAP, 2 * len(state.gateway) + 4),
            ("heap_s", "heap_code", Counters.DEVICE_HEAP, 4),
        ):
            needed = int(counters[size]) + spare
            for name in (times, codes):
                old = getattr(state, name)
                if needed > len(old):
                    pools[name] = np.zeros(2 * needed, dtype=old.dtype)
                    pools[name][: len(old)] = old
        self.state = state._replace(**pools)
        self.state = _room_for_alarms(self.state, int(counters[Counters.ALARMS]) + 2)


def alarms_taken_in(state: State, orders: Orders) -> tuple[Orders, State]:
    """Return the orders with each alarm's number replaced by its row in the pool, and the state."""
    number = orders.number.copy()
    alarms = np.flatnonzero(orders.kind == ALARM_ORDER)
    first = int(state.counters[Counters.ALARMS])
    state = _room_for_alarms(state, first + len(alarms) + 8)
    rows = first + np.arange(len(alarms))
    state.alarm["number"][rows] = orders.number[alarms]
    state.alarm["kind"][rows] = ALARM
    state.alarm["due_s"][rows] = orders.at_s[alarms]
    state.alarm["airtime_s"][rows] = orders.airtime_s[alarms]
    number[alarms] = rows
    state.counters[Counters.ALARMS] = first + len(alarms)
    return orders._replace(number=number), state


def _room_for_alarms(state: State, rows: int) -> State:
    alarm = state.alarm
    if rows <= len(alarm):
        return state
    bigger = np.zeros(max(rows, 2 * len(alarm), 64), dtype=alarm.dtype)
    bigger[: len(alarm)] = alarm
    return state._replace(alarm=bigger)


def empty_window(frames: FrameLog) -> Window:
    """Return a window in which only frames became known."""
    nobody = HeardLog(np.zeros(0, dtype=np.int32), np.zeros(0))
    return Window(frames, _empty_commands(0), _empty_hearings(0), nobody)


def empty_log(rows: int) -> FrameLog:
    """Return a frame log with room for so many rows."""
    return FrameLog(
        device=np.zeros(rows, dtype=np.int32),
        kind=np.zeros(rows, dtype=np.int8),
        number=np.zeros(rows, dtype=np.int64),
        attempt=np.zeros(rows, dtype=np.int8),
        due_s=np.zeros(rows),
        start_s=np.zeros(rows),
        airtime_s=np.zeros(rows),
        data_rate=np.zeros(rows, dtype=np.int8),
        tx_index=np.zeros(rows, dtype=np.int8),
        channel=np.zeros(rows, dtype=np.int8),
        fate=np.zeros(rows, dtype=np.int8),
        gateways=np.zeros(rows, dtype=np.int16),
        best_gateway=np.zeros(rows, dtype=np.int16),
        level_dbm=np.zeros(rows),
        first=np.zeros(rows, dtype=np.bool_),
    )


def _empty_commands(rows: int) -> CommandLog:
    return CommandLog(
        number=np.zeros(rows, dtype=np.int64),
        device=np.zeros(rows, dtype=np.int32),
        at_s=np.zeros(rows),
        acknowledged=np.zeros(rows, dtype=np.bool_),
        cause=np.zeros(rows, dtype=np.int8),
    )


def _empty_hearings(rows: int) -> HearingLog:
    return HearingLog(
        number=np.zeros(rows, dtype=np.int64),
        device=np.zeros(rows, dtype=np.int32),
        at_s=np.zeros(rows),
        heard=np.zeros(rows, dtype=np.bool_),
    )
