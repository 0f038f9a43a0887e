"""Pressure loggers: what nobody hears changes nothing, and what is heard shortens a search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial

import numpy as np
import pytest
from small_water import SmallYear, dead, ideal, losing, small_year

from models.water.batched.signatures import leak_signatures
from models.water.bill import Amounts, Prices, logger_eur, yearly_bill
from models.water.districts import DistrictPlan, plan_districts
from models.water.left import YearLeft, left_of
from models.water.logger_fleet import loggers_fleet
from models.water.logger_watch import LoggerWatch
from models.water.loggers import LoggedDistrict, LoggerPlan, place_loggers
from models.water.policies.desk import PRESSURE, PRESSURE_LOGGERS
from models.water.settings import LoggersSection, Section, ServiceSection
from models.water.way import Way
from models.water.year import WaterYear, live_year
from twin.ports import Link
from twin.signals import DeliveredBatch
from twin.streams import Streams

METERS = 8
TWO = LoggersSection(per_district=2, least_km=0.0)
EXACT = TWO.model_copy(update={"noise_m": 0.0, "resolution_m": 1e-3})
BOUGHT = {"loggers", "meter_repairs"}
"""What tells of loggers, not of water."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallYear:
    """Return the small territory."""
    return small_year(tmp_path_factory.mktemp("loggers"))


@pytest.fixture(scope="module")
def plan(small: SmallYear) -> DistrictPlan:
    """Return eight meters' districts."""
    return plan_districts(
        small.stage, METERS, small.belief.night_use.mean(), small.belief.condition
    )


@pytest.fixture(scope="module")
def loggers(small: SmallYear, plan: DistrictPlan) -> LoggerPlan:
    """Return two loggers in each of them."""
    return place_loggers(small.stage, plan, TWO, small.belief.condition)


def _live(
    small: SmallYear,
    section: LoggersSection,
    link: Callable[[Streams], Link] = ideal,
    loggers_link: Callable[[Streams], Link] | None = None,
    replication: int = 0,
    leaky: float | None = None,
    service: ServiceSection | None = None,
    **figures: float,
) -> WaterYear:
    districts = small.settings.districts.model_copy(update={"meters": METERS})
    changes: dict[str, Section] = {"districts": districts, "loggers": section}
    changes |= {} if service is None else {"service": service}
    settings = small.settings.model_copy(update=changes)
    dice = small.dice(replication)
    if leaky is not None:
        figures |= {"loss_share": leaky, "break_factor": 100.0}
    dice = replace(dice, figures=replace(dice.figures, **figures))
    return live_year(
        small.stage,
        settings,
        dice,
        small.belief,
        small.scenario.study.start,
        lambda: link(dice.streams),
        make_loggers_link=None if loggers_link is None else partial(loggers_link, dice.streams),
    )


def _alike(one: YearLeft, other: YearLeft, but: frozenset[str] | set[str] = frozenset()) -> None:
    for each in fields(YearLeft):
        if each.name not in but:
            np.testing.assert_array_equal(
                getattr(one, each.name), getattr(other, each.name), err_msg=each.name
            )


def test_no_district_long_enough_is_no_loggers(small: SmallYear) -> None:
    """Loggers wanted where no district is long enough change no bit."""
    none = TWO.model_copy(update={"least_km": 1e6})
    bare, without = _live(small, LoggersSection()), _live(small, none)
    assert without.loggers == 0
    _alike(left_of(bare), left_of(without))


def test_loggers_that_nobody_hears_are_none(small: SmallYear) -> None:
    """Over a dead link, water, alarms, searches and repairs are the meters' alone, bit for bit."""
    bare = left_of(_live(small, LoggersSection(), losing(0.2), leaky=0.7))
    deaf = left_of(_live(small, TWO, losing(0.2), dead, leaky=0.7))
    assert deaf.loggers > 0
    _alike(bare, deaf, BOUGHT)


def test_a_link_of_their_own_is_the_meters_link(small: SmallYear) -> None:
    """The same link, shared or made twice, carries the same: names, not fleets, throw the dice."""
    shared = left_of(_live(small, TWO, losing(0.3)))
    _alike(shared, left_of(_live(small, TWO, losing(0.3), losing(0.3))))


