"""Law & Kelton, Simulation Modeling and Analysis: the worked examples of the output chapters."""

from __future__ import annotations

import numpy as np
import pytest

from twin.decide.compare import compare_paired
from twin.decide.intervals import mean_interval
from twin.recorder import Direction


def test_mean_of_ten_replications() -> None:
    """Ten replications give 1.34 ± 0.24 at 90 % (mean 1.343, variance .1675, half-width .2373)."""
    sample = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    found = mean_interval(sample, 0.90)
    assert found.mean == pytest.approx(1.343, abs=5e-4)
    assert np.var(sample, ddof=1) == pytest.approx(0.1675, abs=5e-5)
    assert found.half_width == pytest.approx(0.2373, abs=5e-4)
    assert (round(found.mean, 2), round(found.half_width, 2), found.n) == (1.34, 0.24, 10)


def test_paired_inventory_policies() -> None:
    """Policies (20, 40) and (20, 100) differ by 4.98, 90 % interval [1.65, 8.31]."""
    first = [126.97, 124.31, 126.68, 122.66, 127.23]
    second = [118.21, 120.22, 122.45, 122.68, 119.40]
    found = compare_paired(first, second, Direction.MIN, level=0.90)
    assert found.difference.mean == pytest.approx(4.98, abs=5e-3)
    assert found.difference.low == pytest.approx(1.65, abs=5e-3)
    assert found.difference.high == pytest.approx(8.31, abs=5e-3)
    assert found.is_settled()
    assert found.share_a_better == pytest.approx(0.2)
