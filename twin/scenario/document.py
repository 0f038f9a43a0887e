"""The JSON schema of a whole scenario file, kernel and utilities together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.scenario.scenario import OWN_SECTIONS
from twin.scenario.schema import OptionHead
from twin.scenario.utilities import schema_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def document_schema(packages: Iterable[str]) -> dict[str, Any]:
    """Return the JSON schema of a scenario file that calls on `packages`.

    Only the keys of an option's head are required: a file may leave any other to the one it
    extends, and an option says only what it changes. The loader checks the merged whole.

    Raises
    ------
    ScenarioError
        Where a package is no utility.
    """
    from pydantic.json_schema import models_json_schema

    utilities = {package.rpartition(".")[2]: schema_of(package) for package in packages}
    sections = {**OWN_SECTIONS, **utilities}
    models = [(section, "validation") for section in (*sections.values(), OptionHead)]
    references, written = models_json_schema(models)  # type: ignore[arg-type]
    definitions = written["$defs"]
    for name, definition in definitions.items():
        if name != OptionHead.__name__:
            definition.pop("required", None)
    head = definitions[OptionHead.__name__]["properties"]
    head |= {name: references[utility, "validation"] for name, utility in utilities.items()}
    return {
        "$schema": DRAFT,
        "title": "scenario",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "extends": {"type": "string", "description": "the scenario this one is laid over"},
            "models": {
                "type": "object",
                "description": "the package of each utility, by the name of its section",
                "additionalProperties": {"type": "string"},
            },
            **{name: references[section, "validation"] for name, section in sections.items()},
            "option": {
                "type": "array",
                "minItems": 1,
                "items": references[OptionHead, "validation"],
            },
        },
        "$defs": definitions,
    }
