"""Levels on relief are the load question's: same ground, same losses, same dice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_territory import SmallTerritory, write_small_territory

from models.lora.link.make import make_link
from models.lora.link.planned_ground import planned_ground
from models.lora.link.settings import Settings
from models.lora.link.terrain_levels import TerrainLevels
from models.lora.load.dice import dice_of
from models.lora.load.network import Field, make_field
from models.lora.load.stage import LoadStage, load_stage
from models.lora.network.setup import Network
from models.lora.radio_figures import radio_figures
from models.lora.settings import Settings as LoraSettings
from twin.clock import Calendar, Clock
from twin.errors import DataError, InputError
from twin.lang import Text
from twin.links import LinkContext
from twin.recorder import Recorder
from twin.scenario import Scenario, load_scenario
from twin.signals import Fleet, Signal
from twin.streams import Streams
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import World

LOAD = """\
extends = "gateways.toml"

[lora]
question = "load"

[lora.load]
gateways = "planned.csv"
settling_frames = 0

[lora.load.fleets.pits]
count = 40
place = "pit"
height_m = 0.2
application_bytes = 12
period_s = 43200.0

[lora.load.fleets.bins]
count = 40
place = "bin"
height_m = 1.2
application_bytes = 12
period_s = 43200.0

[lora.load.fleets.lamps]
count = 30
place = "lamp"
height_m = 8.0
application_bytes = 12
period_s = 43200.0

[links.own]
package = "models.lora.link"
gateways = "planned.csv"
sites.masts = "masts.csv"
sites.municipal = "municipal_sites.csv"
radio.max_range_km = 10.0
"""
PLACES = {"pits": "meter-pit", "bins": "bin", "lamps": "lamp"}
OPTION = "two-gateways"


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> SmallTerritory:
    """Return a small territory with the load question and the same gateways as a link."""
    folder = tmp_path_factory.mktemp("levels") / "territory"
    small = write_small_territory(folder, root / "scenarios/indre/load_assumptions.csv")
    small.write("planned.csv", "id\nM001\nC36904\nM003\n")
    small.write("load.toml", LOAD)
    return small


@pytest.fixture(scope="module")
def scenario(territory: SmallTerritory) -> Scenario:
    """Return the scenario."""
    return load_scenario(territory.folder / "load.toml")


@pytest.fixture(scope="module")
def workspace(territory: SmallTerritory) -> Workspace:
    """Return a workspace beside the territory."""
    return Workspace(territory.folder / "prepared", territory.folder / "cache")


@pytest.fixture(scope="module")
def stage(scenario: Scenario, workspace: Workspace) -> LoadStage:
    """Return the load question's stage."""
    return load_stage(scenario, _lora(scenario), workspace, _mute)


def _lora(scenario: Scenario) -> LoraSettings:
    settings = scenario.option(OPTION).settings["lora"]
    assert isinstance(settings, LoraSettings)
    return settings


def _world(scenario: Scenario, workspace: Workspace, replication: int) -> World:
    streams = Streams(scenario.study.seed, replication)
    return World(scenario, Task(OPTION, replication), streams, Recorder(), workspace)


def _fleet(stage: LoadStage, name: str) -> Fleet:
    places = next(each.points.places for each in stage.fleets if each.name == name)
    return bins(places.x_m, places.y_m, places.height_m, name=name, use_case=PLACES[name])


def bins(
    x_m: np.ndarray, y_m: np.ndarray, height_m: np.ndarray, name: str = "bins", **keys: object
) -> Fleet:
    """Return devices at these places."""
    fields = {"period_s": 43_200.0, "phase_s": np.zeros(len(x_m)), "payload_bytes": 12} | keys
    signal = Signal("fill", "1")
    return Fleet(name=name, signal=signal, x_m=x_m, y_m=y_m, height_m=height_m, **fields)  # type: ignore[arg-type]


def _levels(scenario: Scenario, workspace: Workspace) -> TerrainLevels:
    settings = scenario.option(OPTION).links["own"].settings
    assert isinstance(settings, Settings)
    world = _world(scenario, workspace, 0)
    ground = planned_ground(settings, scenario, workspace.cache)
    figures = radio_figures(world.assume)
    return TerrainLevels(ground, settings.radio, figures, world.streams, -np.inf, workspace.cache)


@pytest.mark.parametrize("replication", range(3))
def test_levels_are_the_load_questions(
    scenario: Scenario, workspace: Workspace, stage: LoadStage, replication: int
) -> None:
    """Devices at the same places, in the same world, have the same levels, bit for bit."""
    world = _world(scenario, workspace, replication)
    field: Field = make_field(stage, _lora(scenario), dice_of(world))
    link = world.link("own")
    for each in stage.fleets:
        link.uplink.register(_fleet(stage, each.name))
    started = _started(link)
    assert started.links.indptr.tolist() == field.network.links.indptr.tolist()
    assert started.links.gateway.tolist() == field.network.links.gateway.tolist()
    assert started.links.level_dbm.tolist() == field.network.links.level_dbm.tolist()
    for mine, theirs in zip(started.gateways[1:], field.network.gateways[1:], strict=True):
        assert mine.tolist() == theirs.tolist()  # all but their dice of single frames
    for mine, theirs in zip(started.radio, field.network.radio, strict=True):
        assert np.array_equal(mine, theirs)
    for mine, theirs in zip(started.channels, field.network.channels, strict=True):
        assert np.array_equal(mine, theirs)


