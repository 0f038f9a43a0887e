"""Demand against its own expectation, the litres it is made of and the night it must have."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.water.demand.figures import DemandFigures
from models.water.demand.model import DemandModel
from models.water.demand.seasons import seasons
from models.water.demand.timetable import FARM, GARDEN, INDUSTRY, PERSON
from models.water.zone import Zone
from tests.models.water.demand.small_zone import year, zone
from twin.errors import InputError
from twin.streams import Streams

SURE = DemandFigures(dry_year_sigma=0.0, dry_week_sigma=0.0)
L_PER_M3 = 1000.0


def model(where: Zone, days: int = 365, figures: DemandFigures = SURE) -> DemandModel:
    """Return the demand of a zone from 1 January 2027."""
    return DemandModel(where, year(days, figures=figures), figures, Streams(1, 0))


def test_a_resident_draws_148_litres_a_day() -> None:
    """Over an ordinary year 2,100 residents are expected to draw 148 L a day, and draw it."""
    demand = model(zone(np.full(100, 21.0), 10.0))
    expected = demand.expected(0, 8760).sum() * 3600.0 * L_PER_M3 / 365.0 / 2100.0
    drawn = demand.hours(0, 8760).sum() * 3600.0 * L_PER_M3 / 365.0 / 2100.0
    assert expected == pytest.approx(148.0, rel=0.01)
    assert drawn == pytest.approx(148.0, rel=0.015)


def test_farms_and_workshops_draw_their_mean() -> None:
    """Over a year farms and workshops draw the daily mean the zone gives them, within 2 %."""
    demand = model(zone(np.zeros(4), 0.0, [3.0, 5.0, 0.0, 0.0], [0.0, 0.0, 10.0, 0.0]))
    drawn = demand.daily(0, 365)
    assert drawn.farm.mean(axis=1) == pytest.approx([3.0, 5.0, 0.0, 0.0], rel=0.02)
    assert drawn.industry.mean(axis=1)[2] == pytest.approx(10.0, rel=0.05)
    assert demand.expected(0, 8760).mean(axis=1) * 86_400.0 == pytest.approx(
        [3.0, 5.0, 10.0, 0.0], rel=0.001
    )
    assert drawn.household.sum() == 0.0


def test_night_use_of_a_resident_at_home() -> None:
    """From 02:00 to 04:00 a resident at home draws 0.6 L an hour, on average over the year."""
    demand = model(zone(np.full(50, 21.0), 10.0))
    share = (1.0 - demand.timetable.absent_share).mean()
    night = demand.legitimate_night_m3s().sum() * 3600.0 * L_PER_M3
    assert night == pytest.approx(0.6 * 1050.0 * share, rel=1e-3)


@pytest.mark.parametrize(("homes", "cv"), [(50, 0.48), (200, 0.26), (1000, 0.12)])
def test_night_noise_of_a_district(homes: int, cv: float) -> None:
    """An hour of the night varies by 48, 26 and 12 % among 50, 200 and 1,000 homes."""
    nodes = homes // 5
    demand = model(zone(np.full(nodes, 10.5), 5.0))
    night = demand.timetable.at_night
    ratio = demand.hours(0, 8760)[:, night].sum(axis=0)
    ratio /= demand.expected(0, 8760)[:, night].sum(axis=0)
    assert ratio.std() == pytest.approx(cv, rel=0.1)


def test_night_noise_is_that_of_few_ten_litre_uses() -> None:
    """Without what homes and zones share, the night's cv is sqrt(1.5 / uses), to 5 %."""
    figures = DemandFigures(
        zone_day_cv=0.0, home_day_cv=0.0, absent_share=0.0, absent_summer_share=0.0, second_share=0
    )
    demand = model(zone(np.full(100, 10.0), 5.0), figures=figures)
    night = demand.timetable.at_night
    drawn = demand.hours(0, 8760)[:, night].sum(axis=0) * 3.6e6
    assert drawn.mean() == pytest.approx(600.0, rel=0.02)
    assert drawn.std() / drawn.mean() == pytest.approx(np.sqrt(1.5 / 60.0), rel=0.05)


def test_second_homes_wake_in_summer() -> None:
    """A hamlet of second homes draws over six times more in August than in January."""
    demand = model(zone(np.zeros(20), 20.0))
    drawn = demand.daily(0, 365).household.sum(axis=0)
    assert drawn[212:230].mean() > 6.0 * drawn[10:40].mean() > 0.0


