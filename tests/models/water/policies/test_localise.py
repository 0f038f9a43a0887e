"""Where to begin: signatures, probabilities, and the order that walks least."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from models.water.policies.localise import (
    alignment,
    expected_search_km,
    part_probabilities,
    search_order,
)

HEADS_M = np.array([[0.4, 0.1], [0.2, 0.2], [0.1, 0.4], [0.0, 0.0]])
"""Four parts, two loggers, metres a m3/h."""
KM = np.array([2.0, 1.0, 4.0, 3.0])


def test_alignment() -> None:
    """The angle is zero for a leak's own signature, of any size; silent loggers are left out."""
    aligned = alignment(3.0 * HEADS_M[0], HEADS_M)
    assert aligned[0] == pytest.approx(1.0)
    assert aligned.argmax() == 0
    assert aligned[3] == 0.0
    assert alignment(np.array([0.3, np.nan]), HEADS_M).tolist() == pytest.approx([1, 1, 1, 0])


def test_without_pressures_length_decides() -> None:
    """With nothing seen a part is as likely as it is long, and half the district is walked."""
    probability = part_probabilities(np.full(2, np.nan), HEADS_M, 1.0, np.full(2, 0.05), KM)
    assert probability.tolist() == pytest.approx((KM / 10.0).tolist())
    order = search_order(probability, KM)
    assert expected_search_km(order, probability, KM) == pytest.approx(5.0)


@pytest.mark.parametrize("part", range(4))
def test_precise_loggers_find_the_part(part: int) -> None:
    """With errors far below the signature the leak's part is first, and half of it is walked."""
    fall = 1.5 * HEADS_M[part]
    probability = part_probabilities(fall, HEADS_M, 1.5, np.full(2, 0.005), KM)
    order = search_order(probability, KM)
    assert order[0] == part
    assert expected_search_km(order, probability, KM) == pytest.approx(KM[part] / 2, rel=1e-3)


def test_one_logger_and_the_size_of_the_leak() -> None:
    """One logger, whose angle says nothing, tells parts apart by how much it fell."""
    probability = part_probabilities(np.array([0.2, np.nan]), HEADS_M, 1.0, np.full(2, 0.02), KM)
    assert probability.argmax() == 1
    assert probability[1] > 0.99


def test_no_order_walks_less() -> None:
    """Of all 120 orders of five parts none has a shorter mean search."""
    rng = np.random.default_rng(2)
    for _ in range(10):
        km = rng.uniform(0.5, 5.0, 5)
        probability = rng.dirichlet(np.ones(5))
        best = min(
            expected_search_km(np.array(order), probability, km) for order in permutations(range(5))
        )
        assert expected_search_km(search_order(probability, km), probability, km) == pytest.approx(
            best
        )


def test_pressures_shorten_the_search() -> None:
    """Averaged over leaks and errors, walking by probability is shorter than walking blindly."""
    rng = np.random.default_rng(4)
    walked = []
    for _ in range(400):
        part = rng.choice(4, p=KM / KM.sum())
        fall = HEADS_M[part] + rng.normal(0.0, 0.05, 2)
        probability = part_probabilities(fall, HEADS_M, 1.0, np.full(2, 0.05), KM)
        order = search_order(probability, KM).tolist()
        place = order.index(part)
        walked.append(KM[order[:place]].sum() + 0.5 * KM[part])
    assert np.mean(walked) < 0.6 * KM.sum() / 2