def test_loggers_shorten_the_way_to_a_leak(small: SmallYear) -> None:
    """In leaky worlds whose leaks are all heard, fewer kilometres are walked for each found."""
    walked = {0: 0.0, 2: 0.0}
    found = {0: 0, 2: 0}
    longer = ServiceSection(days=84, settling_days=28)
    for replication in range(3):
        for section in (LoggersSection(), EXACT):
            year = _live(
                small,
                section,
                replication=replication,
                leaky=0.85,
                service=longer,
                hear_share=1.0,
                survey_years=50.0,
            )
            left = left_of(year)
            walked[section.per_district] += left.searched_km
            found[section.per_district] += left.repairs - left.urgent
    assert walked[2] / found[2] < 0.9 * walked[0] / found[0], (walked, found)


def test_loggers_stand_in_their_districts(plan: DistrictPlan, loggers: LoggerPlan) -> None:
    """Two nodes of each metered district, numbered one after the other, its km all in parts."""
    assert loggers.count == 2 * (len(plan.districts) - len(plan.zones))
    assert [each.first for each in loggers.districts] == list(range(0, loggers.count, 2))
    assert (np.diff(loggers.zone) >= 0).all()
    for each, district in zip(loggers.districts, plan.districts[len(plan.zones) :], strict=True):
        assert each.id == district.id
        assert each.km.sum() == pytest.approx(district.km)
        assert set(each.places.tolist()) <= set(each.nodes.tolist())
        assert len(set(each.places.tolist())) == 2


def test_more_loggers_are_added_to_those_before(
    small: SmallYear, plan: DistrictPlan, loggers: LoggerPlan
) -> None:
    """The first two of three loggers stand where two do."""
    three = place_loggers(
        small.stage, plan, LoggersSection(per_district=3, least_km=0.0), small.belief.condition
    )
    for more, fewer in zip(three.districts, loggers.districts, strict=True):
        np.testing.assert_array_equal(more.places[:2], fewer.places)


def test_a_signature_is_what_the_leak_does(small: SmallYear, loggers: LoggerPlan) -> None:
    """Heads lost to a leak of 3 m3/h, between kept sizes, are the solver's within 5 %."""
    from models.water.loggers import _believed

    one = loggers.districts[0]
    each = small.stage.zones[one.zone]
    state = _believed(each, small.belief.condition)
    found = leak_signatures(
        each.gravity.zone.network, one.nodes, leak_m3h=3.0, state=state, solver=each.solver
    )
    truth = -found.dh_m[one.places].T
    flow = 3600.0 * found.leak_m3s
    told = np.array([one.signature_m(q)[part] for part, q in enumerate(flow.tolist())])
    assert truth.max() > 1.0
    np.testing.assert_allclose(told, truth, rtol=0.05, atol=0.01)


@pytest.mark.parametrize("size_m3h", [0.7, 2.2])
def test_a_leak_the_model_foresees_is_met_early(loggers: LoggerPlan, size_m3h: float) -> None:
    """Where pressures fall as the model says, the leak is on average in the first fifth."""
    shares = []
    for one in loggers.districts:
        for part in range(0, len(one.km), 7):
            watch = LoggerWatch(loggers)
            fall = one.signature_m(size_m3h)[part]
            for day in range(24):
                pressure = np.full((24, loggers.count), 40.0)
                if day >= 20:
                    pressure[:, one.first : one.first + 2] -= fall
                watch.read(_frames(loggers, day, pressure))
                watch.close_day(day, day * 86_400.0, (day + 1) * 86_400.0)
            ranked = watch.rank(one.id, 20, 1.1 * size_m3h)
            assert ranked is not None
            assert sum(ranked[1]) == pytest.approx(1.0)
            assert sorted(ranked[0]) == list(range(len(one.km)))
            node = int(one.nodes[part])
            shares.append(Way(one, ranked[0], 1e6).share(-1, node, 0.5))
    assert np.mean(shares) < 0.2, np.mean(shares)


def _frames(loggers: LoggerPlan, day: int, pressure_m: np.ndarray) -> DeliveredBatch:
    hour, logger = np.nonzero(np.ones_like(pressure_m))
    sampled_s = day * 86_400.0 + hour * 3600.0
    return DeliveredBatch(
        PRESSURE,
        logger.astype(np.int32),
        pressure_m[hour, logger],
        sampled_s,
        sampled_s,
        np.ones(len(hour), np.int16),
        PRESSURE_LOGGERS,
        [],
    )


