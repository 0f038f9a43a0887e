"""The JSON schema of a scenario file says what the loader accepts."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small_territory import SmallTerritory

from models.links.settings import Settings as ControlLinks
from models.lora.link.settings import Settings as LoraLinks
from models.lora.settings import Settings
from twin.scenario.paths import models_in
from twin.scenario.scenario import OWN_SECTIONS, RESERVED, load_scenario
from twin.scenario.schema import OptionHead, Section


@pytest.fixture
def schema(run_py: Callable[..., Any]) -> dict[str, Any]:
    """Return what `run.py schema` prints."""
    outcome = run_py("schema")
    assert (outcome.code, outcome.err) == (0, "")
    written: dict[str, Any] = json.loads(outcome.out)
    return written


def resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return a node of the schema, its reference followed."""
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def unknown(tree: Any, node: dict[str, Any], schema: dict[str, Any], at: str) -> Iterator[str]:
    """Yield the keys of a file that the schema does not know."""
    node = resolved(node, schema)
    if isinstance(tree, list):
        for item in tree:
            yield from unknown(item, node.get("items", {}), schema, f"{at}[]")
    elif isinstance(tree, dict):
        extra = node.get("additionalProperties", {})
        for key, value in tree.items():
            inner = node.get("properties", {}).get(key, extra)
            if inner is False:
                yield f"{at}.{key}"
            elif isinstance(inner, dict):
                yield from unknown(value, inner, schema, f"{at}.{key}")


def test_every_section(schema: dict[str, Any]) -> None:
    """Every section of the kernel and of the utility stands in it, with every key."""
    assert set(schema["properties"]) == {*RESERVED, "lora"}
    for name, section in {**OWN_SECTIONS, "lora": Settings}.items():
        node = resolved(schema["properties"][name], schema)
        assert set(node["properties"]) == set(section.model_fields)
        assert node["additionalProperties"] is False
    option = resolved(schema["properties"]["option"]["items"], schema)
    assert set(option["properties"]) == {*OptionHead.model_fields, "lora", "links"}


def test_every_inner_section(schema: dict[str, Any]) -> None:
    """Sections inside sections are defined too."""
    for field in Settings.model_fields.values():
        for section in models_in(field.annotation):
            assert set(schema["$defs"][section.__name__]["properties"]) == set(section.model_fields)


@pytest.mark.parametrize("name", ["radio.toml", "gateways.toml"])
def test_the_indre_fits(schema: dict[str, Any], root: Path, name: str) -> None:
    """Each file of the embedded scenario holds only keys the schema knows."""
    tree = tomllib.loads((root / "scenarios" / "indre" / name).read_text(encoding="utf-8"))
    assert list(unknown(tree, schema, schema, "")) == []


@pytest.mark.parametrize(
    ("package", "settings"), [("models.links", ControlLinks), ("models.lora.link", LoraLinks)]
)
def test_every_link(schema: dict[str, Any], package: str, settings: type[Section]) -> None:
    """A named link is one of the packages asked for, with that package's keys and no other."""
    for section in (schema, resolved(schema["properties"]["option"]["items"], schema)):
        choices = section["properties"]["links"]["additionalProperties"]["anyOf"]
        known = {each["title"]: each for each in (resolved(each, schema) for each in choices)}
        written = known[package]
        assert written["properties"]["package"]["const"] == package
        assert set(written["properties"]) == {"package", *settings.model_fields}
        assert written["additionalProperties"] is False
        assert "required" not in written


def test_unknown_link_package(run_py: Callable[..., Any]) -> None:
    """A utility, or a package that is not there, is no package of links."""
    for name in ("models.lora", "models.absent"):
        outcome = run_py("schema", "--link", name)
        assert outcome.code == 2
        (complaint,) = outcome.complaints
        assert "--link" in complaint


def test_schema_refuses_what_the_loader_refuses(
    schema: dict[str, Any], small_territory: SmallTerritory
) -> None:
    """A misspelled key is unknown to the schema, at any depth."""
    small_territory.replace("gateways.toml", "lora.sites.kinds", "lora.sites.kind")
    tree = tomllib.loads(small_territory.scenario.read_text(encoding="utf-8"))
    assert list(unknown(tree, schema, schema, "")) == [".option[].lora.sites.kind"]


def test_unknown_model(run_py: Callable[..., Any]) -> None:
    """A package that is no utility is refused like any other input."""
    for name in ("models.absent", "os", "../x", "twin.scenario"):
        outcome = run_py("schema", "--model", name)
        assert outcome.code == 2
        assert len(outcome.complaints) == 1


def test_required_keys_have_no_default(small_territory: SmallTerritory) -> None:
    """A scenario that gives only what has no default is complete."""
    assert load_scenario(small_territory.scenario).money.horizon_years == 10
