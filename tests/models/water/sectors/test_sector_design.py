"""Divisions of networks: what is asked, what is refused by name, real networks."""

from __future__ import annotations

import numpy as np
import pytest
from water_networks import wntr_network

from models.water.network.network import LinkKind
from models.water.network.read import read_network
from models.water.sectors import (
    HiddenLeaks,
    LeakFigures,
    Prices,
    assemble,
    close_valves,
    cut_order,
    design_sectors,
    links_named,
    nodes_named,
    spread,
    weigh,
)
from models.water.sectors.supply import far_ends, sources
from tests.models.water.sectors.water_graphs import line, network_of
from twin.errors import DataError, InputError, UnreachableError

LOSS = HiddenLeaks()


def test_a_meter_on_a_link_that_does_not_exist() -> None:
    """A meter on a link or node that does not exist is refused by name, with near names."""
    network = line(3)
    with pytest.raises(InputError, match=r"'L9'.*L0, L1, L2"):
        links_named(network, ["L1", "L9"], "metered")
    with pytest.raises(InputError, match=r"'M1'.*N1"):
        nodes_named(network, ["M1"])
    with pytest.raises(InputError, match=r"metered.*'7'.*0 to 2"):
        assemble(network, weigh(network, np.ones(4)), [7])
    assert links_named(network, ["L2", "L0"]).tolist() == [2, 0]


@pytest.mark.parametrize("k", [0, 4])
def test_more_districts_than_links(k: int) -> None:
    """A number of districts below one or above the number of links is refused."""
    network = line(3)
    with pytest.raises(InputError, match=f"k; found '{k}'; expected: from 1 to 3"):
        design_sectors(network, weigh(network, np.ones(4)), k, Prices())


def test_a_network_in_two_pieces() -> None:
    """Junctions that no open link joins to a source are named."""
    network = network_of([(0, 1), (2, 3)])
    with pytest.raises(DataError, match="N2, N3"):
        cut_order(network, weigh(network, np.ones(4)), LOSS)
    ring = network_of([(0, 1), (1, 2), (2, 3)])
    with pytest.raises(DataError, match=r"closed.*N2, N3"):
        assemble(ring, weigh(ring, np.ones(4)), [], [1])


def test_weights_that_are_none() -> None:
    """Weights of another length, or below zero, are refused with their place."""
    network = line(3)
    with pytest.raises(InputError, match=r"homes.*4 values"):
        weigh(network, np.ones(3))
    with pytest.raises(InputError, match=r"homes\[1\].*'-1.0'"):
        weigh(network, [0.0, -1.0, 0.0, 0.0])
    with pytest.raises(InputError, match=r"prices.meter_life_years"):
        Prices(meter_life_years=0.0)


def test_a_pipe_belongs_to_its_far_end() -> None:
    """A pipe counts in the district its water goes to; between two sources it counts nowhere."""
    network = network_of(
        [(1, 0), (1, 2), (3, 2), (0, 3)], fixed=(0, 3), length_m=[500.0, 800.0, 100.0, 900.0]
    )
    assert far_ends(network).tolist() == [1, 1, 2, -1]
    weights = weigh(network, np.zeros(4))
    assert weights.km.tolist() == [0.0, 1.3, 0.1, 0.0]


def test_a_part_fed_without_a_meter_is_outside() -> None:
    """A second, unmetered supply leaves a part without balance: it is no district."""
    network = network_of([(0, 1), (1, 2), (2, 3)], fixed=(0, 3))
    weights = weigh(network, [0.0, 5.0, 7.0, 0.0])
    assert assemble(network, weights, [0]).count == 0
    whole = assemble(network, weights, [0, 2])
    assert whole.homes.tolist() == [12.0]
    assert whole.signs.tolist() == [[1, -1]]
    assert whole.link_district.tolist() == [0, 0, 0]
    assert assemble(network, weights, [0, 1]).homes.tolist() == [5.0]


def test_a_first_meter_may_pay_only_with_the_next() -> None:
    """Where one meter on a town costs more than it saves, it is bought together with others."""
    town = network_of([(0, 1), *((1, i) for i in range(2, 8))], length_m=[10.0] + [40_000.0] * 6)
    loss = HiddenLeaks(eur_per_m3=0.4, eur_per_searched_km=60.0)
    order = cut_order(town, weigh(town, [0.0, 0.0] + [6_000.0] * 6), loss)
    assert order.cuts[0].gain < 0.0 < sum(cut.gain for cut in order.cuts)
    assert spread([order], 1) == [0]
    assert spread([order], 7) == [len(order.cuts)]


