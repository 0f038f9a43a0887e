"""Conduct one study from its scenario file to its report.

Order: read and check everything, prepare each option once, play the replications (resuming what
an earlier run finished), then let each utility write its part of the answer. Nothing is written
under `results/` before the input has been found sound.
"""

from __future__ import annotations

import shlex
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import InputError, ReplicationError
from twin.lang import Lang, Text
from twin.scenario import Scenario
from twin.study.check import directions_of
from twin.study.duck import Table
from twin.study.executors import InlineExecutor, ProcessExecutor
from twin.study.incomplete import FAILURES, failures_text, write_incomplete
from twin.study.manifest import ROOT, Manifest, code_sha256, input_hashes
from twin.study.occupancy import occupied
from twin.study.opened import Opened, open_scenario
from twin.study.plan import Failure, tornado_tasks
from twin.study.replicate import run_rounds
from twin.study.rules import Rules, Verdict
from twin.study.standing import asked
from twin.study.store import Store
from twin.workspace import Workspace

if TYPE_CHECKING:
    from twin.ports import Executor, Say
    from twin.study.progress import Progress


@dataclass(frozen=True)
class Run:
    """A study being run, then finished: its scenario, where it lives and what was played.

    `verdict` says where it stopped and why; None until everything is played.
    """

    scenario: Scenario
    folder: Path
    workspace: Workspace
    store: Store
    lang: Lang
    command: str
    durations_s: dict[str, float]
    notices: tuple[Text, ...] = ()
    tornado_replications: int = 0
    recommended: str = ""
    verdict: Verdict | None = None

    @property
    def quick(self) -> bool:
        """Whether the answer is the rough one."""
        return self.scenario.quick

    @cached_property
    def table(self) -> Table:
        """Return the rows of the worlds that every option met, sensitivity runs included.

        A selection plays some options further: comparing those worlds with none would be unfair.
        """
        rows = self.store.table()
        met = rows["replication"] < self.replications
        return {name: column[met] for name, column in rows.items()}

    @property
    def again(self) -> str:
        """Return the command that gives this page again, wherever its runs are played.

        How many workers, which cluster or folder: none of it moves a number, so none of it is here.
        """
        words = ["python", "run.py", "study", self.scenario.path.as_posix()]
        words += ["--quick"] if self.quick else []
        words += ["--lang", self.lang.value] if self.lang is not Lang.FR else []
        return shlex.join(words)

    @property
    def replications(self) -> int:
        """Return how many replications every option was given."""
        return 0 if self.verdict is None else self.verdict.stop.replications


@dataclass(frozen=True)
class Request:
    """What the caller asks of a study, beyond its scenario.

    `cluster` is a Dask scheduler's address, `scheduler_file` the file it wrote; either takes the
    place of `workers`. `anew` forgets what an earlier run of the same study played.
    """

    quick: bool = False
    workers: int = 1
    lang: Lang = Lang.FR
    results: Path = Path("results")
    command: str = ""
    cluster: str = ""
    scheduler_file: Path | None = None
    anew: bool = False


def _keep_quiet(_notice: Text) -> None:
    return


def conduct(
    path: Path,
    request: Request,
    progress: Progress,
    say: Say,
    tell: Callable[[Text], None] = _keep_quiet,
) -> Run:
    """Run the study at `path` and write `results/<study>/<run>/`.

    `say` follows what is being prepared; `tell` receives each notice on the input, before anything
    is computed (they also stand in the run's `notices`), and each damaged part that is set aside.

    Raises
    ------
    InputError
        Bad input; nothing was written.
    ReplicationError
        At least one replication raised; the others are kept, the page tells which failed, and a
        rerun plays only the missing.
    RunError
        The disk refused, or the cluster is lost; what was written is intact.
    """
    durations: dict[str, float] = {}
    with _timed(durations, "read"):
        opened = open_scenario(path, request.results, quick=request.quick, tell=tell)
    fresh = not opened.folder.exists()
    with occupied(opened.folder, anew=request.anew):
        with (
            _timed(durations, "prepare"),
            _nothing_left(opened.folder, request.results, fresh),
        ):
            opened.prepare(say)
        run = Run(
            scenario=opened.scenario,
            folder=opened.folder,
            workspace=opened.workspace,
            store=Store(opened.folder / "parts", opened.content),
            lang=request.lang,
            command=request.command,
            durations_s=durations,
            notices=opened.notices,
        )
        return _answered(_played(run, opened, request, progress, tell), request, say)


