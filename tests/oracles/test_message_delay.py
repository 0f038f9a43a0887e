"""What lost messages cost in time: T p/(1-p) of mean delay, p^r with a history of r."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from models.links.constant import ConstantLink
from models.water.policies.desk import DISTRICT_METERS, WATER_INDEX
from models.water.policies.indices import Indices
from twin.clock import Calendar, Clock
from twin.signals import DeliveredBatch, Fleet
from twin.streams import Streams

METERS, STEPS, PERIOD_S = 1_500, 400, 3_600.0


def arrived(loss: float, history: int) -> np.ndarray:
    """Return which hourly indices are known in the end, shape (meters, steps)."""
    clock = Clock(Calendar(datetime(2026, 1, 1, tzinfo=UTC)))
    link = ConstantLink(Streams(5, 0), loss, window_s=86_400.0)
    fleet = Fleet(
        DISTRICT_METERS,
        WATER_INDEX,
        *(np.zeros(METERS) for _ in range(3)),
        period_s=PERIOD_S,
        phase_s=np.linspace(0.0, 3_599.0, METERS),
        payload_bytes=12,
        sample=lambda _devices, times: times,
    )
    link.uplink.register(fleet)
    indices = Indices(METERS, STEPS, PERIOD_S)

    def read(batch: DeliveredBatch) -> None:
        steps = indices.steps_of(batch.sampled_s)
        contents = batch.values[:, None] - PERIOD_S * np.arange(history)
        indices.take_history(batch.assets, steps, contents)

    link.inbox.subscribe(WATER_INDEX, read)
    link.start(clock)
    clock.run(until=STEPS * PERIOD_S)
    return ~np.isnan(indices.values_m3)


@pytest.mark.parametrize("loss", [0.1, 0.3, 0.5])
def test_mean_delay(loss: float) -> None:
    """A detector that needs the next frame waits T p/(1-p) longer on average, within 2 %."""
    known = arrived(loss, history=1)
    waited = np.zeros(METERS)
    total, count = 0.0, 0
    # From the end: how many frames after this one until one arrives. The last 40 start the count,
    # for what a link received in its last window reaches nobody.
    for step in range(STEPS - 1, -1, -1):
        waited = np.where(known[:, step], 0.0, waited + 1.0)
        if step < STEPS - 40:
            total += waited.sum()
            count += METERS
    assert PERIOD_S * total / count == pytest.approx(PERIOD_S * loss / (1.0 - loss), rel=0.02)


@pytest.mark.parametrize("history", [1, 2, 3])
def test_history(history: int) -> None:
    """An index repeated in r frames is lost with p^r: 0.3, 0.09, 0.027."""
    known = arrived(0.3, history)[:, : STEPS - 30]
    assert 1.0 - known.mean() == pytest.approx(0.3**history, rel=0.02)
