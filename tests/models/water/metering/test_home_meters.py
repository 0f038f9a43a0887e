"""Meters: their volumes add up to the network's, their dials to what they register."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.water.demand.figures import DemandFigures
from models.water.demand.model import DemandModel
from models.water.demand.timetable import Timetable
from models.water.metering.figures import LeakFigures, MeterFigures
from models.water.metering.index import index_m3, registered_leak_l_h, registered_m3
from models.water.metering.meters import Customer, Meters, Place, meters_of
from models.water.metering.registration import MeterKind
from models.water.metering.volumes import daily_m3, hourly_l
from tests.models.water.demand.small_zone import year, zone
from twin.errors import InputError
from twin.streams import Streams

N = 60


@pytest.fixture(scope="module")
def demand() -> DemandModel:
    """Return a zone of homes, farms and a workshop over a year."""
    figures = DemandFigures()
    farm = np.where(np.arange(N) % 7 == 0, 4.0, 0.0)
    work = np.where(np.arange(N) == 3, 15.0, 0.0)
    where = zone(np.full(N, 9.0), 6.0, farm, work)
    return DemandModel(where, year(figures=figures), figures, Streams(1, 0))


@pytest.fixture(scope="module")
def meters(demand: DemandModel) -> Meters:
    """Return its meters."""
    farm = np.where(np.arange(N) % 7 == 0, 4.0, 0.0)
    work = np.where(np.arange(N) == 3, 15.0, 0.0)
    where = zone(np.full(N, 9.0), 6.0, farm, work)
    return meters_of(where, demand, MeterFigures(), Streams(1, 0))


def test_one_meter_a_home_a_farm_a_workshop(demand: DemandModel, meters: Meters) -> None:
    """Homes in use, farms and workshops have a meter each, named apart, with shares as figured."""
    assert len(set(meters.ids)) == len(meters) == len(demand.homes) + 9 + 1
    assert (meters.customer == Customer.FARM).sum() == 9
    assert np.mean(meters.place == Place.PIT) == pytest.approx(0.6, abs=0.08)
    assert np.mean(meters.kind == MeterKind.JET) == pytest.approx(0.25, abs=0.08)
    assert meters.housing.sum() == len(demand.homes)
    assert 0.0 < meters.age_years.min() < meters.age_years.max() < 15.0


def test_meters_of_a_node_sum_to_what_the_network_carried(
    demand: DemandModel, meters: Meters
) -> None:
    """Each day the true volumes behind a node's meters add up to the node's own draws."""
    drawn = demand.daily(100, 60)
    volumes = daily_m3(meters, demand, 100, drawn)
    total = np.zeros((N, 60))
    np.add.at(total, meters.node, volumes)
    assert total == pytest.approx(drawn.total, rel=1e-12)
    assert (volumes >= 0.0).all()


def test_each_meter_has_its_own_mean(demand: DemandModel, meters: Meters) -> None:
    """Over a year homes, second homes, farms and workshops draw their means within 4 %."""
    volumes = daily_m3(meters, demand, 0, demand.daily(0, 365)).mean(axis=1)
    for customer, slack in ((0, 0.02), (1, 0.15), (2, 0.02), (3, 0.05)):
        mine = meters.customer == customer
        assert volumes[mine].sum() == pytest.approx(meters.mean_m3_day[mine].sum(), rel=slack)
    homes = meters.customer == Customer.HOME
    assert np.corrcoef(volumes[homes], meters.mean_m3_day[homes])[0, 1] > 0.95


def test_days_in_any_cut(demand: DemandModel, meters: Meters) -> None:
    """Days drawn alone are the bits of the same days drawn with others."""
    whole = daily_m3(meters, demand, 10, demand.daily(10, 8))
    assert (daily_m3(meters, demand, 14, demand.daily(14, 4)) == whole[:, 4:]).all()


def test_a_home_varies_as_homes_do(demand: DemandModel, meters: Meters) -> None:
    """A home's days vary by 40 to 55 % when it is in, and it is away 4 to 7 % of the year."""
    homes = meters.customer == Customer.HOME
    volumes = daily_m3(meters, demand, 0, demand.daily(0, 365))[homes]
    inside = np.where(volumes > 0.0, volumes, np.nan)
    assert 0.40 < np.median(np.nanstd(inside, axis=1) / np.nanmean(inside, axis=1)) < 0.55
    assert 0.04 < np.mean(volumes == 0.0) < 0.07


