"""Valves, segments, isolation, pollution, on networks small enough to be done by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from models.water.disasters import (
    IsolationTimes,
    arrival_s,
    contain,
    default_valves,
    find_segments,
    isolate,
    people_by_segment,
    valves_at,
    valves_named,
)
from models.water.disasters.valve_table import read_valves
from models.water.network.network import LinkKind
from tests.models.water.sectors.water_graphs import drawn, line, network_of
from twin.errors import InputError

PEOPLE = np.array([0.0, 10.0, 20.0, 30.0, 40.0])


def test_segments_of_a_line() -> None:
    """Valves at N1 and N3 of a line make three segments, and a break dries all behind it."""
    network = line(4)
    segments = find_segments(network, valves_at(network, [1, 3], [1, 3]))
    assert segments.count == 3
    assert segments.node.tolist() == [0, 0, 1, 1, 2]
    assert segments.link.tolist() == [0, 1, 1, 2]
    found = isolate(network, segments, PEOPLE, links=[2])
    assert found.valves.tolist() == [0, 1]
    assert found.inside.tolist() == [2, 3]
    assert found.cut_off.tolist() == [4]
    assert found.links.tolist() == [1, 2]
    assert found.people == 90.0
    assert people_by_segment(network, segments, PEOPLE).tolist() == [100.0, 90.0, 40.0]


def test_a_loop_saves_those_behind() -> None:
    """In a ring with valves everywhere only the broken pipe is shut off, and nobody goes dry."""
    network = network_of([(0, 1), (1, 2), (2, 3), (3, 4), (4, 1)])
    segments = find_segments(network, default_valves(network, "all"))
    found = isolate(network, segments, PEOPLE, links=[2])
    assert found.people == 0.0
    assert found.without_water.size == 0
    assert sorted(segments.valves.node[found.valves].tolist()) == [2, 3]


def test_water_goes_one_way() -> None:
    """Behind a check valve nobody is fed from the far side."""
    kinds = [LinkKind.PIPE, LinkKind.PIPE, LinkKind.CHECK_VALVE_PIPE, LinkKind.PIPE]
    network = network_of([(0, 1), (1, 2), (2, 3), (0, 3)], kinds=kinds)
    people = np.array([0.0, 1.0, 2.0, 4.0])
    segments = find_segments(network, default_valves(network, "all"))
    assert isolate(network, segments, people, links=[1]).people == 2.0
    assert isolate(network, segments, people, links=[3]).people == 0.0


def test_isolation_against_removal() -> None:
    """On random networks the dry are those without a way to the source around the segment."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        network, people = drawn(rng, 14, extra=4)
        segments = find_segments(network, default_valves(network))
        by_segment = people_by_segment(network, segments, people)
        link = int(rng.integers(len(network.links)))
        found = isolate(network, segments, people, links=[link])
        out = int(segments.link[link])
        barred = {int(segments.valves.link[v]) for v in found.valves}
        reached, stack = {0} - set(np.flatnonzero(segments.node == out).tolist()), [0]
        while stack and reached:
            here = stack.pop()
            for at, ends in enumerate(zip(network.links.start, network.links.end, strict=True)):
                if segments.link[at] == out or at in barred or here not in ends:
                    continue
                other = int(ends[0] if ends[1] == here else ends[1])
                if other not in reached and segments.node[other] != out:
                    reached.add(other)
                    stack.append(other)
        dry = set(range(14)) - reached
        assert set(found.without_water.tolist()) == dry
        assert found.people == pytest.approx(people[list(dry)].sum())
        assert by_segment[out] == pytest.approx(found.people)


def test_default_rule_at_a_branch() -> None:
    """Where three pipes meet, all but the widest have a valve; beside a source, each has."""
    network = network_of([(0, 1), (1, 2), (1, 3)], diameter_m=[0.2, 0.1, 0.08])
    valves = default_valves(network)
    assert list(zip(valves.link.tolist(), valves.node.tolist(), strict=True)) == [
        (0, 0), (1, 1), (2, 1),
    ]  # fmt: skip
    assert len(default_valves(network, "all")) == 6
    assert len(default_valves(network, "ends")) == 1


def test_times_count_the_valves() -> None:
    """A break runs until the last valve is closed; water is back when all are open again."""
    times = IsolationTimes(reach_h=1.0, valve_h=0.5, repair_h=4.0)
    network = line(4)
    segments = find_segments(network, valves_at(network, [1, 3], [1, 3]))
    found = isolate(network, segments, PEOPLE, links=[2], times=times)
    assert (found.running_h, found.dry_h) == (2.0, 6.0)
    assert found.people_hours == 540.0


def test_valves_of_a_table(tmp_path: Path) -> None:
    """A table of valves is read by names; a node that is no end of its link is refused."""
    network = line(4)
    table = tmp_path / "valves.csv"
    table.write_text("link;node\nL1;N1\nL3;N3\n")
    assert read_valves(table, network).link.tolist() == [1, 3]
    table.write_text("link;node\nL1;N4\n")
    with pytest.raises(InputError, match=r"L1, N4.*N1 or N2"):
        read_valves(table, network)
    with pytest.raises(InputError, match=r"valves.link.*'L7'"):
        valves_named(network, ["L7"], ["N1"])
    with pytest.raises(InputError, match=r"valve 1.*'9, 0'"):
        valves_at(network, [9], [0])


def test_a_pipe_that_does_not_exist() -> None:
    """A broken link or polluted node outside the network is refused."""
    network = line(4)
    segments = find_segments(network, default_valves(network))
    with pytest.raises(InputError, match=r"links.*'9'"):
        isolate(network, segments, PEOPLE, links=[9])
    with pytest.raises(InputError, match=r"people.*5 values"):
        isolate(network, segments, [1.0], links=[1])


def test_pollution_travels_with_the_flow() -> None:
    """Polluted water takes each pipe's volume over its flow, and never goes upstream."""
    network = line(4)
    flows = np.full(4, 1e-3)
    pipe_s = math.pi / 4.0 * 0.1**2 * 1000.0 / 1e-3
    first = arrival_s(network, 2, flows)
    assert first[:2].tolist() == [math.inf, math.inf]
    assert first[2:] == pytest.approx([0.0, pipe_s, 2.0 * pipe_s])
    assert arrival_s(network, 2, -flows)[1] == pytest.approx(pipe_s)
    assert arrival_s(network, 2, np.zeros(4))[3] == math.inf
    with pytest.raises(InputError, match="flows_m3s"):
        arrival_s(network, 2, flows[:2])


def test_what_pollution_has_reached_is_shut_off() -> None:
    """The later the valves are closed, the more segments are shut off."""
    network = line(4)
    segments = find_segments(network, default_valves(network, "all"))
    pipe_s = math.pi / 4.0 * 0.1**2 * 1000.0 / 1e-3
    flows = np.full(4, 1e-3)
    alone = contain(network, segments, PEOPLE, 2)
    assert alone.inside.tolist() == [2]
    assert alone.cut_off.tolist() == [3, 4]
    late = contain(network, segments, PEOPLE, 2, flows_m3s=flows, after_s=1.5 * pipe_s)
    assert late.inside.tolist() == [2, 3]
    assert late.links.tolist() == [2, 3]
