"""Pressure loggers: residuals by day, and the part to search first."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.policies.desk import PRESSURE, PRESSURE_LOGGERS, LeakDesk
from models.water.policies.pressure_watch import PressureWatch, Signatures
from twin.signals import AssetId, DeliveredBatch

HEADS_M = np.array([[0.8, 0.2, 0.0], [0.2, 0.8, 0.0], [0.0, 0.1, 0.9]])
DAY_S = 86_400.0


def day_of_frames(day: int, pressure_m: np.ndarray, kept: np.ndarray) -> DeliveredBatch:
    """Return the hourly pressures of a day, shape (24, loggers), those of the mask `kept`."""
    hour, logger = np.nonzero(kept)
    sampled_s = day * DAY_S + hour * 3600.0
    return DeliveredBatch(
        PRESSURE,
        logger.astype(np.int32),
        pressure_m[hour, logger],
        sampled_s,
        sampled_s + 1.0,
        np.ones(len(hour), np.int16),
        PRESSURE_LOGGERS,
        [AssetId(f"p{i}") for i in range(3)],
    )


@pytest.mark.parametrize("part", range(3))
def test_the_part_that_leaks_is_first(part: int) -> None:
    """A week after a leak of 1 m3/h its part comes first, a fifth of the frames lost."""
    rng = np.random.default_rng(part)
    signatures = Signatures(np.arange(3), HEADS_M, np.array([3.0, 3.0, 4.0]))
    watch = PressureWatch(3, {"d": signatures})
    usual = 40.0 + 5.0 * np.sin(np.arange(24)[:, None] / 4.0 + np.arange(3))
    for day in range(56):
        pressure = usual + rng.normal(0.0, 0.2, (24, 3))
        if day >= 50:
            pressure -= HEADS_M[part]
        watch.read(day_of_frames(day, pressure, rng.random((24, 3)) > 0.2))
        watch.close_day(day, day * DAY_S, (day + 1) * DAY_S)
    ranked = watch.rank("d", 50, 1.0)
    assert ranked is not None
    parts, shares, km = ranked
    assert parts[0] == part
    assert shares[0] > 0.9
    assert sum(shares) == pytest.approx(1.0)
    assert km < 2.5


def test_nothing_known_ranks_nothing() -> None:
    """Without signatures or without a single reading there is no rank, rather than a guess."""
    signatures = Signatures(np.arange(3), HEADS_M, np.ones(3))
    watch = PressureWatch(3, {"d": signatures})
    for day in range(30):
        watch.close_day(day, day * DAY_S, (day + 1) * DAY_S)
    assert watch.rank("d", 25, 1.0) is None
    assert watch.rank("elsewhere", 25, 1.0) is None


def test_too_few_hours_are_no_day() -> None:
    """A day of five known hours has no residual."""
    watch = PressureWatch(3, {"d": Signatures(np.arange(3), HEADS_M, np.ones(3))})
    for day in range(40):
        kept = np.zeros((24, 3), bool)
        kept[: 24 if day < 30 else 5] = True
        watch.read(day_of_frames(day, np.full((24, 3), 40.0), kept))
        watch.close_day(day, day * DAY_S, (day + 1) * DAY_S)
    assert watch.rank("d", 30, 1.0) is None


def test_the_desk_hands_the_rank_on() -> None:
    """An alarm of a district with loggers carries its parts in the order to search them."""
    from leak_desk_case import NO_ECONOMY, districts, flows, frames, indices

    rng = np.random.default_rng(9)
    watch = PressureWatch(3, {"d0": Signatures(np.arange(3), HEADS_M, np.array([3.0, 3.0, 4.0]))})
    desk = LeakDesk(districts(1), 1, NO_ECONOMY, pressure=watch)
    flow = flows(1, 60)
    flow[0, 24 * 50 :] += 1.0
    index = indices(flow)
    alarms = []
    for day in range(56):
        desk.read(frames(index, np.arange(max(0, 24 * day - 17), 24 * day + 7)))
        pressure = 40.0 + rng.normal(0.0, 0.1, (24, 3)) - (HEADS_M[2] if day >= 50 else 0.0)
        desk.read_pressure(day_of_frames(day, pressure, np.ones((24, 3), bool)))
        alarms += [alarm for alarm in desk.close_day(day) if alarm.since_s >= 49 * DAY_S]
    assert alarms[0].parts[0] == 2
    assert alarms[0].km < 3.0
