"""A cell played on one of the two engines: what arrived, what was lost and why, energy, speed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lora.cell import Cell, network
from models.lora.cell_check import one_of
from models.lora.energy.charge import CONDUCTED_DBM, received_charge_uah, sending_charge_uah
from models.lora.energy.currents import UAH_PER_MA_S, CurrentProfile, tx_current_ma
from models.lora.energy.published_currents import current_profile
from models.lora.logs.simulated import UplinksFile, numbered, style_faults, watched
from models.lora.network.fates import FATES, IN_FLIGHT, NOT_SENT
from models.lora.network.plan import FRAME_ENDS, PLACES
from models.lora.network.reference.engine import ReferenceEngine
from models.lora.network.reference.readings import due_readings
from models.lora.network.setup import Network
from models.lora.network.state import Counters
from models.lora.network.window import Window, WindowEngine
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.signals import Fate

ENGINES = ("window", "simpy")
LOGGED_UPLINKS = 100_000
"""Uplinks an engine may keep before they are counted or written."""

Take = Callable[[Window], None]
"""What is done with each window of a cell; the CPU time told leaves it out."""

J_PER_UAH_V = 3.6e-3


@dataclass(frozen=True)
class CellResult:
    """What became of a cell.

    Attributes
    ----------
    packets
        Frames on the air, copies included.
    received
        Frames that one gateway at least decoded.
    causes
        Frames by public fate, delivered ones included; their sum is `packets` and the messages
        never sent (`duty_cycle`).
    spreading_factors
        Frames that ended, by SF7 to SF12.
    delivery_rate
        Received share of the frames that ended; NaN if none did.
    messages, messages_delivered
        Readings due, and those delivered by any of their frames.
    energy_j
        Of each device, shape (devices,): sending, listening and sleep, with the default profile of
        `models.lora.energy`.
    cpu_s
        CPU seconds of the engine from its making to the end of the span, tables not counted.
    events
        Events the engine lived through; None where it does not count them.
    """

    packets: int
    received: int
    causes: Mapping[Fate, int]
    spreading_factors: Mapping[int, int]
    delivery_rate: float
    messages: int
    messages_delivered: int
    energy_j: NDArray[np.float64]
    cpu_s: float
    events: int | None

    @property
    def energy_total_j(self) -> float:
        """Energy of all devices, J."""
        return float(self.energy_j.sum())

    @property
    def packets_per_cpu_s(self) -> float:
        """Uplinks a CPU second."""
        return self.packets / self.cpu_s if self.cpu_s > 0.0 else float("inf")


@dataclass(frozen=True)
class _Counts:
    """What an engine counted: by fate (8), by factor (6), and per device."""

    fates: NDArray[np.int64]
    factors: NDArray[np.int64]
    messages: int
    delivered: int
    frames: NDArray[np.int64]
    tx_s: NDArray[np.float64]
    rx_s: NDArray[np.float64]
    events: int | None
    cpu_s: float


def play(
    cell: Cell, engine: str = "window", uplinks: Path | None = None, style: str = "chirpstack"
) -> CellResult:
    """Return what becomes of a cell, on "window" (compiled) or "simpy" (one process a device).

    Both give each frame the same fate. The first call in a process may compile, and its CPU time
    tells so: `warm_up` beforehand. With `uplinks` the window engine also writes the readings
    delivered as a network server publishes them (`models.lora.logs.simulated`), in that `style`;
    the CPU time told leaves the writing out.

    Raises
    ------
    InputError
        A cell that cannot be, an unknown engine or style, uplinks asked of another engine.
    """
    if engine not in ENGINES:
        raise InputError(one_of("--engine", engine, ENGINES))
    faults = list(uplinks_faults(engine, uplinks, style))
    if faults:
        raise InputError(*faults)
    field = network(cell)
    if uplinks is not None:
        field = watched(field)
        with UplinksFile(uplinks, style, field, numbered(field, [cell.payload_bytes])) as file:
            counts = _by_window(cell, field, file.take)
    else:
        counts = (_by_window if engine == "window" else _by_simpy)(cell, field)
    sent = int(counts.frames.sum())
    ended = int(counts.factors.sum())
    fates = counts.fates.copy()
    fates[IN_FLIGHT] = sent - ended
    causes = {fate: int(fates[number]) for number, fate in enumerate(FATES)}
    received = causes[Fate.DELIVERED]
    return CellResult(
        packets=sent,
        received=received,
        causes=causes,
        spreading_factors={7 + s: int(n) for s, n in enumerate(counts.factors)},
        delivery_rate=received / ended if ended else float("nan"),
        messages=counts.messages,
        messages_delivered=counts.delivered,
        energy_j=energy_j(current_profile(), counts.frames, counts.tx_s, counts.rx_s, cell.span_s),
        cpu_s=counts.cpu_s,
        events=counts.events,
    )


def uplinks_faults(engine: str, uplinks: Path | None, style: str) -> Iterator[Fault]:
    """Yield what is wrong with the writing of uplinks, by the name of the command's option."""
    yield from style_faults(style)
    if uplinks is not None and engine != "window":
        yield Fault(
            Text("le moteur window", "the window engine"),
            Text("ôtez --engine ou --uplinks", "leave out --engine or --uplinks"),
            key="--uplinks",
            value=f"--engine {engine}",
        )


