"""The error curve against the published weighted error it was taken from."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.metering.registration import (
    JET_AGE_YEARS,
    MeterKind,
    flow_error,
    use_error,
)


def test_the_published_weighted_error_comes_out() -> None:
    """Bands of -15, -1.8 and +16 % weighted 23, 68 and 9 % read -3.24 % (AQUA 70(2):217)."""
    assert float(use_error(MeterKind.JET, JET_AGE_YEARS)) == pytest.approx(-0.0324, abs=1e-4)


def test_volumetric_and_static_meters_err_less_than_jet_meters() -> None:
    """At 0 to 15 years, on a small steady flow, jet meters miss most and static ones least."""
    age = np.arange(16.0)
    errors = [flow_error(kind, age, 20.0) for kind in (2, 0, 1)]
    assert (errors[0] >= errors[1]).all()
    assert (errors[1] >= errors[2]).all()


def test_nothing_turns_below_the_starting_flow() -> None:
    """An old jet meter registers none of 10 L/h and most of 40; a new volumetric one 2.5 of 2.6."""
    assert flow_error([1, 1, 0, 0], [12.0, 12.0, 0.0, 0.0], [10.0, 40.0, 2.6, 1.9]) == (
        pytest.approx([-1.0, -0.0278, -0.03, -1.0], abs=1e-3)
    )
