"""The seams of the house: Protocols only. Whoever satisfies one can be plugged in.

A model sends and never learns the fate of what it sent; a policy reads what arrived and nothing
else; a study runs tasks and never knows where they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from twin.lang import Text
from twin.signals import (
    AssetId,
    Command,
    Delivered,
    DeliveredBatch,
    Fate,
    Fleet,
    Reading,
    Signal,
)

if TYPE_CHECKING:
    import simpy

    from twin.clock import Clock
    from twin.decide.robust import Requirement
    from twin.recorder import Kpi, Part
    from twin.study.executors import Played
    from twin.study.plan import Task
    from twin.workspace import Workspace
    from twin.world import World

Say = Callable[[Text | str, float], None]
"""Progress: what is being done, and the share of it done in [0, 1]."""


class Uplink(Protocol):
    """Where a model puts its readings."""

    def register(self, fleet: Fleet) -> None:
        """Declare devices that will send periodically, from now on.

        Raises
        ------
        InputError
            A fleet or an asset of that name is registered already.
        """
        ...

    def send(self, reading: Reading) -> None:
        """Send one event-driven reading (an alarm) now, from a registered asset.

        Raises
        ------
        InputError
            Nobody registered the asset.
        """
        ...


class Inbox(Protocol):
    """Where a policy finds what arrived."""

    def subscribe(self, signal: Signal, handler: Callable[[DeliveredBatch], None]) -> None:
        """Call `handler` with each batch of deliveries of `signal` handed over from now on."""
        ...

    def latest(self, asset: AssetId, signal: Signal) -> Delivered | None:
        """Return the last delivery of `signal` from `asset`, or None if none ever arrived.

        Raises
        ------
        InputError
            Nobody registered the asset.
        """
        ...


class Downlink(Protocol):
    """Where a policy puts its commands."""

    def send(self, command: Command) -> simpy.Event:
        """Send `command`; the event's value is an Ack or a Lost, later.

        Raises
        ------
        InputError
            Nobody registered the asset.
        """
        ...


class Link(Protocol):
    """What carries readings up and commands down.

    A model is given `uplink` and no more, a policy `inbox` and `downlink`: three views, because a
    model never learns the fate of what it sent.
    """

    @property
    def uplink(self) -> Uplink:
        """Where models put their readings."""
        ...

    @property
    def inbox(self) -> Inbox:
        """Where policies find what arrived."""
        ...

    @property
    def downlink(self) -> Downlink:
        """Where policies put their commands."""
        ...

    def start(self, clock: Clock) -> None:
        """Begin to carry, once; some links want every fleet registered before."""
        ...

    def power(self, asset: AssetId, *, on: bool) -> None:
        """Cut or restore a device's power now; without it the device makes no reading."""
        ...

    @property
    def gateways(self) -> tuple[AssetId, ...]:
        """Return the names of the gateways, whose outages a model may play."""
        ...

    def gateway(self, gateway: AssetId, *, up: bool) -> None:
        """Take a gateway down or up now; a link without gateways does nothing."""
        ...

    def tally(self) -> Mapping[str, Mapping[Fate, int]]:
        """Return by fleet how many frames sent before now met each fate, with every fate named.

        What was sent is their sum. A frame received before now is DELIVERED even if its window is
        still open. Asking changes nothing else.
        """
        ...


class Policy(Protocol):
    """What acts on delivered readings."""

    def attach(self, inbox: Inbox, downlink: Downlink) -> None:
        """Subscribe to what the policy needs."""
        ...


class Model(Protocol):
    """A utility's part in a study, for one option."""

    @property
    def kpis(self) -> Sequence[Kpi]:
        """Every outcome a replication may record."""
        ...

    @property
    def yardsticks(self) -> Sequence[str]:
        """What options are judged by: the KPI that is told first, then a service if there is one.

        Both of the whole territory.
        """
        ...

    @property
    def requirements(self) -> Sequence[Requirement]:
        """What an option must reach in a world to be acceptable there; often nothing.

        Of the whole territory.
        """
        ...

    def check(self) -> Sequence[Text]:
        """Read every table the model needs, write nothing; return what a person should be told.

        Raises
        ------
        InputError
            Once, with every fault found.
        """
        ...

    def prepare(self, workspace: Workspace, say: Say) -> None:
        """Do once, before any replication, what does not depend on the dice; write it down."""
        ...

    def play(self, world: World) -> None:
        """Live one replication and record its KPIs in the world's recorder."""
        ...


class Crew(Protocol):
    """Workers at the ready, from one round of tasks to the next."""

    def play(self, tasks: Sequence[Task]) -> Iterator[Played]:
        """Yield what comes of each task, its part or its failure, in any order."""
        ...


class Executor(Protocol):
    """Where replications run. Results do not depend on it."""

    @property
    def name(self) -> str:
        """What the manifest calls it."""
        ...

    def crew(self, make_work: Callable[[], Callable[[Task], Part]]) -> AbstractContextManager[Crew]:
        """Open a crew, each of whose workers makes its work once; it is dismissed at the exit."""
        ...
