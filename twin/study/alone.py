"""One replication played alone, from its key: to check a number, or to follow what happened.

It meets the dice it met in the study, so its rows are the same bits; what an earlier run kept of it
is compared, not used. Years that options share are lived again, in a workspace of its own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from twin.errors import Fault, InputError
from twin.event_log import EventLog
from twin.lang import Text
from twin.ports import Say
from twin.recorder import Kpi, Part
from twin.scenario.keys import unknown_key
from twin.study.opened import open_scenario
from twin.study.plan import Task
from twin.study.store import Store
from twin.workspace import Workspace
from twin.world import play

_LIVED = "years"
"""What is lived again rather than read: see :mod:`twin.study.kept`."""


@dataclass(frozen=True)
class Alone:
    """A replication played alone.

    Attributes
    ----------
    kept : Part or None
        What the study kept of it; None where it has not played it, or other code did.
    log : EventLog
        What happened, empty unless it was asked for.
    """

    task: Task
    part: Part
    kept: Part | None
    kpis: dict[str, Kpi]
    log: EventLog

    @property
    def is_same(self) -> bool:
        """Tell whether it equals what was kept, bit for bit."""
        return self.kept is not None and (
            self.part.value.tobytes() == self.kept.value.tobytes()
            and self.part.kpi.tolist() == self.kept.kpi.tolist()
            and self.part.zone.tolist() == self.kept.zone.tolist()
        )


def play_alone(
    path: Path, task: Task, results: Path, say: Say, *, quick: bool = False, follow: bool = False
) -> Alone:
    """Return one replication of the study at `path`, played here and now.

    Raises
    ------
    InputError
        Bad input, an option or a pinned assumption the scenario does not have.
    """
    opened = open_scenario(path, results, quick=quick)
    scenario = opened.scenario
    models = opened.models[scenario.option(task.option).id]
    for name, _ in task.pins:
        if name not in scenario.assumptions:
            raise InputError(unknown_key(name, scenario.assumptions, "--pin", path, name))
    log = EventLog()
    with _workspace(opened.workspace) as workspace:
        for model in models:
            model.prepare(workspace, say)
        part = play(scenario, models, task, workspace)
        if follow:
            # Lived once more to be told: compiled years keep no log, and their twins on the clock
            # may differ in a last bit. The numbers are the first life's.
            shutil.rmtree(workspace.folder / _LIVED, ignore_errors=True)
            play(scenario, models, task, workspace, log)
    store = Store(opened.folder / "parts")
    kept = store.part(task) if store.has(task) else None
    kpis = {kpi.name: kpi for model in models for kpi in model.kpis}
    return Alone(task, part, kept, kpis, log)


def scenario_of(place: Path) -> tuple[Path, bool]:
    """Return the scenario file that `place` stands for, and whether its study was a quick one.

    `place` is that file itself, or the folder of a finished run.

    Raises
    ------
    InputError
        A folder without a manifest.
    """
    if not place.is_dir():
        return place, False
    import json

    try:
        told = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        return Path(str(told["scenario"])), bool(told["quick"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            Fault(
                Text("un scénario .toml ou le dossier d'une étude finie",
                     "a .toml scenario or the folder of a finished study"),
                Text("nommer results/<étude>/<run>", "name results/<study>/<run>"),
                key="STUDY",
                value=str(place),
            )
        ) from error  # fmt: skip


@contextmanager
def _workspace(study: Workspace) -> Iterator[Workspace]:
    """Yield a workspace that holds what a study prepared, without the years it lived."""
    with tempfile.TemporaryDirectory(prefix="replicate-") as folder:
        own = Path(folder) / "prepared"
        if study.folder.is_dir():
            shutil.copytree(study.folder, own, ignore=shutil.ignore_patterns(_LIVED, ".*"))
        yield Workspace(own, study.cache)
