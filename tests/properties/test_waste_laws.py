"""Laws of a year of collection, whatever the policy, the sensors and the dice."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.links.constant import ConstantLink
from models.waste.bins import HOUR_S, Bins, Manners
from models.waste.policies.desk import Desk
from models.waste.stage import StreamStage, WasteStage
from tests.bench.drop_off_326 import (
    Lived,
    drop_off_stage,
    live,
    schedule,
    settings,
    usual_world,
    with_rates,
)
from twin.signals import DeliveredBatch

BRIEF = {"days": 28, "settling_days": 7}
POLICIES = st.sampled_from(["current", "threshold", "predictive", "prize", "overflow"])
KNOWLEDGE = st.sampled_from(["none", "driver", "counts", "levels", "foresight"])


def option(kind: str, knowledge: str = "driver", **sensors: Any) -> Any:
    """Return an option of four weeks, its rounds quickly made."""
    return settings(kind, **BRIEF, service={"effort": 0.1, "knowledge": knowledge}, sensors=sensors)


def bits(lived: Lived, zone: str = "") -> list[tuple[str, bytes]]:
    """Return the indicators of a zone, bit for bit."""
    own = lived.part.zone == zone
    values = (value.tobytes() for value in lived.part.value[own])
    return list(zip(lived.part.kpi[own].tolist(), values, strict=True))


@pytest.fixture(scope="module")
def stage() -> WasteStage:
    """Return a small case."""
    return drop_off_stage(16, trucks=1)


@tried(max_examples=15, deadline=None)
@given(
    POLICIES,
    KNOWLEDGE,
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.floats(0.3, 6.0),
    st.integers(0, 99),
)
@example("current", "none", 0.27043651428709087, 1.0, 0.0, 1.0, 0)
def test_nothing_appears_and_nothing_vanishes(
    kind: str, knowledge: str, carried: float, beside: float, share: float, busy: float, seed: int
) -> None:
    """Any policy, any habits before a full bin, however many bring how much: the ledger balances.

    And no kilometre is saved below the bound of the tonnage; nobody works for nothing.
    """
    stage = drop_off_stage(9, trucks=1)
    stage = with_rates(stage, busy * stage.streams[0].points.rate_l)
    chosen = settings(
        kind,
        **BRIEF,
        service={"effort": 0.1, "knowledge": knowledge},
        sensors={"share": share},
        filling={"carried": carried, "beside": (1.0 - carried) * beside},
    )
    calendar = schedule(stage, chosen) if kind == "current" else None
    lived = live(stage, chosen, usual_world(seed), calendar=calendar)
    (year,) = lived.years
    flows, tally, bins = year.stream.counted(), year.tally, year.stream.bins
    through_l = year.stream.opening_l + flows.brought_l.sum()
    kept_l = bins.level_l.sum() + bins.beside_l.sum() + flows.elsewhere_l.sum()
    gone_l = tally.collected_l + tally.picked_up_l
    assert through_l == pytest.approx(kept_l + gone_l, rel=1e-9)
    assert flows.carried_l.sum() == pytest.approx(flows.received_l.sum(), rel=1e-9, abs=1e-9)
    assert np.all(bins.level_l <= bins.capacity_l)
    assert min(bins.level_l.min(), bins.beside_l.min(), flows.elsewhere_l.min()) >= -1e-9
    assert lived.get("km") >= lived.get("bound_km") * (1.0 - 1e-9)
    assert tally.visits == tally.visits_at.sum()


def test_the_same_dice_give_the_same_bits(stage: WasteStage) -> None:
    """A year lived again, after others were lived, is the same to the last bit."""
    chosen = option("prize", share=0.5)
    first = bits(live(stage, chosen, usual_world(4)))
    live(stage, option("threshold", share=1.0), usual_world(4))
    other = bits(live(stage, chosen, usual_world(5)))
    assert bits(live(stage, chosen, usual_world(4))) == first != other


def test_streams_do_not_disturb_each_other(stage: WasteStage) -> None:
    """A stream's year is the same alone, first or second of two, to the last bit."""
    one = stage.streams[0]
    two = renamed(one, "glass")
    chosen = option("prize", share=0.5)
    both = live(replace(stage, streams=(one, two)), chosen, usual_world(1))
    turned = live(replace(stage, streams=(two, one)), chosen, usual_world(1))
    alone = live(stage, chosen, usual_world(1))
    for name in ("packaging", "glass"):
        assert bits(both, name) == bits(turned, name)
    assert bits(both, "packaging") == bits(alone, "packaging")
    assert bits(both, "packaging") != bits(both, "glass")


