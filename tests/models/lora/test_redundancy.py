"""Counting and completing on networks small enough to see; the laws are in tests/properties."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.lora.redundancy import complete, count_heard


def rows(table: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return (indptr, site) of the sites each meter hears."""
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in table])]).astype(np.int64)
    return indptr, np.array([site for row in table for site in row], dtype=np.int32)


def mask(size: int, *chosen: int) -> NDArray[np.bool_]:
    """Return which of `size` sites are chosen."""
    return np.isin(np.arange(size), chosen)


INDPTR, SITE = rows([[0, 1], [0, 1], [0], [2], [2], []])
ALL = np.ones(len(SITE), dtype=np.bool_)


def test_count() -> None:
    """A meter counts the installed sites whose link works; one without links counts none."""
    counts = count_heard(INDPTR, SITE, ALL, mask(3, 0, 2))
    assert counts.tolist() == [1, 1, 1, 1, 1, 0]
    deaf = ALL.copy()
    deaf[0] = False
    assert count_heard(INDPTR, SITE, deaf, mask(3, 0, 2)).tolist() == [0, 1, 1, 1, 1, 0]


def test_most_meters_per_euro_come_first() -> None:
    """The site of most meters per euro is added first, the first of equals where two tie."""
    none, cost = mask(3), np.array([3.0, 1.0, 1.0])
    done = complete(INDPTR, SITE, ALL, none, ~none, cost, 1, 5 / 6, 1.0)
    # Sites 1 and 2 give two meters a euro, site 0 one; then site 0 still serves the third meter.
    assert done.added.tolist() == [1, 2, 0]
    assert done.counts.tolist() == [2, 2, 1, 1, 1, 0]


def test_a_share_is_not_rounded_up_by_a_hair() -> None:
    """7 meters of 100 are 7 %, though 0.07 x 100 is 7.000000000000001 in binary."""
    indptr, site = rows([[meter] for meter in range(100)])
    none, heard = mask(100), np.ones(100, dtype=np.bool_)
    done = complete(indptr, site, heard, none, ~none, np.ones(100), 1, 0.07, 1.0)
    assert done.added.tolist() == list(range(7))
    assert float(np.mean(done.counts >= 1)) >= 0.07


def test_nobody_buys_a_gateway_for_too_few() -> None:
    """A site that would help fewer meters than the least gain is not added, target or not."""
    none = mask(3)
    done = complete(INDPTR, SITE, ALL, none, ~none, np.ones(3), 1, 1.0, 3.0)
    assert done.added.tolist() == [0]
    assert complete(INDPTR, SITE, ALL, none, ~none, np.ones(3), 1, 1.0, 3.5).added.tolist() == []


def test_one_more_site_may_cost_more() -> None:
    """Greedy is not monotone: a tempting third site leads it to a dearer network (hence no law)."""
    table = [[0, 2], [0, 2], [0], [1, 2], [1, 2], [1]]
    indptr, site = rows(table)
    heard, none, cost = np.ones(len(site), dtype=np.bool_), mask(3), np.ones(3)
    two = complete(indptr, site, heard, none, mask(3, 0, 1), cost, 1, 1.0, 1.0)
    three = complete(indptr, site, heard, none, ~none, cost, 1, 1.0, 1.0)
    assert (len(two.added), len(three.added)) == (2, 3)


@pytest.mark.parametrize("redundancy", [1, 2])
def test_a_target_already_met_adds_nothing(redundancy: int) -> None:
    """Where the installed network reaches the target, nothing is added and nothing removed."""
    everything = mask(3, 0, 1, 2)
    share = {1: 5 / 6, 2: 2 / 6}[redundancy]
    done = complete(INDPTR, SITE, ALL, everything, everything, np.ones(3), redundancy, share, 1.0)
    assert len(done.added) == 0
    assert done.counts.tolist() == [2, 2, 1, 1, 1, 0]


def test_inputs_are_left_alone() -> None:
    """The caller's arrays are not written to: the same world can be met again."""
    none = mask(3)
    given = (INDPTR.copy(), SITE.copy(), ALL.copy(), none.copy(), ~none, np.ones(3))
    complete(*given, 2, 1.0, 1.0)
    for array, kept in zip(given, (INDPTR, SITE, ALL, none, ~none, np.ones(3)), strict=True):
        np.testing.assert_array_equal(array, kept)
