"""French indicators against published cases and hand computation."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.indicators.regulatory import (
    consumption_index,
    losses_index,
    uncounted_index,
    yield_share,
)
from models.water.indicators.threshold import (
    Grade,
    grade,
    ilp_ceiling,
    passes,
    required_share,
    threshold_share,
)
from models.water.indicators.unavoidable import ili, uarl_m3_day, within_range
from models.water.indicators.volumes import volumes_of
from twin.errors import InputError


def test_gironde_one_leak() -> None:
    """1,000 people at 180 L/d and one leak of 2.2 m3/h: 77.3 %, 19,272 m3 lost a year."""
    consumed = 1000 * 0.180 * 365
    year = volumes_of(produced_m3=consumed + 2.2 * 24 * 365, metered_m3=consumed, mains_km=10.0)
    assert round(float(yield_share(year)) * 100, 1) == 77.3
    assert float(year.losses_m3) == pytest.approx(19_272.0)


def test_indre_estimate() -> None:
    """217,000 people, 148 L/d + 10 %, 8,000 km, yield 75 %: ILP 1.47, ILC 4.4, 65.9 % asked."""
    consumed = 217_000 * 0.148 * 365 * 1.10
    year = volumes_of(produced_m3=consumed / 0.75, metered_m3=consumed, mains_km=8000.0)
    ilc = consumption_index(year)
    assert round(float(losses_index(year)), 2) == 1.47
    assert round(float(ilc), 1) == 4.4
    assert round(float(required_share(ilc)) * 100, 1) == 65.9
    assert passes(yield_share(year), ilc)
    assert grade(float(yield_share(year))) is Grade.FAIR
    assert float(year.losses_m3) / 1e6 == pytest.approx(4.30, abs=0.01)


def test_all_volumes_by_hand() -> None:
    """Bought, sold, unmetered and service water stand where the formulas put them."""
    year = volumes_of(
        produced_m3=900.0, imported_m3=200.0, exported_m3=100.0,
        metered_m3=700.0, unmetered_m3=30.0, service_m3=20.0, mains_km=2.0,
    )  # fmt: skip
    assert float(yield_share(year)) == pytest.approx(850 / 1100)
    assert float(uncounted_index(year)) == pytest.approx(300 / 730)
    assert float(losses_index(year)) == pytest.approx(250 / 730)
    assert float(consumption_index(year)) == pytest.approx(850 / 730)


def test_threshold_of_the_decree() -> None:
    """65 + ILC/5 up to 85 %; 70 + ILC/5 above 2 million m3 taken in a ZRE, not at 2 million."""
    assert threshold_share([5.0, 100.0, 200.0]) == pytest.approx([0.66, 0.85, 0.85])
    assert threshold_share(5.0, [0.0, 2e6, 2.000001e6]) == pytest.approx([0.66, 0.66, 0.71])
    assert passes([0.85, 0.849, 0.66], [200.0, 200.0, 5.0]).tolist() == [True, False, True]


def test_ceilings_and_grades_at_their_edges() -> None:
    """ILP at most 2.5 / 5 / 10 under 25, to 50 and above; 80 % is fair, 70 fair, 60 poor."""
    ceilings = ilp_ceiling([24.9, 25.0, 50.0, 50.1])
    assert ceilings.tolist() == [2.5, 5.0, 5.0, 10.0]
    assert np.isnan(ilp_ceiling(np.nan))
    shares = (0.801, 0.80, 0.70, 0.699, 0.60, 0.599)
    assert [grade(share).name for share in shares] == [
        "GOOD", "FAIR", "FAIR", "POOR", "POOR", "VERY_POOR",
    ]  # fmt: skip


def test_uarl_by_hand() -> None:
    """100 km, 2,000 connections, 30 km of private pipe at 40 m: (1,800 + 1,600 + 750) x 40 L/d."""
    least = uarl_m3_day(100.0, 2000.0, 40.0, 30.0)
    assert float(least) == pytest.approx(166.0)
    assert float(ili(332.0, least)) == pytest.approx(2.0)
    assert within_range([100.0, 100.0, 400.0], [3000.0, 2000.0, 4000.0], 40.0).tolist() == [
        True, False, False,
    ]  # fmt: skip


def test_impossible_years_are_refused() -> None:
    """A negative volume, no length, all sold and nothing supplied: each is named."""
    with pytest.raises(InputError) as caught:
        volumes_of(produced_m3=[1.0, 1.0], metered_m3=[-1.0, 1.0], mains_km=[1.0, 0.0])
    assert [fault.key for fault in caught.value.faults] == ["metered_m3, n. 1", "mains_km, n. 2"]
    with pytest.raises(InputError, match="put into supply"):
        volumes_of(produced_m3=10.0, exported_m3=10.0, metered_m3=0.0, mains_km=1.0)


def test_a_yield_above_one_is_computed() -> None:
    """Figures that clash give a yield above 1 and negative losses: said, not hidden."""
    year = volumes_of(produced_m3=100.0, metered_m3=110.0, mains_km=1.0)
    assert float(yield_share(year)) == pytest.approx(1.1)
    assert float(losses_index(year)) < 0.0
