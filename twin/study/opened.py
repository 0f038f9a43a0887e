"""A scenario read, checked and placed: what every command that plays its runs begins with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from twin.lang import Text
from twin.ports import Model, Say
from twin.recorder import Part
from twin.scenario import Scenario, load_scenario
from twin.study.check import compose_checked
from twin.study.manifest import code_sha256
from twin.study.plan import Task
from twin.study.recipe import make_work
from twin.workspace import Workspace


@dataclass(frozen=True)
class Opened:
    """A sound scenario, its models by option, and the folder that its content names.

    Attributes
    ----------
    content : str
        Hash of what a run's parts depend on: the scenario, its tables, and the code itself. One
        folder per content: nothing old is ever mixed in.
    """

    scenario: Scenario
    models: Mapping[str, Sequence[Model]]
    notices: tuple[Text, ...]
    content: str
    folder: Path
    workspace: Workspace

    def prepare(self, say: Say, options: Sequence[str] | None = None) -> None:
        """Let the models of some options, or of all, do what does not depend on the dice."""
        for option in self.models if options is None else options:
            for model in self.models[option]:
                model.prepare(self.workspace, say)

    @property
    def recipe(self) -> Callable[[], Callable[[Task], Part]]:
        """Return how a worker makes its work, from whatever folder it runs in."""
        scenario = self.scenario
        return partial(
            make_work, scenario.path.resolve(), self.workspace.absolute(), quick=scenario.quick
        )


def open_scenario(
    path: Path, results: Path, *, quick: bool, tell: Callable[[Text], None] | None = None
) -> Opened:
    """Return the scenario at `path`, found sound; `tell` receives each notice on the input.

    Raises
    ------
    InputError
        Bad input; nothing was written.
    """
    scenario = load_scenario(path, quick=quick)
    models, notices = compose_checked(scenario)
    for notice in notices if tell is not None else ():
        tell(notice)  # type: ignore[misc]
    content = content_hash(scenario)
    folder = results / scenario.name / f"{content[:12]}{'-quick' if quick else ''}"
    workspace = Workspace(folder / "prepared", results / ".cache")
    return Opened(scenario, models, notices, content, folder, workspace)


def content_hash(scenario: Scenario) -> str:
    """Return what a run's parts depend on: the scenario, its tables, and the code itself."""
    text = f"{scenario.digest} {code_sha256()} {scenario.quick}"
    return hashlib.sha256(text.encode()).hexdigest()
