"""Where ADR brings devices before the study: laws of the settled state."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.load.settle import Settled, settle
from models.lora.network import eu868
from models.lora.network.field import (
    FleetPlan,
    devices_table,
    fleets_table,
    gateways_table,
    links_table,
    planned_rate,
    radio,
)
from twin.device_keys import mix

COUNT = 300


def _settled(
    level_dbm: float, *, frames: int = 60, slow_sigma_db: float = 4.0, margin_db: float = 10.0
) -> Settled:
    plans = [FleetPlan("meters", 20, 86_400.0)]
    fleets = fleets_table(plans)
    gateways = gateways_table(np.array([11], dtype=np.uint64))
    physics = radio(slow_sigma_db=slow_sigma_db, fading_sigma_db=3.0 if slow_sigma_db else 0.0)
    rows = np.arange(COUNT)
    links = links_table(
        COUNT, rows, np.zeros(COUNT, dtype=np.int64), np.full(COUNT, level_dbm), -200.0
    )
    rate = planned_rate(links, gateways, np.zeros(COUNT, dtype=np.int64), margin_db)
    keys = mix(np.arange(COUNT).astype(np.uint64))
    devices = devices_table(keys, np.zeros(COUNT, dtype=np.int64), plans, np.zeros(COUNT), rate)
    return settle(
        fleets, devices, links, gateways, physics, eu868.rules(adr_margin_db=margin_db), frames
    )


def test_no_frame_changes_nothing() -> None:
    """A network just installed stays as installed."""
    state = _settled(-120.0, frames=0)
    assert np.all(state.tx_index == 0)
    assert np.all(state.nb_trans == 1)
    assert np.all(state.history_count == 0)


def test_a_steady_strong_link_ends_fast_and_soft() -> None:
    """Without variation a strong device ends at DR5 and its lowest power."""
    state = _settled(-70.0, slow_sigma_db=0.0)
    assert np.all(state.rate == 5)
    assert np.all(state.tx_index == 7)


def test_variation_drives_devices_to_faster_rates() -> None:
    """The best of twenty frames rules: links that vary end faster than links that do not."""
    steady = _settled(-126.0, slow_sigma_db=0.0).rate.mean()
    moving = _settled(-126.0, slow_sigma_db=5.0).rate.mean()
    assert moving > steady


@pytest.mark.parametrize("level_dbm", [-130.0, -124.0, -118.0])
def test_a_larger_margin_never_makes_devices_faster(level_dbm: float) -> None:
    """On the same dice a larger margin leaves rates as slow or slower, on average."""
    prudent = _settled(level_dbm, margin_db=15.0).rate.mean()
    usual = _settled(level_dbm, margin_db=10.0).rate.mean()
    assert prudent <= usual


def test_states_are_legal() -> None:
    """Rates, power indices and transmissions stay within what the server may order."""
    state = _settled(-124.0)
    assert state.rate.min() >= 0
    assert state.rate.max() <= 5
    assert state.tx_index.min() >= 0
    assert state.tx_index.max() <= 7
    assert set(np.unique(state.nb_trans)) <= {1, 2, 3}
    assert np.all(state.uplinks_since < 64)
    assert np.all(state.f_cnt == 60)
