"""The plan of one option as `run.py site` solves it, for every command that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.lora.plan import Plan, Siting
    from models.lora.settings import Settings
    from models.lora.stage import Stage
    from twin.scenario import Option, Scenario

CACHE = Path(__file__).resolve().parents[2] / "results" / ".cache"


@dataclass(frozen=True)
class Solved:
    """One option's siting problem with the plan that answers it."""

    stage: Stage
    siting: Siting
    plan: Plan


def solve_option(scenario: Scenario, settings: Settings, cache: Path = CACHE) -> Solved:
    """Return the least-cost plan of an option's settings; the stage is kept in `cache`."""
    from models.lora.plan import Siting
    from models.lora.stage import load_stage
    from twin.workspace import Workspace

    workspace = Workspace(cache / "site", cache)
    stage = load_stage(scenario, settings, workspace, lambda _what, _share: None)
    siting = Siting.of(scenario, settings, stage)
    plan = siting.solve(scenario.study.seed, say=lambda _share: None)
    return Solved(stage, siting, plan)


def option_asked(scenario: Scenario, name: str) -> Option:
    """Return the option asked for, or the first that answers the question."""
    if name:
        return scenario.option(name)
    return next((each for each in scenario.options if each.answers), scenario.options[0])


def settings_asked(
    option: Option, redundancy: int | None = None, share: float | None = None
) -> Settings:
    """Return the option's settings with the target given on the command line."""
    from models.lora.settings import Settings

    settings = option.settings["lora"]
    assert isinstance(settings, Settings)  # noqa: S101 - the scenario validated it as such
    asked = {"redundancy": redundancy, "share": share}
    given = {name: value for name, value in asked.items() if value is not None}
    target = settings.target.model_validate(settings.target.model_dump() | given)
    return settings.model_copy(update={"target": target})
