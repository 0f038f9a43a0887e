"""The cost curve: cost against share, and the marginal euro."""

from __future__ import annotations

import numpy as np
import pytest

from twin.decide.cover import CoverProblem, cost_curve
from twin.errors import UnreachableError


@pytest.fixture
def villages() -> CoverProblem:
    """Return four villages, each reached by its own mast, of falling worth per euro."""
    return CoverProblem.from_dense(
        np.eye(4, dtype=bool), cost_eur=[10.0, 20.0, 40.0, 80.0], weight=[25.0, 25.0, 25.0, 25.0]
    )


def test_the_curve_of_separate_villages_is_their_sorted_costs(villages: CoverProblem) -> None:
    """Each quarter costs the next mast: 10, 30, 70, 150 euros, and 0.8 to 3.2 euros a percent."""
    curve = cost_curve(villages, [1.0, 0.25, 0.75, 0.5], np.random.default_rng(0))
    assert curve.share.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.cost_eur.tolist() == [10.0, 30.0, 70.0, 150.0]
    assert curve.marginal_eur_per_percent == pytest.approx([0.8, 1.6, 3.2])
    assert curve.bound_eur.tolist() == curve.cost_eur.tolist()


def test_the_curve_never_falls() -> None:
    """More share never costs less, even when each point is only searched for a few moves."""
    from twin.decide.cover import Effort

    rng = np.random.default_rng(5)
    problem = CoverProblem.from_dense(
        rng.random((80, 30)) < 0.2,
        cost_eur=rng.integers(5, 20, 30) * 100.0,
        weight=rng.integers(1, 50, 80),
        redundancy=2,
    )
    curve = cost_curve(
        problem, np.linspace(0.3, 0.9, 7).tolist(), rng, effort=Effort(moves=20, nodes=0)
    )
    assert (np.diff(curve.cost_eur) >= 0.0).all()
    assert (curve.bound_eur <= curve.cost_eur + 1e-9).all()
    for point in curve.points:
        assert point.solution.covered_share >= point.share - 1e-9


def test_a_curve_beyond_reach_is_refused(villages: CoverProblem) -> None:
    """A target that no choice reaches is refused, not dropped from the curve."""
    from dataclasses import replace

    with pytest.raises(UnreachableError):
        cost_curve(
            replace(villages, forbidden=np.array([3], dtype=np.int32)),
            [0.5, 0.9],
            np.random.default_rng(0),
        )
