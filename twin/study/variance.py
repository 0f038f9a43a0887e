"""Sobol's indices and Morris's effects of a study's assumptions, played through its executor.

Every run of a design is a task of the study: an option, a set of dice, every uncertain figure held
at a quantile. Its parts stand beside the study's, so a design that was interrupted is taken up, and
one asked again costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.decide.morris import Effect, morris, morris_design
from twin.decide.sobol import Indices, sobol, sobol_design
from twin.errors import Fault, InputError, ReplicationError
from twin.lang import Lang, Text
from twin.scenario import Scenario
from twin.scenario.keys import unknown_key
from twin.study.check import directions_of
from twin.study.conduct import Request, executor
from twin.study.incomplete import failures_text
from twin.study.occupancy import occupied
from twin.study.opened import open_scenario
from twin.study.plan import Task
from twin.study.replicate import Rounds, run_rounds
from twin.study.standing import asked
from twin.study.store import Store

if TYPE_CHECKING:
    from twin.ports import Say
    from twin.study.progress import Progress

_SHARE_DIGITS = 12
"""Quantiles are written in file names' hashes and SQL text: rounded, they read back the same."""


@dataclass(frozen=True)
class Asked:
    """What is asked: of which option and outcome, by which method, with how many rows.

    Attributes
    ----------
    rows : int
        Sobol: n of n (d + 2) runs, a power of two; Morris: trajectories of d + 1 runs.
    option, kpi : str
        Empty: the first option that may answer; the question's first yardstick.
    """

    method: str
    rows: int
    option: str = ""
    kpi: str = ""


@dataclass(frozen=True)
class Spread:
    """What a design found; one of `indices` and `effects` is empty."""

    scenario: Scenario
    folder: Path
    option: str
    kpi: str
    runs: int
    indices: tuple[Indices, ...] = ()
    effects: tuple[Effect, ...] = ()


def spread_of(
    path: Path, asked_for: Asked, request: Request, progress: Progress, say: Say,
    tell: Callable[[Text], None] = lambda _notice: None,
) -> Spread:  # fmt: skip
    """Play the design and return what it found.

    Raises
    ------
    InputError
        Bad input, an unknown option or outcome, or rows that make no design.
    ReplicationError
        A run of the design raised: every index would be wrong without it.
    """
    opened = open_scenario(path, request.results, quick=request.quick, tell=tell)
    scenario, folder = opened.scenario, opened.folder
    option = scenario.option(asked_for.option or asked(scenario)[0].id).id
    known = directions_of(opened.models)
    kpi = asked_for.kpi or opened.models[option][0].yardsticks[0]
    if kpi not in known:
        raise InputError(unknown_key(kpi, known, "--kpi", path, kpi))
    names = tuple(name for name, prior in scenario.assumptions.items() if not prior.is_certain)
    design = _design(asked_for, names, scenario.study.seed)
    tasks = [
        Task(option, replication, tuple(zip(names, _rounded(row), strict=True)))
        for replication, row in design.runs()
    ]
    with occupied(folder):
        # Beside the study's own parts: the report never reads these.
        store = Store(folder / "spread", opened.content)
        opened.prepare(say, (option,))
        result = run_rounds(
            _once(tasks),
            store,
            executor(request),
            opened.recipe,
            progress,
            lambda fault: tell(Text(fault.say(Lang.FR), fault.say(Lang.EN))),
        )
        if result.failures:
            raise ReplicationError(failures_text(result.failures, len(result.finished)))
        outcome = _outcome(store, tasks, kpi)
    spread = Spread(scenario, folder, option, kpi, len(tasks))
    return design.found(spread, outcome)


@dataclass(frozen=True)
class _SobolRuns:
    """A Sobol design as runs: A, B, then A with each column of B."""

    names: tuple[str, ...]
    n: int
    seed: int

    def runs(self) -> Iterator[tuple[int, NDArray[np.float64]]]:
        design = sobol_design(self.names, self.n, self.seed)
        yield from enumerate(design.a)
        yield from enumerate(design.b, self.n)  # dice of their own: one more unknown
        for column in range(len(self.names)):
            yield from enumerate(design.mixed(column))

    def found(self, spread: Spread, outcome: NDArray[np.float64]) -> Spread:
        a, b, *mixed = np.split(outcome, len(self.names) + 2)
        return _with(spread, indices=sobol(self.names, a, b, np.array(mixed)))


@dataclass(frozen=True)
class _MorrisRuns:
    """A Morris design as runs: each trajectory throws dice of its own."""

    names: tuple[str, ...]
    trajectories: int
    seed: int

    def runs(self) -> Iterator[tuple[int, NDArray[np.float64]]]:
        steps = len(self.names) + 1
        for number, row in enumerate(morris_design(self.names, self.trajectories, self.seed)):
            yield number // steps, row

    def found(self, spread: Spread, outcome: NDArray[np.float64]) -> Spread:
        design = morris_design(self.names, self.trajectories, self.seed)
        return _with(spread, effects=morris(self.names, design, outcome))


def _with(
    spread: Spread, indices: tuple[Indices, ...] = (), effects: tuple[Effect, ...] = ()
) -> Spread:
    return Spread(spread.scenario, spread.folder, spread.option, spread.kpi, spread.runs,
                  tuple(sorted(indices, key=lambda each: -each.total.mean)),
                  tuple(sorted(effects, key=lambda each: -each.mu_star.mean)))  # fmt: skip


def _design(asked_for: Asked, names: tuple[str, ...], seed: int) -> _SobolRuns | _MorrisRuns:
    rows = asked_for.rows
    sobol_like = asked_for.method == "sobol"
    if not names or rows < 2 or (sobol_like and rows & (rows - 1)):  # noqa: PLR2004 - one row has no variance
        raise InputError(
            Fault(
                Text("une puissance de 2 d'au moins 2", "a power of 2 of at least 2")
                if sobol_like
                else Text("au moins 2 trajectoires", "at least 2 trajectories"),
                Text("écrire par exemple --rows 64", "write, say, --rows 64"),
                key="--rows",
                value=str(rows),
            )
        )
    return _SobolRuns(names, rows, seed) if sobol_like else _MorrisRuns(names, rows, seed)


def _rounded(row: NDArray[np.float64]) -> list[float]:
    return [round(float(share), _SHARE_DIGITS) for share in row]


def _once(tasks: Sequence[Task]) -> Rounds[None]:
    # Rows may meet the same point: each task is played once.
    yield tuple(dict.fromkeys(tasks))


def _outcome(store: Store, tasks: Sequence[Task], kpi: str) -> NDArray[np.float64]:
    """Return the outcome of each task, of the whole territory.

    Raises
    ------
    InputError
        A run has no value of it.
    """
    told = store.pinned_outcome(kpi, "")
    values = np.array([told.get(task, np.nan) for task in tasks])
    if not np.isfinite(values).all():
        raise InputError(
            Fault(
                Text(
                    "un indicateur du territoire entier qui a une valeur dans chaque simulation",
                    "an outcome of the whole territory that has a value in every run",
                ),
                Text("en choisir un autre avec --kpi", "choose another with --kpi"),
                key="--kpi",
                value=kpi,
            )
        )
    return values