def renamed(stream: StreamStage, name: str) -> StreamStage:
    """Return the same points for another material."""
    ids = tuple(each.replace(stream.name, name) for each in stream.points.ids)
    return replace(stream, name=name, points=replace(stream.points, ids=ids))


def test_a_point_more_moves_nobody_elses_deposits() -> None:
    """What people bring to a point is the same bits whether or not another one stands elsewhere."""
    brought = []
    for points in (20, 21):
        lived = live(drop_off_stage(points), option("threshold"), usual_world(0))
        brought.append(lived.years[0].stream.bins._hourly_l)
    assert brought[1].shape[1] == 21
    assert brought[0].tobytes() == np.ascontiguousarray(brought[1][:, :20]).tobytes()


def test_every_option_meets_the_same_people(stage: WasteStage) -> None:
    """What people bring, traffic and luck are the same dice for every policy."""
    years = [
        live(stage, option(kind, share=share), usual_world(6)).years[0].stream
        for kind, share in (("threshold", 0.0), ("prize", 1.0), ("predictive", 0.3))
    ]
    for year in years[1:]:
        assert year.bins._hourly_l.tobytes() == years[0].bins._hourly_l.tobytes()
        assert year._luck.traffic.tobytes() == years[0]._luck.traffic.tobytes()
        assert year._luck.service.tobytes() == years[0]._luck.service.tobytes()
        assert year._luck.calls.tobytes() == years[0]._luck.calls.tobytes()


def test_a_larger_loss_only_removes_deliveries(
    stage: WasteStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever arrives over a link that loses more arrives over one that loses less, as sampled."""
    heard: list[set[tuple[int, float]]] = []
    read = Desk.read

    def noting(self: Desk, batch: DeliveredBatch) -> None:
        heard[-1] |= set(zip(batch.assets.tolist(), batch.sampled_s.tolist(), strict=True))
        read(self, batch)

    monkeypatch.setattr(Desk, "read", noting)
    shares = []
    for loss in (0.0, 0.1, 0.4, 0.9, 1.0):
        heard.append(set())
        lived = live(
            stage,
            option("prize", share=1.0),
            usual_world(2),
            link=lambda dice, loss=loss: ConstantLink(dice, loss, 60.0, 3_600.0),
        )
        shares.append(lived.get("read_share"))
    assert all(more <= less for less, more in pairwise(heard))
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (1.0, 0.0)


@tried(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 71)), max_size=12),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 71)), max_size=6),
)
def test_an_emptying_more_never_fills_more(
    seed: int, usual: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    """Where nobody carries on, more emptyings leave no point full longer and refuse no more."""
    hourly = np.random.default_rng(seed).gamma(0.5, 8.0, (72, 3)).astype(np.float32)
    fewer, greater = lived_bins(hourly, usual), lived_bins(hourly, usual + more)
    assert np.all(greater.flows.full_h <= fewer.flows.full_h)
    assert np.all(greater.flows.refused_l <= fewer.flows.refused_l + 1e-9)
    assert np.all(greater.level_l <= fewer.level_l + 1e-9)


def lived_bins(hourly_l: NDArray[np.float32], emptied: list[tuple[int, int]]) -> Bins:
    """Return three bins of 100 litres after three days and these emptyings (point, hour)."""
    bins = Bins(
        np.full(3, 100.0), hourly_l, np.full((3, 1), -1, dtype=np.int32), Manners(0.0, 0.5),
        np.array([0.0, 30.0, 60.0]),
    )  # fmt: skip
    for point, hour in sorted(emptied, key=lambda each: each[1]):
        bins.empty(point, hour * HOUR_S)
    bins.advance(72 * HOUR_S)
    return bins
