"""Everything found wrong with a study before anything is computed or written."""

from __future__ import annotations

from dataclasses import replace

from twin.errors import Fault, Faults
from twin.lang import Text
from twin.ports import Model
from twin.scenario import Option, Scenario
from twin.world import compose


def compose_checked(scenario: Scenario) -> tuple[dict[str, list[Model]], tuple[Text, ...]]:
    """Return the models of each option, their tables found sound, and what to tell the reader.

    Raises
    ------
    ScenarioError
        Once, with the faults of every option. What all options share is said once; what some
        options alone get wrong names the first of them.
    """
    models = {option.id: compose(scenario, option.id) for option in scenario.options}
    met: dict[Fault, list[Option]] = {}
    notices: dict[Text, None] = {}
    for option in scenario.options:
        here = Faults()
        for model in models[option.id]:
            with here.gathered():
                notices |= dict.fromkeys(model.check())
        for fault in here.found:
            met.setdefault(fault, []).append(option)
    faults = Faults()
    faults.add(_named(fault, options, scenario) for fault, options in met.items())
    faults.raise_all()
    return models, tuple(notices)


def _named(fault: Fault, options: list[Option], scenario: Scenario) -> Fault:
    """Return a fault of the scenario with the option that shows it, unless all of them do."""
    shared = len(options) == len(scenario.options) or fault.key.startswith("option[")
    if shared or fault.file not in map(str, scenario.files):
        return fault
    return replace(fault, key=f"option[{options[0].id}].{fault.key}")
