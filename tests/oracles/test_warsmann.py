"""The Warsmann law (2011-525; CGCT L2224-12-4 III bis; decree 2012-1078) on worked bills."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.metering.warsmann import abnormal_bill, certified, is_abnormal, usual_m3

DAY_S = 86_400.0


def test_a_bill_of_900_for_a_mean_of_120_is_capped_at_240() -> None:
    """Mean 120 m3, bill 900 m3: abnormal, and with a certificate 240 m3 are paid, 660 forgiven."""
    bill = abnormal_bill(900.0, 120.0, informed=True, certified=True)
    assert bool(bill.abnormal)
    assert (float(bill.billed_m3), float(bill.forgiven_m3)) == (240.0, 660.0)


def test_a_customer_told_without_certificate_pays_all() -> None:
    """Told in time but without a certificate within the month, the 900 m3 are due."""
    bill = abnormal_bill(900.0, 120.0, informed=True, certified=False)
    assert (float(bill.billed_m3), float(bill.forgiven_m3)) == (900.0, 0.0)


def test_a_customer_not_told_owes_nothing_above_twice_the_mean() -> None:
    """If the service did not tell, 240 m3 are due, certificate or not."""
    for shown in (True, False):
        bill = abnormal_bill(900.0, 120.0, informed=False, certified=shown)
        assert float(bill.billed_m3) == 240.0


def test_twice_the_mean_itself_is_not_abnormal() -> None:
    """240 m3 for a mean of 120 is not abnormal; the law says more than double."""
    assert is_abnormal([240.0, 240.1], 120.0).tolist() == [False, True]


def test_only_housing_is_protected() -> None:
    """A farm or a workshop pays all, told or not."""
    bill = abnormal_bill(900.0, 120.0, informed=False, certified=True, housing=[True, False])
    assert bill.billed_m3.tolist() == [240.0, 900.0]
    assert bill.abnormal.tolist() == [True, False]


def test_the_mean_is_that_of_up_to_three_years() -> None:
    """The usual volume is the mean of the last three years known, fewer if there are fewer."""
    past = [[500.0, 100.0, 120.0, 140.0], [np.nan, np.nan, np.nan, 90.0], [np.nan] * 4]
    assert usual_m3(past)[:2].tolist() == [120.0, 90.0]
    assert np.isnan(usual_m3(past)[2])
    assert not is_abnormal(900.0, usual_m3(past)[2])


def test_a_certificate_needs_a_pipe_and_a_month() -> None:
    """A pipe mended within 30 days of being told counts; a cistern or a 31st day does not."""
    told = np.zeros(4)
    mended = np.array([30.0, 31.0, 10.0, -5.0]) * DAY_S
    assert certified(told, mended, [True, True, False, True]).tolist() == [True, False, False, True]
    assert not certified(np.nan, 10.0, on_pipe=True)


@pytest.mark.parametrize("volume", [0.0, 100.0, 240.0, 241.0, 5_000.0])
def test_billed_and_forgiven_are_the_volume(volume: float) -> None:
    """What is billed and what is forgiven always make up the registered volume."""
    for told in (True, False):
        bill = abnormal_bill(volume, 120.0, informed=told, certified=True)
        assert float(bill.billed_m3 + bill.forgiven_m3) == volume
