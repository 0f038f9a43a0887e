"""Which engine plays the network, behind one face: live a span, and count messages.

An engine is what the settings say: where it cannot be had the link refuses, it never takes another.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from models.lora.link.network_settings import EngineName
from models.lora.network.fates import FATES, CommandLog, FrameLog, HearingLog
from models.lora.network.setup import Groups, Network, Orders
from models.lora.network.window import WindowEngine
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.signals import Fate

SURROGATE = "models.lora.network.surrogate"


class MessageCounts(NamedTuple):
    """Readings and alarms of each device: begun, delivered, lost by their last frame's fate.

    Shapes (devices,), (devices,) and (devices, 8), by the numbers of `models.lora.network.fates`.
    What is neither delivered nor lost is on its way.
    """

    begun: NDArray[np.int64]
    delivered: NDArray[np.int64]
    lost: NDArray[np.int64]


def fates_of(counts: MessageCounts, its: slice, not_received: int) -> dict[Fate, int]:
    """Return how many messages of some devices met each fate, every fate named.

    `not_received` of those delivered could not be read yet: they are on their way.
    """
    fates = dict.fromkeys(Fate, 0)
    for fate, lost in zip(FATES, counts.lost[its].sum(axis=0).tolist(), strict=True):
        fates[fate] += lost
    fates[Fate.DELIVERED] = int(counts.delivered[its].sum()) - not_received
    fates[Fate.IN_FLIGHT] = int(counts.begun[its].sum()) - sum(fates.values())
    return fates


class Known(NamedTuple):
    """What became known during a span."""

    frames: FrameLog
    commands: CommandLog
    hearings: HearingLog


class NetworkEngine(Protocol):
    """A network that lives."""

    def run(self, until_s: float, orders: Orders) -> Known:
        """Live until `until_s` (not included) and return what became known meanwhile."""
        ...

    def counts(self) -> MessageCounts:
        """Return what became of messages up to now."""
        ...


class TallyingEngine:
    """An engine that counts as it goes: the window engine, and its surrogate."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def run(self, until_s: float, orders: Orders) -> Known:
        """Live until `until_s` (not included) and return what became known meanwhile."""
        window = self._engine.run(until_s, orders)
        return Known(window.frames, window.commands, window.hearings)

    def counts(self) -> MessageCounts:
        """Return what became of messages up to now."""
        tally = self._engine.state.tally
        return MessageCounts(
            tally["messages"].astype(np.int64),
            tally["delivered"].astype(np.int64),
            tally["lost"].astype(np.int64),
        )


class SurrogateTally(TallyingEngine):
    """The surrogate, which settles a frame as it starts.

    A delivery that has not ended is on its way; a loss counts as its frame starts.
    """

    def counts(self) -> MessageCounts:
        """Return what became of messages up to now."""
        counts = super().counts()
        return counts._replace(delivered=counts.delivered - self._engine.on_their_way())


def make_engine(name: EngineName, network: Network, groups: Groups) -> NetworkEngine:
    """Return the engine of that name, at t = 0.

    Raises
    ------
    InputError
        The engine asked for is not part of this installation.
    """
    match name:
        case "window":
            return TallyingEngine(WindowEngine(network, groups))
        case "simpy":
            from models.lora.link.simpy_engine import SimpyEngine

            return SimpyEngine(network, groups)
        case "surrogate":
            return SurrogateTally(_surrogate_class()(network, groups))


def _surrogate_class() -> Any:
    try:
        module = import_module(SURROGATE)
    except ModuleNotFoundError as error:
        if error.name != SURROGATE:
            raise
        raise InputError(
            Fault(
                Text("un moteur installé : window ou simpy", "an engine at hand: window or simpy"),
                Text("choisir engine = « window »", "choose engine = 'window'"),
                key="engine",
                value="surrogate",
            )
        ) from error
    return module.SurrogateEngine
