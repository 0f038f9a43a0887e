"""Whatever is done to a valid scenario gives a scenario or faults that can be read."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_territory import BASE, GATEWAYS, SmallTerritory, write_small_territory

from twin.errors import Fault, ScenarioError
from twin.scenario import Scenario, load_scenario

WRONG = st.sampled_from(
    [
        "texte", "", "base.toml", -1, 0, 3, 2**62, 3.5, -0.5, math.nan, math.inf, True, False,
        [], [1], ["a"], [{}], {}, {"a": 1}, {"low": 1}, dt.date(2027, 1, 4),
        dt.datetime(2027, 1, 4, 8, 0, tzinfo=dt.UTC), dt.time(8, 0), "ligne\nligne", "é\u202f\t",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    ["seed", "share", "lora", "option", "models", "extends", "id", "a.b", "a[0]", "", "height_cm"]
) | st.text(max_size=8).filter(str.isprintable)

LINKS = """
[links.contract]
package = "models.links"
kind = "constant"
loss_share = 0.1

[links.own]
package = "models.lora.link"
gateways = "planned.csv"
sites.masts = "masts.csv"
sites.municipal = "municipal_sites.csv"
"""
LESS = "links.contract.loss_share = 0.2\nlinks.own.radio.erp_dbm = 10.0\n"


def written(value: Any) -> str:
    """Return a value as TOML, tables inline."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {written(item)}" for key, item in value.items())
        return "{" + inside + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value)
    if isinstance(value, float):
        return repr(value)
    return str(value)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each (container, key) of a tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield tree, key
        if isinstance(value, dict | list):
            yield from places(value)


def mutate(tree: dict[str, Any], data: st.DataObject) -> None:
    """Drop, rename or replace one key."""
    found = list(places(tree))
    if not found:
        return
    holder, key = found[data.draw(st.integers(0, len(found) - 1))]
    what = data.draw(st.sampled_from(["drop", "rename", "replace", "replace"]))
    if what == "drop":
        del holder[key]
    elif what == "rename" and isinstance(holder, dict):
        holder[data.draw(NAMES)] = holder.pop(key)
    else:
        holder[key] = copy.deepcopy(data.draw(WRONG))  # samples are shared


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> SmallTerritory:
    """Return a small territory that examples write over."""
    assumptions = root / "scenarios" / "indre" / "assumptions.csv"
    territory = write_small_territory(tmp_path_factory.mktemp("mutations"), assumptions)
    territory.write("planned.csv", "id\nM001\n")
    return territory


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_mutation(territory: SmallTerritory, data: st.DataObject) -> None:
    """Up to three keys dropped, renamed or replaced give a scenario or legible faults."""
    trees = {
        "base.toml": tomllib.loads(BASE + LINKS),
        "gateways.toml": tomllib.loads(GATEWAYS + LESS),
    }
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(trees[data.draw(st.sampled_from(sorted(trees)))], data)
    for name, tree in trees.items():
        lines = [f"{json.dumps(key)} = {written(value)}" for key, value in tree.items()]
        territory.write(name, "\n".join(lines) + "\n")
    outcome = loaded(territory)
    if isinstance(outcome, Scenario):
        assert outcome.options
        return
    assert outcome
    assert len(set(outcome)) == len(outcome)
    for fault in outcome:
        for said in (*fault.expected, *fault.remedy, fault.file):
            assert said.strip()
        assert "\n" not in fault.say()
        assert "Input should" not in fault.expected.fr  # a sentence of the library, not ours


def loaded(territory: SmallTerritory) -> Scenario | Sequence[Fault]:
    """Return the scenario, or what is wrong with it."""
    try:
        return load_scenario(territory.scenario)
    except ScenarioError as error:
        return error.faults