def test_peaks_fall_at_breakfast_and_before_supper() -> None:
    """On a winter Tuesday a person's hours peak at 7 h and 19 h; on a Sunday not before 9 h."""
    rates = year(14, date(2027, 1, 4), SURE).rates[PERSON].reshape(14, 24)
    assert rates[1, :12].argmax() == 7
    assert 12 + rates[1, 12:].argmax() == 19
    assert rates[6].argmax() == 9


def test_the_clock_of_paris_is_followed() -> None:
    """After the change of clock in March the same habits come an elapsed hour earlier."""
    table = year(365, figures=SURE)
    assert table.local_hour[[0, 24 * 100]].tolist() == [0, 1]


def test_animals_drink_more_in_july_and_workshops_rest_on_sundays() -> None:
    """Farms draw twice as much in July as in January; a workshop's Sunday is 15 % of a Monday."""
    table = year(365, figures=SURE)
    farm, work = table.daily(FARM) / 24.0, table.daily(INDUSTRY) / 24.0
    assert 1.9 < farm[200] / farm[15] < 2.2
    assert work[9] / work[10] == pytest.approx(0.15)
    assert [farm.mean(), work.mean()] == pytest.approx([1.0, 1.0], abs=0.01)


def test_a_drought_order_stops_some_gardens() -> None:
    """Under an order outdoor use falls to that of who disobeys, and indoor use by 3 %."""
    where = zone(np.full(100, 21.0), 10.0)
    order = np.zeros(365, dtype=bool)
    order[180:210] = True
    free = model(where)
    held = DemandModel(where, year(365, figures=SURE, restricted=order), SURE, Streams(1, 0))
    span = (24 * 180, 24 * 30)
    table = free.timetable
    rates = table.rates[:, span[0] : span[0] + span[1]].sum(axis=1)
    homes = free.homes
    kept = homes.garden[~homes.obeys].sum() / homes.garden.sum()
    outdoor_m3 = homes.garden.sum() * rates[GARDEN] / L_PER_M3
    whole_m3 = free.expected(*span).sum() * 3600.0
    expected_m3 = 0.97 * (whole_m3 - outdoor_m3) + kept * outdoor_m3
    assert kept == pytest.approx(0.4, abs=0.06)
    assert held.expected(*span).sum() * 3600.0 == pytest.approx(expected_m3, rel=1e-9)
    assert held.hours(*span).sum() < free.hours(*span).sum()
    assert (held.hours(0, 24 * 180) == free.hours(0, 24 * 180)).all()


def test_dry_years_draw_more_and_average_to_an_ordinary_one() -> None:
    """Over 400 years of dice outdoor use averages to its ordinary mean of 1 within 6 %."""
    figures = DemandFigures()
    means = [seasons(2027, 2027, figures, Streams(seed, 0)).garden.mean() for seed in range(400)]
    assert np.mean(means) == pytest.approx(1.0, abs=0.06)
    assert max(means) > 1.5
    assert seasons(2027, 2027, SURE, Streams(1, 0)).garden.mean() == pytest.approx(1.0)


@pytest.mark.parametrize(("first", "n"), [(-1, 24), (0, 0), (8750, 24)])
def test_hours_outside_the_timetable_are_refused(first: int, n: int) -> None:
    """Hours before the start, none, or past the end are refused, not made up."""
    with pytest.raises(InputError):
        model(zone([2.0], 1.0)).hours(first, n)


@pytest.mark.parametrize(
    "figures",
    [{"garden_share": 1.1}, {"l_per_person_day": -1.0}, {"day_event_l": 0.0},
     {"absent_share": 1.0}, {"night_l_per_person_h": 80.0}],
)  # fmt: skip
def test_impossible_figures_are_refused(figures: dict[str, float]) -> None:
    """Shares above 1, negative litres and nights longer than the day are refused."""
    with pytest.raises(InputError):
        DemandFigures(**figures)


def test_impossible_zones_are_refused() -> None:
    """Negative people and NaN farms are refused with the name of the place."""
    with pytest.raises(InputError, match="36001"):
        model(zone([-1.0], 1.0))
    with pytest.raises(InputError, match="36001"):
        model(zone([1.0], 1.0, farm=np.nan))


def test_a_timetable_needs_days_and_one_order_a_day() -> None:
    """No day at all, or orders of another length, are refused."""
    with pytest.raises(InputError):
        year(0)
    with pytest.raises(InputError):
        year(10, restricted=np.zeros(9, dtype=bool))
