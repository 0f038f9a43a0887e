"""`run.py warm`: compile every kernel once; keep nothing else.

Compiled code is cached beside the sources; `make` runs this after installing, so that the first
study is not the one that waits for the compiler. A utility says what to compile in its `warm.py`:
`JOBS`, functions without arguments that may run side by side.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import typer

from twin.cli.language import say

MODELS = Path(__file__).resolve().parents[2] / "models"
MOST_AT_ONCE = 4


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "warm",
        help=say(
            "Compiler une fois pour toutes ce que les études calculent.",
            "Compile once and for all what studies compute.",
        ),
    )(warm)


def warm() -> None:
    """Compile on every core."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    workers = min(os.cpu_count() or 1, MOST_AT_ONCE)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(job) for job in jobs()]:
            done.result()
    typer.echo("ok")


def jobs() -> list[Callable[[], None]]:
    """Return what is to be compiled, the kernel's first."""
    import importlib

    from twin.routing.warm import warm as compile_routing

    found: list[Callable[[], None]] = [compile_routing]
    for file in sorted(MODELS.glob("*/warm.py")):
        found += importlib.import_module(f"models.{file.parent.name}.warm").JOBS
    return found
