"""Kim and Nelson's procedure against an inventory whose exact costs are known."""

from __future__ import annotations

import numpy as np
import pytest
from inventory_ss import NAMES, POLICIES, average_cost, demands, exact_cost

from twin.decide.select import Selection, kim_nelson, kn_constants

DELTA, ALPHA, FIRST, MACROS = 1.0, 0.05, 10, 300
LONGEST = (60, 150, 400, 1000)


def choose(macro: int, *, common: bool) -> Selection:
    """Select the cheapest policy in one macro-replication, on common or on separate dice.

    Rows of demand are drawn in order: longer runs begin with the shorter ones.
    """
    for longest in LONGEST:
        shared = demands(macro, longest)
        chosen = kim_nelson(
            {
                name: average_cost(policy, shared if common else demands(macro, longest, name))
                for name, policy in zip(NAMES, POLICIES, strict=True)
            },
            delta=DELTA,
            alpha=ALPHA,
            first=FIRST,
        )
        if chosen.is_decided:
            return chosen
    raise AssertionError(f"macro-run {macro} undecided after {LONGEST[-1]} replications")


@pytest.mark.parametrize(
    ("options", "eta", "h2"), [(5, 0.634967, 11.429411), (2, 0.334050, 6.012905)]
)
def test_constants_are_those_of_the_paper(options: int, eta: float, h2: float) -> None:
    """Eta and h squared agree to six digits for five and for two systems, ten first runs."""
    assert kn_constants(options, 10, 0.05) == pytest.approx((eta, h2), abs=5e-7)


def test_the_chain_and_the_play_agree() -> None:
    """Each exact cost lies within four standard errors of 40,000 replications."""
    told = demands(999, 40_000)
    for policy in POLICIES:
        played = average_cost(policy, told)
        error = played.std(ddof=1) / np.sqrt(len(played))
        assert abs(played.mean() - exact_cost(policy)) < 4.0 * error


def test_the_right_policy_is_chosen_in_few_runs() -> None:
    """Of 300 macro-runs 95 % choose right; common dice take at most 130 runs, 40 % fewer."""
    exact = [exact_cost(policy) for policy in POLICIES]
    best = NAMES[int(np.argmin(exact))]
    assert sorted(exact)[1] - min(exact) > DELTA  # no other choice is good enough
    right, runs = {}, {}
    for common in (True, False):
        chosen = [choose(macro, common=common) for macro in range(MACROS)]
        right[common] = np.mean([each.survivors == (best,) for each in chosen])
        runs[common] = np.mean([each.runs for each in chosen])
    assert min(right.values()) >= 0.95
    assert runs[True] <= 130
    assert runs[True] <= 0.6 * runs[False]
    print(f"right {right}, runs {runs}")  # noqa: T201 - shown with -s
