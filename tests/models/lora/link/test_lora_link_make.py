"""A scenario's section makes a LoRaWAN link that lives: it delivers most and loses some."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_territory import SmallTerritory, write_small_territory

from models.lora.link.link import LoraLink
from models.lora.link.make import network_settings
from models.lora.link.settings import Settings
from models.lora.radio_figures import RADIO_FIGURES, radio_figures
from twin.clock import Calendar, Clock
from twin.errors import InputError
from twin.lang import Text
from twin.links import check_links, prepare_links
from twin.recorder import Recorder
from twin.scenario import Scenario, load_scenario
from twin.signals import DeliveredBatch, Fate, Fleet, Signal
from twin.streams import Streams
from twin.study.plan import Task
from twin.workspace import Workspace
from twin.world import World

FILL = Signal("fill", "1")
LINKS = """
[links.own]
package = "models.lora.link"
gateways = "planned.csv"
sites.masts = "masts.csv"
sites.municipal = "municipal_sites.csv"
radio.gateway_gain_dbi = -2.0
"""
OPTIONS = 'links.own.engine = "surrogate"\n'


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> SmallTerritory:
    """Return a small territory with one gateway in a corner."""
    folder = tmp_path_factory.mktemp("made") / "territory"
    small = write_small_territory(folder, root / "scenarios/indre/load_assumptions.csv")
    small.write("planned.csv", "id\nC36903\n")
    small.write("base.toml", (folder / "base.toml").read_text(encoding="utf-8") + LINKS)
    small.write("gateways.toml", small.scenario.read_text(encoding="utf-8") + OPTIONS)
    return small


@pytest.fixture(scope="module")
def scenario(territory: SmallTerritory) -> Scenario:
    """Return the scenario; its second option plays the surrogate."""
    return load_scenario(territory.scenario)


@pytest.fixture(scope="module")
def workspace(territory: SmallTerritory) -> Workspace:
    """Return a workspace beside the territory."""
    return Workspace(territory.folder / "prepared", territory.folder / "cache")


def sensors() -> Fleet:
    """Return 60 sensors in pits over the four communes, every 2 h."""
    rng = np.random.default_rng(3)
    return Fleet(
        "pits",
        FILL,
        x_m=rng.uniform(600_500.0, 605_500.0, 60),
        y_m=rng.uniform(6_640_500.0, 6_645_500.0, 60),
        height_m=np.full(60, 0.2),
        period_s=7_200.0,
        phase_s=rng.uniform(0.0, 7_200.0, 60),
        payload_bytes=12,
        use_case="meter-pit",
    )


Lived = tuple[list[tuple[int, float, float]], dict[Fate, int]]


def lived(scenario: Scenario, workspace: Workspace, option: str, replication: int = 0) -> Lived:
    """Return what two days delivered (device, sampled, received), and the tally."""
    streams = Streams(scenario.study.seed, replication)
    world = World(scenario, Task(option, replication), streams, Recorder(), workspace)
    link = world.link("own")
    link.uplink.register(sensors())
    rows: list[tuple[int, float, float]] = []

    def note(batch: DeliveredBatch) -> None:
        columns = (batch.assets, batch.sampled_s, batch.received_s)
        rows.extend(zip(*(column.tolist() for column in columns), strict=True))

    link.inbox.subscribe(FILL, note)
    clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local time
    link.start(clock)
    clock.run(2 * 86_400.0)
    return rows, {fate: count for fate, count in link.tally()["pits"].items() if count}


def test_most_arrives_and_some_is_lost(scenario: Scenario, workspace: Workspace) -> None:
    """Sixty sensors in pits around one gateway: most readings arrive, some are out of reach."""
    prepare_links(scenario, scenario.options[0], ["own"], workspace, _mute, [sensors()])
    shares = []
    for replication in range(3):
        rows, tally = lived(scenario, workspace, "two-gateways", replication)
        sent = sum(tally.values())
        assert sent == 60 * 24
        assert 0 <= tally[Fate.DELIVERED] - len(rows) < 60  # the last window is told nobody
        shares.append(tally[Fate.DELIVERED] / sent)
        assert tally[Fate.OUT_OF_REACH] > 0
    assert 0.5 < min(shares) <= max(shares) < 1.0
    assert len(set(shares)) == 3


def test_options_in_any_order(scenario: Scenario, workspace: Workspace) -> None:
    """The same bits whatever the order of options, in the file or in time; each has its engine."""
    turned = replace(scenario, options=tuple(reversed(scenario.options)))
    names = [option.id for option in scenario.options]
    first = {name: lived(scenario, workspace, name) for name in names}
    again = {name: lived(turned, workspace, name) for name in reversed(names)}
    assert first == again
    assert first[names[0]] != first[names[1]]
    both = [first[name][1][Fate.DELIVERED] for name in names]
    assert both[0] == pytest.approx(both[1], abs=15)


def test_another_cache_gives_the_same_bits(
    scenario: Scenario, workspace: Workspace, tmp_path: Path
) -> None:
    """Nothing depends on what was prepared, or where."""
    bare = Workspace(tmp_path / "run", tmp_path / "cache")
    assert lived(scenario, bare, "two-gateways") == lived(scenario, workspace, "two-gateways")


def test_other_devices_come_on_top_of_other_networks(scenario: Scenario) -> None:
    """The stand-in for this network's other devices adds to the frames the world drew."""
    settings = scenario.options[0].links["own"].settings
    assert isinstance(settings, Settings)
    figures = radio_figures(lambda name: 0.25 if name == "outside_frames_per_s" else 1.0)
    assert network_settings(settings, figures).outside.per_s == (0.25,)
    with_meters = settings.model_copy(
        update={"outside": settings.outside.model_copy(update={"per_s": (0.5, 1.5)})}
    )
    assert network_settings(with_meters, figures).outside.per_s == (0.75, 1.75)


