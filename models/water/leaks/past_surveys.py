"""What systematic surveys heard before the first day, when nothing was yet bought."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.water.leaks.events import LeakEvents
from models.water.leaks.figures import LeakFigures
from models.water.network.network import Floats
from models.water.zone import Zone
from twin.streams import Streams
from twin.units import YEAR_S


def heard_before(
    events: LeakEvents, past_u: Floats, zones: Sequence[Zone], figures: LeakFigures,
    streams: Streams,
) -> Floats:  # fmt: skip
    """Return when a systematic survey heard each hidden leak; infinity where none before day 0."""
    period_s = figures.survey_years * YEAR_S
    phase = np.array(
        [streams.uniform("water", "leaks-survey", zone.id) for zone in zones], dtype=np.float64
    )
    last_s = -phase[events.zone] * period_s
    # Surveys stand at last - j period; the first one after the start is the one of largest j.
    passes = np.floor((last_s - events.start_s) / period_s) + 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        misses = np.floor(np.log1p(-past_u) / np.log1p(-figures.hear_share))
    misses = np.where(figures.hear_share > 0.0, np.nan_to_num(misses, nan=0.0), np.inf)
    heard_s = last_s - (passes - 1.0 - misses) * period_s
    before = events.hidden & (misses < passes) & (heard_s >= events.start_s)
    return np.where(before, heard_s, np.inf)
