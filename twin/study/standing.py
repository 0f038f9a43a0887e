"""What options cost in the most expected world, kept to name the one that answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from twin.files import write_atomically
from twin.lang import Text
from twin.ports import Say
from twin.scenario import Option, Scenario
from twin.workspace import Workspace


def cheapest(scenario: Scenario, workspace: Workspace) -> str:
    """Return the option that answers: the cheapest of those asked, in the most expected world."""
    costs = {option.id: _cost_eur(workspace, option.id) for option in asked(scenario)}
    return min(costs, key=lambda option: costs[option])


def asked(scenario: Scenario) -> list[Option]:
    """Return the options that may answer; all where none says so."""
    return [option for option in scenario.options if option.answers] or list(scenario.options)


def keep_standing(
    scenario: Scenario,
    option: Option,
    workspace: Workspace,
    say: Say,
    total_eur: Callable[[], float],
) -> None:
    """Write down what an option costs in the most expected world, once, if it may answer."""
    file = _file(workspace, option.id)
    if file.is_file() or all(option.id != each.id for each in asked(scenario)):
        return
    what = Text(f"monde moyen : {option.name.fr}", f"usual world: {option.name.en}")
    say(what, 0.0)
    found = total_eur()
    with write_atomically(file, "w") as handle:
        json.dump({"total_eur": found}, handle)
    say(what, 1.0)


def _file(workspace: Workspace, option: str) -> Path:
    return workspace.folder / f"standing-{option}.json"


def _cost_eur(workspace: Workspace, option: str) -> float:
    return float(json.loads(_file(workspace, option).read_text(encoding="utf-8"))["total_eur"])
