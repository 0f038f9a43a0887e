"""What hides a device hides it from several gateways, for days: the correlation of links."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.network import eu868
from models.lora.network.field import (
    FleetPlan,
    devices_table,
    fleets_table,
    gateways_table,
    least_level_dbm,
    links_table,
    radio,
)
from models.lora.network.received import slow_db, slow_place, slow_term
from models.lora.network.setup import Network
from models.lora.network.window import WindowEngine
from models.lora.shadowing import ShadowingField, shadowing_db
from twin.streams import Streams

DEVICES, GATEWAYS = 1_500, 8
MEDIAN_MARGIN_DB = 4.0


def heard_by_many(slow_rho: float, place_rho: float) -> WindowEngine:
    """Play 40 days of devices that eight gateways hear equally well, nobody disturbing."""
    plans = [FleetPlan("meters", 20, 86_400.0, adr=False)]
    towers = gateways_table(np.arange(1, GATEWAYS + 1, dtype=np.uint64))
    physics = radio("none", slow_rho=slow_rho)
    rng = np.random.default_rng(1)
    x_m, y_m = rng.uniform(0.0, 50_000.0, (2, DEVICES))
    device = np.repeat(np.arange(DEVICES), GATEWAYS)
    gateway = np.tile(np.arange(GATEWAYS), DEVICES)
    field = ShadowingField(sigma_db=4.0, rho=place_rho)
    names = [f"g{number}" for number in range(GATEWAYS)]
    shadow = shadowing_db(
        field, Streams(1, 0), names, gateway.astype(np.int32), x_m[device], y_m[device]
    )
    level_dbm = towers.sensitivity_dbm[0, 2] + MEDIAN_MARGIN_DB + shadow
    network = Network(
        fleets_table(plans),
        devices_table(
            rng.integers(1, 2**63, DEVICES).astype(np.uint64),
            np.zeros(DEVICES, dtype=np.int64),
            plans,
            rng.uniform(0.0, 86_400.0, DEVICES),
            np.full(DEVICES, 3),
        ),
        links_table(DEVICES, device, gateway, level_dbm, least_level_dbm(towers, physics)),
        towers,
        eu868.channels(),
        eu868.bands(),
        physics,
        eu868.rules(),
    )
    engine = WindowEngine(network)
    engine.run(40 * 86_400.0)
    return engine


def loss_and_variance(engine: WindowEngine) -> tuple[float, float]:
    """Return the share of frames lost and the variance of the gateways that decode one."""
    tally = engine.state.tally
    frames = float(tally["frames"].sum())
    mean = float(tally["gateways"].sum()) / frames
    variance = float(tally["gateways_squared"].sum()) / frames - mean**2
    return 1.0 - float(tally["delivered"].sum()) / frames, variance


def test_correlation_at_the_default_costs_ten_times_more_frames_than_independence() -> None:
    """Heard by eight gateways: over 10 times more frames lost, counts vary over twice as much."""
    default = radio()
    together, spread_together = loss_and_variance(
        heard_by_many(default.slow_rho, ShadowingField(1.0).rho)
    )
    apart, spread_apart = loss_and_variance(heard_by_many(0.0, 0.0))
    assert together > 10.0 * apart
    assert apart > 0.0, "too few frames to compare"
    assert spread_together > 2.0 * spread_apart


def slow_series(rho: float, lags: list[float]) -> np.ndarray:
    """Return 4,000 devices' slow terms on two links at several times (in nodes)."""
    rng = np.random.default_rng(7)
    keys = [int(key) for key in rng.integers(1, 2**63, 4_000)]
    out = np.empty((len(lags), 2, len(keys)))
    for column, key in enumerate(keys):
        for row, lag in enumerate(lags):
            place = slow_place(key, lag, 1.0)
            common = slow_term(key, 0, place)
            for gateway in (1, 2):
                out[row, gateway - 1, column] = slow_db(key, gateway, place, common, 1.0, rho)
    return out


@pytest.mark.parametrize("rho", [0.0, 0.7, 1.0])
def test_two_gateways_share_the_stated_part_of_the_slow_term(rho: float) -> None:
    """The correlation of one device's slow terms at two gateways is `slow_rho`."""
    both = slow_series(rho, [3.3])[0]
    assert np.corrcoef(both)[0, 1] == pytest.approx(rho, abs=0.04)
    assert both.std() == pytest.approx(1.0, abs=0.03)


def test_the_slow_term_forgets_within_two_nodes() -> None:
    """Its correlation in time is 0.74, 0.28 and 0 after half a node, one node and two."""
    series = slow_series(0.7, [3.3, 3.8, 4.3, 5.3])[:, 0]
    found = [np.corrcoef(series[0], series[row])[0, 1] for row in (1, 2, 3)]
    np.testing.assert_allclose(found, [0.74, 0.28, 0.0], atol=0.05)