def test_what_the_scenario_says_reaches_the_network(scenario: Scenario) -> None:
    """Every key said alike of any network is passed on, and every drawn figure finds its place."""
    settings = scenario.options[1].links["own"].settings
    assert isinstance(settings, Settings)
    values = dict(zip(RADIO_FIGURES, np.arange(1.0, 12.0).tolist(), strict=True))
    network = network_settings(settings, radio_figures(values.__getitem__))
    assert network.engine == "surrogate"
    assert network.chip == settings.radio.chip
    assert network.noise_rise_db == values["noise_rise_db"]
    assert network.slow_sigma_db == values["slow_sigma_db"]
    assert network.slow_rho == values["slow_correlation"]
    assert network.interference == "croce"
    assert (network.rx1_gain_db, network.rx2_gain_db) == (3.0, 16.0)  # -(-2 - 1), 13 + 3


def test_missing_rows_are_named_together(root: Path, tmp_path: Path) -> None:
    """A table without the radio's rows is refused when checked, every missing row being named."""
    small = write_small_territory(tmp_path / "t", root / "scenarios/indre/assumptions.csv")
    small.write("planned.csv", "id\nC36903\nX1\n")
    base = (small.folder / "base.toml").read_text(encoding="utf-8")
    small.write("base.toml", base + LINKS)
    scenario = load_scenario(small.scenario)
    with pytest.raises(InputError) as caught:
        check_links(scenario, scenario.options[0], ["own", "none"])
    said = [fault.expected.en for fault in caught.value.faults if "row" in fault.expected.en]
    rows = ("interference_matrix", "slow_sigma_db", "slow_correlation", "outside_frames_per_s")
    assert said == [f"a row '{row}'" for row in rows]
    (unknown,) = [fault for fault in caught.value.faults if fault.value == "X1"]
    assert unknown.file == str(small.folder / "planned.csv")
    world = World(scenario, Task("two-gateways", 0), Streams(1, 0), Recorder())
    with pytest.raises(InputError, match="slow_correlation"):
        world.link("own")


def test_a_sound_link_is_told_nothing(scenario: Scenario) -> None:
    """Checking a sound section gives no notice."""
    assert check_links(scenario, scenario.options[0], ["own"]) == []


def test_gateways_bear_the_names_of_sites(scenario: Scenario, workspace: Workspace) -> None:
    """An outage is ordered by the site's id."""
    world = World(scenario, Task("two-gateways", 0), Streams(7, 0), Recorder(), workspace)
    link: Any = world.link("own")
    assert isinstance(link, LoraLink)
    link.uplink.register(sensors())
    clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local time
    link.start(clock)
    link.gateway("C36903", up=False)
    clock.run(86_400.0)
    tally = link.tally()["pits"]
    assert tally[Fate.DELIVERED] == 0
    assert tally[Fate.GATEWAY_DOWN] > 300


def _mute(_what: Text | str, _share: float) -> None:
    return
