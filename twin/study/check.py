"""Everything found wrong with a study before anything is computed or written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from twin.errors import Fault, Faults
from twin.lang import Text
from twin.ports import Model
from twin.recorder import Direction
from twin.scenario import Option, Scenario
from twin.scenario.keys import unknown_key
from twin.study.standing import asked
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
    faults.add(rule_faults(scenario, models))
    faults.add(_named(fault, options, scenario) for fault, options in met.items())
    faults.raise_all()
    return models, tuple(notices)


def directions_of(models: Mapping[str, Sequence[Model]]) -> dict[str, Direction]:
    """Return which way each outcome of the study is better."""
    return {
        kpi.name: kpi.direction
        for chosen in models.values()
        for model in chosen
        for kpi in model.kpis
    }


def rule_faults(scenario: Scenario, models: Mapping[str, Sequence[Model]]) -> Iterator[Fault]:
    """Yield what is wrong with the outcomes that precision and selection name."""
    study, known = scenario.study, directions_of(models)
    named = [(f"study.precision[{n}].kpi", each.kpi) for n, each in enumerate(study.precision)]
    if study.selection is not None:
        named.append(("study.selection.kpi", study.selection.kpi))
    for key, kpi in named:
        if kpi not in known:
            yield unknown_key(kpi, known, key, scenario.origins.of(key), kpi)
    chosen = study.selection
    if chosen is None or chosen.kpi not in known:
        return
    file = str(scenario.origins.of("study.selection"))
    if known[chosen.kpi] is Direction.NONE:
        yield Fault(
            Text("un indicateur dont le sens est connu", "an outcome that is better one way"),
            Text("choisir un coût ou un service", "choose a cost or a service"),
            file,
            "study.selection.kpi",
            chosen.kpi,
        )
    if len(asked(scenario)) < 2:  # noqa: PLR2004 - a choice needs two
        yield Fault(
            Text("au moins deux options qui peuvent répondre", "two options that may answer"),
            Text(
                "retirer [study.selection] ou des lignes answers = false",
                "remove [study.selection] or lines answers = false",
            ),
            file,
            "study.selection",
            ", ".join(option.id for option in asked(scenario)),
        )


def _named(fault: Fault, options: list[Option], scenario: Scenario) -> Fault:
    """Return a fault of the scenario with the option that shows it, unless all of them do."""
    shared = len(options) == len(scenario.options) or fault.key.startswith("option[")
    if shared or fault.file not in map(str, scenario.files):
        return fault
    return replace(fault, key=f"option[{options[0].id}].{fault.key}")
