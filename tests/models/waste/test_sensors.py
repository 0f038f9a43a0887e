"""Sensors say what they see, err as they are set to, and fail for the share of time they should."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.waste.sensors import (
    ERRATIC,
    STUCK,
    Faults,
    FillSensors,
    Quality,
    draw_faults,
)
from twin.device_keys import name_words
from twin.streams import Streams

PERFECT = Quality(0.0, 0.0, 0.0, 0.0, 60.0)
NO_FAULTS = Faults(*(np.zeros(0, dtype=kind) for kind in (np.int64, float, float, np.int64)))
YEAR_S = 365.0 * 86_400.0


def names(count: int) -> tuple[str, ...]:
    """Return the names of points."""
    return tuple(f"glass/36001-{i}" for i in range(count))


def ramp(points: NDArray[np.int32], times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return levels that grow by a litre an hour, in every point."""
    return times_s / 3600.0


def sensors(count: int, quality: Quality, faults: Faults = NO_FAULTS) -> FillSensors:
    """Return sensors in bins of 100 litres."""
    return FillSensors(
        Streams(1, 0),
        name_words(names(count)),
        np.arange(count),
        np.full(count, 100.0),
        ramp,
        quality,
        faults,
    )


def test_a_perfect_sensor_says_the_level() -> None:
    """Without noise a reading is the level over the capacity, to the bit."""
    when = np.array([0.0, 3600.0, 12_345.6])
    said = sensors(1, PERFECT).sample(np.zeros(3, dtype=np.int32), when)
    assert said.tobytes() == (when / 3600.0 / 100.0).tobytes()


def test_a_reading_is_a_function_of_device_and_time() -> None:
    """Asked alone or among others, early or late, a reading is the same."""
    seen = sensors(5, Quality(0.05, 0.03, 0.1, 0.0, 60.0))
    devices = np.array([3, 0, 3, 4], dtype=np.int32)
    when = np.array([7200.0, 7200.0, 9000.0, 100.0])
    together = seen.sample(devices, when)
    alone = [seen.sample(devices[[i]], when[[i]])[0] for i in (2, 0, 3, 1)]
    assert together[[2, 0, 3, 1]].tolist() == alone


def test_noise_has_the_deviation_asked_for() -> None:
    """Readings scatter by the noise around the level and the sensor's own constant error."""
    seen = sensors(4, Quality(0.05, 0.0, 0.0, 0.0, 60.0))
    when = 3600.0 * 50.0 + np.arange(4000) * 0.001
    said = seen.sample(np.zeros(4000, dtype=np.int32), when)
    assert np.std(said) == pytest.approx(0.05, rel=0.05)
    assert np.mean(said) == pytest.approx(0.5, abs=0.003)


def test_sixteen_percent_of_the_time_out_of_order() -> None:
    """Failures are stationary: the failing share of all sensor time, from the first day on."""
    count = 400
    faults = draw_faults(
        Streams(5, 2), names(count), name_words(names(count)), Quality(0, 0, 0, 0.16, 60.0), YEAR_S
    )
    down_s = np.minimum(faults.end_s, YEAR_S) - faults.begin_s
    assert down_s.sum() / (count * YEAR_S) == pytest.approx(0.16, abs=0.025)
    first = (faults.begin_s <= 0.0).sum() / count
    assert first == pytest.approx(0.16, abs=0.06)
    manners = np.bincount(faults.manner, minlength=3) / len(faults.manner)
    assert manners == pytest.approx([0.6, 0.2, 0.2], abs=0.08)


def test_a_stuck_sensor_repeats_and_an_erratic_one_raves() -> None:
    """A stuck sensor says what it saw when it stuck; an erratic one says anything."""
    faults = Faults(
        np.array([0, 1]),
        np.array([36_000.0, 0.0]),
        np.array([72_000.0, 1e9]),
        np.array([STUCK, ERRATIC]),
    )
    seen = sensors(2, PERFECT, faults)
    when = np.array([35_999.0, 36_000.0, 50_000.0, 71_999.0, 72_000.0])
    said = seen.sample(np.zeros(5, dtype=np.int32), when)
    assert said.tolist() == [35_999 / 3600 / 100, 0.1, 0.1, 0.1, 0.2]
    raving = seen.sample(np.ones(500, dtype=np.int32), np.arange(500.0))
    assert np.std(raving) == pytest.approx(np.sqrt(1 / 12), rel=0.15)


def test_another_sensor_moves_no_dice() -> None:
    """A sensor's failures are its own: fitting one more point changes nobody's."""
    quality = Quality(0, 0, 0, 0.3, 20.0)
    few = draw_faults(Streams(5, 2), names(3), name_words(names(3)), quality, YEAR_S)
    many = draw_faults(Streams(5, 2), names(4), name_words(names(4)), quality, YEAR_S)
    kept = many.device < 3
    for a, b in zip(few, many, strict=True):
        assert a.tolist() == b[kept].tolist()
