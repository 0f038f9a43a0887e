"""What the figures give on average, and the background that closes a balance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.water.leaks.background import background_coefficients
from models.water.leaks.balance import expected_balance
from models.water.leaks.dice import draw_every_leak
from models.water.leaks.events import LeakKind, coefficients_at
from models.water.leaks.figures import LeakFigures
from models.water.leaks.laws import favad_m3s
from models.water.leaks.run_time import repair_s
from models.water.zone import Zone
from twin.streams import Streams

MakeZone = Callable[..., Zone]
FIGURES = LeakFigures()


def indre_like(make_zone: MakeZone) -> tuple[Zone, ...]:
    """Return 241 zones: 8,000 km, 14.4 connections a km, a rural mix of 40-year-old pipes."""
    return tuple(
        make_zone(f"36{row:03d}", pipe_m=332.0, connections=5 if row % 5 else 4)
        for row in range(241)
    )


def test_the_indre_closes_with_usual_figures(make_zone: MakeZone) -> None:
    """Under 45 m usual figures give 1.47 m3/km/d, a fifth of it reported, two fifths hidden."""
    balance = expected_balance(indre_like(make_zone), FIGURES, 2026, 45.0)
    assert balance.length_km == pytest.approx(8000.0, rel=1e-3)
    assert balance.total_m3_day / balance.length_km == pytest.approx(1.47, abs=0.02)
    assert balance.reported_m3_day / balance.total_m3_day == pytest.approx(0.18, abs=0.01)
    assert balance.hidden_m3_day / balance.total_m3_day == pytest.approx(0.415, abs=0.01)
    mains = balance.leaks_per_year[[LeakKind.REPORTED_MAIN, LeakKind.HIDDEN_MAIN]].sum()
    assert mains / balance.length_km == pytest.approx(0.113, abs=0.002)
    condition = balance.condition_for(4.3e6 / 365)
    closed = expected_balance(
        indre_like(make_zone), replace(FIGURES, background_condition=condition), 2026, 45.0
    )
    assert closed.total_m3_day == pytest.approx(4.3e6 / 365)


def test_background_by_hand(make_zone: MakeZone) -> None:
    """10 km and 150 connections at 50 m, condition 1: 200 + 187.5 L/h, at junctions only."""
    zone = make_zone("a", pipes=10, pipe_m=1000.0, connections=15)
    figures = replace(FIGURES, background_condition=1.0)
    found = background_coefficients(zone, figures)
    assert favad_m3s(0.0, found, 50.0).sum() * 3.6e6 == pytest.approx(387.5)
    assert found[0] == 0.0
    # The first junction carries all of the tank's pipe and half of the next.
    assert favad_m3s(0.0, found[1], 50.0) * 3.6e6 == pytest.approx(20.0 * 1.5 + 15 * 1.25)
    house = background_coefficients(zone, replace(figures, private_pipes=True))
    assert favad_m3s(0.0, house, 50.0).sum() * 3.6e6 == pytest.approx(387.5 + 75.0)


def test_the_dice_lose_what_the_balance_expects(make_zone: MakeZone) -> None:
    """Leaks drawn, grown and repaired lose on average what the component analysis says."""
    figures = LeakFigures(frequency_factor=60.0, weather_cv=0.0, survey_years=3.0)
    zones = tuple(make_zone(f"z{row}", pipes=40) for row in range(200))
    lead = 6 * 365
    found = draw_every_leak(zones, figures, Streams(3, 1), 0, dt.date(2026, 1, 1), lead)
    expected = expected_balance(zones, figures, 2026)
    # The hidden stock of the first day flows steadily; the reported ones are summed by their lives.
    running = found.surfaces_s + repair_s(found, figures) > 0.0
    flow = favad_m3s(*coefficients_at(found, running, 0.0), 50.0) * 86_400.0
    assert flow[found.hidden].sum() == pytest.approx(expected.hidden_m3_day, rel=0.10)
    reported = found.take(~found.hidden)
    life_s = reported.surfaces_s + repair_s(reported, figures) - reported.start_s
    volume = favad_m3s(reported.half, reported.three_halves, 50.0) * life_s
    assert volume.sum() / lead == pytest.approx(expected.reported_m3_day, rel=0.02)


def test_pressure_works_on_every_part(make_zone: MakeZone) -> None:
    """Under a lower pressure every part loses less, the background most."""
    zones = (make_zone("a"),)
    high, low = (expected_balance(zones, FIGURES, 2026, head) for head in (60.0, 30.0))
    assert np.all(low.leaks_m3_day < high.leaks_m3_day)
    assert low.background_m3_day / high.background_m3_day == pytest.approx(0.5**1.5)
    assert low.reported_m3_day / high.reported_m3_day > 0.5
