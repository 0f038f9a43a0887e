"""The composition root: scenario + option + task -> a wired world. The only place that knows all.

A :class:`World` is what one replication lives in: its dice, its uncertain figures (drawn once per
replication, the same for every option, or pinned for a sensitivity run) and its recorder. Models
that need time open the calendar clock; a purely spatial model never starts one.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from twin.decide.priors import Prior
from twin.errors import Fault, ScenarioError
from twin.event_log import EventLog
from twin.lang import Text
from twin.links import LinkContext, make_link
from twin.ports import Link, Model
from twin.recorder import Part, Recorder
from twin.scenario import Scenario
from twin.streams import Streams
from twin.study.plan import Task
from twin.workspace import Workspace


@dataclass(frozen=True)
class World:
    """One replication of one option: dice, uncertain figures, links, recorder.

    `workspace` holds what was prepared; None where nothing was. `log` follows what happens; None in
    a study.
    """

    scenario: Scenario
    task: Task
    streams: Streams
    recorder: Recorder
    workspace: Workspace | None = None
    log: EventLog | None = None

    def assume(self, name: str) -> float:
        """Return this replication's value of the uncertain figure `name`.

        Drawn by the figure's own named stream, hence the same in every option; a pinned task
        replaces the draw by a quantile and leaves all other dice alone.
        """
        prior = prior_named(self.scenario.assumptions, name, self.scenario.path)
        pins = dict(self.task.pins)
        if name in pins:
            return prior.quantile(pins[name])
        return prior.quantile(self.streams.uniform("assumptions", name))

    def link(self, name: str) -> Link:
        """Return the option's link called `name`: fresh at each call, on this replication's dice.

        Register the fleets, then start it on a clock.

        Raises
        ------
        InputError
            No link of that name in the option; or what the link's package refuses.
        """
        named = self.scenario.option(self.task.option).link(name)
        cache = None if self.workspace is None else self.workspace.cache
        return make_link(named, LinkContext(self.scenario, self.streams, self.assume, cache))


def prior_named(assumptions: Mapping[str, Prior], name: str, file: Path) -> Prior:
    """Return the prior called `name`, or say which row the assumptions table lacks."""
    if name in assumptions:
        return assumptions[name]
    raise ScenarioError(
        Fault(
            expected=Text(f"une ligne « {name} »", f"a row '{name}'"),
            remedy=Text(
                "l'ajouter à la table (modèle : scenarios/indre/assumptions.csv)",
                "add it to the table (pattern: scenarios/indre/assumptions.csv)",
            ),
            file=str(file),
            key="assumptions.table",
            value="",
        )
    )


def compose(scenario: Scenario, option_id: str) -> list[Model]:
    """Return the models of one option, found by the dotted names in the scenario."""
    option = scenario.option(option_id)
    return [
        importlib.import_module(f"{package}.model").build(scenario, option)
        for package in scenario.models.values()
    ]


def play(
    scenario: Scenario,
    models: Sequence[Model],
    task: Task,
    workspace: Workspace | None = None,
    log: EventLog | None = None,
) -> Part:
    """Live one replication and return its part; `workspace` holds what the models prepared."""
    recorder = Recorder(kpi for model in models for kpi in model.kpis)
    world = World(
        scenario=scenario,
        task=task,
        streams=Streams(scenario.study.seed, task.replication),
        recorder=recorder,
        workspace=workspace,
        log=log,
    )
    for model in models:
        model.play(world)
    return recorder.part()