def test_only_what_pressures_allow_is_closed() -> None:
    """A valve is closed only where pressure stays at the floor, or where it was when lower."""
    ring = network_of(
        [(0, 1), (1, 2), (2, 3), (3, 1), (2, 1)], diameter_m=[0.2, 0.1, 0.08, 0.09, 0.1]
    )
    saved = np.full(5, 10.0)
    calls: list[list[int]] = []

    def pressures(closed: np.ndarray) -> float:
        calls.append(closed.tolist())
        return {(): 20.0, (2,): 14.0, (3,): 16.0}.get(tuple(closed.tolist()), 5.0)

    assert close_valves(ring, range(5), saved, pressures=pressures).tolist() == [3]
    assert calls[:3] == [[], [2], [3]]  # narrowest pipes first
    assert close_valves(ring, range(5), saved, pressures=pressures, floor_m=50.0).size == 0
    assert close_valves(ring, range(5), np.zeros(5)).size == 0
    with pytest.raises(UnreachableError, match="pressures"):
        close_valves(ring, range(5), saved, pressures=lambda _: float("nan"))


def test_valves_and_pumps_are_never_closed() -> None:
    """Only pipes are closed: a pump on the boundary gets a meter."""
    kinds = [LinkKind.PIPE, LinkKind.PUMP, LinkKind.PIPE]
    network = network_of([(0, 1), (1, 2), (1, 2)], kinds=kinds)
    assert close_valves(network, [1, 2], [9.0, 9.0]).tolist() == [2]


def test_a_noisier_district_hides_leaks_longer() -> None:
    """Run times grow with homes and with kilometres, and without a meter are longest."""
    few, many = LOSS.run_days(30.0, 200.0), LOSS.run_days(30.0, 20_000.0)
    assert bool((many >= few).all())
    assert many.mean() > 2.0 * few.mean()
    assert LOSS.lost_m3(60.0, 200.0) > 2.0 * LOSS.lost_m3(30.0, 200.0)
    assert LOSS.unwatched(np.array(30.0), np.array(200.0)) > LOSS.lost_m3(30.0, 1e6)


def test_the_volume_of_babe() -> None:
    """With no noise and no search a leak is lost for the alarm, the wait and the repair alone."""
    figures = LeakFigures(
        per_km_year=0.01,
        home_m3h=0.0,
        common_m3h=0.0,
        meter_m3h=1e-9,
        km_per_day=1e12,
        survey_years=1e9,
        surfaces_days=1e15,
        wait_days=2.0,
        repair_days=3.0,
    )
    days = 1.0 + 2.0 + 3.0  # the alarm is raised the next morning
    expected = 0.01 * 50.0 * 2.2 * 24.0 * days
    assert HiddenLeaks(figures).lost_m3(50.0, 100.0) == pytest.approx(expected)


@pytest.mark.parametrize(("name", "k"), [("Net3", 5), ("ky4", 6)])
def test_networks_with_loops(name: str, k: int) -> None:
    """Net3 and ky4 are divided in connected parts whose weights lie within the bounds."""
    network = read_network(wntr_network(name))
    homes = np.zeros(len(network.nodes))
    np.add.at(homes, network.demands.node, np.maximum(network.demands.base_m3s, 0.0) * 3e5)
    weights = weigh(network, homes)
    assert weights.km.sum() == pytest.approx(network.length_km)
    design = design_sectors(network, weights, k, Prices(), loss=LOSS, method="balanced")
    sectors = design.sectors
    assert sectors.count == k
    assert bool((sectors.district[~sources(network)] >= 0).all())
    blend = sectors.km / weights.km.sum() + sectors.homes / homes.sum()
    heaviest = float((weights.km / weights.km.sum() + weights.homes / homes.sum()).max())
    assert blend.max() <= max(1.25 * 2.0 / k, heaviest) + 1e-6
    assert design.yearly_eur == pytest.approx(design.loss_eur + sectors.yearly_eur(Prices()))
