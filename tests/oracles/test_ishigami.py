"""Sobol's indices and Morris's effects of Ishigami's function, whose values are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.decide.morris import morris, morris_design
from twin.decide.sobol import Design, sobol, sobol_design

NAMES = ("x1", "x2", "x3")
FIRST = (0.313905, 0.442411, 0.0)
TOTAL = (0.557589, 0.442411, 0.243684)


def ishigami(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, shares of [-pi, pi]."""
    x1, x2, x3 = np.pi * (2.0 * shares.T - 1.0)
    return np.asarray(np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))


def mixed(design: Design) -> list[NDArray[np.float64]]:
    """Return the outcome of A with each column of B."""
    return [ishigami(design.mixed(column)) for column in range(len(design.names))]


@pytest.mark.parametrize("seed", [1, 36])
def test_indices_are_within_two_hundredths(seed: int) -> None:
    """First and total indices at N = 4096 lie within 0.02 of the truth, inside the intervals."""
    design = sobol_design(NAMES, 4096, seed)
    found = sobol(NAMES, ishigami(design.a), ishigami(design.b), mixed(design))
    for each, first, total in zip(found, FIRST, TOTAL, strict=True):
        assert each.first.mean == pytest.approx(first, abs=0.02)
        assert each.total.mean == pytest.approx(total, abs=0.02)
        assert first in each.first
        assert total in each.total


def test_the_dice_keep_their_share() -> None:
    """Noise of the variance of the function halves every index, and is nobody's."""
    design = sobol_design(NAMES, 4096, 2)
    dice = np.random.default_rng(5).normal(scale=np.sqrt(13.844588), size=(2, 4096))
    found = sobol(
        NAMES,
        ishigami(design.a) + dice[0],
        ishigami(design.b) + dice[1],
        [told + dice[0] for told in mixed(design)],
    )
    for each, first, total in zip(found, FIRST, TOTAL, strict=True):
        assert each.first.mean == pytest.approx(first / 2, abs=0.03)
        assert each.total.mean == pytest.approx(total / 2, abs=0.03)


def test_a_failed_run_or_an_odd_size_is_refused() -> None:
    """NaN would ruin every index, and 100 is no power of two: both are said, not borne."""
    design = sobol_design(NAMES, 8, 1)
    told = ishigami(design.a)
    with pytest.raises(ValueError, match="failed"):
        sobol(NAMES, told, np.full(8, np.nan), mixed(design))
    with pytest.raises(ValueError, match="power of two"):
        sobol_design(NAMES, 100, 1)


def test_effects_are_those_of_salib_s_own_test() -> None:
    """Mu* at 10,000 trajectories and four levels is 7.68, 7.875 and 6.26, within the intervals."""
    pytest.importorskip("SALib", reason="SALib is optional: make sensitivity")
    design = morris_design(NAMES, 10_000, 1)
    for each, star in zip(
        morris(NAMES, design, ishigami(design)), (7.682808, 7.875, 6.256295), strict=True
    ):
        assert each.mu_star.mean == pytest.approx(star, rel=0.015)
