"""Laws of counting and of completion: brute force, recounts, the proven bound of greedy covers."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.lora.redundancy import Completion, complete, count_heard


@dataclass(frozen=True)
class Net:
    """Links between a few meters and a few sites, in the rows of a LinkTable."""

    indptr: NDArray[np.int64]
    site: NDArray[np.int32]
    heard: NDArray[np.bool_]
    installed: NDArray[np.bool_]
    available: NDArray[np.bool_]
    cost: NDArray[np.float64]

    @property
    def works(self) -> NDArray[np.bool_]:
        """Return the working links as a table, shape (meters, sites)."""
        table = np.zeros((len(self.indptr) - 1, len(self.cost)), dtype=np.bool_)
        for meter in range(len(table)):
            for link in range(self.indptr[meter], self.indptr[meter + 1]):
                table[meter, self.site[link]] = self.heard[link]
        return table

    def of_meters(self, chosen: NDArray[np.bool_]) -> Net:
        """Return the network of some meters, with its working links only."""
        meter, site = np.nonzero(self.works[chosen])
        counts = np.bincount(meter, minlength=int(chosen.sum()))
        return replace(
            self,
            indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            site=site.astype(np.int32),
            heard=np.ones(len(site), dtype=np.bool_),
        )

    def complete(self, redundancy: int, share: float, least_gain: float = 1.0) -> Completion:
        """Return the completion of this network."""
        return complete(
            self.indptr,
            self.site,
            self.heard,
            self.installed,
            self.available,
            self.cost,
            redundancy,
            share,
            least_gain,
        )


@st.composite
def nets(draw: st.DrawFn, most_meters: int = 25, most_sites: int = 7) -> Net:
    """Return any network: rows of any length, links that work or not, some sites installed."""
    meters = draw(st.integers(1, most_meters))
    sites = draw(st.integers(1, most_sites))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    near = rng.random((meters, sites)) < draw(st.floats(0.1, 1.0))
    meter, site = np.nonzero(near)
    return Net(
        indptr=np.concatenate([[0], np.cumsum(near.sum(axis=1))]).astype(np.int64),
        site=site.astype(np.int32),
        heard=rng.random(len(meter)) < draw(st.floats(0.2, 1.0)),
        installed=rng.random(sites) < draw(st.floats(0.0, 0.6)),
        available=rng.random(sites) < draw(st.floats(0.3, 1.0)),
        cost=rng.choice([1.0, 2.0, 3.5], sites),
    )


targets = {
    "redundancy": st.integers(1, 3),
    "share": st.sampled_from([0.07, 0.5, 0.9, 0.95, 1.0]),
    "least_gain": st.sampled_from([0.5, 1.0, 2.0, 4.0]),
}


@settings(max_examples=200, deadline=None)
@given(nets())
def test_count_is_brute_force(net: Net) -> None:
    """The count of each meter is the number of working links to installed sites."""
    counts = count_heard(net.indptr, net.site, net.heard, net.installed)
    np.testing.assert_array_equal(counts, (net.works & net.installed).sum(axis=1))


@settings(max_examples=300, deadline=None)
@given(nets(), targets["redundancy"], targets["share"], targets["least_gain"])
def test_completion_adds_what_it_may_and_recounts(
    net: Net, redundancy: int, share: float, least_gain: float
) -> None:
    """Only available sites are added, each once, none removed, and the counts equal a recount."""
    done = net.complete(redundancy, share, least_gain)
    assert len(set(done.added.tolist())) == len(done.added)
    assert np.all(net.available[done.added])
    assert not np.any(net.installed[done.added])
    final = net.installed.copy()
    final[done.added] = True
    recount = count_heard(net.indptr, net.site, net.heard, final)
    np.testing.assert_array_equal(done.counts, recount)
    assert np.all(done.counts >= count_heard(net.indptr, net.site, net.heard, net.installed))


@settings(max_examples=300, deadline=None)
@given(nets(), targets["redundancy"], targets["share"], targets["least_gain"])
def test_completion_stops_at_the_target_and_no_earlier(
    net: Net, redundancy: int, share: float, least_gain: float
) -> None:
    """It stops at the target, or where no free site helps enough; never one site later."""
    done = net.complete(redundancy, share, least_gain)
    works = net.works
    wanted = math.ceil(share * len(works) - 1e-9)
    built = net.installed.copy()
    for added in done.added:
        counts = (works & built).sum(axis=1)
        assert (counts >= redundancy).sum() < wanted
        assert (works[:, added] & (counts < redundancy)).sum() >= least_gain
        built[added] = True
    if (done.counts >= redundancy).sum() < wanted:
        lacking = done.counts < redundancy
        free = net.available & ~built
        assert not np.any((works[lacking].sum(axis=0) >= least_gain) & free & works.any(axis=0))


def naive(net: Net, redundancy: int, share: float, least_gain: float) -> list[int]:
    """Return the sites a plain greedy adds, every gain counted afresh at every step."""
    works, built, added = net.works, net.installed.copy(), list[int]()
    while True:
        short = (works & built).sum(axis=1) < redundancy
        if (~short).sum() >= math.ceil(share * len(works) - 1e-9):
            return added
        gain = works[short].sum(axis=0).astype(np.float64)
        rate = np.where(net.available & ~built & (gain >= least_gain), gain / net.cost, 0.0)
        if rate.max() <= 0.0:
            return added
        added.append(int(rate.argmax()))
        built[added[-1]] = True


@settings(max_examples=300, deadline=None)
@given(nets(60, 15), targets["redundancy"], targets["share"], targets["least_gain"])
def test_completion_is_the_plain_greedy(
    net: Net, redundancy: int, share: float, least_gain: float
) -> None:
    """Gains kept up to date meter by meter choose the same sites, in order, as full recounts."""
    done = net.complete(redundancy, share, least_gain)
    assert done.added.tolist() == naive(net, redundancy, share, least_gain)


@settings(max_examples=150, deadline=None)
@given(nets(12, 7), targets["redundancy"])
def test_cost_is_within_the_proven_bound_of_the_least(net: Net, redundancy: int) -> None:
    """Serving all who can be costs no less than the optimum, no more than H(meters) times it."""
    usable = net.available | net.installed
    net = net.of_meters(((net.works & usable).sum(axis=1)) >= redundancy)
    works, free = net.works, np.flatnonzero(net.available & ~net.installed)
    have = (works & net.installed).sum(axis=1)
    done = net.complete(redundancy, 1.0)
    assert np.all(done.counts >= redundancy)
    least = min(
        net.cost[list(chosen)].sum()
        for size in range(len(free) + 1)
        for chosen in itertools.combinations(free, size)
        if np.all(have + works[:, list(chosen)].sum(axis=1) >= redundancy)
    )
    spent = net.cost[done.added].sum()
    harmonic = sum(1.0 / rank for rank in range(1, len(works) + 1))  # Dobson 1982
    assert least - 1e-9 <= spent <= harmonic * least + 1e-9


@settings(max_examples=200, deadline=None)
@given(nets(), targets["share"])
def test_more_redundancy_serves_fewer(net: Net, share: float) -> None:
    """No more meters are heard by two gateways than by one, and no more can be.

    Sizes follow no such law: a greedy network for two may luckily be smaller than one for one.
    """
    for redundancy in (1, 2, 3):
        counts = net.complete(redundancy, share).counts
        reached = [(counts >= k).mean() for k in (1, 2, 3)]
        assert reached == sorted(reached, reverse=True)
    most = [(net.complete(redundancy, 1.0).counts >= redundancy).sum() for redundancy in (1, 2, 3)]
    assert most == sorted(most, reverse=True)


@settings(max_examples=200, deadline=None)
@given(nets(), targets["redundancy"], targets["share"], st.integers(0, 2**32))
def test_more_available_sites_never_serve_less_when_all_are_used(
    net: Net, redundancy: int, share: float, seed: int
) -> None:
    """One more available site never makes a reachable target unreachable.

    It may make the greedy network dearer, so cost follows no such law.
    """
    fewer = net.available & (np.random.default_rng(seed).random(len(net.available)) < 0.7)
    part = Net(net.indptr, net.site, net.heard, net.installed, fewer, net.cost)
    wanted = math.ceil(share * (len(net.indptr) - 1) - 1e-9)
    if (part.complete(redundancy, share).counts >= redundancy).sum() >= wanted:
        assert (net.complete(redundancy, share).counts >= redundancy).sum() >= wanted
