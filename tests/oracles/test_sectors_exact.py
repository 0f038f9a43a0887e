"""Divisions, placements and valves against every possibility of small cases."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from models.water.network.network import Network
from models.water.placement import PlacementProblem, best_places, greedy, swapped
from models.water.sectors.bridges import find_bridges
from models.water.sectors.closing import close_valves
from models.water.sectors.cuts import cut_order, find_areas
from models.water.sectors.design import total_loss
from models.water.sectors.exact import best_cuts
from models.water.sectors.graph import Graph
from models.water.sectors.loss import HiddenLeaks, cusum_days
from models.water.sectors.partition import bounds_of, partition
from models.water.sectors.refine import standing
from models.water.sectors.sectors import assemble
from models.water.sectors.supply import components, dry_junctions, usable
from models.water.sectors.weights import Weights, weigh
from tests.models.water.sectors.water_graphs import drawn, line, network_of


@pytest.mark.parametrize(
    ("shift", "published_days"), [(0.0, 335.4), (1.0, 8.38), (2.0, 3.34)], ids=str
)
def test_cusum_run_lengths(shift: float, published_days: float) -> None:
    """Mean run lengths of a CUSUM (k 0.5, h 4) match the published table within 4 %."""
    assert float(cusum_days(shift, 0.5, 4.0)) == pytest.approx(published_days, rel=0.04)


def every_loss(network: Network, weights: Weights, loss: HiddenLeaks, count: int) -> float:
    """Return the least loss over every choice of at most `count` cuts."""
    areas = find_areas(network, weights)
    bridges = [int(link) for link in areas.tree.link if link >= 0]
    least = np.inf
    for opened in product((False, True), repeat=len(areas.gates)):
        gates = [link for mine, go in zip(areas.gates, opened, strict=True) if go for link in mine]
        for more in range(count - sum(opened) + 1):
            for chosen in combinations(bridges, more):
                sectors = assemble(network, weights, [*gates, *chosen])
                least = min(least, total_loss(network, weights, sectors, loss))
    return least


def test_best_cuts_against_every_choice() -> None:
    """The tree programme finds the least loss of every choice of meters, to rounding."""
    rng = np.random.default_rng(5)
    loss = HiddenLeaks(eur_per_m3=0.4, eur_per_searched_km=117.0)
    for case in range(8):
        network, homes = drawn(rng, 9, extra=case % 3, sources=1 + case % 2)
        weights = weigh(network, 40.0 * homes)
        for count in (1, 2, 3):
            found = best_cuts(network, weights, loss, count)
            assert found.loss == pytest.approx(every_loss(network, weights, loss, count))
            made = assemble(network, weights, found.metered)
            assert total_loss(network, weights, made, loss) == pytest.approx(found.loss)


def test_greedy_cuts_give_little_away() -> None:
    """On trees of 60 nodes the nested order stays within 3 % of the best cuts, up to four."""
    rng = np.random.default_rng(6)
    loss = HiddenLeaks()
    worst = 0.0
    for _ in range(3):
        network, homes = drawn(rng, 60, extra=3)
        weights = weigh(network, homes)
        order = cut_order(network, weights, loss)
        for count in (1, 2, 3, 4):
            best = best_cuts(network, weights, loss, count).loss
            worst = max(worst, order.loss_after(count) / best - 1.0)
    assert 0.0 <= worst + 1e-9 < 0.03


def test_bridges_against_removal() -> None:
    """A link is a bridge exactly where its removal raises the number of connected parts."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        network, _ = drawn(rng, 12, extra=int(rng.integers(6)))
        everything = usable(network)
        parts = components(network, everything).max()
        bridge = find_bridges(network, everything)
        for link in range(len(network.links)):
            without = components(network, usable(network, [link])).max()
            assert bridge[link] == (without > parts)


def random_graph(rng: np.random.Generator, nodes: int, extra: int) -> Graph:
    """Return a connected graph with prices of 1."""
    around: list[dict[int, float]] = [{} for _ in range(nodes)]
    pairs = [(i, int(rng.integers(i))) for i in range(1, nodes)]
    pairs += [(int(a), int(b)) for a, b in rng.integers(0, nodes, (extra, 2)) if a != b]
    for a, b in pairs:
        around[a][b] = around[b][a] = 1.0
    return Graph(rng.uniform(0.5, 2.0, nodes).tolist(), around)