def test_hours_sum_to_days_and_nights_are_dry(demand: DemandModel, meters: Meters) -> None:
    """A meter's hours sum to its day; a home draws nothing in nine night hours of ten."""
    rows = np.flatnonzero(meters.customer != Customer.SECOND)
    days = daily_m3(meters, demand, 30, demand.daily(30, 40))[rows]
    hours = hourly_l(meters, rows, demand, 30, days)
    assert hours.reshape(len(rows), 40, 24).sum(axis=2) == pytest.approx(1000.0 * days, rel=1e-9)
    at_night = demand.timetable.at_night[24 * 30 : 24 * 70]
    homes = meters.customer[rows] == Customer.HOME
    assert 0.8 < np.mean(hours[homes][:, at_night] == 0.0) < 0.95
    assert np.mean(hours[meters.customer[rows] == Customer.FARM] == 0.0) < 0.2


def test_an_index_is_the_sum_of_what_was_registered_in_pulses(meters: Meters) -> None:
    """The dial rises by registered volume, floored to the pulse, and never falls."""
    use = np.full((len(meters), 50), 0.3337)
    sound = replace(meters, stops_day=np.full(len(meters), np.inf))
    for pulse_l in (1.0, 100.0):
        dial = index_m3(sound.start_m3, registered_m3(sound, use), pulse_l)
        whole = sound.start_m3[:, None] + np.cumsum(use * (1.0 + sound.error[:, None]), axis=1)
        assert (np.diff(dial, axis=1) >= 0.0).all()
        assert (dial <= whole + 1e-6).all()
        assert (whole - dial < pulse_l / 1000.0 + 1e-6).all()


def test_a_stopped_meter_stands_still(meters: Meters) -> None:
    """From the day it stops a meter registers nothing; of that day it has the part before."""
    stopped = replace(meters, stops_day=np.full(len(meters), 3.25))
    done = registered_m3(stopped, np.ones((len(meters), 6)))
    assert done[:, 4:].sum() == 0.0
    assert done[:, 3] == pytest.approx(0.25 * done[:, 2])


def test_a_leak_below_the_starting_flow_is_not_registered(meters: Meters) -> None:
    """No mechanical meter registers a leak of half a litre an hour; 200 L/h reach every dial."""
    assert registered_leak_l_h(meters, 0.5)[meters.kind != MeterKind.STATIC].max() == 0.0
    assert registered_leak_l_h(meters, 200.0) == pytest.approx(200.0, rel=0.04)


def test_another_zone_or_node_moves_no_meter(demand: DemandModel, meters: Meters) -> None:
    """Taking a node's farm away leaves every other meter's name and dice."""
    farm = np.where((np.arange(N) % 7 == 0) & (np.arange(N) > 0), 4.0, 0.0)
    work = np.where(np.arange(N) == 3, 15.0, 0.0)
    where = zone(np.full(N, 9.0), 6.0, farm, work)
    table: Timetable = demand.timetable
    other = DemandModel(where, table, DemandFigures(), Streams(1, 0))
    fewer = meters_of(where, other, MeterFigures(), Streams(1, 0))
    ages = dict(zip(meters.ids, meters.age_years.tolist(), strict=True))
    assert len(fewer) == len(meters) - 1
    assert all(
        ages[name] == age for name, age in zip(fewer.ids, fewer.age_years.tolist(), strict=True)
    )


def test_modules_live_about_fifteen_years(meters: Meters) -> None:
    """Radio modules last 14 years at the median, early failures included."""
    assert 12.5 < np.median(meters.module_fails_day) / 365.25 < 15.5


@pytest.mark.parametrize(
    "figures", [{"jet_share": 0.9}, {"pit_share": -0.1}, {"pulse_l": 0.0}, {"module_years": np.nan}]
)
def test_impossible_meters_are_refused(figures: dict[str, float]) -> None:
    """Shares that sum above 1, no pulse and NaN are refused."""
    with pytest.raises(InputError):
        MeterFigures(**figures)


def test_impossible_leaks_are_refused() -> None:
    """A leak without flow is refused."""
    with pytest.raises(InputError):
        LeakFigures(pipe_l_h=0.0)
