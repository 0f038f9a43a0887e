"""Work that spends a second of CPU and no more, light to import on workers."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from twin.recorder import Part
from twin.study.plan import Task

TASK_S = 1.0


def burn(task: Task) -> Part:
    """Spend a second of CPU."""
    until = time.process_time() + TASK_S
    while time.process_time() < until:
        sum(range(1_000))
    return Part(np.array(["k"]), np.array([""]), np.array([float(task.replication)]))


def make_burning() -> Callable[[Task], Part]:
    """Return the work."""
    return burn