def in_one_piece(graph: Graph, part: list[int], count: int) -> bool:
    """Tell whether each part is there and connected."""
    for number in range(count):
        mine = [node for node in range(len(graph)) if part[node] == number]
        if not mine:
            return False
        seen, stack = {mine[0]}, [mine[0]]
        while stack:
            for other in graph.around[stack.pop()]:
                if part[other] == number and other not in seen:
                    seen.add(other)
                    stack.append(other)
        if len(seen) < len(mine):
            return False
    return True


def test_partition_against_every_partition() -> None:
    """On graphs of up to eight nodes the partition cuts no more edges than the best of all."""
    rng = np.random.default_rng(8)
    for _ in range(20):
        count = int(rng.integers(2, 4))
        graph = random_graph(rng, int(rng.integers(6, 9 if count == 2 else 8)), 5)
        bounds = bounds_of(graph, count, 0.25)
        best = min(
            standing(graph, list(part), bounds)
            for part in product(range(count), repeat=len(graph))
            if in_one_piece(graph, list(part), count)
        )
        found = partition(graph, count)
        assert in_one_piece(graph, found, count)
        assert standing(graph, found, bounds)[:2] == pytest.approx(best[:2])


def test_a_grid_in_four() -> None:
    """A grid of ten by ten is cut in four squares: twenty edges, the least possible."""
    around: list[dict[int, float]] = [{} for _ in range(100)]
    for node in range(100):
        for other in (node + 1 if node % 10 < 9 else -1, node + 10):
            if 0 <= other < 100:
                around[node][other] = around[other][node] = 1.0
    graph = Graph([1.0] * 100, around)
    assert graph.price(partition(graph, 4)) == 20.0


def test_closing_against_every_set() -> None:
    """Where pressures allow all, valves save the most of any set that leaves all supplied."""
    rng = np.random.default_rng(9)
    for _ in range(5):
        network, _ = drawn(rng, 6, extra=4)
        links = np.arange(len(network.links))
        saved = rng.uniform(10.0, 99.0, links.size)
        closed = close_valves(network, links, saved)
        best = max(
            saved[list(chosen)].sum()
            for size in range(links.size + 1)
            for chosen in combinations(links.tolist(), size)
            if not dry_junctions(network, usable(network, chosen)).size
        )
        assert saved[closed].sum() == pytest.approx(best)


def test_placement_against_every_choice() -> None:
    """The program finds the least objective of every k places; greedy and swaps never beat it."""
    rng = np.random.default_rng(10)
    for _ in range(25):
        places, events = int(rng.integers(4, 11)), int(rng.integers(3, 20))
        k = int(rng.integers(1, 4))
        seen = rng.random((places, events)) < 0.5
        impact = np.where(seen, rng.integers(0, 6, (places, events)), np.inf)
        problem = PlacementProblem.create(impact, 6.0, rng.random(events))
        best = min(problem.value(chosen) for chosen in combinations(range(places), k))
        first = greedy(problem, k)
        second = swapped(problem, first)
        found = best_places(problem, k)
        assert found.proven
        assert found.value == pytest.approx(best)
        assert found.gap == 0.0
        assert first.bound <= best + 1e-9 <= second.value + 2e-9 <= first.value + 3e-9
        most = problem.value(()) - best
        assert problem.value(()) - first.value >= (1.0 - np.exp(-1.0)) * most - 1e-9


def test_a_line_is_cut_in_halves() -> None:
    """A pipe of equal homes is best divided in the middle by a second meter."""
    network = line(20)
    weights = weigh(network, np.r_[0.0, np.full(20, 15.0)])
    order = cut_order(network, weights, HiddenLeaks())
    assert [cut.links for cut in order.cuts[:2]] == [(0,), (10,)]
    sectors = assemble(network, weights, order.metered(2))
    assert sectors.km.tolist() == [10.0, 10.0]
    assert sectors.signs.tolist() == [[1, -1], [0, 1]]


def test_parallel_pipes_are_no_bridge() -> None:
    """Two pipes side by side divide nothing with one meter, and no single cut is proposed there."""
    network = network_of([(0, 1), (1, 2), (1, 2), (2, 3)])
    assert find_bridges(network, usable(network)).tolist() == [True, False, False, True]
