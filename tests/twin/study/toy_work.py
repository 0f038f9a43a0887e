"""Work that worker processes can import: small, keyed, and sometimes broken on purpose."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from twin.errors import Fault, ScenarioError
from twin.lang import same
from twin.recorder import Kpi, Part, Recorder
from twin.streams import Streams
from twin.study.plan import Task

KPIS = (Kpi("cost_eur", same("cost"), "€"), Kpi("share", same("share"), "1", may_be_missing=True))
ZONES = tuple(f"zone {number}" for number in range(20))


@dataclass(frozen=True)
class MakeToy:
    """Makes the toy work; `raises` and `kills` name replications that fail.

    Each task that begins adds a line to the file `begun`, if there is one.
    """

    seed: int = 1
    raises: tuple[int, ...] = ()
    kills: tuple[int, ...] = ()
    kill_once: Path | None = None
    seconds: float = 0.0
    environment: tuple[str, ...] = field(default=())
    begun: Path | None = None

    def __call__(self) -> Callable[[Task], Part]:
        """Return the work."""
        return self.play

    def play(self, task: Task) -> Part:
        """Play one task."""
        if self.begun is not None:
            with self.begun.open("a", encoding="utf-8") as lines:
                lines.write(f"{task}\n")
        if task.replication in self.raises:
            raise ZeroDivisionError(f"replication {task.replication} divides by zero")
        if task.replication in self.kills:
            self._die()
        if self.seconds:
            time.sleep(self.seconds)
        dice = Streams(self.seed, task.replication)
        pinned = dict(task.pins)
        price = pinned.get("price", dice.uniform("toy", "price"))
        noise = dice.generator("toy", "noise").normal(size=len(ZONES))
        recorder = Recorder(KPIS)
        recorder.kpi("cost_eur", 100.0 * price + len(task.option) + float(noise.sum()))
        recorder.by_zone("share", ZONES, noise)
        recorder.kpi("share", float("nan"), "nowhere")
        for number, name in enumerate(self.environment):
            recorder.kpi("share", float(os.environ.get(name, "nan")), f"environment {number}")
        return recorder.part()

    def _die(self) -> None:
        if self.kill_once is not None:
            if self.kill_once.exists():
                return
            self.kill_once.touch()
        os._exit(9)


def cannot_start() -> Callable[[Task], Part]:
    """Fail before any task."""
    raise LookupError("no terrain here")


def bad_input() -> Callable[[Task], Part]:
    """Meet bad input before any task."""
    raise ScenarioError(Fault(same("a terrain"), same("add one"), key="terrain"))
