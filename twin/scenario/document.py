"""The JSON schema of a whole scenario file, kernel, utilities and links together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.scenario.links import SECTION as LINKS
from twin.scenario.links import link_schema_of
from twin.scenario.scenario import OWN_SECTIONS
from twin.scenario.schema import OptionHead
from twin.scenario.utilities import schema_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def document_schema(packages: Iterable[str], links: Iterable[str] = ()) -> dict[str, Any]:
    """Return the JSON schema of a scenario file that calls on `packages` and on packages of links.

    Only the keys of an option's head are required: a file may leave any other to the one it
    extends, and an option says only what it changes. The loader checks the merged whole.

    Raises
    ------
    ScenarioError
        Where a package is no utility, or no package of links.
    """
    from pydantic.json_schema import models_json_schema

    utilities = {package.rpartition(".")[2]: schema_of(package) for package in packages}
    carriers = {package: link_schema_of(package) for package in links}
    sections = {**OWN_SECTIONS, **utilities}
    schemas = (*sections.values(), OptionHead, *carriers.values())
    models = [(section, "validation") for section in schemas]
    references, written = models_json_schema(models)  # type: ignore[arg-type]
    definitions = written["$defs"]
    for name, definition in definitions.items():
        if name != OptionHead.__name__:
            definition.pop("required", None)
    definitions |= {
        f"link-{package}": _with_package(
            package, definitions[references[section, "validation"]["$ref"].rpartition("/")[2]]
        )
        for package, section in carriers.items()
    }
    named = _named_links(list(carriers))
    head = definitions[OptionHead.__name__]["properties"]
    head |= {name: references[utility, "validation"] for name, utility in utilities.items()}
    head[LINKS] = named
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
            LINKS: named,
            **{name: references[section, "validation"] for name, section in sections.items()},
            "option": {
                "type": "array",
                "minItems": 1,
                "items": references[OptionHead, "validation"],
            },
        },
        "$defs": definitions,
    }


def _with_package(package: str, definition: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a link's section: its package's settings, and the package itself."""
    key = {"const": package, "description": "the package that makes the link"}
    return {**definition, "title": package, "properties": {"package": key, **_keys(definition)}}


def _keys(definition: dict[str, Any]) -> dict[str, Any]:
    keys: dict[str, Any] = definition.get("properties", {})
    return keys


def _named_links(packages: list[str]) -> dict[str, Any]:
    """Return the schema of the links by name, each made by one of `packages`."""
    return {
        "type": "object",
        "description": "what carries readings, by name; none and ideal need no section",
        "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/link-{each}"} for each in packages]}
        if packages
        else {"type": "object"},
    }
