"""Building entry loss against the values of ITU-R P.2109-2 at 868 MHz."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.building_entry import BuildingType, building_entry_loss_db
from twin.errors import InputError

SHARES = [0.10, 0.50, 0.90, 0.95, 0.99]
TABLE = {
    BuildingType.TRADITIONAL: [5.720, 14.219, 25.044, 28.330, 34.617],
    BuildingType.THERMALLY_EFFICIENT: [17.164, 31.210, 46.550, 51.091, 59.770],
}


@pytest.mark.parametrize("building", list(BuildingType))
def test_reference_table(building: BuildingType) -> None:
    """All ten reference quantiles come out to the last printed digit."""
    losses = building_entry_loss_db(868.0, SHARES, building)
    assert np.round(losses, 3).tolist() == TABLE[building]


def test_increases_with_probability_and_elevation() -> None:
    """A larger quantile or a steeper path never enters more easily."""
    shares = np.linspace(0.01, 0.99, 99)
    assert np.all(np.diff(building_entry_loss_db(868.0, shares, "traditional")) > 0)
    tilted = building_entry_loss_db(868.0, 0.5, "traditional", np.array([0.0, 10.0, -10.0, 45.0]))
    assert tilted[1] == tilted[2]
    assert tilted[0] < tilted[1] < tilted[3]


def test_bad_arguments_are_all_named_at_once() -> None:
    """Every argument outside the recommendation is reported in one error."""
    with pytest.raises(InputError) as caught:
        building_entry_loss_db(20.0, [0.5, 1.0], "igloo")
    assert [fault.key for fault in caught.value.faults] == [
        "frequency_mhz",
        "probability",
        "building_type",
    ]
