"""Laws that leaks keep at every pressure, size and exponent."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.water.leaks.figures import LeakFigures
from models.water.leaks.laws import (
    favad_exponent,
    favad_m3s,
    favad_split,
    night_day_factor_h,
    pressure_factor,
)
from models.water.leaks.run_time import cut_mean, hidden_survival, lognormal, mean_hidden_days

FLOWS = st.floats(1e-7, 1e-1)
EXPONENTS = st.floats(0.5, 1.5)
HEADS = st.floats(0.1, 200.0)


@given(FLOWS, EXPONENTS, HEADS)
def test_a_split_leak_gives_its_flow_and_exponent_back(q: float, n1: float, h: float) -> None:
    """The two coefficients of a flow and N1 at a pressure give that flow and that N1 there."""
    half, three_halves = favad_split(q, n1, h)
    assert np.isclose(favad_m3s(half, three_halves, h), q)
    assert np.isclose(favad_exponent(half, three_halves, h), n1)
    assert half >= 0.0 <= three_halves


@given(FLOWS, EXPONENTS, HEADS, st.floats(1.0, 4.0))
def test_more_pressure_never_leaks_less(q: float, n1: float, h: float, more: float) -> None:
    """Flow grows with pressure, at least as its root and at most as its power 1.5."""
    half, three_halves = favad_split(q, n1)
    ratio = favad_m3s(half, three_halves, more * h) / favad_m3s(half, three_halves, h)
    assert pressure_factor(more, 1.0, 0.5) - 1e-9 <= ratio <= pressure_factor(more, 1.0, 1.5) + 1e-9


@given(FLOWS, EXPONENTS, st.floats(-100.0, 0.0))
def test_nothing_leaks_without_pressure(q: float, n1: float, h: float) -> None:
    """At zero or negative pressure the flow is zero: nothing enters the pipe."""
    assert favad_m3s(*favad_split(q, n1), h) == 0.0


@given(st.lists(st.floats(5.0, 100.0), min_size=24, max_size=24), EXPONENTS)
def test_the_night_day_factor_is_a_day_of_ratios(pressures: list[float], n1: float) -> None:
    """NDF ignores the pressure's unit and lies between 24 times the extreme hourly ratios."""
    day = np.array(pressures)
    factor = float(night_day_factor_h(day, n1))
    night = day[[2, 3]].mean()
    assert np.isclose(night_day_factor_h(day * 9.81, n1), factor)
    assert 24 * (day.min() / night) ** n1 - 1e-9 <= factor <= 24 * (day.max() / night) ** n1 + 1e-9


@given(st.floats(0.5, 20.0), st.floats(0.0, 1.0), st.floats(0.1, 8.0))
def test_the_life_of_a_hidden_leak_is_the_area_under_its_survival(
    survey: float, heard: float, surfacing: float
) -> None:
    """The closed form equals the integral of the survival, which starts at 1 and never rises."""
    figures = LeakFigures(survey_years=survey, hear_share=heard, surfacing_years=surfacing)
    days = np.linspace(0.0, 25.0 * surfacing * 365.25, 100_001)
    alive = hidden_survival(days, figures)
    assert alive[0] == 1.0
    assert np.all(np.diff(alive) <= 1e-12)
    assert np.isclose(np.trapezoid(alive, days), mean_hidden_days(figures), rtol=1e-3)


@given(st.floats(0.1, 30.0), st.floats(0.0, 1.5))
def test_the_mean_of_cut_flows(mean: float, log_sd: float) -> None:
    """The mean of lognormal flows cut at 40 is that of the cut quantiles, and never above it."""
    u = (np.arange(20_000) + 0.5) / 20_000
    cut = np.minimum(lognormal(u, mean, log_sd), 40.0)
    assert np.isclose(cut_mean(mean, log_sd), cut.mean(), rtol=2e-3)
    assert cut_mean(mean, log_sd) <= min(mean, 40.0) + 1e-9
