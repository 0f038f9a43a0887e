"""Every link of the house, made and started alike, so that each law is tested on each of them.

To join, a link adds one :class:`LinkCase` to `CASES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.make import make_link
from models.links.none import NoLink
from models.links.settings import Settings
from twin.clock import Clock
from twin.ports import Link
from twin.signals import Fleet
from twin.streams import Streams

DELAY_S = 37.5
"""Of the constant link: more than a short window and less than a long one."""


class LinkFactory(Protocol):
    """Makes a link that carries `fleets` and is started on `clock`."""

    def __call__(
        self,
        clock: Clock,
        streams: Streams,
        fleets: Sequence[Fleet],
        loss: float,
        window_s: float,
    ) -> Link:
        """Return the link; `loss` in [0, 1] makes it worse: 0 is its best, 1 lets nothing pass."""
        ...


@dataclass(frozen=True)
class LinkCase:
    """One link under test, and which laws concern it.

    `airtime_s` is the least time from sampling to reception, `delay_s` the most (a run lasts that
    much longer than what it looks at). `ideal`: loses nothing whatever the loss asked for.
    `crowded`: devices disturb one another, so that a frame more may cost another its delivery, and
    one reading may be several frames.
    """

    name: str
    make: LinkFactory
    airtime_s: float = 0.0
    delay_s: float = 0.0
    ideal: bool = False
    crowded: bool = False


def started(link: Link, clock: Clock, fleets: Sequence[Fleet]) -> Link:
    """Return the link with its fleets, started."""
    for fleet in fleets:
        link.uplink.register(fleet)
    link.start(clock)
    return link


def _none(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    return started(NoLink(streams, window_s), clock, fleets)


def _ideal(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    return started(IdealLink(streams, window_s), clock, fleets)


def _constant(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    return started(ConstantLink(streams, loss, DELAY_S, window_s), clock, fleets)


def _scenario(
    clock: Clock, streams: Streams, fleets: Sequence[Fleet], loss: float, window_s: float
) -> Link:
    settings = Settings(kind="constant", loss_share=loss, window_s=window_s)
    return started(make_link(settings, streams), clock, fleets)


CASES: tuple[LinkCase, ...] = (
    LinkCase("none", _none),
    LinkCase("ideal", _ideal, ideal=True),
    LinkCase("constant", _constant, airtime_s=DELAY_S, delay_s=DELAY_S),
    LinkCase("constant-without-delay", _scenario),
)