def _played(
    run: Run,
    opened: Opened,
    request: Request,
    progress: Progress,
    tell: Callable[[Text], None],
) -> Run:
    """Play what is missing and return the run with its verdict."""
    scenario = run.scenario
    study = scenario.study
    floor = study.quick_replications if scenario.quick else study.replications
    tornado = 1 if scenario.quick else min(study.tornado_replications, floor)
    recommended = recommend(scenario, run.workspace)
    rules = Rules(
        study=study,
        options=tuple(option.id for option in scenario.options),
        candidates=tuple(option.id for option in asked(scenario)),
        directions=directions_of(opened.models),
        extra=tornado_tasks(recommended, swinging(scenario), tornado),
        quick=scenario.quick,
    )
    with _timed(run.durations_s, "replicate"):
        result = run_rounds(
            rules.rounds(run.store.outcome),
            run.store,
            executor(request),
            opened.recipe,
            progress,
            lambda fault: tell(Text(fault.say(Lang.FR), fault.say(Lang.EN))),
        )
    if result.verdict is None:
        write_incomplete(
            scenario, result.failures, len(result.finished), run.folder, run.lang, run.again
        )
        write_manifest(run, request, result.failures)
        raise ReplicationError(failures_text(result.failures, len(result.finished)))
    return replace(
        run, tornado_replications=tornado, recommended=recommended, verdict=result.verdict
    )


def _answered(run: Run, request: Request, say: Say) -> Run:
    """Write the answer and the manifest of a run that was played."""
    (run.folder / FAILURES).unlink(missing_ok=True)
    with _timed(run.durations_s, "report"):
        write_reports(run, say)
    write_manifest(run, request)
    return run


def write_manifest(run: Run, request: Request, failures: Sequence[Failure] = ()) -> None:
    """Write what it takes to rebuild the numbers beside them."""
    scenario = run.scenario
    Manifest(
        study=scenario.name,
        scenario=scenario.path.as_posix(),
        quick=scenario.quick,
        seed=scenario.study.seed,
        options=tuple(option.id for option in scenario.options),
        replications=run.replications,
        stopped_by=run.verdict.stop.why.value if run.verdict else "failures",
        chosen=()
        if run.verdict is None or run.verdict.chosen is None
        else run.verdict.chosen.survivors,
        scenario_sha256=scenario.digest,
        inputs_sha256=input_hashes((*scenario.files, *scenario.inputs), ROOT),
        code_sha256=code_sha256(),
        command=run.command,
        executor=executor(request).name,
        durations_s=run.durations_s,
        ended=datetime.now(UTC).isoformat(timespec="seconds"),
        failures=tuple(f"{each.task}: {each.error}" for each in failures),
    ).write(run.folder / "manifest.json")


def recommend(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers the question, as the first utility of the scenario judges."""
    package = next(iter(scenario.models.values()))
    return str(import_module(f"{package}.model").recommend(scenario, workspace))


def swinging(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return the two quantiles each uncertain figure is held at in turn."""
    return {
        name: prior.tornado_quantiles
        for name, prior in sorted(scenario.assumptions.items())
        if not prior.is_certain
    }


def write_reports(run: Run, say: Say) -> None:
    """Let each utility write its part of the answer into the run's folder."""
    for package in run.scenario.models.values():
        import_module(f"{package}.answer").write(run, say)


def executor(request: Request) -> Executor:
    """Return where the request wants replications played; 0 workers: inline."""
    if request.cluster or request.scheduler_file is not None:
        from twin.study.executors.cluster import ClusterExecutor

        return ClusterExecutor(request.cluster, request.scheduler_file)
    return InlineExecutor() if request.workers == 0 else ProcessExecutor(request.workers)


@contextmanager
def _nothing_left(folder: Path, results: Path, fresh: bool) -> Iterator[None]:
    """Where the input proves bad after all, take away what a fresh run had begun to write."""
    try:
        yield
    except InputError:
        if not fresh:
            raise
        shutil.rmtree(folder, ignore_errors=True)
        # Only folders that this left empty: other runs of the same study stay.
        for parent in (folder.parent, results):
            with suppress(OSError):
                parent.rmdir()
        raise


class _timed:  # noqa: N801 - reads as a verb at its use
    """Adds the seconds a block takes to a dictionary."""

    def __init__(self, durations: dict[str, float], name: str) -> None:
        self._durations, self._name = durations, name

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._durations[self._name] = time.perf_counter() - self._start
