"""An order of cuts, and its blocks of falling value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.water.network.network import Ints


@dataclass(frozen=True)
class Cut:
    """One step of the order.

    Attributes
    ----------
    links : tuple of int
        What is metered: all links to sources of an area, or one bridge.
    gain : float
        Yearly cost saved by this step, in the unit of the loss. Below zero where it pays only
        together with the next ones: one meter on a town is worth little, ten are.
    km, homes : float
        Of the new district.
    """

    links: tuple[int, ...]
    gain: float
    km: float
    homes: float


@dataclass(frozen=True, eq=False)
class CutOrder:
    """Cuts in the order they are worth making, and the yearly cost with none of them.

    After the first n cuts there are n watched districts.
    """

    cuts: tuple[Cut, ...]
    loss_before: float

    def metered(self, count: int) -> Ints:
        """Return the links metered by the first `count` cuts."""
        links = [link for cut in self.cuts[:count] for link in cut.links]
        return np.array(sorted(links), dtype=np.int32)

    def loss_after(self, count: int) -> float:
        """Return the yearly cost with the first `count` cuts."""
        return self.loss_before - sum(cut.gain for cut in self.cuts[:count])


@dataclass(frozen=True)
class Bundle:
    """Cuts of one sequence made together.

    `owner` is the sequence; `cuts` how many of it are made afterwards; `meters` and `gain` what the
    bundle alone takes and saves.
    """

    owner: int
    cuts: int
    meters: int
    gain: float


def bundles(owner: int, cuts: Sequence[Cut]) -> list[Bundle]:
    """Return a sequence in blocks of strictly falling saving by meter: its concave envelope.

    What follows the best prefix is left out.
    """
    blocks: list[Bundle] = []
    for count, cut in enumerate(cuts, start=1):
        block = Bundle(owner, count, len(cut.links), cut.gain)
        while blocks and blocks[-1].gain * block.meters <= block.gain * blocks[-1].meters:
            last = blocks.pop()
            block = Bundle(owner, count, last.meters + block.meters, last.gain + block.gain)
        blocks.append(block)
    return [block for block in blocks if block.gain > 0.0]


def by_value(sequences: Sequence[Sequence[Cut]]) -> Iterator[Bundle]:
    """Return the blocks of all sequences, most saved by meter first."""
    every = [block for owner, cuts in enumerate(sequences) for block in bundles(owner, cuts)]
    yield from sorted(every, key=lambda b: (-b.gain / b.meters, b.owner, b.cuts))