def test_nobody_ranks_what_is_not_known(loggers: LoggerPlan) -> None:
    """Elsewhere, before a single reading, or without an excess, there is no order."""
    watch = LoggerWatch(loggers)
    assert watch.rank("elsewhere", 0, 1.0) is None
    assert watch.rank(loggers.districts[0].id, 0, 1.0) is None
    assert watch.rank(loggers.districts[0].id, 0, 0.0) is None


def test_a_leak_is_met_where_its_part_comes() -> None:
    """Parts of 1, 3 and 2 km walked as 2, 0, 1: a leak half-way along part 1 is met at 4.5 of 6.

    A pipe's leak is in the part of its far end, else of its node; one without is met anywhere.
    """
    one = LoggedDistrict(
        id="d",
        zone=0,
        nodes=np.array([4, 5, 6]),
        km=np.array([1.0, 3.0, 2.0]),
        places=np.array([4]),
        first=0,
        heads_m=np.zeros((7, 3, 1)),
        flow_m3h=np.ones((7, 3)),
        far=np.array([6, 4, 99], dtype=np.int32),
    )
    way = Way(one, (2, 0, 1), 9.0)
    assert way.km == 6.0
    assert way.share(-1, 5, 0.5) == pytest.approx(4.5 / 6.0)
    assert way.share(0, 5, 0.5) == pytest.approx(1.0 / 6.0)
    assert way.share(1, 5, 0.0) == pytest.approx(2.0 / 6.0)
    assert way.share(2, 6, 0.0) == 0.0
    assert way.share(-1, 99, 0.3) == 0.3
    shorter = Way(one, (2, 0, 1), 3.0)
    assert shorter.km == 3.0
    assert shorter.share(-1, 5, 0.5) == pytest.approx(1.5)


def test_a_reading_is_the_pressure_of_its_hour(small: SmallYear) -> None:
    """Without noise, in steps of a millimetre; with noise, off by its deviation and in its steps.

    The noise of a reading does not depend on what else is read.
    """
    year = _live(small, EXACT)
    districts = small.settings.districts.model_copy(update={"meters": METERS})
    settings = small.settings.model_copy(update={"districts": districts, "loggers": EXACT})
    noisy = settings.model_copy(update={"loggers": TWO.model_copy(update={"noise_m": 0.5})})
    mains, streams = year.mains, small.dice().streams
    exact = loggers_fleet(small.stage, mains, settings, streams).sample
    read = loggers_fleet(small.stage, mains, noisy, streams).sample
    assert exact is not None
    assert read is not None
    times = np.arange(40 * 24) * 3600.0 + 120.0
    zeros = np.zeros(len(times), dtype=np.int32)
    nodes = small.stage.zones[mains.loggers.zone[0]].gravity.zone.network.nodes
    truth = mains.logger_m[0, : len(times)] - nodes.elevation_m[mains.loggers.node[0]]
    np.testing.assert_allclose(exact(zeros, times), truth, atol=0.51e-3)
    off = read(zeros, times) - truth
    assert abs(off.mean()) < 0.06
    assert off.std() == pytest.approx(0.5, rel=0.1)
    np.testing.assert_allclose(np.round(read(zeros, times) / 0.1) * 0.1, read(zeros, times))
    np.testing.assert_array_equal(read(zeros[:3], times[5:8]), read(zeros, times)[5:8])


def test_a_logger_costs_its_share_of_a_life_and_a_year() -> None:
    """Twelve years at no interest: 1,200 EUR are 100 a year, with 20 for each year; ten, 1,200."""
    prices = Prices(**{each.name: 0.0 for each in fields(Prices)} | {"hourly_life_share": 1.0})
    prices = replace(prices, logger_eur=1200.0, meter_life_years=12.0, meter_year_eur=20.0)
    assert logger_eur(prices, 0.0) == pytest.approx(120.0)
    none = Amounts(**dict.fromkeys((each.name for each in fields(Amounts)), 0.0))
    bill = yearly_bill(prices, 0.0, "manual", replace(none, loggers=10.0))
    assert bill.total_eur == bill.districts_eur == pytest.approx(1200.0)
