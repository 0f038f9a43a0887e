"""A world gives the link its option names: fresh, on the replication's dice, knowing no package."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from small_territory import SmallTerritory

from twin.clock import Calendar, Clock
from twin.errors import InputError, ScenarioError
from twin.lang import Text
from twin.links import check_links, prepare_links
from twin.ports import Link
from twin.recorder import Recorder
from twin.scenario import Scenario, load_scenario
from twin.scenario.links import NamedLink
from twin.signals import Fate, Fleet, Signal
from twin.streams import Streams
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import World

LINKS = """
[links.contract]
package = "models.links"
kind = "constant"
loss_share = 0.2
"""
FLEET = Fleet(
    "bins",
    Signal("fill", "1"),
    x_m=np.full(20, 602_000.0),
    y_m=np.full(20, 6_643_000.0),
    height_m=np.full(20, 1.2),
    period_s=3_600.0,
    phase_s=60.0 * np.arange(20),
    payload_bytes=12,
)


@pytest.fixture
def scenario(small_territory: SmallTerritory) -> Scenario:
    """Return a scenario with a link of its own, worse in its second option."""
    base = (small_territory.folder / "base.toml").read_text(encoding="utf-8")
    small_territory.write("base.toml", base + LINKS)
    text = small_territory.scenario.read_text(encoding="utf-8")
    small_territory.write("gateways.toml", text + "links.contract.loss_share = 0.5\n")
    return load_scenario(small_territory.scenario)


def world_of(scenario: Scenario, option: str = "two-gateways", replication: int = 0) -> World:
    """Return one replication of an option."""
    streams = Streams(scenario.study.seed, replication)
    return World(scenario, Task(option, replication), streams, Recorder())


def lived(link: Link) -> dict[Fate, int]:
    """Return the tally of a day of the bins."""
    link.uplink.register(FLEET)
    clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local time
    link.start(clock)
    clock.run(86_400.0)
    return {fate: count for fate, count in link.tally()["bins"].items() if count}


def test_none_and_ideal_are_there(scenario: Scenario) -> None:
    """Nothing bought delivers nothing and the ideal everything, without a word in the scenario."""
    world = world_of(scenario)
    assert lived(world.link("none")) == {Fate.OUT_OF_REACH: 480}
    assert lived(world.link("ideal")) == {Fate.DELIVERED: 480}


def test_fresh_at_each_call_on_the_same_dice(scenario: Scenario) -> None:
    """Two calls give two links that live alike; another replication has other dice."""
    world = world_of(scenario)
    one, other = world.link("contract"), world.link("contract")
    assert one is not other
    told = lived(one)
    assert told == lived(other)
    assert told != lived(world_of(scenario, replication=1).link("contract"))


def test_each_option_has_its_own(scenario: Scenario) -> None:
    """The option's keys count, on dice that options share: its losses hold the other's."""
    few, many = (
        lived(world_of(scenario, option).link("contract"))
        for option in ("two-gateways", "masts-only")
    )
    assert 0.1 < few[Fate.UNEXPLAINED] / 480 < 0.3
    assert 0.4 < many[Fate.UNEXPLAINED] / 480 < 0.6


def test_the_order_of_options_changes_nothing(scenario: Scenario) -> None:
    """The same bits come out whatever the order in which options stand or are played."""
    turned = replace(scenario, options=tuple(reversed(scenario.options)))
    names = [option.id for option in scenario.options]
    first = {name: lived(world_of(scenario, name).link("contract")) for name in names}
    again = {name: lived(world_of(turned, name).link("contract")) for name in reversed(names)}
    assert first == again


def test_an_unknown_link_is_refused(scenario: Scenario, tmp_path: Path) -> None:
    """Whoever asks for a link that is not there is told those that are, at every door."""
    option = scenario.options[0]
    workspace = Workspace(tmp_path, tmp_path)
    for ask in (
        lambda: world_of(scenario).link("own"),
        lambda: check_links(scenario, option, ["own"], "lora.network"),
        lambda: prepare_links(scenario, option, ["own"], workspace, _mute),
    ):
        with pytest.raises(ScenarioError, match=r"contract, ideal, none"):
            ask()


def test_a_check_finds_everything(scenario: Scenario) -> None:
    """Two names that are not there are two faults of one error, and a known one is none."""
    option = scenario.options[0]
    with pytest.raises(InputError) as caught:
        check_links(scenario, option, ["own", "contract", "wire", "own"], "lora.network")
    assert [fault.value for fault in caught.value.faults] == ["own", "wire"]
    assert {fault.key for fault in caught.value.faults} == {"lora.network"}
    assert check_links(scenario, option, ["none", "contract"]) == []


def test_preparing_is_optional(scenario: Scenario, tmp_path: Path) -> None:
    """A package that has nothing to prepare prepares nothing, and nothing is written."""
    folder = tmp_path / "run"
    prepare_links(scenario, scenario.options[0], ["none"], Workspace(folder, folder), _mute)
    assert not folder.exists()


def test_any_package_will_do(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package nobody here knows is checked, prepared and made by its name alone."""
    (tmp_path / "pigeons").mkdir()
    (tmp_path / "pigeons" / "__init__.py").write_text("")
    (tmp_path / "pigeons" / "make.py").write_text(
        "asked = []\n"
        "def make_link(settings, context):\n"
        "    return (settings, context.streams, context.assume('pit_loss_db'), context.cache)\n"
        "def check(settings, scenario):\n"
        "    return [settings]\n"
        "def prepare(settings, scenario, workspace, say, fleets):\n"
        "    asked.append((settings, workspace.cache, fleets))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    settings = Text("graines", "seeds")
    option = replace(
        scenario.options[0],
        links={"loft": NamedLink("pigeons", settings)},  # type: ignore[arg-type]
    )
    known = replace(scenario, options=(option,))
    workspace = Workspace(tmp_path / "run", tmp_path / "cache")
    world = replace(world_of(known), workspace=workspace)
    made = (settings, world.streams, world.assume("pit_loss_db"), tmp_path / "cache")
    assert world.link("loft") == made
    assert check_links(known, option, ["loft"]) == [settings]
    prepare_links(known, option, ["loft"], workspace, _mute, [FLEET])
    asked = importlib.import_module("pigeons.make").asked
    assert asked == [(settings, tmp_path / "cache", [FLEET])]


def _mute(_what: Text | str, _share: float) -> None:
    return