def warm_up(engine: str = "window") -> None:
    """Compile what `play` runs, on a cell of two devices."""
    play(Cell(2, days=0.01), engine)


def energy_j(
    profile: CurrentProfile,
    frames: NDArray[np.int64],
    tx_s: NDArray[np.float64],
    rx_s: NDArray[np.float64],
    span_s: float,
) -> NDArray[np.float64]:
    """Return the energy of devices, J at the profile's voltage, sleep included.

    Parameters
    ----------
    profile
        Currents.
    frames, rx_s
        Frames sent and time spent listening, shape (devices,).
    tx_s
        Airtime by power index, shape (devices, 8).
    span_s
        Length of the span, for the sleep.
    """
    sending = UAH_PER_MA_S * (tx_s @ tx_current_ma(profile, CONDUCTED_DBM))
    fixed = frames * sending_charge_uah(profile, 0.0, CONDUCTED_DBM[0])
    sleeping = profile.asleep_ua * span_s / 3600.0
    charge_uah = sending + fixed + received_charge_uah(profile, rx_s) + sleeping
    return np.asarray(charge_uah * J_PER_UAH_V * profile.supply_v, dtype=np.float64)


def _by_window(cell: Cell, field: Network, take: Take | None = None) -> _Counts:
    start = time.process_time()
    engine = WindowEngine(field, heard=take is not None)
    cpu_s = 0.0
    for until_s in [cell.span_s] if take is None else _pieces_s(cell):
        window = engine.run(until_s)
        if take is not None:
            cpu_s += time.process_time() - start
            take(window)
            start = time.process_time()
    cpu_s += time.process_time() - start
    state = engine.state
    tally = state.tally
    codes = state.air_code[: state.counters[Counters.AIR_HEAP]]
    rows = codes[codes // PLACES == FRAME_ENDS] % PLACES
    on_air = np.bincount(5 - state.frame["rate"][rows], minlength=6)
    return _Counts(
        fates=tally["frames"].sum(axis=0, dtype=np.int64),
        factors=tally["factors"].sum(axis=0, dtype=np.int64) - on_air,
        messages=int(tally["messages"].sum(dtype=np.int64)),
        delivered=int(tally["delivered"].sum(dtype=np.int64)),
        frames=tally["factors"].sum(axis=1, dtype=np.int64),
        tx_s=tally["tx_s"],
        rx_s=tally["rx_s"],
        events=engine.events,
        cpu_s=cpu_s,
    )


def _by_simpy(cell: Cell, field: Network) -> _Counts:
    fates, factors = np.zeros(8, dtype=np.int64), np.zeros(6, dtype=np.int64)
    delivered = 0
    start = time.process_time()
    engine = ReferenceEngine(field)
    for until_s in _pieces_s(cell):
        log = engine.run(until_s)[0]
        sent = log.fate != NOT_SENT
        fates += np.bincount(log.fate, minlength=8)
        factors += np.bincount(5 - log.data_rate[sent].astype(np.int64), minlength=6)
        delivered += int(log.first.sum())
    cpu_s = time.process_time() - start
    return _Counts(
        fates=fates,
        factors=factors,
        messages=sum(_readings_due(field, device, cell.span_s) for device in range(cell.devices)),
        delivered=delivered,
        frames=engine.frames_sent,
        tx_s=engine.tx_s,
        rx_s=engine.rx_s,
        events=None,
        cpu_s=cpu_s,
    )


def _pieces_s(cell: Cell) -> list[float]:
    """Return the ends of spans of at most about `LOGGED_UPLINKS` readings."""
    pieces = 1 + int(cell.span_s / cell.interval_s * cell.devices / LOGGED_UPLINKS)
    return [float(until_s) for until_s in cell.span_s * np.arange(1, pieces + 1) / pieces]


def _readings_due(field: Network, device: int, until_s: float) -> int:
    return sum(1 for _ in takewhile(lambda due_s: due_s < until_s, due_readings(field, device)))
