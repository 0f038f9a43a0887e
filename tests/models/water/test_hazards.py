"""A power cut empties towers and silences gateways; a drought lowers what is drawn."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from small_water import SmallYear, ideal, small_year

from models.water.hazards import PowerCuts, cut_faults, restricted_days
from models.water.left import left_of
from models.water.settings import CutSection, HazardsSection
from models.water.year import live_year
from twin.streams import Streams

START = date(2027, 1, 4)
CUT = CutSection(day=date(2027, 2, 20), hour=18, hours=72, communes=("36901",))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallYear:
    """Return the small territory."""
    return small_year(tmp_path_factory.mktemp("hazards"))


def test_a_cut_lasts_its_hours_in_its_communes_alone() -> None:
    """72 hours from 18:00 are 6, 24, 24 and 18 hours of four days, in one zone of two."""
    cuts = PowerCuts([CUT], ["36901", "36902"], START)
    first = (CUT.day - START).days
    dark = [cuts.power(day) for day in range(first - 1, first + 5)]
    hours = [0 if on is None else int((~on[0]).sum()) for on in dark]
    assert hours == [0, 6, 24, 24, 18, 0]
    assert all(on is None or on[1].all() for on in dark)


def test_a_long_cut_leaves_a_commune_without_water(small: SmallYear) -> None:
    """Three days without filling run the struck tower dry, and no other."""
    hazards = HazardsSection(cuts=(CUT,))
    settings = small.settings.model_copy(update={"hazards": hazards})
    dice = small.dice()
    struck = left_of(
        live_year(small.stage, settings, dice, small.belief, START, lambda: ideal(dice.streams))
    )
    spared = left_of(small.live(0, ideal))
    row = [each.id for each in small.stage.zones].index("36901")
    assert struck.dry_h[row] > spared.dry_h[row]
    others = np.arange(len(small.stage.zones)) != row
    np.testing.assert_array_equal(struck.dry_h[others], spared.dry_h[others])


def test_droughts_order_restraint_in_some_years_and_not_in_winter() -> None:
    """Over forty years some days are restricted, the same ones for the same dice."""
    hazards = HazardsSection(droughts=True)
    days = [restricted_days(hazards, Streams(7, r), START, 365) for r in range(40)]
    again = restricted_days(hazards, Streams(7, 0), START, 365)
    assert days[0] is not None
    np.testing.assert_array_equal(days[0], again)
    shares = [float(each.mean()) for each in days if each is not None]
    assert 0.0 < np.mean(shares) < 0.5
    assert restricted_days(HazardsSection(), Streams(7, 0), START, 365) is None


def test_a_commune_that_does_not_exist_is_named() -> None:
    """A cut in an unknown commune gives a fault with its code and its place."""
    wrong = HazardsSection(cuts=(CUT, CUT.model_copy(update={"communes": ("99999",)})))
    (fault,) = cut_faults(wrong, ["36901"])
    assert fault.value == "99999"
    assert "cuts[1]" in fault.key
