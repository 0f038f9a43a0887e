"""Laws of divisions, on random networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.water.sectors.cuts import cut_order, find_areas
from models.water.sectors.design import design_sectors, total_loss
from models.water.sectors.loss import HiddenLeaks
from models.water.sectors.prices import Prices
from models.water.sectors.programme import spread
from models.water.sectors.sectors import OUTSIDE, assemble
from models.water.sectors.supply import dry_junctions, sources, usable
from models.water.sectors.weights import weigh
from tests.models.water.sectors.water_graphs import drawn

LAW = settings(max_examples=25, deadline=None)
LOSS = HiddenLeaks(eur_per_m3=0.4, eur_per_searched_km=50.0)
seeds = st.integers(0, 2**32 - 1)
counts = st.integers(1, 8)


@LAW
@given(seed=seeds, nodes=st.integers(3, 40), extra=st.integers(0, 6), sources=st.integers(1, 2))
def test_cuts_are_nested_and_add_up(seed: int, nodes: int, extra: int, sources: int) -> None:
    """Each cut adds one district, refines those before, and saves what it says it saves."""
    rng = np.random.default_rng(seed)
    network, homes = drawn(rng, nodes, extra=extra, sources=sources)
    weights = weigh(network, 30.0 * homes)
    order = cut_order(network, weights, LOSS)
    before = np.full(nodes, OUTSIDE)
    assert order.loss_before == pytest.approx(
        total_loss(network, weights, assemble(network, weights, []), LOSS)
    )
    for count in range(1, len(order.cuts) + 1):
        sectors = assemble(network, weights, order.metered(count))
        assert sectors.count == count
        assert total_loss(network, weights, sectors, LOSS) == pytest.approx(order.loss_after(count))
        for number in range(count):
            assert np.unique(before[sectors.district == number]).size == 1
        before = sectors.district


@LAW
@given(seed=seeds, nodes=st.integers(3, 40), extra=st.integers(0, 8), k=counts)
def test_a_balance_closes(seed: int, nodes: int, extra: int, k: int) -> None:
    """With any flows that balance at junctions, meters give each district its demand exactly."""
    rng = np.random.default_rng(seed)
    network, homes = drawn(rng, nodes, extra=extra)
    weights = weigh(network, homes)
    k = min(k, len(network.links))
    design = design_sectors(network, weights, k, Prices(), loss=HiddenLeaks())
    sectors = design.sectors
    flow = rng.normal(size=len(network.links))
    demand = np.zeros(nodes)
    np.add.at(demand, network.links.end, flow)
    np.subtract.at(demand, network.links.start, flow)
    drawn_there = np.bincount(
        sectors.district[sectors.district >= 0],
        weights=demand[sectors.district >= 0],
        minlength=sectors.count,
    )
    assert sectors.signs @ flow[sectors.metered] == pytest.approx(drawn_there, abs=1e-9)
    assert not sectors.idle.size


@LAW
@given(seed=seeds, nodes=st.integers(16, 40), extra=st.integers(3, 12), k=st.integers(1, 4))
def test_nobody_is_cut_off(seed: int, nodes: int, extra: int, k: int) -> None:
    """Closed valves leave every junction supplied, and no pressure below the floor."""
    rng = np.random.default_rng(seed)
    network, homes = drawn(rng, nodes, extra=extra)
    asked: list[int] = []

    def pressures(closed: np.ndarray) -> float:
        asked.append(closed.size)
        return 30.0 - 4.0 * closed.size

    weights = weigh(network, homes)
    every_area = k + len(find_areas(network, weights).gates)
    design = design_sectors(
        network, weights, every_area, Prices(), method="balanced", pressures=pressures
    )
    sectors = design.sectors
    assert not dry_junctions(network, usable(network, sectors.closed)).size
    assert sectors.closed.size <= 3  # 30 - 4 x 3 >= 15
    assert not np.intersect1d(sectors.closed, sectors.metered).size
    assert bool((sectors.district[~sources(network)] >= 0).all())
    assert design.capital_eur == pytest.approx(
        Prices().capital_eur(sectors.metered.size, sectors.closed.size)
    )
    assert sectors.km.sum() == pytest.approx(network.length_km)


@LAW
@given(
    km=st.floats(0.1, 300.0),
    homes=st.floats(1.0, 30_000.0),
    more_km=st.floats(0.0, 100.0),
    more_homes=st.floats(0.0, 10_000.0),
)
def test_larger_districts_cost_more(
    km: float, homes: float, more_km: float, more_homes: float
) -> None:
    """A district that grows loses more; a whole costs no less than its two parts."""
    one, other = np.array([km]), np.array([homes])
    grown = LOSS.watched(one + more_km, other + more_homes)
    alone = LOSS.watched(one, other)
    rest = LOSS.watched(np.array([more_km]), np.array([more_homes]))
    assert grown >= alone * (1.0 - 1e-12)
    assert grown >= (alone + rest) * (1.0 - 1e-9)
    assert LOSS.searched_km(one, other) >= 0.0


@LAW
@given(seed=seeds, meters=st.integers(0, 30))
def test_meters_go_where_they_save_most(seed: int, meters: int) -> None:
    """Meters spread over networks are never too many, and more of them never save less."""
    rng = np.random.default_rng(seed)
    orders = []
    for _ in range(4):
        network, homes = drawn(rng, int(rng.integers(4, 20)), extra=2)
        orders.append(cut_order(network, weigh(network, 60.0 * homes), LOSS))
    left = []
    for count in (meters, meters + 1):
        made = spread(orders, count)
        used = sum(o.metered(m).size for o, m in zip(orders, made, strict=True))
        assert used <= count
        left.append(sum(o.loss_after(m) for o, m in zip(orders, made, strict=True)))
    assert left[1] <= left[0] * (1.0 + 1e-9)
