"""Known truths of the kernel: statistics, choices, money, roads and routes."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from twin.oracle import Oracle


def oracles() -> Iterator[Oracle]:
    """Yield the oracles of every file of this folder, by name."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        yield from import_module(f"{__name__}.{found.name}").oracles()
