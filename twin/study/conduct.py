"""Conduct one study from its scenario file to its report.

Order: read and check everything, prepare each option once, play the replications (resuming what
an earlier run finished), then let each utility write its part of the answer. Nothing is written
under `results/` before the input has been found sound.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import InputError, ReplicationError
from twin.lang import Lang, Text
from twin.recorder import Part
from twin.scenario import Scenario, load_scenario
from twin.study.check import compose_checked
from twin.study.executors import InlineExecutor, ProcessExecutor
from twin.study.manifest import Manifest, input_hashes, tree_sha256
from twin.study.plan import Failure, StudyPlan, Task, tornado_tasks
from twin.study.replicate import run_study
from twin.study.store import Store
from twin.workspace import Workspace
from twin.world import compose, play

if TYPE_CHECKING:
    from twin.ports import Executor, Say
    from twin.study.progress import Progress


ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """A finished study: its scenario, where it lives and what was played."""

    scenario: Scenario
    folder: Path
    workspace: Workspace
    store: Store
    replications: int
    tornado_replications: int
    recommended: str
    quick: bool
    lang: Lang
    command: str
    durations_s: dict[str, float]
    notices: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Request:
    """What the caller asks of a study, beyond its scenario."""

    quick: bool = False
    workers: int = 1
    lang: Lang = Lang.FR
    results: Path = Path("results")
    command: str = ""


def make_work(path: Path, workspace: Workspace, *, quick: bool) -> Callable[[Task], Part]:
    """Return what plays a task: models are composed once per option and per process."""
    scenario = load_scenario(path, quick=quick)
    composed: dict[str, list[object]] = {}

    def work(task: Task) -> Part:
        if task.option not in composed:
            models = compose(scenario, task.option)
            for model in models:
                model.prepare(workspace, _mute)
            composed[task.option] = list(models)
        return play(scenario, composed[task.option], task, workspace)  # type: ignore[arg-type]

    return work


def _mute(_what: Text | str, _share: float) -> None:
    return


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
    is computed (they also stand in the run's `notices`).

    Raises
    ------
    InputError
        Bad input; nothing was written.
    ReplicationError
        At least one replication raised; the others are kept and a rerun plays only the missing.
    """
    durations: dict[str, float] = {}
    with _timed(durations, "read"):
        scenario = load_scenario(path, quick=request.quick)
        models, notices = compose_checked(scenario)
    for notice in notices:
        tell(notice)
    content = content_hash(scenario)
    folder = run_folder(scenario, content, request.results)
    workspace = Workspace(folder / "prepared", request.results / ".cache")
    with _timed(durations, "prepare"), _nothing_left(folder, request.results):
        for chosen in models.values():
            for model in chosen:
                model.prepare(workspace, say)
    study = scenario.study
    replications = study.quick_replications if request.quick else study.replications
    tornado = 1 if request.quick else min(study.tornado_replications, replications)
    recommended = recommend(scenario, workspace)
    plan = StudyPlan(
        tuple(option.id for option in scenario.options),
        replications,
        tornado_tasks(recommended, swinging(scenario), tornado),
    )
    store = Store(folder / "parts", content)
    with _timed(durations, "replicate"):
        result = run_study(
            plan,
            store,
            executor(request.workers),
            partial(make_work, path, workspace, quick=request.quick),
            progress,
        )
    if result.failures:
        raise ReplicationError(_failures_text(result.failures, len(result.finished)))
    run = Run(
        scenario=scenario,
        folder=folder,
        workspace=workspace,
        store=store,
        replications=replications,
        tornado_replications=tornado,
        recommended=recommended,
        quick=request.quick,
        lang=request.lang,
        command=request.command,
        durations_s=durations,
        notices=notices,
    )
    with _timed(durations, "report"):
        write_reports(run, say)
    write_manifest(run, request)
    return run


def write_manifest(run: Run, request: Request) -> None:
    """Write what it takes to rebuild the numbers beside them."""
    scenario = run.scenario
    Manifest(
        study=scenario.name,
        seed=scenario.study.seed,
        options=tuple(option.id for option in scenario.options),
        replications=run.replications,
        scenario_sha256=scenario.digest,
        inputs_sha256=input_hashes((*scenario.files, *scenario.inputs), ROOT),
        code_sha256=tree_sha256([ROOT / "twin", ROOT / "models"]),
        command=run.command,
        workers=request.workers,
        durations_s=run.durations_s,
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


def content_hash(scenario: Scenario) -> str:
    """Return what a run's parts depend on: the scenario, its tables, and the code itself."""
    code = tree_sha256([ROOT / "twin", ROOT / "models"])
    return hashlib.sha256(f"{scenario.digest} {code} {scenario.quick}".encode()).hexdigest()


def run_folder(scenario: Scenario, content: str, results: Path) -> Path:
    """Return the run's own folder: one per content, so nothing old is ever mixed in."""
    suffix = "-quick" if scenario.quick else ""
    return results / scenario.name / f"{content[:12]}{suffix}"


def executor(workers: int) -> Executor:
    """Return the executor for so many workers; 0 plays inline."""
    return InlineExecutor() if workers == 0 else ProcessExecutor(workers)


def _failures_text(failures: Sequence[Failure], finished: int) -> Text:
    first = failures[0]
    return Text(
        f"{len(failures)} réplication(s) en échec, {finished} gardées ; aucune moyenne n'est "
        f"publiée sans elles. Première : {first.task} : {first.error}\n{first.traceback}",
        f"{len(failures)} replication(s) failed, {finished} kept; no mean is published without "
        f"them. First: {first.task}: {first.error}\n{first.traceback}",
    )


@contextmanager
def _nothing_left(folder: Path, results: Path) -> Iterator[None]:
    """Where the input proves bad after all, take away what this run alone had begun to write."""
    if folder.exists():
        yield
        return
    try:
        yield
    except InputError:
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