def test_a_device_more_moves_no_other(scenario: Scenario, workspace: Workspace) -> None:
    """Indoors each device draws its own wall: one more, in front of it, changes no other's loss."""
    levels = _levels(scenario, workspace)
    x_m = 601_500.0 + 10.0 * np.arange(4)
    names = ("a", "b", "c", "d")
    cases = ("meter-indoor", "bin", "meter-indoor", "meter-outdoor")
    four = bins(x_m, x_m, x_m * 0.0, asset_ids=names, use_case=cases)
    three = bins(x_m[1:], x_m[1:], x_m[1:] * 0.0, asset_ids=names[1:], use_case=cases[1:])
    loss = levels.side_loss_db(four)
    assert loss[1:].tolist() == levels.side_loss_db(three).tolist()
    assert loss[1] == loss[3] + 6.0  # a bin's body [U]
    assert loss[0] != loss[2]
    assert min(loss[0], loss[2]) > loss[3] - 1.0


def test_indoor_losses_follow_p2109(scenario: Scenario, workspace: Workspace) -> None:
    """Half of many buildings lose less than P.2109's median at 868 MHz."""
    from models.lora.building_entry import building_entry_loss_db

    levels = _levels(scenario, workspace)
    zero = np.zeros(4_000)
    inside = levels.side_loss_db(bins(zero, zero, zero, use_case="meter-indoor"))
    outside = levels.side_loss_db(bins(zero[:1], zero[:1], zero[:1], use_case="meter-outdoor"))
    median_db = float(building_entry_loss_db(868.0, 0.5, "traditional"))
    assert np.mean(inside - outside[0] < median_db) == pytest.approx(0.5, abs=0.03)


def test_an_unknown_use_case_is_refused(scenario: Scenario, workspace: Workspace) -> None:
    """Every use case nobody knows is named, with those that are known."""
    levels = _levels(scenario, workspace)
    zero = np.zeros(3)
    with pytest.raises(InputError) as caught:
        levels.side_loss_db(bins(zero, zero, zero, use_case=("bin", "skip", "boat")))
    assert [fault.value for fault in caught.value.faults] == ["boat", "skip"]
    assert {fault.key for fault in caught.value.faults} == {"bins.use_case"}
    assert "meter-pit" in caught.value.faults[0].expected.en


def test_devices_beyond_the_relief_are_refused(scenario: Scenario, workspace: Workspace) -> None:
    """A fleet off the map is named, with how many stand where no ground is."""
    levels = _levels(scenario, workspace)
    x_m = np.array([601_500.0, 0.0, 1.0])
    fleet = bins(x_m, np.array([6_644_500.0, 0.0, 0.0]), np.ones(3))
    with pytest.raises(DataError) as caught:
        levels.links(fleet, levels.ground.gateways)
    (fault,) = caught.value.faults
    assert (fault.key, fault.value) == ("bins", "2 / 3")


def test_path_losses_are_read_back(
    scenario: Scenario, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was prepared for a fleet's places is not computed again, in any replication."""
    from models.lora import links
    from twin.links import prepare_links

    fleet = bins(601_000.0 + 7.0 * np.arange(5), np.full(5, 6_643_000.0), np.ones(5))
    option = scenario.option(OPTION)
    said: list[str] = []
    prepare_links(
        scenario,
        option,
        ["own", "none"],
        workspace,
        lambda what, _share: said.append(str(what)),
        [fleet],
    )
    assert any("bins" in each for each in said)

    def computed(*_args: object) -> None:
        raise AssertionError

    monkeypatch.setattr(links, "_compute", computed)
    for replication in range(2):
        link = _world(scenario, workspace, replication).link("own")
        link.uplink.register(replace(fleet, name=f"bins{replication}"))
        _started(link)


def test_without_a_workspace_the_common_cache_serves(
    scenario: Scenario, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link made without a workspace keeps its relief where calculators do."""
    from models.lora.link import make

    monkeypatch.setattr(make, "CACHE", workspace.cache)
    settings = scenario.option(OPTION).links["own"].settings
    assert isinstance(settings, Settings)
    world = _world(scenario, workspace, 0)
    link = make_link(settings, LinkContext(scenario, world.streams, world.assume))
    assert link._levels.cache == workspace.cache  # type: ignore[attr-defined]


def _started(link: Any) -> Network:
    link.start(Clock(Calendar(datetime(2027, 1, 4))))  # noqa: DTZ001 - local time
    network: Network = link.network
    return network


def _mute(_what: Text | str, _share: float) -> None:
    return
