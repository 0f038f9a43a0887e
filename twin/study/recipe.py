"""How a worker makes its work: read the scenario, compose each option once, play what is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twin.lang import Text
from twin.ports import Model
from twin.recorder import Part
from twin.scenario import load_scenario
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import compose, play


def make_work(path: Path, workspace: Workspace, *, quick: bool) -> Callable[[Task], Part]:
    """Return what plays a task: models are composed once per option and per process."""
    scenario = load_scenario(path, quick=quick)
    composed: dict[str, list[Model]] = {}

    def work(task: Task) -> Part:
        if task.option not in composed:
            models = compose(scenario, task.option)
            for model in models:
                model.prepare(workspace, mute)
            composed[task.option] = models
        return play(scenario, composed[task.option], task, workspace)

    return work


def mute(_what: Text | str, _share: float) -> None:
    """Follow what is being prepared without a word."""
