"""How long to look: counts that repeat on any machine, or a CPU limit that does not."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Effort:
    """Limits in counts of work: with them alone, the same seed gives the same bits.

    Parameters
    ----------
    moves
        Local-search moves.
    nodes
        Branch-and-bound nodes over all rungs; 0 leaves the bound to the linear relaxation.
    """

    moves: int = 50_000
    nodes: int = 200


QUICK = Effort(moves=20_000, nodes=0)
STUDY = Effort()
DEEP = Effort(moves=500_000, nodes=1_000_000)


@dataclass(eq=False)
class Meter:
    """What is left of an effort, and of the CPU seconds if they are limited."""

    nodes_left: int
    limit_s: float | None = None
    timed_out: bool = False
    start_s: float = field(default_factory=time.process_time)

    @property
    def elapsed_s(self) -> float:
        """CPU seconds of the process since the start."""
        return time.process_time() - self.start_s

    @property
    def seconds_left(self) -> float | None:
        """CPU seconds left, or None without a limit."""
        return None if self.limit_s is None else max(self.limit_s - self.elapsed_s, 0.0)

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        if self.seconds_left is not None and self.seconds_left <= 0.0:
            self.timed_out = True
        return self.nodes_left <= 0 or self.timed_out

    def count(self, nodes: int, timed_out: bool) -> None:
        """Account for one run; a rung costs one node at least."""
        self.nodes_left -= max(nodes, 1)
        self.timed_out = self.timed_out or timed_out

    def exhaust(self) -> None:
        """Give up the nodes that are left: a run ended before its end."""
        self.nodes_left = 0
